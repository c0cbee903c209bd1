"""``python -m bot actions``: an action server by itself, for servers that share several."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from bot.server.serve import CannotServe, check_port_free, check_writable, upgrade_database
from bot.settings import SettingsError, settings


def main(arguments: Sequence[str]) -> int:
    """Serve until Ctrl-C or SIGTERM."""
    parser = argparse.ArgumentParser(
        prog="python -m bot actions",
        description="Start an action server at BOT_ACTIONS_HOST and BOT_ACTIONS_PORT. It has no "
        "authentication: keep it in a private network. Servers find it by BOT_ACTIONS_URL. "
        "Settings come from the environment: docs/configuration.md",
    )
    parser.parse_args(arguments)
    try:
        chosen = settings()
        check_writable(chosen.data_dir)
        check_port_free(chosen.actions_host, chosen.actions_port, "BOT_ACTIONS_PORT")
        _ = chosen.data_keys, chosen.session_secret, chosen.portal_secret
        upgrade_database(chosen)
    except (CannotServe, SettingsError) as error:
        for line in str(error).splitlines():
            print(f"bot: {line}", file=sys.stderr, flush=True)
        return 1
    from bot.server.action_process import main as serve_actions

    return serve_actions(held_by_parent=False)

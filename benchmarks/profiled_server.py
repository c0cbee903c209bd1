"""The server of this product with a clock in each of its parts.

``python -m benchmarks.profiled_server MODEL OUT`` serves as always; at its end it writes to OUT,
as JSON, the processor seconds of each part without the parts inside it, its calls, and the
processor seconds and turns of the whole.
"""

from __future__ import annotations

import functools
import json
import signal
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import bot.engine  # noqa: F401 - before Rasa, parts of which it leaves out
from bot.server.processes import hold_on, listening
from bot.server.quiet import quieten
from bot.server.rasa_server import loaded, serve
from bot.server.serve import upgrade_database
from bot.settings import settings

_SPENT: dict[str, list[float]] = defaultdict(lambda: [0, 0.0])
_THREAD = threading.local()


def clocked(owner: Any, name: str, part: str) -> None:
    """Count the processor time of a function of the thread it runs in as that of ``part``."""
    function: Callable[..., Any] = getattr(owner, name)

    @functools.wraps(function)
    def counting(*arguments: Any, **named: Any) -> Any:
        inside = getattr(_THREAD, "inside", None)
        if inside is None:
            inside = _THREAD.inside = []
        inside.append(0.0)
        began = time.thread_time()
        try:
            return function(*arguments, **named)
        finally:
            whole = time.thread_time() - began
            spent = _SPENT[part]
            spent[0] += 1
            spent[1] += whole - inside.pop()
            if inside:
                inside[-1] += whole

    setattr(owner, name, counting)


def clock_everything() -> None:
    """Put a clock into every part that is told apart."""
    from sqlalchemy.engine import base

    import actions.turn
    from bot.channels import message_calls, turn_watch, turns
    from bot.channels.conversations import Conversations
    from bot.engine import departures
    from bot.engine.departures import DraftProcessor
    from bot.storage.database import Transaction
    from bot.storage.drafts import DraftStore
    from bot.storage.messages import MessageLog
    from bot.storage.vault import Vault

    for owner, name, part in (
        (Vault, "seal", "encrypting what is stored"),
        (Vault, "open", "decrypting what was stored"),
        (Transaction, "execute", "SQL statements"),
        (base.Engine, "connect", "SQL transactions"),
        (base.Connection, "_begin_impl", "SQL transactions"),
        (base.Connection, "_commit_impl", "SQL transactions"),
        (base.Connection, "close", "SQL transactions"),
        (DraftStore, "load", "reading the draft"),
        (DraftStore, "sealed", "writing the draft and its evidence"),
        (DraftStore, "store", "writing the draft and its evidence"),
        (MessageLog, "sealed_turn", "writing the message log"),
        (MessageLog, "append_turn", "writing the message log"),
        (MessageLog, "answered", "looking for a repeated message"),
        (departures, "tracker_of", "Rasa's tracker from the draft"),
        (DraftProcessor, "_parse_message_with_graph", "understanding the message"),
        (DraftProcessor, "_predict_next_with_tracker", "choosing the action"),
        (actions.turn.TurnAction, "_run", "the action: dialogue, readers, rules, prices"),
        (Conversations, "state", "state for the widget"),
        (turn_watch.TurnWatch, "_note", "figures and log line"),
        (message_calls, "json_answer", "JSON of the answer"),
        (turns.Turns, "_looked_up", "around the turn"),
        (turns.Turns, "_stored", "around the turn"),
    ):
        clocked(owner, name, part)


def main(model: str, out: str) -> int:
    """Serve until a signal comes, then write what was counted."""
    clock_everything()
    began = [0.0]

    def note() -> None:
        whole = time.process_time() - began[0]
        content = {"parts": dict(_SPENT), "whole": whole}
        Path(out).write_text(json.dumps(content), encoding="utf-8")

    def start_over() -> None:
        _SPENT.clear()
        began[0] = time.process_time()

    _on_signals(start_over, note)
    hold_on()
    quieten()
    upgrade_database(settings())
    app = loaded(Path(model), settings())
    serve(app, settings(), listening(settings().host, settings().port), 1, lambda: None)
    return 0


def _on_signals(start_over: Callable[[], None], note: Callable[[], None]) -> None:
    # Whoever measures says by signals where what counts begins and ends.
    signal.signal(signal.SIGUSR1, lambda *_: start_over())
    signal.signal(signal.SIGUSR2, lambda *_: note())


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

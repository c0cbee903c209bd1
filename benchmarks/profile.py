"""``python -m benchmarks.profile``: where the processor time of a turn goes, by cause."""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from benchmarks.load import Plan
from benchmarks.people import TURNS_PER_ROUND
from benchmarks.processes import answers, busy, free_port, machine
from benchmarks.subjects import UNLIMITED
from bot.server.models import ensure_model
from bot.server.quiet import LIBRARY_ENVIRONMENT
from bot.settings import PROJECT

BEGIN = "<!-- figures -->"
END = "<!-- end of figures -->"
START_SECONDS = 120.0
REST = "Rasa's own steps, HTTP, event loop and threads"


def main(arguments: Sequence[str]) -> int:
    """Measure, and put the table in its place in the document."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.profile", description=__doc__)
    parser.add_argument("--document", type=Path, default=PROJECT / "docs" / "profile.md")
    parser.add_argument("--conversations", type=int, default=12)
    given = parser.parse_args(arguments)
    load = busy()
    lines = [
        f"Machine: {machine()}. Load average before: {load:.1f} (0 is a quiet machine). "
        f"{given.conversations} conversations of {TURNS_PER_ROUND} turns, one after the other.",
        "",
        *table(_measured(given.conversations), given.conversations * TURNS_PER_ROUND),
    ]
    text = given.document.read_text(encoding="utf-8") if given.document.exists() else ""
    before, _, rest = text.partition(BEGIN)
    after = rest.partition(END)[2]
    body = "\n".join(lines)
    given.document.write_text(f"{before}{BEGIN}\n{body}\n{END}{after}", encoding="utf-8")
    print(body)
    return 0


def table(measured: dict[str, Any], turns: int) -> list[str]:
    """Milliseconds of processor time a turn by cause, the largest first."""
    parts = {name: spent[1] for name, spent in measured["parts"].items()}
    parts[REST] = measured["whole"] - sum(parts.values())
    whole = measured["whole"]
    lines = ["| cause | ms a turn | share | times a turn |", "|---|--:|--:|--:|"]
    for name, seconds in sorted(parts.items(), key=lambda part: -part[1]):
        calls = measured["parts"].get(name, [0])[0] / turns
        times = f"{calls:.1f}" if calls else ""
        lines.append(f"| {name} | {seconds * 1000 / turns:.2f} | {seconds / whole:.0%} | {times} |")
    lines.append(f"| **all** | **{whole * 1000 / turns:.2f}** | | |")
    return lines


def _measured(conversations: int) -> dict[str, Any]:
    folder = Path(tempfile.mkdtemp(prefix="profile-"))
    port = free_port()
    environment = {
        **os.environ,
        **LIBRARY_ENVIRONMENT,
        **UNLIMITED,
        "BOT_DATA_DIR": str(folder),
        "BOT_PORT": str(port),
    }
    model = ensure_model(PROJECT / "var" / "models", print)
    out = folder / "profile.json"
    command = [sys.executable, "-m", "benchmarks.profiled_server", str(model), str(out)]
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(
            command, cwd=PROJECT, env=environment, stdin=subprocess.PIPE, stdout=log, stderr=log
        )
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_until(lambda: answers(f"{address}/") or server.poll() is not None)
        _converse(address, 2)
        server.send_signal(signal.SIGUSR1)
        answers(f"{address}/")
        _converse(address, conversations)
        server.send_signal(signal.SIGUSR2)
        # The server takes a signal as soon as it has something to do.
        _wait_until(lambda: answers(f"{address}/") and out.exists())
        found: dict[str, Any] = json.loads(out.read_text(encoding="utf-8"))
        return found
    finally:
        server.terminate()
        server.wait()
        shutil.rmtree(folder)


def _converse(address: str, conversations: int) -> None:
    plan = Plan("product", address, conversations=conversations)
    command = [sys.executable, "-m", "benchmarks.load", json.dumps(asdict(plan))]
    subprocess.run(command, cwd=PROJECT, stdout=subprocess.DEVNULL, check=True)


def _wait_until(condition: Any) -> None:
    give_up = time.monotonic() + START_SECONDS
    while not condition():
        if time.monotonic() > give_up:
            raise RuntimeError("the server does not answer")
        time.sleep(0.1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

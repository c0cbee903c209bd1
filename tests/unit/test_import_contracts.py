"""The import contracts hold, and what must start fast starts without the server's libraries."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

from bot.settings import PROJECT

SERVER_LIBRARIES = ("tensorflow", "rasa", "rasa_sdk", "sanic", "sklearn")


def test_every_import_contract_is_kept() -> None:
    run = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=PROJECT,
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stdout


@pytest.mark.parametrize(
    ("arguments", "answer"),
    [
        (["--help"], "usage: python -m bot"),
        (["quote", "--help"], "--product"),
        (["understand", "--help"], "usage"),
        (["serve", "--help"], "usage"),
    ],
)
def test_a_command_imports_only_what_it_needs(arguments: list[str], answer: str) -> None:
    code = (
        "import sys\n"
        "from bot.__main__ import main\n"
        "try:\n"
        f"    main({arguments!r})\n"
        "except SystemExit:\n"
        "    pass\n"
        f"loaded = [name for name in {SERVER_LIBRARIES!r} if name in sys.modules]\n"
        "print('loaded:', *loaded)"
    )
    run = subprocess.run(
        [sys.executable, "-c", code],
        cwd=PROJECT,
        env={**os.environ, "PYTHONPATH": str(PROJECT)},
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stderr
    assert answer in run.stdout
    assert run.stdout.splitlines()[-1] == "loaded:"


# What Rasa's documentation offers to whoever extends it, and how a server and a training begin.
DOORS = {
    "bot/channels": {"rasa.core.channels.channel"},
    "bot/server": {
        "rasa.core.run",
        "rasa.model_training",
        "rasa.utils.log_utils",
        "rasa_sdk.executor",
        "rasa_sdk.interfaces",
    },
    "actions": {"rasa_sdk", "rasa_sdk.events", "rasa_sdk.executor"},
    "bot/engine": None,
}


def test_only_the_engine_knows_rasas_insides() -> None:
    opened = []
    for file in sorted([*(PROJECT / "bot").rglob("*.py"), *(PROJECT / "actions").rglob("*.py")]):
        place = file.relative_to(PROJECT).as_posix()
        room = next((each for each in DOORS if place.startswith(f"{each}/")), "")
        doors = DOORS.get(room, set())
        tree = ast.parse(file.read_text(encoding="utf-8"))
        used = {
            name
            for node in ast.walk(tree)
            if isinstance(node, (ast.Import, ast.ImportFrom))
            for name in ([node.module] if isinstance(node, ast.ImportFrom) else _names(node))
            if name and name.split(".")[0] in ("rasa", "rasa_sdk")
        }
        if doors is not None and not used <= doors:
            opened.append(f"{place}: {sorted(used - doors)}")
    assert opened == []


def _names(node: ast.Import) -> list[str]:
    return [each.name for each in node.names]


def test_the_engine_stays_small() -> None:
    lines = [len(file.read_text().splitlines()) for file in (PROJECT / "bot/engine").glob("*.py")]
    assert sum(lines) <= 900


def test_an_unknown_command_is_one_line_and_exit_code_2() -> None:
    run = subprocess.run(
        [sys.executable, "-m", "bot", "quotes"], cwd=PROJECT, capture_output=True, text=True
    )
    assert run.returncode == 2
    assert len(run.stderr.splitlines()) == 1
    assert "'quotes'" in run.stderr

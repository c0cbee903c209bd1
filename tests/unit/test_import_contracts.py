"""The import contracts hold, and what must start fast starts without the server's libraries."""

from __future__ import annotations

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


def test_an_unknown_command_is_one_line_and_exit_code_2() -> None:
    run = subprocess.run(
        [sys.executable, "-m", "bot", "quotes"], cwd=PROJECT, capture_output=True, text=True
    )
    assert run.returncode == 2
    assert len(run.stderr.splitlines()) == 1
    assert "'quotes'" in run.stderr

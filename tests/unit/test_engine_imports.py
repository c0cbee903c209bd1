"""Rasa starts without what is not installed of it: TensorFlow and the stock channels' libraries."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import rasa

from bot.engine.left_out import LEFT_OUT
from bot.server.models import ModelInputs, ensure_model
from bot.server.quiet import LIBRARY_ENVIRONMENT
from bot.settings import PROJECT

TINY_BOT = PROJECT / "tests" / "unit" / "data" / "tiny_bot"
TINY = ModelInputs(TINY_BOT / "config.yml", TINY_BOT / "domain.yml", TINY_BOT / "data")


def printed(program: str) -> str:
    """The last line that a Python program of its own prints."""
    run = subprocess.run(
        [sys.executable, "-c", program],
        cwd=PROJECT,
        env={**os.environ, **LIBRARY_ENVIRONMENT},
        capture_output=True,
        text=True,
        check=True,
    )
    return run.stdout.splitlines()[-1]


def test_a_model_is_trained_and_loaded_without_tensorflow(tmp_path: Path) -> None:
    model = ensure_model(PROJECT / "var" / "models" / "tests", print, TINY)
    program = f"""
import os, sys
os.environ["BOT_DATA_DIR"] = {str(tmp_path)!r}
from pathlib import Path
from bot.engine.agent import load_agent
from bot.settings import settings
agent = load_agent(Path({str(model)!r}), settings())
print(agent.is_ready(), "tensorflow" in sys.modules)
"""
    assert printed(program) == "True False"


def test_what_is_left_out_exists() -> None:
    # Looked up as files: what is left out in this process is found as what stands for it.
    packages = Path(rasa.__file__).parent.parent
    for module, name in LEFT_OUT.items():
        if not module.startswith("rasa."):
            continue
        source = packages.joinpath(*module.split(".")).with_suffix(".py")
        assert (f"class {name}(" if name else "") in source.read_text(encoding="utf-8")


def test_the_server_has_its_own_channels_and_none_of_the_services_libraries() -> None:
    program = """
import sys
import bot.engine
from bot.server.rasa_server import CREDENTIALS_FILE
from rasa.core.run import create_http_input_channels
names = [each.name() for each in create_http_input_channels(None, str(CREDENTIALS_FILE))]
print(names, sorted({"slack_sdk", "aiogram", "socketio", "questionary"} & set(sys.modules)))
"""
    assert printed(program) == "['widget', 'messenger', 'whatsapp'] []"

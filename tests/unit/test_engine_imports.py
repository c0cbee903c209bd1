"""TensorFlow and stock channels are imported when a bot has them, and not otherwise."""

from __future__ import annotations

import importlib
import io
import json
import os
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest
import rasa
import yaml

from bot.engine.deferred_imports import defer
from bot.engine.left_out import (
    STOCK_CHANNELS,
    TENSORFLOW_COMPONENTS,
    leave_out_channels_for,
    leave_out_for,
    leave_out_for_training,
)
from bot.server.models import ModelInputs, ensure_model
from bot.server.quiet import LIBRARY_ENVIRONMENT
from bot.settings import PROJECT

TINY_BOT = PROJECT / "tests" / "unit" / "data" / "tiny_bot"
TINY = ModelInputs(TINY_BOT / "config.yml", TINY_BOT / "domain.yml", TINY_BOT / "data")
OWN = yaml.safe_load((PROJECT / "config.yml").read_text(encoding="utf-8"))


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


def test_a_server_does_without_tensorflow(tmp_path: Path) -> None:
    model = ensure_model(PROJECT / "var" / "models" / "tests", print, TINY)
    program = f"""
import os, sys
os.environ["BOT_DATA_DIR"] = {str(tmp_path)!r}
from pathlib import Path
from bot.engine.agent import load_agent
from bot.server.rasa_process import rasa_app
from bot.settings import settings
rasa_app(load_agent(Path({str(model)!r}), settings()), settings())
print("tensorflow" in sys.modules)
"""
    assert printed(program) == "False"


def test_what_was_deferred_is_there_for_whoever_uses_it() -> None:
    program = """
import sys
import bot.engine
from rasa.utils import train_utils
before = "tensorflow" in sys.modules
print(before, train_utils.RasaTrainingLogger.__name__, "tensorflow" in sys.modules)
"""
    assert printed(program) == "False RasaTrainingLogger True"


@pytest.mark.parametrize("own", [True, False])
def test_training_imports_tensorflow_if_a_component_of_rasas_is_used(own: bool) -> None:
    config = OWN if own else {**OWN, "policies": [{"name": "TEDPolicy"}]}
    program = f"""
import sys
from bot.engine.left_out import leave_out_for_training
leave_out_for_training({config!r})
from rasa.engine.recipes.default_components import DEFAULT_COMPONENTS
from rasa.graph_components.validators import default_recipe_validator
import rasa.model_training
diet = default_recipe_validator.DIETClassifier
print("tensorflow" in sys.modules, diet in DEFAULT_COMPONENTS, hasattr(diet, "train"))
"""
    assert printed(program) == ("False True False" if own else "True True True")


@pytest.mark.parametrize(
    "changed",
    [
        {"pipeline": [*OWN["pipeline"], {"name": "DIETClassifier"}]},
        {"policies": [*OWN["policies"], {"name": "rasa.core.policies.ted_policy.TEDPolicy"}]},
        {"pipeline": None},
        {"policies": []},
    ],
)
def test_nothing_is_left_out_for_other_components(changed: dict[str, object]) -> None:
    assert not leave_out_for_training({**OWN, **changed})


def test_nothing_is_left_out_for_a_model_that_answers_with_tensorflow(tmp_path: Path) -> None:
    uses = "rasa.nlu.classifiers.diet_classifier.DIETClassifier"
    metadata = json.dumps({"predict_schema": {"nodes": {"run_diet": {"uses": uses}}}}).encode()
    with tarfile.open(tmp_path / "model.tar.gz", "w:gz") as archive:
        member = tarfile.TarInfo("./metadata.json")
        member.size = len(metadata)
        archive.addfile(member, io.BytesIO(metadata))
    assert not leave_out_for(tmp_path / "model.tar.gz")


def test_what_may_be_left_out_exists() -> None:
    # Looked up as files: what is left out in this process is found as what stands for it.
    packages = Path(rasa.__file__).parent.parent
    for module, name in (TENSORFLOW_COMPONENTS | STOCK_CHANNELS).items():
        source = packages.joinpath(*module.split(".")).with_suffix(".py")
        assert f"class {name}(" in source.read_text(encoding="utf-8")


def test_the_server_does_without_rasas_channels_and_still_has_its_own() -> None:
    program = """
import sys
import yaml
from bot.engine.left_out import leave_out_channels_for
from bot.server.rasa_process import CREDENTIALS_FILE
leave_out_channels_for(yaml.safe_load(CREDENTIALS_FILE.read_text()))
from rasa.core.run import create_http_input_channels
names = [each.name() for each in create_http_input_channels(None, str(CREDENTIALS_FILE))]
print(names, sorted({"slack_sdk", "aiogram", "socketio", "questionary"} & set(sys.modules)))
"""
    assert printed(program) == "['widget', 'messenger', 'whatsapp'] []"


@pytest.mark.parametrize("named", ["slack", "rest", "rasa.core.channels.slack.SlackInput"])
def test_no_channel_is_left_out_if_one_of_rasas_is_named(named: str) -> None:
    assert not leave_out_channels_for(["bot.channels.widget.WidgetInput", named])


def test_a_deferred_module_runs_once_and_late(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "deferred_example.py").write_text("RUNS = [1]\nRUNS.append(len(RUNS))\n")
    monkeypatch.syspath_prepend(tmp_path)
    defer("deferred_example")
    first = importlib.import_module("deferred_example")
    assert importlib.import_module("deferred_example") is first
    assert not hasattr(first, "__unknown__")
    assert "RUNS" not in vars(first)
    assert first.RUNS == [1, 1]
    assert first.RUNS == [1, 1]
    with pytest.raises(AttributeError):
        _ = first.missing
    del sys.modules["deferred_example"]

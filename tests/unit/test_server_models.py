"""Models are known by what they were trained from, and a damaged one is noticed."""

from __future__ import annotations

import io
import shutil
import tarfile
from pathlib import Path

import pytest

from bot.server import models
from bot.server.models import ModelInputs, TrainingFailed, ensure_model, is_intact
from bot.settings import PROJECT

TINY = PROJECT / "tests" / "unit" / "data" / "tiny_bot"


@pytest.fixture
def inputs(tmp_path: Path) -> ModelInputs:
    folder = tmp_path / "bot"
    shutil.copytree(TINY, folder)
    return ModelInputs(folder / "config.yml", folder / "domain.yml", folder / "data")


@pytest.fixture
def trained(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Stands in for the training, which the engine's tests do for real."""
    made: list[Path] = []

    def train(_inputs: ModelInputs, model: Path) -> None:
        with tarfile.open(model, "w:gz") as archive:
            content = b"{}" * 1000
            member = tarfile.TarInfo("./metadata.json")
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
        made.append(model)

    monkeypatch.setattr(models, "train", train)
    return made


def test_a_model_is_trained_once_for_the_same_inputs(
    inputs: ModelInputs, trained: list[Path], tmp_path: Path
) -> None:
    said: list[str] = []
    first = ensure_model(tmp_path / "models", said.append, inputs)
    assert ensure_model(tmp_path / "models", said.append, inputs) == first
    assert trained == [first]
    assert len(said) == 1


@pytest.mark.parametrize("part", ["config.yml", "domain.yml", "data/nlu.yml", "data/new.yml"])
def test_every_input_changes_the_fingerprint(
    inputs: ModelInputs, tmp_path: Path, part: str
) -> None:
    before = inputs.fingerprint()
    with (tmp_path / "bot" / part).open("a") as file:
        file.write("\n# changed\n")
    assert inputs.fingerprint() != before


def test_the_code_of_the_components_and_the_libraries_belong_to_the_inputs(
    inputs: ModelInputs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = inputs.fingerprint()
    monkeypatch.setattr(models, "version", lambda name: "9.9")
    changed_library = inputs.fingerprint()
    monkeypatch.undo()
    engine = tmp_path / "engine"
    shutil.copytree(PROJECT / "bot" / "engine", engine)
    understanding = PROJECT / "bot" / "understanding"
    monkeypatch.setattr(models, "_CODE", [engine, understanding])
    assert inputs.fingerprint() == before
    (engine / "intent_classifier.py").write_text("")
    assert len({before, changed_library, inputs.fingerprint()}) == 3


def test_the_fingerprint_does_not_depend_on_the_folder(tmp_path: Path) -> None:
    found = set()
    for name in ("a", "b"):
        shutil.copytree(TINY, tmp_path / name)
        part = tmp_path / name
        found.add(
            ModelInputs(part / "config.yml", part / "domain.yml", part / "data").fingerprint()
        )
    assert len(found) == 1


@pytest.mark.parametrize("kept_bytes", [0, 20, -20])
def test_a_damaged_model_is_announced_and_trained_anew(
    inputs: ModelInputs, trained: list[Path], tmp_path: Path, kept_bytes: int
) -> None:
    said: list[str] = []
    model = ensure_model(tmp_path / "models", said.append, inputs)
    assert is_intact(model)
    model.write_bytes(model.read_bytes()[:kept_bytes])
    assert not is_intact(model)
    ensure_model(tmp_path / "models", said.append, inputs)
    assert is_intact(model)
    assert said[1] == f"The model {model.name} is damaged; it is trained anew."


def test_old_models_are_forgotten(inputs: ModelInputs, trained: list[Path], tmp_path: Path) -> None:
    for number in range(6):
        inputs.domain.write_text(f"version: '3.1'\nintents: [i{number}]\n")
        newest = ensure_model(tmp_path / "models", print, inputs)
    kept = list((tmp_path / "models").glob("*.tar.gz"))
    assert len(kept) == models.KEPT_MODELS
    assert newest in kept


def test_a_training_that_fails_says_why_in_one_line(inputs: ModelInputs, tmp_path: Path) -> None:
    inputs.domain.write_text("version: '3.1'\nslots: [")
    with pytest.raises(TrainingFailed) as failed:
        ensure_model(tmp_path / "models", print, inputs)
    assert "\n" not in str(failed.value)
    assert "Traceback" not in str(failed.value)
    assert list((tmp_path / "models").glob("*.tar.gz")) == []

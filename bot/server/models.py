"""The trained model: known by a fingerprint of everything it was trained from."""

from __future__ import annotations

import fcntl
import hashlib
import os
import platform
import subprocess
import sys
import tarfile
import tempfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from bot.server.quiet import LIBRARY_ENVIRONMENT
from bot.settings import PROJECT

KEPT_MODELS = 3
_FINGERPRINTED_PACKAGES = ("rasa", "scikit-learn", "numpy", "scipy", "joblib")
_CODE = [Path(__file__).resolve().parent.parent / name for name in ("engine", "understanding")]

Announce = Callable[[str], None]


class TrainingFailed(RuntimeError):
    """No model could be trained; the message is the trainer's last line."""


@dataclass(frozen=True)
class ModelInputs:
    """What a model is trained from: files, or folders with everything in them."""

    config: Path = PROJECT / "config.yml"
    domain: Path = PROJECT / "domain.yml"
    data: Path = PROJECT / "data"

    def fingerprint(self) -> str:
        """A name for the model that changes with its inputs, its code and its libraries."""
        digest = hashlib.sha256()
        for name in (*map(_package, _FINGERPRINTED_PACKAGES), platform.python_version()):
            digest.update(f"{name}\n".encode())
        for part in (self.config, self.domain, self.data, *_CODE):
            for file in _files(part):
                digest.update(f"{file.relative_to(part.parent)}\n".encode())
                digest.update(hashlib.sha256(file.read_bytes()).digest())
        return digest.hexdigest()[:16]


def _package(name: str) -> str:
    return f"{name} {version(name)}"


def _files(part: Path) -> list[Path]:
    if part.is_file():
        return [part]
    found = (file for file in part.rglob("*") if file.is_file())
    return sorted(file for file in found if file.suffix in {".py", ".yml", ".yaml"})


def ensure_model(folder: Path, announce: Announce, inputs: ModelInputs | None = None) -> Path:
    """The model for the present inputs, trained if there is none or it is damaged.

    Raises:
        TrainingFailed: it could not be trained.
    """
    inputs = inputs or ModelInputs()
    model = folder / f"{inputs.fingerprint()}.tar.gz"
    # Also where nothing can be written, as in an image that brings its model along.
    if model.exists() and is_intact(model):
        return model
    folder.mkdir(parents=True, exist_ok=True)
    with _one_at_a_time(folder):
        if model.exists():
            if is_intact(model):
                return model
            announce(f"The model {model.name} is damaged; it is trained anew.")
        announce("Training the model: up to a minute …")
        train(inputs, model)
        _forget_old_models(folder)
    return model


def is_intact(model: Path) -> bool:
    """Whether the archive can be read to its end."""
    try:
        with tarfile.open(model, "r:gz") as archive:
            members = archive.getmembers()
            for member in members:
                file = archive.extractfile(member) if member.isfile() else None
                while file is not None and file.read(1 << 20):
                    pass
    except (OSError, EOFError, tarfile.TarError, zlib.error):
        return False
    return any(member.name.endswith("metadata.json") for member in members)


def train(inputs: ModelInputs, model: Path) -> None:
    """Train in a process of its own, so that this one stays small; replaces ``model`` at the end.

    Raises:
        TrainingFailed: the trainer gave no model.
    """
    with tempfile.TemporaryDirectory(dir=model.parent, prefix=".training-") as scratch:
        made = Path(scratch) / model.name
        parts = [str(part) for part in (inputs.config, inputs.domain, inputs.data, made)]
        run = subprocess.run(
            [sys.executable, "-m", "bot.server.training", *parts],
            cwd=PROJECT,
            env={**os.environ, **LIBRARY_ENVIRONMENT},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        if run.returncode != 0 or not made.exists():
            last_lines = [line for line in run.stdout.splitlines() if line.strip()][-1:]
            raise TrainingFailed(*last_lines or [f"exit code {run.returncode}"])
        made.replace(model)


@contextmanager
def _one_at_a_time(folder: Path) -> Iterator[None]:
    with (folder / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _forget_old_models(folder: Path) -> None:
    newest_first = sorted(
        folder.glob("*.tar.gz"), key=lambda model: model.stat().st_mtime, reverse=True
    )
    for model in newest_first[KEPT_MODELS:]:
        model.unlink()


def main() -> int:
    """Train into the data folder if the inputs changed."""
    from bot.settings import settings

    try:
        print(ensure_model(settings().models_folder, print))
    except TrainingFailed as error:
        print(f"bot: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""The project can be installed as a package with everything it reads from files."""

from __future__ import annotations

import tomllib
from fnmatch import fnmatch
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.server.models import ModelInputs
from bot.settings import NAME, PROJECT

PYPROJECT: dict[str, Any] = tomllib.loads((PROJECT / "pyproject.toml").read_text("utf-8"))
SETUPTOOLS = PYPROJECT["tool"]["setuptools"]
LOCKS = [
    "requirements.lock",
    "requirements-rasa.lock",
    "requirements-dev.lock",
    "requirements-tools.lock",
    "requirements-audit.lock",
]


def test_every_file_beside_the_code_is_taken_along() -> None:
    patterns = SETUPTOOLS["package-data"]["*"]
    left = [
        path
        for package in ("bot", "actions")
        for path in (PROJECT / package).rglob("*")
        if path.is_file()
        and "__pycache__" not in path.parts
        and path.suffix != ".py"
        and not any(fnmatch(path.name, pattern) for pattern in patterns)
    ]
    assert left == []


def test_what_rasa_reads_is_put_where_it_is_looked_for() -> None:
    taken = {
        Path(folder).relative_to(f"share/{NAME}") / path.name: path
        for folder, patterns in SETUPTOOLS["data-files"].items()
        for pattern in patterns
        for path in PROJECT.glob(pattern)
    }
    assert all(PROJECT / place == path for place, path in taken.items())
    inputs = ModelInputs()
    needed = {inputs.config, inputs.domain, PROJECT / "credentials.yml", PROJECT / "endpoints.yml"}
    needed |= {path for path in inputs.data.rglob("*") if path.is_file()}
    assert needed == set(taken.values())


def test_the_command_is_the_one_of_the_module(capsys: pytest.CaptureFixture[str]) -> None:
    module, _, function = PYPROJECT["project"]["scripts"][NAME].partition(":")
    assert PYPROJECT["project"]["name"] == NAME
    assert getattr(import_module(module), function)(["--help"]) == 0
    assert "usage:" in capsys.readouterr().out


def test_the_python_version_is_the_same_everywhere() -> None:
    version = (PROJECT / ".python-version").read_text().strip()
    assert PYPROJECT["project"]["requires-python"].startswith(f">={version},")
    assert PYPROJECT["tool"]["mypy"]["python_version"] == version
    assert PYPROJECT["tool"]["ruff"]["target-version"] == f"py{version.replace('.', '')}"
    assert f"--python-version {version} " in (PROJECT / "Makefile").read_text(encoding="utf-8")
    assert f"python{version}" in (PROJECT / "deploy" / "Dockerfile").read_text(encoding="utf-8")


def test_nothing_of_tensorflow_is_installed() -> None:
    locked = "".join((PROJECT / name).read_text() for name in LOCKS)
    names = {line.partition("==")[0] for line in locked.splitlines() if "==" in line}
    assert {"rasa", "rasa-sdk", "sanic"} <= names
    assert names.isdisjoint({"tensorflow", "keras", "jax", "jaxlib", "h5py", "grpcio"})
    assert "://" not in locked


def test_what_runs_before_a_commit_is_what_the_makefile_runs() -> None:
    hooks = yaml.safe_load((PROJECT / ".pre-commit-config.yaml").read_text())["repos"][0]["hooks"]
    makefile = (PROJECT / "Makefile").read_text().replace("$(PYTHON)", ".venv/bin/python")
    for hook in hooks:
        assert hook["entry"].replace(" --force-exclude", "") in makefile

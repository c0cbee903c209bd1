"""What `make audit` makes of what is known about the locked packages."""

from __future__ import annotations

import importlib.util
import json
import subprocess
from datetime import date
from types import ModuleType

import pytest

from bot.settings import PROJECT


@pytest.fixture(scope="module")
def audit() -> ModuleType:
    spec = importlib.util.spec_from_file_location("audit", PROJECT / "scripts" / "audit.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


WEAK = {
    "name": "sanic",
    "version": "21.12.2",
    "vulns": [{"id": "PYSEC-1", "aliases": ["CVE-1"], "fix_versions": ["22.6"]}],
}


def test_what_nobody_accepted_is_named(audit: ModuleType) -> None:
    line = "sanic 21.12.2: CVE-1, PYSEC-1; repaired in 22.6"
    assert audit.compared([WEAK], []) == ([line], [])


def test_what_is_accepted_is_not_and_what_is_gone_is_told(audit: ModuleType) -> None:
    accepted = [{"id": "CVE-1", "package": "sanic"}, {"id": "CVE-2", "package": "sanic"}]
    assert audit.compared([WEAK], accepted) == ([], ["CVE-2"])
    elsewhere = [{"id": "CVE-1", "package": "rasa"}]
    assert len(audit.compared([WEAK], elsewhere)[0]) == 1


def test_a_service_that_cannot_be_reached_is_one_line(
    audit: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    away = subprocess.CompletedProcess(
        [], 1, stdout="", stderr="Traceback\nConnectionError: away\n"
    )
    monkeypatch.setattr(audit.subprocess, "run", lambda *_, **__: away)
    assert audit.main(["requirements.lock"]) == 2
    said = capsys.readouterr().err.splitlines()
    assert said == [
        "audit: the service that knows weaknesses cannot be asked: ConnectionError: away"
    ]


def test_a_package_that_was_not_looked_at_is_no_good_news(
    audit: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    skipped = {"name": "sanic", "skip_reason": "sanic not found", "vulns": []}
    answer = json.dumps({"dependencies": [skipped, {**WEAK, "vulns": []}]})
    done = subprocess.CompletedProcess([], 0, stdout=answer, stderr="")
    monkeypatch.setattr(audit.subprocess, "run", lambda *_, **__: done)
    assert audit.main(["requirements.lock"]) == 2
    assert "knows nothing of 1 of 2 packages" in capsys.readouterr().err


def test_each_acceptance_says_why_and_since_when(audit: ModuleType) -> None:
    for each in json.loads(audit.ACCEPTED.read_text(encoding="utf-8")):
        assert each.keys() == {"id", "package", "date", "reason"}
        assert date.fromisoformat(each["date"])
        assert len(each["reason"]) > 20

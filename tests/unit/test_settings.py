"""Settings: read from the environment, refused in one line, documented completely."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from bot.settings import (
    PROJECT,
    Settings,
    SettingsError,
    environment_name,
    environment_names,
    settings,
    unknown_names,
)

KEY = Fernet.generate_key().decode()
OLD_KEY = Fernet.generate_key().decode()
PRODUCTION = {
    "BOT_PRODUCTION": "true",
    "BOT_DATA_KEYS": f"{KEY}, {OLD_KEY}",
    "BOT_SESSION_SECRET": "s" * 32,
    "BOT_PORTAL_SECRET": "p" * 32,
}


@pytest.fixture(autouse=True)
def _only_these_variables(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    for name in [name for name in os.environ if name.startswith("BOT_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("BOT_DATA_DIR", str(tmp_path / "data"))
    settings.cache_clear()
    yield
    settings.cache_clear()


def read(monkeypatch: pytest.MonkeyPatch, **variables: str) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    settings.cache_clear()
    settings()


def test_defaults_are_those_of_a_development_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("BOT_DATA_DIR")
    chosen = settings()
    assert (chosen.host, chosen.port, chosen.actions_host) == ("127.0.0.1", 5005, "127.0.0.1")
    assert chosen.data_dir == PROJECT / "var"
    assert chosen.address == "http://localhost:5005"
    assert chosen.action_server_url == "http://127.0.0.1:5055/webhook"
    assert chosen.database_address == f"sqlite:///{PROJECT}/var/bot.sqlite3"
    assert not chosen.production


def test_lists_are_comma_separated(monkeypatch: pytest.MonkeyPatch) -> None:
    read(monkeypatch, BOT_ALLOWED_ORIGINS="https://a.example, https://b.example,")
    assert settings().allowed_origins == ("https://a.example", "https://b.example")


def test_settings_are_read_once_per_process(monkeypatch: pytest.MonkeyPatch) -> None:
    first = settings()
    monkeypatch.setenv("BOT_PORT", "6000")
    assert settings() is first


def test_an_action_server_elsewhere_is_not_started_here(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not settings().action_server_is_ours
    read(monkeypatch, BOT_ACTIONS="server")
    assert settings().action_server_is_ours
    read(monkeypatch, BOT_ACTIONS_URL="http://actions:5055/webhook")
    assert not settings().action_server_is_ours
    assert settings().action_server_url == "http://actions:5055/webhook"


def test_an_action_server_elsewhere_is_not_ignored(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SettingsError, match="BOT_ACTIONS_URL needs BOT_ACTIONS=server"):
        read(monkeypatch, BOT_ACTIONS_URL="http://actions:5055/webhook")


@pytest.mark.parametrize(
    ("name", "value", "problem"),
    [
        ("BOT_PORT", "0", "greater than or equal to 1"),
        ("BOT_PORT", "http", "not a valid integer"),
        ("BOT_ACTIONS", "elsewhere", "unexpected value"),
        ("BOT_DATA_KEYS", "not-a-key", "not a Fernet key"),
        ("BOT_SESSION_SECRET", "short", "shorter than 32"),
        ("BOT_NOW", "tomorrow", "not an ISO time"),
        ("BOT_LOG_LEVEL", "LOUD", "unexpected value"),
        ("BOT_UPLOAD_MAX_BYTES", "-1", "greater than or equal to 1"),
        ("BOT_DESTINATIONS", "folder,fax", "unexpected value"),
        ("BOT_DESTINATIONS", "folder,folder", "one twice"),
        ("BOT_WEBHOOK_URL", "http://insurer.example/in", "not an HTTPS address"),
        ("BOT_WEBHOOK_SECRET", "short", "shorter than 32"),
        ("BOT_ALLOWED_ORIGINS", "https://a.example/", "no origin"),
        ("BOT_ALLOWED_ORIGINS", "https://a.example,*", "no origin"),
        ("BOT_ALLOWED_ORIGINS", "portal.example", "no origin"),
        ("BOT_PROXIES", "-1", "greater than or equal to 0"),
        ("BOT_CONVERSATION_TURNS", "3", "greater than or equal to 50"),
        ("BOT_TURNS_AT_ONCE", "0", "greater than or equal to 1"),
    ],
)
def test_an_unusable_value_is_one_line_that_names_it(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, problem: str
) -> None:
    with pytest.raises(SettingsError) as refused:
        read(monkeypatch, **{name: value})
    assert str(refused.value).startswith(f"{name}: ")
    assert problem in str(refused.value)
    assert "\n" not in str(refused.value)


def test_production_needs_secrets_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    read(monkeypatch, **PRODUCTION)
    assert settings().data_keys == (KEY, OLD_KEY)
    assert settings().session_secret == "s" * 32
    assert not (settings().data_dir).exists()


@pytest.mark.parametrize(
    ("destination", "missing"),
    [("webhook", "BOT_WEBHOOK_URL"), ("rabbitmq", "BOT_RABBITMQ_URL")],
)
def test_a_destination_needs_its_address(
    monkeypatch: pytest.MonkeyPatch, destination: str, missing: str
) -> None:
    with pytest.raises(SettingsError, match=f"^{missing} must be set for the destination"):
        read(monkeypatch, BOT_DESTINATIONS=f"folder,{destination}")


@pytest.mark.parametrize("missing", ["BOT_DATA_KEYS", "BOT_SESSION_SECRET", "BOT_PORTAL_SECRET"])
def test_production_refuses_generated_secrets(
    monkeypatch: pytest.MonkeyPatch, missing: str
) -> None:
    with pytest.raises(SettingsError, match=f"^{missing} must be set in production$"):
        read(monkeypatch, **{**PRODUCTION, missing: ""})


def test_each_missing_secret_is_a_line_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SettingsError) as refused:
        read(monkeypatch, BOT_PRODUCTION="true", BOT_DESTINATIONS="webhook", BOT_EVENTS_QUEUE="e")
    assert refused.value.lines == [
        "BOT_WEBHOOK_URL must be set for the destination webhook",
        "BOT_WEBHOOK_SECRET must be set for the destination webhook",
        "BOT_RABBITMQ_URL must be set for BOT_EVENTS_QUEUE",
        "BOT_DATA_KEYS must be set in production",
        "BOT_SESSION_SECRET must be set in production",
        "BOT_PORTAL_SECRET must be set in production",
    ]


def test_every_unusable_value_is_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SettingsError) as refused:
        read(monkeypatch, BOT_PORT="0", BOT_REDIS_URL="http://redis", BOT_OTLP_URL="collector")
    assert [line.partition(":")[0] for line in refused.value.lines] == [
        "BOT_PORT",
        "BOT_OTLP_URL",
        "BOT_REDIS_URL",
    ]


def test_production_refuses_secrets_of_a_development_machine(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    generated = (settings().data_keys[0], settings().session_secret)
    with pytest.raises(SettingsError) as refused:
        read(
            monkeypatch,
            **{
                **PRODUCTION,
                "BOT_DATA_KEYS": f"{KEY},{generated[0]}",
                "BOT_SESSION_SECRET": generated[1],
            },
        )
    assert refused.value.lines == [
        "BOT_DATA_KEYS: is a development secret (secrets.json)",
        "BOT_SESSION_SECRET: is a development secret (secrets.json)",
    ]


def test_production_refuses_one_secret_for_two_purposes(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SettingsError, match="must differ in production"):
        read(monkeypatch, **{**PRODUCTION, "BOT_PORTAL_SECRET": "s" * 32})


def test_models_lie_in_the_data_folder_or_elsewhere(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert settings().models_folder == settings().data_dir / "models"
    read(monkeypatch, BOT_MODELS_DIR=str(tmp_path / "shared"))
    assert settings().models_folder == tmp_path / "shared"


def test_production_refuses_a_frozen_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SettingsError, match="BOT_NOW is not allowed in production"):
        read(monkeypatch, **PRODUCTION, BOT_NOW="2026-11-20T10:00")


def test_development_secrets_are_generated_once_and_for_the_owner_only() -> None:
    first = (settings().data_keys, settings().session_secret, settings().portal_secret)
    settings.cache_clear()
    assert (settings().data_keys, settings().session_secret, settings().portal_secret) == first
    assert len({first[0][0], *first[1:]}) == 3
    file = settings().data_dir / "secrets.json"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [path.name for path in settings().data_dir.iterdir()] == ["secrets.json"]


def test_damaged_development_secrets_are_not_replaced() -> None:
    # New keys would make everything stored unreadable.
    settings().data_dir.mkdir()
    (settings().data_dir / "secrets.json").write_text("{")
    with pytest.raises(SettingsError, match="is damaged"):
        _ = settings().data_keys


def test_secrets_do_not_show_when_settings_are_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    read(monkeypatch, **PRODUCTION, BOT_DATABASE_URL="postgresql://bot:hidden@db/bot")
    shown = repr(settings())
    assert "hidden" not in shown
    assert KEY not in shown
    assert "ssss" not in shown


def test_misspelled_variables_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOT_PROT", "5005")
    assert unknown_names() == ["BOT_PROT"]


def test_every_setting_is_used() -> None:
    code = "".join(
        file.read_text(encoding="utf-8") for file in sorted((PROJECT / "bot").rglob("*.py"))
    )
    for name in Settings.__fields__:
        # BOT_NOW is read by the clock itself, wherever it is asked.
        used = "BOT_NOW" if name == "now" else f".{name}"
        assert used in code, name


def test_the_documentation_lists_exactly_the_settings() -> None:
    text = (PROJECT / "docs" / "configuration.md").read_text(encoding="utf-8")
    documented = re.findall(r"^\| `(BOT_[A-Z_]+)` \|", text, flags=re.MULTILINE)
    assert documented == list(environment_names())


def test_the_documentation_states_the_defaults() -> None:
    text = (PROJECT / "docs" / "configuration.md").read_text(encoding="utf-8")
    documented = dict(re.findall(r"^\| `(BOT_[A-Z_]+)` \| `([^`]*)` \|", text, flags=re.MULTILINE))
    simple = {
        environment_name(name): field.default
        for name, field in Settings.__fields__.items()
        if isinstance(field.default, bool | int | float | str)
    }
    assert simple
    for name, default in simple.items():
        assert documented[name] == _as_documented(default), name


def _as_documented(default: object) -> str:
    if isinstance(default, bool):
        return str(default).lower()
    return f"{default:g}" if isinstance(default, float) else str(default)

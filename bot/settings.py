"""Every setting, read from the environment with the prefix ``BOT_``; documented in docs/."""

from __future__ import annotations

import contextlib
import ipaddress
import json
import os
import secrets as random_secrets
import tempfile
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, Optional
from urllib.parse import urlsplit

from cryptography.fernet import Fernet
from pydantic import BaseSettings, Field, ValidationError, root_validator, validator
from pydantic.fields import ModelField

from bot.clock import ClockSettingError, now

PROJECT = Path(__file__).resolve().parent.parent
PREFIX = "BOT_"
SECRETS_FILE = "secrets.json"
MINIMUM_SECRET_LENGTH = 32


class SettingsError(ValueError):
    """A setting is missing, cannot be read or is not allowed; the message is one line."""


class Settings(BaseSettings):
    """What can be set from outside. Anything not set has the default of a development machine."""

    host: str = Field(default="127.0.0.1", description="address the Rasa server listens on")
    port: int = Field(default=5005, ge=1, le=65535, description="port of the Rasa server")
    data_dir: Path = Field(
        default=PROJECT / "var",
        description="databases, documents, hand-offs, models, generated secrets",
    )
    production: bool = Field(
        default=False,
        description="refuse generated secrets and a frozen clock; links are HTTPS only",
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        default="INFO", description="least level that is logged; no level logs what people write"
    )
    now: Optional[str] = Field(
        default=None,
        description="ISO time that freezes the clock, with a trailing `+` it moves on from there",
    )

    actions: Literal["server", "inline"] = Field(
        default="server",
        description="run custom actions in an action server or inside the Rasa server",
    )
    actions_host: str = Field(
        default="127.0.0.1", description="address the action server listens on"
    )
    actions_port: int = Field(default=5055, ge=1, le=65535, description="port of the action server")
    actions_url: Optional[str] = Field(
        default=None, description="an action server that runs elsewhere; then none is started"
    )
    actions_timeout: float = Field(
        default=20.0, gt=0, le=50, description="seconds after which an action server counts as down"
    )

    database_url: Optional[str] = Field(
        default=None, description="SQLAlchemy address of the applications' database", repr=False
    )
    tracker_url: Optional[str] = Field(
        default=None, description="SQLAlchemy address of Rasa's conversation state", repr=False
    )

    given_data_keys: tuple[str, ...] = Field(
        default=(),
        env="BOT_DATA_KEYS",
        repr=False,
        description="Fernet keys, comma separated; the first encrypts, all decrypt",
    )
    given_session_secret: Optional[str] = Field(
        default=None,
        env="BOT_SESSION_SECRET",
        repr=False,
        description="signs the sessions of the widget, 32 characters or more",
    )
    given_portal_secret: Optional[str] = Field(
        default=None,
        env="BOT_PORTAL_SECRET",
        repr=False,
        description="shared with the embedding portal to sign its tokens, 32 characters or more",
    )
    session_hours: int = Field(
        default=24 * 14, ge=1, description="hours after which a session of the widget expires"
    )
    resume_days: int = Field(
        default=30, ge=0, description="days for which an expired session can still be resumed"
    )
    messages_per_second: float = Field(
        default=3.0, gt=0, description="messages a second that one session may send on"
    )
    sessions_per_second: float = Field(
        default=5.0, gt=0, description="new conversations a second from one address"
    )
    message_burst: int = Field(
        default=6, ge=1, description="messages that one session may send at once"
    )
    allowed_origins: tuple[str, ...] = Field(
        default=(), description="origins whose pages may embed the widget, comma separated"
    )
    upload_max_bytes: int = Field(
        default=10 * 1024 * 1024, ge=1, description="largest document that can be uploaded"
    )

    upload_max_pages: int = Field(
        default=300, ge=1, description="most pages of a PDF that can be uploaded"
    )
    clamd: Optional[str] = Field(
        default=None, description="clamd that scans uploads, `host:port` or path of its socket"
    )

    destinations: tuple[Literal["folder", "webhook", "rabbitmq"], ...] = Field(
        default=("folder",), description="where submitted applications go, comma separated"
    )
    webhook_url: Optional[str] = Field(
        default=None, description="HTTPS address of the destination `webhook`"
    )
    webhook_secret: Optional[str] = Field(
        default=None,
        repr=False,
        description="shared with the receiver, signs what goes to it, 32 characters or more",
    )
    rabbitmq_url: Optional[str] = Field(
        default=None, repr=False, description="AMQP address of the destination `rabbitmq`"
    )
    rabbitmq_queue: str = Field(
        default="applications", min_length=1, description="durable queue for applications"
    )
    retention_draft_days: int = Field(
        default=90, ge=1, description="days after its last change that a draft is kept"
    )
    retention_cancelled_days: int = Field(
        default=7, ge=1, description="days that a cancelled conversation is kept"
    )
    retention_submitted_years: int = Field(
        default=6, ge=0, description="calendar years that a submitted application is kept"
    )

    meta_graph_version: str = Field(
        default="v25.0", regex=r"^v\d{1,3}\.\d$", description="version of Meta's Graph API"
    )
    meta_app_secret: Optional[str] = Field(
        default=None, repr=False, description="the Meta app's secret, which signs its webhooks"
    )
    meta_verify_token: Optional[str] = Field(
        default=None, repr=False, description="what Meta states when it verifies the webhooks"
    )
    meta_public_url: Optional[str] = Field(
        default=None,
        regex=r"^https://[^/?#\s]+/?$",
        description="HTTPS address under which people reach this server, for links in messengers",
    )
    meta_messenger_token: Optional[str] = Field(
        default=None, repr=False, description="page access token for Messenger"
    )
    meta_messenger_page: Optional[str] = Field(
        default=None, regex=r"^\d{1,32}$", description="identifier of the Facebook page"
    )
    meta_whatsapp_token: Optional[str] = Field(
        default=None, repr=False, description="access token for WhatsApp's Cloud API"
    )
    meta_whatsapp_phone: Optional[str] = Field(
        default=None,
        regex=r"^\d{1,32}$",
        description="identifier of the WhatsApp business phone number",
    )
    meta_whatsapp_number: Optional[str] = Field(
        default=None,
        regex=r"^\d{6,15}$",
        description="that phone number, digits only with the country code",
    )
    meta_reminder_hours: int = Field(
        default=20,
        ge=0,
        le=23,
        description="hours after which an unfinished application is recalled, 0 for never",
    )

    class Config:
        env_prefix = PREFIX
        case_sensitive = False
        allow_mutation = False

        @classmethod
        def parse_env_var(cls, field_name: str, raw_val: str) -> Any:  # noqa: ARG003
            """Lists are comma separated."""
            return tuple(part.strip() for part in raw_val.split(",") if part.strip())

    @validator(
        "now",
        "actions_url",
        "database_url",
        "tracker_url",
        "given_session_secret",
        "given_portal_secret",
        "clamd",
        "webhook_url",
        "webhook_secret",
        "rabbitmq_url",
        pre=True,
    )
    def _empty_is_unset(cls, value: Any) -> Any:
        return None if isinstance(value, str) and not value.strip() else value

    @validator("data_dir", pre=True)
    def _absolute(cls, value: Any, field: ModelField) -> Path:
        return Path(value or field.default).expanduser().resolve()

    @validator("now")
    def _readable_time(cls, value: Optional[str]) -> Optional[str]:
        if value is not None and value == os.environ.get("BOT_NOW"):
            try:
                now()
            except ClockSettingError:
                raise ValueError("is not an ISO time such as 2026-11-20T18:00") from None
        return value

    @validator("destinations")
    def _each_once(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if not value or len(set(value)) != len(value):
            raise ValueError("names no destination, or one twice")
        return value

    @validator("webhook_url")
    def _private_on_its_way(cls, value: Optional[str]) -> Optional[str]:
        parts = urlsplit(value or "")
        loopback = parts.hostname in ("127.0.0.1", "localhost", "::1")
        if value is not None and parts.scheme != "https" and not loopback:
            raise ValueError("is not an HTTPS address")
        return value

    @validator("given_data_keys", each_item=True)
    def _fernet_key(cls, value: str) -> str:
        try:
            Fernet(value)
        except ValueError:
            raise ValueError("holds something that is not a Fernet key") from None
        return value

    @validator("given_session_secret", "given_portal_secret", "webhook_secret")
    def _long_enough(cls, value: Optional[str]) -> Optional[str]:
        if value is not None and len(value) < MINIMUM_SECRET_LENGTH:
            raise ValueError(f"is shorter than {MINIMUM_SECRET_LENGTH} characters")
        return value

    @root_validator(skip_on_failure=True)
    def _destinations_complete(cls, values: dict[str, Any]) -> dict[str, Any]:
        needed = {"webhook": ("webhook_url", "webhook_secret"), "rabbitmq": ("rabbitmq_url",)}
        for destination in values["destinations"]:
            for name in needed.get(destination, ()):
                if not values[name]:
                    raise ValueError(
                        f"{environment_name(name)} must be set for the destination {destination}"
                    )
        return values

    @root_validator(skip_on_failure=True)
    def _fit_for_production(cls, values: dict[str, Any]) -> dict[str, Any]:
        if not values["production"]:
            return values
        if values["now"] is not None:
            raise ValueError("BOT_NOW is not allowed in production")
        for name in ("given_data_keys", "given_session_secret", "given_portal_secret"):
            if not values[name]:
                raise ValueError(f"{environment_name(name)} must be set in production")
        return values

    @property
    def data_keys(self) -> tuple[str, ...]:
        """Fernet keys for data at rest; the first encrypts."""
        return self.given_data_keys or (self._generated("data_key"),)

    @property
    def session_secret(self) -> str:
        """Signs the widget's sessions."""
        return self.given_session_secret or self._generated("session_secret")

    @property
    def portal_secret(self) -> str:
        """Verifies the tokens of the embedding portal."""
        return self.given_portal_secret or self._generated("portal_secret")

    def _generated(self, name: str) -> str:
        return development_secrets(self.data_dir)[name]

    @property
    def database_address(self) -> str:
        """SQLAlchemy address of the applications: by default a file in the data folder."""
        return self.database_url or f"sqlite:///{self.data_dir / 'bot.sqlite3'}"

    @property
    def tracker_address(self) -> str:
        """SQLAlchemy address of Rasa's state: by default a file in the data folder."""
        return self.tracker_url or f"sqlite:///{self.data_dir / 'tracker.sqlite3'}"

    @property
    def address(self) -> str:
        """Where a browser on this machine reaches the Rasa server."""
        return f"http://{browser_host(self.host)}:{self.port}"

    @property
    def action_server_url(self) -> str:
        """Where the Rasa server calls custom actions."""
        return self.actions_url or f"http://{self.actions_host}:{self.actions_port}/webhook"

    @property
    def action_server_is_ours(self) -> bool:
        """Whether `serve` starts an action server beside the Rasa server."""
        return self.actions == "server" and self.actions_url is None


def browser_host(host: str) -> str:
    """The name under which a browser on this machine reaches a server that listens on ``host``."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    return "localhost" if address.is_unspecified or address.is_loopback else host


def environment_name(field: str) -> str:
    """The environment variable that sets ``field``."""
    names: set[str] = Settings.__fields__[field].field_info.extra["env_names"]
    return min(names).upper()


def environment_names() -> tuple[str, ...]:
    """Every environment variable that is a setting."""
    return tuple(environment_name(field) for field in Settings.__fields__)


def unknown_names() -> list[str]:
    """Environment variables with the prefix that no setting reads: probably misspelled."""
    known = set(environment_names())
    return sorted(name for name in os.environ if name.startswith(PREFIX) and name not in known)


@lru_cache(maxsize=1)
def settings() -> Settings:
    """The settings of this process, read once; ``settings.cache_clear()`` reads them anew.

    Raises:
        SettingsError: one cannot be used.
    """
    try:
        return Settings()
    except ValidationError as error:
        raise SettingsError(_first_problem(error)) from None


def _first_problem(error: ValidationError) -> str:
    problem = error.errors()[0]
    field = str(problem["loc"][0])
    if field not in Settings.__fields__:
        return str(problem["msg"])
    return f"{environment_name(field)}: {problem['msg']}"


def development_secrets(data_dir: Path) -> dict[str, str]:
    """Secrets for a development machine, generated once into ``data_dir`` with mode 0600.

    Raises:
        SettingsError: the file cannot be written or read.
    """
    path = data_dir / SECRETS_FILE
    try:
        if not path.exists():
            data_dir.mkdir(parents=True, exist_ok=True)
            _write_once(path, _new_secrets())
        found: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SettingsError(f"{path}: {error.strerror}") from None
    except ValueError:
        raise SettingsError(
            f"{path} is damaged; restore it: it holds the keys of the data"
        ) from None
    return found


def _new_secrets() -> dict[str, str]:
    return {
        "data_key": Fernet.generate_key().decode(),
        "session_secret": random_secrets.token_urlsafe(MINIMUM_SECRET_LENGTH),
        "portal_secret": random_secrets.token_urlsafe(MINIMUM_SECRET_LENGTH),
    }


def _write_once(path: Path, content: dict[str, str]) -> None:
    # Two processes may start at once: linking a finished file lets exactly one of them win.
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(content, file, indent=2)
        with contextlib.suppress(FileExistsError):
            os.link(name, path)
    finally:
        Path(name).unlink()

"""Every setting, read from the environment with the prefix ``BOT_``; documented in docs/."""

from __future__ import annotations

import contextlib
import ipaddress
import json
import os
import re
import secrets as random_secrets
import sysconfig
import tempfile
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, Optional
from urllib.parse import urlsplit

from cryptography.fernet import Fernet
from pydantic import BaseSettings, Field, ValidationError, root_validator, validator
from pydantic.fields import ModelField

from bot.clock import ClockSettingError, now

NAME = "club-application"
_CHECKOUT = Path(__file__).resolve().parent.parent
_IS_CHECKOUT = (_CHECKOUT / "config.yml").is_file()
# Where Rasa's own files are (config.yml, domain.yml, data …). Installed as a package, the code and
# they are apart: pyproject.toml, tool.setuptools.data-files.
PROJECT = _CHECKOUT if _IS_CHECKOUT else Path(sysconfig.get_path("data")) / "share" / NAME
PREFIX = "BOT_"
DataFormat = Literal["aes-gcm", "fernet"]
SECRETS_FILE = "secrets.json"
MINIMUM_SECRET_LENGTH = 32


class SettingsError(ValueError):
    """Settings are missing, cannot be read or are not allowed: one line of text for each."""

    @property
    def lines(self) -> list[str]:
        """What is wrong, one line each."""
        return str(self).splitlines()


class Settings(BaseSettings):
    """What can be set from outside. Anything not set has the default of a development machine."""

    host: str = Field(default="127.0.0.1", description="address the Rasa server listens on")
    port: int = Field(default=5005, ge=1, le=65535, description="port of the Rasa server")
    data_dir: Path = Field(
        default=(PROJECT if _IS_CHECKOUT else Path.cwd()) / "var",
        description="databases, documents, hand-offs, models, generated secrets",
    )
    models_dir: Optional[Path] = Field(
        default=None, description="trained models; by default `models` in the data folder"
    )
    production: bool = Field(
        default=False,
        description="refuse generated secrets and a frozen clock; links are HTTPS only",
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        default="INFO", description="least level that is logged; no level logs what people write"
    )
    log_format: Literal["text", "json"] = Field(
        default="text", description="form of the log lines: for people or for machines"
    )
    otlp_url: Optional[str] = Field(
        default=None, description="OpenTelemetry collector (OTLP over HTTP) that gets the traces"
    )
    now: Optional[str] = Field(
        default=None,
        description="ISO time that freezes the clock, with a trailing `+` it moves on from there",
    )

    actions: Literal["server", "inline"] = Field(
        default="inline",
        description="run custom actions inside the Rasa server or in an action server",
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

    redis_url: Optional[str] = Field(
        default=None,
        description="Redis for rate limits that hold over several processes",
        repr=False,
    )

    given_data_keys: tuple[str, ...] = Field(
        default=(),
        env="BOT_DATA_KEYS",
        repr=False,
        description="Fernet keys, comma separated; the first encrypts, all decrypt",
    )
    data_format: DataFormat = Field(
        default="aes-gcm",
        description="how data at rest is encrypted; either is read, `fernet` is slower and larger",
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
    calls_per_second: float = Field(
        default=100.0, ge=0, description="calls a second from one address, 0 for any number"
    )
    proxies: int = Field(
        default=0,
        ge=0,
        le=10,
        description="reverse proxies in front that tell the caller's address",
    )
    turns_at_once: int = Field(
        default=200, ge=1, description="messages that one server answers or keeps waiting at a time"
    )
    processes: Optional[int] = Field(
        default=None,
        ge=1,
        le=64,
        description="server processes that share the port, by default one for each core",
    )
    conversation_turns: int = Field(
        default=1000, ge=50, description="messages that one conversation may have"
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
    events_queue: Optional[str] = Field(
        default=None,
        description="durable queue of the RabbitMQ above for the course of conversations",
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
        "redis_url",
        "otlp_url",
        "events_queue",
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

    @validator("models_dir", pre=True)
    def _absolute_if_set(cls, value: Any) -> Optional[Path]:
        return Path(value).expanduser().resolve() if value else None

    @validator("otlp_url")
    def _is_web_address(cls, value: Optional[str]) -> Optional[str]:
        if value is not None and urlsplit(value).scheme not in ("http", "https"):
            raise ValueError("is not an HTTP address")
        return value

    @validator("redis_url")
    def _is_redis_address(cls, value: Optional[str]) -> Optional[str]:
        if value is not None and urlsplit(value).scheme not in ("redis", "rediss", "unix"):
            raise ValueError("is not a Redis address such as redis://redis:6379/0")
        return value

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

    @validator("allowed_origins", each_item=True)
    def _is_origin(cls, value: str) -> str:
        # A browser sends no more than this, and compares nothing else.
        if not re.fullmatch(r"https?://[a-z0-9.-]+(:\d{1,5})?", value):
            raise ValueError(f"{value} is no origin such as https://portal.example")
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
    def _fit_together(cls, values: dict[str, Any]) -> dict[str, Any]:
        problems = _missing_for_destinations(values)
        if values["actions_url"] and values["actions"] != "server":
            problems.append("BOT_ACTIONS_URL needs BOT_ACTIONS=server")
        if values["production"]:
            problems += _unfit_for_production(values)
        if problems:
            raise ValueError("\n".join(problems))
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
    def server_processes(self) -> int:
        """How many server processes share the port."""
        return self.processes or len(os.sched_getaffinity(0))

    @property
    def models_folder(self) -> Path:
        """Where trained models are kept."""
        return self.models_dir or self.data_dir / "models"

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


def _missing_for_destinations(values: dict[str, Any]) -> list[str]:
    needed = {"webhook": ("webhook_url", "webhook_secret"), "rabbitmq": ("rabbitmq_url",)}
    problems = [
        f"{environment_name(name)} must be set for the destination {destination}"
        for destination in values["destinations"]
        for name in needed.get(destination, ())
        if not values[name]
    ]
    if values["events_queue"] and not values["rabbitmq_url"]:
        problems.append("BOT_RABBITMQ_URL must be set for BOT_EVENTS_QUEUE")
    return problems


def _unfit_for_production(values: dict[str, Any]) -> list[str]:
    names = ("given_data_keys", "given_session_secret", "given_portal_secret")
    problems = [
        f"{environment_name(name)} must be set in production" for name in names if not values[name]
    ]
    generated = _generated_before(values["data_dir"])
    for name in names:
        given = values[name] or ()
        if generated.intersection(given if isinstance(given, tuple) else (given,)):
            problems.append(f"{environment_name(name)}: is a development secret ({SECRETS_FILE})")
    session, portal = values["given_session_secret"], values["given_portal_secret"]
    if session and session == portal:
        problems.append("BOT_SESSION_SECRET and BOT_PORTAL_SECRET must differ in production")
    if values["now"] is not None:
        problems.append("BOT_NOW is not allowed in production")
    return problems


def _generated_before(data_dir: Path) -> set[str]:
    """Secrets that a development start left in the data folder."""
    path = data_dir / SECRETS_FILE
    return set(development_secrets(data_dir).values()) if path.exists() else set()


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
        raise SettingsError("\n".join(map(_described, error.errors()))) from None


def _described(problem: Any) -> str:
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

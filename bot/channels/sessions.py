"""Sessions of the widget and tokens of the embedding portal, both signed JWTs."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import timedelta
from functools import lru_cache
from typing import Any

import jwt

from bot.channels.errors import ChannelError
from bot.channels.typed_text import one_line
from bot.clock import now
from bot.texts import text

ALGORITHM = "HS256"
SESSION_AUDIENCE = "vereins-antrag-session"
PORTAL_AUDIENCE = "vereins-antrag"
BROKER_SCOPE = "applications"
TOKEN_MAX_LENGTH = 8 * 1024
PORTAL_TOKEN_MAX_AGE = timedelta(hours=24)
CLOCK_SKEW = timedelta(seconds=60)
DEMONSTRATION_LIFETIME = timedelta(minutes=10)
DEMONSTRATION_BROKER = "4711-0815"

BROKER_NUMBER_MAX_LENGTH = 50
BROKER_NAME_MAX_LENGTH = 120
PREFILL_MAX_FIELDS = 60
PREFILL_MAX_LENGTH = 500


def new_conversation_id() -> str:
    """An identifier that cannot be guessed."""
    return secrets.token_hex(16)


@dataclass(frozen=True)
class Session:
    """A conversation, and the broker in whose portal it was begun."""

    conversation_id: str
    broker: dict[str, str] | None = None


@dataclass(frozen=True)
class Sessions:
    """Issues and reads the tokens that are the only way to a conversation."""

    secret: str = field(repr=False)
    lifetime: timedelta
    resumable_for: timedelta

    def issue(self, session: Session) -> str:
        """A token for this session that is good for ``lifetime``."""
        issued = now()
        claims = {
            "aud": SESSION_AUDIENCE,
            "sub": session.conversation_id,
            "broker": session.broker,
            "iat": int(issued.timestamp()),
            "exp": int((issued + self.lifetime).timestamp()),
        }
        return jwt.encode(claims, self.secret, algorithm=ALGORITHM)

    def session(self, token: str) -> Session:
        """What this token was issued for.

        Raises:
            ChannelError: ``session_invalid`` or ``session_expired``.
        """
        claims = self._claims(token)
        if claims["exp"] <= now().timestamp():
            raise ChannelError("session_expired")
        return Session(str(claims["sub"]), claims.get("broker"))

    def resumable(self, token: str) -> Session:
        """What a former token was issued for, for a while after it has expired.

        Raises:
            ChannelError: ``session_invalid`` or ``session_too_old``.
        """
        claims = self._claims(token)
        if claims["exp"] + self.resumable_for.total_seconds() <= now().timestamp():
            raise ChannelError("session_too_old")
        return Session(str(claims["sub"]), claims.get("broker"))

    def _claims(self, token: str) -> dict[str, Any]:
        claims = verified(token, self.secret, required=("aud", "sub", "exp"))
        if claims is None or claims["aud"] != SESSION_AUDIENCE or not _is_number(claims["exp"]):
            raise ChannelError("session_invalid")
        return claims


@dataclass(frozen=True)
class Visit:
    """What the embedding portal says about its visitor.

    ``from_quote`` is the reference of a quote to begin an application with. ``for_broker``: the
    visitor is the broker, who may see what was begun through this portal.
    """

    broker: dict[str, str] | None = None
    prefill: dict[str, Any] = field(default_factory=dict)
    from_quote: str | None = None
    for_broker: bool = False


@dataclass(frozen=True)
class PortalTokens:
    """Reads what a portal signed with the shared secret."""

    secret: str = field(repr=False)

    def visit(self, token: str) -> Visit:
        """The broker and the answers that the portal passes on.

        Raises:
            ChannelError: ``portal_token_invalid`` or ``portal_token_expired``.
        """
        claims = verified(token, self.secret, required=("exp",))
        if claims is None or claims.get("aud", PORTAL_AUDIENCE) != PORTAL_AUDIENCE:
            raise ChannelError("portal_token_invalid")
        _check_age(claims)
        return Visit(
            broker=_broker(claims),
            prefill=_prefill(claims.get("prefill")),
            from_quote=_reference(claims.get("from_quote")),
            for_broker=claims.get("scope") == BROKER_SCOPE,
        )

    def demonstration(self) -> dict[str, str]:
        """A token as the portal of an example broker would sign it, and whom it names."""
        issued = now()
        broker = {
            "broker_number": DEMONSTRATION_BROKER,
            "broker_name": text("channels.demonstration.broker_name"),
        }
        claims = {
            "aud": PORTAL_AUDIENCE,
            "iat": int(issued.timestamp()),
            "exp": int((issued + DEMONSTRATION_LIFETIME).timestamp()),
            **broker,
        }
        return {"portal_token": jwt.encode(claims, self.secret, algorithm=ALGORITHM), **broker}


def verified(token: str, secret: str, *, required: tuple[str, ...]) -> dict[str, Any] | None:
    """The claims of a token that was signed with ``secret``; its times are not looked at."""
    claims = _signed(token, secret, required) if len(token) <= TOKEN_MAX_LENGTH else None
    return None if claims is None else dict(claims)


# A session sends the same token with each message; whether it is signed does not change.
@lru_cache(maxsize=1024)
def _signed(token: str, secret: str, required: tuple[str, ...]) -> dict[str, Any] | None:
    # Times are compared with our own clock, which tests and demonstrations freeze.
    options: Any = {
        "require": list(required),
        "verify_exp": False,
        "verify_iat": False,
        "verify_nbf": False,
        "verify_aud": False,
    }
    try:
        return dict(jwt.decode(token, secret, algorithms=[ALGORITHM], options=options))
    except (jwt.PyJWTError, ValueError):
        return None


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _check_age(claims: dict[str, Any]) -> None:
    expires, issued, current = claims["exp"], claims.get("iat"), now().timestamp()
    if not _is_number(expires) or not (issued is None or _is_number(issued)):
        raise ChannelError("portal_token_invalid")
    if expires + CLOCK_SKEW.total_seconds() <= current:
        raise ChannelError("portal_token_expired")
    most = (PORTAL_TOKEN_MAX_AGE + CLOCK_SKEW).total_seconds()
    if expires - current > most or (issued is not None and current - issued > most):
        raise ChannelError("portal_token_expired")
    if issued is not None and issued - current > CLOCK_SKEW.total_seconds():
        raise ChannelError("portal_token_invalid")


def _broker(claims: dict[str, Any]) -> dict[str, str] | None:
    number, name = claims.get("broker_number"), claims.get("broker_name", "")
    if number is None:
        return None
    if isinstance(number, int) and not isinstance(number, bool):
        number = str(number)
    if not isinstance(number, str) or not isinstance(name, str):
        raise ChannelError("portal_token_invalid")
    number, name = one_line(number), one_line(name)
    if not 0 < len(number) <= BROKER_NUMBER_MAX_LENGTH or len(name) > BROKER_NAME_MAX_LENGTH:
        raise ChannelError("portal_token_invalid")
    return {"broker_number": number, "broker_name": name}


def _reference(given: Any) -> str | None:
    if given is not None and not isinstance(given, str):
        raise ChannelError("portal_token_invalid")
    return given or None


def _prefill(given: Any) -> dict[str, Any]:
    if given is None:
        return {}
    if not isinstance(given, dict) or len(given) > PREFILL_MAX_FIELDS:
        raise ChannelError("portal_token_invalid")
    return {one_line(name): _prefilled_value(value) for name, value in given.items()}


def _prefilled_value(value: Any) -> Any:
    if isinstance(value, str) and len(value) <= PREFILL_MAX_LENGTH:
        return one_line(value)
    if isinstance(value, (bool, int)):
        return value
    raise ChannelError("portal_token_invalid")

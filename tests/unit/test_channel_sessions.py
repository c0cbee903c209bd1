"""Sessions and portal tokens: signed, expiring, and not to be taken for one another."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import jwt
import pytest

from bot.channels.errors import ChannelError
from bot.channels.sessions import (
    PORTAL_AUDIENCE,
    PortalTokens,
    Session,
    Sessions,
    new_conversation_id,
)

SECRET = "a-secret-of-more-than-32-characters-for-tests"
START = datetime.fromisoformat("2026-11-20T18:00:00+01:00")
SetClock = Callable[[timedelta], None]


@pytest.fixture
def set_clock(monkeypatch: pytest.MonkeyPatch) -> SetClock:
    def set_to(after: timedelta) -> None:
        monkeypatch.setenv("BOT_NOW", (START + after).isoformat())

    set_to(timedelta())
    return set_to


@pytest.fixture
def sessions() -> Sessions:
    return Sessions(SECRET, lifetime=timedelta(hours=8), resumable_for=timedelta(days=30))


@pytest.fixture
def tokens() -> PortalTokens:
    return PortalTokens(SECRET)


def portal_token(secret: str = SECRET, **claims: Any) -> str:
    given = {
        "exp": START.timestamp() + 600,
        "iat": START.timestamp(),
        "broker_number": "4711-0815",
        "broker_name": "Maklerbüro Süd",
        **claims,
    }
    return jwt.encode({k: v for k, v in given.items() if v is not None}, secret, "HS256")


def code_of(call: Callable[[], object]) -> str:
    with pytest.raises(ChannelError) as refused:
        call()
    return refused.value.code


def test_a_session_leads_to_its_conversation(sessions: Sessions, set_clock: SetClock) -> None:
    token = sessions.issue(Session("abc"))
    set_clock(timedelta(hours=7, minutes=59))
    assert sessions.session(token) == Session("abc")


def test_a_session_remembers_its_broker(sessions: Sessions, set_clock: SetClock) -> None:
    given = Session("abc", {"broker_number": "4711", "broker_name": "Süd"})
    token = sessions.issue(given)
    assert sessions.session(token) == given
    set_clock(timedelta(hours=9))
    assert sessions.resumable(token) == given


def test_a_session_expires_and_can_be_resumed_for_a_while(
    sessions: Sessions, set_clock: SetClock
) -> None:
    token = sessions.issue(Session("abc"))
    set_clock(timedelta(hours=8))
    assert code_of(lambda: sessions.session(token)) == "session_expired"
    set_clock(timedelta(days=30, hours=7))
    assert sessions.resumable(token) == Session("abc")
    set_clock(timedelta(days=30, hours=8))
    assert code_of(lambda: sessions.resumable(token)) == "session_too_old"


def test_a_forged_session_is_refused(sessions: Sessions, set_clock: SetClock) -> None:
    token = sessions.issue(Session("abc"))
    header, payload, signature = token.split(".")
    claims = json.loads(base64.urlsafe_b64decode(payload + "=="))
    other = base64.urlsafe_b64encode(json.dumps({**claims, "sub": "xyz"}).encode())
    unsigned = base64.urlsafe_b64encode(b'{"alg":"none","typ":"JWT"}').decode().rstrip("=")
    forged = [
        f"{header}.{other.decode().rstrip('=')}.{signature}",
        f"{unsigned}.{payload}.",
        jwt.encode(claims, "another-secret-of-more-than-32-characters", "HS256"),
        jwt.encode(claims, SECRET, "HS512"),
        jwt.encode({"sub": "abc", "aud": claims["aud"]}, SECRET, "HS256"),
        jwt.encode({**claims, "exp": "never"}, SECRET, "HS256"),
        token[:-4],
        "",
        "x" * 10_000,
        "a.b.c",
    ]
    for each in forged:
        assert code_of(lambda given=each: sessions.session(given)) == "session_invalid"
        assert code_of(lambda given=each: sessions.resumable(given)) == ("session_invalid")


def test_a_portal_token_is_no_session_and_a_session_no_portal_token(
    sessions: Sessions, tokens: PortalTokens, set_clock: SetClock
) -> None:
    given = portal_token(sub="abc", aud=PORTAL_AUDIENCE)
    assert code_of(lambda: sessions.session(given)) == "session_invalid"
    session = sessions.issue(Session("abc"))
    assert code_of(lambda: tokens.visit(session)) == "portal_token_invalid"


def test_conversation_ids_are_long_and_never_the_same() -> None:
    ids = {new_conversation_id() for _ in range(100)}
    assert len(ids) == 100
    assert min(map(len, ids)) >= 32


def test_a_portal_passes_on_broker_and_prefill(tokens: PortalTokens, set_clock: SetClock) -> None:
    visit = tokens.visit(
        portal_token(prefill={"club_name": "TSV Nord\x00 e.V.", "member_count": 230})
    )
    assert visit.broker == {"broker_number": "4711-0815", "broker_name": "Maklerbüro Süd"}
    assert visit.prefill == {"club_name": "TSV Nord e.V.", "member_count": 230}


def test_what_a_portal_may_leave_out(tokens: PortalTokens, set_clock: SetClock) -> None:
    assert tokens.visit(portal_token(iat=None, broker_name=None)).broker == {
        "broker_number": "4711-0815",
        "broker_name": "",
    }
    assert tokens.visit(portal_token(broker_number=None)).broker is None
    assert tokens.visit(portal_token(aud=PORTAL_AUDIENCE)).broker is not None


@pytest.mark.parametrize(
    ("claims", "code"),
    [
        ({"exp": START.timestamp() - 61}, "portal_token_expired"),
        ({"exp": START.timestamp() + 90_000}, "portal_token_expired"),
        ({"iat": START.timestamp() - 90_000}, "portal_token_expired"),
        (
            {"iat": START.timestamp() + 3_600, "exp": START.timestamp() + 7_200},
            "portal_token_invalid",
        ),
        ({"exp": None}, "portal_token_invalid"),
        ({"exp": True}, "portal_token_invalid"),
        ({"aud": "another-service"}, "portal_token_invalid"),
        ({"aud": ["x"]}, "portal_token_invalid"),
        ({"broker_number": {"$ne": 1}}, "portal_token_invalid"),
        ({"broker_number": ""}, "portal_token_invalid"),
        ({"broker_number": "9" * 51}, "portal_token_invalid"),
        ({"broker_name": ["a"]}, "portal_token_invalid"),
        ({"prefill": "club_name"}, "portal_token_invalid"),
        ({"prefill": {"club_name": ["a"]}}, "portal_token_invalid"),
        ({"prefill": {"club_name": "x" * 501}}, "portal_token_invalid"),
        ({"prefill": {f"f{n}": 1 for n in range(61)}}, "portal_token_invalid"),
    ],
)
def test_a_portal_token_is_refused(
    tokens: PortalTokens, set_clock: SetClock, claims: dict[str, Any], code: str
) -> None:
    token = portal_token(**claims)
    assert code_of(lambda: tokens.visit(token)) == code


def test_a_portal_token_of_somebody_else_is_refused(
    tokens: PortalTokens, set_clock: SetClock
) -> None:
    token = portal_token(secret="another-secret-of-more-than-32-characters")
    assert code_of(lambda: tokens.visit(token)) == "portal_token_invalid"
    unsigned = jwt.encode({"exp": START.timestamp() + 60}, None, "none")
    assert code_of(lambda: tokens.visit(unsigned)) == "portal_token_invalid"


def test_the_demonstration_token_is_a_portal_token(
    tokens: PortalTokens, set_clock: SetClock
) -> None:
    demonstration = tokens.demonstration()
    assert demonstration["broker_number"] == "4711-0815"
    token = demonstration["portal_token"]
    assert tokens.visit(token).broker == {
        "broker_number": "4711-0815",
        "broker_name": "Maklerbüro Beispiel",
    }
    set_clock(timedelta(minutes=12))
    assert code_of(lambda: tokens.visit(token)) == "portal_token_expired"


def test_secrets_do_not_show(sessions: Sessions, tokens: PortalTokens) -> None:
    assert SECRET not in f"{sessions!r} {tokens!r}"

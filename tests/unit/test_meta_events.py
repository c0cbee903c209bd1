"""Meta's webhooks as events: each kind that its documentation shows, and anything else."""

from __future__ import annotations

from typing import Any

import pytest
from graph_stand_in import PAGE, PHONE
from hypothesis import given
from hypothesis import strategies as st
from meta_payloads import MessengerPerson, WhatsAppPerson

from bot.channels.meta import messenger_events, whatsapp_events
from bot.channels.meta.events import Event

PERSON = MessengerPerson()
PHONE_PERSON = WhatsAppPerson()
URL = "https://scontent.fbcdn.net/satzung.pdf"


def from_messenger(*events: dict[str, Any]) -> list[Event]:
    return list(messenger_events.read(PERSON.batch(events), PAGE))


def from_whatsapp(*messages: dict[str, Any]) -> list[Event]:
    return list(whatsapp_events.read(PHONE_PERSON.batch(messages), PHONE))


def attached(kind: str, **payload: Any) -> dict[str, Any]:
    return PERSON.message(attachments=[{"type": kind, "payload": payload}])


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        (PERSON.says("ja"), {"kind": "text", "text": "ja"}),
        (PERSON.says(""), {"kind": "text", "text": ""}),
        (PERSON.taps("Ja", "answer:x:true"), {"kind": "choice", "choice": "answer:x:true"}),
        (PERSON.starts(), {"kind": "begin", "token": ""}),
        (PERSON.starts("abc"), {"kind": "begin", "token": "abc"}),
        (
            PERSON.event(postback={"title": "Ja", "payload": "answer:x:true"}),
            {"kind": "choice", "choice": "answer:x:true"},
        ),
        (PERSON.event(referral={"ref": "abc"}), {"kind": "begin", "token": "abc"}),
        (attached("audio", url=URL), {"kind": "other", "detail": "voice"}),
        (attached("video", url=URL), {"kind": "other", "detail": "video"}),
        (attached("image", url=URL, sticker_id=369), {"kind": "other", "detail": "sticker"}),
        (
            attached("location", coordinates={"lat": 1, "long": 2}),
            {"kind": "other", "detail": "location"},
        ),
        (attached("template"), {"kind": "other", "detail": "unknown"}),
        (
            PERSON.event(message_edit={"mid": "m_1", "text": "neu", "num_edit": 1}),
            {"kind": "other", "detail": "edited"},
        ),
        (PERSON.message(is_echo=True, text="von uns"), {"kind": None, "detail": "echo"}),
        (
            PERSON.message(is_echo=True, attachments=[{"type": "image", "payload": {"url": URL}}]),
            {"kind": None},
        ),
        (PERSON.message(is_deleted=True), {"kind": None, "detail": "deleted"}),
        (PERSON.event(delivery={"mids": ["m_1"], "watermark": 1}), {"kind": None}),
        (PERSON.event(read={"watermark": 1}), {"kind": None}),
        (PERSON.event(reaction={"action": "react", "emoji": "❤"}), {"kind": None}),
        (PERSON.event(pass_thread_control={"new_owner_app_id": "1"}), {"kind": None}),
        (PERSON.event(optin={"type": "x"}), {"kind": None}),
        (PERSON.event(something_new={}), {"kind": None}),
        ({"message": {"mid": "m_x", "text": "von niemandem"}}, {"kind": None}),
    ],
)
def test_an_event_of_messenger(event: dict[str, Any], expected: dict[str, Any]) -> None:
    (found,) = from_messenger(event)
    assert {name: getattr(found, name) for name in expected} == expected
    assert bool(found.address) == (found.kind is not None)


def test_files_with_text_keep_both() -> None:
    files = [{"type": "image", "payload": {"url": f"{URL}?{n}"}} for n in range(3)]
    (found,) = from_messenger(PERSON.message(text="Seite 1 bis 3", attachments=files))
    assert (found.kind, found.text, len(found.files)) == ("files", "Seite 1 bis 3", 3)
    assert Event.stored(found.content(), found.sent_at) == found


def test_a_file_beside_something_else_names_what_is_left_out() -> None:
    files = [{"type": "image", "payload": {"url": URL}}, {"type": "audio", "payload": {"url": URL}}]
    (found,) = from_messenger(PERSON.message(attachments=files))
    assert (found.kind, len(found.files), found.detail) == ("files", 1, "voice")


def test_every_event_of_every_entry_is_found_and_standby_is_left_alone() -> None:
    batch = PERSON.batch([PERSON.says("eins"), PERSON.says("zwei")])
    batch["entry"] += PERSON.batch([PERSON.says("drei")])["entry"]
    batch["entry"].append({"id": PAGE, "standby": [PERSON.says("für andere")]})
    batch["entry"].append({"id": "1", "messaging": [PERSON.says("andere Seite")]})
    found = list(messenger_events.read(batch, PAGE))
    assert [each.text for each in found if each.kind] == ["eins", "zwei", "drei"]
    assert len(found) == 5
    assert len({each.key for each in found}) == 5


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        (PHONE_PERSON.says("ja"), {"kind": "text", "text": "ja"}),
        (PHONE_PERSON.taps("Ja", "answer:x:true"), {"kind": "choice", "choice": "answer:x:true"}),
        (
            PHONE_PERSON.message(
                "interactive", {"type": "list_reply", "list_reply": {"id": "p", "title": "T"}}
            ),
            {"kind": "choice", "choice": "p"},
        ),
        (PHONE_PERSON.message("button", {"text": "Ja", "payload": "x"}), {"kind": "text"}),
        (
            PHONE_PERSON.message("image", {"id": "7", "caption": "Satzung"}),
            {"kind": "files", "text": "Satzung"},
        ),
        (PHONE_PERSON.message("document", {"id": "7", "filename": "a.pdf"}), {"kind": "files"}),
        (PHONE_PERSON.message("audio", {"id": "7", "voice": True}), {"detail": "voice"}),
        (PHONE_PERSON.message("sticker", {"id": "7"}), {"kind": "other", "detail": "sticker"}),
        (PHONE_PERSON.message("location", {"latitude": 1}), {"detail": "location"}),
        (PHONE_PERSON.message("contacts", []), {"kind": "other", "detail": "contact"}),
        (PHONE_PERSON.message("video", {"id": "7"}), {"detail": "video"}),
        (PHONE_PERSON.message("edit", {}), {"kind": "other", "detail": "edited"}),
        (PHONE_PERSON.message("unsupported", {}), {"kind": "other", "detail": "unknown"}),
        (PHONE_PERSON.message("order", {}), {"kind": "other", "detail": "unknown"}),
        (PHONE_PERSON.message("reaction", {"emoji": "❤"}), {"kind": None}),
        (PHONE_PERSON.message("system", {"body": "x"}), {"kind": None}),
        (PHONE_PERSON.message("revoke", {"original_message_id": "wamid.1"}), {"kind": None}),
        ({**PHONE_PERSON.message("unsupported", {}), "is_deleted": True}, {"kind": None}),
        ({**PHONE_PERSON.message("unsupported", {}), "errors": [{}]}, {"detail": "unknown"}),
    ],
)
def test_a_message_of_whatsapp(message: dict[str, Any], expected: dict[str, Any]) -> None:
    (found,) = from_whatsapp(message)
    assert {name: getattr(found, name) for name in expected} == expected


@pytest.mark.parametrize("status", ["sent", "delivered", "read", "failed"])
def test_only_a_failed_status_has_consequences(status: str) -> None:
    batch = PHONE_PERSON.batch([])
    batch["entry"][0]["changes"][0]["value"]["statuses"] = [
        {"id": "wamid.1", "status": status, "timestamp": "1", "errors": [{"code": 131047}]}
    ]
    (found,) = whatsapp_events.read(batch, PHONE)
    assert found.kind == ("undelivered" if status == "failed" else None)
    assert found.detail == ("131047" if status == "failed" else "")


def test_another_number_is_only_noted() -> None:
    (found,) = whatsapp_events.read(PHONE_PERSON.batch([PHONE_PERSON.says("ja")]), "other")
    assert found.kind is None


KEYS = (
    "entry", "id", "messaging", "message", "mid", "text", "attachments", "payload", "url",
    "sender", "timestamp", "changes", "field", "value", "metadata", "phone_number_id", "messages",
    "from", "type", "image", "statuses", "status", "standby", "postback", "referral",
    "quick_reply", "interactive", "errors",
)  # fmt: skip
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=6)
    ),
    max_leaves=30,
)


@given(JSON)
def test_no_payload_is_an_error(payload: Any) -> None:
    whole = payload if isinstance(payload, dict) else {"entry": payload}
    list(messenger_events.read(whole, PAGE))
    list(whatsapp_events.read(whole, PHONE))
    messaging = {"entry": [{"id": PAGE, "messaging": [whole, payload]}]}
    for found in messenger_events.read(messaging, PAGE):
        assert len(found.key) <= 64
    batch = PHONE_PERSON.batch([whole])
    batch["entry"][0]["changes"][0]["value"]["statuses"] = [whole]
    list(whatsapp_events.read(batch, PHONE))

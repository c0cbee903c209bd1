"""The real server with the real assistant: killed with messages under way, and then searched."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from graph_stand_in import taps_of
from journeys import JURVEREIN, Answers
from meta_connection import PNG
from meta_payloads import MessengerPerson, WhatsAppPerson
from meta_product import MetaProduct

from bot.application.draft import Draft
from bot.clock import BERLIN
from bot.storage.inbound import InboundEvents
from bot.storage.outbound import OutboundMessages
from bot.storage.people import People, Person
from bot.storage.stores import Stores

NOW = datetime(2026, 11, 20, 10, tzinfo=BERLIN)
PHONE_NUMBER = "491701928374"
MARKS = (
    PHONE_NUMBER, "Quastenflosse", "Knickweg", "Zwirbelstadt", "Knotenmeier", "Xanthippe",
    "Zeugwart", "DE89370400440532013000", "3704 0044 0532", "Sparstrumpf", "Jodelkurs",
)  # fmt: skip
PERSON = {
    **JURVEREIN,
    "club_name": "Quastenflosse e.V.",
    "address": "Knickweg 17, 94562 Zwirbelstadt",
    "representative_salutation": "Frau Xanthippe Knotenmeier",
    "criminal_proceedings_details": "Verfahren wegen Untreue gegen den Zeugwart",
    "account_holder": "Leokadia Sparstrumpf",
    "remarks": "Bitte nach dem Jodelkurs anrufen",
    "signed_place": "Zwirbelstadt",
}


class Treasurer:
    """A person with a phone, and a look at what is stored about them."""

    def __init__(self, product: MetaProduct, channel: str) -> None:
        self.product = product
        self.person: Any = (MessengerPerson if channel == "messenger" else WhatsAppPerson)(
            PHONE_NUMBER
        )
        self.stores: Stores = product.stores()
        self.people = People(self.stores.database, channel)
        self._inbound = InboundEvents(self.stores.database, channel)
        self._outbound = OutboundMessages(self.stores.database, channel)

    def say(self, words: str) -> None:
        self.product.post(self.person, self.person.says(words))
        self.wait()

    def tap(self, payload: str) -> None:
        offered = {
            p: title for each in self.product.graph.sent for title, p in taps_of(each).items()
        }
        self.product.post(self.person, self.person.taps(offered[payload], payload))
        self.wait()

    def wait(self) -> None:
        """Until everything is answered and sent."""
        self.product.wait_until(
            lambda: not self._inbound.people_waiting() and not self._outbound.people_waiting()
        )

    def walk(self, until: str | None = None) -> None:
        answers = Answers(PERSON)
        for _ in range(100):
            asked = self.draft.open_question
            if asked is None or asked == until:
                return
            kind, words = answers.take(asked)
            (self.tap if kind == "choose" else self.say)(words)
        raise AssertionError("the conversation does not come to an end")

    @property
    def known(self) -> list[Person]:
        return self.people.silent_between(NOW - timedelta(days=9), NOW + timedelta(days=9))

    @property
    def draft(self) -> Draft:
        found = self.stores.drafts.load(self.known[0].conversation_id)
        assert found is not None
        return found


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MetaProduct]:
    running = MetaProduct(tmp_path_factory.mktemp("product"), BOT_NOW=f"{NOW.isoformat()}+")
    running.start()
    yield running
    running.close()


@pytest.fixture(params=["messenger", "whatsapp"])
def treasurer(request: pytest.FixtureRequest, product: MetaProduct) -> Iterator[Treasurer]:
    made = Treasurer(product, request.param)
    product.graph.sent.clear()
    yield made
    assert product.graph.violations == []
    made.stores.database.close()


def left_behind(product: MetaProduct) -> dict[str, bytes]:
    """Every file but what was handed over, which the insurer is to read."""
    files = (path for path in product.folder.rglob("*") if path.is_file())
    return {
        path.relative_to(product.folder).as_posix(): path.read_bytes()
        for path in files
        if "handoff" not in path.parts
    }


def assert_nobody_is_readable(product: MetaProduct) -> None:
    for name, content in left_behind(product).items():
        assert [mark for mark in MARKS if mark.encode() in content or mark in name] == [], name


def test_killed_with_messages_under_way_and_erased_in_the_end(
    product: MetaProduct, treasurer: Treasurer
) -> None:
    graph, person = product.graph, treasurer.person
    treasurer.say("Ich möchte einen Antrag stellen")
    treasurer.walk(until="club_name")
    events = [person.says("Quastenflosse e.V."), person.says("Sportverein"), person.says("ja")]
    product.post(person, *events)
    product.kill()
    product.start()
    # Meta may deliver again what it was thanked for.
    product.post(person, *events)
    treasurer.wait()
    assert treasurer.draft.answers["club_name"] == "Quastenflosse e.V."
    assert treasurer.draft.answers["natural_persons_only"] is True
    assert treasurer.draft.open_question == "member_count"
    asked = [words for words in graph.texts if words.startswith("Was für ein Verein")]
    assert 1 <= len(asked) <= 2

    treasurer.walk(until="statutes")
    picture = PNG + b"Satzung IEND"
    product.post(person, person.sends(graph.offer(picture), words="Unsere Satzung"))
    treasurer.wait()
    treasurer.walk(until="submission")
    assert_nobody_is_readable(product)
    # The search is not vain: whoever has the key finds the person.
    assert treasurer.known[0].address == PHONE_NUMBER
    conversation_id = treasurer.known[0].conversation_id
    (document,) = treasurer.stores.documents.list(conversation_id)
    assert treasurer.stores.documents.content(document.id) == picture

    treasurer.say("meine Daten löschen")
    treasurer.tap("confirm:yes")
    assert treasurer.known == []
    assert treasurer.stores.drafts.load(conversation_id) is None
    assert treasurer.stores.documents.list(conversation_id) == []
    assert_nobody_is_readable(product)
    named = [
        n for n, content in left_behind(product).items() if conversation_id.encode() in content
    ]
    assert named == []

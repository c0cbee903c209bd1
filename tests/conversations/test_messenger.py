"""Whole applications through Messenger and WhatsApp, with the real assistant behind them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from conversation_driver import NOW, Bot, Conversation
from graph_stand_in import GraphStandIn, taps_of, words_of
from journeys import JURVEREIN, QUOTE, Script, walk
from meta_connection import PDF, PNG, connect, meta_settings
from meta_payloads import MessengerPerson, WhatsAppPerson
from milestones import Course, Milestone, Said, StoredConversation

from bot import clock, legal
from bot.channels.errors import ChannelError
from bot.settings import settings
from bot.storage.applications import ApplicationStore
from bot.storage.evidence import open_evidence
from bot.storage.people import Person
from bot.storage.stores import Stores


class Chat:
    """A person's side of a conversation in one of the messengers."""

    def __init__(self, channel: str, bot: Bot, address: str) -> None:
        self.graph = GraphStandIn()
        self.bot = bot
        self.person: Any = (MessengerPerson if channel == "messenger" else WhatsAppPerson)(address)
        given = settings()
        meta = {
            name: value
            for name, value in meta_settings(given.data_dir).dict().items()
            if name.startswith("meta_")
        }
        self.settings = given.copy(update=meta)
        self.stores = Stores.open(self.settings)
        self.connector = connect(channel, self.settings, self.stores, self.graph, bot.agent)
        self.seen = 0
        self.course: Course | None = (Said("chat", channel),)

    def send(self, *events: dict[str, Any]) -> Chat:
        self.seen = len(self.graph.sent)
        batch = self.connector.platform.events(self.person.batch(events))
        self.bot.run(self.connector.inbox.receive(list(batch)))
        self.bot.run(self.connector.idle())
        assert self.graph.violations == []
        return self

    def say(self, words: str) -> Chat:
        self._did("say", words)
        return self.send(self.person.says(words))

    def choose(self, payload: str) -> Chat:
        """Tap a choice of the last messages."""
        offered = {payload: title for each in self.new for title, payload in taps_of(each).items()}
        self._did("choose", payload)
        return self.send(self.person.taps(offered[payload], payload))

    def files(self, *contents: bytes, words: str = "", kind: str = "image") -> Chat:
        self.course = None
        offered = [self.graph.offer(each) for each in contents]
        if self.person.channel == "messenger":
            return self.send(self.person.sends(*offered, words=words, kind=kind))
        return self.send(*(self.person.sends(each, words=words, kind=kind) for each in offered))

    @property
    def new(self) -> list[dict[str, Any]]:
        return self.graph.sent[self.seen :]

    @property
    def text(self) -> str:
        return "\n\n".join(words_of(each) for each in self.new)

    @property
    def known(self) -> Person:
        """What the channel knows of the person."""
        people = self.connector.queues.people
        found = people.silent_between(clock.now().replace(year=2000), clock.now())
        return next(each for each in found if each.address == self.person.address)

    @property
    def conversation_id(self) -> str:
        return self.known.conversation_id

    @property
    def draft(self) -> Any:
        return self.stores.drafts.load(self.conversation_id)

    def walk(self, script: Script, until: str | None = None) -> Chat:
        return walk(self, script, until=until)

    # How far it got

    @property
    def asked(self) -> str | None:
        return self.draft.open_question

    def assert_taken(self, answer: str) -> None:
        """What is not taken is asked again, until the walk does not end."""

    def milestone(self) -> Milestone | None:
        known = self.known
        stored = StoredConversation.of(self.stores.database, known.conversation_id)
        if stored is None or stored.draft.open_question is None:
            return None
        view = (self.seen, [*self.graph.sent], known.memory)
        return Milestone(stored.draft.open_question, stored, view)

    def go_on_from(self, course: Course, milestone: Milestone) -> None:
        self.seen, self.graph.sent[:], memory = milestone.view
        database, known = self.stores.database, self.known
        milestone.stored.put(database, known.conversation_id)
        with database.transaction() as unit:
            self.connector.queues.people.save(unit, replace(known, memory=memory))
        self.course = course

    def _did(self, kind: str, words: str) -> None:
        if self.course is not None:
            self.course = (*self.course, Said(kind, words))


@pytest.fixture(params=["messenger", "whatsapp"])
def chat(request: pytest.FixtureRequest, bot: Bot) -> Iterator[Chat]:
    number = abs(hash(request.node.name)) % 10**9
    made = Chat(request.param, bot, f"49{number:09d}")
    yield made
    made.stores.database.close()


def pdfs(chat: Chat) -> list[bytes]:
    found = []
    for each in chat.graph.sent:
        if "files" in each:
            found.append(each["files"]["filedata"][1])
        elif each.get("type") == "document":
            found.append(each["content"])
    return found


def test_a_whole_application_with_files_a_correction_and_its_hand_off(chat: Chat) -> None:
    chat.say("Hallo, ich möchte einen Antrag stellen")
    assert "automatisches Programm" in chat.text
    assert chat.text.count("speichert auch Meta") + chat.text.count("auch dort gespeichert") == 1
    assert chat.draft.channel == chat.person.channel
    chat.walk(JURVEREIN, until="payment_frequency")
    chat.say("doch 240 Mitglieder")
    assert chat.draft.answers["member_count"] == 240
    chat.walk(JURVEREIN, until="statutes")
    chat.files(PDF, PNG, PDF + b"%%EOF")
    assert len(chat.draft.answers["statutes"]["documents"]) == 3
    assert chat.text.count("ist angekommen") == 1
    assert chat.draft.open_question == "claims_overview"
    chat.walk(JURVEREIN)
    draft = chat.draft
    assert draft.status == "submitted"
    assert draft.reference in chat.text
    handed_over = Conversation(chat.bot, chat.conversation_id).handoff()
    assert handed_over["application"]["member_count"] == 240
    assert len(pdfs(chat)) == 1
    assert len(chat.stores.documents.of_application(draft.reference)) == 3


def test_who_only_greets_is_greeted_once(chat: Chat, monkeypatch: pytest.MonkeyPatch) -> None:
    chat.say("Hallo!")
    assert chat.text.count("Guten Tag") == 1
    assert chat.text.count("?") == chat.text.count("Was kostet") + 1
    offered = {title: payload for each in chat.new for title, payload in taps_of(each).items()}
    assert offered["Datenschutz"] == "topic:privacy_of_this_chat"
    chat.say("Ich möchte einen Antrag stellen").walk(JURVEREIN, until="member_count")
    later = datetime.fromisoformat(NOW) + timedelta(days=3)
    monkeypatch.setenv("BOT_NOW", later.isoformat())
    chat.say("Hallo")
    assert chat.text.startswith("Willkommen zurück! Ihre Angaben für TSV Musterstadt 1898 e.V.")
    assert chat.text.endswith("Wie viele Mitglieder hat Ihr Verein, aktive und passive zusammen?")
    monkeypatch.setenv("BOT_NOW", (later + timedelta(days=2)).isoformat())
    chat.say("230")
    assert "Willkommen zurück!" in chat.text
    assert chat.draft.answers["member_count"] == 230
    assert chat.draft.open_question == "employee_count"


def test_the_caption_says_which_document_it_is_and_answers_nothing_else(chat: Chat) -> None:
    chat.say("Ich möchte einen Antrag stellen").walk(JURVEREIN, until="remarks")
    chat.files(PDF, words="Schadenübersicht der alten Versicherung", kind="file")
    assert chat.draft.answers["claims_overview"]["delivery"] == "uploaded"
    assert "remarks" not in chat.draft.answers
    assert chat.draft.open_question == "remarks"
    assert "statutes" not in chat.draft.answers


def test_all_questions_can_be_read_before_sending_and_come_as_a_pdf(chat: Chat) -> None:
    chat.say("Ich möchte einen Antrag stellen").walk(JURVEREIN, until="submission")
    chat.say("ich möchte alle Fragen und Antworten sehen")
    shown = "".join(chat.text.split())
    assert "".join(legal.document("criminal_proceedings").text.split()) in shown
    assert "→ErmittlungenwegeneinerSpendenquittungseitMärz." in shown
    assert len(pdfs(chat)) == 1
    assert chat.draft.status == "open"
    assert chat.draft.open_question == "submission"


def test_a_photo_with_words_while_something_else_is_asked_loses_neither(chat: Chat) -> None:
    chat.say("Ich möchte einen Antrag stellen").walk(JURVEREIN, until="member_count")
    chat.files(PNG, words="230")
    assert chat.draft.answers["member_count"] == 230
    assert chat.text.count("Wie viele Beschäftigte") == 1
    assert len(chat.stores.documents.list(chat.conversation_id)) <= 1
    chat.walk(JURVEREIN, until="start_date")
    chat.files(PNG, words="1.1.2027")
    assert chat.draft.answers["start_date"] == "2027-01-01"
    assert chat.draft.answers["statutes"]["delivery"] == "uploaded"


def test_a_caption_of_an_awaited_document_is_no_answer(chat: Chat) -> None:
    chat.say("Ich möchte einen Antrag stellen").walk(JURVEREIN, until="statutes")
    chat.files(PDF, words="Hier ist unsere Satzung", kind="file")
    assert chat.draft.open_question == "claims_overview"
    assert "angekommen" in chat.text


def test_long_choices_are_numbered_and_taken_by_number_or_words(chat: Chat) -> None:
    if chat.person.channel == "whatsapp":
        pytest.skip("all choices of the application fit into a list")
    chat.say("Ich möchte einen Antrag stellen").walk(JURVEREIN, until="deductible")
    assert "\n1. " in chat.text
    lines = [line for line in chat.text.splitlines() if line.startswith("2. ")]
    chat.say("2")
    second = chat.draft.answers["deductible"]
    chat.say("zurück")
    assert chat.draft.open_question == "deductible"
    chat.say(lines[0].removeprefix("2. "))
    assert chat.draft.answers["deductible"] == second


def test_the_iban_goes_through_a_link_that_works_once(chat: Chat) -> None:
    # The link belongs to one conversation: what leads to it is not copied.
    chat.say("Ich möchte einen Antrag stellen").walk(JURVEREIN, until="sepa_mandate").say("ja")
    assert chat.asked == "iban"
    links = [link for each in chat.new for link in taps_of(each).values() if "#" in link]
    assert len(links) == 1
    assert httpx.URL(links[0]).host == "assistant.example"
    token = links[0].partition("#")[2]
    assert chat.connector.links.redeem(token) == chat.conversation_id
    with pytest.raises(ChannelError, match="session_link_used"):
        chat.connector.links.redeem(token)
    # What is entered there is not asked again here.
    Conversation(chat.bot, chat.conversation_id).say("DE89 3704 0044 0532 0130 00")
    chat.say("weiter")
    assert "im Browser weitergemacht" in chat.text
    assert "• Das Konto gehört dem Verein" in chat.text
    assert chat.draft.answers["iban"] == "DE89370400440532013000"
    with chat.stores.database.reading() as unit:
        evidence = open_evidence(unit, chat.stores.database.vault, chat.conversation_id)
    channels = {(each.item, each.channel) for each in evidence if each.kind == "answered"}
    assert ("sepa_mandate", chat.person.channel) in channels
    assert ("iban", chat.person.channel) not in channels
    assert "account_holder" not in chat.draft.answers
    assert chat.draft.open_question == "account_holder"


def test_who_types_the_iban_is_not_stopped(chat: Chat) -> None:
    chat.say("Ich möchte einen Antrag stellen").walk(JURVEREIN, until="criminal_proceedings")
    assert any("#" in link for each in chat.new for link in taps_of(each).values())
    chat.walk(JURVEREIN, until="account_holder")
    assert chat.draft.answers["iban"] == "DE89370400440532013000"
    log = chat.stores.messages.messages(chat.conversation_id)
    shown = [each["body"].get("text", "") for each in log]
    assert not any("3704" in each for each in shown)


@pytest.mark.parametrize("words", ["Neu beginnen", "ich will von vorn anfangen"])
def test_after_one_request_another_can_be_begun(chat: Chat, words: str) -> None:
    chat.say("Ich hätte gern ein Angebot").walk(QUOTE)
    reference = chat.draft.reference
    assert reference is not None
    chat.say("Ich möchte einen Vertrag ändern")
    assert reference in chat.text
    assert "command:start" in taps_of(chat.new[-1]).values()
    chat.say(words)
    assert chat.draft.open_question == "request_type"
    assert chat.draft.answers == {}
    chat.say("Vertrag ändern")
    assert chat.draft.open_question == "membership_number"
    (kept,) = ApplicationStore(chat.stores.database).of_conversation(chat.conversation_id)
    assert kept.reference == reference


def test_everything_is_erased_on_request(chat: Chat, data_dir: Path) -> None:
    chat.say("Ich möchte einen Antrag stellen").walk(JURVEREIN, until="club_type")
    conversation_id = chat.conversation_id
    chat.say("meine Daten löschen").choose("confirm:yes")
    assert chat.stores.drafts.load(conversation_id) is None
    with pytest.raises(StopIteration):
        _ = chat.conversation_id
    chat.choose("command:start")
    assert chat.draft.answers == {}
    assert "automatisches Programm" in chat.text


@pytest.mark.parametrize(
    "words", ["", "   ", "/restart", "\u200b", "👍", "x" * 11_000, "€" * 3000], ids=lambda w: w[:4]
)
def test_odd_words_are_answered_and_change_nothing(chat: Chat, words: str) -> None:
    chat.say("Ich möchte einen Antrag stellen").walk(JURVEREIN, until="member_count")
    before = dict(chat.draft.answers)
    chat.say(words)
    assert chat.text
    assert chat.draft.answers == before
    assert chat.draft.open_question == "member_count"

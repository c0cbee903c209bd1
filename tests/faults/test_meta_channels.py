"""What happens to messages when things go wrong: nothing lost, nothing twice, order kept."""

from __future__ import annotations

import asyncio
import logging
import random
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from graph_stand_in import FILE_HOST, GraphStandIn, taps_of
from meta_connection import PDF, PNG, QUICK, RasaDouble, connect, meta_settings
from meta_payloads import MessengerPerson, WhatsAppPerson
from meta_process import Detour
from meta_product import GraphServer

from bot import clock
from bot.application.draft import Draft
from bot.channels.meta import downloads
from bot.channels.meta import graph as graph_module
from bot.channels.meta.connector import Connector
from bot.channels.meta.inbox import Settling
from bot.channels.meta.person_tasks import Patience
from bot.clock import BERLIN
from bot.settings import Settings
from bot.storage import DatabaseUnavailable, durable_files
from bot.storage import database as database_module
from bot.storage.outbound import OutboundMessages
from bot.storage.people import Person
from bot.storage.stores import Stores

NOW = datetime(2026, 11, 20, 10, tzinfo=BERLIN)


class Line:
    """A channel with its doubles; ``restart`` is a new process on the same database."""

    def __init__(self, channel: str, folder: Path, **more: Any) -> None:
        self.channel = channel
        self.person: Any = (MessengerPerson if channel == "messenger" else WhatsAppPerson)()
        self.graph = GraphStandIn()
        self.settings: Settings = meta_settings(folder)
        self.stores = Stores.open(self.settings)
        self.rasa = RasaDouble(self.stores)
        self.restart(**more)

    def restart(self, **more: Any) -> Connector:
        self.connector = connect(
            self.channel, self.settings, self.stores, self.graph, self.rasa, **more
        )
        return self.connector

    async def receive(self, *events: dict[str, Any]) -> None:
        payload = self.person.batch(events)
        await self.connector.inbox.receive(list(self.connector.platform.events(payload)))

    def run(self, *events: dict[str, Any]) -> None:
        async def work() -> None:
            await self.receive(*events)
            await self.connector.idle()

        asyncio.run(work())

    def store_only(self, *events: dict[str, Any]) -> None:
        """Receive, and end before anything is answered."""

        async def work() -> None:
            self.connector.inbox.tasks._stopping.set()
            await self.receive(*events)

        asyncio.run(work())

    def take_up(self) -> None:
        async def work() -> None:
            self.restart()
            await self.connector.start()
            await self.connector.idle()
            await self.connector.stop()

        asyncio.run(work())

    @property
    def people(self) -> list[Person]:
        around = timedelta(days=9)
        return self.connector.queues.people.silent_between(NOW - around, NOW + around)

    @property
    def conversation_id(self) -> str:
        return self.people[0].conversation_id

    @property
    def said(self) -> list[str]:
        return self.rasa.said(self.conversation_id)

    @property
    def states(self) -> list[tuple[str, int, str | None]]:
        return self.connector.queues.outbound.states()


@pytest.fixture(autouse=True)
def _time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOT_NOW", NOW.isoformat())


@pytest.fixture(params=["messenger", "whatsapp"])
def line(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Line]:
    made = Line(request.param, tmp_path)
    yield made
    assert made.graph.violations == []
    made.stores.database.close()


def later(monkeypatch: pytest.MonkeyPatch, **time: float) -> datetime:
    moment = clock.now() + timedelta(**time)
    monkeypatch.setenv("BOT_NOW", moment.isoformat())
    return moment


# --- nothing lost, nothing twice ------------------------------------------------------------------


def test_every_event_of_a_batch_is_answered_in_order(line: Line) -> None:
    line.run(*(line.person.says(f"eins {n}") for n in range(6)))
    assert line.said == [f"eins {n}" for n in range(6)]
    assert line.graph.texts[0] == "Guten Tag."


def test_an_event_that_is_delivered_again_is_answered_once_also_after_a_restart(
    line: Line,
) -> None:
    event = line.person.says("eins")
    line.run(event, event)
    line.run(event)
    sent = list(line.graph.sent)
    line.restart()
    line.run(event)
    assert line.said == ["eins"]
    assert line.graph.sent == sent


def test_what_another_process_of_the_server_receives_is_answered_by_the_first(line: Line) -> None:
    words = [f"eins {n}" for n in range(6)]

    async def work() -> None:
        first = line.connector
        other = connect(line.channel, line.settings, line.stores, line.graph, line.rasa)
        # As after the fork, which both come from.
        other._bell = first._bell
        await first.start()
        await other.start(answers=False)
        for said in words:
            events = list(other.platform.events(line.person.batch([line.person.says(said)])))
            await other.inbox.receive(events)
        while len(line.rasa.turns) <= len(words):
            await asyncio.sleep(0.01)
        await first.idle()
        await first.stop()
        await other.stop()

    asyncio.run(asyncio.wait_for(work(), 30))
    assert line.said == words


def test_what_was_received_before_a_crash_is_answered_after_it(line: Line) -> None:
    line.store_only(line.person.says("eins"), line.person.says("zwei"))
    assert line.rasa.turns == []
    line.take_up()
    assert line.said == ["eins", "zwei"]
    assert len(line.graph.sent) == 3


def test_a_crash_between_turn_and_reply_repeats_neither(
    line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    event = line.person.says("eins")
    kept = line.connector.inbox._finish
    monkeypatch.setattr(line.connector.inbox, "_finish", lambda *_: 1 / 0)
    line.connector.inbox._patience = Patience(first=60)

    async def crash() -> None:
        await line.receive(event)
        while len(line.rasa.turns) < 2:
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.05)

    asyncio.run(crash())
    assert line.graph.sent == []
    monkeypatch.setattr(line.connector.inbox, "_finish", kept)
    line.take_up()
    assert line.said == ["eins"]
    assert line.graph.texts == ["Guten Tag.", "Frage 1?"]


def test_a_crash_between_reply_and_sending_loses_no_reply(line: Line) -> None:
    line.connector.sender.tasks._stopping.set()
    line.run(line.person.says("eins"))
    assert line.graph.sent == []
    line.take_up()
    assert line.graph.texts == ["Guten Tag.", "Frage 1?"]


def test_nothing_is_thanked_for_that_is_not_stored(
    line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any) -> None:
        raise DatabaseUnavailable("away")

    monkeypatch.setattr(line.connector.queues.inbound, "_keep", broken)
    with pytest.raises(DatabaseUnavailable):
        line.run(line.person.says("eins"))


def test_a_turn_that_fails_is_tried_again_and_keeps_its_place(line: Line) -> None:
    line.rasa.trouble = 3
    line.run(line.person.says("eins"), line.person.says("zwei"))
    assert line.said == ["eins", "zwei"]


def test_a_turn_that_never_succeeds_is_given_up_visibly(
    line: Line, caplog: pytest.LogCaptureFixture
) -> None:
    line.run(line.person.says("erstens"))
    line.rasa.trouble = QUICK.attempts
    with caplog.at_level(logging.ERROR, "bot"):
        line.run(line.person.says("geheime Worte"), line.person.says("danach"))
    assert line.said == ["erstens", "danach"]
    assert any("noch einmal" in words for words in line.graph.texts)
    assert "was given up" in caplog.text
    assert "geheime" not in caplog.text


def every_kind(person: Any, number: int, graph: GraphStandIn) -> dict[str, Any]:
    """An event; most are words, the others everything else that comes along."""
    at = NOW - timedelta(seconds=2000 - number)
    if number < 60:
        # Whoever is new begins with words: a button of theirs could only be an old one.
        return dict(person.says(f"Nachricht {number:04d}", at))
    if number % 10 == 3:
        return dict(person.taps("Ja", f"answer:x:{number}", at))
    if number % 10 == 5:
        return dict(person.sends(graph.offer(PNG + b"%d IEND" % number), at=at))
    if number % 10 == 7:
        return dict(person.voice(at))
    if number % 10 == 9:
        return dict(person.reacts(at))
    return dict(person.says(f"Nachricht {number:04d}", at))


def test_a_thousand_events_in_any_order_and_twice_end_as_in_order(
    tmp_path: Path, line: Line
) -> None:
    kind = type(line.person)
    people = [kind(f"49170000{n:04d}") for n in range(20)]
    settling = Settling(quiet=1.0, longest=30.0)
    line.restart(settling=settling)
    ordered = Line(line.channel, tmp_path / "ordered", settling=settling)
    events = [every_kind(people[n // 3 % 20], n, line.graph) for n in range(1000)]
    ordered.graph.files = line.graph.files
    shuffled = [*events, *random.Random(7).sample(events, 300)]
    random.Random(11).shuffle(shuffled)

    def outcome(other: Line, given: list[Any]) -> Any:
        other.rasa.question = {"field": "statutes", "type": "upload"}

        async def deliver() -> None:
            for start in range(0, len(given), 13):
                await other.receive(*given[start : start + 13])
            await other.connector.idle()

        asyncio.run(deliver())
        known = other.people
        said = {each.address: other.rasa.said(each.conversation_id) for each in known}
        files = {
            each.address: [d.sha256 for d in other.stores.documents.list(each.conversation_id)]
            for each in known
        }
        read: dict[str, list[str]] = {}
        for sent, words in zip(other.graph.sent, other.graph.texts):
            address = sent["to"] if "to" in sent else sent["recipient"]["id"]
            read.setdefault(address, []).append(words)
        return said, {address: sorted(each) for address, each in files.items()}, read

    expected = outcome(ordered, events)
    assert outcome(line, shuffled) == expected
    taken = [words for each in expected[0].values() for words in each]
    assert sum(words.startswith("Nachricht") for words in taken) == 624
    assert sum(words.startswith("answer:x:") for words in taken) == 94
    assert sum(words == "statutes file" for words in taken) == 94
    assert sum(len(each) for each in expected[1].values()) == 94
    assert ordered.graph.violations == []
    ordered.stores.database.close()


# --- sending --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "code"), [(500, 2), (503, 1), (429, 4), (400, 130429), (400, 613), (0, 0)]
)
def test_passing_trouble_is_tried_again_in_order(line: Line, status: int, code: int) -> None:
    line.graph.fail(status, code, times=3)
    line.run(line.person.says("eins"), line.person.says("zwei"))
    assert line.graph.texts == ["Guten Tag.", "Frage 1?", "Frage 2?"]
    assert [attempts for _, attempts, _ in line.states] == [4, 1, 1]


def test_a_rate_limit_is_waited_for_as_long_as_it_says(line: Line) -> None:
    line.graph.fail(429, 4, headers={"Retry-After": "0.4"})
    began = asyncio.new_event_loop().time()
    line.run(line.person.says("eins"))
    assert asyncio.new_event_loop().time() - began >= 0.4
    assert len(line.graph.sent) == 2


def test_trouble_that_lasts_is_given_up_visibly_and_the_rest_is_sent(
    line: Line, caplog: pytest.LogCaptureFixture
) -> None:
    line.graph.fail(500, times=QUICK.attempts)
    with caplog.at_level(logging.ERROR, "bot"):
        line.run(line.person.says("eins"))
    assert line.states == [("given_up", 5, "status 500, code 2"), ("sent", 1, None)]
    assert "was given up after 5 attempts: status 500, code 2" in caplog.text


def test_a_refusal_is_not_tried_again(line: Line) -> None:
    line.graph.fail(400, 100)
    line.run(line.person.says("eins"))
    assert line.states == [("given_up", 1, "status 400, code 100"), ("sent", 1, None)]


def test_slow_answers_keep_the_order(line: Line) -> None:
    line.graph.delay = 0.05
    line.run(*(line.person.says(f"Nachricht {n}") for n in range(5)))
    assert line.graph.texts == ["Guten Tag.", *(f"Frage {n}?" for n in range(1, 6))]


def test_an_answer_that_does_not_come_is_a_broken_connection(
    line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(graph_module, "SECONDS", 0.2)
    server = GraphServer(line.graph)
    line.connector.platform.graph = replace(
        line.connector.platform.graph,
        client=lambda: httpx.AsyncClient(transport=Detour(server.address)),
    )
    line.graph.hang(times=2)
    line.run(line.person.says("eins"), line.person.says("zwei"))
    server.close()
    assert line.graph.texts == ["Guten Tag.", "Frage 1?", "Frage 2?"]
    assert [attempts for _, attempts, _ in line.states] == [3, 1, 1]


def test_what_was_sent_but_could_not_be_noted_is_not_sent_again(
    line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    away = iter(range(3))
    kept = OutboundMessages.sent

    def sent(self: OutboundMessages, *arguments: Any) -> None:
        if next(away, None) is not None:
            raise DatabaseUnavailable("away")
        kept(self, *arguments)

    monkeypatch.setattr(OutboundMessages, "sent", sent)
    line.run(line.person.says("eins"))
    assert line.graph.texts == ["Guten Tag.", "Frage 1?"]
    assert [state for state, _, _ in line.states] == ["sent", "sent"]


def test_a_database_that_is_away_for_a_while_costs_nothing_but_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(database_module, "SQLITE_WAIT_MILLISECONDS", 20)
    often = Patience(first=0.01, longest=0.05, attempts=1000)
    line = Line("messenger", tmp_path, answering=often, sending=often)
    other = sqlite3.connect(tmp_path / "bot.sqlite3", isolation_level=None)

    async def work() -> None:
        await line.receive(line.person.says("geheime Worte"))
        other.execute("BEGIN IMMEDIATE")
        await asyncio.sleep(0.5)
        other.execute("ROLLBACK")
        await line.connector.idle()

    asyncio.run(work())
    assert line.said == ["geheime Worte"]
    assert line.graph.texts == ["Guten Tag.", "Frage 1?"]
    assert "failed: " in caplog.text
    assert "geheim" not in caplog.text
    other.close()
    line.stores.database.close()


def test_one_person_who_cannot_be_reached_holds_up_nobody_else(line: Line) -> None:
    line.restart(sending=Patience(first=30))
    other = type(line.person)("491799999999")

    async def work() -> None:
        line.graph.fail(500)
        await line.receive(line.person.says("eins"))
        while not line.graph.requests or line.states[:1] != [("waiting", 1, "status 500, code 2")]:
            await asyncio.sleep(0.01)
        await line.receive(other.says("zwei"))
        while len(line.graph.sent) < 2:
            await asyncio.sleep(0.01)

    asyncio.run(asyncio.wait_for(work(), 20))
    assert {str(each.get("to") or each["recipient"]["id"]) for each in line.graph.sent} == {
        other.address
    }


def test_a_message_that_could_not_be_delivered_is_visible(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    line = Line("whatsapp", tmp_path)
    line.run(line.person.says("eins"))
    status = {"id": "wamid.sent2", "status": "failed", "errors": [{"code": 131047}]}
    payload = line.person.batch([])
    value = payload["entry"][0]["changes"][0]["value"]
    value["statuses"] = [{**status, "timestamp": "1795165200", "recipient_id": "49"}]

    async def work() -> None:
        await line.connector.inbox.receive(list(line.connector.platform.events(payload)))
        await line.connector.idle()

    with caplog.at_level(logging.ERROR, "bot"):
        asyncio.run(work())
    assert ("given_up", 1, "not delivered, code 131047") in line.states
    assert "131047" in caplog.text
    line.stores.database.close()


def test_what_was_answered_and_sent_leaves_no_words_behind(line: Line) -> None:
    line.run(line.person.says("geheime Worte"))
    with line.stores.database.reading() as unit:
        for table in ("inbound_events", "outbound_messages"):
            rows = unit._connection.exec_driver_sql(f"SELECT payload FROM {table}").all()
            assert rows
            assert all(row.payload is None for row in rows)
        people = unit._connection.exec_driver_sql("SELECT * FROM channel_people").all()
    assert line.person.address not in str(people)


# --- the 24-hour window ---------------------------------------------------------------------------


def test_a_reminder_comes_once_and_inside_the_window_only(
    line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BOT_NOW", (NOW + timedelta(hours=4)).isoformat())
    line.run(line.person.says("eins"))
    before = len(line.graph.sent)

    def remind() -> int:
        async def work() -> None:
            await line.connector.remind()
            await line.connector.idle()

        asyncio.run(work())
        return len(line.graph.sent) - before

    later(monkeypatch, hours=19)
    assert remind() == 0
    later(monkeypatch, hours=1.5)
    assert remind() == 1
    assert "noch nicht fertig" in line.graph.texts[-1]
    assert taps_of(line.graph.sent[-1]) == {"Weitermachen": "command:continue"}
    later(monkeypatch, hours=0.5)
    assert remind() == 1
    line.restart()
    assert remind() == 1
    moment = later(monkeypatch, hours=20)
    line.run(line.person.says("zwei", moment))
    before = len(line.graph.sent)
    later(monkeypatch, hours=21)
    assert remind() == 0


@pytest.mark.parametrize(("wrote", "asked"), [(NOW, 23.8), (NOW.replace(hour=3), 20.5)])
def test_no_reminder_too_late_or_at_night(
    line: Line, monkeypatch: pytest.MonkeyPatch, wrote: datetime, asked: float
) -> None:
    monkeypatch.setenv("BOT_NOW", wrote.isoformat())
    line.run(line.person.says("eins"))
    later(monkeypatch, hours=asked)
    assert line.connector.reminders.due() == []


def test_nobody_is_reminded_of_what_is_finished(
    line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    line.run(line.person.says("eins"))
    draft = line.stores.drafts.load(line.conversation_id)
    assert draft is not None
    draft.status = "submitted"
    line.stores.drafts.save(draft)
    later(monkeypatch, hours=22)
    assert line.connector.reminders.due() == []


def test_nothing_is_sent_outside_the_window(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    line.connector.sender.tasks._stopping.set()
    line.run(line.person.says("eins"))
    later(monkeypatch, hours=25)
    line.take_up()
    assert line.graph.sent == []
    assert {error for _, _, error in line.states} == {"outside the 24-hour window"}


def test_whoever_comes_back_after_days_is_met_where_they_stopped(
    line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    line.run(line.person.says("eins"))
    moment = later(monkeypatch, days=3)
    line.run(line.person.says("zwei", moment))
    intents = [(t.parse_data or {}).get("intent", {}).get("name") for t in line.rasa.turns]
    assert intents == ["begin", None, "begin", None]
    assert line.said == ["eins", "zwei"]


# --- files ----------------------------------------------------------------------------------------


def ask_for_statutes(line: Line) -> None:
    line.rasa.question = {"field": "statutes", "type": "upload"}
    line.run(line.person.says("eins"))


def test_twenty_images_at_once_are_all_taken_and_answered_once(line: Line) -> None:
    ask_for_statutes(line)
    before = len(line.graph.sent)
    pictures = [PNG + bytes([n]) + b"IEND" for n in range(20)]
    offered = [line.graph.offer(each) for each in pictures]
    if line.channel == "messenger":
        line.run(line.person.sends(*offered))
    else:
        line.run(*(line.person.sends(each) for each in offered))
    assert line.said.count("statutes file") == 20
    kept = line.stores.documents.list(line.conversation_id)
    assert {line.stores.documents.content(each.id) for each in kept} == set(pictures)
    assert len(line.graph.sent) == before + 1


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"MZ" + b"\x00" * 400, "Art von Datei"),
        (b"%PDF-1.7" + b"x" * 300_000, "zu groß"),
        (b"%PDF-1.7 no end", "unvollständig"),
        (b"", "leer"),
    ],
    ids=["type", "size", "damaged", "empty"],
)
def test_a_file_that_cannot_be_taken_is_explained(line: Line, content: bytes, words: str) -> None:
    ask_for_statutes(line)
    good, bad = line.graph.offer(PDF), line.graph.offer(content)
    line.run(line.person.sends(bad, kind="file"))
    assert words in line.graph.texts[-1]
    assert "Frage 1?" in line.graph.texts[-1]
    line.run(line.person.sends(good, kind="file"))
    assert line.said.count("statutes file") == 1


@pytest.mark.parametrize(
    "address",
    [
        "http://lookaside.fbsbx.com/file",
        "https://fbsbx.com.evil.example/file",
        "https://evil.example/lookaside.fbsbx.com",
        "https://user@lookaside.fbsbx.com/file",
        "https://lookaside.fbsbx.com:8443/file",
        "https://127.0.0.1/file",
        "file:///etc/passwd",
        "https://[",
    ],
)
def test_files_are_fetched_from_metas_hosts_only(tmp_path: Path, address: str) -> None:
    line = Line("messenger", tmp_path)
    ask_for_statutes(line)
    line.graph.files[address] = PDF
    line.run(line.person.sends((address, "")))
    assert line.graph.file_requests == []
    assert "nicht abrufen" in line.graph.texts[-1]
    line.stores.database.close()


def test_a_redirect_to_another_host_is_not_followed_and_takes_no_token_along(line: Line) -> None:
    ask_for_statutes(line)
    number = "99"
    address = f"{FILE_HOST}/file/{number}"
    line.graph.redirects[address] = "https://evil.example/x"
    line.run(line.person.sends((address, number)))
    assert "nicht abrufen" in line.graph.texts[-1]
    line.graph.redirects[address] = "https://scontent.fbcdn.net/x"
    line.graph.files["https://scontent.fbcdn.net/x"] = PDF
    line.run(line.person.sends((address, number)))
    assert line.said.count("statutes file") == 1
    assert "authorization" not in line.graph.file_requests[-1].headers
    assert all("evil" not in str(each.url) for each in line.graph.file_requests)


def test_a_full_disk_loses_no_file(
    line: Line, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    ask_for_statutes(line)
    kept, full = durable_files.write_synced, iter(range(2))

    def write(path: Path, content: bytes) -> None:
        if next(full, None) is not None:
            raise OSError(28, "No space left on device", "Geheimsatzung")
        kept(path, content)

    monkeypatch.setattr(durable_files, "write_synced", write)
    line.run(line.person.sends(line.graph.offer(PDF), words="Geheimsatzung"))
    assert line.said.count("statutes file") == 1
    assert len(line.stores.documents.list(line.conversation_id)) == 1
    assert f"An event in {line.channel} failed: OSError" in caplog.text
    assert "Geheim" not in caplog.text


def test_a_file_that_takes_too_long_is_given_up_and_asked_for_again(
    line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(downloads, "SECONDS", 0.05)
    ask_for_statutes(line)
    offered = line.graph.offer(PDF)
    line.graph.file_delay = 5.0
    line.run(line.person.sends(offered))
    assert "nicht abrufen" in line.graph.texts[-1]
    line.graph.file_delay = 0.0
    line.run(line.person.sends(offered))
    assert line.said.count("statutes file") == 1


def test_a_file_beside_what_cannot_be_taken_is_kept_and_the_rest_is_named(tmp_path: Path) -> None:
    line = Line("messenger", tmp_path)
    ask_for_statutes(line)
    address, _ = line.graph.offer(PNG)
    attachments = [
        {"type": "video", "payload": {"url": "https://video.fbcdn.net/x"}},
        {"type": "image", "payload": {"url": address}},
    ]
    line.run(line.person.message(attachments=attachments))
    assert line.said.count("statutes file") == 1
    assert "Videos" in " ".join(line.graph.texts)
    line.stores.database.close()


def test_the_pdf_goes_out_as_a_document(line: Line) -> None:
    line.rasa.card = {"type": "done", "reference": "K7", "pdf": True}
    line.run(line.person.says("eins"))
    content = line.graph.sent[-1]
    found = content["files"]["filedata"][1] if "files" in content else content["content"]
    assert found.startswith(b"%PDF-")


# --- odd events -----------------------------------------------------------------------------------


def test_several_messages_of_a_kind_that_cannot_be_read_get_one_sentence(line: Line) -> None:
    line.run(line.person.says("eins"))
    before = len(line.graph.sent)
    if line.channel == "messenger":
        audio = {"attachments": [{"type": "audio", "payload": {"url": "https://x"}}]}
        line.run(*(line.person.message(**audio) for _ in range(4)))
    else:
        line.run(*(line.person.message("audio", {"id": "1", "voice": True}) for _ in range(4)))
    assert len(line.graph.sent) == before + 1
    assert "Sprachnachrichten" in line.graph.texts[-1]
    assert "Frage 1?" in line.graph.texts[-1]
    assert line.said == ["eins"]


def test_erasing_forgets_the_person_and_a_stale_button_only_begins_anew(line: Line) -> None:
    line.run(line.person.says("eins"))
    conversation_id = line.conversation_id
    line.run(line.person.says("erase everything"))
    assert line.graph.texts[-2] == "Gelöscht."
    assert line.rasa.said(conversation_id) == []
    assert "selbst kann ich nicht löschen" in line.graph.texts[-1]
    known = line.people
    assert known == []
    line.run(line.person.taps("Ja", "answer:iban:skip"))
    assert line.said == []
    assert line.graph.texts[-2:] == ["Guten Tag.", "Frage 0?"]


def test_people_whose_conversation_was_erased_elsewhere_are_forgotten(line: Line) -> None:
    line.run(line.person.says("eins"))
    line.stores.drafts.delete(line.conversation_id)
    line.connector.reminders.tidy()
    assert line.people == []


def test_a_link_carries_a_conversation_from_the_widget_and_back_once(line: Line) -> None:
    line.run(line.person.says("eins"))
    moment = clock.now()
    line.stores.drafts.save(Draft(conversation_id="widget-1", created_at=moment, updated_at=moment))
    token = line.connector.links.issue("widget-1")
    address = line.connector.platform.way_back(token)
    assert token in address

    def arrives(person: Any) -> dict[str, Any]:
        if line.channel == "messenger":
            return dict(person.event(None, referral={"ref": token, "source": "SHORTLINK"}))
        return dict(person.says(f"Ich möchte hier weitermachen. {token}"))

    line.run(arrives(line.person))
    assert line.conversation_id == "widget-1"
    line.run(line.person.says("zwei"))
    assert line.said == ["zwei"]
    thief = type(line.person)("491755555555")
    line.run(arrives(thief))
    assert "schon benutzt" in " ".join(line.graph.texts)
    known = line.people
    assert [each.conversation_id for each in known].count("widget-1") == 1

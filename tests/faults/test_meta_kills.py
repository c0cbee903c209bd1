"""The process is killed at every step between a webhook and its answer: nothing lost or doubled."""

from __future__ import annotations

import asyncio
import json
import random
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count, groupby
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet
from graph_stand_in import FILE_HOST, GraphStandIn, words_of
from killing import Kill, killed_at
from meta_connection import PNG, RasaDouble, connect, meta_settings
from meta_payloads import MessengerPerson, WhatsAppPerson
from postgres_server import PostgresServer

from bot.channels.meta.connector import Connector
from bot.settings import Settings
from bot.storage.stores import Stores

KEY = Fernet.generate_key().decode()
PICTURE = f"{FILE_HOST}/file/77"


class NotingGraph(GraphStandIn):
    """Notes on disk what it took, which outlives the process."""

    def __init__(self, notes: Path) -> None:
        super().__init__()
        self._notes = notes
        self.files[PICTURE] = PNG

    async def answer(self, request: Any) -> Any:
        before = len(self.sent)
        answer = await super().answer(request)
        with self._notes.open("a") as notes:
            for each in [*self.sent[before:], *self.violations]:
                notes.write(json.dumps(each) + "\n")
        return answer


@dataclass
class Place:
    """Where one run keeps its data."""

    folder: Path
    database_url: str | None
    channel: str

    def __post_init__(self) -> None:
        person = (MessengerPerson if self.channel == "messenger" else WhatsAppPerson)("4917099")
        self.batches = [
            person.batch([person.says("eins"), person.says("zwei")]),
            person.batch([person.sends((PICTURE, "77")), person.says("drei")]),
        ]

    @property
    def settings(self) -> Settings:
        return meta_settings(self.folder, given_data_keys=(KEY,), database_url=self.database_url)

    def open(self) -> Stores:
        return Stores.open(self.settings)

    def run(self, kill: Kill | None = None) -> None:
        """Take up what is there, receive everything that Meta delivers, and finish."""
        stores = self.open()
        graph, rasa = NotingGraph(self.notes), RasaDouble(stores)
        rasa.question = {"field": "statutes", "type": "upload"}
        if kill is not None:
            kill.wrap(GraphStandIn, "answer")
            kill.wrap(RasaDouble, "handle_message")
        connector = connect(self.channel, self.settings, stores, graph, rasa)
        asyncio.run(self._work(connector))
        stores.database.close()

    async def _work(self, connector: Connector) -> None:
        await connector.sender.start()
        await connector.inbox.start()
        for batch in self.batches:
            await connector.inbox.receive(list(connector.platform.events(batch)))
        await connector.idle()

    @property
    def notes(self) -> Path:
        return self.folder / "sent"

    def sent(self) -> list[str]:
        """The texts that Meta got, in order."""
        return [words_of(json.loads(line)) for line in self.notes.read_text().splitlines()]

    def outcome(self) -> tuple[list[str], int, int]:
        """What was said in the conversation, how many documents and how many people there are."""
        stores = self.open()
        with stores.database.reading() as unit:
            rows = unit._connection.exec_driver_sql(
                "SELECT conversation_id FROM channel_people"
            ).all()
        (conversation_id,) = {row.conversation_id for row in rows}
        draft = stores.drafts.load(conversation_id)
        assert draft is not None
        documents = stores.documents.list(conversation_id)
        stores.database.close()
        return draft.answers["said"], len(documents), len(rows)


EXPECTED = (["eins", "zwei", "statutes file", "drei"], 1, 1)
# After one statement is the same as before the next.
EVERY_STEP = 2
# On PostgreSQL, where each run takes longer: a prime, to meet every kind of step.
SOME_STEPS = 11
TEXTS = ["Guten Tag.", "Frage 1?", "Frage 2?", "Frage 3?", "Frage 4?"]


@pytest.fixture(autouse=True)
def _time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOT_NOW", "2026-11-20T10:00:00+01:00")


@pytest.fixture(params=["messenger on sqlite", "whatsapp on postgresql"])
def places(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Iterator[Place]]:
    channel, _, database = request.param.partition(" on ")
    server: PostgresServer | None = (
        request.getfixturevalue("postgres") if database == "postgresql" else None
    )

    def make() -> Iterator[Place]:
        # The tables are made once: migrations have tests of their own.
        template = Place(tmp_path / "template", server.new_database() if server else None, channel)
        template.open().database.close()
        name = str(template.database_url).rpartition("/")[2]
        for number in count(1):
            folder = tmp_path / str(number)
            shutil.copytree(template.folder, folder)
            yield Place(folder, server.new_database(name) if server else None, channel)
            shutil.rmtree(folder)

    made = make()
    yield made
    made.close()


def assert_everything_happened_once(place: Place, kills: int) -> None:
    assert place.outcome() == EXPECTED
    sent = place.sent()
    assert [words for words, _ in groupby(sent)] == TEXTS
    # What Meta took just before the end cannot be known: it is sent again, and only that.
    assert len(sent) <= len(TEXTS) + kills


def test_without_a_kill_everything_happens_once(places: Iterator[Place]) -> None:
    place = next(places)
    place.run()
    assert_everything_happened_once(place, 0)
    place.run()
    assert_everything_happened_once(place, 0)


def test_killed_at_every_step_nothing_is_lost_or_doubled(places: Iterator[Place]) -> None:
    step = 0
    for place in places:
        step += EVERY_STEP if place.database_url is None else SOME_STEPS
        if not killed_at(step, place.run):
            break
        place.run()
        assert_everything_happened_once(place, 1)
    assert step > 100


def test_killed_again_and_again(places: Iterator[Place]) -> None:
    chance = random.Random(11)
    place = next(places)
    kills = sum(killed_at(chance.randrange(20, 120), place.run) for _ in range(15))
    place.run()
    assert kills > 5
    assert_everything_happened_once(place, kills)

"""Fifty people apply at once while every part of the cluster is killed and the release changes.

One test, as starting everything takes longer than all the rest: ``make test-cluster``.
"""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

import aio_pika
import pytest
from cluster.cluster import EVENTS_QUEUE, Cluster
from cluster.parts import ready, wait_until
from cluster.people import Gate, Person
from conversation_driver import Conversation
from journeys import JURVEREIN, VEREINS_RECHTSSCHUTZ, Script, walk
from sqlalchemy import select

from bot import clock
from bot.storage import Database
from bot.storage.tables import applications, deliveries

PEOPLE = 50
# One of the things that happen at a time: with so many, the last applications are sent at the end.
TURNS_BETWEEN = 4
AWAY_SECONDS = 4
FINISH_SECONDS = 240
REFUSALS = {(0, ""), (503, "service_unavailable"), (503, "busy"), (429, "too_fast")}
EVENT_FIELDS = {
    "id",
    "at",
    "conversation",
    "channel",
    "answered",
    "asked",
    "misunderstood",
    "begun",
    "quoted",
    "ended",
    "request_type",
}

pytestmark = pytest.mark.timeout(900)


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    running = Cluster(tmp_path_factory.mktemp("cluster"))
    try:
        running.start()
        yield running
    finally:
        running.close()


def script_of(number: int) -> tuple[Script, dict[str, str]]:
    """What a person answers; each has a club of their own."""
    script = JURVEREIN if number % 2 else VEREINS_RECHTSSCHUTZ
    begins = (clock.today() + timedelta(days=62)).replace(day=1)
    own = {
        "club_name": f"Turnverein Musterdorf {1900 + number} e.V.",
        "member_count": str(100 + number),
        "start_date": begins.strftime("%d.%m.%Y"),
    }
    return script, own


def apply(person: Person, number: int) -> Person:
    script, own = script_of(number)
    walk(cast(Conversation, person.begin()), script, **own)
    assert person.state["status"] == "submitted", person.text
    return person


def meanwhile(cluster: Cluster, gate: Gate) -> None:
    """Everything that happens to the cluster, one after the other."""

    def away(part: Any) -> None:
        stop = getattr(part, "kill", None) or part.stop
        stop()
        time.sleep(AWAY_SECONDS)
        part.start()

    def roll(number: int, release: Path) -> None:
        server = cluster.servers[number]
        server.stop()
        server.release = release
        server.start()

    first, second = cluster.servers
    trained: Future[Path] = Future()

    def train() -> None:
        try:
            trained.set_result(cluster.next_release())
        except BaseException as error:
            trained.set_exception(error)

    threading.Thread(target=train, daemon=True).start()
    happenings: list[Callable[[], None]] = [
        lambda: away(cluster.redis),
        lambda: away(cluster.actions),
        lambda: away(cluster.nginx),
        lambda: away(first),
        lambda: away(cluster.postgres),
        lambda: roll(0, trained.result(120)),
        lambda: roll(1, trained.result(120)),
        lambda: away(second),
    ]
    for happen in happenings:
        happen()
        gate.further()
    # The rest is finished and submitted while nothing can be delivered to RabbitMQ.
    cluster.rabbitmq.stop()
    gate.open()
    time.sleep(AWAY_SECONDS)
    first.kill()
    first.start()
    cluster.rabbitmq.start()


def test_nothing_is_lost_or_doubled(cluster: Cluster) -> None:
    before = {ready(address)["model"] for address in cluster.server_addresses}
    gate = Gate(TURNS_BETWEEN)
    ports = (cluster.nginx.port, cluster.nginx.port_without_affinity)
    people = [Person(f"http://127.0.0.1:{ports[n // 2 % 2]}", gate) for n in range(PEOPLE)]
    with ThreadPoolExecutor(PEOPLE + 1) as pool:
        happening = pool.submit(meanwhile, cluster, gate)
        applying = [pool.submit(apply, person, n) for n, person in enumerate(people)]
        try:
            happening.result(FINISH_SECONDS * 2)
        finally:
            gate.open()
        for each in applying:
            each.result(FINISH_SECONDS)
    wait_until(lambda: all_delivered(cluster), "deliveries", FINISH_SECONDS)
    wait_until(lambda: all(map(is_whole, cluster.server_addresses)), "all parts", 60)

    references = handed_off_once(cluster, people)
    every_conversation_went_on(people)
    people_were_told(people)
    one_new_model(cluster, before)
    messages = asyncio.run(queued(cluster.rabbitmq.url, "applications"))
    handed_to_rabbitmq_once(messages, references)
    events_tell_nothing_typed(asyncio.run(queued(cluster.rabbitmq.url, EVENTS_QUEUE)))
    logs_tell_nothing_typed(cluster.logs())
    for person in people:
        person.close()


def all_delivered(cluster: Cluster) -> bool:
    return Counter(state for _, state in delivery_states(cluster)) == {"delivered": 2 * PEOPLE}


def delivery_states(cluster: Cluster) -> list[tuple[str, str]]:
    database = database_of(cluster)
    with database.reading() as unit:
        rows = unit.execute(select(deliveries.c.destination, deliveries.c.state)).all()
    database.close()
    return [(row.destination, row.state) for row in rows]


def database_of(cluster: Cluster) -> Database:
    return Database(cluster.variables["BOT_DATABASE_URL"], [cluster.variables["BOT_DATA_KEYS"]])


def is_whole(address: str) -> bool:
    return all(part["ok"] for part in ready(address)["parts"].values())


def handed_off_once(cluster: Cluster, people: list[Person]) -> set[str]:
    """Each person's application is there once, with their own answers; returns the references."""
    references = {str(person.state["reference"]) for person in people}
    assert len(references) == PEOPLE
    database = database_of(cluster)
    with database.reading() as unit:
        rows = unit.execute(select(applications)).all()
    database.close()
    assert {row.reference for row in rows} == references
    assert len({row.conversation_id for row in rows}) == len(rows) == PEOPLE
    folder = cluster.data / "handoff"
    assert {path.name for path in folder.iterdir()} == references
    for number, person in enumerate(people):
        place = folder / str(person.state["reference"]) / "application.json"
        answers = json.loads(place.read_text(encoding="utf-8"))["application"]
        _, own = script_of(number)
        assert answers["club_name"] == own["club_name"]
        assert answers["member_count"] == int(own["member_count"])
        assert answers["product"] == ("jurverein" if number % 2 else "vereins_rechtsschutz")
        assert answers["signed_place"] == "Köln"
    return references


def every_conversation_went_on(people: list[Person]) -> None:
    """Everything sent is in the history once, in order; the session still opens it."""
    for person in people:
        said = [each["id"] for each in person.history() if each["sender"] == "user"]
        assert said == person.sent
    for person in people[:5]:
        reference = person.state["reference"]
        assert person.resume().state["reference"] == reference


def people_were_told(people: list[Person]) -> None:
    """Whoever was not answered at once got a sentence, or nothing while nginx was away."""
    refusals = Counter(refusal for person in people for refusal in person.refusals)
    assert set(refusals) <= REFUSALS
    assert refusals[503, "service_unavailable"] > 0


def one_new_model(cluster: Cluster, before: set[str]) -> None:
    after = {ready(address)["model"] for address in cluster.server_addresses}
    assert len(before) == len(after) == 1
    assert before.isdisjoint(after)


async def queued(url: str, queue: str) -> list[tuple[str, bytes]]:
    """Identifier and content of everything in a queue."""
    found = []
    async with await aio_pika.connect(url) as connection, connection.channel() as channel:
        declared = await channel.declare_queue(queue, durable=True, passive=True)
        while (message := await declared.get(no_ack=True, fail=False)) is not None:
            found.append((str(message.message_id), message.body))
    return found


def handed_to_rabbitmq_once(messages: list[tuple[str, bytes]], references: set[str]) -> None:
    # A receiver tells a repeated message by its identifier, as docs/hand-off.md asks.
    contents = dict(messages)
    assert set(contents) == {f"{reference}:rabbitmq" for reference in references}
    assert all(contents[identity] == body for identity, body in messages)


def events_tell_nothing_typed(events: list[tuple[str, bytes]]) -> None:
    told = [json.loads(body) for _, body in events]
    assert all(set(each) <= EVENT_FIELDS for each in told)
    assert {each["id"] for each in told} == {identity for identity, _ in events}
    submitted = {each["conversation"] for each in told if each.get("ended") == "submitted"}
    assert 0 < len(submitted) <= PEOPLE
    assert b"Turnverein" not in b"".join(body for _, body in events)


def logs_tell_nothing_typed(logs: str) -> None:
    assert '"message": "turn"' in logs
    for typed in ("Turnverein", "Musterdorf", "Hauptstr", "anna.mueller", "0532 0130", "Huber"):
        assert typed not in logs

"""The server processes that share a port: what one does the others know, and when one is killed."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
from conversation_driver import free_port
from served import Served, is_running, wait_until
from widget_client import WidgetClient

from bot.server.models import ensure_model
from bot.settings import PROJECT

TYPED = "Turnverein Heimliches Wort e. V."
PROCESSES = 2
PEOPLE = 12


@pytest.fixture(scope="module")
def served(tmp_path_factory: Any) -> Iterator[Served]:
    models = PROJECT / "var" / "models"
    ensure_model(models, print)
    running = Served(
        {
            "BOT_DATA_DIR": str(tmp_path_factory.mktemp("served")),
            "BOT_MODELS_DIR": str(models),
            "BOT_PORT": str(free_port()),
            "BOT_PROCESSES": str(PROCESSES),
            "BOT_MESSAGES_PER_SECOND": "1000",
            "BOT_CALLS_PER_SECOND": "0",
            "BOT_SESSIONS_PER_SECOND": "100",
        }
    )
    running.wait_for("Ready: ")
    yield running
    running.process.kill()
    running.process.wait()


@pytest.fixture
def address(served: Served) -> str:
    return f"http://127.0.0.1:{served.variables['BOT_PORT']}"


@pytest.fixture
def people(address: str) -> Iterator[list[WidgetClient]]:
    """So many that each process has some of them, by whatever connection each uses."""
    clients = [WidgetClient(address).begin() for _ in range(PEOPLE)]
    yield clients
    for client in clients:
        client.close()


def test_each_process_takes_part(served: Served, address: str, people: list[WidgetClient]) -> None:
    """Each tells the same, also of what the others answered."""
    shown = [httpx.get(f"{address}/metrics", timeout=20, trust_env=False).text for _ in range(8)]
    line = 'bot_action_seconds_count{action="action_begin",outcome="done"} '
    counts = {float(each.partition(line)[2].split("\n")[0]) for each in shown}
    assert counts == {float(len(people))}
    assert len(served.servers()) == PROCESSES


def test_a_conversation_goes_on_in_another_process(address: str) -> None:
    """Each call comes over a connection of its own, to whichever process takes it."""
    client = WidgetClient(address).begin()
    client.choose("answer:request_type:application")
    for _ in range(PEOPLE):
        alone = httpx.get(
            f"{address}/webhooks/widget/application",
            headers={"Authorization": f"Bearer {client.session}"},
            trust_env=False,
        )
        assert alone.json()["answers"] == {"request_type": "application"}
    client.close()


def test_people_who_speak_while_all_processes_are_killed_lose_nothing(
    served: Served, people: list[WidgetClient]
) -> None:
    def speak(client: WidgetClient) -> None:
        client.choose("answer:request_type:application")
        for _ in range(6):
            assert "Selbstbeteiligung" in client.say("Was heißt fallend?").text

    with ThreadPoolExecutor(PEOPLE) as pool:
        speaking = [pool.submit(speak, client) for client in people]
        for process in served.servers():
            os.kill(process, signal.SIGKILL)
        for each in speaking:
            each.result(60)
    wait_until(lambda: len(served.servers()) == PROCESSES, 20, served)
    for client in people:
        shown = client.get("/messages").json()["messages"]
        assert sum(each["sender"] == "user" for each in shown) == 7
        assert client.get("/application").json()["answers"] == {"request_type": "application"}


def test_the_same_message_at_the_same_time_in_several_processes_is_taken_once(
    address: str,
) -> None:
    client = WidgetClient(address).begin()
    message = {"id": "tapped-twice", "choice": "answer:request_type:application"}

    def send(_number: int) -> Any:
        return httpx.post(
            f"{address}/webhooks/widget/messages",
            json=message,
            headers={"Authorization": f"Bearer {client.session}"},
            timeout=30,
            trust_env=False,
        ).json()["messages"]

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(send, range(8)))
    replies = [[each["text"] for each in answer] for answer in answers]
    assert all(each == replies[0] for each in replies)
    shown = client.get("/messages").json()["messages"]
    assert sum(each["sender"] == "user" for each in shown) == 1
    client.close()


def test_what_is_erased_is_gone_everywhere(served: Served, address: str) -> None:
    client = WidgetClient(address).begin()
    client.choose("answer:request_type:application").say(TYPED)
    client.say("Löschen Sie bitte alle meine Daten")
    client.choose("confirm:yes")
    for _ in range(PEOPLE):
        gone = httpx.get(
            f"{address}/webhooks/widget/messages",
            headers={"Authorization": f"Bearer {client.session}"},
            trust_env=False,
        )
        assert gone.status_code == 410
    client.close()


def test_nothing_of_a_turn_is_logged_but_its_mark(served: Served, address: str) -> None:
    WidgetClient(address).begin().choose("answer:request_type:application").say(TYPED).close()
    lines = [line for line in served.lines if "turn_watch" in line]
    assert lines
    assert all("conversation=" in line for line in lines)
    assert not any("Heimlich" in line for line in served.lines)
    assert not any("Traceback" in line for line in served.lines)


def test_they_end_with_the_parent(served: Served) -> None:
    family = served.descendants()
    served.process.terminate()
    assert served.end() == 0
    wait_until(lambda: not any(map(is_running, family)), 20, served)
    assert served.lines[-1] == "Stopped."

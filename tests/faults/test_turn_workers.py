"""The processes that carry out turns, under the real server: what they do, and when one ends."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest
from conversation_driver import free_port
from served import Served, is_running, wait_until
from widget_client import WidgetClient

from bot.server.models import ensure_model
from bot.settings import PROJECT

TYPED = "Turnverein Heimliches Wort e. V."


@pytest.fixture(scope="module")
def served(tmp_path_factory: Any) -> Iterator[Served]:
    models = PROJECT / "var" / "models"
    ensure_model(models, print)
    running = Served(
        {
            "BOT_DATA_DIR": str(tmp_path_factory.mktemp("served")),
            "BOT_MODELS_DIR": str(models),
            "BOT_PORT": str(free_port()),
            "BOT_TURN_PROCESSES": "2",
            "BOT_MESSAGES_PER_SECOND": "1000",
            "BOT_CALLS_PER_SECOND": "0",
            "BOT_CONVERSATION_TURNS": "100000",
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
def client(address: str) -> Iterator[WidgetClient]:
    opened = WidgetClient(address).begin()
    yield opened
    opened.close()


@pytest.fixture
def others(address: str) -> Iterator[None]:
    """People who speak all the time: then turns are handed to the processes."""
    over = threading.Event()

    def speak() -> set[bool]:
        client, understood = WidgetClient(address).begin(), set()
        # Also one who comes when the others are done says something.
        while not (understood and over.is_set()):
            understood.add("Selbstbeteiligung" in client.say("Was heißt fallend?").text)
        client.close()
        return understood

    with ThreadPoolExecutor() as pool:
        speaking = [pool.submit(speak) for _ in range(3)]
        yield
        over.set()
    assert [person.result() for person in speaking] == [{True}] * 3


def workers(served: Served) -> list[int]:
    """Those that carry out turns: the youngest generation."""
    family = served.descendants()
    server = served.children()["rasa_process"]
    [nursery] = [process for process, parent in family.items() if parent == server]
    return sorted(process for process, parent in family.items() if parent == nursery)


@pytest.mark.usefixtures("others")
def test_a_conversation_goes_on_when_all_of_them_are_killed(
    served: Served, client: WidgetClient
) -> None:
    client.choose("answer:request_type:application")
    asked = client.question
    before = workers(served)
    assert len(before) == 2
    for process in before:
        os.kill(process, signal.SIGKILL)
    client.say("Was heißt fallend?")
    assert client.question == asked
    wait_until(lambda: len(workers(served)) == 2, 20, served)
    assert not set(before) & set(workers(served))


def test_a_turn_whose_process_is_killed_is_done_again(served: Served, address: str) -> None:
    wait_until(lambda: len(workers(served)) == 2, 20, served)
    # Every second conversation has its turns there, so that one of them will.
    clients = [WidgetClient(address).begin() for _ in range(16)]
    # The first of these turns stays in the server.
    stopped = workers(served)[0]
    # What is sent to it arrives, but it does not begin.
    os.kill(stopped, signal.SIGSTOP)
    asked = [
        in_the_background(client.choose, "answer:request_type:application") for client in clients
    ]
    wait_until(lambda: sum(turn.is_alive() for turn in asked) <= 2, 20, served)
    waiting = [client for client, turn in zip(clients, asked) if turn.is_alive()]
    os.kill(stopped, signal.SIGKILL)
    for turn in asked:
        turn.join(30)
    assert waiting
    for client in clients:
        assert client.question is not None
        shown = client.get("/messages").json()["messages"]
        assert sum(each["sender"] == "user" for each in shown) == 1
        client.close()


def in_the_background(call: Callable[..., Any], *given: Any) -> threading.Thread:
    begun = threading.Thread(target=call, args=given)
    begun.start()
    return begun


def test_their_figures_are_shown_with_the_servers(client: WidgetClient, address: str) -> None:
    def actions_begun() -> float:
        shown = httpx.get(f"{address}/metrics", timeout=20, trust_env=False).text
        line = 'bot_action_seconds_count{action="action_begin",outcome="done"} '
        return float(shown.partition(line)[2].split("\n")[0])

    before = actions_begun()
    assert before >= 1
    clients = [WidgetClient(address) for _ in range(20)]
    begun = [in_the_background(client.begin) for client in clients]
    for conversation in begun:
        conversation.join(30)
    assert actions_begun() == before + 20
    for client in clients:
        client.close()


@pytest.mark.usefixtures("others")
def test_what_is_erased_in_one_of_them_is_gone_everywhere(
    served: Served, client: WidgetClient
) -> None:
    client.choose("answer:request_type:application").say(TYPED)
    client.say("Löschen Sie bitte alle meine Daten")
    client.choose("confirm:yes")
    assert client.get("/messages").status_code == 410
    assert client.get("/application").status_code == 410


@pytest.mark.usefixtures("others")
def test_nothing_of_a_turn_is_logged_but_its_mark(served: Served, client: WidgetClient) -> None:
    client.choose("answer:request_type:application").say(TYPED)
    lines = [line for line in served.lines if "turn_watch" in line]
    assert lines
    assert all("conversation=" in line for line in lines)
    assert not any("Heimlich" in line for line in served.lines)
    assert not any("Traceback" in line for line in served.lines)


def test_they_end_with_the_server(served: Served) -> None:
    wait_until(lambda: len(workers(served)) == 2, 20, served)
    family = served.descendants()
    served.process.terminate()
    assert served.end() == 0
    wait_until(lambda: not any(map(is_running, family)), 20, served)
    assert served.lines[-1] == "Stopped."


def test_none_are_started_where_the_settings_say_so(tmp_path: Path) -> None:
    running = Served(
        {
            "BOT_DATA_DIR": str(tmp_path),
            "BOT_MODELS_DIR": str(PROJECT / "var" / "models"),
            "BOT_PORT": str(free_port()),
            "BOT_TURN_PROCESSES": "0",
        }
    )
    try:
        running.wait_for("Ready: ")
        assert list(running.descendants()) == [running.children()["rasa_process"]]
        address = f"http://127.0.0.1:{running.variables['BOT_PORT']}"
        client = WidgetClient(address).begin().choose("answer:request_type:application")
        assert client.question is not None
        client.close()
    finally:
        running.process.terminate()
        assert running.end() == 0

"""A data folder that release 1.0 left behind is migrated, and what was begun with it goes on."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from conversation_driver import free_port
from served import Served
from widget_client import WidgetClient

from bot.server.models import ensure_model
from bot.settings import PROJECT

FORMER = Path(__file__).parent / "data" / "former_release"
LEFT: dict[str, dict[str, Any]] = json.loads((FORMER / "continue.json").read_text("utf-8"))


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = shutil.copytree(FORMER / "data", tmp_path_factory.mktemp("former") / "data")
    models = PROJECT / "var" / "models"
    ensure_model(models, print)
    running = Served(
        {
            "BOT_DATA_DIR": str(folder),
            "BOT_MODELS_DIR": str(models),
            "BOT_PORT": str(free_port()),
            "BOT_NOW": "2026-11-21T10:00",
        }
    )
    running.wait_for("Ready: ")
    yield running
    running.process.terminate()
    running.end()


def client_of(served: Served, name: str) -> WidgetClient:
    address = f"http://127.0.0.1:{served.variables['BOT_PORT']}"
    return WidgetClient(address).go_on(LEFT[name]["session"], LEFT[name]["next_message"])


def answers(client: WidgetClient) -> dict[str, Any]:
    found: dict[str, Any] = client.get("/application").json()["answers"]
    return found


def test_rasas_stored_state_is_gone(served: Served) -> None:
    assert not list(Path(served.variables["BOT_DATA_DIR"]).glob("tracker*"))


def test_an_open_application_goes_on_with_its_open_question(served: Served) -> None:
    client = client_of(served, "open")
    assert answers(client) == LEFT["open"]["answers"]
    client.say("1.1.2027")
    assert answers(client) == {**LEFT["open"]["answers"], "start_date": "2027-01-01"}
    assert client.question is not None
    client.close()


def test_what_waited_to_be_confirmed_is_confirmed(served: Served) -> None:
    client = client_of(served, "confirming")
    before = answers(client)
    client.choose(LEFT["confirming"]["last_choices"][0])
    after = answers(client)
    assert before == LEFT["confirming"]["answers"]
    assert after == {
        **before,
        "member_count": 85,
        "product": "jurverein",
        "deductible": "fixed_350",
        "start_date": "2027-03-01",
        "payment_frequency": "annual",
    }
    client.close()


def test_a_submitted_application_is_shown_with_its_reference(served: Served) -> None:
    client = client_of(served, "submitted")
    shown = client.get("/application").json()
    assert shown["reference"] == LEFT["submitted"]["reference"]
    assert client.get("/application.pdf").content.startswith(b"%PDF-")
    client.close()


def test_the_messages_so_far_are_shown(served: Served) -> None:
    client = client_of(served, "open")
    shown = client.get("/messages").json()["messages"]
    said = [each.get("text") for each in shown]
    assert all(reply in said for reply in LEFT["open"]["last_reply"])
    client.close()

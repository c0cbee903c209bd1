"""The page behind a link out of a messenger, in a real browser."""

from __future__ import annotations

import re
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from browser.conftest import PHONE
from debian_programs import need
from graph_stand_in import PAGE, GraphStandIn, taps_of
from meta_connection import PUBLIC, meta_settings
from meta_payloads import MessengerPerson
from meta_server import Server
from playwright.sync_api import BrowserContext, Page, Route, expect

from bot.channels.meta import platforms

NewContext = Callable[..., BrowserContext]


@pytest.fixture
def graph() -> GraphStandIn:
    return GraphStandIn()


@pytest.fixture
def server(
    tmp_path: Path, graph: GraphStandIn, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Server]:
    monkeypatch.setattr(platforms, "_new_client", graph.client)
    portal_secret = "portal-secret-of-more-than-32-characters"
    running = Server(meta_settings(tmp_path, given_portal_secret=portal_secret))
    yield running
    running.stop()


def link_from(server: Server, graph: GraphStandIn) -> str:
    """What the person taps, with this server in place of the public address."""
    server.rasa.question = {
        "field": "iban", "type": "iban", "section": "payment", "label": "IBAN", "constraints": {},
    }  # fmt: skip
    person = MessengerPerson()
    assert server.post("messenger", person.batch([person.says("Ein Antrag")])).status_code == 200
    give_up = time.monotonic() + 15
    while len(graph.sent) < 3 and time.monotonic() < give_up:
        time.sleep(0.02)
    found = [link for sent in graph.sent for link in taps_of(sent).values() if "#" in link]
    return found[0].replace(f"{PUBLIC}/webhooks", server.webhooks)


def shows_conversation(page: Page) -> None:
    expect(page.get_by_text("Frage 1?")).to_be_visible()


def test_the_link_opens_the_conversation_once_survives_a_reload_and_leads_back(
    server: Server, graph: GraphStandIn, new_context: NewContext
) -> None:
    link = link_from(server, graph)
    page = new_context(**PHONE).new_page()
    page.goto(link)
    shows_conversation(page)
    assert "#" not in page.url
    page.reload()
    shows_conversation(page)

    back: list[str] = []

    def note(route: Route) -> None:
        back.append(route.request.url)
        route.abort()

    page.route(re.compile(r"^https://m\.me/"), note)
    with page.expect_request(re.compile(r"^https://m\.me/")):
        page.get_by_role("button", name="Zurück zum Messenger").click()
    page.wait_for_timeout(500)
    assert len(back) == 1
    assert "ref=eyJ" in back[0]

    stranger = new_context(**PHONE).new_page()
    stranger.goto(link)
    stranger.wait_for_timeout(1000)
    expect(stranger.get_by_text("Frage 1?")).to_have_count(0)
    expect(stranger.get_by_text("Ein Antrag")).to_have_count(0)


def test_at_a_computer_a_code_leads_back_on_the_phone(
    server: Server, graph: GraphStandIn, new_context: NewContext, tmp_path: Path
) -> None:
    page = new_context(viewport={"width": 1280, "height": 900}).new_page()
    page.goto(link_from(server, graph))
    shows_conversation(page)
    page.get_by_role("button", name="Zurück zum Messenger").click()
    dialog = page.get_by_role("dialog", name="Zurück zum Messenger")
    expect(dialog).to_be_visible()
    here = dialog.get_by_role("link", name="Auf diesem Gerät öffnen").get_attribute("href")
    assert here is not None
    assert here.startswith(f"https://m.me/{PAGE}?ref=eyJ")
    dialog.locator("img").screenshot(path=tmp_path / "code.png")
    assert scanned(tmp_path / "code.png") == here
    dialog.get_by_role("button", name="Schließen").click()
    expect(dialog).to_be_hidden()


def scanned(picture: Path) -> str:
    """What a phone reads in the picture."""
    program = need(Path("/usr/bin/zbarimg"), "zbar-tools")
    command = [program, "--quiet", "--raw", picture]
    found = subprocess.run(command, capture_output=True, check=True, text=True)
    return found.stdout.strip()

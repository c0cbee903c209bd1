"""Every state of the widget: nothing for axe to find, no breach of the policy, a screenshot."""

from __future__ import annotations

from typing import Any

import pytest
from browser.conftest import PHONE, OpenPage
from browser.fake_api import FakeApi
from browser.fake_replies import REPLIES
from browser.widget_page import WidgetPage
from playwright.sync_api import expect

LOOKS: dict[str, dict[str, Any]] = {
    "desktop": {},
    "phone": PHONE,
    "dark": {"color_scheme": "dark"},
    "forced-colors": {"forced_colors": "active"},
    "zoom-400": {"viewport": {"width": 320, "height": 200}, "device_scale_factor": 4},
}
CARDS = ("quote", "comparison", "review", "documents", "done", "address")


def look_at(widget: WidgetPage, name: str, axe_source: str) -> None:
    widget.page.wait_for_timeout(300)  # the reply fades in
    widget.screenshot(name)
    assert widget.axe(axe_source) == []
    widget.expect_clean()


@pytest.mark.parametrize("state", REPLIES)
def test_each_reply_on_the_desktop(state: str, widget: WidgetPage, axe_source: str) -> None:
    widget.say(state)
    look_at(widget, f"desktop-{state}", axe_source)


@pytest.mark.parametrize("look", [name for name in LOOKS if name != "desktop"])
def test_cards_in_every_look(look: str, open_page: OpenPage, axe_source: str) -> None:
    widget = open_page(**LOOKS[look])
    look_at(widget, f"{look}-portal", axe_source)
    widget.open()
    look_at(widget, f"{look}-greeting", axe_source)
    for card in CARDS:
        widget.say(card)
        look_at(widget, f"{look}-{card}", axe_source)


def test_closed_and_just_opened(open_page: OpenPage, axe_source: str) -> None:
    widget = open_page()
    look_at(widget, "desktop-portal", axe_source)
    widget.open()
    look_at(widget, "desktop-greeting", axe_source)


def test_error_at_a_control(widget: WidgetPage, axe_source: str) -> None:
    widget.say("address")
    widget.button("Übernehmen").click()
    look_at(widget, "desktop-error", axe_source)


def test_refused_answer(widget: WidgetPage, axe_source: str) -> None:
    widget.say("iban")
    widget.say("das ist falsch")
    expect(widget.error).to_contain_text("Das habe ich nicht verstanden.")
    look_at(widget, "desktop-refused", axe_source)


def test_offline(widget: WidgetPage, axe_source: str) -> None:
    widget.page.context.set_offline(True)
    widget.say("Hallo?", delivered=False)
    expect(widget.page.get_by_text("Keine Verbindung.").first).to_be_visible()
    look_at(widget, "desktop-offline", axe_source)


def test_ended(fake: FakeApi, widget: WidgetPage, axe_source: str) -> None:
    fake.conversations.clear()
    widget.say("noch da?", delivered=False)
    expect(widget.button("Neu beginnen")).to_be_visible()
    look_at(widget, "desktop-ended", axe_source)


def test_asking_before_erasing(widget: WidgetPage, axe_source: str) -> None:
    widget.button("Neu beginnen").click()
    look_at(widget, "desktop-restart", axe_source)


def test_waiting_for_the_answer(fake: FakeApi, widget: WidgetPage, axe_source: str) -> None:
    fake.delay = 1.5
    widget.say("number", delivered=False)
    expect(widget.page.locator("vereins-antrag .typing")).to_be_visible()
    look_at(widget, "desktop-typing", axe_source)


def test_long_notice_is_read_from_its_beginning(widget: WidgetPage) -> None:
    widget.say("legal")
    widget.page.wait_for_timeout(600)
    expect(widget.page.get_by_text("Hinweis zur Anzeigepflicht")).to_be_in_viewport()


def test_what_comes_before_a_control_is_seen_first(widget: WidgetPage) -> None:
    widget.say("text")
    widget.control.get_by_label("Vereinsname").fill("quote_and_date")
    widget.button("Übernehmen").click()
    field = widget.control.get_by_label("Beginn", exact=True)
    expect(field).to_be_focused()
    widget.page.wait_for_timeout(600)
    expect(widget.log.locator(".quote h3")).to_be_in_viewport()
    field.press("Tab")
    expect(widget.button("Beginn: Kalender öffnen")).to_be_in_viewport()


def test_nothing_scrolls_sideways_at_400_percent(open_page: OpenPage) -> None:
    widget = open_page(**LOOKS["zoom-400"]).open()
    for card in REPLIES:
        widget.say(card)
        wider = widget.page.evaluate(
            """() => [...document.querySelector("vereins-antrag").shadowRoot
              .querySelectorAll("*:not(.hidden):not(.hidden *):not(.picker)")]
              .filter((node) => node.getBoundingClientRect().right > innerWidth + 1)
              .map((node) => `${node.tagName}.${node.className}`)"""
        )
        assert wider == [], card


def test_targets_are_large_enough(widget: WidgetPage) -> None:
    for state in REPLIES:
        widget.say(state)
        small = widget.page.evaluate(
            """() => [...document.querySelector("vereins-antrag").shadowRoot
              .querySelectorAll("button, input:not(.picker), textarea, summary")]
              .map((node) => node.closest("label") ?? node)
              .filter((node) => node.offsetParent)
              .map((node) => [node.outerHTML.slice(0, 80), node.getBoundingClientRect()])
              .filter(([, box]) => box.width < 24 || box.height < 24)"""
        )
        assert small == [], state

"""Whole applications in a real browser, against the product as an operator starts it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from browser.conftest import PHONE
from browser.journey import (
    ANSWERS,
    END,
    Fill,
    Tap,
    answer_until,
    by_keyboard,
    by_mouse,
    expect_question,
    tab_to,
)
from browser.running_assistant import RunningAssistant
from browser.widget_page import WidgetPage
from playwright.sync_api import BrowserContext, expect

NewContext = Callable[..., BrowserContext]


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningAssistant]:
    running = RunningAssistant(tmp_path_factory.mktemp("assistant"))
    running.start()
    yield running
    running.stop()


def visit(context: BrowserContext, assistant: RunningAssistant) -> WidgetPage:
    widget = WidgetPage(context.new_page()).visit(assistant.portal)
    expect(widget.page.locator("#account")).to_contain_text("Maklerbüro Beispiel")
    widget.collect_events()
    return widget.open()


def look_at(widget: WidgetPage, name: str, axe_source: str) -> None:
    widget.page.wait_for_timeout(300)  # the reply fades in
    widget.screenshot(f"product-{name}")
    widget.expect_in_place()
    assert widget.axe(axe_source) == []


def reference(widget: WidgetPage) -> str:
    return widget.log.locator(".done strong").inner_text()


@pytest.mark.timeout(400)
def test_by_mouse_with_a_correction_and_a_reload(
    new_context: NewContext, assistant: RunningAssistant, axe_source: str
) -> None:
    widget = visit(new_context(), assistant)
    look_at(widget, "greeting", axe_source)
    answer_until(widget, "Beginn")
    look_at(widget, "quote", axe_source)
    shown = widget.messages.locator(".bubble").all_inner_texts()
    widget.reload()
    widget.open()
    expect_question(widget, "Beginn")
    assert widget.messages.locator(".bubble").all_inner_texts() == shown
    answer_until(widget, "Angaben prüfen")
    look_at(widget, "review", axe_source)

    widget.button("Mitgliederzahl ändern").click()
    expect_question(widget, "Mitgliederzahl")
    by_mouse(widget, Fill({"Mitgliederzahl": "180"}))
    expect_question(widget, "Angaben prüfen")
    expect(widget.log.locator(".review").last).to_contain_text("180")
    widget.collect_events()
    answer_until(widget, END)
    look_at(widget, "done", axe_source)

    handed_off = assistant.handed_off(reference(widget))
    application = handed_off["application"]
    assert application["club_name"] == "Schützengilde Waldeck 1888 e. V."
    assert application["member_count"] == 180
    assert application["iban"] == "DE89370400440532013000"
    assert handed_off["quote"]["total_per_instalment"] == "38.52"
    assert ["submitted", {"reference": handed_off["reference"]}] in widget.told()
    with widget.page.expect_download() as download:
        widget.button("Als PDF speichern").click()
    assert Path(download.value.path()).read_bytes().startswith(b"%PDF")
    widget.expect_clean()


@pytest.mark.timeout(400)
def test_by_keyboard_only(new_context: NewContext, assistant: RunningAssistant) -> None:
    widget = WidgetPage(new_context().new_page()).visit(assistant.portal)
    tab_to(widget, "Verein versichern", most=20)
    widget.page.keyboard.press("Enter")
    expect_question(widget, "Antragsart")
    asked = answer_until(widget, "Angaben prüfen", by_keyboard)
    assert len(asked) == len(set(asked)) == list(ANSWERS).index("Angaben prüfen")
    tab_to(widget, "Mobilnummer ändern", "Shift+Tab", most=60)
    widget.page.keyboard.press("Enter")
    expect_question(widget, "Mobilnummer")
    by_keyboard(widget, Fill({"Mobilnummer": "0171 9876543"}))
    answer_until(widget, END, by_keyboard)
    handed_off = assistant.handed_off(reference(widget))
    assert handed_off["application"]["mobile_phone"] == "+491719876543"
    widget.expect_clean()


@pytest.mark.timeout(400)
def test_on_a_phone_with_a_restart_and_no_network(
    new_context: NewContext, assistant: RunningAssistant, axe_source: str
) -> None:
    context = new_context(**PHONE)
    widget = visit(context, assistant)
    answer_until(widget, "Anschrift")
    look_at(widget, "phone-address", axe_source)

    assistant.stop()
    by_hand = widget.own.count()
    widget.composer.fill("Hauptstraße 7, 50667 Köln")
    widget.composer.press("Enter")
    expect(widget.own.last).to_contain_text("Wird gesendet, sobald es geht")
    look_at(widget, "phone-server-down", axe_source)
    assistant.start()
    expect(widget.own.last.locator(".meta")).to_contain_text("Zugestellt", timeout=30_000)
    expect_question(widget, "Gesetzlich vertreten durch")
    assert widget.own.count() == by_hand + 1

    context.set_offline(True)
    widget.control.get_by_role("button", name="Frau", exact=True).tap()
    expect(widget.page.get_by_text("Keine Verbindung.").first).to_be_visible()
    context.set_offline(False)
    expect_question(widget, "Name der gesetzlichen Vertretung")
    assert widget.own_texts().count("Frau") == 1
    widget.expect_clean()


def test_two_tabs(new_context: NewContext, assistant: RunningAssistant) -> None:
    context = new_context()
    first = visit(context, assistant)
    answer_until(first, "Vereinsname")
    second = visit(context, assistant)
    expect_question(second, "Vereinsname")
    by_mouse(second, ANSWERS["Vereinsname"])
    expect_question(first, "Art des Vereins")
    by_mouse(first, ANSWERS["Art des Vereins"])
    expect_question(second, "Nur natürliche Personen, kein wirtschaftlicher Zweck")
    assert first.own_texts() == second.own_texts()
    first.expect_clean()


def test_refused_answers_stay_at_the_control(
    new_context: NewContext, assistant: RunningAssistant, axe_source: str
) -> None:
    widget = visit(new_context(), assistant)
    answer_until(widget, "Mitgliederzahl")
    by_mouse(widget, Fill({"Mitgliederzahl": "sehr viele"}))
    expect_question(widget, "Mitgliederzahl")
    expect(widget.error).not_to_be_empty()
    expect(widget.control.get_by_label("Mitgliederzahl")).to_have_value("sehr viele")
    look_at(widget, "refused", axe_source)
    for text in ("<b>fett</b>", "/unknown{}", "🙂🙂🙂", "x" * 10_500):
        widget.say(text)
        expect_question(widget, "Mitgliederzahl")
    widget.expect_clean()


def test_comparing_and_taking_another(
    new_context: NewContext, assistant: RunningAssistant, axe_source: str
) -> None:
    widget = visit(new_context(), assistant)
    answer_until(widget, "Beginn")
    widget.say("Preise vergleichen")
    current = widget.log.get_by_role("button", pressed=True)
    expect(current).to_contain_text("717,00")
    look_at(widget, "comparison", axe_source)
    widget.log.get_by_role("button", name="Vereins-Rechtsschutz").first.click()
    expect(widget.log.locator(".quote").last).not_to_contain_text("717,00")
    widget.expect_clean()


def test_a_file_that_is_none_of_the_kinds(
    new_context: NewContext, assistant: RunningAssistant
) -> None:
    widget = visit(new_context(), assistant)
    answer_until(widget, "Vereinssatzung")
    widget.control.locator("input[type=file]").first.set_input_files(
        {"name": "Satzung.pdf", "mimeType": "application/pdf", "buffer": b"MZ not a document"}
    )
    expect(widget.error).to_contain_text("PDF, JPEG, PNG und HEIC")
    by_mouse(widget, Tap("Reiche ich nach"))
    expect_question(widget, "Angaben prüfen")
    widget.expect_clean()


def test_erasing(new_context: NewContext, assistant: RunningAssistant) -> None:
    widget = visit(new_context(), assistant)
    answer_until(widget, "Art des Vereins")
    widget.button("Neu beginnen").click()
    widget.button("Löschen und neu beginnen").click()
    expect_question(widget, "Antragsart")
    expect(widget.own).to_have_count(0)
    widget.reload()
    widget.open()
    expect(widget.own).to_have_count(0)
    widget.expect_clean()

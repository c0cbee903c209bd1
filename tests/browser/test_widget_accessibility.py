"""Keyboard, focus and what a screen reader is told."""

from __future__ import annotations

from browser.conftest import PHONE, OpenPage
from browser.fake_api import FakeApi
from browser.journey import tab_to
from browser.widget_page import WidgetPage
from playwright.sync_api import expect


def press(widget: WidgetPage, *keys: str) -> None:
    for key in keys:
        widget.page.keyboard.press(key)


def test_the_window_by_keyboard(open_page: OpenPage) -> None:
    widget = open_page()
    tab_to(widget, "Verein versichern")
    press(widget, "Enter")
    expect(widget.messages).to_have_count(2)
    expect(widget.control).to_be_focused()
    press(widget, "Escape")
    expect(widget.window).to_be_hidden()
    assert widget.focused() == "Verein versichern"


def test_the_close_button_returns_to_the_launcher(widget: WidgetPage) -> None:
    widget.button("Fenster schließen").click()
    expect(widget.window).to_be_hidden()
    assert widget.focused() == "Verein versichern"


def test_typing_keeps_the_focus_where_it_is(widget: WidgetPage) -> None:
    widget.say("address")
    expect(widget.control).to_be_visible()
    assert widget.focused() == "Ihre Nachricht"


def test_the_focus_follows_the_conversation(widget: WidgetPage, fake: FakeApi) -> None:
    widget.say("text")
    widget.control.get_by_label("Vereinsname").fill("address")
    press(widget, "Enter")
    expect(widget.control.get_by_label("Straße und Hausnummer")).to_be_focused()
    for label, value in (("PLZ", "50667"), ("Ort", "Köln")):
        widget.control.get_by_label(label).fill(value)
    widget.control.get_by_label("Straße und Hausnummer").fill("Hauptstraße 7")
    press(widget, "Enter")
    widget.expect_delivered(3)
    expect(widget.composer).to_be_focused()


def test_only_the_messages_scroll(widget: WidgetPage) -> None:
    for state in ("legal", "review"):
        widget.say(state)
        # As browsers do when something far below receives the focus.
        widget.window.evaluate("(frame) => { frame.scrollTop = 500; }")
        widget.expect_in_place()


def test_choices_are_not_taken_by_a_second_enter(widget: WidgetPage) -> None:
    widget.say("text")
    widget.control.get_by_label("Vereinsname").fill("yes_no")
    press(widget, "Enter", "Enter", "Enter")
    widget.expect_delivered(2)
    expect(widget.control).to_be_focused()
    expect(widget.control).to_have_accessible_name("Familienmitgliedschaft")
    press(widget, "Tab", "Enter")
    widget.expect_delivered(3)
    assert widget.own_texts()[-1] == "Ja"


def test_enter_sends_and_shift_enter_does_not(widget: WidgetPage) -> None:
    widget.composer.press_sequentially("erste")
    press(widget, "Shift+Enter")
    widget.composer.press_sequentially("zweite")
    press(widget, "ArrowUp", "1", "Enter")
    widget.expect_delivered(1)
    assert widget.own_texts() == ["erste1\nzweite"]
    press(widget, "Enter")
    expect(widget.own).to_have_count(1)


def test_figures_are_only_figures(widget: WidgetPage) -> None:
    widget.say("choice")
    press(widget, "1", "2")
    expect(widget.composer).to_have_value("12")
    expect(widget.own).to_have_count(1)


def test_an_error_has_the_focus_and_a_description(widget: WidgetPage) -> None:
    widget.say("email")
    widget.control.get_by_label("E-Mail").fill("unsinn")
    press(widget, "Enter")
    field = widget.control.get_by_label("E-Mail")
    expect(field).to_be_focused()
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_accessible_description(
        "Zum Beispiel vorstand@mein-verein.de Fehler: "
        "Bitte prüfen Sie die E-Mail-Adresse, zum Beispiel vorstand@mein-verein.de."
    )


def test_the_log_tells_only_what_is_new(widget: WidgetPage) -> None:
    widget.say("address")
    expect(widget.log).to_have_attribute("aria-live", "polite")
    expect(widget.log).to_have_attribute("aria-relevant", "additions")
    expect(widget.own.last).to_have_attribute("aria-live", "off")
    assert widget.log.get_by_role("textbox").count() == 0
    widget.reload()
    widget.launcher.click()
    expect(widget.log).to_have_attribute("aria-live", "off")
    expect(widget.messages.last).to_contain_text("Wie lautet die Anschrift")
    expect(widget.log).to_have_attribute("aria-live", "polite")


def test_a_slow_answer_is_announced(widget: WidgetPage, fake: FakeApi) -> None:
    fake.delay = 3.5
    widget.say("eins", delivered=False)
    status = widget.page.get_by_role("status")
    expect(status).to_have_text("Der Assistent schreibt …")
    widget.expect_delivered(1)
    expect(status).to_have_text("")


def test_the_window_is_a_labelled_dialogue_in_german(widget: WidgetPage) -> None:
    expect(widget.window).to_have_attribute("lang", "de")
    expect(widget.window).to_have_accessible_name("Vereins-Rechtsschutz")
    bar = widget.page.get_by_role("progressbar")
    widget.say("number")
    expect(bar).to_have_attribute("aria-valuetext", "Verein 1 von 38 Angaben")


def test_the_sheet_on_a_phone_keeps_the_page_out_of_reach(open_page: OpenPage) -> None:
    widget = open_page(**PHONE)
    widget.launcher.tap()
    expect(widget.messages).to_have_count(2)
    for _ in range(12):
        press(widget, "Tab")
        assert widget.page.evaluate(
            "['VEREINS-ANTRAG', 'BODY'].includes(document.activeElement.tagName)"
        )
    widget.page.wait_for_timeout(300)  # the sheet rises
    box = widget.window.bounding_box()
    assert box == {"x": 0, "y": 0, "width": 390, "height": 844}
    widget.button("Fenster schließen").tap()
    expect(widget.window).to_be_hidden()


def test_a_tap_on_a_phone_opens_no_keyboard(open_page: OpenPage) -> None:
    widget = open_page(**PHONE).open()
    widget.say("choice")
    widget.button("350 € fest").tap()
    widget.expect_delivered(2)
    tag = widget.page.evaluate(
        "document.querySelector('vereins-antrag').shadowRoot.activeElement?.tagName"
    )
    assert tag not in ("INPUT", "TEXTAREA")


def test_the_composer_stays_above_the_keyboard(open_page: OpenPage) -> None:
    widget = open_page(**PHONE).open()
    widget.say("iban")
    widget.page.evaluate(
        """() => {
          Object.defineProperty(visualViewport, "height", { value: 420 });
          visualViewport.dispatchEvent(new Event("resize"));
        }"""
    )
    expect(widget.control.get_by_label("IBAN")).to_be_in_viewport(ratio=1)
    composer = widget.composer.bounding_box()
    assert composer["y"] + composer["height"] <= 420
    widget.screenshot("phone-keyboard")


def test_turning_a_window_into_a_sheet_keeps_what_was_typed(widget: WidgetPage) -> None:
    widget.say("address")
    street = widget.control.get_by_label("Straße und Hausnummer")
    street.fill("Hauptstraße 7")
    widget.page.set_viewport_size({"width": 400, "height": 700})
    expect(street).to_have_value("Hauptstraße 7")
    expect(street).to_be_focused()
    assert widget.window.bounding_box()["width"] == 400


def test_little_motion(open_page: OpenPage) -> None:
    widget = open_page(reduced_motion="reduce").open()
    widget.say("address")
    moving = widget.page.evaluate(
        """() => document.querySelector("vereins-antrag").shadowRoot
          .getAnimations({ subtree: true }).length"""
    )
    assert moving == 0


def test_a_whole_conversation_by_keyboard_only(open_page: OpenPage, fake: FakeApi) -> None:
    widget = open_page()
    tab_to(widget, "Verein versichern")
    press(widget, "Enter")
    expect(widget.control).to_be_focused()
    press(widget, "Tab", "Tab", "Space")
    widget.expect_delivered(1)
    expect(widget.composer).to_be_focused()
    widget.page.keyboard.type("review")
    press(widget, "Enter")
    widget.expect_delivered(2)
    tab_to(widget, "Mitgliederzahl ändern", "Shift+Tab", most=30)
    press(widget, "Enter")
    widget.expect_delivered(3)
    assert widget.own_texts() == ["Angebot anfordern", "review", "Mitgliederzahl ändern"]
    widget.expect_clean()

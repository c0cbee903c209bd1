"""What each control sends, what it checks before, and how it keeps what was typed."""

from __future__ import annotations

from pathlib import Path

import pytest
from browser.conftest import PHONE, OpenPage
from browser.fake_api import FakeApi
from browser.widget_page import WidgetPage
from playwright.sync_api import expect

PDF = b"%PDF-1.4\n%%EOF"


def sent(fake: FakeApi) -> object:
    """What the last message said."""
    _, _, body = [each for each in fake.requests if each[:2] == ("POST", "/messages")][-1]
    return body.get("text", body.get("choice"))


def fill(widget: WidgetPage, fields: dict[str, str]) -> None:
    for label, value in fields.items():
        widget.control.get_by_label(label, exact=True).fill(value)
    widget.button("Übernehmen").click()


@pytest.mark.parametrize(
    ("control", "fields", "expected"),
    [
        ("text", {"Vereinsname": "Schützengilde e. V."}, "Schützengilde e. V."),
        ("long_text", {"Sonstiges": "Erste Zeile\nzweite"}, "Erste Zeile\nzweite"),
        ("number", {"Mitgliederzahl": "250"}, "250"),
        ("number", {"Mitgliederzahl": "zweihundertfünfzig"}, "zweihundertfünfzig"),
        ("phone", {"Mobilnummer": "0171 2345678"}, "0171 2345678"),
        ("email", {"E-Mail": "vorstand@verein.de"}, "vorstand@verein.de"),
        ("iban", {"IBAN": "de89370400440532013000"}, "DE89 3704 0044 0532 0130 00"),
        ("date", {"Beginn": "01.01.2027"}, "01.01.2027"),
        ("date", {"Beginn": "zum nächsten Ersten"}, "zum nächsten Ersten"),
        ("day_month", {"Abweichende Hauptfälligkeit": "01.07."}, "01.07."),
        (
            "address",
            {"Straße und Hausnummer": "Hauptstraße 7", "PLZ": "50667", "Ort": "Köln"},
            "Hauptstraße 7, 50667 Köln",
        ),
        ("person_name", {"Vorname": "Anna", "Nachname": "Müller"}, "Müller, Anna"),
        (
            "period",
            {"Beginn": "01.01.2018", "Ende": "31.12.2023"},
            "01.01.2018 bis 31.12.2023",
        ),
    ],
)
def test_what_is_sent(
    control: str, fields: dict[str, str], expected: str, widget: WidgetPage, fake: FakeApi
) -> None:
    widget.say(control)
    fill(widget, fields)
    widget.expect_delivered(2)
    assert sent(fake) == expected
    assert widget.own_texts()[-1] == expected
    widget.expect_clean()


def test_a_period_that_still_runs(widget: WidgetPage, fake: FakeApi) -> None:
    widget.say("period")
    widget.control.get_by_label("läuft noch").check()
    fill(widget, {"Beginn": "1.5.2018"})
    widget.expect_delivered(2)
    assert sent(fake) == "seit 1.5.2018, läuft noch"


def test_several_may_be_ticked(widget: WidgetPage, fake: FakeApi) -> None:
    widget.say("choices")
    expect(widget.control.get_by_role("button")).to_have_count(1)
    widget.control.get_by_label("Verein", exact=True).check()
    widget.control.get_by_label("Zahlung").check()
    widget.button("Übernehmen").click()
    widget.expect_delivered(2)
    assert sent(fake) == "Verein, Zahlung"


def test_a_tapped_choice_shows_its_title(widget: WidgetPage, fake: FakeApi) -> None:
    widget.say("choice")
    widget.button("350 € fest").click()
    widget.expect_delivered(2)
    assert sent(fake) == "answer:deductible:fixed_350"
    assert widget.own_texts()[-1] == "350 € fest"


def test_a_suggested_date_is_one_tap(widget: WidgetPage, fake: FakeApi) -> None:
    widget.say("date")
    expect(widget.button("21.11.2026")).to_be_visible()
    expect(widget.button("01.12.2026")).to_be_visible()
    widget.button("01.01.2027").click()
    widget.expect_delivered(2)
    assert sent(fake) == "01.01.2027"


def test_the_calendar_fills_in_a_german_date(widget: WidgetPage) -> None:
    widget.say("date")
    widget.control.locator("input[type=date]").evaluate(
        "(picker) => { picker.value = '2027-03-09'; picker.dispatchEvent(new Event('change')); }"
    )
    expect(widget.control.get_by_label("Beginn", exact=True)).to_have_value("09.03.2027")


def test_a_choice_beside_a_control(widget: WidgetPage, fake: FakeApi) -> None:
    widget.say("phone")
    widget.button("Überspringen").click()
    widget.expect_delivered(2)
    assert sent(fake) == "answer:x:skip"


def test_free_text_answers_too(widget: WidgetPage, fake: FakeApi) -> None:
    widget.say("address")
    widget.say("Hauptstr. 7 in 50667 Köln")
    assert sent(fake) == "Hauptstr. 7 in 50667 Köln"


@pytest.mark.parametrize(
    ("control", "fields", "problem"),
    [
        ("text", {"Vereinsname": ""}, "Bitte füllen Sie dieses Feld aus."),
        ("text", {"Vereinsname": "x" * 121}, "höchstens 120 Zeichen"),
        ("number", {"Mitgliederzahl": "0"}, "mindestens 1"),
        ("number", {"Mitgliederzahl": "12,5"}, "ganze Zahl"),
        ("email", {"E-Mail": "vorstand(at)verein.de"}, "Bitte prüfen Sie die E-Mail-Adresse"),
        ("iban", {"IBAN": "DE89 3704 0044 0532 0130"}, "hier sind es 20"),
        ("iban", {"IBAN": "DE88 3704 0044 0532 0130 00"}, "Die Prüfziffer passt nicht."),
        ("date", {"Beginn": "31.02.2027"}, "Den 31.02.2027 gibt es nicht."),
        ("date", {"Beginn": "20.11.2026"}, "Frühestens möglich ist der 21.11.2026."),
        ("day_month", {"Abweichende Hauptfälligkeit": "31.02."}, "Den 31.02. gibt es nicht."),
        (
            "address",
            {"Straße und Hausnummer": "Hauptstraße 7", "PLZ": "5066", "Ort": "Köln"},
            "fünf Ziffern",
        ),
        ("period", {"Beginn": "01.01.2020", "Ende": ""}, "läuft noch"),
        ("period", {"Beginn": "01.01.2020", "Ende": "31.12.2019"}, "vor dem Beginn"),
    ],
)
def test_what_is_certainly_wrong(
    control: str, fields: dict[str, str], problem: str, widget: WidgetPage, fake: FakeApi
) -> None:
    widget.say(control)
    asked = len(fake.requests)
    fill(widget, fields)
    expect(widget.error).to_contain_text(problem)
    expect(widget.control.locator("[aria-invalid=true]")).to_be_focused()
    for label, value in fields.items():
        field = widget.control.get_by_label(label, exact=True)
        assert field.input_value().replace(" ", "") == value.replace(" ", "")
    assert len(fake.requests) == asked


def test_a_refused_answer_stays_in_its_fields(widget: WidgetPage) -> None:
    widget.say("address")
    fill(widget, {"Straße und Hausnummer": "falsch 7", "PLZ": "50667", "Ort": "Köln"})
    expect(widget.error).to_contain_text("Das habe ich nicht verstanden.")
    expect(widget.control.get_by_label("Straße und Hausnummer")).to_have_value("falsch 7")
    expect(widget.control.get_by_label("PLZ")).to_have_value("50667")
    expect(widget.control.get_by_label("Ort")).to_have_value("Köln")
    assert widget.focused() == "Straße und Hausnummer"


def test_the_error_is_shown_once_and_told_once(widget: WidgetPage) -> None:
    widget.say("email")
    fill(widget, {"E-Mail": "falsch@verein.de"})
    expect(widget.error).to_contain_text("Das habe ich nicht verstanden.")
    told = widget.messages.locator(".said")
    expect(told).to_contain_text("Das habe ich nicht verstanden.")
    assert told.bounding_box()["width"] <= 1
    widget.say("weiter")
    assert told.bounding_box()["width"] > 100


def test_a_document_by_picker(widget: WidgetPage, fake: FakeApi) -> None:
    widget.say("upload")
    with widget.page.expect_file_chooser() as chooser:
        widget.button("Datei auswählen").click()
    chooser.value.set_files(
        [
            {"name": "Satzung.pdf", "mimeType": "application/pdf", "buffer": PDF},
            {"name": "Seite 2.pdf", "mimeType": "application/pdf", "buffer": PDF},
        ]
    )
    widget.expect_delivered(3)
    assert fake.documents == [("statutes", "Satzung.pdf", PDF), ("statutes", "Seite 2.pdf", PDF)]
    assert widget.own_texts()[1:] == ["Datei: Satzung.pdf", "Datei: Seite 2.pdf"]


def test_a_document_by_drop(widget: WidgetPage, fake: FakeApi) -> None:
    widget.say("upload")
    dropped = widget.page.evaluate_handle(
        """() => {
          const data = new DataTransfer();
          data.items.add(new File(["%PDF-1.4"], "Satzung.pdf", { type: "application/pdf" }));
          return data;
        }"""
    )
    zone = widget.control.locator(".drop")
    zone.dispatch_event("dragover", {"dataTransfer": dropped})
    zone.dispatch_event("drop", {"dataTransfer": dropped})
    widget.expect_delivered(2)
    assert fake.documents == [("statutes", "Satzung.pdf", b"%PDF-1.4")]


def test_a_photo_by_camera(open_page: OpenPage) -> None:
    widget = open_page(**PHONE).open()
    widget.say("upload")
    with widget.page.expect_file_chooser() as chooser:
        widget.button("Foto aufnehmen").tap()
    assert chooser.value.element.get_attribute("capture") == "environment"


def test_files_that_cannot_be_taken(widget: WidgetPage, fake: FakeApi, tmp_path: Path) -> None:
    widget.say("upload")
    picker = widget.control.locator("input[type=file]").first
    large = tmp_path / "groß.pdf"
    large.write_bytes(b"%PDF" + b"0" * 1_100_000)
    picker.set_input_files(large)
    expect(widget.error).to_contain_text("„groß.pdf“ ist zu groß. Möglich sind bis zu 1 MB.")
    picker.set_input_files({"name": "a.exe", "mimeType": "application/x-msdos", "buffer": b"MZ"})
    expect(widget.error).to_contain_text("„a.exe“ können wir nicht annehmen.")
    picker.set_input_files({"name": "leer.pdf", "mimeType": "application/pdf", "buffer": b""})
    expect(widget.error).to_contain_text("„leer.pdf“ ist leer.")
    assert fake.documents == []


def test_a_file_that_is_not_what_it_says(widget: WidgetPage, fake: FakeApi) -> None:
    widget.say("upload")
    picker = widget.control.locator("input[type=file]").first
    picker.set_input_files({"name": "a.pdf", "mimeType": "application/pdf", "buffer": b"MZ"})
    expect(widget.error).to_contain_text("Diese Art von Datei kann ich nicht annehmen.")
    expect(widget.own.last.locator(".meta")).to_contain_text("Nicht gesendet")
    expect(widget.button("Datei auswählen")).to_be_visible()
    assert fake.documents == []


def test_cards_answer_with_one_tap(widget: WidgetPage, fake: FakeApi) -> None:
    widget.say("comparison")
    current = widget.log.get_by_role("button", pressed=True)
    expect(current).to_contain_text("gewählt")
    current.click()
    widget.button("Vereins-Rechtsschutz, 800 / 400 € flex: 14,89 €").click()
    widget.expect_delivered(2)
    assert sent(fake) == "answer:cover:vereins_rechtsschutz:flex_800_400"
    assert widget.own_texts()[-1] == "Vereins-Rechtsschutz, 800 / 400 € flex"
    assert widget.log.locator(".comparison button:enabled").count() == 0


def test_an_answer_is_changed_from_the_review(widget: WidgetPage, fake: FakeApi) -> None:
    widget.say("review")
    widget.button("Mitgliederzahl ändern").click()
    widget.expect_delivered(2)
    assert sent(fake) == "change:member_count"
    assert widget.own_texts()[-1] == "Mitgliederzahl ändern"


def test_the_quote_shows_how_it_is_computed(widget: WidgetPage) -> None:
    widget.say("quote")
    card = widget.page.get_by_role("group", name="Ihr Beitrag bei monatlicher Zahlung")
    expect(card).to_contain_text("62,39 €")
    expect(card).to_contain_text("vorläufig")
    expect(card).to_contain_text("nur mit einem SEPA-Lastschriftmandat")
    trace = card.get_by_text("250 Mitglieder × 0,24 € = 60,00 €")
    expect(trace).to_be_hidden()
    card.get_by_text("So ist der Beitrag berechnet").click()
    expect(trace).to_be_visible()


def test_the_pdf_is_saved(widget: WidgetPage) -> None:
    widget.say("done")
    with widget.page.expect_download() as download:
        widget.button("Als PDF speichern").click()
    assert download.value.suggested_filename == "Vorgang-VR-7K3M-9XQ4.pdf"
    assert Path(download.value.path()).read_bytes() == b"%PDF-1.4 fake"
    widget.expect_clean()


def test_the_questions_in_full_stand_in_words_and_are_saved_as_pdf(widget: WidgetPage) -> None:
    widget.say("answers")
    expect(widget.log).to_contain_text("→ Chor 47")
    card = widget.log.get_by_role("group", name="Alle Fragen und Ihre Antworten")
    expect(card).to_be_visible()
    with widget.page.expect_download() as download:
        card.get_by_role("button", name="Als PDF speichern").click()
    assert Path(download.value.path()).read_bytes() == b"%PDF-1.4 fake"
    widget.expect_clean()


def test_the_pdf_that_cannot_be_loaded(widget: WidgetPage) -> None:
    widget.say("done")
    widget.page.route("**/application.pdf", lambda route: route.abort())
    widget.button("Als PDF speichern").click()
    expect(widget.log.get_by_role("alert")).to_contain_text("konnte nicht geladen werden")


def test_nothing_in_a_message_is_markup(widget: WidgetPage) -> None:
    widget.say("html")
    expect(widget.messages.last).to_contain_text("<img src=x onerror=alert(1)> <b>fett</b>")
    assert widget.messages.last.locator("img, b").count() == 0
    assert widget.messages.last.locator("a").get_attribute("href") == "https://example.org/a"
    expect(widget.button("<i>Ja</i>")).to_be_visible()
    widget.say("<script>alert(1)</script>")
    assert widget.own_texts()[-1] == "<script>alert(1)</script>"
    widget.expect_clean()

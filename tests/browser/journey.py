"""A whole application as a club's treasurer fills it in, question by question."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Union

from browser.widget_page import WidgetPage
from playwright.sync_api import FilePayload, expect

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


@dataclass(frozen=True)
class Tap:
    """A choice to take."""

    title: str


@dataclass(frozen=True)
class Fill:
    """Fields of the control to fill in, by their labels."""

    fields: dict[str, str]


@dataclass(frozen=True)
class Attach:
    """A file to upload."""

    name: str


Answer = Union[Tap, Fill, Attach]


def _one(label: str, value: str) -> tuple[str, Answer]:
    return label, Fill({label: value})


# By the label of the question, in the order of the form.
ANSWERS: dict[str, Answer] = dict(
    [
        ("Antragsart", Tap("Antrag/Deckungsauftrag")),
        ("Mitglieds-Nr. / Vers.-Nr.", Tap("Noch kein Mitglied")),
        _one("Vereinsname", "Schützengilde Waldeck 1888 e. V."),
        _one("Art des Vereins", "Schützenverein"),
        ("Nur natürliche Personen, kein wirtschaftlicher Zweck", Tap("Ja")),
        _one("Mitgliederzahl", "250"),
        _one("Anzahl der Beschäftigten", "0"),
        (
            "Anschrift",
            Fill({"Straße und Hausnummer": "Hauptstraße 7", "PLZ": "50667", "Ort": "Köln"}),
        ),
        ("Gesetzlich vertreten durch", Tap("Frau")),
        ("Name der gesetzlichen Vertretung", Fill({"Vorname": "Anna", "Nachname": "Müller"})),
        _one("Mobilnummer", "0171 2345678"),
        _one("E-Mail", "vorstand@example.org"),
        ("Telefonnummer", Tap("Überspringen")),
        ("Berechtigter für Clubleistungen", Tap("Die gesetzliche Vertretung")),
        ("Rechtsschutz", Tap("JURVEREIN")),
        ("Selbstbeteiligung", Tap("350 € fest")),
        ("KS-Mitgliedschaft für alle Familienangehörigen", Tap("Nein")),
        ("Beginn", Tap("01.01.2027")),
        ("Abweichende Hauptfälligkeit", Tap("Am Tag des Beginns")),
        ("Strafrechtliches Ermittlungsverfahren", Tap("Nein")),
        ("Rechtsschutzversichert in den letzten 5 Jahren", Tap("Ja")),
        _one("Vorversicherer", "Musterversicherung AG"),
        _one("Versicherungsnummer beim Vorversicherer", "RS-12345"),
        _one("Umfang der Vorversicherung", "Vereins-Rechtsschutz"),
        (
            "Zeitraum der Vorversicherung",
            Fill({"Beginn": "01.01.2020", "Ende": "31.12.2025"}),
        ),
        ("Weitere Vorversicherung", Tap("Nein")),
        ("Kündigung durch den Versicherer", Tap("Nein")),
        _one("Gemeldete Schäden in den letzten 5 Jahren", "1"),
        (
            "Antragsfragen vollständig und wahrheitsgemäß beantwortet",
            Tap("Ja, ich bestätige das"),
        ),
        ("Zahlungsweise", Tap("monatlich")),
        ("SEPA-Lastschriftmandat", Tap("Ja, Mandat erteilen")),
        _one("IBAN", "DE89370400440532013000"),
        ("Kontoinhaber, falls abweichend vom Antragsteller", Tap("Das Konto gehört dem Verein")),
        ("InkassoPro", Tap("Nein, nicht gewünscht")),
        ("Einwilligung in die Bonitätsprüfung", Tap("Nein")),
        ("Dokumentenversand", Tap("ePolice – online im Kunden-Portal")),
        ("Sonstiges", Tap("Nein, das ist alles")),
        ("Vereinssatzung", Attach("Satzung 2024.pdf")),
        ("Angaben prüfen", Tap("Ja, alles stimmt")),
        ("Vertragsgrundlagen vor Unterzeichnung erhalten", Tap("Ja, ich habe sie erhalten")),
        ("Unterschrift", Tap("Anna Müller")),
        ("Ort", Tap("Köln")),
        ("Absenden", Tap("Jetzt absenden")),
    ]
)
MOST_TURNS = 60
END = ""

Give = Callable[[WidgetPage, Answer], None]


def label(widget: WidgetPage) -> str:
    """The label of the open question."""
    return widget.control.get_attribute("aria-label") or ""


def by_mouse(widget: WidgetPage, answer: Answer) -> None:
    """Answer the open question by mouse or finger."""
    before = widget.own.count()
    if isinstance(answer, Tap):
        widget.control.get_by_role("button", name=answer.title, exact=True).click()
    elif isinstance(answer, Fill):
        for name, value in answer.fields.items():
            widget.control.get_by_label(name, exact=True).fill(value)
        widget.control.get_by_role("button", name="Übernehmen").click()
    else:
        widget.control.locator("input[type=file]").first.set_input_files(file_named(answer.name))
    widget.expect_delivered(before + 1)


def by_keyboard(widget: WidgetPage, answer: Answer) -> None:
    """Answer the open question with keys alone; the focus must be where one expects it."""
    before = widget.own.count()
    if isinstance(answer, Tap):
        tab_to(widget, answer.title)
        widget.page.keyboard.press("Enter")
    elif isinstance(answer, Fill):
        for name, value in answer.fields.items():
            tab_to(widget, name)
            widget.page.keyboard.insert_text(value)
        widget.page.keyboard.press("Enter")
    else:
        # Playwright needs a moment before it catches the dialog; finding the button takes one.
        with widget.page.expect_file_chooser() as chooser:
            tab_to(widget, "Datei auswählen")
            widget.page.keyboard.press("Enter")
        chooser.value.set_files(file_named(answer.name))
    widget.expect_delivered(before + 1)


def tab_to(widget: WidgetPage, name: str, key: str = "Tab", most: int = 8) -> None:
    """Press the key until the element of this name has the focus: within a few presses."""
    for _ in range(most):
        if widget.focused() == name:
            return
        widget.page.keyboard.press(key)
    assert widget.focused() == name


def file_named(name: str) -> FilePayload:
    """A PDF to upload."""
    return {"name": name, "mimeType": "application/pdf", "buffer": PDF}


def answer_until(widget: WidgetPage, last: str, give: Give = by_mouse) -> list[str]:
    """Answer every question until the one of this label is open, or none is; returns the labels."""
    asked: list[str] = []
    for _ in range(MOST_TURNS):
        if not widget.control.is_visible() or label(widget) == last:
            return asked
        asked.append(label(widget))
        give(widget, ANSWERS[asked[-1]])
    raise AssertionError(f"{last} was never asked: {asked}")


def expect_question(widget: WidgetPage, name: str) -> None:
    """The question of this label is open."""
    expect(widget.control).to_have_attribute("aria-label", name)

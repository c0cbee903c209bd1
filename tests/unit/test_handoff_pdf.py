"""The PDF mirrors the printed form: read back as a clerk would read it."""

from __future__ import annotations

import json
import re
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

import pdfplumber
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

from bot import clock, legal
from bot.handoff.pdf import render_pdf
from bot.handoff.pdf.layout import pieces
from bot.handoff.preview import draft_pdf
from bot.storage.applications import ApplicationStore
from tests import handoff_cases as cases

FORM = [
    "Vermittlernummer",
    "Antragsart",
    "Antragsteller",
    "Beginn der Mitgliedschaft / Versicherungsverträge",
    "Mitgliedschaft im KS e.V.",
    "Rechtsschutz bei der AUXILIA Rechtsschutz-Versicherungs-AG",
    "Gesamtbeitrag lt. ausgewählter Zahlungsweise",
    "Weitere Antragsfragen",
    "Sonstiges",
    "Zahlungsweise",
    "Zahlungsart: SEPA-Lastschriftmandat",
    "InkassoPro – Ihr beitragsfreies professionelles Forderungsmanagement",
    "Hinweis zur Anzeigepflicht",
    "Bonitätsprüfung",
    "Dokumentenversand",
    "Unterschrift",
    "Unterlagen zum Antrag",
    "Protokoll der Fragen und Antworten",
    "Gezeigte Hinweise im Wortlaut",
]


@pytest.fixture(autouse=True)
def _frozen(monkeypatch) -> None:
    monkeypatch.setenv("BOT_NOW", "2026-11-20T10:00")


@lru_cache
def submitted(name: str) -> tuple[dict, bytes]:
    """The envelope and the PDF of one of the cases."""
    with TemporaryDirectory() as folder:
        database = cases.open_database(Path(folder))
        answers = getattr(cases, name)
        reference = cases.submitted(database, Path(folder), answers).reference
        envelope = ApplicationStore(database).envelope(reference)
        database.close()
    return envelope, render_pdf(envelope)


@lru_cache(maxsize=16)
def words(pdf: bytes) -> str:
    """The text of all pages, without the line breaks of the layout."""
    with pdfplumber.open(BytesIO(pdf)) as document:
        return " ".join(
            re.sub(r"\s+", " ", page.extract_text(x_tolerance=1.5)) for page in document.pages
        )


def form_words(name: str) -> str:
    """The text before the protocol."""
    return words(submitted(name)[1]).split("Protokoll der Fragen und Antworten")[0]


def test_the_sections_stand_in_the_order_of_the_printed_form() -> None:
    text = words(submitted("EVERYTHING")[1])
    at = 0
    for heading in FORM:
        at = text.find(heading, at)
        assert at >= 0, heading
        at += len(heading)


def test_every_answer_stands_on_the_form_with_its_own_letters() -> None:
    text = form_words("EVERYTHING")
    for expected in (
        "4711",
        "Makler Süd GmbH",
        "☒ Antrag/Deckungsauftrag",
        "☐ Änderungsantrag",
        "9001028100",
        "Schützenverein „Groß-Ötzing“ 1898 e.V.",
        "☐ Herr",
        "☒ Frau",
        "Łukaszewska-Őry, Zoë",
        "Am Anger 5, 94562 Oberpöring",
        "+49 1511 2345678",
        "vorstand@verein.example",
        "250",
        "01.01.2027",
        "1. Juli",
        "☒ JURVEREIN",
        "☐ Vereins-Rechtsschutz",
        "Beantragt: JURVEREIN, Selbstbeteiligung 1.000 – 300 € fallend",
        "47,92 €",
        "12 Raten im Jahr",
        "Vorläufiger Beitrag",
        cases.DETAILS,
        "Alte Rechtsschutz AG RS-123/45",
        "läuft noch",
        "☒ ja (Schadenübersicht beifügen)",
        "☒ 4 schadenfreie Jahre = Einstufung in SB-Stufe 600,- €",
        "☐ 5 schadenfreie Jahre",
        "Einstufung in SB-Stufe: 600,- €",
        "Bitte um Rückruf vor der Policierung. Wir sind abends erreichbar.",
        "☒ monatlich",
        "☒ Lastschriftmandat wird erteilt",
        "DE02 1203 0000 0000 2020 51",
        "Deutsche Kreditbank Berlin, BYLADEM1001",
        "DE79ZZZ00000024349",
        "☒ ePolice: online im Kunden-Portal",
        "Oberpöring, 20.11.2026",
        "Zoë Łukaszewska-Őry, elektronisch erklärt am 20.11.2026, 10:00 Uhr",
        "Satzung (Änderung).pdf",
        "Wird nachgereicht",
    ):
        assert expected in text, expected


def test_the_questions_stand_in_the_insurers_words() -> None:
    text = form_words("EVERYTHING").replace("- ", "-")
    for name in ("criminal_proceedings", "prior_insurance", "prior_cancelled_by_insurer"):
        start = legal.document(name).text.replace("- ", "-")[:60]
        assert start in text, name


def test_everything_answered_no() -> None:
    text = form_words("EVERYTHING_NO")
    for expected in (
        "☒ Vereins-Rechtsschutz",
        "☐ JURVEREIN",
        "350 € fest",
        "106,00 €",
        "☒ nein, Folgefragen nicht beantworten",
        "☒ 1/1 jährlich",
        "☒ Lastschriftmandat wird nicht erteilt",
        "☒ InkassoPro wird ausdrücklich nicht gewünscht.",
        "☒ Ich willige nicht ein.",
        "☒ per Post",
        "☐ KS-Mitgliedschaft für alle Familienangehörigen zzgl. 6 €",
    ):
        assert expected in text, expected
    assert "Mandatsreferenz" not in text
    assert "Vorläufiger Beitrag" not in text


def test_membership_only() -> None:
    text = form_words("MEMBERSHIP")
    assert "Rechtsschutz wird nicht beantragt (nur Mitgliedschaft)." in text
    assert "7,09 €" in text
    assert "☒ JURVEREIN" not in text


def test_a_quote_shows_only_what_a_quote_asks() -> None:
    text = words(submitted("QUOTE")[1])
    assert "☒ Angebotsanfrage" in text
    assert "219,40 €" in text
    for absent in ("SEPA", "Dokumentenversand", "Bonitätsprüfung", "Anschrift", "Vorversicherer"):
        assert absent not in form_words("QUOTE"), absent
    assert "kasse@foerderverein.example" in text


def test_a_change_shows_what_is_to_change() -> None:
    text = form_words("CHANGE")
    assert "☒ Änderungsantrag" in text
    assert "9001028100" in text
    assert "DE02 1203 0000 0000 2020 51" in text
    assert "Rechtsschutz bei der AUXILIA" not in text
    assert "Dokumentenversand" not in text


def test_long_entries_are_complete_and_stay_on_the_paper() -> None:
    pdf = submitted("LONG")[1]
    text = words(pdf)
    assert "Punkt 0: ganz kurz" in text
    assert "Punkt 179: ganz kurz" in text
    assert text.count("auf Gegenseitigkeit") >= 5
    assert "Unter- und Oberwiesenthal e.V." in text
    with pdfplumber.open(BytesIO(pdf)) as document:
        for page in document.pages:
            for character in page.chars:
                assert page.width * 0.05 < character["x0"]
                assert character["x1"] < page.width * 0.95
                assert character["bottom"] < page.height


def test_every_page_bears_reference_and_number() -> None:
    envelope, pdf = submitted("EVERYTHING")
    with pdfplumber.open(BytesIO(pdf)) as document:
        pages = [page.extract_text() for page in document.pages]
    for number, page in enumerate(pages, start=1):
        assert envelope["reference"] in page
        assert f"Seite {number} von {len(pages)}" in page
        assert "eingereicht am 20.11.2026, 10:00 Uhr" in page


def test_the_protocol_has_question_answer_time_and_version() -> None:
    envelope, pdf = submitted("EVERYTHING")
    protocol = words(pdf).split("Protokoll der Fragen und Antworten", 1)[1]
    assert "20.11.2026 10:00:00 gefragt" in protocol
    assert "10:00:00 beantwortet" in protocol
    digest = legal.document("criminal_proceedings").sha256[:12]
    assert f"Fassung 2026-01 · {digest}" in protocol
    assert "Antrag verbindlich abgesendet" in protocol
    assert "Allgemeine Rechtsschutz-Versicherungsbedingungen Fassung AUXILIA ARB/2021" in protocol
    assert envelope["seal"]["value"] in protocol.replace(" ", "")


def test_the_protocol_names_the_channel_and_where_it_changed() -> None:
    envelope, pdf = submitted("EVERYTHING")
    assert "Gesprächskanal: Webseite" in words(pdf)
    moved = {**envelope, "evidence": [dict(each) for each in envelope["evidence"]]}
    for each in moved["evidence"]:
        if each["item"] == "iban":
            each["channel"] = "whatsapp"
    text = words(render_pdf(moved))
    assert "Gesprächskanal: Webseite, WhatsApp" in text
    assert text.count("WhatsApp") == 2


def test_the_notices_that_were_shown_stand_in_full() -> None:
    notices = words(submitted("EVERYTHING")[1]).split("Gezeigte Hinweise im Wortlaut")[-1]
    ending = "wenn weder Ihrem Stellvertreter noch Ihnen Vorsatz oder grobe Fahrlässigkeit zur"
    assert ending in notices
    not_shown = legal.document("term").text[:40]
    assert not_shown not in notices


def test_the_json_is_attached_word_for_word() -> None:
    envelope, pdf = submitted("EVERYTHING")
    (attached,) = PdfReader(BytesIO(pdf)).attachments["application.json"]
    assert json.loads(attached) == envelope


def test_the_same_envelope_gives_the_same_bytes() -> None:
    envelope, pdf = submitted("EVERYTHING")
    assert render_pdf(json.loads(json.dumps(envelope))) == pdf


def test_the_file_says_what_it_is() -> None:
    envelope, pdf = submitted("EVERYTHING")
    reader = PdfReader(BytesIO(pdf))
    assert envelope["reference"] in reader.metadata.title
    assert reader.metadata.creation_date.isoformat() == "2026-11-20T09:00:00+00:00"
    assert reader.trailer["/Root"]["/Lang"] == "de-DE"
    assert len(pdf) < 250_000


def test_every_font_that_is_used_is_embedded() -> None:
    pdf = submitted("EVERYTHING")[1]
    with pdfplumber.open(BytesIO(pdf)) as document:
        used = {each["fontname"] for page in document.pages for each in page.chars}
    embedded = {
        font["/BaseFont"].removeprefix("/")
        for page in PdfReader(BytesIO(pdf)).pages
        for font in (each.get_object() for each in page["/Resources"]["/Font"].values())
        if "/FontFile2" in font.get("/FontDescriptor", {})
    }
    assert used
    assert used <= embedded


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("<b>fett</b> & <img src=x>", "<b>fett</b> & <img src=x>"),
        ("Zeile\x00\x07 mit\u200bTon", "Zeile mitTon"),
        ("汉字 im Namen", "□□ im Namen"),
        ("u\u0308ber", "über"),
        ("{reference} %s", "{reference} %s"),
        ("x" * 300, "x" * 50),
    ],
)
def test_nothing_typed_is_taken_for_markup(typed: str, printed: str) -> None:
    draft = cases.draft_of({**cases.EVERYTHING_NO, "remarks": typed, "club_name": typed})
    assert printed in words(draft_pdf(draft, None, [], clock.now()))


@pytest.mark.parametrize("name", ["remarks", "criminal_proceedings_details"])
@pytest.mark.parametrize(
    "typed",
    ["\n" * 3999 + "x", "W" * 4000, "😀" * 4000, "a " * 2000, "W" * 3000 + "\n" * 1000],
    ids=["lines", "one word", "emoji", "words", "both"],
)
def test_no_answer_is_too_odd_to_print(name: str, typed: str) -> None:
    envelope = {**submitted("EVERYTHING")[0]}
    envelope["application"] = {**envelope["application"], name: typed}
    envelope["evidence"] = [
        {**each, "value": typed} if each["item"] == name and each["kind"] == "answered" else each
        for each in envelope["evidence"]
    ]
    assert render_pdf(envelope).startswith(b"%PDF")


@given(st.text(alphabet="ab \n", max_size=5000))
def test_a_text_in_pieces_is_still_the_same_text(words: str) -> None:
    assert "".join(part for piece in pieces(words) for part in piece) == words.replace("\n", "")
    assert all(sum(map(len, piece)) <= 800 and len(piece) <= 32 for piece in pieces(words))


def test_a_draft_says_so_on_every_page_and_hides_the_account() -> None:
    draft = cases.draft_of(cases.EVERYTHING)
    pdf = draft_pdf(draft, cases.quote_of(cases.EVERYTHING), [], clock.now())
    with pdfplumber.open(BytesIO(pdf)) as document:
        for page in document.pages:
            text = page.extract_text()
            assert "Entwurf, Stand 20.11.2026, 10:00 Uhr – nicht eingereicht" in text
    text = words(pdf)
    assert "1203 0000" not in text
    assert "2051" in text
    assert "47,92 €" in text
    assert "elektronisch erklärt" not in text
    assert "Protokoll" not in text
    assert not PdfReader(BytesIO(pdf)).attachments


@pytest.mark.parametrize("count", range(0, len(cases.EVERYTHING), 4))
def test_a_draft_can_be_printed_at_any_point(count: int) -> None:
    draft = cases.draft_of(cases.EVERYTHING)
    draft.answers = dict(list(cases.EVERYTHING.items())[:count])
    assert draft_pdf(draft, None, [], clock.now()).startswith(b"%PDF")

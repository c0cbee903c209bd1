"""What is said back: what was understood, what is wrong, what would do."""

from __future__ import annotations

from datetime import date

import pytest

from bot.commands.understand import understand

TODAY = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("field", "text", "expected"),
    [
        ("start_date", "1.1.27", "Freitag, 1. Januar 2027"),
        ("start_date", "ab sofort", "Samstag, 21. November 2026"),
        ("start_date", "heute", "Frühestens möglich ist Samstag, 21. November 2026"),
        ("start_date", "31.02.2027", "gibt es im Kalender nicht"),
        ("main_due_date", "29.2.", "Schaltjahren"),
        ("member_count", "ca. 230", "230"),
        ("member_count", "-3", "unter null"),
        ("employee_count", "2,5", "ganze Zahl"),
        ("iban", "DE89370400440532013000", "Commerzbank (BIC COBADEFFXXX)"),
        ("iban", "DE8937040044053201300", "21 statt 22 Stellen"),
        ("iban", "DE88370400440532013000", "Prüfziffer"),
        ("iban", "DE89 3704 0044 0532 0130 0O", "Buchstabe „O“"),
        ("iban", "TR330006100519786457841326", "SEPA-Raum"),
        ("mobile_phone", "0221 123456", "keine Mobilnummer"),
        ("mobile_phone", "0171 234", "zu kurz"),
        ("mobile_phone", "0151 1234567", "zu kurz"),
        ("landline_phone", "0171 2345678", "ist eine Mobilnummer"),
        ("address", "Hauptstr. 7", "die Postleitzahl und der Ort"),
        ("address", "Hauptstr. 7, 5066 Köln", "„5066“ hat 4 Ziffern"),
        ("representative_name", "Hans Peter", "Vorname: Hans, Nachname: Peter"),
        ("representative_name", "Herr Müller", "Wie lautet der Vorname?"),
        ("period", "2018 bis 2022", "Montag, 1. Januar 2018 bis Samstag, 31. Dezember 2022"),
        ("period", "bis letztes Jahr", "Wann hat die Versicherung begonnen?"),
        ("period", "2015 bis 2019", "die letzten fünf Jahre"),
        ("payment_frequency", "wöchentlich", "„jährlich“, „halbjährlich“"),
        ("statutes", "Satzung.pdf", "reiche ich nach"),
    ],
)
def test_message_names_what_matters(field: str, text: str, expected: str) -> None:
    assert expected in understand(field, text, TODAY).message


@pytest.mark.parametrize(
    ("field", "text", "titles"),
    [
        ("deductible", "flex", ["800 / 400 € flex", "600 / 300 € flex"]),
        ("deductible", "300", ["1.000 – 300 € fallend", "600 / 300 € flex"]),
        ("member_count", "180 aktive und 50 passive", ["230"]),
        ("member_count", "200-250", ["200", "250"]),
        ("email", "anna@gmial.com", ["anna@gmail.com", "anna@gmial.com"]),
        ("representative_salutation", "divers", ["Herr", "Frau"]),
        ("criminal_proceedings", "nicht dass ich wüsste", ["Ja", "Nein"]),
        ("product", "kein Jurverein", ["Vereins-Rechtsschutz", "Nur KS-Mitgliedschaft"]),
        ("club_name", "Wie im Himmel e.V.", ["Wie im Himmel e.V."]),
        ("mobile_phone", "0171 2345678 oder 0172 3456789", ["0171 2345678", "0172 3456789"]),
    ],
)
def test_question_back_offers_the_possible_readings(
    field: str, text: str, titles: list[str]
) -> None:
    assert [option.title for option in understand(field, text, TODAY).options] == titles


def test_iban_is_never_repeated_in_full() -> None:
    for text in (
        "DE89370400440532013000",
        "DE88370400440532013000",
        "DE89370400440532013000 und DE02120300000000202051",
    ):
        reading = understand("iban", text, TODAY)
        said = reading.message + "".join(option.title for option in reading.options)
        assert "0400440532" not in said.replace(" ", "")


def test_iban_brings_bank_and_bic() -> None:
    assert understand("iban", "DE89 3704 0044 0532 0130 00", TODAY).value == {
        "iban": "DE89370400440532013000",
        "bic": "COBADEFFXXX",
        "bank_name": "Commerzbank",
    }


def test_iban_of_an_unknown_bank_is_taken_with_a_warning() -> None:
    reading = understand("iban", "DE37999999990123456789", TODAY)
    assert reading.is_ok
    assert "kenne die Bank dazu nicht" in reading.message


def test_salutation_takes_a_whole_name_along() -> None:
    assert understand("representative_salutation", "Frau Anna Müller", TODAY).value == {
        "representative_salutation": "frau",
        "representative_first_name": "Anna",
        "representative_last_name": "Müller",
    }


def test_start_date_depends_on_the_day_it_is_said() -> None:
    assert understand("start_date", "1.1.", date(2027, 1, 1)).status == "ask_back"
    assert understand("start_date", "1.1.", date(2027, 3, 1)).value == "2028-01-01"
    assert understand("start_date", "morgen", date(2026, 12, 31)).value == "2027-01-01"

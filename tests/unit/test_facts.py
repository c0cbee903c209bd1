"""What messages state: each with all facts that may be taken from it, and no other."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from bot.application.facts import Fact, Facts, find_facts, read_prefill
from bot.application.questions import QUESTIONS

TODAY = date(2026, 11, 20)


def values(facts: Facts) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for fact in facts.found:
        assert not set(fact.values) & set(found)
        found.update(fact.values)
    return found


def stated(text: str, *, loose: bool = False) -> dict[str, Any]:
    facts = find_facts(text, TODAY, {}, loose=loose)
    assert facts.contradictory == ()
    return values(facts)


CLUB_NAMES = {
    "TSV Musterstadt e.V.": "TSV Musterstadt e.V.",
    'also wir sind der kleingartenverein "Sonne" e.v. in 44137 dortmund': (
        'kleingartenverein "Sonne" e.v.'
    ),
    "Wir sind der Schützenverein „Hubertus“ 1890 e.V.": "Schützenverein „Hubertus“ 1890 e.V.",
    "TSV Musterstadt e. V.": "TSV Musterstadt e. V.",
    "Wir sind der TSV 1860 Musterstadt eV": "TSV 1860 Musterstadt eV",
    "hallo, wir sind der sv blau-weiß musterhausen ev": "sv blau-weiß musterhausen ev",
    "Wir vom Förderverein der Grundschule Musterstadt e.V. suchen Schutz.": (
        "Förderverein der Grundschule Musterstadt e.V."
    ),
    "Ich bin Kassier beim Verein zur Förderung des Sports e.V.": (
        "Verein zur Förderung des Sports e.V."
    ),
    "Unser Verein heißt Musikfreunde Musterdal und besteht seit 1950": "Musikfreunde Musterdal",
    "Verein: Schützengilde 1848 Musterstadt": "Schützengilde 1848 Musterstadt",
    "Vereinsname: Turn- und Sportverein Musterstadt e.V., gegründet 1901": (
        "Turn- und Sportverein Musterstadt e.V."
    ),
    "Wir sind der FC Musterstadt und suchen eine Versicherung.": "FC Musterstadt",
    "wir sind der fc musterstadt und suchen was": "fc musterstadt",
    "Wir sind die Freiwillige Feuerwehr Musterstadt e.V.": "Freiwillige Feuerwehr Musterstadt e.V.",
    "Ich schreibe im Namen des Kulturverein Alte Mühle e.V.": "Kulturverein Alte Mühle e.V.",
    "Betreff: SG Musterstadt 1921 e.V.": "SG Musterstadt 1921 e.V.",
    'Unser Verein "Bunte Vögel e.V." ist neu.': "Bunte Vögel e.V.",
    "Angaben zum Verein\nName des Vereins: Obst- und Gartenbauverein Musterstadt": (
        "Obst- und Gartenbauverein Musterstadt"
    ),
    "Wir sind der TSV Musterstadt. Der TSV Musterstadt e.V. ist gemeinnützig.": (
        "TSV Musterstadt e.V."
    ),
    "Wir sind Mitglied im Landessportbund e.V. und heißen SV Musterstadt e.V.": (
        "SV Musterstadt e.V."
    ),
    "Wir sind der 1. FC Musterstadt e.V.": "1. FC Musterstadt e.V.",
    "Ich bin der Kassenwart vom SV Blau-Weiß Musterhausen": "SV Blau-Weiß Musterhausen",
    "Trachtenverein d'Musterbergler e.V. grüßt": "Trachtenverein d'Musterbergler e.V.",
    "für den Reitverein St. Georg e.V. bitte": "Reitverein St. Georg e.V.",
    "Wir heißen Chor am Dom e.V.": "Chor am Dom e.V.",
    "Name: TSV Musterstadt e.V.": "TSV Musterstadt e.V.",
    "TSV Musterstadt\nwir melden uns wegen des Rechtsschutzes": "TSV Musterstadt",
}


@pytest.mark.parametrize(("text", "name"), CLUB_NAMES.items())
def test_club_name(text: str, name: str) -> None:
    assert stated(text) == {"club_name": name}


STATEMENTS: dict[str, dict[str, Any]] = {
    "Wir haben 230 Mitglieder.": {"member_count": 230},
    "Wir haben ca. 230 Mitglieder.": {"member_count": 230},
    "wir sind 300 leute": {"member_count": 300},
    "angebot: 250 Mitglieder, JURVEREIN": {
        "request_type": "quote",
        "member_count": 250,
        "product": "jurverein",
    },
    "Antrag, 250 Mitglieder": {"request_type": "application", "member_count": 250},
    "Ich will ein Angebot für 300 Leute": {"member_count": 300, "request_type": "quote"},
    "1.250 Mitglieder": {"member_count": 1250},
    "Mitglieder: 85": {"member_count": 85},
    "Mitgliederzahl: 412": {"member_count": 412},
    "Die Anzahl der Mitglieder beträgt 77": {"member_count": 77},
    "zweihundertdreißig Mitglieder": {"member_count": 230},
    "zweihundertfuenfzig mitglieder haben wir": {"member_count": 250},
    "230 Mitgl.": {"member_count": 230},
    "150 aktive und passive Mitglieder": {"member_count": 150},
    "85 mitgleider": {"member_count": 85},
    "230 Mitglieder, davon 80 Mitglieder unter 18": {"member_count": 230},
    "Früher hatten wir 300 Mitglieder, inzwischen sind es 210 Mitglieder": {"member_count": 210},
    "230 Mitglieder, 3 Angestellte": {"member_count": 230, "employee_count": 3},
    "230 mitglieder keine angestellten": {"member_count": 230, "employee_count": 0},
    "haben 88 mitglieder wollen jurverein mit fester sb 350 und halbjährlich zahlen": {
        "member_count": 88,
        "product": "jurverein",
        "deductible": "fixed_350",
        "payment_frequency": "semiannual",
    },
    "Der Verein zählt rund 400 Mitglieder.": {"member_count": 400},
    "Mitglieder gesamt: 230": {"member_count": 230},
    "Mitglieder 2025: 230": {"member_count": 230},
    "Mitglieder: 230 (davon 50 Jugendliche)": {"member_count": 230},
    "nein, nicht 230 sondern 240 Mitglieder": {"member_count": 240},
    "doch 240 Mitglieder": {"member_count": 240},
    "Gibt es Rabatt? Wir haben nämlich 500 Mitglieder.": {"member_count": 500},
    "230 Mitglieder, aber was heißt fallend eigentlich?": {"member_count": 230},
    "Wir sind zu fünft im Vorstand und haben 40 Mitglieder": {"member_count": 40},
    "Beschäftigte: 2": {"employee_count": 2},
    "Anzahl der Beschäftigten: 0": {"employee_count": 0},
    "Wir haben eine Angestellte.": {"employee_count": 1},
    "Wir haben 4 hauptamtliche Mitarbeiter.": {"employee_count": 4},
    "Wir sind ein Schützenverein.": {"club_type": "Schützenverein"},
    "Art des Vereins: Sport": {"club_type": "Sport"},
    "120 Mitglieder, Musikverein, monatlich": {
        "member_count": 120,
        "club_type": "Musikverein",
        "payment_frequency": "monthly",
    },
    "wir sind ein sportverein mit 300 mitgliedern": {
        "club_type": "Sportverein",
        "member_count": 300,
    },
    "Adresse: Hauptstraße 7, 12345 Musterstadt": {
        "street": "Hauptstraße 7",
        "postal_code": "12345",
        "city": "Musterstadt",
    },
    "Am alten Markt 12a\n01067 Dresden": {
        "street": "Am alten Markt 12a",
        "postal_code": "01067",
        "city": "Dresden",
    },
    "Straße: Ringweg 3\nPLZ: 80331\nOrt: München": {
        "street": "Ringweg 3",
        "postal_code": "80331",
        "city": "München",
    },
    "Straße/Nr.: Ringweg 3\nPLZ/Ort: 80331 München": {
        "street": "Ringweg 3",
        "postal_code": "80331",
        "city": "München",
    },
    "unsere anschrift ist hauptstr. 5 12345 musterstadt und wir haben 85 mitglieder": {
        "street": "Hauptstr. 5",
        "postal_code": "12345",
        "city": "Musterstadt",
        "member_count": 85,
    },
    "Schicken Sie die Unterlagen bitte per Post an Hauptstr. 7, 12345 Musterstadt": {
        "document_delivery": "post",
        "street": "Hauptstr. 7",
        "postal_code": "12345",
        "city": "Musterstadt",
    },
    "Straße des 17. Juni 135, 10623 Berlin": {
        "street": "Straße des 17. Juni 135",
        "postal_code": "10623",
        "city": "Berlin",
    },
    "Sitz: Ringstr. 12-14, 50667 Köln": {
        "street": "Ringstr. 12-14",
        "postal_code": "50667",
        "city": "Köln",
    },
    "in der Hauptstraße 7 in 12345 Bad Muster a.d. Lahn": {
        "street": "Hauptstraße 7",
        "postal_code": "12345",
        "city": "Bad Muster a.d. Lahn",
    },
    "mein name ist Max Mustermann, ich bin der 1. Vorsitzende": {
        "representative_first_name": "Max",
        "representative_last_name": "Mustermann",
    },
    "Anna-Lena Müller\n1. Vorsitzende\nTrachtenverein Almrausch": {
        "representative_first_name": "Anna-Lena",
        "representative_last_name": "Müller",
    },
    "Vorsitzende: Anna-Lena Müller, stellv. Vorsitzender: Jan Schmidt": {
        "representative_first_name": "Anna-Lena",
        "representative_last_name": "Müller",
    },
    "1. Vorsitzender: Max Mustermann": {
        "representative_first_name": "Max",
        "representative_last_name": "Mustermann",
    },
    "1. Vorsitzende ist Frau Dr. Anna Müller-Lüdenscheidt": {
        "representative_salutation": "frau",
        "representative_first_name": "Anna",
        "representative_last_name": "Müller-Lüdenscheidt",
    },
    "vertreten durch Herrn Karl von der Heide": {
        "representative_salutation": "herr",
        "representative_first_name": "Karl",
        "representative_last_name": "von der Heide",
    },
    "Erika Beispiel, Präsidentin": {
        "representative_first_name": "Erika",
        "representative_last_name": "Beispiel",
    },
    "1. Vorsitzender: Max Muster, 2. Vorsitzende: Eva Beispiel": {
        "representative_first_name": "Max",
        "representative_last_name": "Muster",
    },
    "Handy 0171 1234567": {"mobile_phone": "+491711234567"},
    "Tel. 089 / 12 34 567": {"landline_phone": "+49891234567"},
    "Tel: 089 1234567, Mobil: +49 171 1234567": {
        "landline_phone": "+49891234567",
        "mobile_phone": "+491711234567",
    },
    "Tel. 089 1234567, Fax 089 1234568": {"landline_phone": "+49891234567"},
    "Rückruf unter 0171-1234567 oder 089-1234567": {
        "mobile_phone": "+491711234567",
        "landline_phone": "+49891234567",
    },
    "+49 (0) 171 1234567": {"mobile_phone": "+491711234567"},
    "E-Mail: vorstand@tsv-musterstadt.de": {"email": "vorstand@tsv-musterstadt.de"},
    "An: antrag@versicherer.de\nVon: max@tsv-musterstadt.de": {"email": "max@tsv-musterstadt.de"},
    "Wir möchten JURVEREIN.": {"product": "jurverein"},
    "Wir nehmen den Vereinsrechtsschutz": {"product": "vereins_rechtsschutz"},
    "kein JURVEREIN, sondern Vereins-Rechtsschutz": {"product": "vereins_rechtsschutz"},
    "Jurverein brauchen wir nicht, nur die Mitgliedschaft": {"product": "membership_only"},
    "350 fest": {"deductible": "fixed_350"},
    "Selbstbeteiligung: 350 €": {"deductible": "fixed_350"},
    "SB 350": {"deductible": "fixed_350"},
    "350 Euro Selbstbeteiligung": {"deductible": "fixed_350"},
    "mit fallender Selbstbeteiligung": {"deductible": "falling_1000_300"},
    "SB 1.000/300": {"deductible": "falling_1000_300"},
    "Selbstbeteiligung: 600": {"deductible": "flex_600_300"},
    "Selbstbeteiligung flex 800/400": {"deductible": "flex_800_400"},
    "jurverein 600/300": {"product": "jurverein", "deductible": "flex_600_300"},
    "mit Familie": {"family_membership": True},
    "ohne Familie, jährlich": {"family_membership": False, "payment_frequency": "annual"},
    "keine Familienmitgliedschaft": {"family_membership": False},
    "Familie mit 4 Personen": {"family_membership": True, "family_member_count": 4},
    "Familie (vier Personen)": {"family_membership": True, "family_member_count": 4},
    "Familienmitgliedschaft: ja (3 Personen)": {
        "family_membership": True,
        "family_member_count": 3,
    },
    "Zahlung vierteljährlich; Familie nein": {
        "payment_frequency": "quarterly",
        "family_membership": False,
    },
    "5 Familienmitglieder": {"family_membership": True, "family_member_count": 5},
    "Beginn 1.1.27": {"start_date": "2027-01-01"},
    "Beginn: 01.01.2027": {"start_date": "2027-01-01"},
    "Versicherungsbeginn nächster Erster": {"start_date": "2026-12-01"},
    "ab 1.1.27": {"start_date": "2027-01-01"},
    "Wir möchten ab dem 1. Februar 2027 versichert sein": {"start_date": "2027-02-01"},
    "zum 01.03.2027": {"start_date": "2027-03-01"},
    "Die Vorversicherung endet zum 31.12.2026, Beginn daher 1.1.2027": {"start_date": "2027-01-01"},
    "Der Vertrag soll am 1.1.2027 beginnen": {"start_date": "2027-01-01"},
    "Beginn 01.01.2027 0 Uhr": {"start_date": "2027-01-01"},
    "Beginn doch lieber erst 1.2.27 statt 1.1.27": {"start_date": "2027-02-01"},
    "hiermit beantragen wir die Mitgliedschaft": {"request_type": "application"},
    "Wunschbeginn 1.4.2027": {"start_date": "2027-04-01"},
    "Wir wollen ab sofort Schutz": {"start_date": "2026-11-21"},
    "Hauptfälligkeit 1.7.": {"main_due_date": "07-01"},
    "Beginn 1.1.2027, abweichende Hauptfälligkeit: 01.04.": {
        "start_date": "2027-01-01",
        "main_due_date": "04-01",
    },
    "monatlich": {"payment_frequency": "monthly"},
    "Zahlungsweise: vierteljährlich": {"payment_frequency": "quarterly"},
    "Zahlung bitte halbjährlich": {"payment_frequency": "semiannual"},
    "Zahlung 1/2-jährlich": {"payment_frequency": "semiannual"},
    "Zahlung 1/4 jährlich": {"payment_frequency": "quarterly"},
    "Zahlung halb jährlich": {"payment_frequency": "semiannual"},
    "Zahlung zweimal jährlich": {"payment_frequency": "semiannual"},
    "Zahlung 4x jährlich": {"payment_frequency": "quarterly"},
    "Zahlung einmal jährlich": {"payment_frequency": "annual"},
    "nicht monatlich, sondern jährlich": {"payment_frequency": "annual"},
    "Unterlagen bitte per ePolice": {"document_delivery": "online"},
    "Unterlagen per Post": {"document_delivery": "post"},
    "Mitglieds-Nr.: 123456-7": {"membership_number": "123456-7"},
    "Unsere Mitgliedsnummer lautet KS4711": {"membership_number": "KS4711"},
    "Wir möchten gern ein Angebot.": {"request_type": "quote"},
    "Bitte um ein unverbindliches Angebot": {"request_type": "quote"},
    "Wir möchten einen Antrag stellen.": {"request_type": "application"},
    "Wir möchten Jurverein beantragen": {"request_type": "application", "product": "jurverein"},
    "Angebot für TSV Musterstadt, 230 Mitglieder": {
        "request_type": "quote",
        "club_name": "TSV Musterstadt",
        "member_count": 230,
    },
    "Können Sie mir ein Angebot für unseren Verein mit 230 Mitgliedern schicken?": {
        "request_type": "quote",
        "member_count": 230,
    },
    "Wir sind der TSV Musterstadt e.V. und haben 85 Mitglieder, was kostet das?": {
        "club_name": "TSV Musterstadt e.V.",
        "member_count": 85,
    },
    "TSV Musterstadt e.V., 230 Mitglieder, Jurverein 350 fest, Beginn 1.1.27, monatlich": {
        "club_name": "TSV Musterstadt e.V.",
        "member_count": 230,
        "product": "jurverein",
        "deductible": "fixed_350",
        "start_date": "2027-01-01",
        "payment_frequency": "monthly",
    },
    "hallo wir sind der Gesangverein Harmonie 1898 e.V. aus Kleinkleckersdorf und haben so 85"
    " mitglieder": {"club_name": "Gesangverein Harmonie 1898 e.V.", "member_count": 85},
    "SV Musterstadt e.V. 120 Mitglieder Vereins-Rechtsschutz 800/400 ab 1.2.2027 jährlich ohne"
    " Familie": {
        "club_name": "SV Musterstadt e.V.",
        "member_count": 120,
        "product": "vereins_rechtsschutz",
        "deductible": "flex_800_400",
        "start_date": "2027-02-01",
        "payment_frequency": "annual",
        "family_membership": False,
    },
    "TSV Musterstadt e.V., 230 Mitglieder bzw. 240 Mitglieder": {
        "club_name": "TSV Musterstadt e.V."
    },
    "230 Mitglieder… 230 Mitglieder": {"member_count": 230},
}


@pytest.mark.parametrize(("text", "expected"), STATEMENTS.items())
def test_statement(text: str, expected: dict[str, Any]) -> None:
    assert stated(text) == expected


NOTES = {
    "TSV X e.V., Sport, Hauptstr. 7, 50667 Köln, Vorstand Müller, Anna, 230 MG, 2 Angest., "
    "JUR 350 fest, 1.1.27, vj. Lastschrift": {
        "club_name": "TSV X e.V.",
        "club_type": "Sport",
        "street": "Hauptstr. 7",
        "postal_code": "50667",
        "city": "Köln",
        "representative_last_name": "Müller",
        "representative_first_name": "Anna",
        "member_count": 230,
        "employee_count": 2,
        "product": "jurverein",
        "deductible": "fixed_350",
        "start_date": "2027-01-01",
        "payment_frequency": "quarterly",
    },
    "MV Harmonie e.V.; 85 Mitgl; VRS fall.; Beg. 1.2.2027; mtl": {
        "club_name": "MV Harmonie e.V.",
        "member_count": 85,
        "product": "vereins_rechtsschutz",
        "deductible": "falling_1000_300",
        "start_date": "2027-02-01",
        "payment_frequency": "monthly",
    },
    "MV Harmonie e.V.; RS 350; 1.2.1950; mit MG": {
        "club_name": "MV Harmonie e.V.",
        "deductible": "fixed_350",
    },
    "TSV X e.V., Hauptstr. 350, 50667 Köln, 230 MG": {
        "club_name": "TSV X e.V.",
        "street": "Hauptstr. 350",
        "postal_code": "50667",
        "city": "Köln",
        "member_count": 230,
    },
    "MV Harmonie e.V., jur. Personen 3, Mon abend, HJ 2027, 12.12.2026": {
        "club_name": "MV Harmonie e.V.",
    },
    "SV Y e.V., Am Sportplatz 3, 67269 Grünstadt. Rückfragen gern": {
        "club_name": "SV Y e.V.",
        "street": "Am Sportplatz 3",
        "postal_code": "67269",
        "city": "Grünstadt",
    },
}


@pytest.mark.parametrize(("text", "expected"), NOTES.items())
def test_shorthand_of_brokers(text: str, expected: dict[str, Any]) -> None:
    assert stated(text) == expected


NOTHING_STATED = [
    "Zum Fest kommen 300 Leute.",
    "ich möchte mit einem mitarbeiter sprechen",
    "D E 8 9 3 7 0 4 0 0 4 4 0 5 3 2 0 1 3 0 0 0",
    "wir sind 3 Personen im Vorstand",
    "",
    "   \n ",
    "hallo",
    "guten morgen zusammen",
    "ja",
    "230",
    "Max Mustermann",
    "Herr Müller hat gesagt, Sie könnten uns helfen",
    "Was ist JURVEREIN?",
    "Was ist der Unterschied zwischen Jurverein und Vereins-Rechtsschutz?",
    "Jurverein oder Vereins-Rechtsschutz",
    "Kostet das bei 300 Mitgliedern mehr?",
    "Geht das auch monatlich?",
    "Ist ab 201 Mitgliedern ein anderer Preis fällig",
    "Wenn wir 300 Mitglieder hätten, wäre es teurer",
    "vielleicht monatlich",
    "monatlich oder vierteljährlich",
    "nicht monatlich",
    "kein JURVEREIN",
    "wir wollen keine fallende Selbstbeteiligung",
    "über 200 Mitglieder",
    "200 bis 250 Mitglieder",
    "200-250 Mitglieder",
    "mindestens 50 Mitglieder",
    "80 aktive Mitglieder und 150 passive Mitglieder",
    "unsere Jugendabteilung hat 80 Mitglieder",
    "3 Mitglieder haben uns verklagt",
    "5 Mitglieder im Vorstand",
    "letztes Jahr 220 Mitglieder",
    "Wir haben 500 Mitglieder angeschrieben",
    "Wir erwarten 500 Mitglieder zur Versammlung",
    "unser Vorstand besteht aus 7 Mitgliedern",
    "unsere 12 Vorstandsmitglieder",
    "Ich hätte gern gewusst ob Jurverein auch für 50 Mitglieder geht",
    "ab 01.01.2027 gilt unser neuer Mitgliedsbeitrag",
    "Mitgliedsbeitrag ab 1.1.27 12 Euro monatlich",
    "zum 1.1.27 wechseln wir den Vorstand",
    "Streit mit unserem Vermieter Karl Kurz, Ringweg 9, 12345 Musterstadt, Tel. 0171 7654321",
    "unser Anwalt hat die Mail kanzlei@anwalt-muster.de",
    "JURVEREIN ist mir zu teuer",
    "erklären Sie mir bitte fallend",
    "Selbstbeteiligung fallend verstehe ich nicht",
    "Unsere Mitgliederzahl schwankt zwischen 200 und 230",
    "150 Mitglieder im Chor plus 20 im Kinderchor",
    "Zahlung dreimal jährlich",
    "Zahlung 6-monatlich",
    "können Sie uns ab 1.1.27 versichern?",
    "was ist ePolice",
    "lieber per Post als ePolice",
    "wie stelle ich einen Antrag",
    "Der Sportverein Musterstadt ist unser Nachbar",
    "SV Musterstadt hat uns verklagt",
    "Deutscher Chorverband e.V. hat Sie empfohlen",
    "vertreten durch den Vorstand",
    "Steuernummer 143/123/12345, Vereinsregister VR 12345 Amtsgericht Musterstadt",
    "Nehme was Sie empfehlen, Produkt egal",
    "wir treffen uns monatlich im Vereinsheim",
    "monatlicher Mitgliedsbeitrag von 5 Euro",
    "unsere jährliche Hauptversammlung ist im März",
    "20 Mitarbeiter, alle ehrenamtlich",
    "2 Angestellte und 3 Minijobber",
    "gekündigt zum 31.12.2026",
    "unsere alte Versicherung läuft bis zum 31.12.2026",
    "ab dem 1.1.2027 haben wir einen neuen Vorstand",
    "seit 1.1.2020 im Amt",
    "2. Vorsitzender: Max Mustermann",
    "Kassenwart: Max Mustermann",
    "Vorstand: Max Mustermann, Eva Beispiel",
    "Der Vorstand hat beschlossen",
    "Max Mustermann hat mich an Sie verwiesen",
    "IBAN DE02 1203 0000 0000 2020 51",
    "DE02120300000000202051",
    "Kontonummer: 0123456789",
    "wir waren 2019 bis 2024 versichert, Versicherungsnummer der Vorversicherung 471112",
    "es läuft ein Ermittlungsverfahren gegen den Kassier",
    "wir hatten 3 Schäden in den letzten 5 Jahren",
    "2 Schäden, keine Vorversicherung, nicht gekündigt",
    "wir sind 4 Jahre schadenfrei",
    "alle Mitglieder sind natürliche Personen",
    "SEPA-Mandat erteile ich",
    "InkassoPro ja bitte, Bonitätsprüfung nein",
    "ich bestätige alle Angaben, Vertragsgrundlagen erhalten",
    "wir haben am 1.1.27 Jubiläum",
    "wir suchen eine Vereinsrechtsschutzversicherung",
    "wir brauchen einen Vereinsrechtsschutz",
    "350",
    "fest",
    "800",
    "wir feiern ein Fest mit 350 Gästen",
    "Rechnung Nr. 0891234567",
    "Ihr Angebot klingt gut",
    "vielen Dank für das Angebot vom 3.11.",
    "die Satzung kommt per Post",
    "12345 Musterstadt",
    "wir spielen in der Halle an der Ringstraße",
    "Kraftfahrer-Schutz e.V.",
    "der Verein hat geschlossen",
    "wir sind der größte Verein im Ort",
    "Familie mit drei Kindern",
    "ich bin mit Familie im Urlaub",
    "um 10.30 Uhr, Tel.",
    "e.V.",
    "ev. kommen wir später wieder",
    "(((((((((",
    "@",
    "@@@@ 0000000 +++++",
    "Mitglieder",
    "💥💥💥",
    "'; DROP TABLE drafts; --",
    "<script>alert(1)</script>",
]


@pytest.mark.parametrize("text", NOTHING_STATED)
def test_nothing_stated(text: str) -> None:
    assert find_facts(text, TODAY, {}) == Facts((), ())


CONTRADICTORY = {
    "230 Mitglieder … also 240 Mitglieder insgesamt": ("member_count",),
    "Jurverein bitte. Nehmen Sie den Vereins-Rechtsschutz.": ("product",),
    "Mobil 0171 1234567, Handy 0172 7654321": ("mobile_phone",),
    "max@tsv-musterstadt.de und eva@tsv-musterstadt.de": ("email",),
    "Zahlung monatlich, Zahlung jährlich": ("payment_frequency",),
    "Beginn 1.1.27, Beginn 1.2.27": ("start_date",),
    "SB 350, fallend": ("deductible",),
    "mit Familie, ohne Familie": ("family_membership",),
    "ohne Familie, Familie mit 4 Personen": ("family_membership",),
    "1. Vorsitzender: Max Muster\n1. Vorsitzende: Eva Beispiel": ("representative_name",),
    "TSV Musterstadt e.V. und SV Beispielheim e.V.": ("club_name",),
    "Hauptstraße 7, 12345 Musterstadt\nRingweg 3, 80331 München": ("address",),
}


@pytest.mark.parametrize(("text", "keys"), CONTRADICTORY.items())
def test_contradictory(text: str, keys: tuple[str, ...]) -> None:
    facts = find_facts(text, TODAY, {})
    assert facts.contradictory == keys
    assert not {fact.question for fact in facts.found} & set(keys)


def test_a_contradiction_leaves_the_other_facts() -> None:
    facts = find_facts("TSV Musterstadt e.V., 230 Mitglieder, nein 240 Mitglieder", TODAY, {})
    assert values(facts) == {"club_name": "TSV Musterstadt e.V."}
    assert facts.contradictory == ("member_count",)


LOOSE: dict[str, dict[str, Any]] = {
    "und mit 350 fest?": {"deductible": "fixed_350"},
    "und mit 350?": {"deductible": "fixed_350"},
    "350": {"deductible": "fixed_350"},
    "fest": {"deductible": "fixed_350"},
    "fest?": {"deductible": "fixed_350"},
    "und fallend?": {"deductible": "falling_1000_300"},
    "800/400": {"deductible": "flex_800_400"},
    "was wäre mit 600/300?": {"deductible": "flex_600_300"},
    "1000/300": {"deductible": "falling_1000_300"},
    "bei 500 Mitgliedern?": {"member_count": 500},
    "bei 300 Mitgliedern": {"member_count": 300},
    "für 400 Mitglieder?": {"member_count": 400},
    "und für 240?": {"member_count": 240},
    "bei 500?": {"member_count": 500},
    "und bei zweihundertfünfzig?": {"member_count": 250},
    "was wenn wir 500 wären": {"member_count": 500},
    "was kostet es wenn wir 85 mitglieder wären": {"member_count": 85},
    "bei 300": {},
    "mit 300?": {},
    "für 400": {},
    "für 350?": {},
    "mit 1000?": {},
    "800": {},
    "flex": {},
    "500": {},
    "für 500 Euro?": {},
    "für 12 Monate": {},
    "monatlich?": {"payment_frequency": "monthly"},
    "und halbjährlich?": {"payment_frequency": "semiannual"},
    "nicht monatlich sondern jährlich?": {"payment_frequency": "annual"},
    "was kostet Jurverein für 500 leute mit familie fallend": {
        "product": "jurverein",
        "member_count": 500,
        "family_membership": True,
        "deductible": "falling_1000_300",
    },
    "500 mitglieder sb 800/400 halbjährlich": {
        "member_count": 500,
        "deductible": "flex_800_400",
        "payment_frequency": "semiannual",
    },
    "wie teuer wäre vereinsrechtsschutz 350 fest für 120 mitglieder im jahr": {
        "product": "vereins_rechtsschutz",
        "deductible": "fixed_350",
        "member_count": 120,
        "payment_frequency": "annual",
    },
    "und ohne Familie?": {"family_membership": False},
    "mit Familie?": {"family_membership": True},
    "was kostet es mit familie mit 4 personen": {
        "family_membership": True,
        "family_member_count": 4,
    },
    "Was kostet der Jurverein?": {"product": "jurverein"},
    "nur die Mitgliedschaft?": {"product": "membership_only"},
    "und mit sb 800?": {"deductible": "flex_800_400"},
    "flex 600?": {"deductible": "flex_600_300"},
    "und mit flex 300": {},
    "sb 300?": {},
    "was wenn wir 350 nehmen": {"deductible": "fixed_350"},
    "und wenn wir 350 wären?": {"member_count": 350},
    "die 350er?": {"deductible": "fixed_350"},
    "statt 350 fest lieber fallend?": {"deductible": "falling_1000_300"},
    "vierteljährlich statt monatlich?": {"payment_frequency": "quarterly"},
    "für 1.200 Leute mit Familie (4 Personen)?": {
        "member_count": 1200,
        "family_membership": True,
        "family_member_count": 4,
    },
    "was kostet die Familienmitgliedschaft": {"family_membership": True},
    "was kostet es pro Monat": {"payment_frequency": "monthly"},
    "und wenn wir 50 leute mehr wären": {},
    "für 3 Personen": {},
    "bei 2027": {},
    "was kostet der Schutz für unser Fest?": {},
    "und ab 201 Mitgliedern?": {},
    "500 Mitglieder, und 350?": {"member_count": 500, "deductible": "fixed_350"},
    "für fünfhundert?": {"member_count": 500},
    "und flexibel?": {},
    "jurverein oder vereins-rechtsschutz?": {},
    "was ist der Unterschied im Preis?": {},
    "was zahlen 1.200 leute monatlich": {"member_count": 1200, "payment_frequency": "monthly"},
    "mit 350 fest bei 500": {"deductible": "fixed_350", "member_count": 500},
    "350 mitglieder 350 fest": {"member_count": 350, "deductible": "fixed_350"},
    "wieviel kostet das für 80 personen?": {"member_count": 80},
}


@pytest.mark.parametrize(("text", "expected"), LOOSE.items())
def test_loose(text: str, expected: dict[str, Any]) -> None:
    assert stated(text, loose=True) == expected


TREASURER = """\
Sehr geehrte Damen und Herren,

unser Verein, der Schützenverein Hubertus Musterdorf 1920 e.V., möchte gern JURVEREIN mit
350 € fest abschließen. Wir haben 120 Mitglieder und keine Angestellten. Im letzten Jahr
gab es 2 Schäden; vorversichert waren wir bei der Muster AG (Vers.-Nr. 4711-08/15).
Beginn soll der 01.01.2027 sein, die Zahlung bitte vierteljährlich.
Unsere IBAN: DE02 1203 0000 0000 2020 51

Mit freundlichen Grüßen
Maximilian Mustermann
1. Vorsitzender

Schützenverein Hubertus Musterdorf 1920 e.V.
Hauptstraße 7
12345 Musterdorf
Telefon: 089 1234567
Fax: 089 1234568
Mobil: 0171 1234567
vorstand@hubertus-musterdorf.de
www.hubertus-musterdorf.de
"""
BROKER = """\
Guten Morgen,

hier ein neuer Antrag:
Verein: TSV Musterstadt 1901 e.V.
Art: Sportverein
Anschrift: Am Sportplatz 1, 80331 München
Vertreten durch: Frau Eva Beispiel
Mitglieder: 1.250
Beschäftigte: 3
Produkt: Vereins-Rechtsschutz
SB: 600/300
Zahlweise: monatlich
Beginn: 1. Februar 2027
Unterlagen: per Post

Freundliche Grüße
Karl Makler
Versicherungsmakler Makler & Söhne GmbH
Maklerweg 12, 50667 Köln
Tel. 0221 1234567, 0172 9876543
karl@makler-soehne.de
"""
REPLY = """\
Hallo,
wir sind inzwischen 245 Mitglieder, sonst bleibt alles.
Gruß, Eva

Am 12.11.2026 um 09:12 schrieb Service <service@versicherer.de>:
> Sie haben uns 230 Mitglieder genannt, Zahlung jährlich.
> Tel. 089 7654321
"""
FORWARDED = """\
Von: Eva Beispiel <eva.beispiel@musikverein-tal.de>
Gesendet: Donnerstag, 19. November 2026 18:03
An: info@versicherer.de
Betreff: Anfrage Musikverein Tal e.V.

hallo zusammen,
wir sind ein musikverein mit ca. 60 mitgliedern und würden gern jährlich zahlen.
was kostet jurverein?
lg eva (kassiererin)
"""
DICTATED = (
    "guten tag wir sind der karnevalsclub rot weiß ev in musterstadt wir haben zweihundertzehn"
    " mitglieder und möchten den vereins rechtsschutz mit 800/400 ab dem ersten januar"
    " zweitausendsiebenundzwanzig"
)
EMAILS: dict[str, dict[str, Any]] = {
    TREASURER: {
        "club_name": "Schützenverein Hubertus Musterdorf 1920 e.V.",
        "member_count": 120,
        "employee_count": 0,
        "street": "Hauptstraße 7",
        "postal_code": "12345",
        "city": "Musterdorf",
        "representative_first_name": "Maximilian",
        "representative_last_name": "Mustermann",
        "mobile_phone": "+491711234567",
        "landline_phone": "+49891234567",
        "email": "vorstand@hubertus-musterdorf.de",
        "product": "jurverein",
        "deductible": "fixed_350",
        "start_date": "2027-01-01",
        "payment_frequency": "quarterly",
    },
    BROKER: {
        "request_type": "application",
        "club_name": "TSV Musterstadt 1901 e.V.",
        "club_type": "Sportverein",
        "member_count": 1250,
        "employee_count": 3,
        "street": "Am Sportplatz 1",
        "postal_code": "80331",
        "city": "München",
        "representative_salutation": "frau",
        "representative_first_name": "Eva",
        "representative_last_name": "Beispiel",
        "product": "vereins_rechtsschutz",
        "deductible": "flex_600_300",
        "start_date": "2027-02-01",
        "payment_frequency": "monthly",
        "document_delivery": "post",
    },
    REPLY: {"member_count": 245},
    FORWARDED: {
        "club_name": "Musikverein Tal e.V.",
        "club_type": "Musikverein",
        "member_count": 60,
        "email": "eva.beispiel@musikverein-tal.de",
        "payment_frequency": "annual",
    },
    DICTATED: {
        "club_name": "karnevalsclub rot weiß ev",
        "member_count": 210,
        "product": "vereins_rechtsschutz",
        "deductible": "flex_800_400",
        "start_date": "2027-01-01",
    },
}


@pytest.mark.parametrize(("text", "expected"), EMAILS.items())
def test_email(text: str, expected: dict[str, Any]) -> None:
    assert stated(text) == expected


@pytest.mark.parametrize("text", [TREASURER, BROKER, FORWARDED])
def test_email_with_windows_line_ends_and_no_umlauts(text: str) -> None:
    windows = text.replace("\n", "\r\n")
    assert stated(windows) == stated(text)
    typed = text.translate(str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"}))
    assert set(stated(typed)) == set(stated(text))


def test_excerpts_show_where_a_fact_stands() -> None:
    facts = find_facts("Wir haben 230 Mitglieder. Zahlung monatlich", TODAY, {})
    assert [(fact.question, fact.excerpt) for fact in facts.found] == [
        ("member_count", "230 Mitglieder"),
        ("payment_frequency", "monatlich"),
    ]


def test_facts_stand_in_the_order_of_the_form() -> None:
    facts = find_facts(TREASURER[::1] + "\nFamilie mit 4 Personen", TODAY, {})
    order = [question.key for question in QUESTIONS]
    positions = [order.index(fact.question) for fact in facts.found]
    assert positions == sorted(positions)


def test_prefill_takes_canonical_values_and_text() -> None:
    prefill = {
        "club_name": "TSV Musterstadt e.V.",
        "member_count": 230,
        "employee_count": "keine",
        "street": "Hauptstraße 7",
        "postal_code": "12345",
        "city": "Musterstadt",
        "representative_salutation": "frau",
        "representative_last_name": "Beispiel",
        "representative_first_name": "Eva",
        "mobile_phone": "+491711234567",
        "email": "eva@tsv-musterstadt.de",
        "product": "jurverein",
        "deductible": "falling_1000_300",
        "family_membership": False,
        "start_date": "2027-01-01",
        "main_due_date": "07-01",
        "payment_frequency": "monthly",
        "document_delivery": "online",
    }
    facts = read_prefill(prefill, TODAY)
    found = {name: value for fact in facts for name, value in fact.values.items()}
    assert found == {**prefill, "employee_count": 0}


@pytest.mark.parametrize(
    "prefill",
    [
        {},
        {"unknown": "value"},
        {"member_count": -3},
        {"member_count": [230]},
        {"member_count": None},
        {"member_count": True},
        {"club_name": {"a": 1}},
        {"club_name": "x" * 5000},
        {"email": "keine"},
        {"start_date": "2020-01-01"},
        {"product": "kfz"},
        {"street": "Hauptstraße 7"},
        {"criminal_proceedings": False},
        {"prior_insurance": False},
        {"prior_insurances": []},
        {"claims_last_5_years": 0},
        {"claim_free_years": 5},
        {"disclosure_confirmed": True},
        {"natural_persons_only": True},
        {"sepa_mandate": True},
        {"iban": "DE02120300000000202051"},
        {"inkasso_pro": True},
        {"credit_check_consent": True},
        {"documents_received": True},
        {"submission": True},
    ],
)
def test_prefill_leaves_out(prefill: dict[str, Any]) -> None:
    assert read_prefill(prefill, TODAY) == []


def test_prefill_keeps_what_is_good_beside_what_is_not() -> None:
    assert read_prefill({"member_count": 230, "email": "?", "x": object()}, TODAY) == [
        Fact("member_count", {"member_count": 230}, "230")
    ]

"""The legal wording is the printed form's, word for word and completely."""

from __future__ import annotations

import re
from hashlib import sha256
from pathlib import Path

import pytest

from bot import legal

FORM = Path(__file__).parent / "data" / "application-form.md"

# id: the last printed words before the wording, the first printed words after it
EXTENT = {
    "membership": (
        "abweichende Hauptfälligkeit Mitgliedschaft im KS e.V.",
        "KS-Mitgliedschaft für den",
    ),
    "cover_basis": ("Anzahl Familienmitglieder inkl. Antragsteller", "Selbstbeteiligung 1.000"),
    "cover_jurverein": ("350 € fest JURVEREIN", "bis 200 Mitglieder"),
    "cover_vereins_rechtsschutz": ("2,76 € Vereins-Rechtsschutz", "bis 200 Mitglieder"),
    "natural_persons_only": ("Bestätigung:", "ja nein (kein"),
    "natural_persons_only_no": ("ausgerichtet. ja nein (", ") Mitgliederzahl"),
    "statutes_notice": ("Berechtigter für Clubleistungen", "Beginn der Mitgliedschaft"),
    "criminal_proceedings": ("(nur bei JURVEREIN)", "nein ja, bitte auf Beiblatt"),
    "prior_insurance": ("ja, bitte auf Beiblatt erläutern", "nein, Folgefragen"),
    "prior_insurances": ("ja, alle Versicherer angeben", "Wurde eine dieser"),
    "prior_cancelled_by_insurer": ("Beginn und Ende an:", "nein ja (Schadenübersicht"),
    "claims_last_5_years": ("nein ja (Schadenübersicht beifügen)", "Wie viele Jahre"),
    "claim_free_years": ("(bei 3 oder mehr Schadenübersicht beifügen)", "Ich bestätige"),
    "disclosure_confirmed": ("SB-Stufe 300,- €", "Hinweis: Gerne"),
    "claims_overview_notice": ("Vorversicherung(en) zu.", "Sonstiges"),
    "payment_notes": ("Hinweise:", "Zahlungsart:"),
    "sepa_mandate": ("Zahlungsart:", "IBAN (22 Stellen)"),
    "inkasso_pro": ("professionelles Forderungsmanagement", "InkassoPro wird ausdrücklich"),
    "inkasso_pro_declined": ("durch diesen verarbeitet werden.", "Hinweis zur Anzeigepflicht"),
    "disclosure_duty": ("gewünscht. Hinweis zur Anzeigepflicht", "Bonitätsprüfung Nach"),
    "credit_check_consent": ("(siehe Anlage). Bonitätsprüfung", "Dokumentenversand"),
    "documents_received": ("per Post Unterschrift", "Ort, Datum"),
    "term": ("Rechtsschutz-Versicherung Laufzeit", "Erklärung Ich kann"),
    "declaration": ("die Mindestlaufzeit. Erklärung", "Hinweise zum Begriff"),
    "claim_definition": ("Hinweise zum Begriff „Schaden“", "Datenschutzhinweise Zur"),
    "privacy": ("abgeschlossen wurden. Datenschutzhinweise", "Hinweis zur Anzeigepflicht nach"),
    "disclosure_notice": ("Versicherungsvertragsgesetz (VVG)", "Einwilligungserklärung zur"),
    "credit_check_information": (
        "Einwilligungserklärung zur Bonitätsprüfung",
        "InkassoPro: Einwilligungserklärung",
    ),
    "inkasso_pro_consent": ("Einwilligungserklärung zur Datenweitergabe", "Risikoträger"),
    "risk_carrier": ("First Debit GmbH. Risikoträger", "Beiträge bei jährlicher"),
}

REQUIRED_BY_CONTRACT = {
    "disclosure_notice",
    "disclosure_duty",
    "claim_definition",
    "natural_persons_only",
    "criminal_proceedings",
    "prior_insurance",
    "prior_insurances",
    "prior_cancelled_by_insurer",
    "claims_last_5_years",
    "claim_free_years",
    "disclosure_confirmed",
    "sepa_mandate",
    "payment_notes",
    "inkasso_pro",
    "inkasso_pro_consent",
    "credit_check_consent",
    "credit_check_information",
    "privacy",
    "term",
    "declaration",
    "documents_received",
    "statutes_notice",
    "membership",
    "risk_carrier",
}


def plain(markdown: str) -> str:
    """The printed words in one line, without markup."""
    without_links = re.sub(r"\[([^\]]+)\]\([^)]+\)", r"\1", markdown)
    without_tags = re.sub(r"<[^>]+>", " ", without_links)
    without_marks = re.sub(r"^#+ |\*\*", "", without_tags, flags=re.MULTILINE)
    return " ".join(without_marks.split())


@pytest.fixture(scope="module")
def form() -> str:
    return plain(FORM.read_text(encoding="utf-8"))


@pytest.mark.parametrize("id", sorted(legal.edition().texts))
def test_wording_is_exactly_what_is_printed_there(id: str, form: str) -> None:
    before, after = EXTENT[id]
    start = form.index(before) + len(before)
    printed = form[start : form.index(after, start)].strip()
    assert " ".join(legal.document(id).text.split()) == printed


def test_extents_are_those_of_the_edition() -> None:
    assert set(EXTENT) == set(legal.edition().texts)
    assert set(EXTENT) >= REQUIRED_BY_CONTRACT


@pytest.mark.parametrize("id", sorted(legal.edition().texts))
def test_paragraphs_are_printed_as_paragraphs(id: str) -> None:
    printed = {plain(line) for line in FORM.read_text(encoding="utf-8").splitlines()}
    whole = " | ".join(printed)
    for paragraph in legal.document(id).text.split("\n\n"):
        assert paragraph in whole


def test_misprints_of_the_form_are_kept() -> None:
    assert "infoscroe" in legal.document("credit_check_information").text
    assert "Dateneempfängern" in legal.document("credit_check_information").text
    assert "zu versicherte Verein" in legal.document("prior_insurance").text


def test_no_markup_is_left() -> None:
    for wording in legal.edition().texts.values():
        assert not re.search(r"[<>*#\[\]\t]|  |\n{3}", wording.text)


def test_text_carries_its_version_source_and_hash() -> None:
    wording = legal.document("privacy")
    assert wording.version == "2026-01"
    assert "Datenschutzhinweise" in wording.source
    assert wording.sha256 == sha256(wording.text.encode("utf-8")).hexdigest()


def test_hashes_differ_between_wordings() -> None:
    texts = legal.edition().texts.values()
    assert len({wording.sha256 for wording in texts}) == len(texts)


def test_an_earlier_version_can_be_named() -> None:
    assert legal.document("privacy", "2026-01") == legal.document("privacy")


@pytest.mark.parametrize(("id", "version"), [("nothing", None), ("privacy", "1999-01")])
def test_unknown_wording_or_version_is_an_error(id: str, version: str | None) -> None:
    with pytest.raises(legal.MissingLegalText):
        legal.document(id, version)


@pytest.mark.parametrize("version", legal.versions())
def test_file_name_is_the_version(version: str) -> None:
    assert legal.edition(version).version == version


def test_contract_documents_are_those_that_the_form_lists_in_its_order() -> None:
    sentence = legal.document("documents_received").text
    names = [max(d.title.split(), key=len) for d in legal.documents_before_signature()]
    positions = [sentence.find(name) for name in names]
    assert len(positions) == 9
    assert -1 not in positions
    assert positions == sorted(positions)


def test_contract_documents_carry_a_wording_where_the_form_prints_it() -> None:
    wordings = {d.id: d.legal for d in legal.documents_before_signature()}
    held = {id for id, wording in wordings.items() if wording is not None}
    assert held == {"disclosure_notice", "privacy", "credit_check_information"}
    for document in legal.documents_before_signature():
        assert document.version
        assert document.sha256 == (document.legal.sha256 if document.legal else None)


def test_policy_conditions_carry_the_printed_edition(form: str) -> None:
    conditions = next(d for d in legal.documents_before_signature() if d.id == "policy_conditions")
    assert conditions.version == "AUXILIA ARB/2021"
    assert conditions.version in form


def test_creditor_identifier_is_the_printed_one_and_valid() -> None:
    identifier = legal.CREDITOR_IDENTIFIER
    assert f"Gläubiger-Identifikationsnummer {identifier}" in legal.document("sepa_mandate").text
    # ISO 7064 over the identifier without its business code (positions 5 to 7).
    rearranged = identifier[7:] + identifier[:4]
    assert int("".join(str(int(character, 36)) for character in rearranged)) % 97 == 1

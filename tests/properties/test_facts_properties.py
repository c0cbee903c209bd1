"""Finding facts never fails, finds only what a question accepts, and stays fast."""

from __future__ import annotations

import time
from datetime import date

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bot.application.facts import find_facts, read_prefill
from bot.application.facts.finding import read_answer
from bot.application.questions import QUESTIONS, question

TODAY = date(2026, 11, 20)
ASKED_WORD_FOR_WORD = {
    each.key for each in QUESTIONS if each.section in ("disclosure", "documents", "declaration")
} | {"natural_persons_only", "sepa_mandate", "iban", "inkasso_pro", "credit_check_consent"}
PIECES = (
    "TSV Musterstadt e.V.", "Verein:", "wir sind der", "230", "Mitglieder", "Mitgliederzahl:",
    "350", "fest", "fallend", "800/400", "SB", "JURVEREIN", "Vereins-Rechtsschutz",
    "Hauptstraße 7", "12345 Musterstadt", "1. Vorsitzender", "Max Mustermann", "Frau",
    "0171 1234567", "089 1234567", "max@tsv-musterstadt.de", "@", "Beginn", "1.1.27", "ab",
    "zum 31.02.2027", "Hauptfälligkeit", "monatlich", "jährlich", "nicht", "kein", "ohne",
    "oder", "?", "!", ".", ",", "\n", "und", "mit Familie", "Familie mit 4 Personen", "ePolice",
    "per Post", "Mitglieds-Nr.: 4711", "Angebot", "möchten ein", "Antrag stellen",
    "IBAN DE02 1203 0000 0000 2020 51", "Ermittlungsverfahren nein", "vorversichert ja",
    "3 Schäden", "schadenfrei 4 Jahre", "SEPA ja", "InkassoPro ja", "> ", "e.V.",
    "Mit freundlichen Grüßen", "Versicherungsmakler", "am 1.1. schrieb X:", "ev", "1.", "für",
    "bei",
)  # fmt: skip
messages = st.lists(st.sampled_from(PIECES), max_size=25).map(" ".join)
anything = st.one_of(st.text(max_size=300), messages)
quickly = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@quickly
@given(text=anything, loose=st.booleans())
@example(text="İ" * 50 + " 230 Mitglieder", loose=False)
@example(text="\ud800 230 Mitglieder", loose=True)
@example(text="a\u0308\u00ad\u200b\x00\r\r\n", loose=False)
def test_facts_are_what_their_questions_hold(text: str, loose: bool) -> None:
    facts = find_facts(text, TODAY, {}, loose=loose)
    keys = [fact.question for fact in facts.found]
    assert len(keys) == len(set(keys))
    assert not set(keys) & set(facts.contradictory)
    for fact in facts.found:
        asked = question(fact.question)
        assert fact.values
        assert set(fact.values) <= {*asked.fields, *asked.also_fills}
        assert None not in fact.values.values()


@quickly
@given(text=anything, loose=st.booleans())
def test_disclosures_consents_and_bank_details_are_never_taken(text: str, loose: bool) -> None:
    facts = find_facts(text, TODAY, {}, loose=loose)
    assert not ASKED_WORD_FOR_WORD & {fact.question for fact in facts.found}
    assert not ASKED_WORD_FOR_WORD & set(facts.contradictory)


@quickly
@given(members=st.integers(1, 20_000))
def test_any_member_count_is_found_however_it_is_written(members: int) -> None:
    dotted = f"{members:,}".replace(",", ".")
    for text in (f"{members} Mitglieder", f"Mitglieder: {dotted}", f"wir haben {dotted} Mitgl."):
        facts = find_facts(text, TODAY, {})
        assert [fact.values for fact in facts.found] == [{"member_count": members}]


@quickly
@given(text=messages)
def test_a_question_states_nothing(text: str) -> None:
    line = text.translate(str.maketrans("?!.\n,", "     "))
    assert not find_facts(f"was ist {line}?", TODAY, {}).found


@quickly
@given(
    prefill=st.dictionaries(
        st.sampled_from([each for asked in QUESTIONS for each in (asked.key, *asked.fields)])
        | st.text(max_size=10),
        st.none() | st.booleans() | st.integers() | st.floats() | anything | st.lists(st.text()),
    )
)
def test_prefill_never_fails_and_takes_no_disclosure(
    prefill: dict[str, object],
) -> None:
    facts = read_prefill(prefill, TODAY)
    assert not ASKED_WORD_FOR_WORD & {fact.question for fact in facts}
    for fact in facts:
        assert read_answer(fact.question, fact.excerpt, TODAY, {}) is not None


LONG = {
    piece: (piece + " ") * (10_000 // (len(piece) + 1))
    for piece in (
        *PIECES,
        "a",
        "0",
        "Max",
        "12345 X",
        "a@b.de",
        "Am",
        "eins",
        "1 000",
        "(",
        "-",
        "und",
    )
} | {letter: letter * 10_000 for letter in "a0.,@(\n -'e?"}


@pytest.mark.parametrize("text", LONG.values(), ids=[repr(key) for key in LONG])
def test_long_messages_take_no_time(text: str) -> None:
    """Milliseconds in practice; the bound only catches what grows faster than the text."""
    begin = time.process_time()
    find_facts(text, TODAY, {})
    find_facts(text, TODAY, {}, loose=True)
    assert time.process_time() - begin < 0.5

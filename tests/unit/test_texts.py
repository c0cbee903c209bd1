"""What people read: complete, in plain German, and nothing that the sources do not say."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bot import legal
from bot.application.display import label
from bot.application.kinds import ReadingContext
from bot.application.questions import QUESTIONS, SECTIONS, Question, application_fields
from bot.texts import MissingText, entry, has, text

DATA = Path(__file__).parent / "data"
KEYS_OF_A_QUESTION = {
    "label", "labels", "names", "ask", "ask_required", "ask_next", "legal", "lead_in", "why",
    "how", "hint",
}  # fmt: skip
DECLARED = {each.name for each in fields(Question)} - {"key"}
NOT_OURS = DECLARED | {"names", "question", "intent"}
KEYS_OF_A_TOPIC = {"title", "short", "more", "legal", "question", "intent"}
DERIVED_FIELDS = (
    "bic", "bank_name", "broker_number", "broker_name", "deductible_start_level",
    "outstanding_documents", "reference", "signed_at", "insurer", "policy_number", "scope",
    "start_date", "end_date",
)  # fmt: skip
# What people may also write at a question; it is understood before its answer is read.
COMMANDS = {"überspringen", "mehr dazu", "Preise vergleichen", "absenden", "reiche ich nach"}
# Not printed as such: what instalments cost more in the printed cells, and the level that counts
# below the first one of the form's list.
DERIVED_FACTS = {"3 %", "5 %", "6 %", "1.000 €"}


FIGURES = {"draft_days": 90, "cancelled_days": 7, "submitted_years": 6}


def own_texts(catalogue: str) -> Iterator[tuple[str, str]]:
    """Every sentence of ours with its name; wording of the insurer is only named there."""

    def walk(name: str, value: Any) -> Iterator[tuple[str, str]]:
        if isinstance(value, dict):
            for key, below in value.items():
                if name == catalogue or key not in NOT_OURS:
                    yield from walk(f"{name}.{key}", below)
        else:
            words = str(value).strip()
            # The only texts with figures that an operator may set.
            yield name, words.format(**FIGURES) if "privacy_of_this_chat" in name else words

    yield from walk(catalogue, entry(catalogue))


OWN = [*own_texts("questions"), *own_texts("topics")]
QUESTION_TEXTS = {
    key: value for key, value in entry("questions").items() if key not in ("sections", "fields")
}


def sentences(of: str) -> list[str]:
    found = re.split(r"\n|(?<=[.?!:])\s+(?=[A-ZÄÖÜ„])", of.strip().replace("e.V.", "e. V"))
    return [each for each in found if each.strip()]


# --- completeness -----------------------------------------------------------------------------


@pytest.mark.parametrize("asked", QUESTIONS, ids=lambda each: each.key)
def test_question_has_all_its_texts(asked: Question) -> None:
    texts = QUESTION_TEXTS[asked.key]
    assert set(texts) <= KEYS_OF_A_QUESTION | DECLARED
    assert {"label", "why", "how", "hint"} <= set(texts)
    assert "ask" in texts or "legal" in texts
    assert asked.internal or asked.must_be_true or "names" in texts


@pytest.mark.parametrize("asked", QUESTIONS, ids=lambda each: each.key)
def test_optional_question_says_that_it_can_be_skipped(asked: Question) -> None:
    texts = QUESTION_TEXTS[asked.key]
    if asked.required({}):
        assert "überspring" not in texts.get("ask", "")
    else:
        assert "überspring" in texts["ask"]
    assert "überspring" not in texts.get("ask_required", "")


@pytest.mark.parametrize("section", SECTIONS)
def test_section_has_a_title(section: str) -> None:
    assert text(f"questions.sections.{section}.title")


@pytest.mark.parametrize("section", SECTIONS[1:])
def test_section_begins_with_a_short_sentence(section: str) -> None:
    """All but the first, which the greeting opens."""
    assert 1 <= len(sentences(text(f"questions.sections.{section}.intro"))) <= 2


@pytest.mark.parametrize("name", [*application_fields(), *DERIVED_FIELDS])
def test_every_field_has_a_label(name: str) -> None:
    assert label(name)[0].isupper()


@pytest.mark.parametrize("name", sorted(entry("topics")))
def test_topic_is_short_first_and_leads_to_its_legal_text(name: str) -> None:
    topic = entry("topics")[name]
    assert set(topic) <= KEYS_OF_A_TOPIC
    assert 1 <= len(sentences(topic["short"].strip())) <= 4
    assert len(topic["short"]) < 260
    assert topic["more"].strip().endswith(":") == ("legal" in topic)
    if "legal" in topic:
        assert legal.document(topic["legal"]).text
    if "question" in topic:
        assert topic["question"] in QUESTION_TEXTS


# --- plain, polite German -----------------------------------------------------------------------


@pytest.mark.parametrize(("name", "words"), OWN, ids=[name for name, _ in OWN])
def test_text_is_plain_and_polite(name: str, words: str) -> None:
    assert "!" not in words
    assert not re.search(r"\b(du|dich|dir|dein\w*|euch|eure\w*)\b", words, re.IGNORECASE)
    assert not re.search(r"[\U0001F300-\U0001FAFF\u2600-\u27BF{}<>]", words)
    assert not re.search(r"\b(bzw|ggf|z\.B|bspw|d\.h|zwecks|hiermit|seitens)\b", words)
    assert words.count("„") == words.count("“")
    assert not set(words) & {'"', "”", "'"}


@pytest.mark.parametrize(("name", "words"), OWN, ids=[name for name, _ in OWN])
def test_sentences_can_be_read_aloud_in_one_breath(name: str, words: str) -> None:
    too_long = [each for each in sentences(words) if len(each.split()) > 26]
    assert too_long == []


@pytest.mark.parametrize("key", sorted(QUESTION_TEXTS))
def test_question_is_one_question(key: str) -> None:
    texts = QUESTION_TEXTS[key]
    for variant in ("ask", "ask_required", "ask_next"):
        assert texts.get(variant, "").count("?") <= 1


# --- what we tell people to write works -----------------------------------------------------------


def example_answers() -> list[tuple[str, str]]:
    """What ``how`` quotes as an answer: neither a command, a question nor a correction."""
    quoted = [
        (asked.key, " ".join(example.split()))
        for asked in QUESTIONS
        for example in re.findall(r"„([^“]+)“", text(f"questions.{asked.key}.how"))
    ]
    return [
        (key, example)
        for key, example in quoted
        if example not in COMMANDS and not example.endswith("?") and not example.startswith("doch ")
    ]


@pytest.mark.parametrize(("key", "example"), example_answers())
def test_example_answers_are_read(key: str, example: str) -> None:
    asked = next(each for each in QUESTIONS if each.key == key)
    context = ReadingContext(field=key, today=date(2026, 11, 20), answers={})
    assert asked.kind.read(example, context).is_ok


# --- nothing that the sources do not say ----------------------------------------------------------

SOURCES = ("application-form.md", "epolice-guide.md")
# Addresses quoted at these questions are examples.
STATING = [(name, words) for name, words in OWN if not re.match(r"questions\.(account|addr)", name)]
FACTS = re.compile(
    r"""
      \d[\d.,]*(?:\s[/–]\s[\d.,]+)?\s€   # amounts
    | \d+\s%                             # rates
    | \b0\d{2}\s/\s\d{3}\s\d{2}-\d+      # telephone numbers of the insurer
    | [\w-]+@ks-auxilia\.de              # its addresses
    | www\.[\w.-]+/[\w.]+\w
    | §§?\s\d+\s?a?\b
    | \bDE79\w+
    | \b8\d{4}\sMünchen
    | Uhlandstraße\s\d+ | Postfach\s[\d\s]+\d
    """,
    re.VERBOSE,
)


def squeezed(words: str) -> str:
    """Without what the sources print now one way, now the other: blanks and kinds of dashes."""
    return re.sub(r"\s|,-|,00", "", words).replace("–", "-")


@pytest.fixture(scope="module")
def sources() -> str:
    both = [(DATA / name).read_text(encoding="utf-8") for name in SOURCES]
    return squeezed(" ".join(both).replace("**", ""))


def is_printed(fact: str, sources: str) -> bool:
    """Whether the sources say so, and not only as the end of a longer number."""
    alone = r"(?<!\d)(?<!\d[.,])" if fact[-1] in "€%" else ""
    return re.search(alone + re.escape(squeezed(fact)), sources) is not None


@pytest.mark.parametrize(("name", "words"), STATING, ids=[name for name, _ in STATING])
def test_facts_stand_in_the_sources(name: str, words: str, sources: str) -> None:
    stated = set(FACTS.findall(words)) - DERIVED_FACTS
    assert [fact for fact in stated if not is_printed(fact, sources)] == []


def test_facts_are_found_at_all() -> None:
    found = {fact for _, words in OWN for fact in FACTS.findall(words)}
    assert {"19 %", "27,00 €", "089 / 539 81-222", "rechts-service@ks-auxilia.de"} <= found


@pytest.mark.parametrize("fact", ["7 €", "26,00 €", "9 %", "089 / 539 81-223", "80337 München"])
def test_other_facts_are_noticed(fact: str, sources: str) -> None:
    assert FACTS.findall(fact) == [fact]
    assert not is_printed(fact, sources)


# --- the catalogue itself -------------------------------------------------------------------------


def test_missing_text_is_an_error() -> None:
    assert not has("questions.club_name.nothing")
    with pytest.raises(MissingText):
        text("questions.club_name.nothing")
    with pytest.raises(MissingText):
        text("questions.club_name")
    with pytest.raises(MissingText):
        text("no_such_file.key")


def test_parameters_are_filled_in() -> None:
    with pytest.raises(KeyError):
        text("conversation.contract_document", title="x")

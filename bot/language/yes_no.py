"""Yes and no, in the many forms people type; anything half-way is asked back."""

from __future__ import annotations

import re
from typing import Literal

from bot.language.off_topic import is_not_knowing
from bot.language.reading import Option, Reading, ask_back, ok, reject
from bot.language.spelling import Vocabulary
from bot.language.wording import (
    folded,
    forms,
    is_one_of,
    lexicon,
    pattern,
    phrase,
    phrases,
    phrases_by_field,
    spaced,
    words,
)
from bot.texts import text as german

FACTS = frozenset({"criminal_proceedings", "prior_insurance", "prior_cancelled_by_insurer"})
"""Disclosures: a word of mere consent ("ok", "gerne") says nothing about a fact."""

_YES = phrases("yes_no.yes")
_CONSENT = phrases("yes_no.consent")
_NO = phrases("yes_no.no")
_REFUSAL = phrases("yes_no.refusal")
_WISHES = phrases("yes_no.wishes")
_WISHED = phrases("yes_no.wished")
_YES_BY_FIELD = phrases_by_field("yes_no.yes_by_field")
_NO_BY_FIELD = phrases_by_field("yes_no.no_by_field")
_UNSURE_WORDS = phrases("yes_no.unsure_words")
_UNSURE_PHRASES = spaced(_UNSURE_WORDS)
_NEGATIONS = phrases("yes_no.negations")
_OWN_CANCELLATION = lexicon("wir|uns|ich|selbst|selber|eigene|eigener|unsererseits")
_IDIOMS_WITH_ABER = re.compile(r"\baber (ja|klar|sicher|natürlich|naturlich|gerne?|nein)\b")
_DENIALS = pattern("yes_no.denials")
_THUMBS_UP = re.compile("[👍👌✅✔🆗💯☑]")
_THUMBS_DOWN = re.compile("[👎❌✖🚫🙅⛔]")
_SINGLE_YES = frozenset(each for each in _YES | _CONSENT if " " not in each)
_SINGLE_NO = frozenset(each for each in _NO | _REFUSAL if " " not in each)
_RECOGNISABLE = Vocabulary(
    each for each in _SINGLE_YES | _SINGLE_NO | _UNSURE_WORDS if " " not in each
)
_OPENING_CONSENT = lexicon("gern|gerne|ok|okay|einverstanden|bestätigt|akzeptiert")
_OPENING_YES = phrases("yes_no.opening_yes")
_KEPT = phrases("yes_no.kept")
_DETAILED_NO = phrases("yes_no.detailed_no")
_DETAILED_NO_BY_FIELD = phrases_by_field("yes_no.detailed_no_by_field")
_AGAINST_YES = phrases_by_field("yes_no.against_yes_by_field")
_AGAINST_NO = phrases_by_field("yes_no.against_no_by_field")
_A_NAME = re.compile(r"^\W*(?:herrn?|frau|hr|fr)\b|\be\.? ?v\b")
_NOT_YET = pattern("yes_no.not_yet")
_PARTICLE = pattern("yes_no.particle")
"""In "das läuft ja noch" the word agrees to nothing."""
_OPENING_NO = lexicon("nein|nö|nee|ne|no|nope|keinesfalls|keineswegs|niemals")
_TYPOS = forms("yes_no.typing_errors")


Decision = Literal["yes", "no", "undecided", "none"]
"""What a text says; "none" if it is no answer to such a question at all."""


def read_yes_no(text: str, field: str = "", *, disclosure: bool = False) -> Reading:
    """Whether the text says yes or no; the value is a bool.

    ``field`` is the question's field. With ``disclosure`` only a plain yes or no counts.
    """
    facts = disclosure or field in FACTS
    decision = _of_field(phrase(text), field)
    if decision == "none":
        decision = _decide(text, facts=facts)
    if decision != "no" and field == "prior_cancelled_by_insurer" and _by_themselves(text):
        decision = "undecided"
    if decision in ("yes", "no") and _is_taken_back(text, field, decision, facts=facts):
        decision = "undecided"
    if decision == "undecided":
        return ask_back(_unclear_key(text), *_options())
    if decision == "none":
        return reject("yes_no.not_understood")
    return ok(decision == "yes")


def _of_field(line: str, field: str) -> Decision:
    """What only answers this one question, such as "per Lastschrift"."""
    if line in _YES_BY_FIELD.get(field, ()):
        return "yes"
    return "no" if line in _NO_BY_FIELD.get(field, ()) else "none"


def _is_taken_back(text: str, field: str, decision: Decision, *, facts: bool) -> bool:
    """Whether the rest of the text leaves open what the yes or no in it is worth."""
    line = folded(text)
    if text.rstrip().endswith("?") or _A_NAME.search(line) or _NOT_YET.search(line):
        return True
    if decision == "yes":
        if _PARTICLE.search(line):
            return True
        # "wir haben 230 Mitglieder" states something, but not what was asked.
        if any(map(str.isdigit, line)) and not set(words(text)[:1]) & _OPENING_YES:
            return True
        return "%" in text or _speaks_of(words(text), _AGAINST_YES.get(field, frozenset()))
    found = words(text)
    if field == "criminal_proceedings" and "noch" in found and "nie" not in found:
        return "weder" not in found
    if facts and not _is_known_no(text) and not _explains_no(found, field):
        return True
    after = found[1:] if found[:1] and found[0] in _OPENING_NO else []
    return _speaks_of(after, _AGAINST_NO.get(field, frozenset()))


def _explains_no(found: list[str], field: str) -> bool:
    """Whether all words go with a plain no to a disclosure: "nein, mir ist nichts bekannt"."""
    if "gegen" in found and not any(word.startswith("niemand") for word in found):
        return False
    known = _DETAILED_NO | _DETAILED_NO_BY_FIELD.get(field, frozenset())
    return all(word in known for word in _all_mended(found))


def _is_known_no(text: str) -> bool:
    return is_one_of(text, _NO) or phrase(text) in _REFUSAL


def _speaks_of(found: list[str], phrases_of_the_other: frozenset[str]) -> bool:
    """Whether one of the phrases stands in the text without a denial in front of it."""
    spaced = f" {' '.join(found)} "
    for each in phrases_of_the_other:
        before, there, _ = spaced.partition(f" {each} ")
        if there and not set(before.split()[-2:]) & _NEGATIONS:
            return True
    return False


def _by_themselves(text: str) -> bool:
    return any(word in _OWN_CANCELLATION for word in words(text))


def _unclear_key(text: str) -> str:
    return f"yes_no.{'not_known' if is_not_knowing(text) else 'unclear'}"


def _options() -> tuple[Option, Option]:
    return (
        Option(german("reading.yes_no.yes"), True),
        Option(german("reading.yes_no.no"), False),
    )


def _decide(text: str, *, facts: bool) -> Decision:
    sign = _by_sign(text)
    if sign != "none" and not words(text):
        return sign
    line = phrase(text)
    if not line:
        return "undecided" if re.search("[🤷🤔😐]", text) else "none"
    decision = _by_phrase(line, facts=facts)
    if decision == "none":
        decision = _by_phrase(_corrected(line), facts=facts)
    if decision == "none":
        decision = _by_words(_IDIOMS_WITH_ABER.sub(r"\1", folded(text)), facts=facts)
    contradicted = decision in ("yes", "no") and sign not in ("none", decision)
    return "undecided" if contradicted else decision


def _by_sign(text: str) -> Decision:
    up, down = _THUMBS_UP.search(text), _THUMBS_DOWN.search(text)
    if up and down:
        return "undecided"
    if up:
        return "yes"
    return "no" if down else "none"


def _by_phrase(line: str, *, facts: bool) -> Decision:
    if line in _YES:
        return "yes"
    if line in _CONSENT:
        return "undecided" if facts and "ja" not in line.split() else "yes"
    return "no" if line in _NO or line in _REFUSAL else "none"


def _corrected(line: str) -> str:
    """The words with typing errors mended as far as each is unmistakable."""
    return " ".join(_all_mended(line.split()))


def _all_mended(typed: list[str]) -> list[str]:
    mended = {word: _mended(word) for word in set(typed)}
    return [mended[word] for word in typed]


def _mended(word: str) -> str:
    if any(word in each for each in (_SINGLE_YES, _SINGLE_NO, _UNSURE_WORDS, _NEGATIONS, _KEPT)):
        return word
    if word in _TYPOS:
        return _TYPOS[word]
    short = re.sub(r"(.)\1+", r"\1", word)
    if short in ("ja", "jo", "jep", "jup", "ne", "no", "nein", "klar", "genau", "ok", "jap"):
        return short
    near = _RECOGNISABLE.closest(word)
    return next(iter(near)) if len(near) == 1 else word


def _by_words(line: str, *, facts: bool) -> Decision:
    """A sentence: by the yes or no in it, unless something takes it back."""
    denying = _DENIALS.sub(" nein ", line)
    found = _all_mended(words(denying))
    as_typed = found if denying == line else _all_mended(words(line))
    line_and_found = f" {' '.join(as_typed)} | {' '.join(found)} "
    hedged = any(each in line_and_found for each in _UNSURE_PHRASES)
    says_yes = any(word in _OPENING_YES for word in found)
    says_no = any(word in _OPENING_NO for word in found)
    if hedged or (says_yes and says_no):
        return "undecided"
    if says_no:
        return "no"
    negated = any(word in _NEGATIONS for word in found)
    if says_yes:
        return "undecided" if negated else "yes"
    return _by_opening(found, facts=facts, negated=negated)


def _by_opening(found: list[str], *, facts: bool, negated: bool) -> Decision:
    """A text without yes or no that begins with a known phrase, or that denies something."""
    for size in range(min(5, len(found) - 1), 1, -1):
        opening = " ".join(found[:size])
        decision = _by_phrase(opening, facts=facts)
        if decision == "yes":
            # "ich möchte warten" agrees to nothing.
            other = opening in _WISHES and any(word not in _WISHED for word in found[size:])
            return "undecided" if negated or other else "yes"
        if decision == "no":
            return "no" if size >= 3 else "undecided"
    if not facts and not negated and found[0] in _OPENING_CONSENT:
        return "yes"
    if negated or found[0] in _SINGLE_YES or len(found) >= 4:
        return "undecided"
    return "none"

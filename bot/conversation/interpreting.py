"""What a typed message is: an answer, a question, a correction, a what-if, a command, or several.

The intent that language understanding suggests is only a hint; what is open decides with it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Optional

from bot.application.facts import find_facts
from bot.application.kinds import ReadingContext
from bot.application.questions import Question, question
from bot.conversation.matching import mentioned, plain
from bot.language.skipping import reads_as_skip

Ranking = Sequence[tuple[str, float]]
Rank = Callable[[str], Ranking]

SURE = 0.55
LIKELY = 0.35
_ANSWERLIKE = {"answer", "affirm", "deny", "correct", "nlu_fallback", "skip", "start_application"}
_ABOUT_QUESTION = {"explain_why", "explain_how", "confused", "more"}
_OPEN_CONTROLS = {"text", "long_text"}
_MANY_FACTS = 2
_STARTS = ("start_application", "start_quote", "start_change")
_STEPS = ("review", "submission")

_QUESTION_WORDS = (
    r"was|wie|wieso|warum|weshalb|wozu|wann|wer|wem|wen|wo|woher|wohin|welche[rsmn]?|wieviel|"
    r"muss ich|mue?ssen wir|kann ich|koe?nnen wir|koe?nnen sie|darf|gibt es|bin ich|sind sie|"
    r"ist das|bist du|brauche ich|brauchen wir|soll ich|und was|und wie|und wenn|erklae?r"
)
_QUESTION_START = re.compile(
    rf"^\W*(?:aber|und|ach|ue?brigens|eigentlich|moment)?\W*(?:{_QUESTION_WORDS})\b"
)
_SPLIT = re.compile(
    r"(?<=[?!\n])\s*"
    r"|(?<=[a-zäöüß]{3}[.;])\s+"
    r"|[,;.]?\s+(?:aber|und|übrigens|uebrigens|ach|allerdings|nur|bloß)\s+"
    r"(?=(?:was|wie|wieso|warum|weshalb|wann|wer|wo|welche\w?|muss|kann|gibt|ist das|brauche)\b)"
    r"|[,;]\s+(?=(?:was|wie|wieso|warum|weshalb|wann|wer|wo|welche\w?)\b)",
    re.IGNORECASE,
)
_CORRECTING = re.compile(
    r"^\W*(?:ich mein|korrektur|korrigier|falsch|ae?ndern|ae?ndere|halt[,.! ]|quatsch|"
    r"(?:sorry|entschuldigung|ups|upps)[,.! ]|ich hab\w* mich "
    r"(?:vertippt|vertan|verschrieben|geirrt))"
    r"|\bstimmt (?:so )?nicht\b|\bist falsch\b|\bsondern\b|\bstatt\b|\bae?ndern\b|\bkorrigier|"
    r"\bverbessern\b|\bvertippt\b|\bmeinte\b"
)
_CONTRADICTING = re.compile(r"^\W*(?:doch|nein|nee?|noe?)\b\W+\w")
_PREFERRING = re.compile(r"\b(?:doch|lieber|anders|geandert|neu)\b")
_PRICE = re.compile(
    r"\bwas (?:kostet|kosten|wue?rde|wae?re|macht das|zahl)|"
    r"\bwie ?viel (?:kostet|kosten|wae?re|zahl|macht)|"
    r"\bpreis|\bkosten\b|\bkostet\b|\bteuer|\bgue?nstig|\bbillig"
)
_SUPPOSING = re.compile(
    r"^\W*(?:und|oder)?\s*(?:mit|bei|ohne|als|fue?r|wenn|was wae?re|monatlich|viertel|halb)"
)
_NO_AND_MORE = re.compile(r"^\W*(?:nein|ne|nee|noe?|doch)\b\W+.*(?:\d|@|stras?se)")


@dataclass(frozen=True)
class Interpretation:
    """The intent that decides which action runs; ``answer`` is the part of the message that may
    answer the open question, ``topics`` what else it asks about."""

    intent: str
    confidence: float
    answer: Optional[str] = None
    topics: tuple[str, ...] = ()


@dataclass(frozen=True)
class Situation:
    """Where the conversation stands when the message arrives."""

    open_question: Optional[str]
    pending: Optional[str]
    answers: Mapping[str, Any]
    today: date

    @property
    def asked(self) -> Question | None:
        return question(self.open_question) if self.open_question else None


def interpret(words: str, situation: Situation, rank: Rank) -> Interpretation:
    """Decide what a typed message is."""
    text = words.strip()
    if not text:
        return Interpretation("answer", 1.0)
    ranking = rank(text)
    for judge in (_skips, _settles, _supposes, _volunteers, _composite, _asks, _corrects, _answers):
        found = judge(text, situation, ranking, rank)
        if found is not None:
            return found
    return _otherwise(text, situation, ranking)


def _top(ranking: Ranking) -> tuple[str, float]:
    return ranking[0] if ranking else ("nlu_fallback", 0.0)


def _settles(text: str, situation: Situation, ranking: Ranking, _: Rank) -> Interpretation | None:
    """A question of the assistant's own is pending: yes, no or an option settles it."""
    if situation.pending is None:
        return None
    intent, confidence = _top(ranking)
    if intent in ("affirm", "deny") or len(text.split()) <= 2:
        return Interpretation("answer", max(confidence, SURE))
    return None


def _skips(text: str, situation: Situation, _r: Ranking, _: Rank) -> Interpretation | None:
    """Leaves an optional question out."""
    asked = situation.asked
    if asked is None or situation.pending is not None or asked.required(situation.answers):
        return None
    return Interpretation("answer", 1.0) if reads_as_skip(text, asked.key) else None


def _supposes(text: str, situation: Situation, ranking: Ranking, _: Rank) -> Interpretation | None:
    """A what-if: asks for a price, or supposes a value with a question mark."""
    folded = plain(text)
    intent, confidence = _top(ranking)
    if intent == "compare_prices" and confidence >= SURE:
        return Interpretation(intent, confidence)
    priced = bool(_PRICE.search(folded))
    supposing = folded.endswith("?") and bool(_SUPPOSING.search(folded))
    if not (priced or supposing or (intent == "price_question" and confidence >= SURE)):
        return None
    if intent.startswith("ask_") and confidence >= SURE:
        return None
    facts = find_facts(text, situation.today, situation.answers, loose=True)
    rated = [fact for fact in facts.found if fact.question in _RATED]
    if intent == "price_question" and (confidence >= SURE or priced):
        return Interpretation("price_question", confidence)
    if rated and (priced or supposing) and not _is_open_text(situation):
        return Interpretation("price_question", max(confidence, LIKELY))
    return None


_RATED = {
    "product",
    "deductible",
    "member_count",
    "payment_frequency",
    "family_membership",
    "family_member_count",
}


def _is_open_text(situation: Situation) -> bool:
    asked = situation.asked
    return asked is not None and asked.kind.control in _OPEN_CONTROLS


def _volunteers(text: str, situation: Situation, _r: Ranking, _: Rank) -> Interpretation | None:
    """Several facts at once: a pasted e-mail, a broker's first message."""
    asked = situation.asked
    if asked is not None and (asked.kind.control == "long_text" or asked.section == "disclosure"):
        return None
    if len(text.split()) < 4:
        return None
    facts = find_facts(text, situation.today, situation.answers)
    own = set(asked.fields) | set(asked.also_fills) if asked else set()
    foreign = [fact for fact in facts.found if not own.intersection(fact.values)]
    answered = len(facts.found) > len(foreign)
    if len(foreign) >= _MANY_FACTS or (answered and foreign and not text.rstrip().endswith("?")):
        if _CORRECTING.search(plain(text)) and len(foreign) < 3:
            return None
        return Interpretation("volunteer_facts", 1.0)
    return None


def _composite(text: str, situation: Situation, _: Ranking, rank: Rank) -> Interpretation | None:
    """An answer and a question in one message."""
    parts = [part.strip(" ,;") for part in _SPLIT.split(text) if part and part.strip(" ,;.")]
    if len(parts) < 2 or situation.asked is None:
        return None
    topics: list[str] = []
    rest: list[str] = []
    for part in parts:
        topic = _topic(part, rank)
        (topics.append(topic) if topic else rest.append(part))
    if not topics or not rest:
        return None
    remainder = " ".join(rest)
    if not _reads(remainder, situation) or len(remainder) < 1:
        return Interpretation(_intent_of(topics[0]), 1.0, topics=tuple(topics))
    return Interpretation("answer", 1.0, answer=remainder, topics=tuple(topics))


def _topic(part: str, rank: Rank) -> str | None:
    """What a part of a message asks about, if it is a question."""
    intent, confidence = _top(rank(part))
    asking = part.endswith("?") or bool(_QUESTION_START.search(plain(part)))
    if not asking:
        return None
    if intent.startswith("ask_") and confidence >= LIKELY:
        return intent[4:]
    if intent in _ABOUT_QUESTION and confidence >= LIKELY:
        return f":{intent}"
    return ":unknown"


def _intent_of(topic: str) -> str:
    if topic == ":unknown":
        return "unknown_question"
    return topic[1:] if topic.startswith(":") else f"ask_{topic}"


def _asks(text: str, situation: Situation, ranking: Ranking, _: Rank) -> Interpretation | None:
    """A question about the insurance or about the open question."""
    intent, confidence = _top(ranking)
    asking = text.endswith("?") or bool(_QUESTION_START.search(plain(text)))
    needed = LIKELY if asking else SURE
    if intent.startswith("ask_") and confidence >= needed:
        if not asking and _reads(text, situation):
            return None
        return Interpretation(intent, confidence, topics=(intent[4:],))
    if intent in _ABOUT_QUESTION and confidence >= needed:
        return Interpretation(intent, confidence)
    if asking and text.endswith("?") and intent not in _ANSWERLIKE and confidence >= LIKELY:
        return _told(intent, confidence)
    if asking and text.endswith("?") and not _reads(text.rstrip("? "), situation):
        return Interpretation("unknown_question", confidence)
    return None


def _corrects(text: str, situation: Situation, ranking: Ranking, _: Rank) -> Interpretation | None:
    """Changes an earlier answer."""
    folded = plain(text)
    asked = situation.asked
    intent, confidence = _top(ranking)
    marked = (
        _is_about_a_step(text, situation)
        or bool(_CORRECTING.search(folded))
        or _contradicts(folded, situation)
    )
    if not marked and not (intent == "correct" and confidence >= SURE):
        return None
    if asked is not None and asked.key in _STEPS:
        return None if _reads(text, situation) else Interpretation("correct", confidence)
    if asked is not None and asked.kind.control == "yes_no":
        if not _NO_AND_MORE.search(folded) and _reads(text, situation):
            return None
    elif _is_long_text(asked) and (intent != "correct" or confidence < SURE):
        return None
    if not marked and not _is_open_text(situation) and _reads(text, situation):
        return None
    if not situation.answers or intent in _STARTS:
        return None
    if marked and intent in ("cancel", "start_over", "erase_data") and confidence >= SURE:
        return Interpretation(intent, confidence)
    return Interpretation("correct", max(confidence, LIKELY))


def _is_about_a_step(text: str, situation: Situation) -> bool:
    """At the review, whatever names an answer, or states one, changes it."""
    if situation.open_question not in _STEPS:
        return False
    return any(mentioned(text)) or bool(find_facts(text, situation.today, {}, loose=True).found)


def _contradicts(folded: str, situation: Situation) -> bool:
    """Begins with "nein" or "doch", or prefers something, and means an earlier answer."""
    if _PREFERRING.search(folded) and _names_another_answer(folded, situation):
        return True
    if not _CONTRADICTING.search(folded):
        return False
    named = [each for each in mentioned(folded) if each is not situation.asked]
    return bool(named) or bool(_NO_AND_MORE.search(folded))


def _names_another_answer(folded: str, situation: Situation) -> bool:
    return any(
        each is not situation.asked
        and any(name in situation.answers for name in (*each.fields, each.key))
        for each in mentioned(folded)
    )


def _is_long_text(asked: Question | None) -> bool:
    return asked is not None and asked.kind.control == "long_text"


def _answers(text: str, situation: Situation, ranking: Ranking, _: Rank) -> Interpretation | None:
    """Answers the open question, unless it is clearly a command."""
    asked = situation.asked
    if asked is None:
        return None
    intent, confidence = _top(ranking)
    topic = intent.startswith("ask_")
    commanding = not topic and intent not in _ANSWERLIKE and confidence >= SURE
    if asked.kind.control in _OPEN_CONTROLS:
        if commanding and len(text.split()) <= 6:
            return None
        return Interpretation("answer", 1.0)
    if _reads(text, situation) and not (commanding and asked.kind.control == "choices"):
        return Interpretation("answer", 1.0)
    return None


def _reads(text: str, situation: Situation) -> bool:
    asked = situation.asked
    if asked is None:
        return False
    context = ReadingContext(
        field=asked.key, today=situation.today, answers=situation.answers, required=True
    )
    return asked.kind.read(text, context).status != "reject"


def _otherwise(text: str, situation: Situation, ranking: Ranking) -> Interpretation:
    intent, confidence = _top(ranking)
    sure_enough = confidence >= LIKELY
    if intent == "off_topic" and situation.asked is not None:
        sure_enough = confidence >= SURE and len(text.split()) > 1
    if situation.asked is None or (sure_enough and intent not in _ANSWERLIKE):
        if sure_enough:
            return _told(intent, confidence)
        return Interpretation("nlu_fallback", confidence)
    if sure_enough and intent == "start_application" and situation.open_question == "request_type":
        return Interpretation(intent, confidence)
    return Interpretation("answer", confidence)


def _told(intent: str, confidence: float) -> Interpretation:
    if intent == "human":
        return Interpretation(intent, confidence, topics=("human",))
    if intent.startswith("ask_"):
        return Interpretation(intent, confidence, topics=(intent[4:],))
    return Interpretation(intent, confidence)

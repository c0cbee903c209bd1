"""What a typed message is: an answer, a question, a correction, a what-if, a command, or several.

The intent that language understanding suggests is only a hint; what is open decides with it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Optional

from bot.application.facts import Fact, find_facts
from bot.application.kinds import ReadingContext
from bot.application.leaving_out import leaves_out
from bot.application.questions import QUESTIONS, Question, question
from bot.conversation import signs
from bot.conversation.matching import mentioned, plain
from bot.conversation.stated_values import trimmed
from bot.language.off_topic import names_an_organisation
from bot.language.reading import Reading, reject
from bot.language.skipping import reads_as_keep

Ranking = Sequence[tuple[str, float]]
Rank = Callable[[str], Ranking]

CERTAIN = 0.85
SURE = 0.55
LIKELY = 0.35
POSSIBLE = 0.28
_ANSWERLIKE = {"answer", "affirm", "deny", "correct", "nlu_fallback", "skip", "start_application"}
_ABOUT_QUESTION = {"explain_why", "explain_how", "confused", "more"}
_OPEN_CONTROLS = {"text", "long_text"}
_MANY_FACTS = 2
_A_FACT, _SENTENCE = 2, 4
"""Words that a statement has at least, and one of several facts."""
_STARTS = ("start_application", "start_quote", "start_change")
_REQUEST = "request_type"
_STEPS = ("review", "submission")


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
    for judge in _JUDGES:
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
    if situation.pending == "price":
        counted = _reads_as(question("member_count"), text, situation)
        return Interpretation("price_question", 1.0) if counted.is_ok else None
    if situation.pending == "facts" and _amends(text, situation):
        return Interpretation("answer", 1.0)
    if intent in ("affirm", "deny") or len(text.split()) <= 2:
        return Interpretation("answer", max(confidence, SURE))
    return None


def _amends(text: str, situation: Situation) -> bool:
    """States or names something while what was understood waits to be confirmed."""
    folded = plain(text)
    if folded.endswith("?") or signs.QUESTION_START.search(folded):
        return False
    return any(mentioned(folded)) or bool(find_facts(text, situation.today, {}).found)


def _skips(text: str, situation: Situation, _r: Ranking, _: Rank) -> Interpretation | None:
    """Leaves an optional question out, or an answer that was called up as it was."""
    asked = situation.asked
    if asked is None or situation.pending is not None:
        return None
    needed = asked.required(situation.answers)
    called_up = any(situation.answers.get(name) is not None for name in asked.fields)
    leaves = called_up and reads_as_keep(text, needed=needed)
    if leaves or leaves_out(text, asked, situation.answers):
        return Interpretation("answer", 1.0)
    return None


def _supposes(text: str, situation: Situation, ranking: Ranking, _: Rank) -> Interpretation | None:
    """A what-if: asks for a price, or supposes a value with a question mark."""
    folded = plain(text)
    intent, confidence = _top(ranking)
    if intent == "compare_prices" and confidence >= SURE:
        return Interpretation(intent, confidence)
    priced = bool(signs.PRICE.search(folded))
    supposing = folded.endswith("?") and bool(signs.SUPPOSING.search(folded))
    asking = folded.endswith("?") or not _reads(text, situation)
    meant = intent == "price_question" and confidence >= SURE and asking
    if not (priced or supposing or meant):
        return None
    if intent.startswith("ask_") and confidence >= SURE:
        return None
    facts = find_facts(text, situation.today, situation.answers, loose=True)
    rated = [fact for fact in facts.found if fact.question in _RATED]
    if intent == "price_question" and (meant or priced):
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


def _volunteers(
    text: str, situation: Situation, ranking: Ranking, _: Rank
) -> Interpretation | None:
    """Several facts at once: a pasted e-mail, a broker's first message."""
    asked = situation.asked
    if asked is not None and (asked.kind.control == "long_text" or asked.section == "disclosure"):
        return None
    words = len(text.split())
    status = _reading(text, situation).status
    if words < _A_FACT or (words < _SENTENCE and status == "ok"):
        return None
    facts = find_facts(text, situation.today, situation.answers)
    own = set(asked.fields) | set(asked.also_fills) if asked else set()
    foreign = [fact for fact in facts.found if not own.intersection(fact.values)]
    answered = len(facts.found) > len(foreign)
    if len(foreign) >= _MANY_FACTS or (answered and foreign and not text.rstrip().endswith("?")):
        if signs.CORRECTING.search(plain(text)) and len(foreign) < 3:
            return None
        if words >= _SENTENCE:
            return Interpretation("volunteer_facts", 1.0)
    if _is_command(ranking, SURE):
        return None
    new = [fact for fact in foreign if _may_come_alone(fact, situation)]
    if status == "ask_back":
        new = [fact for fact in new if question(fact.question).kind.control in _UNMISTAKABLE]
    if new and status != "ok" and not text.rstrip().endswith("?"):
        return Interpretation("volunteer_facts", 1.0)
    return None


_UNMISTAKABLE = {"address", "email", "phone"}


def _may_come_alone(fact: Fact, situation: Situation) -> bool:
    """New, and nothing that the open question could have meant: no landline for a mobile number."""
    asked = situation.asked
    if fact.question == _REQUEST or set(fact.values) & set(situation.answers):
        return False
    control = question(fact.question).kind.control
    return asked is None or control != "phone" or control != asked.kind.control


def _composite(text: str, situation: Situation, _: Ranking, rank: Rank) -> Interpretation | None:
    """An answer and a question in one message, in this order or the other."""
    folded = plain(text)
    if situation.asked is None or not ("?" in text or signs.QUESTION_WORD.search(folded)):
        return None
    for found in reversed(list(signs.BREAK.finditer(folded))):
        head, tail = text[: found.start()].strip(), text[found.end() :].strip()
        if not head or not tail:
            continue
        topic = _topic(tail, rank)
        if topic and _reads_plainly(head, situation):
            return Interpretation("answer", 1.0, answer=head, topics=(topic,))
        topic = _topic(head, rank)
        if topic and topic != ":unknown" and _reads_plainly(tail, situation):
            return Interpretation("answer", 1.0, answer=tail, topics=(topic,))
    return None


def _topic(part: str, rank: Rank) -> str | None:
    """What a part of a message asks about, if it is a question."""
    folded = plain(part)
    connecting = signs.CONNECTING.match(folded)
    if connecting:
        part, folded = part[connecting.end() :], folded[connecting.end() :]
    if not (part.endswith("?") or signs.QUESTION_START.search(folded)):
        return None
    if signs.PRICE.search(folded):
        return ":price_question"
    intent, confidence = _top(rank(part))
    if confidence >= POSSIBLE and intent.startswith("ask_"):
        return intent[4:]
    if confidence >= POSSIBLE and intent in _TOPIC_OF:
        return _TOPIC_OF[intent]
    return ":unknown" if part.endswith("?") else None


_TOPIC_OF = {
    "explain_why": ":explain_why",
    "explain_how": ":explain_how",
    "confused": ":explain_how",
    "more": ":explain_how",
    "price_question": ":price_question",
    "human": "human",
    "bot_challenge": "is_machine",
}


def _asks(text: str, situation: Situation, ranking: Ranking, _: Rank) -> Interpretation | None:
    """A question about the insurance or about the open question."""
    intent, confidence = _top(ranking)
    folded = plain(text)
    asking = text.endswith("?") or bool(signs.QUESTION_START.search(folded))
    needed = LIKELY if asking else SURE
    if not asking and (
        _reads(text, situation) or any(map(str.isdigit, text)) or _contradicts(text, situation)
    ):
        return None
    if confidence >= needed and (intent.startswith("ask_") or intent in _ABOUT_QUESTION):
        return _told(intent, confidence)
    if not asking or _may_be_a_name(text, situation):
        return None
    if confidence >= LIKELY and intent in _ASKABLE:
        return _told(intent, confidence)
    if text.endswith("?") and _reads(text.rstrip("? "), situation):
        return None
    about_this = situation.asked is not None and situation.asked in mentioned(folded)
    about_this = about_this or bool(signs.WHETHER_NEEDED.search(folded))
    return Interpretation("explain_how" if about_this else "unknown_question", confidence)


_ASKABLE = {
    "human",
    "bot_challenge",
    "summary",
    "submit",
    "compare_prices",
    "price_question",
    "go_back",
    "cancel",
    "erase_data",
    "start_over",
    "start_application",
    "start_quote",
    "start_change",
    "off_topic",
    "insult",
}


def _may_be_a_name(text: str, situation: Situation) -> bool:
    """Open text may begin like a question: "Wie im Himmel e.V.", "Was noch fehlt: …"."""
    asked = situation.asked
    if asked is None or asked.kind.control not in _OPEN_CONTROLS:
        return False
    return asked.kind.control == "long_text" or names_an_organisation(text)


def _corrects(text: str, situation: Situation, ranking: Ranking, _: Rank) -> Interpretation | None:
    """Changes an earlier answer."""
    folded = plain(text)
    asked = situation.asked
    intent, confidence = _top(ranking)
    if not situation.answers or _is_command(ranking, SURE):
        return None
    if intent in _STARTS and not _names_another_answer(text, situation, _REQUEST):
        return None
    found = Interpretation("correct", max(confidence, LIKELY))
    if _is_confirmation(asked):
        return found if _is_about_an_answer(text, situation) else None
    marked = bool(signs.CORRECTING.search(folded)) or _contradicts(text, situation)
    sure = intent == "correct" and confidence >= SURE
    if not marked and not sure:
        return None
    if asked is not None and asked.kind.control == "yes_no":
        plainly = _reads(text, situation) and not _names_another_answer(text, situation)
        return None if plainly and not signs.NO_AND_MORE.search(folded) else found
    if _is_long_text(asked):
        return found if sure else None
    if not marked and not _is_open_text(situation) and _reads(text, situation):
        return None
    return found


def _is_confirmation(asked: Question | None) -> bool:
    """A step that only confirms what was answered: whatever names an answer there changes it."""
    return asked is not None and (asked.key in _STEPS or asked.must_be_true)


def _is_about_an_answer(text: str, situation: Situation) -> bool:
    folded = plain(text)
    if signs.CORRECTING.search(folded) or any(mentioned(folded)):
        return True
    return bool(find_facts(text, situation.today, {}, loose=True).found)


def _contradicts(text: str, situation: Situation) -> bool:
    """Begins with "nein" or "doch", or prefers something, and means an earlier answer."""
    folded = plain(text)
    if not (signs.CONTRADICTING.search(folded) or signs.PREFERRING.search(folded)):
        return False
    if _fits_an_answer(text, situation):
        return True
    return _names_another_answer(text, situation) or bool(signs.NO_AND_MORE.search(folded))


def _fits_an_answer(text: str, situation: Situation) -> bool:
    """Leaves the open question in doubt, while another answer of its like takes the value.

    "doch lieber 1.2.2027" changes the beginning, also where the due date is open.
    """
    asked = situation.asked
    if asked is None or _reading(text, situation).status != "ask_back":
        return False
    words = next(trimmed(text), "")
    like = _DATED if asked.kind.control in _DATED else {asked.kind.control}
    return any(
        _reads_as(each, words, situation).is_ok
        for each in QUESTIONS
        if each is not asked
        and each.kind.control in like
        and any(name in situation.answers for name in each.fields)
    )


_DATED = {"date", "day_month"}


def _names_another_answer(text: str, situation: Situation, but_for: str = "") -> bool:
    """Names an answered question other than the open one, or states a value for it."""
    stated = find_facts(text, situation.today, situation.answers, loose=True).found
    named = [*mentioned(plain(text)), *(question(fact.question) for fact in stated)]
    return any(
        each is not situation.asked
        and each.key != but_for
        and any(name in situation.answers for name in (*each.fields, each.key))
        for each in named
    )


def _is_long_text(asked: Question | None) -> bool:
    return asked is not None and asked.kind.control == "long_text"


def _answers(text: str, situation: Situation, ranking: Ranking, _: Rank) -> Interpretation | None:
    """Answers the open question, unless it is clearly a command."""
    asked = situation.asked
    if asked is None:
        return None
    answer = Interpretation("answer", 1.0)
    if asked.key == "club_name" and names_an_organisation(text):
        return answer
    if asked.kind.control in _OPEN_CONTROLS:
        return None if _is_command(ranking, SURE) and len(text.split()) <= 8 else answer
    status = _reading(text, situation).status
    if status == "reject":
        return None
    threshold = SURE if status == "ask_back" else CERTAIN
    commanding = _is_command(ranking, threshold) and _top(ranking)[0] not in _POLITE
    return None if commanding and len(text.split()) > 1 else answer


_POLITE = {"greet", "thanks", "goodbye", "off_topic"}
_COMMANDS = {
    "cancel",
    "go_back",
    "start_over",
    "erase_data",
    "summary",
    "human",
    "bot_challenge",
    "pause",
    "explain_why",
    "explain_how",
    "confused",
    "insult",
    "refuse",
    "submit",
    "greet",
    "thanks",
    "goodbye",
    "off_topic",
}


def _is_command(ranking: Ranking, threshold: float) -> bool:
    intent, confidence = _top(ranking)
    return intent in _COMMANDS and confidence >= threshold


def _reads(text: str, situation: Situation) -> bool:
    """Whether the text may be an answer to the open question."""
    return situation.asked is not None and _reading(text, situation).status != "reject"


def _reads_plainly(text: str, situation: Situation) -> bool:
    """Whether a part of a message answers the open question by itself."""
    asked = situation.asked
    if asked is None or asked.kind.control == "long_text":
        return False
    if leaves_out(text, asked, situation.answers):
        return True
    return _reading(text, situation).is_ok


def _reading(text: str, situation: Situation) -> Reading:
    asked = situation.asked
    return reject("") if asked is None else _reads_as(asked, text, situation)


def _reads_as(asked: Question, text: str, situation: Situation) -> Reading:
    return asked.kind.read(text, ReadingContext(asked.key, situation.today, situation.answers))


def _otherwise(text: str, situation: Situation, ranking: Ranking) -> Interpretation:
    intent, confidence = _top(ranking)
    sure_enough = confidence >= LIKELY
    if intent in _POLITE and situation.asked is not None:
        sure_enough = confidence >= SURE and not any(map(str.isdigit, text))
    if intent == "off_topic" and len(text.split()) < 2:
        sure_enough = False
    if situation.asked is None or (sure_enough and intent not in _ANSWERLIKE):
        if sure_enough:
            return _told(intent, confidence)
        return Interpretation("nlu_fallback", confidence)
    if intent in _STARTS and sure_enough and situation.open_question == "request_type":
        return Interpretation(intent, confidence)
    if not _reads(text, situation) and _names_another_answer(text, situation):
        return Interpretation("correct", confidence)
    return Interpretation("answer", confidence)


def _told(intent: str, confidence: float) -> Interpretation:
    if intent == "human":
        return Interpretation(intent, confidence, topics=("human",))
    if intent.startswith("ask_"):
        return Interpretation(intent, confidence, topics=(intent[4:],))
    return Interpretation(intent, confidence)


_JUDGES = (
    _skips,
    _settles,
    _composite,
    _supposes,
    _volunteers,
    _asks,
    _corrects,
    _answers,
)

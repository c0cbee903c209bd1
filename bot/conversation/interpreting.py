"""What a typed message is: an answer, a question, a correction, a what-if, a command, or several.

The intent that language understanding suggests is only a hint; what is open decides with it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Optional

from bot.application.facts import Fact
from bot.application.questions import QUESTIONS, Question, question
from bot.conversation import signs
from bot.conversation.heard import Heard, Situation
from bot.conversation.matching import plain
from bot.conversation.stated_values import trimmed
from bot.language.off_topic import names_an_organisation
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


def interpret(words: str, situation: Situation, rank: Rank) -> Interpretation:
    """Decide what a typed message is."""
    text = words.strip()
    if not text:
        return Interpretation("answer", 1.0)
    heard, ranking = Heard(text, situation), rank(text)
    for judge in _JUDGES:
        found = judge(heard, ranking, rank)
        if found is not None:
            return found
    return _otherwise(heard, ranking)


def _top(ranking: Ranking) -> tuple[str, float]:
    return ranking[0] if ranking else ("nlu_fallback", 0.0)


def _settles(heard: Heard, ranking: Ranking, _: Rank) -> Interpretation | None:
    """A question of the assistant's own is pending: yes, no or an option settles it."""
    pending = heard.situation.pending
    if pending is None:
        return None
    intent, confidence = _top(ranking)
    if pending == "price":
        counted = heard.situation.reading_of(heard.text, question("member_count"))
        return Interpretation("price_question", 1.0) if counted.is_ok else None
    if pending == "facts" and _amends(heard):
        return Interpretation("answer", 1.0)
    if intent in ("affirm", "deny") or heard.words <= 2:
        return Interpretation("answer", max(confidence, SURE))
    return None


def _amends(heard: Heard) -> bool:
    """States or names something while what was understood waits to be confirmed."""
    if heard.asks:
        return False
    return bool(heard.mentioned or heard.stated_by_itself())


def _skips(heard: Heard, _r: Ranking, _: Rank) -> Interpretation | None:
    """Leaves an optional question out, or an answer that was called up as it was."""
    asked, answers = heard.asked, heard.answers
    if asked is None or heard.situation.pending is not None:
        return None
    called_up = any(answers.get(name) is not None for name in asked.fields)
    leaves = called_up and reads_as_keep(heard.text, needed=asked.required(answers))
    if leaves or asked.left_open_by(heard.text, answers):
        return Interpretation("answer", 1.0)
    return None


def _supposes(heard: Heard, ranking: Ranking, _: Rank) -> Interpretation | None:
    """A what-if: asks for a price, or supposes a value with a question mark."""
    folded = heard.plain
    intent, confidence = _top(ranking)
    if intent == "compare_prices" and confidence >= SURE:
        return Interpretation(intent, confidence)
    priced = bool(signs.PRICE.search(folded))
    supposing = folded.endswith("?") and bool(signs.SUPPOSING.search(folded))
    meant = intent == "price_question" and confidence >= SURE
    meant = meant and (folded.endswith("?") or not heard.reads)
    if not (priced or supposing or meant):
        return None
    if intent.startswith("ask_") and confidence >= SURE:
        return None
    if intent == "price_question" and (meant or priced):
        return Interpretation("price_question", confidence)
    rated = any(fact.question in _RATED for fact in heard.supposed)
    if rated and (priced or supposing) and not _is_open_text(heard.asked):
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


def _is_open_text(asked: Question | None) -> bool:
    return asked is not None and asked.kind.control in _OPEN_CONTROLS


def _volunteers(heard: Heard, ranking: Ranking, _: Rank) -> Interpretation | None:
    """Several facts at once: a pasted e-mail, a broker's first message."""
    asked = heard.asked
    if asked is not None and (asked.kind.control == "long_text" or asked.section == "disclosure"):
        return None
    if heard.words < _A_FACT or (heard.words < _SENTENCE and heard.reading.is_ok):
        return None
    own = set(asked.fields) | set(asked.also_fills) if asked else set()
    foreign = [fact for fact in heard.stated if not own.intersection(fact.values)]
    if not foreign:
        return None
    answered = len(heard.stated) > len(foreign)
    if len(foreign) >= _MANY_FACTS or (answered and not heard.text.endswith("?")):
        if signs.CORRECTING.search(heard.plain) and len(foreign) < 3:
            return None
        if heard.words >= _SENTENCE:
            return Interpretation("volunteer_facts", 1.0)
    if _is_command(ranking, SURE):
        return None
    new = [fact for fact in foreign if _may_come_alone(fact, heard)]
    status = heard.reading.status
    if status == "ask_back":
        new = [fact for fact in new if question(fact.question).kind.control in _UNMISTAKABLE]
    if new and status != "ok" and not heard.text.endswith("?"):
        return Interpretation("volunteer_facts", 1.0)
    return None


_UNMISTAKABLE = {"address", "email", "phone"}


def _may_come_alone(fact: Fact, heard: Heard) -> bool:
    """New, and nothing that the open question could have meant: no landline for a mobile number."""
    asked = heard.asked
    if fact.question == _REQUEST or not heard.answers.keys().isdisjoint(fact.values):
        return False
    control = question(fact.question).kind.control
    return asked is None or control != "phone" or control != asked.kind.control


def _composite(heard: Heard, _: Ranking, rank: Rank) -> Interpretation | None:
    """An answer and a question in one message, in this order or the other."""
    text, folded = heard.text, heard.plain
    if heard.asked is None or not ("?" in text or signs.QUESTION_WORD.search(folded)):
        return None
    for found in reversed(list(signs.BREAK.finditer(folded))):
        head, tail = text[: found.start()].strip(), text[found.end() :].strip()
        if not head or not tail:
            continue
        topic, answer = _topic(tail, rank), _ended(head)
        if topic and answer and _reads_plainly(answer, heard):
            return Interpretation("answer", 1.0, answer=answer, topics=(topic,))
        topic = _topic(head, rank)
        if topic and topic != ":unknown" and _reads_plainly(tail, heard):
            return Interpretation("answer", 1.0, answer=tail, topics=(topic,))
    return None


def _ended(part: str) -> str:
    """A part of a message without the words that only lead on to the next: "Chor und", "aber"."""
    leading_on = signs.LEADING_ON.search(plain(part))
    return part[: leading_on.start()] if leading_on else part


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


def _asks(heard: Heard, ranking: Ranking, _: Rank) -> Interpretation | None:
    """A question about the insurance or about the open question."""
    intent, confidence = _top(ranking)
    asking = heard.asks
    needed = LIKELY if asking else SURE
    if not asking and (heard.has_digit or heard.reads or _contradicts(heard)):
        return None
    if confidence >= needed and (intent.startswith("ask_") or intent in _ABOUT_QUESTION):
        return _told(intent, confidence)
    if not asking or _may_be_a_name(heard):
        return None
    if confidence >= LIKELY and intent in _ASKABLE:
        return _told(intent, confidence)
    unasked = heard.text.rstrip("? ")
    if heard.text.endswith("?") and heard.reading_of(unasked).status != "reject":
        return None
    about_this = heard.asked is not None and heard.asked in heard.mentioned
    about_this = about_this or bool(signs.WHETHER_NEEDED.search(heard.plain))
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


def _may_be_a_name(heard: Heard) -> bool:
    """Open text may begin like a question: "Wie im Himmel e.V.", "Was noch fehlt: …"."""
    asked = heard.asked
    if asked is None or asked.kind.control not in _OPEN_CONTROLS:
        return False
    return asked.kind.control == "long_text" or names_an_organisation(heard.text)


def _corrects(heard: Heard, ranking: Ranking, _: Rank) -> Interpretation | None:
    """Changes an earlier answer."""
    folded, asked = heard.plain, heard.asked
    intent, confidence = _top(ranking)
    if not heard.answers or _is_command(ranking, SURE):
        return None
    if intent in _STARTS and not _names_another_answer(heard, _REQUEST):
        return None
    found = Interpretation("correct", max(confidence, LIKELY))
    if _is_confirmation(asked):
        return found if _is_about_an_answer(heard) else None
    marked = bool(signs.CORRECTING.search(folded)) or _contradicts(heard) or _renames(heard)
    sure = intent == "correct" and confidence >= SURE
    if not marked and not sure:
        return None
    if asked is not None and asked.kind.control == "yes_no":
        plainly = heard.reads and not _names_another_answer(heard)
        return None if plainly and not signs.NO_AND_MORE.search(folded) else found
    if _is_long_text(asked):
        return found if sure else None
    if not marked and not _is_open_text(asked) and heard.reads:
        return None
    return found


def _is_confirmation(asked: Question | None) -> bool:
    """A step that only confirms what was answered: whatever names an answer there changes it."""
    return asked is not None and (asked.key in _STEPS or asked.must_be_true)


def _is_about_an_answer(heard: Heard) -> bool:
    if signs.CORRECTING.search(heard.plain) or heard.mentioned:
        return True
    return bool(heard.stated_by_itself(loose=True))


def _contradicts(heard: Heard) -> bool:
    """Begins with "nein" or "doch", or prefers something, and means an earlier answer."""
    folded = heard.plain
    if not (signs.CONTRADICTING.search(folded) or signs.PREFERRING.search(folded)):
        return False
    if _fits_an_answer(heard):
        return True
    return bool(signs.NO_AND_MORE.search(folded)) or _names_another_answer(heard)


def _renames(heard: Heard) -> bool:
    """Says what the club is called, and it was called otherwise: "der Verein heißt … e.V."."""
    named = question("club_name")
    known = heard.answers.get(named.key)
    if not known or heard.asked is named or not names_an_organisation(heard.text):
        return False
    if named not in heard.mentioned:
        return False
    stated = (fact for fact in heard.stated_by_itself() if fact.question == named.key)
    return any(fact.values[named.key] != known for fact in stated)


def _fits_an_answer(heard: Heard) -> bool:
    """Leaves the open question in doubt, while another answer of its like takes the value.

    "doch lieber 1.2.2027" changes the beginning, also where the due date is open.
    """
    asked = heard.asked
    if asked is None or heard.reading.status != "ask_back":
        return False
    words = next(trimmed(heard.text), "")
    like = _DATED if asked.kind.control in _DATED else {asked.kind.control}
    return any(
        heard.situation.reading_of(words, each).is_ok
        for each in QUESTIONS
        if each is not asked
        and each.kind.control in like
        and any(name in heard.answers for name in each.fields)
    )


_DATED = {"date", "day_month"}


def _names_another_answer(heard: Heard, but_for: str = "") -> bool:
    """Names an answered question other than the open one, or states a value for it."""

    def is_another(each: Question) -> bool:
        if each is heard.asked or each.key == but_for:
            return False
        return any(name in heard.answers for name in (*each.fields, each.key))

    if any(map(is_another, heard.mentioned)):
        return True
    return any(is_another(question(fact.question)) for fact in heard.supposed)


def _is_long_text(asked: Question | None) -> bool:
    return asked is not None and asked.kind.control == "long_text"


def _answers(heard: Heard, ranking: Ranking, _: Rank) -> Interpretation | None:
    """Answers the open question, unless it is clearly a command."""
    asked = heard.asked
    if asked is None:
        return None
    answer = Interpretation("answer", 1.0)
    if asked.key == "club_name" and names_an_organisation(heard.text):
        return answer
    if asked.kind.control in _OPEN_CONTROLS:
        commanding = _is_command(ranking, SURE) or _takes_over(ranking)
        return None if commanding and heard.words <= 8 else answer
    status = heard.reading.status
    if status == "reject":
        return None
    threshold = SURE if status == "ask_back" else CERTAIN
    commanding = _is_command(ranking, threshold) and _top(ranking)[0] not in _POLITE
    return None if commanding and heard.words > 1 else answer


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


def _takes_over(ranking: Ranking) -> bool:
    """Takes what was priced last; where values are asked for, the same words may choose one."""
    intent, confidence = _top(ranking)
    return intent == "adopt_quote" and confidence >= SURE


def _is_command(ranking: Ranking, threshold: float) -> bool:
    intent, confidence = _top(ranking)
    return intent in _COMMANDS and confidence >= threshold


def _reads_plainly(part: str, heard: Heard) -> bool:
    """Whether a part of a message answers the open question by itself."""
    asked = heard.asked
    if asked is None or asked.kind.control == "long_text":
        return False
    return asked.left_open_by(part, heard.answers) or heard.reading_of(part).is_ok


def _otherwise(heard: Heard, ranking: Ranking) -> Interpretation:
    intent, confidence = _top(ranking)
    sure_enough = confidence >= LIKELY
    if intent in _POLITE and heard.asked is not None:
        sure_enough = confidence >= SURE and not heard.has_digit
    if intent == "off_topic" and heard.words < 2:
        sure_enough = False
    if heard.asked is None or (sure_enough and intent not in _ANSWERLIKE):
        if sure_enough:
            return _told(intent, confidence)
        return Interpretation("nlu_fallback", confidence)
    if intent in _STARTS and sure_enough and heard.asked.key == "request_type":
        return Interpretation(intent, confidence)
    if not heard.reads and _names_another_answer(heard):
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

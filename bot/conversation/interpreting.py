"""What a typed message is: an answer, a question, a correction, a what-if, a command, or several.

The intent that language understanding suggests is only a hint; what is open decides with it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Optional

import yaml

from bot.application.facts import Fact
from bot.application.questions import QUESTIONS, Question, question
from bot.conversation import cue_phrases
from bot.conversation.pricing import RATING_FIELDS
from bot.conversation.stated_values import trimmed
from bot.conversation.utterance import Situation, Utterance
from bot.language.off_topic import names_an_organisation
from bot.language.skipping import reads_as_keep
from bot.language.wording import folded_in_place

Ranking = Sequence[tuple[str, float]]
Rank = Callable[[str], Ranking]

_INTENTS = yaml.safe_load(Path(__file__).with_name("intents.yml").read_text(encoding="utf-8"))
_ANSWERLIKE = frozenset(_INTENTS["answerlike"])
_ABOUT_QUESTION = frozenset(_INTENTS["about_question"])
_ASKABLE = frozenset(_INTENTS["askable"])
_COMMANDS = frozenset(_INTENTS["commands"])
_POLITE = frozenset(_INTENTS["polite"])
_TOPIC_OF: dict[str, str] = _INTENTS["topic_of"]

CERTAIN = 0.85
SURE = 0.55
LIKELY = 0.35
POSSIBLE = 0.28
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
    said, ranking = Utterance(text, situation), rank(text)
    for rule in _RULES:
        found = rule(said, ranking, rank)
        if found is not None:
            return found
    return _otherwise(said, ranking)


def _top(ranking: Ranking) -> tuple[str, float]:
    return ranking[0] if ranking else ("nlu_fallback", 0.0)


def _settles(said: Utterance, ranking: Ranking, _: Rank) -> Interpretation | None:
    """A question of the assistant's own is pending: yes, no or an option settles it."""
    pending = said.situation.pending
    if pending is None:
        return None
    intent, confidence = _top(ranking)
    if pending == "price":
        counted = said.situation.reading_of(said.text, question("member_count"))
        return Interpretation("price_question", 1.0) if counted.is_ok else None
    if pending == "facts" and _amends(said):
        return Interpretation("answer", 1.0)
    if intent in ("affirm", "deny") or said.words <= 2:
        return Interpretation("answer", max(confidence, SURE))
    return None


def _amends(said: Utterance) -> bool:
    """States or names something while what was understood waits to be confirmed."""
    if said.asks:
        return False
    return bool(said.mentioned or said.stated_by_itself())


def _skips(said: Utterance, _r: Ranking, _: Rank) -> Interpretation | None:
    """Leaves an optional question out, or an answer that was called up as it was."""
    asked, answers = said.asked, said.answers
    if asked is None or said.situation.pending is not None:
        return None
    called_up = any(answers.get(name) is not None for name in asked.fields)
    leaves = called_up and reads_as_keep(said.text, needed=asked.required(answers))
    if leaves or asked.left_open_by(said.text, answers):
        return Interpretation("answer", 1.0)
    return None


def _supposes(said: Utterance, ranking: Ranking, _: Rank) -> Interpretation | None:
    """A what-if: asks for a price, or supposes a value with a question mark."""
    folded = said.folded
    intent, confidence = _top(ranking)
    if intent == "compare_prices" and confidence >= SURE:
        return Interpretation(intent, confidence)
    priced = bool(cue_phrases.PRICE.search(folded))
    supposing = folded.endswith("?") and bool(cue_phrases.SUPPOSING.search(folded))
    meant = intent == "price_question" and confidence >= SURE
    meant = meant and (folded.endswith("?") or not said.reads)
    if not (priced or supposing or meant):
        return None
    if intent.startswith("ask_") and confidence >= SURE:
        return None
    if intent == "price_question" and (meant or priced):
        return Interpretation("price_question", confidence)
    rated = any(fact.question in RATING_FIELDS for fact in said.supposed)
    if rated and (priced or supposing) and not _is_open_text(said.asked):
        return Interpretation("price_question", max(confidence, LIKELY))
    return None


def _is_open_text(asked: Question | None) -> bool:
    return asked is not None and asked.kind.control in _OPEN_CONTROLS


def _volunteers(said: Utterance, ranking: Ranking, _: Rank) -> Interpretation | None:
    """Several facts at once: a pasted e-mail, a broker's first message."""
    asked = said.asked
    if asked is not None and (asked.kind.control == "long_text" or asked.section == "disclosure"):
        return None
    if said.words < _A_FACT or (said.words < _SENTENCE and said.reading.is_ok):
        return None
    own = set(asked.fields) | set(asked.also_fills) if asked else set()
    foreign = [fact for fact in said.stated if not own.intersection(fact.values)]
    if not foreign:
        return None
    answered = len(said.stated) > len(foreign)
    if len(foreign) >= _MANY_FACTS or (answered and not said.text.endswith("?")):
        if cue_phrases.CORRECTING.search(said.folded) and len(foreign) < 3:
            return None
        if said.words >= _SENTENCE:
            return Interpretation("volunteer_facts", 1.0)
    if _is_command(ranking, SURE):
        return None
    new = [fact for fact in foreign if _may_come_alone(fact, said)]
    status = said.reading.status
    if status == "ask_back":
        new = [fact for fact in new if question(fact.question).kind.control in _UNMISTAKABLE]
    if new and status != "ok" and not said.text.endswith("?"):
        return Interpretation("volunteer_facts", 1.0)
    return None


_UNMISTAKABLE = {"address", "email", "phone"}


def _may_come_alone(fact: Fact, said: Utterance) -> bool:
    """New, and nothing that the open question could have meant: no landline for a mobile number."""
    asked = said.asked
    if fact.question == _REQUEST or not said.answers.keys().isdisjoint(fact.values):
        return False
    control = question(fact.question).kind.control
    return asked is None or control != "phone" or control != asked.kind.control


def _composite(said: Utterance, _: Ranking, rank: Rank) -> Interpretation | None:
    """An answer and a question in one message, in this order or the other."""
    text, folded = said.text, said.folded
    if said.asked is None or not ("?" in text or cue_phrases.QUESTION_WORD.search(folded)):
        return None
    for found in reversed(list(cue_phrases.BREAK.finditer(folded))):
        head, tail = text[: found.start()].strip(), text[found.end() :].strip()
        if not head or not tail:
            continue
        topic, answer = _topic(tail, rank), _ended(head)
        if topic and answer and _reads_plainly(answer, said):
            return Interpretation("answer", 1.0, answer=answer, topics=(topic,))
        topic = _topic(head, rank)
        if topic and topic != ":unknown" and _reads_plainly(tail, said):
            return Interpretation("answer", 1.0, answer=tail, topics=(topic,))
    return None


def _ended(part: str) -> str:
    """A part of a message without the words that only lead on to the next: "Chor und", "aber"."""
    leading_on = cue_phrases.LEADING_ON.search(folded_in_place(part))
    return part[: leading_on.start()] if leading_on else part


def _topic(part: str, rank: Rank) -> str | None:
    """What a part of a message asks about, if it is a question."""
    folded = folded_in_place(part)
    connecting = cue_phrases.CONNECTING.match(folded)
    if connecting:
        part, folded = part[connecting.end() :], folded[connecting.end() :]
    if not (part.endswith("?") or cue_phrases.QUESTION_START.search(folded)):
        return None
    if cue_phrases.PRICE.search(folded):
        return ":price_question"
    intent, confidence = _top(rank(part))
    if confidence >= POSSIBLE and intent.startswith("ask_"):
        return intent[4:]
    if confidence >= POSSIBLE and intent in _TOPIC_OF:
        return _TOPIC_OF[intent]
    return ":unknown" if part.endswith("?") else None


def _asks(said: Utterance, ranking: Ranking, _: Rank) -> Interpretation | None:
    """A question about the insurance or about the open question."""
    intent, confidence = _top(ranking)
    asking = said.asks
    needed = LIKELY if asking else SURE
    if not asking and (said.has_digit or said.reads or _contradicts(said)):
        return None
    if confidence >= needed and (intent.startswith("ask_") or intent in _ABOUT_QUESTION):
        return _told(intent, confidence)
    if not asking or _may_be_a_name(said):
        return None
    if confidence >= LIKELY and intent in _ASKABLE:
        return _told(intent, confidence)
    unasked = said.text.rstrip("? ")
    if said.text.endswith("?") and said.reading_of(unasked).status != "reject":
        return None
    about_this = said.asked is not None and said.asked in said.mentioned
    about_this = about_this or bool(cue_phrases.WHETHER_NEEDED.search(said.folded))
    return Interpretation("explain_how" if about_this else "unknown_question", confidence)


def _may_be_a_name(said: Utterance) -> bool:
    """Open text may begin like a question: "Wie im Himmel e.V.", "Was noch fehlt: …"."""
    asked = said.asked
    if asked is None or asked.kind.control not in _OPEN_CONTROLS:
        return False
    return asked.kind.control == "long_text" or names_an_organisation(said.text)


def _corrects(said: Utterance, ranking: Ranking, _: Rank) -> Interpretation | None:
    """Changes an earlier answer."""
    folded, asked = said.folded, said.asked
    intent, confidence = _top(ranking)
    if not said.answers or _is_command(ranking, SURE):
        return None
    if intent in _STARTS and not _names_another_answer(said, _REQUEST):
        return None
    found = Interpretation("correct", max(confidence, LIKELY))
    if _is_confirmation(asked):
        return found if _is_about_an_answer(said) else None
    marked = bool(cue_phrases.CORRECTING.search(folded)) or _contradicts(said) or _renames(said)
    sure = intent == "correct" and confidence >= SURE
    if not marked and not sure:
        return None
    if asked is not None and asked.kind.control == "yes_no":
        plainly = said.reads and not _names_another_answer(said)
        return None if plainly and not cue_phrases.NO_AND_MORE.search(folded) else found
    if _is_long_text(asked):
        return found if sure else None
    if not marked and not _is_open_text(asked) and said.reads:
        return None
    return found


def _is_confirmation(asked: Question | None) -> bool:
    """A step that only confirms what was answered: whatever names an answer there changes it."""
    return asked is not None and (asked.key in _STEPS or asked.must_be_true)


def _is_about_an_answer(said: Utterance) -> bool:
    if cue_phrases.CORRECTING.search(said.folded) or said.mentioned:
        return True
    return bool(said.stated_by_itself(loose=True))


def _contradicts(said: Utterance) -> bool:
    """Begins with "nein" or "doch", or prefers something, and means an earlier answer."""
    folded = said.folded
    if not (cue_phrases.CONTRADICTING.search(folded) or cue_phrases.PREFERRING.search(folded)):
        return False
    if _fits_an_answer(said):
        return True
    return bool(cue_phrases.NO_AND_MORE.search(folded)) or _names_another_answer(said)


def _renames(said: Utterance) -> bool:
    """Says what the club is called, and it was called otherwise: "der Verein heißt … e.V."."""
    named = question("club_name")
    known = said.answers.get(named.key)
    if not known or said.asked is named or not names_an_organisation(said.text):
        return False
    if named not in said.mentioned:
        return False
    stated = (fact for fact in said.stated_by_itself() if fact.question == named.key)
    return any(fact.values[named.key] != known for fact in stated)


def _fits_an_answer(said: Utterance) -> bool:
    """Leaves the open question in doubt, while another answer of its like takes the value.

    "doch lieber 1.2.2027" changes the beginning, also where the due date is open.
    """
    asked = said.asked
    if asked is None or said.reading.status != "ask_back":
        return False
    words = next(trimmed(said.text), "")
    like = _DATED if asked.kind.control in _DATED else {asked.kind.control}
    return any(
        said.situation.reading_of(words, each).is_ok
        for each in QUESTIONS
        if each is not asked
        and each.kind.control in like
        and any(name in said.answers for name in each.fields)
    )


_DATED = {"date", "day_month"}


def _names_another_answer(said: Utterance, but_for: str = "") -> bool:
    """Names an answered question other than the open one, or states a value for it."""

    def is_another(each: Question) -> bool:
        if each is said.asked or each.key == but_for:
            return False
        return any(name in said.answers for name in (*each.fields, each.key))

    if any(map(is_another, said.mentioned)):
        return True
    return any(is_another(question(fact.question)) for fact in said.supposed)


def _is_long_text(asked: Question | None) -> bool:
    return asked is not None and asked.kind.control == "long_text"


def _answers(said: Utterance, ranking: Ranking, _: Rank) -> Interpretation | None:
    """Answers the open question, unless it is clearly a command."""
    asked = said.asked
    if asked is None:
        return None
    answer = Interpretation("answer", 1.0)
    if asked.key == "club_name" and names_an_organisation(said.text):
        return answer
    if asked.kind.control in _OPEN_CONTROLS:
        commanding = _is_command(ranking, SURE) or _takes_over(ranking)
        return None if commanding and said.words <= 8 else answer
    status = said.reading.status
    if status == "reject":
        return None
    threshold = SURE if status == "ask_back" else CERTAIN
    commanding = _is_command(ranking, threshold) and _top(ranking)[0] not in _POLITE
    return None if commanding and said.words > 1 else answer


def _takes_over(ranking: Ranking) -> bool:
    """Takes what was priced last; where values are asked for, the same words may choose one."""
    intent, confidence = _top(ranking)
    return intent == "adopt_quote" and confidence >= SURE


def _is_command(ranking: Ranking, threshold: float) -> bool:
    intent, confidence = _top(ranking)
    return intent in _COMMANDS and confidence >= threshold


def _reads_plainly(part: str, said: Utterance) -> bool:
    """Whether a part of a message answers the open question by itself."""
    asked = said.asked
    if asked is None or asked.kind.control == "long_text":
        return False
    return asked.left_open_by(part, said.answers) or said.reading_of(part).is_ok


def _otherwise(said: Utterance, ranking: Ranking) -> Interpretation:
    intent, confidence = _top(ranking)
    sure_enough = confidence >= LIKELY
    if intent in _POLITE and said.asked is not None:
        sure_enough = confidence >= SURE and not said.has_digit
    if intent == "off_topic" and said.words < 2:
        sure_enough = False
    if said.asked is None or (sure_enough and intent not in _ANSWERLIKE):
        if sure_enough:
            return _told(intent, confidence)
        return Interpretation("nlu_fallback", confidence)
    if intent in _STARTS and sure_enough and said.asked.key == "request_type":
        return Interpretation(intent, confidence)
    if not said.reads and _names_another_answer(said):
        return Interpretation("correct", confidence)
    return Interpretation("answer", confidence)


def _told(intent: str, confidence: float) -> Interpretation:
    if intent == "human":
        return Interpretation(intent, confidence, topics=("human",))
    if intent.startswith("ask_"):
        return Interpretation(intent, confidence, topics=(intent[4:],))
    return Interpretation(intent, confidence)


_RULES = (
    _skips,
    _settles,
    _composite,
    _supposes,
    _volunteers,
    _asks,
    _corrects,
    _answers,
)

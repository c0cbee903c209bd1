"""Answering questions: about the insurance, and about the open question itself."""

from __future__ import annotations

from bot import legal
from bot.conversation import cue_phrases
from bot.conversation.asking import current_question, repeat
from bot.conversation.turn import Turn, choice
from bot.language.wording import folded_in_place
from bot.settings import settings
from bot.texts import entry, has, text


def explain(turn: Turn, topics: tuple[str, ...] | None = None) -> None:
    """Answer what was asked about, short first; then come back to the open question."""
    known = [name for name in (topics or turn.message.topics) if has(f"topics.{name}")]
    if not known:
        do_not_know(turn)
        return
    for name in known:
        _explain_topic(turn, name)
    repeat(turn)


def _explain_topic(turn: Turn, name: str) -> None:
    found = entry(f"topics.{name}")
    more = bool(found.get("more") or found.get("legal"))
    turn.draft.last_topic = name if more else None
    offered = [choice("more", f"more:{name}")] if more else []
    turn.tell(short_answer(name), choices=offered)


def more(turn: Turn, name: str | None = None) -> None:
    """The rest about the topic that was explained last."""
    topic = name or turn.draft.last_topic
    if topic is None or not has(f"topics.{topic}"):
        how(turn)
        return
    found = entry(f"topics.{topic}")
    rest = long_answer(topic)
    if rest:
        turn.tell(rest)
    if found.get("legal"):
        document = legal.document(found["legal"])
        turn.tell(f"{document.title}\n\n{document.text}")
        turn.record_wording("shown", document.id, document)
    turn.draft.last_topic = None
    repeat(turn)


def why(turn: Turn) -> None:
    """Why the open question is asked."""
    _about_question(turn, "why")


def how(turn: Turn) -> None:
    """What to enter, with an example."""
    _about_question(turn, "how")


def _about_question(turn: Turn, what: str) -> None:
    tell_about_question(turn, what)
    repeat(turn)


def tell_about_question(turn: Turn, what: str) -> None:
    """The ``why`` or ``how`` of the open question."""
    asked = current_question(turn)
    if asked is None or not has(f"questions.{asked.key}.{what}"):
        turn.say("about_me")
        return
    if what == "how" and cue_phrases.WHETHER_NEEDED.search(folded_in_place(turn.message.text)):
        needed = asked.required(turn.answers)
        turn.say("is_needed" if needed else "is_optional")
        what = "why" if has(f"questions.{asked.key}.why") else what
    turn.tell(text(f"questions.{asked.key}.{what}"))


def do_not_know(turn: Turn) -> None:
    """A question about nothing we know: say so, with whom to ask."""
    turn.say("do_not_know", choices=[choice("human", "topic:human")])
    repeat(turn)


def short_answer(topic: str) -> str:
    """The topic in a few sentences."""
    return _words(topic, "short")


def long_answer(topic: str) -> str | None:
    """The rest about it; ``None`` if there is none."""
    return _words(topic, "more") if has(f"topics.{topic}.more") else None


def _words(topic: str, part: str) -> str:
    figures = _retention_times() if topic == "privacy_of_this_chat" else {}
    return text(f"topics.{topic}.{part}", **figures)


def _retention_times() -> dict[str, int]:
    chosen = settings()
    return {
        "draft_days": chosen.retention_draft_days,
        "cancelled_days": chosen.retention_cancelled_days,
        "submitted_years": chosen.retention_submitted_years,
    }

"""The evaluation set, and what the real assistant makes of each of its messages.

A line of ``messages/<theme>.jsonl`` is one message in its situation:

- ``open``: the question that is open, ``null`` before the conversation has begun,
- ``answers``: canonical answers given before, as far as they matter; the rest is filled in,
- ``status``: the draft's status if it is not ``open``,
- ``before``: messages typed in between (``["abbrechen"]``), handled but not judged,
- ``text``: what is typed,
- ``expect.intent``: the acceptable intents,
- ``expect.stores``: exactly what is stored at once, by field; a list of such objects if several
  readings are acceptable,
- ``expect.topics``: what the message asks about (in place of one topic: a list of acceptable ones);
  one that is no topic of the insurance has a colon before it, such as ``:explain_why``.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Optional

import personas
from conversation_driver import Bot
from conversation_output import ReplyList

from bot import clock
from bot.application.draft import Draft
from bot.application.questions import PRIOR_INSURANCE_FIELDS, QUESTIONS, Question, question
from bot.application.relevance import next_question, store
from bot.conversation.turn import Message
from bot.conversation.turn_context import CONTEXT, TurnContext
from bot.settings import settings
from bot.storage import Database, DraftStore

MESSAGES = Path(__file__).parent / "messages"
HOLDOUT = "holdout"
ANSWER_INTENTS = frozenset({"answer", "affirm", "deny", "skip", "nlu_fallback"})
"""What the rules treat as a possible answer to the open question: the same action takes them."""
DERIVED_FIELDS = frozenset({"bic", "bank_name"})
"""Found by the IBAN, not in the message."""

UNAVAILABLE_RESPONSE = "utter_service_unavailable"

_UNSET = object()


class UnusableLine(ValueError):
    """A line of the evaluation set describes a situation that cannot arise."""


@dataclass(frozen=True)
class Case:
    """One message of the evaluation set."""

    theme: str
    line: int
    text: str
    open: Optional[str]
    intents: tuple[str, ...]
    stores: tuple[Mapping[str, Any], ...]
    topics: Optional[tuple[frozenset[str], ...]] = None
    answers: Mapping[str, Any] = field(default_factory=dict)
    status: str = "open"
    before: tuple[str, ...] = ()

    @property
    def place(self) -> str:
        return f"{self.theme}:{self.line}"


@dataclass(frozen=True)
class Outcome:
    """What the assistant made of a message: the intent, its topics, and what it stored."""

    case: Case
    intent: str
    topics: tuple[str, ...]
    stored: Mapping[str, Any]
    said: tuple[str, ...]
    failed: bool

    @cached_property
    def intent_right(self) -> bool:
        accepted = set(self.case.intents)
        if accepted & {"answer"}:
            accepted |= ANSWER_INTENTS
        return self.intent in accepted

    @cached_property
    def topics_right(self) -> bool:
        expected = self.case.topics
        if expected is None:
            return True
        found = set(self.topics) or {f":{self.intent}"}
        return len(found) == len(expected) and all(found & each for each in expected)

    @cached_property
    def stored_right(self) -> bool:
        return any(comparable(each) == comparable(self.stored) for each in self.case.stores)

    @cached_property
    def wrong_values(self) -> dict[str, Any]:
        """Stored values that no acceptable reading of the message has."""
        unexpected = [
            {
                name: value
                for name, value in self.stored.items()
                if comparable(each.get(name, _UNSET)) != comparable(value)
            }
            for each in self.case.stores
        ]
        return min(unexpected, key=len)

    @property
    def right(self) -> bool:
        return not self.fault

    @property
    def fault(self) -> str:
        """The worst thing that is wrong about it; empty if nothing is."""
        if self.failed:
            return "action failed"
        if self.wrong_values:
            return "wrong value stored"
        if not self.stored_right:
            return "value not stored"
        if not self.intent_right:
            return "intent"
        return "" if self.topics_right else "topics"


def comparable(value: Any) -> Any:
    """A value by which capital letters, which people care little for in a chat, do not matter."""
    if isinstance(value, str):
        return value.casefold()
    if isinstance(value, Mapping):
        return {name: comparable(each) for name, each in value.items()}
    if isinstance(value, list):
        return [comparable(each) for each in value]
    return value


def themes() -> list[str]:
    """The themes of the evaluation set, without the holdout."""
    return sorted(path.stem for path in MESSAGES.glob("*.jsonl") if path.stem != HOLDOUT)


def read_cases(*names: str) -> list[Case]:
    """The messages of these themes.

    Raises:
        UnusableLine: a line is no JSON object of the form described above.
    """
    return [case for name in names for case in _read_theme(name)]


def _read_theme(theme: str) -> Iterator[Case]:
    path = MESSAGES / f"{theme}.jsonl"
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip():
            continue
        try:
            yield _case(theme, number, json.loads(line))
        except (ValueError, KeyError, TypeError) as error:
            raise UnusableLine(f"{theme}:{number}: {error!r}") from error


_KEYS = {"open", "answers", "status", "before", "text", "expect"}


def _case(theme: str, number: int, given: dict[str, Any]) -> Case:
    expect = given["expect"]
    unknown = (set(given) - _KEYS) | (set(expect) - {"intent", "stores", "topics"})
    if unknown:
        raise KeyError(f"unknown keys: {sorted(unknown)}")
    stores = expect["stores"]
    topics = expect.get("topics")
    return Case(
        theme=theme,
        line=number,
        text=given["text"],
        open=given["open"],
        intents=tuple(expect["intent"]),
        stores=tuple(stores) if isinstance(stores, list) else (stores,),
        topics=None if topics is None else tuple(_alternatives(each) for each in topics),
        answers=given.get("answers", {}),
        status=given.get("status", "open"),
        before=tuple(given.get("before", ())),
    )


def _alternatives(topic: Any) -> frozenset[str]:
    return frozenset([topic] if isinstance(topic, str) else topic)


_USUAL_ANSWERS: Mapping[str, Any] = {
    **personas.jurverein_with_everything(),
    "insurer": "Muster Rechtsschutz AG",
    "policy_number": "RS 123.456-7",
    "scope": "Vereins-Rechtsschutz",
    "period_start": "2018-01-01",
    "period_end": None,
    "prior_insurance_more": False,
    "statutes": {"delivery": "later"},
    "criminal_proceedings_annex": {"delivery": "later"},
    "review": True,
    "submission": True,
}


def draft_for(case: Case, conversation_id: str) -> Draft:
    """The draft as it stands when the message arrives.

    Raises:
        UnusableLine: the open question cannot be open with these answers.
    """
    moment = clock.now()
    draft = Draft(
        conversation_id=conversation_id, created_at=moment, updated_at=moment, greeted=True
    )
    for each in QUESTIONS:
        if each.key == case.open:
            break
        if each.relevant(draft.answers) and not each.answered(draft.answers):
            store(draft.answers, _usual(each, case))
            draft.order.append(each.key)
    store(draft.answers, case.answers)
    draft.order += [
        each.key
        for each in QUESTIONS
        if each.key not in draft.order and set(each.fields) & set(case.answers)
    ]
    draft.status = case.status  # type: ignore[assignment]
    if case.status == "open":
        following = next_question(draft.answers)
        draft.open_question = following.key if following else None
    if draft.open_question != case.open:
        raise UnusableLine(f"{case.place}: open is {draft.open_question!r}, not {case.open!r}")
    return draft


def _usual(each: Question, case: Case) -> dict[str, Any]:
    if each.key == "prior_insurance_insurer" and "prior_insurances" in case.answers:
        return {"prior_insurances": case.answers["prior_insurances"]}
    if case.open == "criminal_proceedings_annex" and each.key == "criminal_proceedings_details":
        return {each.key: None}
    values = {**_USUAL_ANSWERS, **case.answers}
    return {name: values[name] for name in each.fields}


class Assistant:
    """The real assistant, put into the situation of each message."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot
        self._database = Database(settings().database_address, settings().data_keys)
        self._database.upgrade()
        self._drafts = DraftStore(self._database)

    def close(self) -> None:
        """Give the database back."""
        self._database.close()

    def outcome(self, case: Case, conversation_id: str) -> Outcome:
        """Type the message in a new conversation and see what comes of it.

        Raises:
            UnusableLine: its situation cannot arise.
        """
        self._prepare(case, conversation_id)
        for earlier in case.before:
            self._type(conversation_id, earlier)
        before = self._answers(conversation_id)
        parsed, said = self._type(conversation_id, case.text)
        after = self._answers(conversation_id)
        stored = {
            name: value
            for name, value in after.items()
            if name not in DERIVED_FIELDS and before.get(name, _UNSET) != value
        }
        topics = [each["value"] for each in parsed["entities"] if each["entity"] == "topic"]
        failed = self._unavailable in said
        return Outcome(case, parsed["intent"]["name"], tuple(topics), stored, said, failed)

    @property
    def _unavailable(self) -> str:
        """What the assistant says when an action broke down."""
        variants = self._bot.agent.domain.responses[UNAVAILABLE_RESPONSE]
        return str(variants[0]["text"])

    def _prepare(self, case: Case, conversation_id: str) -> None:
        """Store the draft."""
        if case.open is None and case.status == "open":
            return
        draft = draft_for(case, conversation_id)
        self._drafts.save(draft)

    def _answers(self, conversation_id: str) -> dict[str, Any]:
        draft = self._drafts.load(conversation_id)
        return dict(draft.answers) if draft else {}

    def _type(self, conversation_id: str, text: str) -> tuple[dict[str, Any], tuple[str, ...]]:
        from rasa.core.channels.channel import UserMessage

        now = clock.now()
        draft = self._drafts.load(conversation_id) or Draft(
            conversation_id=conversation_id, created_at=now, updated_at=now
        )
        context = TurnContext(draft, Message(id="typed", text=text))
        output = ReplyList()
        message = UserMessage(
            text, output, conversation_id, input_channel="widget", metadata={CONTEXT: context}
        )
        agent = self._bot.agent
        message.parse_data = self._bot.run(agent.processor.parse_message(message))
        self._bot.run(agent.handle_message(message))
        if context.erased:
            self._drafts.delete(conversation_id)
        else:
            self._drafts.save(context.draft)
        said = tuple(reply["text"] for reply in output.replies if reply["text"])
        return message.parse_data, said


def usable(case: Case) -> None:
    """Check that fields and questions of a line exist.

    Raises:
        UnusableLine: one does not.
    """
    known = {name for each in QUESTIONS for name in each.fields} | {"prior_insurances"}
    named = {name for each in case.stores for name in each} | set(case.answers)
    if named - known - set(PRIOR_INSURANCE_FIELDS):
        raise UnusableLine(f"{case.place}: unknown fields {sorted(named - known)}")
    if case.open is not None:
        question(case.open)

"""A typed message in its situation: what several rules ask of it is worked out once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, Optional

from bot.application.facts import Fact, find_facts
from bot.application.kinds import ReadingContext
from bot.application.questions import Question, question
from bot.conversation import cue_phrases
from bot.conversation.mentions import mentioned
from bot.language.reading import Reading
from bot.language.wording import folded_in_place


@dataclass(frozen=True)
class Situation:
    """Where the conversation stands when the message arrives."""

    open_question: Optional[str]
    pending: Optional[str]
    answers: Mapping[str, Any]
    today: date

    @cached_property
    def asked(self) -> Question | None:
        """The open question."""
        return question(self.open_question) if self.open_question else None

    def reading_of(self, text: str, asked: Question) -> Reading:
        """What this text would be as an answer to that question."""
        return asked.kind.read(text, ReadingContext(asked.key, self.today, self.answers))


_NO_ANSWER = Reading("reject")


class Utterance:
    """One message; nothing outlives it."""

    def __init__(self, text: str, situation: Situation) -> None:
        self.text = text
        self.situation = situation

    @property
    def asked(self) -> Question | None:
        """The open question."""
        return self.situation.asked

    @property
    def answers(self) -> Mapping[str, Any]:
        """What was answered before."""
        return self.situation.answers

    @cached_property
    def folded(self) -> str:
        """The text without capital letters and umlauts."""
        return folded_in_place(self.text)

    @cached_property
    def words(self) -> int:
        """How many words it has."""
        return len(self.text.split())

    @cached_property
    def has_digit(self) -> bool:
        """Whether there is a figure in it."""
        return any(map(str.isdigit, self.text))

    @cached_property
    def asks(self) -> bool:
        """Whether it ends or begins like a question."""
        return self.text.endswith("?") or bool(cue_phrases.QUESTION_START.search(self.folded))

    @cached_property
    def reading(self) -> Reading:
        """What it is as an answer to the open question."""
        return self.reading_of(self.text)

    @property
    def reads(self) -> bool:
        """Whether it may be an answer to the open question."""
        return self.reading.status != "reject"

    def reading_of(self, part: str) -> Reading:
        """What a part of it is as an answer to the open question."""
        return _NO_ANSWER if self.asked is None else self.situation.reading_of(part, self.asked)

    @cached_property
    def mentioned(self) -> tuple[Question, ...]:
        """The questions whose answers it names."""
        return tuple(mentioned(self.folded))

    @cached_property
    def stated(self) -> tuple[Fact, ...]:
        """What it states."""
        return self._facts(self.answers, loose=False)

    @cached_property
    def supposed(self) -> tuple[Fact, ...]:
        """What it states, asks or supposes."""
        return self._facts(self.answers, loose=True)

    def stated_by_itself(self, *, loose: bool = False) -> tuple[Fact, ...]:
        """What it states where nothing is known yet."""
        return self._facts({}, loose=loose)

    def _facts(self, answers: Mapping[str, Any], *, loose: bool) -> tuple[Fact, ...]:
        return find_facts(self.text, self.situation.today, answers, loose=loose).found

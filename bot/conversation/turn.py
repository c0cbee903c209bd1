"""One turn: what arrived, the draft it meets, and the replies it gathers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Optional

from bot import legal
from bot.application.draft import Draft, EvidenceKind
from bot.application.kinds import ReadingContext
from bot.application.questions import Question
from bot.conversation.reply import Choice, Prompt, Reply
from bot.documents.statutes import StatutesFacts
from bot.texts import text


@dataclass(frozen=True)
class Message:
    """What a person sent, as the channel and the language understanding hand it over.

    ``text`` is what was typed; ``answer`` the part of it that may answer the open question and
    ``topics`` what it asks about; ``choice`` the payload of a tapped choice; ``document`` an upload
    (``id``, ``kind``); ``broker`` and ``prefill`` what the embedding portal said at the start.
    """

    id: str
    text: str = ""
    intent: str = "answer"
    answer: Optional[str] = None
    topics: tuple[str, ...] = ()
    choice: Optional[str] = None
    document: Optional[dict[str, str]] = None
    broker: Optional[dict[str, str]] = None
    prefill: Optional[dict[str, Any]] = None

    @property
    def answer_text(self) -> str:
        return self.text if self.answer is None else self.answer


@dataclass(frozen=True)
class Services:
    """What a turn may ask of the world outside the dialogue.

    ``read_statutes`` is what an uploaded document says about the club.
    """

    read_statutes: Callable[[str], StatutesFacts]


@dataclass
class Turn:
    """The draft under work and the replies so far; ``now`` is Berlin time.

    ``erased`` tells that nothing may be kept of the conversation, ``discarded`` that evidence and
    documents of the former answers, if they were not submitted, have to go.
    """

    draft: Draft
    message: Message
    services: Services
    now: datetime
    replies: list[Reply] = field(default_factory=list)
    erased: bool = False
    discarded: bool = False

    @property
    def today(self) -> date:
        return self.now.date()

    @property
    def answers(self) -> dict[str, Any]:
        return self.draft.answers

    def say(self, key: str, *, choices: Sequence[Choice] = (), **parameters: object) -> None:
        """Add a text of ``bot/texts/conversation.yml``."""
        self.tell(text(f"conversation.{key}", **parameters), choices=choices)

    def tell(
        self,
        words: str,
        *,
        choices: Sequence[Choice] = (),
        question: Prompt | None = None,
        card: dict[str, Any] | None = None,
    ) -> None:
        """Add a reply in these words."""
        self.replies.append(Reply(text=words, choices=list(choices), question=question, card=card))

    def record(self, kind: EvidenceKind, item: str, value: Any = None) -> None:
        """Note evidence of this turn."""
        self.draft.record(self.now, kind, item, value=value)

    def record_wording(
        self, kind: EvidenceKind, item: str, wording: legal.LegalText | legal.ContractDocument
    ) -> None:
        """Note evidence that refers to what the insurer says, word for word."""
        version, digest = wording.version, wording.sha256
        self.draft.record(self.now, kind, item, version=version, wording_hash=digest)

    def context(self, question: Question) -> ReadingContext:
        """What reading an answer to this question may depend on."""
        return ReadingContext(
            field=question.key,
            today=self.today,
            answers=self.answers,
            required=question.required(self.answers),
        )


def options(titles: Iterable[object]) -> list[Choice]:
    """Choices between what is pending, in its order."""
    return [
        Choice(title=str(title), payload=f"pick:{number}") for number, title in enumerate(titles)
    ]


def choice(title_key: str, payload: str, **parameters: object) -> Choice:
    """A choice whose title stands in ``bot/texts/conversation.yml`` under ``choices``."""
    return Choice(title=text(f"conversation.choices.{title_key}", **parameters), payload=payload)

"""What came of a turn, told from the draft before and after it: nothing that anybody typed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.application.draft import Draft


@dataclass(frozen=True)
class DraftBefore:
    """What a report needs of the draft as a turn found it; ``is_new`` if there was none."""

    is_new: bool = True
    open_question: str | None = None
    status: str = "open"
    failures: int = 0
    reference: str | None = None
    request_type: str | None = None

    @classmethod
    def of(cls, draft: Draft | None) -> DraftBefore:
        if draft is None:
            return cls()
        return cls(
            is_new=False,
            open_question=draft.open_question,
            status=draft.status,
            failures=draft.failures,
            reference=draft.reference,
            request_type=draft.answers.get("request_type"),
        )


@dataclass(frozen=True)
class TurnReport:
    """One answered message.

    ``answered`` is the question that was open before, ``asked`` the one that is open now;
    ``misunderstood`` the one whose answer could not be taken. ``ended`` tells how the conversation
    ended with this turn: ``submitted``, ``cancelled``, ``ended`` (no cover) or ``erased``.
    """

    channel: str
    answered: str | None = None
    asked: str | None = None
    misunderstood: str | None = None
    begun: bool = False
    quoted: bool = False
    ended: str | None = None
    request_type: str | None = None

    def as_dict(self) -> dict[str, Any]:
        """The report for JSON, without what does not apply."""
        return {name: value for name, value in vars(self).items() if value}


def turn_report(
    channel: str,
    before: DraftBefore,
    after: Draft | None,
    replies: Sequence[Mapping[str, Any]],
) -> TurnReport:
    """What a turn brought about; there is no draft after an erasing one."""
    was_open = before.open_question
    is_open = after.open_question if after else None
    return TurnReport(
        channel=channel,
        answered=was_open,
        asked=is_open if is_open != was_open else None,
        misunderstood=_misunderstood(before, after, replies),
        begun=before.is_new,
        quoted=any((reply.get("card") or {}).get("type") == "quote" for reply in replies),
        ended=_ended(before, after),
        request_type=after.answers.get("request_type") if after else before.request_type,
    )


def _misunderstood(
    before: DraftBefore, after: Draft | None, replies: Sequence[Mapping[str, Any]]
) -> str | None:
    if not before.is_new and after and after.failures > before.failures:
        return after.open_question
    asked = [reply["question"] for reply in replies if reply.get("question")]
    refused = [str(each["field"]) for each in asked if each.get("error")]
    return refused[-1] if refused else None


def _ended(before: DraftBefore, after: Draft | None) -> str | None:
    if after is None:
        return "erased"
    return after.status if after.status not in ("open", before.status) else None

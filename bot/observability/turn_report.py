"""What came of a turn, told from the draft before and after it: nothing that anybody typed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.application.draft import Draft


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
    before: Draft | None,
    after: Draft | None,
    replies: Sequence[Mapping[str, Any]],
) -> TurnReport:
    """What a turn brought about; there is no draft before the first and after an erasing one."""
    was_open = before.open_question if before else None
    is_open = after.open_question if after else None
    return TurnReport(
        channel=channel,
        answered=was_open,
        asked=is_open if is_open != was_open else None,
        misunderstood=_misunderstood(before, after, replies),
        begun=before is None,
        quoted=any((reply.get("card") or {}).get("type") == "quote" for reply in replies),
        ended=_ended(before, after),
        request_type=_request_type(after or before),
    )


def _misunderstood(
    before: Draft | None, after: Draft | None, replies: Sequence[Mapping[str, Any]]
) -> str | None:
    failed = before and after and after.failures > before.failures
    if failed and after:
        return after.open_question
    asked = [reply["question"] for reply in replies if reply.get("question")]
    refused = [str(each["field"]) for each in asked if each.get("error")]
    return refused[-1] if refused else None


def _ended(before: Draft | None, after: Draft | None) -> str | None:
    if after is None:
        return "erased"
    earlier = before.status if before else "open"
    return after.status if after.status not in ("open", earlier) else None


def _request_type(draft: Draft | None) -> str | None:
    return draft.answers.get("request_type") if draft else None

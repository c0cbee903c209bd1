"""The premium as the answers stand, and how it is shown."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from bot.application.draft import Draft
from bot.conversation.reply import Choice
from bot.conversation.turn import Turn
from bot.rating import Quote, RatingError, RatingRequest, kept_tariff, quote
from bot.rating.money import format_euro
from bot.texts import text

RATING_FIELDS = (
    "product",
    "deductible",
    "member_count",
    "family_membership",
    "family_member_count",
    "payment_frequency",
)
# The premium is the same for every family (form, "Mitgliedschaft"): the smallest will do.
_ANY_FAMILY = 2


def rating_request(answers: Mapping[str, Any]) -> RatingRequest | None:
    """What these answers ask the rating core; ``None`` while something it needs is unknown.

    Without a payment frequency the annual premium is asked for.

    Raises:
        RatingError: the values are not insurable as they are.
    """
    product = answers.get("product")
    member_count = answers.get("member_count")
    if product is None or (member_count is None and product != "membership_only"):
        return None
    deductible = None if product == "membership_only" else answers.get("deductible")
    if deductible is None and product != "membership_only":
        return None
    return RatingRequest(
        product=product,
        deductible=deductible,
        member_count=member_count,
        frequency=answers.get("payment_frequency") or "annual",
        family_member_count=family_member_count(answers),
    )


def family_member_count(answers: Mapping[str, Any]) -> int | None:
    """How many join as a family; ``None`` if no family does."""
    if not answers.get("family_membership"):
        return None
    return answers.get("family_member_count") or _ANY_FAMILY


def current_quote(
    answers: Mapping[str, Any], on: date, quoted_from: str | None = None
) -> Quote | None:
    """The premium as the answers stand; ``None`` while something it needs is unknown.

    Args:
        quoted_from: the tariff that was quoted from before; it counts until its validity ends.
    """
    try:
        request = rating_request(answers)
        return quote(request, kept_tariff(quoted_from, on), on) if request else None
    except RatingError:
        return None


def quote_of(draft: Draft, on: date) -> Quote | None:
    """The premium of a draft, from the tariff it was quoted from while that applies."""
    return current_quote(draft.answers, on, draft.tariff)


def is_settled(answers: Mapping[str, Any]) -> bool:
    """Whether everything a premium depends on, but for the payment frequency, was answered."""
    return "family_membership" in answers and (
        not answers["family_membership"] or "family_member_count" in answers
    )


def show_quote_if_new(turn: Turn, before: Mapping[str, Any]) -> None:
    """Show the premium when it is first known, and before and after when an answer changed it."""
    draft = turn.draft
    old = current_quote(before, turn.today, draft.tariff) if is_settled(before) else None
    new = quote_of(draft, turn.today) if is_settled(turn.answers) else None
    if new is None or new == old:
        return
    draft.tariff = new.tariff.id
    if old is not None and _comparable(old) != _comparable(new):
        turn.say(
            "premium_changed",
            before=per_instalment(old),
            after=per_instalment(new),
        )
    show_quote(turn, new)


def _comparable(shown: Quote) -> tuple[Decimal, str]:
    return shown.total_per_instalment, shown.request.frequency


def per_instalment(shown: Quote) -> str:
    """The amount due each time, in words."""
    return text(
        f"conversation.per_instalment.{shown.request.frequency}",
        amount=format_euro(shown.total_per_instalment),
    )


def show_quote(turn: Turn, shown: Quote, *, choices: tuple[Choice, ...] = ()) -> None:
    """The premium with its lines, as a card and in words."""
    content = shown.as_dict()
    lines = "\n".join(
        f"{line['title']}: {format_euro(Decimal(line['per_instalment']))}"
        for line in content["lines"]
    )
    notes = []
    if shown.provisional:
        notes.append(text("conversation.provisional"))
    if _monthly_without_mandate(turn, shown):
        notes.append(text("conversation.monthly_needs_mandate"))
    words = text("conversation.quote", lines=lines, total=per_instalment(shown))
    words = "\n".join([words, *notes])
    title = text(f"conversation.quote_title.{shown.request.frequency}")
    turn.tell(
        words,
        choices=choices,
        card={"type": "quote", "title": title, "quote": content, "notes": notes},
    )


def _monthly_without_mandate(turn: Turn, shown: Quote) -> bool:
    return shown.request.frequency == "monthly" and not turn.answers.get("sepa_mandate")

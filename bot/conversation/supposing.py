"""What-ifs and comparisons: premiums for what a person supposes. Nothing is stored by asking."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.application.display import display, label, titles
from bot.application.draft import Pending
from bot.application.facts import find_facts
from bot.application.questions import question
from bot.conversation.asking import repeat
from bot.conversation.pricing import (
    RATING_FIELDS,
    current_quote,
    per_instalment,
    rating_request,
    show_quote,
)
from bot.conversation.turn import Turn, choice
from bot.rating import COVERS, DEDUCTIBLES, RatingError, kept_tariff, quote
from bot.rating.money import format_euro
from bot.texts import text


def answer_price_question(turn: Turn) -> None:
    """A what-if: the premium with what the message states and else what was answered before.

    Nothing is stored but the offer to take it over.
    """
    price_supposed(turn)
    if not _asks_for_members(turn):
        repeat(turn)


def _asks_for_members(turn: Turn) -> bool:
    return turn.draft.pending is not None and turn.draft.pending.kind == "price"


def price_supposed(turn: Turn) -> None:
    """The premium supposed, or what is still needed for one."""
    known = {name: turn.answers[name] for name in RATING_FIELDS if name in turn.answers}
    stated = {**_counted(turn), **rating_facts(turn)}
    supposed = {**known, **(turn.draft.what_if or {}), **stated}
    if supposed.get("product") == "membership_only":
        supposed.pop("deductible", None)
    missing = _missing(supposed)
    if missing:
        turn.draft.what_if = {**(turn.draft.what_if or {}), **stated} or None
        compare(turn, supposed, stated.get("deductible"))
        return
    turn.draft.what_if = {key: supposed[key] for key in supposed if supposed[key] != known.get(key)}
    _show_supposed(turn, supposed, known)


def _missing(supposed: Mapping[str, Any]) -> list[str]:
    product = supposed.get("product")
    if product == "membership_only":
        return []
    missing = [] if supposed.get("member_count") else ["member_count"]
    if product is None or supposed.get("deductible") is None:
        missing.append("deductible")
    return missing


def _counted(turn: Turn) -> dict[str, Any]:
    """The bare number of members that was asked for to name a price."""
    pending = turn.draft.pending
    if pending is None or pending.kind != "price":
        return {}
    turn.draft.pending = None
    asked = question("member_count")
    reading = asked.kind.read(turn.message.answer_text, turn.context(asked))
    return {"member_count": reading.value} if reading.is_ok else {}


def rating_facts(turn: Turn) -> dict[str, Any]:
    """What a message states about the price: values that the readers accept."""
    facts = find_facts(turn.message.text, turn.today, turn.answers, loose=True)
    stated: dict[str, Any] = {}
    for fact in facts.found:
        stated.update({key: each for key, each in fact.values.items() if key in RATING_FIELDS})
    return stated


def _show_supposed(turn: Turn, supposed: Mapping[str, Any], known: Mapping[str, Any]) -> None:
    try:
        request = rating_request(supposed)
    except RatingError as error:
        turn.tell(str(error))
        return
    if request is None:
        return
    now = current_quote(known, turn.today, turn.draft.tariff)
    if now is not None and turn.draft.what_if:
        supposed_only = turn.draft.what_if.items()
        listed = ", ".join(
            f"{label(name)}: {display(name, value)}" for name, value in supposed_only
        )
        turn.say("instead_of", amount=per_instalment(now), supposed=listed)
    adoptable = bool(turn.draft.what_if) and turn.draft.status == "open"
    offered = (choice("adopt", "adopt:what_if"),) if adoptable else ()
    tariff = kept_tariff(turn.draft.tariff, turn.today)
    show_quote(turn, quote(request, tariff, turn.today), choices=offered)


def compare_and_return(turn: Turn) -> None:
    """The comparison, then the open question again."""
    compare(turn)
    if not _asks_for_members(turn):
        repeat(turn)


def compare(turn: Turn, supposed: Mapping[str, Any] | None = None, only: str | None = None) -> None:
    """All deductibles of both products side by side, or one of them; the current choice marked."""
    values = {**turn.answers, **(supposed or rating_facts(turn))}
    member_count = values.get("member_count")
    if not member_count:
        turn.draft.pending = Pending(kind="price")
        turn.say("price_needs")
        return
    deductibles = (only,) if only else DEDUCTIBLES
    rows = [
        _row(turn, values, product, deductible) for product in COVERS for deductible in deductibles
    ]
    frequency = values.get("payment_frequency") or "annual"
    words = text(
        f"conversation.comparison.{'one' if only else 'all'}",
        members=member_count,
        frequency=titles("payment_frequency")[frequency],
        rows="\n".join(f"{each['title']}: {each['amount']}" for each in rows),
    )
    turn.tell(words, card={"type": "comparison", "frequency": frequency, "rows": rows})


def _row(turn: Turn, values: Mapping[str, Any], product: str, deductible: str) -> dict[str, Any]:
    asked = {**values, "product": product, "deductible": deductible}
    priced = current_quote(asked, turn.today, turn.draft.tariff)
    if priced is None:
        raise RatingError("member_count_missing", "member_count")
    current = (turn.answers.get("product"), turn.answers.get("deductible"))
    return {
        "product": product,
        "deductible": deductible,
        "title": f"{titles('product')[product]}, {titles('deductible')[deductible]}",
        "total": priced.as_dict()["total_per_instalment"],
        "amount": format_euro(priced.total_per_instalment),
        "payload": f"adopt:{product}:{deductible}",
        "current": current == (product, deductible),
    }

"""Brokers' shorthand in lists such as "TSV Ort e.V., 230 MG, JUR 350 fest, 1.1.27, vj.".

Each item of the list stands alone, so short forms are safe here that mean little in a sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.application.facts.clubs import KINDS
from bot.application.facts.cover import find_product
from bot.application.facts.figures import DIGITS, ROUGHLY
from bot.application.facts.searched_text import Excerpt, SearchedText, regex

_FEWEST_ITEMS = 3
_ITEM = re.compile(r"[^,;\n|•]+")
_MEMBERS = regex(rf"(?P<answer>{ROUGHLY}{DIGITS})\s?(?:mg|mgl|mitgl|mitgld)\.?")
_EMPLOYEES = regex(
    rf"(?P<answer>{DIGITS}|keine?)\s?(?:angest|ang|beschäft|besch|mitarb|arbn|ma|an)\.?"
)
_SHARE = r"(?:\s(?:fest\w*|fix|fall\w*|flex|sb|\d).*)?"
_PRODUCTS = {
    "JURVEREIN": regex(rf"(?:jur|jurv)\b\.?{_SHARE}"),
    "Vereins-Rechtsschutz": regex(rf"(?:v-rs|vereins-?\s?(?:rs|rechtssch\.?))(?!\w)\.?{_SHARE}"),
}
_DEDUCTIBLES = {
    "350 € fest": regex(r"(?:jur\w*|vrs|v-rs|rs)\.?\s350(?:\s?(?:€|eur|euro))?"),
    "fallend 1000/300": regex(r"(?:(?:jur\w*|vrs|v-rs|rs)\.?\s)?fall\."),
}
_PAID = r"\.?(?:\s(?:lastschrift|sepa|ls|zahlung|zahlweise|rechnung|zw)\.?)?"
_FREQUENCIES = {
    "jährlich": regex(rf"(?:jl|jlg|p\.?\s?a){_PAID}"),
    "halbjährlich": regex(rf"(?:hj|1/2\s?j|½\s?j)(?:hrl|l)?{_PAID}"),
    "vierteljährlich": regex(rf"(?:vj|1/4\s?j|¼\s?j|quartal)(?:hrl|l)?{_PAID}"),
}
_DAY = regex(r"(?:ab\s|zum\s|beg\.?\s|vb\s)?(?P<answer>\d{1,2}\.\d{1,2}\.(?:\d{4}|\d{2}))")
_TYPE = regex(rf"(?P<answer>{KINDS}|reiten|reitsport|turnen|angeln|segeln|rudern|soziales)")


def find_notes(message: SearchedText) -> Iterator[Excerpt]:
    """What the items of a list say in shorthand."""
    items = [_stripped(message, *match.span()) for match in _ITEM.finditer(message.lower)]
    items = [(start, end) for start, end in items if start < end]
    if len(items) < _FEWEST_ITEMS:
        return
    yield from _figures(message, items)
    wishes = list(_wishes(message, items))
    yield from wishes
    # A day alone is when a cover begins only where a cover is wished for.
    days = list(_answered(message, items, "start_date", _DAY))
    if len(days) == 1 and (wishes or any(find_product(message))):
        yield from days


def _wishes(message: SearchedText, items: list[tuple[int, int]]) -> Iterator[Excerpt]:
    for key, answers in (
        ("product", _PRODUCTS),
        ("deductible", _DEDUCTIBLES),
        ("payment_frequency", _FREQUENCIES),
    ):
        for answer, pattern in answers.items():
            for start, end in items:
                if pattern.fullmatch(message.lower, start, end):
                    yield Excerpt(key, start, end, answer)


def _figures(message: SearchedText, items: list[tuple[int, int]]) -> Iterator[Excerpt]:
    yield from _answered(message, items, "member_count", _MEMBERS)
    yield from _answered(message, items, "employee_count", _EMPLOYEES)
    yield from _answered(message, items, "club_type", _TYPE)


def _answered(
    message: SearchedText, items: list[tuple[int, int]], key: str, pattern: re.Pattern[str]
) -> Iterator[Excerpt]:
    """The items that are nothing but what this pattern matches."""
    for start, end in items:
        found = pattern.fullmatch(message.lower, start, end)
        if found is not None:
            yield Excerpt(key, start, end, message.text[slice(*found.span("answer"))])


def _stripped(message: SearchedText, start: int, end: int) -> tuple[int, int]:
    while start < end and message.lower[start].isspace():
        start += 1
    while start < end and message.lower[end - 1].isspace():
        end -= 1
    return start, end

"""Brokers' shorthand in lists such as "TSV Ort e.V., 230 MG, JUR 350 fest, 1.1.27, vj.".

Each item of the list stands alone, so short forms are safe here that mean little in a sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.application.facts.figures import DIGITS, ROUGHLY
from bot.application.facts.message import Excerpt, Message
from bot.application.facts.patterns import german

_FEWEST_ITEMS = 3
_ITEM = re.compile(r"[^,;\n|•]+")
_MEMBERS = german(rf"(?P<answer>{ROUGHLY}{DIGITS})\s?(?:mg|mgl|mitgl|mitgld|mitgliedern?)\.?")
_EMPLOYEES = german(
    rf"(?P<answer>{DIGITS}|keine?|0)\s?(?:angest|ang|beschäft|besch|mitarb|arbn|ma|an)\.?"
)
_PRODUCTS = {
    "JURVEREIN": german(r"(?:jur|jurv|jv)\b\.?(?:\s.*)?"),
    "Vereins-Rechtsschutz": german(
        r"(?:vrs|v-rs|vereins-?\s?(?:rs|rechtssch\.?))(?!\w)\.?(?:\s.*)?"
    ),
}
_DEDUCTIBLES = {
    "350 € fest": german(r"(?:.*\s)?(?:fest|fix|sb)?\s?350(?:\s?(?:€|eur|euro))?"),
    "fallend 1000/300": german(r"(?:.*\s)?fall\."),
    "Flex 800/400": german(r"(?:.*\s)?flex\s?800"),
    "Flex 600/300": german(r"(?:.*\s)?flex\s?600"),
}
_FREQUENCIES = {
    "jährlich": german(r"(?:jl|jlg|p\.?\s?a|jahresz\w*)\.?(?:\s+\w+)?"),
    "halbjährlich": german(r"(?:hj|1/2\s?j|½\s?j)(?:hrl|l)?\.?(?:\s+\w+)?"),
    "vierteljährlich": german(r"(?:vj|1/4\s?j|¼\s?j|quartal)(?:hrl|l)?\.?(?:\s+\w+)?"),
    "monatlich": german(r"(?:mtl|mon|monatl)\.?(?:\s+\w+)?"),
}
_DAY = german(r"(?:ab\s|zum\s|beg\.?\s|vb\s)?(?P<answer>\d{1,2}\.\d{1,2}\.(?:\d{4}|\d{2}))")
_TYPE = german(
    r"(?P<answer>sport|musik|gesang|kultur|karneval|fasching|heimatpflege|tennis|reiten|reitsport"
    r"|fußball|turnen|kleingarten|tierschutz|angeln|theater|trachten|schach|segeln|rudern|ski"
    r"|schützen|soziales|jugendhilfe|naturschutz)"
)


def find_notes(message: Message) -> Iterator[Excerpt]:
    """What the items of a list say in shorthand."""
    items = [_stripped(message, *match.span()) for match in _ITEM.finditer(message.lower)]
    items = [(start, end) for start, end in items if start < end]
    if len(items) < _FEWEST_ITEMS:
        return
    yield from _figures(message, items)
    for key, answers in (
        ("product", _PRODUCTS),
        ("deductible", _DEDUCTIBLES),
        ("payment_frequency", _FREQUENCIES),
    ):
        for answer, pattern in answers.items():
            for start, end in items:
                if pattern.fullmatch(message.lower, start, end):
                    yield Excerpt(key, start, end, answer)
    days = list(_answered(message, items, "start_date", _DAY))
    if len(days) == 1:
        yield from days


def _figures(message: Message, items: list[tuple[int, int]]) -> Iterator[Excerpt]:
    yield from _answered(message, items, "member_count", _MEMBERS)
    yield from _answered(message, items, "employee_count", _EMPLOYEES)
    yield from _answered(message, items, "club_type", _TYPE)


def _answered(
    message: Message, items: list[tuple[int, int]], key: str, pattern: re.Pattern[str]
) -> Iterator[Excerpt]:
    """The items that are nothing but what this pattern matches."""
    for start, end in items:
        found = pattern.fullmatch(message.lower, start, end)
        if found is not None:
            yield Excerpt(key, start, end, message.text[slice(*found.span("answer"))])


def _stripped(message: Message, start: int, end: int) -> tuple[int, int]:
    while start < end and message.lower[start].isspace():
        start += 1
    while start < end and message.lower[end - 1].isspace():
        end -= 1
    return start, end

"""A small grammar of German dates: what day, month or year a text speaks of.

``find_dates`` only finds; whether a date will do is decided by those who ask for it.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

from babel.dates import format_date

from bot.language.numbers import may_open_number, value_of_words
from bot.language.spelling import Vocabulary
from bot.language.wording import folded, forms, pattern, phrases

Precision = Literal["day", "month", "year"]
Edge = Literal["", "early", "middle", "late"]

_MONTH_OF = {folded(name): int(number) for name, number in forms("dates.months").items()}
_WEEKDAY_OF = {name: int(number) for name, number in forms("dates.weekdays").items()}
_MONTH_NAMES = Vocabulary(_MONTH_OF)
_WEEKDAY_NAMES = Vocabulary(_WEEKDAY_OF)
_ORDINAL_OF = {
    folded(stem) + ending: int(number)
    for stem, number in forms("dates.ordinal_stems").items()
    for ending in ("e", "er", "en", "es", "em")
}
_UNITS = {"tag": "day", "woche": "week", "monat": "month", "jahr": "year"}
_AFTER_NEXT = r"ubernachste[nrsm]?"
_NEXT = r"(?:nachste[nrsm]?|kommende[nrsm]?|folgende[nrsm]?)"
_THIS = r"(?:diese[nrsm]?|aktuelle[nrsm]?|laufende[nrsm]?)"
_LAST = r"(?:letzte[nrsm]?|vergangene[nrsm]?|vorige[nrsm]?)"


@dataclass(frozen=True)
class Found:
    """A date in the text.

    ``value`` is the day meant or, for a month or a year, its first day; ``None`` if there is no
    such day. ``sure`` is false where the text leaves room. ``loose`` marks forms that only count
    if nothing else is in the text ("zum 1."). ``start`` and ``end`` are places in what
    ``normalised`` made of the text.
    """

    value: date | None
    start: int
    end: int
    precision: Precision = "day"
    edge: Edge = ""
    sure: bool = True
    loose: bool = False
    yearless: bool = False
    soon: bool = False
    weekday: int | None = None
    alternatives: tuple[date, ...] = ()

    def first(self) -> date | None:
        """The first day of what is meant."""
        return self.value

    def last(self) -> date | None:
        """The last day of what is meant."""
        if self.value is None or self.precision == "day":
            return self.value
        if self.precision == "year":
            return date(self.value.year, 12, 31)
        return end_of_month(self.value)


def long_form(day: date) -> str:
    """A date in full: "Freitag, 1. Januar 2027"."""
    return str(format_date(day, "EEEE, d. MMMM y", locale="de"))


def end_of_month(day: date) -> date:
    """The last day of this day's month."""
    return day.replace(day=monthrange(day.year, day.month)[1])


def add_months(day: date, months: int) -> date:
    """The same day so many months on, or the last one of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not 1 <= year <= 9999:
        raise ValueError(year)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def normalised(text: str) -> str:
    """The text as the grammar reads it: folded, words for numbers and months as digits.

    Months become ``m1`` … ``m12``, weekdays ``w0`` … ``w6``, ordinal words ``1.`` and so on.
    """
    line = re.sub(r"(?<=[a-z])\.(?=\s|,|$|\d)", " ", folded(text)[:600])
    line = re.sub(r"\b(\d{1,2})(?:ten|ter|te|st|nd|rd|th)\b", r"\1.", line)
    line = re.sub(r"[a-z]+(?: ?[a-z]+)*", lambda run: _normalised_words(run.group()), line)
    line = re.sub(r"(?<=\d)\s*\.\s*\.(?=\s)", ".", line)
    return " ".join(line.split())


def _normalised_words(run: str) -> str:
    tokens = run.split(" ")
    out: list[str] = []
    index = 0
    while index < len(tokens):
        value, used = _number_run(tokens[index : index + 6])
        if used:
            out.append(str(value))
        else:
            out.append(_normalised_word(tokens[index]))
        index += used or 1
    return " ".join(out)


def _number_run(tokens: list[str]) -> tuple[int, int]:
    if tokens[0] in _ORDINAL_OF or not may_open_number(tokens[0]):
        return 0, 0
    for size in range(len(tokens), 0, -1):
        value = value_of_words(" ".join(tokens[:size]))
        if value is not None:
            return value, size
    return 0, 0


def _normalised_word(word: str) -> str:
    if word in _ORDINAL_OF:
        return f"{_ORDINAL_OF[word]}."
    if word in _MONTH_OF:
        return f"m{_MONTH_OF[word]}"
    if word in _WEEKDAY_OF:
        return f"w{_WEEKDAY_OF[word]}"
    if word in _KEPT or len(word) < 5:
        return word
    months = {_MONTH_OF[each] for each in _MONTH_NAMES.closest(word)}
    weekdays = {_WEEKDAY_OF[each] for each in _WEEKDAY_NAMES.closest(word)}
    if len(months) == 1 and not weekdays:
        return f"m{months.pop()}"
    if len(weekdays) == 1 and not months:
        return f"w{weekdays.pop()}"
    return word


_KEPT = phrases("dates.kept")


@dataclass(frozen=True)
class _Scan:
    """What reading a date depends on: the day it is said, and which way a missing year points."""

    today: date
    past: bool

    def year(self, digits: str | None) -> int | None:
        """A year of two or four digits; ``None`` for anything else."""
        if digits is None or len(digits) not in (2, 4):
            return None
        value = int(digits)
        if len(digits) == 4:
            return value
        return 1900 + value if value > self.today.year % 100 + 20 else 2000 + value

    def next(self, month: int, day: int) -> date | None:
        """The next such day after today, or with ``past`` the last one."""
        step = -1 if self.past else 1
        for years in range(9):
            found = _day(self.today.year + step * years, month, day)
            if found is not None and (found <= self.today if self.past else found > self.today):
                return found
        return None


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


_Rule = Callable[[re.Match[str], _Scan], "Found | None"]


def _found(match: re.Match[str], value: date | None, **more: object) -> Found:
    edge = _EDGES.get((match.groupdict().get("edge") or "")[:3], "")
    return replace(Found(value, match.start(), match.end(), edge=edge), **more)  # type: ignore[arg-type]


_EDGES: dict[str, Edge] = {"anf": "early", "beg": "early", "mit": "middle", "end": "late"}


_RULES: list[tuple[re.Pattern[str], _Rule]] = []
_EDGE = r"(?:(?P<edge>anfang|beginn|mitte|ende)(?: (?:des|der|vom|im))? ?)?"
_WHICH = rf"(?:\s*(?:des |im )?(?P<which>(?:{_NEXT}|{_THIS}|{_LAST}) jahre?s?|n\.? ?j\b))?"


def _rule(*expressions: str) -> Callable[[_Rule], _Rule]:
    """The function reads what matches one of these; what is defined first comes first."""

    def add(function: _Rule) -> _Rule:
        _RULES.extend((re.compile(each), function) for each in expressions)
        return function

    return add


def _units_ahead(text: str) -> int:
    """How many months or weeks ahead of the present one a text speaks of."""
    return 2 if "ubernachste" in text else 1


def _relative_year(text: str | None, scan: _Scan) -> int | None:
    if not text:
        return None
    if re.search(_NEXT, text):
        return scan.today.year + 1
    return scan.today.year - 1 if re.search(_LAST, text) else scan.today.year


def _amount(word: str) -> int | None:
    if word.isdigit():
        return int(word) if len(word) < 5 else None
    return 1 if word.startswith("ein") else None


def _moved(day: date, amount: int, unit: str) -> date | None:
    """The day so many units on; ``None`` if there is none in the calendar."""
    try:
        if unit in ("day", "week"):
            return day + timedelta(days=amount * (7 if unit == "week" else 1))
        return add_months(day, amount * (12 if unit == "year" else 1))
    except (ValueError, OverflowError):
        return None


@_rule(r"(?<![\d./-])(?P<y>[12]\d{3})(?P<s>[-/.])(?P<m>\d{1,2})(?P=s)(?P<d>\d{1,2})(?!\d)")
def _iso(match: re.Match[str], _scan: _Scan) -> Found | None:
    return _found(match, _day(int(match["y"]), int(match["m"]), int(match["d"])))


@_rule(
    r"(?<!\d)(?P<d>\d{1,2})\s*(?P<s>[./-])\s*(?P<m>\d{1,2})\s*(?P=s)"
    r"\s*'?(?P<y>\d{2,6})(?!\d)",
    r"(?<!\d)(?P<d>\d{1,2}),\s*(?P<m>\d{1,2}),\s*(?P<y>\d{4}|\d{2})(?!\d)",
    r"(?<!\d)(?P<d>\d{1,2})\.\s*(?P<m>\d{1,2})\.?\s+(?P<y>\d{4}|\d{2}(?!\s*[./]))(?!\d)",
    r"(?<!\d)(?P<d>\d{1,2})\s+(?P<m>\d{1,2})\s+(?P<y>\d{4})(?!\d)",
)
def _full(match: re.Match[str], scan: _Scan) -> Found | None:
    year = scan.year(match["y"])
    if year is None:
        return _found(match, None)
    return _found(match, _day(year, int(match["m"]), int(match["d"])))


@_rule(r"(?<!\d)\d{8}(?!\d)")
def _compact(match: re.Match[str], _scan: _Scan) -> Found | None:
    digits = match.group()
    written = _day(int(digits[4:]), int(digits[2:4]), int(digits[:2]))
    if written is not None and 1900 <= written.year <= 2199:
        return _found(match, written)
    return _found(match, _day(int(digits[:4]) or 1, int(digits[4:6]), int(digits[6:])))


@_rule(r"(?<!\d)\d{6}(?!\d)")
def _compact_short(match: re.Match[str], scan: _Scan) -> Found | None:
    digits = match.group()
    year = scan.year(digits[4:]) or scan.today.year
    value = _day(year, int(digits[2:4]), int(digits[:2]))
    return None if value is None else _found(match, value, sure=False)


@_rule(
    r"(?<!\d)(?P<d>\d{1,2})\s*[./-]?\s*(?:tag )?(?:des |"
    r"im )?m(?P<m>\d{1,2})\b(?:[\s,.-]*'?(?P<y>\d{4}|\d{2})(?![\d./]))?" + _WHICH,
)
def _day_of_month(match: re.Match[str], scan: _Scan) -> Found | None:
    """Reads "1. Januar", "1. Januar 2027", "1. Januar nächsten Jahres"."""
    day, month = int(match["d"]), int(match["m"])
    year = _relative_year(match["which"], scan)
    if match.groupdict().get("y"):
        year = scan.year(match["y"])
        return _found(match, None if year is None else _day(year, month, day))
    if year is not None:
        return _found(match, _day(year, month, day))
    return _found(match, scan.next(month, day), yearless=True)


@_rule(
    rf"{_EDGE}(?:(?P<which>{_NEXT}|{_THIS}|"
    rf"{_LAST}) )?\bm(?P<m>\d{{1,2}})\b(?:[\s,.-]*(?P<y>\d{{4}}|"
    rf"'\d{{2}}))?(?!\d)",
)
def _month(match: re.Match[str], scan: _Scan) -> Found | None:
    """Reads "Januar", "Anfang Januar 2027"."""
    month = int(match["m"])
    digits = (match["y"] or "").strip("'")
    year = scan.year(digits) if digits else None
    if year is None and match["which"]:
        return _found(match, scan.next(month, 1), precision="month", sure=False)
    value = scan.next(month, 1) if year is None else _day(year, month, 1)
    return _found(match, value, precision="month", yearless=year is None)


@_rule(rf"{_EDGE}(?<!\d)(?P<m>0?[1-9]|1[0-2])\s*[./-]\s*(?P<y>(?:19|20)\d\d)(?!\d)")
def _numeric_month(match: re.Match[str], scan: _Scan) -> Found | None:
    year = scan.year(match["y"])
    value = _day(year, int(match["m"]), 1) if year else None
    return _found(match, value, precision="month")


_rule(rf"(?<!\d)(?P<d>\d{{1,2}})\s*[./]\s*(?P<m>\d{{1,2}})(?!\d)\.?(?!\d){_WHICH}")(_day_of_month)


@_rule(
    r"(?:silvester|jahresende|ende (?:des|dieses|vom) jahre?s?|(?:zum|"
    r"am) jahresende)(?: (?P<y>\d{4}))?",
)
def _year_end(match: re.Match[str], scan: _Scan) -> Found | None:
    year = scan.year(match["y"]) if match["y"] else scan.today.year
    return _found(match, date(year or scan.today.year, 12, 31), sure=bool(match["y"]) or scan.past)


@_rule(
    r"(?:neujahr(?:stag)?|jahreswechsel|jahresanfang|jahresbeginn|(?:anfang|"
    r"beginn) des (?:neuen|nachsten|kommenden) jahre?s|"
    r"(?:zum|ab dem|ab|im) neuen jahr|beginn des jahres)(?: (?P<y>\d{4}))?",
)
def _new_year(match: re.Match[str], scan: _Scan) -> Found | None:
    year = scan.year(match["y"]) if match["y"] else scan.today.year + 1
    sure = not match.group().startswith("im ")
    return _found(match, date(year or scan.today.year + 1, 1, 1), sure=sure)


@_rule(rf"{_EDGE}(?:vorletzte[sn]?|vorvergangene[sn]?|{_NEXT}|{_THIS}|{_LAST}) jahre?s?\b")
def _named_year(match: re.Match[str], scan: _Scan) -> Found | None:
    text = match.group()
    step = 1 if re.search(_NEXT, text) else 0
    if re.search(_LAST, text):
        step = -1
    if re.search("vorletzte|vorvergangene", text):
        step = -2
    return _found(match, date(scan.today.year + step, 1, 1), precision="year", sure=False)


@_rule(rf"{_EDGE}(?<![\d.])(?P<y>(?:19|20)\d\d)(?!\d)")
def _whole_year(match: re.Match[str], _scan: _Scan) -> Found | None:
    return _found(match, _day(int(match["y"]), 1, 1), precision="year")


@_rule(
    rf"(?:(?:zum|am|ab|ab dem|den|der) )?(?:(?:{_AFTER_NEXT}|"
    rf"{_NEXT}) )?(?:monats(?:anfang|beginn|erste[nrsm]?))",
    rf"(?:{_AFTER_NEXT}|{_NEXT}) 1\.(?!\s*\d)(?! m\d)",
)
def _first_of_month(match: re.Match[str], scan: _Scan) -> Found | None:
    """Reads "zum nächsten Ersten", "Monatsanfang"."""
    return _found(match, add_months(scan.today.replace(day=1), _units_ahead(match.group())))


@_rule(r"monatsende|(?:ende|ultimo) (?:des|dieses) monats|ultimo")
def _month_end(match: re.Match[str], scan: _Scan) -> Found | None:
    return _found(match, end_of_month(scan.today), sure=False)


@_rule(
    rf"(?<![\d.,])(?P<d>\d{{1,2}})\.(?!\s*\d)(?:\s*(?:des |"
    rf"im )?(?P<which>(?:{_AFTER_NEXT}|{_NEXT}|{_THIS}|des) monat(?:e?s)?|"
    rf"eines monats))?",
)
def _bare_day(match: re.Match[str], scan: _Scan) -> Found | None:
    """Reads "zum 15.", "am 15. des nächsten Monats"."""
    day = int(match["d"])
    if not 1 <= day <= 31:
        return _found(match, None, loose=True)
    first = scan.today.replace(day=1)
    which = match["which"] or ""
    if re.search(f"ubernachste|{_NEXT}", which):
        first = add_months(first, _units_ahead(which))
        return _found(match, _day(first.year, first.month, day), loose=True)
    for months in range(4):
        month = add_months(first, months)
        value = _day(month.year, month.month, day)
        if value is not None and value > scan.today:
            return _found(match, value, loose=True)
    return _found(match, None, loose=True)


@_rule(r"\bw(?P<w>[0-6]) in (?P<n>\d+|einem?|einer) wochen?\b")
def _weekday_in_weeks(match: re.Match[str], scan: _Scan) -> Found | None:
    """Reads "Montag in zwei Wochen", counted from the coming Monday."""
    amount = _amount(match["n"])
    if amount is None:
        return None
    ahead = (int(match["w"]) - scan.today.weekday() - 1) % 7 + 1
    return _found(match, _moved(scan.today, ahead + 7 * amount, "day"), loose=True, sure=False)


@_rule(
    r"(?:heute )?\b(?P<way>in|vor)(?: (?P<about>ca|etwa|rund|genau|"
    r"ungefahr))? (?P<n>\d+|einem?|einer) (?P<unit>tag|woche|monat|jahr)(?:en|"
    r"e|n)?\b",
)
def _in_a_while(match: re.Match[str], scan: _Scan) -> Found | None:
    """Reads "in zwei Wochen", "in 3 Monaten", "vor einem Jahr"."""
    amount = _amount(match["n"])
    if amount is None:
        return None
    sign = -1 if match["way"] == "vor" else 1
    value = _moved(scan.today, sign * amount, _UNITS[match["unit"]])
    return _found(match, value, loose=True, sure=match["about"] in (None, "genau"))


@_rule(r"\bin einem halben jahr\b")
def _half_year(match: re.Match[str], scan: _Scan) -> Found | None:
    return _found(match, add_months(scan.today, 6), loose=True)


@_rule(r"\bseit (?P<n>\d+|einem?|einer) (?P<unit>woche|monat|jahr)(?:en|e|n)?\b")
def _since_years(match: re.Match[str], scan: _Scan) -> Found | None:
    """Reads "seit 3 Jahren"; the day is only a guess."""
    amount = _amount(match["n"])
    if amount is None:
        return None
    value = _moved(scan.today, -amount, _UNITS[match["unit"]])
    return replace(_found(match, value, sure=False), start=match.start("n"))


@_rule(
    rf"(?:(?P<which>{_AFTER_NEXT}|{_NEXT}|"
    rf"{_THIS}) )?(?:nachste[nr]? woche )?\bw(?P<w>[0-6])\b(?: (?:in der "
    rf")?(?:nachste[nr]?|kommende[nr]?) woche)?",
)
def _weekday(match: re.Match[str], scan: _Scan) -> Found | None:
    """Reads "nächsten Montag"; what may mean this week or the next has both as alternatives."""
    number, which = int(match["w"]), match["which"] or ""
    ahead = (number - scan.today.weekday() - 1) % 7 + 1
    this = scan.today + timedelta(days=ahead)
    same_week = this.isocalendar()[:2] == scan.today.isocalendar()[:2]
    following = this + timedelta(days=7)
    if "ubernachste" in which:
        return _found(match, following, loose=True, sure=not same_week, weekday=number)
    if "woche" in match.group():
        monday = scan.today - timedelta(days=scan.today.weekday()) + timedelta(days=7)
        return _found(match, monday + timedelta(days=number), loose=True, weekday=number)
    if re.search(_NEXT, which) and same_week:
        return _found(
            match, this, loose=True, sure=False, alternatives=(this, following), weekday=number
        )
    return _found(match, this, loose=True, weekday=number)


@_rule(rf"{_EDGE}(?:{_AFTER_NEXT}|{_NEXT}) woche")
def _next_week(match: re.Match[str], scan: _Scan) -> Found | None:
    weeks = _units_ahead(match.group())
    monday = scan.today - timedelta(days=scan.today.weekday()) + timedelta(weeks=weeks)
    return _found(match, monday, loose=True, sure=False)


@_rule(rf"{_EDGE}(?:{_AFTER_NEXT}|{_NEXT}|{_THIS}) monate?s?\b")
def _next_month(match: re.Match[str], scan: _Scan) -> Found | None:
    months = 0 if re.search(_THIS, match.group()) else _units_ahead(match.group())
    first = add_months(scan.today.replace(day=1), months)
    return _found(match, first, precision="month", sure=False)


@_rule(rf"{_EDGE}(?:{_NEXT}n? )?quartal(?:s(?:anfang|beginn)?)?")
def _quarter(match: re.Match[str], scan: _Scan) -> Found | None:
    months = 3 - (scan.today.month - 1) % 3
    return _found(match, add_months(scan.today.replace(day=1), months), sure=False)


@_rule(r"\b(?P<word>vorgestern|gestern|heute|ubermorgen|morgen)\b")
def _day_word(match: re.Match[str], scan: _Scan) -> Found | None:
    days = {"vorgestern": -2, "gestern": -1, "heute": 0, "morgen": 1, "ubermorgen": 2}
    return _found(match, scan.today + timedelta(days=days[match["word"]]), loose=True)


@_rule(pattern("dates.soon").pattern)
def _soon(match: re.Match[str], scan: _Scan) -> Found | None:
    return _found(match, scan.today + timedelta(days=1), soon=True, loose=True)


def find_dates(line: str, today: date, *, past: bool = False) -> list[Found]:
    """The dates in a text that went through ``normalised``, in their order.

    A missing year points ahead of ``today``, or with ``past`` behind it. A weekday in front of a
    date becomes its ``weekday``.
    """
    scan = _Scan(today, past)
    taken: list[Found] = []
    for expression, rule in _RULES:
        for match in expression.finditer(line):
            if any(match.start() < each.end and each.start < match.end() for each in taken):
                continue
            found = rule(match, scan)
            if found is not None:
                taken.append(found)
    return _with_weekdays(sorted(taken, key=lambda each: each.start))


def _with_weekdays(found: list[Found]) -> list[Found]:
    """Join "Freitag, 1. Januar" to one date that remembers its weekday."""
    joined: list[Found] = []
    for each in found:
        last = joined[-1] if joined else None
        follows = last is not None and last.weekday is not None and each.start - last.end <= 7
        if last is not None and follows and each.weekday is None and each.precision == "day":
            joined[-1] = replace(each, start=last.start, weekday=last.weekday)
        else:
            joined.append(each)
    return joined


def rest_of(line: str, found: list[Found]) -> list[str]:
    """The words of the normalised text that belong to no date."""
    kept = line
    for each in reversed(found):
        kept = kept[: each.start] + " " + kept[each.end :]
    return re.findall(r"[a-z]+|\d+", kept)

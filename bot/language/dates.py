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
_NEXT = r"(?:nachste[nrsm]?|kommende[nrsm]?|folgende[nrsm]?)"
_THIS = r"(?:diese[nrsm]?|aktuelle[nrsm]?|laufende[nrsm]?)"
_LAST = r"(?:letzte[nrsm]?|vergangene[nrsm]?|vorige[nrsm]?)"


@dataclass(frozen=True)
class Found:
    """A date in the text.

    ``value`` is the day meant or, for a month or a year, its first day; ``None`` if there is no
    such day. ``sure`` is false where the text leaves room. ``loose`` marks forms that only count
    if nothing else is in the text ("zum 1."). ``start`` and ``end`` are places in the plain text.
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


def plain(text: str) -> str:
    """The text as the grammar reads it: folded, words for numbers and months as digits.

    Months become ``m1`` … ``m12``, weekdays ``w0`` … ``w6``, ordinal words ``1.`` and so on.
    """
    line = re.sub(r"(?<=[a-z])\.(?=\s|,|$|\d)", " ", folded(text)[:600])
    line = re.sub(r"\b(\d{1,2})(?:ten|ter|te|st|nd|rd|th)\b", r"\1.", line)
    line = re.sub(r"[a-z]+(?: ?[a-z]+)*", lambda run: _plain_words(run.group()), line)
    line = re.sub(r"(?<=\d)\s*\.\s*\.(?=\s)", ".", line)
    return " ".join(line.split())


def _plain_words(run: str) -> str:
    tokens = run.split(" ")
    out: list[str] = []
    index = 0
    while index < len(tokens):
        value, used = _number_run(tokens[index : index + 6])
        if used:
            out.append(str(value))
        else:
            out.append(_plain_word(tokens[index]))
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


def _plain_word(word: str) -> str:
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
    return replace(Found(value, match.start(), match.end()), **more)  # type: ignore[arg-type]


def _iso(match: re.Match[str], _scan: _Scan) -> Found | None:
    return _found(match, _day(int(match["y"]), int(match["m"]), int(match["d"])))


def _full(match: re.Match[str], scan: _Scan) -> Found | None:
    year = scan.year(match["y"])
    if year is None:
        return _found(match, None)
    return _found(match, _day(year, int(match["m"]), int(match["d"])))


def _compact(match: re.Match[str], _scan: _Scan) -> Found | None:
    digits = match.group()
    written = (
        _day(int(digits[4:]), int(digits[2:4]), int(digits[:2])) if digits[4:] != "0000" else None
    )
    if written is not None and 1900 <= written.year <= 2199:
        return _found(match, written)
    return _found(match, _day(int(digits[:4]) or 1, int(digits[4:6]), int(digits[6:])))


def _compact_short(match: re.Match[str], scan: _Scan) -> Found | None:
    digits = match.group()
    year = scan.year(digits[4:]) or scan.today.year
    value = _day(year, int(digits[2:4]), int(digits[:2]))
    return None if value is None else _found(match, value, sure=False)


def _relative_year(text: str | None, scan: _Scan) -> int | None:
    if not text:
        return None
    if re.search(_NEXT, text):
        return scan.today.year + 1
    return scan.today.year - 1 if re.search(_LAST, text) else scan.today.year


def _day_of_month(match: re.Match[str], scan: _Scan) -> Found | None:
    """Reads "1. Januar", "1. Januar 2027", "1. Januar nächsten Jahres"."""
    day, month = int(match["d"]), int(match["m"])
    year = _relative_year(match["which"], scan)
    if match["y"]:
        year = scan.year(match["y"])
        return _found(match, None if year is None else _day(year, month, day))
    if year is not None:
        return _found(match, _day(year, month, day))
    return _found(match, scan.next(month, day), yearless=True)


def _edge(word: str | None) -> Edge:
    key = (word or "")[:3]
    return {"anf": "early", "beg": "early", "mit": "middle", "end": "late"}.get(key, "")  # type: ignore[return-value]


def _month(match: re.Match[str], scan: _Scan) -> Found | None:
    """Reads "Januar", "Anfang Januar 2027"."""
    month = int(match["m"])
    digits = (match["y"] or "").strip("'")
    year = scan.year(digits) if digits else None
    if year is None and match["which"]:
        return _found(
            match, scan.next(month, 1), precision="month", edge=_edge(match["edge"]), sure=False
        )
    if year is None:
        coming = scan.next(month, 1)
        value = coming if coming else _day(scan.today.year, month, 1)
    else:
        value = _day(year, month, 1)
    return _found(match, value, precision="month", edge=_edge(match["edge"]), yearless=year is None)


def _numeric_month(match: re.Match[str], scan: _Scan) -> Found | None:
    year = scan.year(match["y"])
    value = _day(year, int(match["m"]), 1) if year else None
    return _found(match, value, precision="month", edge=_edge(match["edge"]))


def _day_month(match: re.Match[str], scan: _Scan) -> Found | None:
    day, month = int(match["d"]), int(match["m"])
    year = _relative_year(match["which"], scan)
    if year is not None:
        return _found(match, _day(year, month, day))
    return _found(match, scan.next(month, day), yearless=True)


def _whole_year(match: re.Match[str], _scan: _Scan) -> Found | None:
    return _found(match, _day(int(match["y"]), 1, 1), precision="year", edge=_edge(match["edge"]))


def _named_year(match: re.Match[str], scan: _Scan) -> Found | None:
    text = match.group()
    step = 1 if re.search(_NEXT, text) else 0
    if re.search(_LAST, text):
        step = -1
    if re.search("vorletzte|vorvergangene", text):
        step = -2
    edge = _edge(match["edge"])
    return _found(
        match, date(scan.today.year + step, 1, 1), precision="year", edge=edge, sure=False
    )


def _first_of_month(match: re.Match[str], scan: _Scan) -> Found | None:
    """Reads "zum nächsten Ersten", "Monatsanfang"."""
    months = 2 if "ubernachste" in match.group() else 1
    return _found(match, add_months(scan.today.replace(day=1), months))


def _bare_day(match: re.Match[str], scan: _Scan) -> Found | None:
    """Reads "zum 15.", "am 15. des nächsten Monats"."""
    day = int(match["d"])
    if not 1 <= day <= 31:
        return _found(match, None, loose=True)
    first = scan.today.replace(day=1)
    which = match["which"] or ""
    if re.search(f"ubernachste|{_NEXT}", which):
        first = add_months(first, 2 if "ubernachste" in which else 1)
        return _found(match, _day(first.year, first.month, day), loose=True)
    for months in range(4):
        month = add_months(first, months)
        value = _day(month.year, month.month, day)
        if value is not None and value > scan.today:
            return _found(match, value, loose=True)
    return _found(match, None, loose=True)


def _in_a_while(match: re.Match[str], scan: _Scan) -> Found | None:
    """Reads "in zwei Wochen", "in 3 Monaten", "vor einem Jahr"."""
    amount = _amount(match["n"])
    if amount is None:
        return None
    sign = -1 if match["way"] == "vor" else 1
    unit = _UNITS[match["unit"]]
    try:
        value = _moved(scan.today, sign * amount, unit)
    except (ValueError, OverflowError):
        return _found(match, None)
    return _found(match, value, loose=True, sure=match["about"] in (None, "genau"))


def _amount(word: str) -> int | None:
    if word.isdigit():
        return int(word) if len(word) < 5 else None
    return 1 if word.startswith("ein") else None


def _moved(day: date, amount: int, unit: str) -> date:
    if unit == "day":
        return day + timedelta(days=amount)
    if unit == "week":
        return day + timedelta(weeks=amount)
    return add_months(day, amount * (12 if unit == "year" else 1))


def _half_year(match: re.Match[str], scan: _Scan) -> Found | None:
    return _found(match, add_months(scan.today, 6), loose=True)


def _day_word(match: re.Match[str], scan: _Scan) -> Found | None:
    days = {"vorgestern": -2, "gestern": -1, "heute": 0, "morgen": 1, "ubermorgen": 2}
    return _found(match, scan.today + timedelta(days=days[match["word"]]), loose=True)


def _soon(match: re.Match[str], scan: _Scan) -> Found | None:
    return _found(match, scan.today + timedelta(days=1), soon=True, loose=True)


def _since_years(match: re.Match[str], scan: _Scan) -> Found | None:
    """Reads "seit 3 Jahren"; the day is only a guess."""
    amount = _amount(match["n"])
    if amount is None:
        return None
    try:
        value = _moved(scan.today, -amount, _UNITS[match["unit"]])
    except (ValueError, OverflowError):
        return _found(match, None)
    return replace(_found(match, value, sure=False), start=match.start("n"))


def _weekday_in_weeks(match: re.Match[str], scan: _Scan) -> Found | None:
    """Reads "Montag in zwei Wochen", counted from the coming Monday."""
    amount = _amount(match["n"])
    if amount is None:
        return None
    ahead = (int(match["w"]) - scan.today.weekday() - 1) % 7 + 1
    try:
        value = scan.today + timedelta(days=ahead, weeks=amount)
    except OverflowError:
        return _found(match, None)
    return _found(match, value, loose=True, sure=False)


def _weekday(match: re.Match[str], scan: _Scan) -> Found | None:
    """Reads "nächsten Montag"; what may mean this week or the next has both as alternatives."""
    number, which = int(match["w"]), match["which"] or ""
    ahead = (number - scan.today.weekday() - 1) % 7 + 1
    this = scan.today + timedelta(days=ahead)
    same_week = this.isocalendar()[:2] == scan.today.isocalendar()[:2]
    following = this + timedelta(days=7)
    if "ubernachste" in which:
        value = following
        return _found(match, value, loose=True, sure=not same_week, weekday=number)
    if "woche" in match.group():
        monday = scan.today - timedelta(days=scan.today.weekday()) + timedelta(days=7)
        return _found(match, monday + timedelta(days=number), loose=True, weekday=number)
    if re.search(_NEXT, which) and same_week:
        return _found(
            match, this, loose=True, sure=False, alternatives=(this, following), weekday=number
        )
    return _found(match, this, loose=True, weekday=number)


def _next_week(match: re.Match[str], scan: _Scan) -> Found | None:
    weeks = 2 if "ubernachste" in match.group() else 1
    monday = scan.today - timedelta(days=scan.today.weekday()) + timedelta(weeks=weeks)
    return _found(match, monday, loose=True, sure=False)


def _next_month(match: re.Match[str], scan: _Scan) -> Found | None:
    months = 2 if "ubernachste" in match.group() else 1
    if re.search(_THIS, match.group()):
        months = 0
    first = add_months(scan.today.replace(day=1), months)
    return _found(match, first, precision="month", edge=_edge(match["edge"]), sure=False)


def _new_year(match: re.Match[str], scan: _Scan) -> Found | None:
    year = scan.year(match["y"]) if match["y"] else scan.today.year + 1
    sure = not match.group().startswith("im ")
    return _found(match, date(year or scan.today.year + 1, 1, 1), sure=sure)


def _year_end(match: re.Match[str], scan: _Scan) -> Found | None:
    year = scan.year(match["y"]) if match["y"] else scan.today.year
    return _found(match, date(year or scan.today.year, 12, 31), sure=bool(match["y"]) or scan.past)


def _month_end(match: re.Match[str], scan: _Scan) -> Found | None:
    return _found(match, end_of_month(scan.today), sure=False)


def _quarter(match: re.Match[str], scan: _Scan) -> Found | None:
    months = 3 - (scan.today.month - 1) % 3
    return _found(match, add_months(scan.today.replace(day=1), months), sure=False)


_EDGE = r"(?:(?P<edge>anfang|beginn|mitte|ende)(?: (?:des|der|vom|im))? ?)?"
_WHICH = rf"(?:\s*(?:des |im )?(?P<which>(?:{_NEXT}|{_THIS}|{_LAST}) jahre?s?|n\.? ?j\b))?"
_RULES: tuple[tuple[re.Pattern[str], _Rule], ...] = tuple(
    (re.compile(pattern), rule)
    for pattern, rule in (
        (
            r"(?<![\d./-])(?P<y>[12]\d{3})(?P<s>[-/.])(?P<m>\d{1,2})(?P=s)(?P<d>\d{1,2})(?!\d)",
            _iso,
        ),
        (
            r"(?<!\d)(?P<d>\d{1,2})\s*(?P<s>[./-])\s*(?P<m>\d{1,2})\s*(?P=s)"
            r"\s*'?(?P<y>\d{2,6})(?!\d)",
            _full,
        ),
        (r"(?<!\d)(?P<d>\d{1,2}),\s*(?P<m>\d{1,2}),\s*(?P<y>\d{4}|\d{2})(?!\d)", _full),
        (
            r"(?<!\d)(?P<d>\d{1,2})\.\s*(?P<m>\d{1,2})\.?\s+(?P<y>\d{4}|\d{2}(?!\s*[./]))(?!\d)",
            _full,
        ),
        (r"(?<!\d)(?P<d>\d{1,2})\s+(?P<m>\d{1,2})\s+(?P<y>\d{4})(?!\d)", _full),
        (r"(?<!\d)\d{8}(?!\d)", _compact),
        (r"(?<!\d)\d{6}(?!\d)", _compact_short),
        (
            r"(?<!\d)(?P<d>\d{1,2})\s*[./-]?\s*(?:tag )?(?:des |"
            r"im )?m(?P<m>\d{1,2})\b(?:[\s,.-]*'?(?P<y>\d{4}|\d{2})(?![\d./]))?" + _WHICH,
            _day_of_month,
        ),
        (
            rf"{_EDGE}(?:(?P<which>{_NEXT}|{_THIS}|"
            rf"{_LAST}) )?\bm(?P<m>\d{{1,2}})\b(?:[\s,.-]*(?P<y>\d{{4}}|"
            rf"'\d{{2}}))?(?!\d)",
            _month,
        ),
        (
            rf"{_EDGE}(?<!\d)(?P<m>0?[1-9]|1[0-2])\s*[./-]\s*(?P<y>(?:19|20)\d\d)(?!\d)",
            _numeric_month,
        ),
        (rf"(?<!\d)(?P<d>\d{{1,2}})\s*[./]\s*(?P<m>\d{{1,2}})(?!\d)\.?(?!\d){_WHICH}", _day_month),
        (
            r"(?:silvester|jahresende|ende (?:des|dieses|vom) jahre?s?|(?:zum|"
            r"am) jahresende)(?: (?P<y>\d{4}))?",
            _year_end,
        ),
        (
            r"(?:neujahr(?:stag)?|jahreswechsel|jahresanfang|jahresbeginn|(?:anfang|"
            r"beginn) des (?:neuen|nachsten|kommenden) jahre?s|"
            r"(?:zum|ab dem|ab|im) neuen jahr|beginn des jahres)(?: (?P<y>\d{4}))?",
            _new_year,
        ),
        (
            rf"{_EDGE}(?:vorletzte[sn]?|vorvergangene[sn]?|{_NEXT}|{_THIS}|{_LAST}) jahre?s?\b",
            _named_year,
        ),
        (rf"{_EDGE}(?<![\d.])(?P<y>(?:19|20)\d\d)(?!\d)", _whole_year),
        (
            rf"(?:(?:zum|am|ab|ab dem|den|der) )?(?:(?:ubernachste[nrsm]?|"
            rf"{_NEXT}) )?(?:monats(?:anfang|beginn|erste[nrsm]?))",
            _first_of_month,
        ),
        (rf"(?:ubernachste[nrsm]?|{_NEXT}) 1\.(?!\s*\d)(?! m\d)", _first_of_month),
        (r"monatsende|(?:ende|ultimo) (?:des|dieses) monats|ultimo", _month_end),
        (
            rf"(?<![\d.,])(?P<d>\d{{1,2}})\.(?!\s*\d)(?:\s*(?:des |"
            rf"im )?(?P<which>(?:ubernachste[nrsm]?|{_NEXT}|{_THIS}|des) monat(?:e?s)?|"
            rf"eines monats))?",
            _bare_day,
        ),
        (
            r"\bw(?P<w>[0-6]) in (?P<n>\d+|einem?|einer) wochen?\b",
            _weekday_in_weeks,
        ),
        (
            r"(?:heute )?\b(?P<way>in|vor)(?: (?P<about>ca|etwa|rund|genau|"
            r"ungefahr))? (?P<n>\d+|einem?|einer) (?P<unit>tag|woche|monat|jahr)(?:en|"
            r"e|n)?\b",
            _in_a_while,
        ),
        (r"\bin einem halben jahr\b", _half_year),
        (r"\bseit (?P<n>\d+|einem?|einer) (?P<unit>woche|monat|jahr)(?:en|e|n)?\b", _since_years),
        (
            rf"(?:(?P<which>ubernachste[nrsm]?|{_NEXT}|"
            rf"{_THIS}) )?(?:nachste[nr]? woche )?\bw(?P<w>[0-6])\b(?: (?:in der "
            rf")?(?:nachste[nr]?|kommende[nr]?) woche)?",
            _weekday,
        ),
        (rf"{_EDGE}(?:ubernachste[nrsm]?|{_NEXT}) woche", _next_week),
        (rf"{_EDGE}(?:ubernachste[nrsm]?|{_NEXT}|{_THIS}) monate?s?\b", _next_month),
        (rf"{_EDGE}(?:{_NEXT}n? )?quartal(?:s(?:anfang|beginn)?)?", _quarter),
        (r"\b(?P<word>vorgestern|gestern|heute|ubermorgen|morgen)\b", _day_word),
        (pattern("dates.soon").pattern, _soon),
    )
)


def find_dates(line: str, today: date, *, past: bool = False) -> list[Found]:
    """The dates in a text that went through ``plain``, in their order.

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
    """The words of the plain text that belong to no date."""
    kept = line
    for each in reversed(found):
        kept = kept[: each.start] + " " + kept[each.end :]
    return re.findall(r"[a-z]+|\d+", kept)

"""From when to when a prior insurance ran, or since when it has been running."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date

from bot.language.dates import Found, add_months, find_dates, long_form, normalised, rest_of
from bot.language.off_topic import is_not_knowing
from bot.language.reading import Option, Reading, ask_back, ok, reject
from bot.language.wording import pattern, phrases, shown
from bot.texts import text as german

YEARS_THAT_COUNT = 5
_EARLIEST = date(1920, 1, 1)
_RUNNING = pattern("periods.running")
_NO_LONGER = pattern("periods.no_longer")
_NOT_CANCELLED = re.compile(r"\b(nicht (?:gekundigt|beendet)|noch nicht (?:gekundigt|beendet))\b")
_ALTERNATIVES = re.compile(r"\b(oder|bzw|beziehungsweise)\b")
_JOINED = re.compile(r"[-/→>]|\b(bis|ende|endete|endet|beendet|gekundigt|to|until)\b")
_DOUBTFUL_WORDS = phrases("periods.doubtful_words")
_SHORT_YEARS = re.compile(r"(?<![\d./-])((?:19|20)\d\d)\s*(?:-|/|bis)\s*(\d{2})(?![\d./-])")
_MONTH_SLASH = re.compile(r"(?<![\d./])(0?[1-9]|1[0-2])\s*/\s*(\d{2})(?![\d./])")


@dataclass(frozen=True)
class _Span:
    start: Found | None
    end: Found | None
    running: bool
    doubtful: bool = False


def read_period(text: str, today: date) -> Reading:
    """A dict of ``start_date`` and ``end_date``, which is ``None`` while the insurance runs."""
    if is_not_knowing(text):
        return reject("period.not_known")
    line = _years_written_out(normalised(text), today)
    found = [each for each in find_dates(line, today, past=True) if not _is_today(line, each)]
    if any(each.value is None for each in found):
        return reject("date.no_such_day", said=shown(text))
    if len(found) > 2 or (len(found) == 2 and _ALTERNATIVES.search(line)):
        return ask_back("period.several")
    span = _span(line, found)
    if span.start is None:
        return _without_start(span, text)
    if span.end is None and not span.running:
        return _without_end(span.start, line, today)
    return _checked(_with_years(span), today)


def _is_today(line: str, found: Found) -> bool:
    """Whether it is "bis heute", which says that the insurance runs, not when it ends."""
    said = line[found.start : found.end]
    return said in ("heute", "jetzt", "ab jetzt", "gleich", "direkt") or found.soon


def _years_written_out(line: str, today: date) -> str:
    """Writes "2018-22" as "2018 - 2022" and "3/19" as "3/2019"."""
    line = _SHORT_YEARS.sub(lambda match: f"{match[1]} - {match[1][:2]}{match[2]}", line)
    limit = today.year % 100 + 5
    return _MONTH_SLASH.sub(
        lambda match: f"{match[1]}/{'20' if int(match[2]) <= limit else '19'}{match[2]}", line
    )


def _span(line: str, found: list[Found]) -> _Span:
    rest = " ".join(rest_of(line, found))
    running = bool(_RUNNING.search(_outside(line, found)))
    ended = bool(_NO_LONGER.search(rest)) and not _NOT_CANCELLED.search(rest)
    doubtful = (running and ended) or any(
        word in _DOUBTFUL_WORDS for word in _NOT_CANCELLED.sub("", rest).split()
    )
    if len(found) == 2:
        first, second = found
        if re.search(r"\b(bis|ende)\b\W*(?:zum |den |m )?$", line[: first.start]) and re.search(
            r"\b(seit|von|ab|beginn)\b", line[first.end : second.start]
        ):
            first, second = second, first
        listed = first.precision != "day" and not _JOINED.search(line[first.end : second.start])
        return _Span(first, second, running=False, doubtful=doubtful or listed)
    if not found:
        return _Span(None, None, running)
    before = line[: found[0].start]
    if re.search(r"\b(bis|endete|endet|ende|gekundigt|beendet|ausgelaufen)\b[^\d]*$", before):
        return _Span(None, found[0], running=False)
    since = bool(re.search(r"\bseit\b[^\d]*$", before)) and not ended
    return _Span(found[0], None, running=(running or since) and not ended, doubtful=doubtful)


def _outside(line: str, found: list[Found]) -> str:
    for each in reversed(found):
        line = line[: each.start] + " # " + line[each.end :]
    return line


def _without_start(span: _Span, text: str) -> Reading:
    if span.end is not None:
        last = span.end.last()
        if last is not None:
            return reject("period.no_start", end=long_form(last))
    key = "running_no_start" if span.running else "not_understood"
    return reject(f"period.{key}", said=shown(text))


def _without_end(start: Found, line: str, today: date) -> Reading:
    """Only one date: it may be the beginning of a running insurance, or a whole year."""
    first, last = start.first(), start.last()
    if first is None or last is None or first > today or _NO_LONGER.search(line):
        return reject("period.no_end", start=long_form(first or today))
    options = [Option(german("reading.period.since", start=long_form(first)), _value(first, None))]
    if start.precision == "year" and _counts(last, today):
        options.append(Option(_written(first, last), _value(first, last)))
    return ask_back("period.still_running", *options, start=long_form(first))


def _with_years(span: _Span) -> _Span:
    """A beginning without a year takes it from the end: "1.3. bis 31.12.2022"."""
    start, end = span.start, span.end
    if start is None or end is None or start.value is None or end.value is None:
        return span
    if start.yearless and end.yearless:
        return replace(span, doubtful=True)
    if start.yearless and not end.yearless:
        moved = _moved_before(start.value, end.value)
        return replace(span, start=replace(start, value=moved, sure=False))
    if end.yearless and not start.yearless:
        return replace(span, end=replace(end, sure=False))
    return span


def _moved_before(day: date, end: date) -> date:
    moved = add_months(day, 12 * (end.year - day.year))
    return moved if moved <= end else add_months(moved, -12)


def _counts(end: date, today: date) -> bool:
    """Whether the insurance reaches into the years that the form asks about."""
    return end >= add_months(today, -12 * YEARS_THAT_COUNT)


def _value(start: date, end: date | None) -> dict[str, str | None]:
    return {"start_date": start.isoformat(), "end_date": end.isoformat() if end else None}


def _written(start: date, end: date | None) -> str:
    if end is None:
        return german("reading.period.since", start=long_form(start))
    return german("reading.period.from_to", start=long_form(start), end=long_form(end))


def _boundaries(span: _Span) -> tuple[date | None, date | None, bool]:
    """The first and the last day, and whether both are meant like that."""
    if span.start is None:
        return None, None, False
    start, sure = _exact(span.start, at_end=False)
    if span.end is None:
        return start, None, sure
    end, end_sure = _exact(span.end, at_end=True)
    return start, end, sure and end_sure


def _exact(found: Found, *, at_end: bool) -> tuple[date | None, bool]:
    first, last = found.first(), found.last()
    if found.precision == "day":
        return first, found.sure and not found.loose
    named_year = found.precision == "year"
    if found.edge == "middle" and first is not None:
        middle = first.replace(month=7) if named_year else first.replace(day=15)
        return middle, False
    if at_end:
        return (last, True) if found.edge in ("", "late") else (first, False)
    return (first, True) if found.edge in ("", "early") else (last, False)


def _checked(span: _Span, today: date) -> Reading:
    start, end, sure = _boundaries(span)
    if start is None:
        return reject("period.not_understood", said="")
    if start > today:
        return reject("period.future", start=long_form(start))
    if start < _EARLIEST:
        return reject("period.too_old", start=long_form(start))
    if end is not None and end <= start:
        return reject("period.reversed", start=long_form(start), end=long_form(end))
    if end is not None and not _counts(end, today):
        return reject("period.too_long_ago", end=long_form(end))
    written = _written(start, end)
    if not sure or span.doubtful:
        return ask_back("period.meant", Option(written, _value(start, end)), period=written)
    return ok(_value(start, end), "period.understood", period=written)

"""When the cover begins, and the day of the year on which premiums fall due."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta

from babel.dates import format_date

from bot.language.dates import (
    Found,
    add_months,
    end_of_month,
    find_dates,
    long_form,
    normalised,
    rest_of,
)
from bot.language.off_topic import is_not_knowing
from bot.language.reading import Option, Reading, ask_back, ok, reject
from bot.language.wording import phrases, shown

MONTHS_AHEAD = 24
_ROLLED_OVER = timedelta(days=350)
_APPROXIMATE = re.compile(r"\bum (?:den|die)\b|\bzu (?:fruh|spat)\b")
_FILLERS = phrases("start_dates.fillers")


def read_start_date(text: str, today: date) -> Reading:
    """An ISO date from tomorrow on; more than two years ahead is asked back."""
    if is_not_knowing(text):
        return reject("date.not_known")
    line = normalised(text)
    found = find_dates(line, today) or _bare_day(line, today)
    if not found:
        return reject("date.not_understood", said=shown(text))
    if len(found) > 1:
        return _of_several(found, today)
    rest = rest_of(line, found)
    doubtful = _is_doubtful(found[0], rest) or bool(_APPROXIMATE.search(line))
    return _start(found[0], today, text, doubtful=doubtful)


def _bare_day(line: str, today: date) -> list[Found]:
    """Only a number up to 31: perhaps that day of the month, to be asked back."""
    if not re.fullmatch(r"(?:(?:am|zum|ab|den|dem) )*[1-9]\d?", line):
        return []
    return [replace(each, sure=False) for each in find_dates(f"{line}.", today)]


def _is_doubtful(found: Found, rest: list[str]) -> bool:
    """Whether any other word may change the date; "nein, …" only corrects what went before."""
    rest = rest[1:] if rest[:1] == ["nein"] and found.start > 0 else rest
    if found.loose or found.yearless:
        return any(word not in _FILLERS for word in rest)
    numbers = [word for word in rest if word.isdigit()]
    if any(len(word) > 2 for word in numbers):
        return True
    return any(word not in _FILLERS for word in rest if word not in numbers)


def _of_several(found: list[Found], today: date) -> Reading:
    days = list(dict.fromkeys(each.value for each in found if each.value is not None))
    if len(days) == 1 and all(each.value is not None for each in found):
        return _checked(days[0], today, sure=all(each.precision == "day" for each in found))
    offered = [day for day in days if day > today][:4]
    options = [Option(long_form(day), day.isoformat()) for day in offered]
    return ask_back("date.several", *options)


def _start(found: Found, today: date, text: str, *, doubtful: bool) -> Reading:
    if found.value is None:
        return reject("date.no_such_day", said=shown(text))
    if found.alternatives:
        options = [Option(long_form(day), day.isoformat()) for day in found.alternatives]
        return ask_back("date.which_week", *options)
    if found.precision != "day":
        return _part_of_month(found, today)
    if found.weekday is not None and found.value.weekday() != found.weekday:
        return _confirm(found.value, today, "date.other_weekday")
    rolled_over = found.yearless and found.value - today > _ROLLED_OVER
    return _checked(found.value, today, sure=found.sure and not doubtful and not rolled_over)


def _part_of_month(found: Found, today: date) -> Reading:
    first, last = found.first(), found.last()
    if first is None or last is None:
        return reject("date.not_understood", said="")
    days = {
        "": first,
        "early": first,
        "middle": first.replace(month=7) if found.precision == "year" else first.replace(day=15),
        "late": last,
    }
    day = days[found.edge]
    if day <= today < last and found.edge in ("", "early"):
        day = today + timedelta(days=1)
    return _confirm(day, today, "date.which_day")


def _confirm(day: date, today: date, key: str) -> Reading:
    if day <= today:
        return _too_early(day, today)
    return ask_back(key, Option(long_form(day), day.isoformat()), date=long_form(day))


def _too_early(day: date, today: date) -> Reading:
    earliest = today + timedelta(days=1)
    return reject("date.too_early", date=long_form(day), earliest=long_form(earliest))


def _checked(day: date, today: date, *, sure: bool) -> Reading:
    if day <= today:
        return _too_early(day, today)
    if day > add_months(today, MONTHS_AHEAD):
        return _confirm(day, today, "date.far_ahead")
    if not sure:
        return _confirm(day, today, "date.meant")
    return ok(day.isoformat(), "date.understood", date=long_form(day))


def read_day_month(text: str, today: date) -> Reading:
    """``MM-DD``; the 29th of February does not come every year and is refused."""
    if is_not_knowing(text):
        return reject("day_month.not_understood", said=shown(text))
    line = normalised(text)
    if re.search(r"(?<!\d)29\s*\.?\s*(?:m2\b|0?2\b)", line):
        return reject("day_month.leap_day")
    found = find_dates(line, today)
    if not found:
        return reject("day_month.not_understood", said=shown(text))
    if len({each.value for each in found}) > 1:
        days = [each.value for each in found if each.value is not None and each.precision == "day"]
        return ask_back("day_month.several", *map(_day_month_option, days[:4]))
    said = line[found[0].start : found[0].end]
    return _day_month(found[0], said, rest_of(line, found), text)


def _day_month(found: Found, said: str, rest: list[str], text: str) -> Reading:
    day = found.value
    if day is None:
        return reject("day_month.no_such_day", said=shown(text))
    if found.precision == "year":
        return reject("day_month.not_understood", said=shown(text))
    every_month = "monats" in said
    vague = found.loose or not found.sure or found.precision == "month" or every_month
    if vague or _is_doubtful(found, rest):
        if found.edge == "late":
            day = end_of_month(day)
        return ask_back("day_month.meant", _day_month_option(day), date=_without_year(day))
    return ok(f"{day:%m-%d}", "day_month.understood", date=_without_year(day))


def _day_month_option(day: date) -> Option:
    return Option(_without_year(day), f"{day:%m-%d}")


def _without_year(day: date) -> str:
    return str(format_date(day, "d. MMMM", locale="de"))

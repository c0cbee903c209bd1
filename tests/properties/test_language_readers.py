"""Whatever is typed, reading it comes to a value, a refusal or a question back."""

from __future__ import annotations

import json
import time
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.application.questions import QUESTIONS, kind_of, question
from bot.commands.understand import understand
from bot.language.counts import read_count
from bot.language.dates import long_form
from bot.language.phones import read_phone
from bot.language.start_dates import read_start_date
from bot.language.wording import folded, tidy

TODAY = date(2026, 11, 20)
KEYS = [each.key for each in QUESTIONS]
DAYS = st.dates(min_value=TODAY + timedelta(days=1), max_value=date(2028, 11, 20))
PIECES = st.sampled_from(
    [
        "ja",
        "nein",
        "nicht",
        "1.",
        "31.",
        "29.",
        "Februar",
        "Januar",
        "2027",
        "27",
        "/restart",
        "<b>",
        "🙂",
        "👍",
        "müller",
        "@",
        "web.de",
        ",",
        ".",
        "-",
        "bis",
        "oder",
        "und",
        "zum",
        "ersten",
        "null",
        "eins",
        "zwölf",
        "hundert",
        "0171",
        "2345678",
        "DE89370400440532013000",
        "50667",
        "Köln",
        "e.V.",
        "seit",
        "läuft",
        "noch",
        "flex",
        "350",
        "fallend",
        "1/4",
        "monatlich",
        "Herr",
        "Frau",
        "von",
        "der",
        "?",
        "\n",
        "\t",
        "\x00",
        "\u200b",
        "½",
        "²",
        "Ⅳ",
        "٣",
        "in",
        "99999999999",
        "Wochen",
        "vor",
        "Jahren",
        "Anfang",
        "Ende",
        "Montag",
        "nächsten",
    ]
)
HARD_TEXTS = [
    "",
    " ",
    "\n",
    "\x00\x01\x02",
    "🙂🙃",
    "👨‍👩‍👧‍👦",
    "?" * 50,
    "a" * 10_000,
    "9" * 10_000,
    "1." * 5_000,
    "zwei " * 2_000,
    "ja " * 3_000,
    "<script>alert(1)</script>",
    "/inform{}",
    "{value}",
    "{0}",
    "%s%d",
    "''';--",
    "\ud83d",
    "İstanbul ǅ ß ẞ ﬁ",
    "٠١٧١٢٣٤٥٦٧٨",
    "1,2,3,4,5,6,7,8",
    "²",
    "in 999999999999999 Jahren",
    "seit 99999 Jahren",
    "0000-00-00",
    "00.00.0000",
    "99.99.9999",
    "@",
    "a@b@c",
    "DE",
    "\u202everkehrt",
]


def check(key: str, text: str) -> None:
    reading = understand(key, text, TODAY)
    assert reading.status in ("ok", "reject", "ask_back")
    if reading.status != "ok":
        assert reading.message
        assert reading.value is None
    json.dumps([reading.value, [option.value for option in reading.options]])


@pytest.mark.parametrize("key", KEYS)
def test_nothing_typed_raises_or_takes_long(key: str) -> None:
    for text in HARD_TEXTS:
        started = time.perf_counter()
        check(key, text)
        assert time.perf_counter() - started < 2, text[:40]


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(KEYS), st.text(max_size=200))
def test_arbitrary_text_never_raises(key: str, text: str) -> None:
    check(key, text)


@settings(max_examples=600, deadline=None)
@given(st.sampled_from(KEYS), st.lists(PIECES, min_size=1, max_size=8).map(" ".join))
def test_mixtures_of_what_people_type_never_raise(key: str, text: str) -> None:
    check(key, text)


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(KEYS), st.text(max_size=100))
def test_reading_does_not_depend_on_stray_blanks(key: str, text: str) -> None:
    one, other = understand(key, text, TODAY), understand(key, f"  {text} \t", TODAY)
    assert (one.status, one.value) == (other.status, other.value)


@given(DAYS)
def test_every_way_to_write_a_day_means_that_day(day: date) -> None:
    for text in (
        f"{day:%d.%m.%Y}",
        f"{day.day}.{day.month}.{day:%y}",
        f"{day.day}/{day.month}/{day.year}",
        f"zum {day.day}. {day.month}. {day.year} bitte",
        day.isoformat(),
        long_form(day),
    ):
        assert read_start_date(text, TODAY).value == day.isoformat(), text


@given(st.dates(min_value=date(1990, 1, 1), max_value=TODAY))
def test_no_day_before_tomorrow_is_a_start(day: date) -> None:
    assert read_start_date(f"{day:%d.%m.%Y}", TODAY).status == "reject"


@given(st.integers(min_value=1, max_value=9999))
def test_a_number_is_read_however_it_is_written(number: int) -> None:
    grouped = f"{number:,}"
    for text in (str(number), grouped.replace(",", "."), grouped.replace(",", " ")):
        reading = read_count(text, field="member_count", minimum=1, plausible=20_000)
        assert reading.value == number


@given(st.integers(min_value=0, max_value=9_999_999))
def test_a_mobile_number_survives_every_punctuation(rest: int) -> None:
    digits = f"{rest:07d}"
    expected = f"+49171{digits}"
    for text in (f"0171{digits}", f"0171/{digits[:3]} {digits[3:]}", f"+49 (0) 171-{digits}"):
        assert read_phone(text, "mobile").value == expected


@given(st.text(max_size=300))
def test_tidying_twice_changes_nothing(text: str) -> None:
    assert tidy(tidy(text)) == tidy(text)


@pytest.mark.parametrize(
    ("one", "other"), [("jährlich", "jaehrlich"), ("fünf", "FUENF"), ("Straße", "strasse")]
)
def test_spelling_without_umlauts_compares_equal(one: str, other: str) -> None:
    assert folded(one) == folded(other)


def test_neuen_is_not_nine() -> None:
    assert folded("neuen") != folded("neun")


@pytest.mark.parametrize("key", KEYS)
def test_every_kind_describes_its_control(key: str) -> None:
    from bot.application.kinds import ReadingContext

    kind = kind_of(key)
    constraints = kind.constraints(ReadingContext(field=key, today=TODAY))
    assert json.loads(json.dumps(constraints))["required"] is True
    assert kind.control in [
        "yes_no",
        "choice",
        "choices",
        "text",
        "long_text",
        "number",
        "phone",
        "email",
        "iban",
        "date",
        "day_month",
        "address",
        "person_name",
        "period",
        "upload",
    ]
    assert question(key).kind is kind

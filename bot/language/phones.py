"""German phone numbers, mobile and landline told apart; canonical is E.164."""

from __future__ import annotations

import re
from typing import Literal

import phonenumbers
from phonenumbers import PhoneNumber, PhoneNumberFormat, PhoneNumberMatcher, PhoneNumberType

from bot.language.reading import Option, Reading, ask_back, ok, reject
from bot.language.wording import flat, folded, forms, phrases, words

Line = Literal["mobile", "landline"]
_REGION = "DE"
_DOUBTFUL_WORDS = phrases("phones.doubtful_words")
_HOUR = r"\d{1,2}(?:[:.]\d\d)?"
_NO_PART = re.compile(
    rf"(?<=\d{{4}})\s*/\s*\d{{1,3}}\s*$|\b{_HOUR}\s*(?:-|bis)\s*{_HOUR}\s*(?:uhr|h)\b|\b\d ?x\b",
    re.IGNORECASE,
)
"""Hours, "2x", and the second ending in "123456/57", which replaces the last digits."""
_MOST_TRIES = 12
"""Runs of digits that are no number before the rest of a text is left alone."""
_DIGIT_WORDS = forms("phones.digit_words")
_MOBILE_TYPES = {PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE}
_LANDLINE_TYPES = {
    PhoneNumberType.FIXED_LINE,
    PhoneNumberType.FIXED_LINE_OR_MOBILE,
    PhoneNumberType.VOIP,
    PhoneNumberType.UAN,
    PhoneNumberType.TOLL_FREE,
    PhoneNumberType.PERSONAL_NUMBER,
}
_CONNECTED = re.compile(r"\b(?:oder|und|bzw)\b|[;\n,|]")
_SEPARATED = re.compile(r"\s*(?:\boder\b|\bund\b|\bbzw\b|[;\n,|]|/(?=\s*(?:0|\+)))\s*")


def read_phone(text: str, line: Line) -> Reading:
    """A phone number; ``line`` says whether a mobile number or a landline is asked for."""
    spelled = _digits_for_words(text)
    found = _numbers(_NO_PART.sub(" ", spelled))
    if len(found) > 1:
        options = [Option(_national(number), _e164(number)) for number in found]
        return ask_back("phone.several", *options)
    if not found:
        return _nothing_found(spelled)
    return _checked(found[0], spelled, line)


def _digits_for_words(text: str) -> str:
    """The text with dictated digits ("null eins sieben …") written as digits."""
    tokens = flat(text).split()
    known = [_DIGIT_WORDS.get(folded(token).strip(".,;")) for token in tokens]
    if sum(1 for each in known if each) < 5:
        return _tidied(flat(text))
    return _tidied("".join(each if each else f" {token} " for token, each in zip(tokens, known)))


def _tidied(text: str) -> str:
    text = re.sub(r"(?<=\d)[oO](?=\d)|\b[oO](?=\d{2,})", "0", text)
    text = re.sub(r"\(\s*0\s*\)", "", text) if re.search(r"(\+|\b00)\s*\d", text) else text
    return re.sub(r"^\D*?0\s*0\s*(?=[1-9])", "+", text) if _double_zero(text) else text


def _double_zero(text: str) -> bool:
    return bool(re.match(r"^[^\d+]*0\s?0\s?[1-9]", text))


def _numbers(text: str) -> list[PhoneNumber]:
    """The different valid numbers in the text, tried as a whole first."""
    whole = _parsed(re.sub(r"^[^\d+(]+|\D+$", "", text))
    if whole is not None and not _CONNECTED.search(text):
        return [whole]
    found: dict[str, PhoneNumber] = {}
    for part in _SEPARATED.split(text):
        for match in PhoneNumberMatcher(part, _REGION, max_tries=_MOST_TRIES):
            found.setdefault(_e164(match.number), match.number)
    if found:
        return list(found.values())
    return [whole] if whole is not None else []


def _parsed(text: str) -> PhoneNumber | None:
    if re.search("[A-Za-z]", text) or not text:
        return None
    try:
        number = phonenumbers.parse(text[:60], _REGION)
    except phonenumbers.NumberParseException:
        return None
    return number if phonenumbers.is_valid_number(number) else None


def _nothing_found(text: str) -> Reading:
    digits = re.sub(r"\D", "", text)
    if not digits:
        return reject("phone.no_number")
    international = _parsed("+" + digits) if digits.startswith(("49", "43", "41")) else None
    if international is not None:
        return _confirm(international, "phone.meant")
    if len(digits) < 6 or not re.search(r"(^|\D)(0|\+)", text):
        return reject("phone.no_area_code", digits=len(digits))
    if len(digits) > 15:
        return reject("phone.too_long", digits=len(digits))
    return reject(_length_problem(text), digits=len(digits))


def _length_problem(text: str) -> str:
    try:
        number = phonenumbers.parse(re.sub(r"^[^\d+(]+|\D+$", "", text), _REGION)
    except phonenumbers.NumberParseException:
        return "phone.invalid"
    national = str(number.national_number)
    if number.country_code == 49 and national.startswith("1"):
        if len(national) < (11 if national.startswith("15") else 10):
            return "phone.too_short"
        return "phone.too_long" if len(national) > 11 else "phone.invalid"
    reason = phonenumbers.is_possible_number_with_reason(number)
    if reason == phonenumbers.ValidationResult.TOO_SHORT:
        return "phone.too_short"
    if reason == phonenumbers.ValidationResult.TOO_LONG:
        return "phone.too_long"
    return "phone.invalid"


def _checked(number: PhoneNumber, text: str, line: Line) -> Reading:
    if not _covers(number, text) or set(words(text)) & _DOUBTFUL_WORDS:
        return _confirm(number, "phone.meant")
    if number.country_code == 49 and not re.search(r"(^|\D)(0|\+)", text):
        if re.sub(r"\D", "", text).startswith("49"):
            return _nothing_found_as_given(text)
        return _confirm(number, "phone.meant")
    kind = phonenumbers.number_type(number)
    if line == "mobile" and kind not in _MOBILE_TYPES:
        return reject("phone.not_mobile", number=_national(number))
    if line == "landline" and kind == PhoneNumberType.MOBILE:
        return _confirm(number, "phone.mobile_for_landline")
    if line == "landline" and kind not in _LANDLINE_TYPES:
        return reject("phone.special", number=_national(number))
    return ok(_e164(number), "phone.understood", number=_national(number))


def _nothing_found_as_given(text: str) -> Reading:
    international = _parsed("+" + re.sub(r"\D", "", text))
    if international is None:
        return reject("phone.invalid")
    return _confirm(international, "phone.meant")


def _covers(number: PhoneNumber, text: str) -> bool:
    """Whether the number uses up all digits of the text (an extension, say, would be left)."""
    digits = re.sub(r"\D", "", text)
    return digits.endswith(str(number.national_number)) and not number.extension


def _confirm(number: PhoneNumber, key: str) -> Reading:
    shown = _national(number)
    return ask_back(key, Option(shown, _e164(number)), number=shown)


def _e164(number: PhoneNumber) -> str:
    return str(phonenumbers.format_number(number, PhoneNumberFormat.E164))


def _national(number: PhoneNumber) -> str:
    """As Germans write it; numbers of other countries with their country code."""
    style = (
        PhoneNumberFormat.NATIONAL if number.country_code == 49 else PhoneNumberFormat.INTERNATIONAL
    )
    return str(phonenumbers.format_number(number, style))

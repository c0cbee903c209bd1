"""E-mail addresses, dictated ones too; likely typing errors are asked back."""

from __future__ import annotations

import re

from email_validator import EmailNotValidError, validate_email

from bot.language.reading import Option, Reading, ask_back, ok, reject
from bot.language.spelling import distance, within
from bot.language.wording import flat, forms, listed, pattern, phrases, words

_PROVIDERS = listed("emails.providers")
_WRONG_DOMAINS = forms("emails.wrong_domains")
_WRONG_ENDINGS = forms("emails.wrong_endings")
_AT = re.compile(
    r"\s*(?:[(\[{<]\s*(?:at|ät|@|a)\s*[)\]}>]|(?<=\s)(?:at|ät|ett|klammeraffe)(?=\s))\s*",
    re.IGNORECASE,
)
_DOT = re.compile(
    r"\s*(?:[(\[{]\s*(?:dot|punkt|\.)\s*[)\]}]|(?<=\s)(?:punkt|dot)(?=\s))\s*", re.IGNORECASE
)
_DASH = re.compile(r"\s+(?:minus|bindestrich|strich)\s+", re.IGNORECASE)
_UNDERSCORE = re.compile(r"\s*\b(?:unterstrich|underscore)\b\s*", re.IGNORECASE)
_HARMLESS_AFTER = phrases("emails.after")
_DOMAIN = re.compile(r"(?<![\w@.-])[a-z0-9-]+\.[a-z]{2,}(?![\w@])")
_CANDIDATE = re.compile(r"[^\s<>\"'();:\[\]]*@[^\s<>\"'();:\[\]]*")
_INTRODUCTION = pattern("emails.introduction", re.IGNORECASE)


def read_email(text: str) -> Reading:
    """An address with its domain in small letters, or what is wrong with it."""
    line = _spoken_signs(flat(text))
    found = list(dict.fromkeys(_candidates(line)))
    if not found:
        return reject("email.no_at")
    if len(found) > 1:
        valid = [each for each in found if _problem(each) == ""]
        if not valid:
            return reject("email.invalid")
        options = [Option(each, each) for each in valid]
        return ask_back("email.several", *options)
    reading = _checked(found[0], _before(line, found[0]))
    return _doubted(reading, found[0], line) if reading.is_ok else reading


def _doubted(reading: Reading, address: str, line: str) -> Reading:
    """Asks back what may be taken back: "anna@gmx.de, nein web.de"."""
    before, _, after = line.lower().partition(address)
    local = address.rpartition("@")[0]
    if local.startswith("www."):
        return _did_you_mean(address.removeprefix("www."), address)
    after = after.replace(address, " ")
    denied = words(before)[-1:] == ["nicht"]
    if not denied and all(word in _HARMLESS_AFTER for word in words(after)):
        return reading
    others = [f"{local}@{domain}" for domain in _DOMAIN.findall(after)]
    options = [Option(each, each) for each in (*others, address) if not _problem(each)]
    key = "several" if others else "meant"
    return ask_back(f"email.{key}", *options, address=address)


def _spoken_signs(line: str) -> str:
    line = re.sub(r"mailto:", " ", line, flags=re.IGNORECASE)
    padded = f" {line} "
    padded = _AT.sub("@", padded)
    if "@" in padded:
        padded = _UNDERSCORE.sub("_", _DASH.sub("-", _DOT.sub(".", padded)))
    padded = re.sub(r"\s*@\s*", "@", padded)
    padded = re.sub(r"(?<=\w)\s*\.\s+(?=(?:de|com|net|org|eu|info|at|ch)\b)", ".", padded)
    padded = re.sub(r"(?<=\w)\s+\.\s*(?=\w)", ".", padded)
    return padded.strip()


def _candidates(line: str) -> list[str]:
    found: list[str] = []
    for match in _CANDIDATE.finditer(line):
        parts = re.split(r",(?=[^@,]*@)", match.group())
        found.extend(each.strip(".,!?*`-").lower() for each in parts)
    return [each for each in found if each != "@" and each]


def _before(line: str, address: str) -> str:
    """What stands before the address and does not belong to it."""
    start = line.lower().find(address)
    if line[:start].rstrip().endswith("<"):
        return ""
    before = line[:start].strip(" ([\"':,")
    match = _INTRODUCTION.match(before + " ")
    return before[match.end() :].strip() if match else before


def _checked(address: str, before: str) -> Reading:
    problem = _problem(address)
    local, _, domain = address.rpartition("@")
    corrected = _corrected_domain(domain)
    if corrected is not None and local and _problem(f"{local}@{corrected}") == "":
        return _did_you_mean(f"{local}@{corrected}", address if not problem else None)
    if problem:
        return _with_umlauts_spelled(address) or reject(f"email.{problem}")
    if before and re.fullmatch(r"[\w.+-]+", before.split()[-1]):
        return _blank_inside(before.split()[-1].lower(), address)
    return ok(_normalised(address), "email.understood", address=address)


def _blank_inside(word: str, address: str) -> Reading:
    joined = f"{word}{address}"
    if _problem(joined) or len(word) > 30:
        return ask_back("email.meant", Option(address, address), address=address)
    return ask_back("email.blank", Option(joined, joined), Option(address, address))


def _did_you_mean(corrected: str, literal: str | None) -> Reading:
    options = [Option(corrected, corrected)]
    if literal is not None:
        options.append(Option(literal, literal))
    return ask_back("email.meant", *options, address=corrected)


def _with_umlauts_spelled(address: str) -> Reading | None:
    spelled = address
    for umlaut, letters in (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("ß", "ss")):
        local, _, domain = spelled.rpartition("@")
        spelled = f"{local.replace(umlaut, letters)}@{domain}"
    if spelled == address or _problem(spelled):
        return None
    return ask_back("email.umlaut", Option(spelled, spelled), address=spelled)


def _corrected_domain(domain: str) -> str | None:
    """The domain that was probably meant, or ``None`` if nothing is suspicious."""
    if domain in _WRONG_DOMAINS:
        return _WRONG_DOMAINS[domain]
    if domain in _PROVIDERS:
        return None
    if "," in domain:
        return domain.replace(",", ".")
    for provider in _PROVIDERS:
        if _is_mistyped(domain, provider):
            return provider
    name, _, ending = domain.rpartition(".")
    if name and ending in _WRONG_ENDINGS:
        return f"{name}.{_WRONG_ENDINGS[ending]}"
    return None


def _is_mistyped(domain: str, provider: str) -> bool:
    if len(provider) >= 9:
        return within(domain, provider, 2 if len(provider) >= 11 else 1)
    if domain == provider[:-1]:
        return True
    return sorted(domain) == sorted(provider) and distance(domain, provider) == 1


def _problem(address: str) -> str:
    """Which text says what is wrong with the address; empty if nothing is."""
    if address.count("@") != 1:
        return "invalid"
    local, _, domain = address.partition("@")
    if not local or not domain:
        return "incomplete"
    if "." not in domain:
        return "no_ending"
    try:
        validate_email(address, check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError:
        return "invalid"
    ending = domain.rpartition(".")[2]
    return "" if len(ending) >= 2 and not ending.isdigit() else "no_ending"


def _normalised(address: str) -> str:
    checked = validate_email(address, check_deliverability=False, allow_smtputf8=False)
    return str(checked.normalized)

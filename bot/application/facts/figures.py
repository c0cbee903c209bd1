"""How many members, employees and family members a message states."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.application.facts.searched_text import Excerpt, SearchedText, any_word, regex

DIGITS = r"(?<![\d.,/+<>~-])(?:\d{1,3}(?:[. ]\d{3}){1,2}|\d{1,7})(?![\d/]|[.,]\d)"
_WORD = (
    r"(?:eins|ein|zwei|zwo|drei|vier|fünf|sechs|sech|sieben|sieb|acht|neun|zehn|elf|zwölf|zwan"
    r"|hundert|tausend|zig|ßig|und)"
)
QUANTITY = rf"(?:{DIGITS}|\b{_WORD}+(?:\s{_WORD}+){{0,5}}(?!\w))"
ROUGHLY = r"(?:(?:ca\.?|circa|etwa|rund|ungefähr)\s)?"
MEMBERS = r"mit(?:gl|g|l)(?:ie|ei|i|e)?(?:d|t)(?:er|re)(?:innen|n)?"

_COUNTED_MEMBERS = regex(
    rf"{ROUGHLY}{QUANTITY}\s?(?:aktive\w*\s(?:und|\+|&|u\.)\spassive\w*\s)?"
    rf"(?:vereins)?(?:{MEMBERS}\b(?:\s*:innen|\*innen)?|mitgl\b\.?)"
)
_LABELLED_MEMBERS = regex(
    r"(?:\b(?:mitglieder(?:an)?zahl(?:en)?|mitgliederst(?:and|ärke)|mitgliederbestand"
    r"|(?:an)?zahl\s+(?:der\s+|unserer\s+|an\s+)?mitgliedern?)|(?P<bare>\bmitglieder))\b"
    r"(?:\s*\([^()\n]{0,40}\)|\s+(?:gesamt|insgesamt|aktuell|derzeit|20\d\d(?=\s*[:=])))?\s*"
    r"(?P<sign>:|=|-|–)?\s*"
    rf"(?:(?:ist|sind|beträgt|liegt|aktuell|derzeit|bei|momentan|insgesamt|gesamt)\s+){{0,3}}"
    rf"(?P<number>{ROUGHLY}{DIGITS})(?![ ]?(?:€|euro|%|prozent|angest|beschäft|mitarb|:|=))"
)
_PEOPLE = regex(
    r"\b(?:wir\s+sind|sind\s+wir|(?:angebot|antrag|\w*schutz|\w*versicherung|jurverein)\s+für)\s+"
    rf"(?:ein\w*\s+verein\s+mit\s+|insgesamt\s+|so\s+)?(?P<number>{ROUGHLY}{QUANTITY})\s?"
    r"(?:leuten?|personen)\b(?!\s+(?:im|in|auf|am|die|mit|aus|beim)\b)"
)
_BOUNDED_BEFORE = regex(
    r"(?:[<>~+≥≤-]|\b(?:über|unter|mehr\s+als|weniger\s+als|mindestens|wenigstens|höchstens"
    r"|maximal|max\.?"
    r"|min\.?|bis\s+zu|bis|ab|fast|knapp|gut|beinahe|pro|je|davon|darunter|zwischen|plus"
    r"|weitere[nr]?"
    r"|neue[nr]?|andere[nr]?|noch|zusätzlich|die|meiner|unserer|um|alle|aller)|\d\s*(?:bis|oder"
    r"|und|/|[-–]))\s*$"
)
_DOING_SOMETHING = regex(
    r"^\s*(?:(?:haben|hatten|wollen|möchten|wurden|werden|streiten|klagen|treten|verlassen|sollen"
    r"|können"
    r"|bekommen|zahlen|waren)\b(?!\s+wir)|sind\b(?!\s+(?:wir|es|im\s+verein|bei\s+uns|dabei))"
    r"|(?:im|des|vom)\s+vorstand|(?:des|unseres|eines|der)\b|pro\b|mehr\b|weniger\b|zu\s?viel"
    r"|passiv|aktiv\b(?!\s+und))"
)
_HAVING = regex(
    r"\b(?:haben|hat|sind|zählen|zählt|umfasst)\s+(?:wir\s+)?(?:so|jetzt|derzeit|aktuell|momentan"
    r"|zur\s+zeit)?\s*$"
)
_DEALING_WITH = any_word("figures.dealing_with")
_DEALT_WITH = regex(
    r"^\s+(?:(?!gesamt\b)(?:an|ein|aus|auf|ab|zu)?ge\w{2,}(?:t|en)|(?:ver|be|er)\w+t"
    r"|ein\w{3,})\W*$|\b(?:plus|zuzüglich|zzgl)\b"
)
_OTHER_CLUB = any_word("figures.other_club")
_EMPLOYEES = (
    r"(?:(?:haupt(?:amtlich|beruflich)|fest|bezahlt|sozialversicherungspflichtig)\w*\s+)?"
    r"(?:fest)?(?:angestellte|beschäftigte|mitarbeiter(?:innen|in)?|arbeitnehmer(?:innen"
    r"|in)?)[nr]?\b"
)
_COUNTED_EMPLOYEES = regex(rf"(?P<number>{QUANTITY}|\beine[nm]?)\s+{_EMPLOYEES}")
_NO_EMPLOYEES = regex(rf"\b(?:keine\w?|ohne|null|weder)\s+{_EMPLOYEES}")
_LABELLED_EMPLOYEES = regex(
    r"\b(?:(?:an)?zahl\s+(?:der\s+)?)?(?:angestellten?|beschäftigten?|mitarbeiter|arbeitnehmer"
    r"|mitarbeiterzahl"
    rf"|beschäftigtenzahl)(?:zahl)?\s*(?::|=)\s*(?P<number>{ROUGHLY}{DIGITS}|keine\b)"
)
_TO_BE_SPOKEN_WITH = regex(r"^\W+(?:\w+\W+){0,2}(?:sprech|red|telefon|verb|chatt|schreib)")
_UNPAID = regex(
    r"\b(?:ehrenamt\w*|freiwillig\w*|mini\s?-?job\w*|aushilf\w*|teilzeit\w*|übungsleiter\w*)"
)
_FAMILY = (
    regex(
        r"\bfamilie\w*\s*(?::|=)?\s*(?:ja\b)?\s*(?:mit|von|aus|,|\("
        rf"|mit\s+insgesamt)?\s*(?P<number>{QUANTITY})\s*"
        r"(?:personen|leuten?|mitgliedern?|köpfen?|pers\b)"
    ),
    regex(rf"(?P<number>{QUANTITY})\s*(?:familienmitgliedern?|familienangehörigen?)\b"),
    regex(
        r"\bfamilien(?:mitglieder|angehörige)n?(?:\s+inkl\w*\.?\s+antragsteller\w?)?\s*[:=]?\s*"
        rf"(?P<number>{DIGITS})(?!\s*(?:angest|mitarb|besch|mitgl))"
    ),
    regex(rf"(?P<number>\b{_WORD}{{1,3}}|{DIGITS})\s?-?köpfige[nr]?\s+familie"),
)
_CHILDREN = re.compile(r"\bkind")


def find_members(message: SearchedText) -> Iterator[Excerpt]:
    """Member counts: a number with its unit or its label."""
    lower = message.lower
    if "leute" in lower or "person" in lower:
        for match in message.finditer(_PEOPLE):
            yield Excerpt("member_count", match.start(), match.end(), match["number"])
    if "mit" in lower:
        yield from _counted_members(message)
        if message.has_digit:
            yield from _labelled_members(message)


def _counted_members(message: SearchedText) -> Iterator[Excerpt]:
    for match in message.finditer(_COUNTED_MEMBERS):
        start, end = match.span()
        if not _are_some(message, start, end) and not _of_others(message, start, end):
            yield Excerpt("member_count", start, end, match.group())


def _labelled_members(message: SearchedText) -> Iterator[Excerpt]:
    for match in message.finditer(_LABELLED_MEMBERS):
        start, end = match.span()
        in_front = message.lower[message.clause(start)[0] : start].strip()
        if match["bare"] and not match["sign"] and in_front:
            continue
        if not _of_others(message, start, end):
            yield Excerpt("member_count", start, end, match["number"])


def _are_some(message: SearchedText, start: int, end: int) -> bool:
    """Whether these are not all members: a bound, or some of them who do something."""
    before, after = message.around(start, end)
    following = message.lower[end : end + 40]
    if _BOUNDED_BEFORE.search(message.lower[max(0, start - 24) : start]):
        return True
    if _DEALING_WITH.search(before) or _DEALT_WITH.search(after):
        return True
    labels = following.lstrip().startswith((":", "="))
    return labels or (bool(_DOING_SOMETHING.search(following)) and not _HAVING.search(before))


def _of_others(message: SearchedText, start: int, end: int) -> bool:
    before, after = message.around(start, end)
    return bool(_OTHER_CLUB.search(before) or _OTHER_CLUB.search(after))


def find_employees(message: SearchedText) -> Iterator[Excerpt]:
    """Employee counts; clubs with unpaid or casual staff are asked."""
    lower = message.lower
    if not any(stem in lower for stem in ("angest", "besch", "mitarb", "arbeitn")):
        return
    if _UNPAID.search(lower):
        return
    for match in message.finditer(_NO_EMPLOYEES):
        yield Excerpt("employee_count", match.start(), match.end(), "keine")
    for match in message.finditer(_COUNTED_EMPLOYEES):
        start, end = match.span()
        labelled = lower[end : end + 2].lstrip().startswith((":", "="))
        if _TO_BE_SPOKEN_WITH.search(lower[end : end + 40]):
            continue
        if not labelled and not _BOUNDED_BEFORE.search(lower[max(0, start - 24) : start]):
            yield Excerpt("employee_count", start, end, match.group())
    for match in message.finditer(_LABELLED_EMPLOYEES):
        yield Excerpt("employee_count", match.start(), match.end(), match["number"])


def find_family_members(message: SearchedText) -> Iterator[Excerpt]:
    """Sizes of the family that is to be members as well."""
    if "famili" not in message.lower:
        return
    for pattern in _FAMILY:
        for match in message.finditer(pattern):
            start, end = match.span()
            if not _CHILDREN.search(message.lower[end : end + 12]):
                yield Excerpt("family_member_count", start, end, match["number"])

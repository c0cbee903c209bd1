"""The name of the club, and what kind of club it is, as a message states them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.application.facts.searched_text import (
    FULL_STOP,
    Excerpt,
    SearchedText,
    folded_words,
    regex,
)
from bot.language.wording import folded

_LONGEST_NAME = 110
_REGISTERED = re.compile(r"(?<!\w)e\s?\.\s?v(?:\.|\b)|(?<!\w)ev(?!\w)(?!\.\s?-?\w)")
_ABBREVIATION = (
    r"(?:tsv|sv|fc|sc|tv|vfb|vfl|vfr|sg|tus|djk|ssv|fsv|mtv|tc|rc|bsv|bc|hsv|psv|esv|asv|tsg|spvgg"
    r"|spvg|ttc|sgm|rsv|kgv|mv|gv|mgv|ksv|rfv|svg|tgs|tsc|wsv|msc|spielvereinigung)"
)
_STEM = (
    r"(?:verein|club|klub|chor|gilde|orchester|kapelle|bund|zunft|gesellschaft|kreis|gemeinschaft"
    r"|bruderschaft|freunde|feuerwehr|initiative|verband|verbund|kameradschaft|theater|schützen"
    r"|turnerschaft|union|liedertafel|concordia|harmonie|eintracht|hilfe|tafel|kulturwerk|museum)"
)
_CLUB_WORD = regex(rf"^(?:{_ABBREVIATION}|\w*{_STEM}\w{{0,3}})$")
_SHORT_CLUB_WORD = regex(rf"^{_ABBREVIATION}$")
_JOINING = frozenset({"der", "fuer", "zur", "am", "im", "an"})
_SMALL_WORDS = folded_words("clubs.small_words")
_LEADING = folded_words("clubs.leading")
_NO_NAME = folded_words("clubs.no_name")
_BREAK = regex(
    rf"[\n:;!?()\[\]|•\"„“”»«,]|{FULL_STOP}|(?<![\w-])(?:wir|sind|ich|bin|heißt|heißen|möchten?"
    r"|brauchen?|suchen?|hätten?|haben|hat|ist|beim|namens|namen\s+de[rs]|unsere[nmrs]?|unser"
    r"|mitglied\s+(?:im|beim|in)|vorsitzende[rn]?|vorstand|präsident(?:in)?|kassen\w+"
    r"|kassierer?(?:in)?|schatzmeister(?:in)?|vertreter(?:in)?|schriftführer(?:in)?"
    r"|geschäftsführer(?:in)?|schreibt|wollen|will|vertrete|vertreten|grüßen|gruß|grüße|angebot"
    r"|antrag|schutz|rechtsschutz|jurverein|versicherung)(?![\w-])(?:\s+für\b)?"
)
_LABEL = (
    r"(?:vereins?\s?-?\s?name|name\s+(?:des|unseres)\s+vereins|verein|antragsteller(?:in)?"
    r"|versicherungsnehmer(?:in)?|club|klub)"
)
_NAME = r"(?P<name>[^\n]{2,160})"
_LABELLED = regex(rf"(?:^|[\n,;.(])[ \t]*(?:[-*•]\s*)?{_LABEL}[ \t]*[:=][ \t]*{_NAME}")
_CALLED = regex(
    r"\b(?:(?:unser|der|mein)\s+verein\s+(?:heißt|nennt\s+sich)|wir\s+heißen"
    rf"|vereinsname\s+(?:ist|lautet))\s+{_NAME}"
)
_OFFICER = (
    r"(?:kassenwart|kassierer|kassier|schatzmeister|vorsitzende|präsident|vorstand|geschäftsführer"
    r"|schriftführer)\w{0,2}"
)
_QUOTED = regex(
    rf"(?<![\w-])(?!(?:verein|club|klub)\b)(?P<name>(?:{_ABBREVIATION}|\w*{_STEM}\w{{0,3}})\s+"
    r"[\"„“”»«'‚‘][^\"„“”»«'‚‘\n]{2,60}[\"„“”»«'‚‘](?:\s*\d{4})?(?:\s*e\s?\.\s?v\b\.?|\s*ev\b)?)"
)
_INTRODUCED = regex(
    r"\b(?:(?:wir|hier)\s+(?:sind|ist|schreibt)\s+(?:der|die|das)\s+"
    r"|(?:angebot|antrag|rechtsschutz|versicherung)\s+für\s+(?:den\s+|die\s+|das\s+|unseren?\s+)?"
    r"|(?:hier\s+schreibt|im\s+namen)\s+(?:der|die|das|des)\s+"
    rf"|{_OFFICER}\s+(?:vom|des|der|beim|von\s+der)\s+){_NAME}"
)
_OPENING = re.compile(r"\A\s*(?P<name>[^\n,;]{4,70})(?=[,;\n]|\s[-–]\s)")
_PAUSE = rf"[,;\n!?(|]|{FULL_STOP}|\s[-–]\s"
_NAME_END = regex(
    rf"{_PAUSE}|\)|\s(?:und|mit|wir|aus|hat|haben|möchten?|ist|sind|suchen?|brauchen?|bräuchten?"
    r"|hätten?"
    r"|wollen|in|bei|mitglieder|ab|zum|derzeit|ca|gerne?|bitte|jurverein|\d+\s+mit)(?=[\s.,]|$)"
)
_LABELLED_END = regex(
    rf"{_PAUSE}|\s(?:und\s+(?:wir|haben|hat|möchten?|suchen?|brauchen?|wollen|sind|hätten?)"
    r"|mit\s+(?:\d|ca|rund|etwa|sitz|derzeit|so\b)|wir\b)"
)
_OTHERS = regex(r"kraftfahrer-?schutz|auxilia|^ks\b|landessportbund|fußballverband")
_MEMBER_OF = regex(r"mitglied(?:er)?\s+(?:im|beim|in|bei)(?:\s+der)?\s*$")
_RECOMMENDING = regex(r"^\W*(?:hat|haben)\s+(?:sie|uns|mich|mir|den|die)\b")


def find_name(message: SearchedText) -> Iterator[Excerpt]:
    """Names: with "e.V.", with their label, or introduced and with a word that clubs are called."""
    found = [*_quoted(message), *_labelled(message)]
    for place in _registered(message):
        if not any(first <= place[1] and place[0] <= last for first, last in found):
            found.append(place)
    if not found:
        found.extend(_introduced(message))
    for start, end in found:
        if not _of_others(message, start, end):
            yield Excerpt("club_name", start, end, message.text[start:end])


def _of_others(message: SearchedText, start: int, end: int) -> bool:
    before, after = message.lower[max(0, start - 24) : start], message.lower[end : end + 60]
    return bool(
        _OTHERS.search(message.lower[start:end])
        or _MEMBER_OF.search(before)
        or _RECOMMENDING.search(after)
    )


def _quoted(message: SearchedText) -> Iterator[tuple[int, int]]:
    """Names with a part in quotation marks, after a word that clubs are called."""
    for match in message.finditer(_QUOTED):
        yield match.span("name")


def _labelled(message: SearchedText) -> Iterator[tuple[int, int]]:
    if not any(word in message.lower for word in ("verein", "antragsteller", "nehmer", "lub")):
        return
    for match in message.finditer(_LABELLED):
        yield _cut(message, *match.span("name"))
    for match in message.finditer(_CALLED):
        yield _cut(message, *match.span("name"), strict=True)


def _cut(message: SearchedText, start: int, end: int, *, strict: bool = False) -> tuple[int, int]:
    """The name at the beginning of this stretch: up to its "e.V.", or else to the first pause."""
    stretch = message.lower[start:end]
    registered = _REGISTERED.search(stretch)
    stop = (_NAME_END if strict else _LABELLED_END).search(stretch)
    if registered and not (stop and stop.start() < registered.start() and _is_pause(stop.group())):
        return _trimmed(message, start, start + registered.end())
    return _trimmed(message, start, start + (stop.start() if stop else len(stretch)))


def _is_pause(stop: str) -> bool:
    return stop.strip()[:1] in {",", ";", "!", "?", "|", "."}


def _trimmed(message: SearchedText, start: int, end: int) -> tuple[int, int]:
    text = message.text
    while start < end and (text[start].isspace() or text[start] in "\"'„“”«»*-–:"):
        start += 1
    while end > start and (text[end - 1].isspace() or text[end - 1] in "\"'„“”«»,;:-–"):
        end -= 1
    return start, end


def _registered(message: SearchedText) -> Iterator[tuple[int, int]]:
    """Names that end in "e.V.": back to the word where the name begins."""
    if "v" not in message.lower:
        return
    last = 0
    for match in message.finditer(_REGISTERED):
        first = max(last, match.start() - _LONGEST_NAME)
        start = _beginning(message, first, match.start())
        plain = "." not in match.group() and message.text[slice(*match.span())] != "eV"
        if start is not None and (
            not plain or _has_club_word(message.lower[start : match.start()])
        ):
            yield start, match.end()
        last = match.end()


def _beginning(message: SearchedText, first: int, last: int) -> int | None:
    """Where a name that ends at ``last`` begins, if it can be told."""
    stretch = message.lower[first:last]
    for stop in _BREAK.finditer(stretch):
        first = last - len(stretch) + stop.end()
    tokens = [
        (first + match.start(), first + match.end())
        for match in re.finditer(r"\S+", message.text[first:last])
    ]
    lower = message.lower
    while tokens and _leads(lower[slice(*tokens[0])]):
        tokens.pop(0)
    if not tokens:
        return None
    if message.text[tokens[0][0] : last].islower():
        tokens = _from_club_word(message, tokens)
    else:
        tokens = _from_last_verb(message, tokens)
    if not tokens or last - tokens[0][0] < 3:
        return None
    return tokens[0][0]


def _leads(word: str) -> bool:
    return folded(word).strip(".,") in _LEADING


def _from_club_word(message: SearchedText, tokens: list[tuple[int, int]]) -> list[tuple[int, int]]:
    for index, (start, end) in enumerate(tokens):
        if _CLUB_WORD.match(message.lower[start:end].strip(".,")):
            return tokens[index:]
    return []


def _from_last_verb(message: SearchedText, tokens: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Drop all up to the last small word that does not occur in names."""
    for index in range(len(tokens) - 1, -1, -1):
        word = message.text[slice(*tokens[index])]
        if word[:1].islower() and "'" not in word and folded(word).strip(".,") not in _SMALL_WORDS:
            club_word = _CLUB_WORD.match(word.strip(".,"))
            rest = tokens[index if club_word else index + 1 :]
            while rest and _leads(message.lower[slice(*rest[0])]):
                rest = rest[1:]
            return rest
    return tokens


def _has_club_word(stretch: str) -> bool:
    return any(_CLUB_WORD.match(word.strip(".,\"'")) for word in stretch.split())


def _introduced(message: SearchedText) -> Iterator[tuple[int, int]]:
    """Names without "e.V." after "wir sind der …", or at the very beginning of a list."""
    for match in message.finditer(_INTRODUCED):
        start, end = match.span("name")
        stop = _NAME_END.search(message.lower[start:end])
        place = _trimmed(message, start, start + stop.start() if stop else end)
        if _is_name(message, *place):
            yield place
    opening = _OPENING.match(message.text)
    if opening is not None:
        place = _trimmed(message, *opening.span("name"))
        if _is_name(message, *place, capitalised=True):
            yield place


def _is_name(message: SearchedText, start: int, end: int, *, capitalised: bool = False) -> bool:
    """A word that clubs are called and a name besides; no article, no sentence."""
    words = message.text[start:end].split()
    if not 2 <= len(words) <= 8:
        return False
    lower = [word.lower().strip(".,") for word in words]
    if any(word in _NO_NAME for word in lower) or _leads(lower[0]):
        return False
    if not any(_CLUB_WORD.match(word) for word in lower[: 1 if capitalised else 3]):
        return False
    if capitalised and not _SHORT_CLUB_WORD.match(lower[0]) and not words[0][:1].isupper():
        return False
    small = [word for word in words if word[:1].islower() and folded(word) not in _SMALL_WORDS]
    if small and (capitalised or not message.text[start:end].islower()):
        return False
    return folded(lower[1]) not in _SMALL_WORDS - _JOINING


_STEMS = ("verein", "lub", "chor", "gilde", "art", "kapelle", "wehr", "zunft", "orchester")
_WORD = r"(?P<type>\w*(?:verein|club|klub|chor|gilde|orchester|kapelle|zunft|feuerwehr))(?:s|es)?"
KINDS = (
    r"(?:sport|musik|gesang|schützen|kultur|förder|karnevals?|faschings?|heimat|heimatpflege|tennis"
    r"|reit|fußball|turn|kleingarten|schreber|tierschutz|naturschutz|jugendhilfe|angel|theater"
    r"|trachten|schach|segel|ruder|ski|hunde|sozial)"
)
_ADJECTIVES = r"(?:\w+e[rnms]?\s+){0,2}?"
_STATED = (
    regex(
        r"\b(?:wir\s+sind|bin|ist|sind|als|handelt\s+sich\s+um)\s+(?:ein|eine|einen|ne|n)\s+"
        rf"{_ADJECTIVES}{_WORD}(?!\w)"
    ),
    regex(
        r"(?:^|[\n,;.(])[ \t]*(?:[-*•]\s*)?"
        r"(?:art(?:\s+des\s+vereins)?|vereins\s?-?\s?(?:art|typ|zweck))[ \t]*[:=][ \t]*"
        r"(?P<type>[^\n,;]{3,60})"
    ),
    regex(rf"(?:^|[\n,;(])[ \t]*(?P<type>(?:{KINDS})\s?-?verein)[ \t]*(?=[,;)\n]|$)"),
)
_SAYS_NOTHING = frozenset({"verein", "club", "klub"})


def find_type(message: SearchedText) -> Iterator[Excerpt]:
    """Types after "wir sind ein", with their label, or on their own in a list."""
    lower = message.lower
    if not any(stem in lower for stem in _STEMS):
        return
    for pattern in _STATED:
        for match in message.finditer(pattern):
            start, end = match.span("type")
            if lower[start:end] not in _SAYS_NOTHING:
                yield Excerpt("club_type", start, end, message.text[start:end])

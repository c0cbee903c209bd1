"""A message with its clauses: whether what stands at a place is a statement at all, and the club's.

Of a letter only its writer's own words count, without quoted messages and without the signature of
a broker, whose address and telephone are not the club's.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import islice

from bot.language.wording import folded
from bot.texts import text

_SPELLINGS = {"ä": "(?:ä|ae)", "ö": "(?:ö|oe)", "ü": "(?:ü|ue)", "ß": "(?:ß|ss)"}


def regex(pattern: str) -> re.Pattern[str]:
    """A pattern for text in small letters that matches umlauts and what stands for them.

    Umlauts must not stand in character classes.
    """
    return re.compile("".join(_SPELLINGS.get(each, each) for each in pattern))


def any_word(name: str) -> re.Pattern[str]:
    """A pattern for any of the words of this list in ``bot/texts/facts.yml``."""
    return regex(rf"\b(?:{'|'.join(_listed(name))})\b")


def folded_words(name: str) -> frozenset[str]:
    """The words of this list in ``bot/texts/facts.yml``, to be looked up with ``folded``."""
    return frozenset(map(folded, _listed(name)))


def _listed(name: str) -> list[str]:
    return text(f"facts.{name}").split()


_LONGEST_HEAD_LINE = 260
_LONGEST_SIGNATURE = 15
_QUOTED_MESSAGE = regex(
    r"^\s*-+\s*(?:ursprüngliche|original)\W?\s*(?:nachricht|message)"
    r"|^\s*am\s[^\n]{4,120}\bschrieb\b[^\n]{0,80}:\s*$"
)
_CLOSING = regex(
    r"^\s*(?:mit\s+)?(?:(?:freundlich|best|viel|herzlich|lieb|schön|sonnig"
    r"|sportlich)\w*\s+)+(?:grüße?n?|gruß)\b|^\s*(?:mfg|lg|vg|bg|gruß|grüße)\b"
)
_BROKER = regex(
    r"makler|versicherungsbüro|versicherungsagentur|versicherungsdienst|versicherungsvermitt"
    r"|vermittler"
    r"|generalagentur|assekuranz|finanzberat|finanzdienst|generalvertretung|versicherungskontor"
)


def own_words(text: str) -> str:
    """The text without the messages that it answers and without a broker's signature."""
    if "\n" not in text:
        return text
    lines = text.split("\n")
    own = [line for line in lines if not line.lstrip().startswith(">")]
    if not any(line.strip() for line in own):
        own = lines
    return "\n".join(_without_broker(_without_older(own)))


def _without_older(lines: list[str]) -> list[str]:
    """The lines before the message that is answered; a letter that begins with one is kept."""
    begun = False
    for index, line in enumerate(lines):
        if begun and _QUOTED_MESSAGE.search(line[:_LONGEST_HEAD_LINE].lower()):
            return lines[:index]
        begun = begun or bool(line.strip())
    return lines


def _without_broker(lines: list[str]) -> list[str]:
    for index in range(len(lines) - 1, -1, -1):
        if not _CLOSING.search(lines[index][:80].lower()):
            continue
        signature = lines[index + 1 : index + 1 + _LONGEST_SIGNATURE]
        if any(_BROKER.search(line[:_LONGEST_HEAD_LINE].lower()) for line in signature):
            return lines[: index + 1] + lines[index + 1 + _LONGEST_SIGNATURE :]
    return lines


LONGEST = 20_000
"""Characters of a message that are looked at."""
_NEAR = 90
_MOST_PLACES = 40


@dataclass(frozen=True)
class Excerpt:
    """A place that seems to answer a question; ``answer`` is what the question reads."""

    question: str
    start: int
    end: int
    answer: str


FULL_STOP = (
    r"(?<!\s\d)(?<!\s\d\d)(?<!\bca)(?<!\bnr)(?<!str)(?<!\btel)(?<!\bdr)(?<!\.v)(?<!\be)(?<!\bst)"
    r"(?<!\bz)(?<!\bbzw)(?<!\binkl)(?<!mitgl)(?<!\bevtl)\.(?=\s|$)"
)
_CLAUSE_END = regex(
    rf"[,;()\[\]|•\n!?]|{FULL_STOP}|\s[-–—]\s"
    r"|\b(?:und|aber|sondern|sowie|jedoch|dann|sonst|allerdings|außerdem)\b"
)
_SENTENCE_END = re.compile(rf"[!?]+|{FULL_STOP}|\n")
_NEGATED_BEFORE = regex(
    r"\b(?:nicht|nie|niemals|weder)\b(?:\W+\w+){0,4}\W*$"
    r"|\b(?:kein\w*|ohne)\b(?!\W+(?:(?:die|unsere)\W+)?(?:famil|angest|beschäft|mitarb|vorversich))"
    r"(?:\W+\w+){0,2}\W*$|\b(?:statt|anstatt|anstelle|außer)\b(?:\W+\w+){0,2}\W*$"
    r"|\b(?:lieber|eher|besser)\b(?:\W+\w+){0,5}\W+als\W+(?:\w+\W+)?$"
)
_NEGATED_AFTER = regex(
    r"^(?:\W+\w+){0,3}?\W+nicht\b"
    r"(?=\W*$|\W+(?:gewünscht|mehr|nötig|nehmen|haben|dabei|möglich|gewollt|so|unbedingt|brauchen))"
    r"|^(?:\W+\w+){0,4}?\W+zu\s+(?:teuer|hoch|viel|wenig|kompliziert|niedrig)\b"
)
_SUPPOSED = any_word("message.supposed")
_NOT_ANY_MORE = any_word("message.not_any_more")
_ALTERNATIVE_BEFORE = re.compile(
    r"\w\W+(?:oder|bzw|beziehungsweise)\W+(?:\w+[^\w,;\n]+){0,2}$"
    r"|\b(?:zwischen|entweder)\W+(?:\w+\W+){0,3}$"
)
_ALTERNATIVE_AFTER = re.compile(
    r"^(?:\W+|[^\w,;\n]+(?:\w+[^\w,;\n]+){1,2})(?:oder|bzw|beziehungsweise)\b(?!\W+so\b)"
)
_ASKS = regex(
    r"^\W*(?:(?:und|aber|ach|oder|also|sagen sie|hallo)\W+)*"
    r"(?:(?:was|wie|wieso|warum|weshalb|wann|wer|wem|wo|woher|welch\w*|wieviel|gibt|geht|reicht"
    r"|lohnt)\b"
    r"|(?:kann|kannst|können|könnte\w*|würde\w*|ist|sind|darf|dürfen|muss|müssen|soll\w*|haben|habt"
    r"|kostet|macht|machen|bekomme\w*|brauche\w*|wird|werden|zählt|zählen|nehmen|bieten|wäre\w*)"
    r"\s+(?:sie|ihr|wir|ich|man|das|es|die|der|auch|unser\w*|ein\w*)\b)"
)
_ASKS_WITHOUT_MARK = regex(
    r"^\W*(?:und\s+|aber\s+)?(?:was|wieso|warum|weshalb|wann|wer|welche\w?|wieviel|erklär\w*"
    r"|wie\s+(?:ist|geht|viel"
    r"|kann|stelle|lange|hoch|teuer|funktioniert|bekomme\w*)|gibt\s+es|kann\s+(?:ich|man)"
    r"|ist\s+das)\b"
)
_TELLS = regex(
    r"^\W*(?:(?:hallo|hi|moin|guten\s+(?:tag|morgen|abend)|servus|grüß\s+gott|ja|also)\W+)*"
    r"(?:wir|ich|unser\w*|mein|der\s+verein|hier|\d)"
)
_REQUESTS = regex(
    r"\b(?:können|könnten|würden|könntet|kannst|machen|erstellen|schicken"
    r"|senden)\s+sie\b[^?]{0,160}\bangebot"
)
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")


class SearchedText:
    """A text to be searched. ``text`` and ``lower`` have the same positions.

    With ``loose``, what is asked or supposed counts like what is stated.
    """

    def __init__(self, text: str, *, loose: bool = False) -> None:
        composed = unicodedata.normalize("NFC", text[:LONGEST]).replace("\r\n", "\n")
        self.text = own_words(_INVISIBLE.sub("", composed).replace("\r", "\n"))
        self.lower = _lowered(self.text)
        self.loose = loose

    @cached_property
    def has_digit(self) -> bool:
        return any(character in self.lower for character in "0123456789")

    @cached_property
    def _clause_ends(self) -> list[int]:
        return [match.start() for match in _CLAUSE_END.finditer(self.lower)]

    @cached_property
    def _clause_starts(self) -> list[int]:
        return [match.end() for match in _CLAUSE_END.finditer(self.lower)]

    @cached_property
    def _sentences(self) -> list[tuple[int, bool]]:
        """Where sentences end, and whether each is a question."""
        found = []
        for match in _SENTENCE_END.finditer(self.lower):
            following = self.text[match.end() : match.end() + 1]
            if match.group() == "\n" and following.islower():
                continue
            found.append((match.start(), "?" in match.group()))
        return [*found, (len(self.lower), False)]

    @cached_property
    def _sentence_ends(self) -> list[int]:
        return [end for end, _ in self._sentences]

    def clause(self, start: int, end: int | None = None) -> tuple[int, int]:
        """Where the clause around a place begins and ends."""
        ends = self._clause_ends
        before = bisect_left(ends, start)
        after = bisect_left(ends, start if end is None else end)
        first = self._clause_starts[before - 1] if before else 0
        return first, ends[after] if after < len(ends) else len(self.lower)

    def sentence(self, start: int) -> tuple[int, int, bool]:
        """Where the sentence around a place begins and ends, and whether it is a question."""
        index = min(bisect_left(self._sentence_ends, start), len(self._sentences) - 1)
        first = self._sentence_ends[index - 1] + 1 if index else 0
        end, asked = self._sentences[index]
        return first, end, asked

    def around(self, start: int, end: int) -> tuple[str, str]:
        """The rest of the clause before and after a place, as far as it is near."""
        first, last = self.clause(start, end)
        before = self.lower[max(first, start - _NEAR) : start]
        return before, self.lower[end : min(last, end + _NEAR)]

    def line(self, position: int) -> tuple[int, int]:
        """Where the line of a place begins and ends."""
        first = self.lower.rfind("\n", 0, position) + 1
        last = self.lower.find("\n", position)
        return first, len(self.lower) if last < 0 else last

    def states(self, start: int, end: int, *, one_of_several: bool = False) -> bool:
        """Whether what stands here is stated: not denied, not an alternative (unless it may be one
        of several), and (unless loose) neither asked nor supposed nor past."""
        before, after = self.around(start, end)
        if _NEGATED_BEFORE.search(before) or _NEGATED_AFTER.search(after):
            return False
        first, last, asked = self.sentence(start)
        if not one_of_several and self._is_alternative(start, end, first, last):
            return False
        if self.loose:
            return True
        if any(each.search(before) or each.search(after) for each in (_SUPPOSED, _NOT_ANY_MORE)):
            return False
        asked = asked or bool(_ASKS_WITHOUT_MARK.search(self.lower[first : first + 60]))
        return not asked or self._told_before_question(first, last, start)

    def _is_alternative(self, start: int, end: int, first: int, last: int) -> bool:
        return bool(
            _ALTERNATIVE_BEFORE.search(self.lower[max(first, start - _NEAR) : start])
            or _ALTERNATIVE_AFTER.search(self.lower[end : max(end, min(last, end + _NEAR))])
        )

    def _told_before_question(self, first: int, last: int, start: int) -> bool:
        """In "wir haben 85 Mitglieder, was kostet das?" the first half is told, not asked."""
        sentence = self.lower[first:last]
        if _REQUESTS.search(sentence[:400]):
            return True
        if not _TELLS.search(sentence):
            return False
        ends = self._clause_ends
        begin = first
        for index in range(bisect_right(ends, first), len(ends)):
            if begin > start:
                break
            if _ASKS.search(self.lower[begin : begin + 60]):
                return False
            begin = self._clause_starts[index]
        return start < begin <= last

    def finditer(self, pattern: re.Pattern[str]) -> Iterator[re.Match[str]]:
        """The first places that match; a message that has more repeats itself."""
        return islice(pattern.finditer(self.lower), _MOST_PLACES)


def _lowered(text: str) -> str:
    lower = text.lower()
    if len(lower) == len(text):
        return lower
    return "".join(small if len(small := each.lower()) == 1 else each for each in text)


_SENTENCE_BEFORE = 120
_THIRD_PARTY = any_word("message.third_party")


def is_of_third_party(message: SearchedText, position: int) -> bool:
    """Whether the sentence up to this place speaks of a third party."""
    first, _, _ = message.sentence(position)
    return bool(
        _THIRD_PARTY.search(message.lower[max(first, position - _SENTENCE_BEFORE) : position])
    )

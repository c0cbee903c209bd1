"""Names of people: salutation, first and last name in the orders people write them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from bot.language.off_topic import is_not_knowing, is_small_talk, names_an_organisation
from bot.language.reading import Option, Reading, ask_back, ok, reject
from bot.language.wording import (
    flat,
    folded,
    forms,
    listed,
    pattern,
    phrases,
    shown,
    unquoted,
    words,
)
from bot.texts import text as german

_SALUTATIONS = forms("names.salutations")
_TITLES = phrases("names.titles")
_PARTICLES = frozenset(listed("names.particles"))
_STARTING_PARTICLES = _PARTICLES - {"der", "den", "das", "und", "dem", "bin", "ben"}
_INTRODUCTION = pattern("names.introduction", re.IGNORECASE)
_ROLE = pattern("names.role", re.IGNORECASE)
_POLITE = pattern("names.polite", re.IGNORECASE)
_BORN = re.compile(r"[,(]?\s*\bgeb(?:\.|oren[er]?)?\s+(?:am\s+)?[\w.-]+\)?", re.IGNORECASE)
_LABELLED = pattern("names.labelled", re.IGNORECASE)
_NO_NAMES = phrases("names.no_names")
_NAME_WORD = re.compile(r"^[^\W\d_][^\W\d_'’.-]*(?:[-'’.][^\W\d_]+\.?)*\.?$")


@dataclass(frozen=True)
class Name:
    """What was said of a person; parts that were not said are empty.

    ``swapped``: the last name may stand first. ``several``: these may be two people. ``guessed``:
    nothing but their order says that these words are names.
    """

    first: str = ""
    last: str = ""
    salutation: str = ""
    swapped: bool = False
    several: bool = False
    guessed: bool = False

    def fields(self, prefix: str) -> dict[str, str]:
        """The parts as fields with this prefix."""
        parts = {"last_name": self.last, "first_name": self.first, "salutation": self.salutation}
        return {f"{prefix}{part}": value for part, value in parts.items() if value}


@lru_cache(maxsize=1)
def _first_names() -> frozenset[str]:
    """Common first names, folded; they only help to notice a last name in front."""
    path = Path(__file__).with_name("first_names.txt")
    return frozenset(folded(line) for line in path.read_text(encoding="utf-8").split())


def read_person_name(text: str, prefix: str = "representative_") -> Reading:
    """A dict with ``last_name`` and ``first_name``, and ``salutation`` if it was given."""
    name = parse_name(text)
    if name is None or not (name.first or name.last):
        return reject("name.not_understood", said=shown(text))
    if "&" in text or (re.search(r"\b(und|oder|sowie)\b", text) and " von und zu " not in text):
        return ask_back("name.several")
    if name.several:
        return ask_back("name.several")
    if name.first and len(name.last.strip(".")) < 2:
        return _incomplete("name.no_last", Name(first=name.first))
    if len(name.first.strip(".")) < 2:
        return _incomplete("name.no_first", name)
    if name.swapped:
        other = Name(name.last, name.first, name.salutation)
        options = [Option(_title(each), each.fields(prefix)) for each in (other, name)]
        return ask_back("name.which_is_first", *options)
    if name.guessed:
        title = _title(name)
        return ask_back("name.meant", Option(title, name.fields(prefix)), name=title)
    return ok(name.fields(prefix), "name.understood", first=name.first, last=name.last)


def _incomplete(key: str, name: Name) -> Reading:
    return ask_back(key, name=name.last or name.first)


def _title(name: Name) -> str:
    return german("reading.name.title", first=name.first, last=name.last)


def read_salutation(text: str, prefix: str = "representative_") -> Reading | None:
    """The salutation, with the whole name if it was given too; ``None`` if none is found."""
    tokens = words(text)
    found = {_SALUTATIONS[token] for token in tokens if token in _SALUTATIONS}
    if (
        len(found) != 1
        or len(tokens) < 2
        or any(token in ("nicht", "kein", "keine") for token in tokens)
    ):
        return None
    name = parse_name(text)
    salutation = next(iter(found))
    if name is None or (not name.last and not name.first):
        return None
    shown_name = f"{german(f'choices.representative_salutation.{salutation}.title')} {name.last}"
    if not name.first or not name.last or name.swapped:
        return ok(
            {f"{prefix}salutation": salutation}, "choice.understood", title=shown_name.split()[0]
        )
    return ok(name.fields(prefix), "name.understood", first=name.first, last=name.last)


def parse_name(text: str) -> Name | None:
    """The parts of a name, or ``None`` if the text is none."""
    line = unquoted(flat(text).replace(";", ",")).strip(" .,;!")
    line = _BORN.sub("", _POLITE.sub("", line)).strip(" .,;!")
    if is_small_talk(line) or is_not_knowing(line) or names_an_organisation(line):
        return None
    bare = _ROLE.sub("", _INTRODUCTION.sub("", line)).strip(" .,;!()")
    if re.search(r"[\d@<>{}/\\_]", bare):
        return None
    return _by_labels(line) or _by_order(bare)


def _by_labels(line: str) -> Name | None:
    """Reads "Vorname: Anna, Nachname: Müller", in either order."""
    marks = list(_LABELLED.finditer(line))
    labels = [(mark["label"] or mark["bare"]).lower() for mark in marks]
    if not any(label.startswith("vorname") for label in labels) or len(marks) != 2:
        return None
    ends = [mark.start() for mark in marks[1:]] + [len(line)]
    parts = {}
    for mark, label, end in zip(marks, labels, ends):
        key = "first" if label.startswith("vorname") else "last"
        parts[key] = _cased(_stripped(line[mark.end() : end].strip(" ,;:").split())[0])
    if not all(parts.values()):
        return None
    return Name(" ".join(parts["first"]), " ".join(parts["last"]))


def _by_order(line: str) -> Name | None:
    parts = [part.strip() for part in line.split(",") if part.strip()]
    if len(parts) > 3 or not parts:
        return None
    salutation = ""
    groups: list[list[str]] = []
    for part in parts:
        tokens, found = _stripped(part.split())
        salutation = salutation or found
        if tokens:
            groups.append(tokens)
    if not groups:
        return Name(salutation=salutation) if salutation else None
    if len(groups) == 2:
        groups = _particles_in_front(*groups)
    if len(groups) > 2 or not all(map(_is_name, groups)) or _reads_as_prose(groups[0]):
        return None
    if len(groups) == 2:
        last, first = (" ".join(_cased(group)) for group in groups)
        two = all(len(group) > 1 and is_first_name(group[0]) for group in groups)
        return Name(first, last, salutation, several=two)
    return _split(groups[0], salutation)


def _particles_in_front(last: list[str], first: list[str]) -> list[list[str]]:
    """In "Leyen, Ursula von der" the particles belong to the last name."""
    kept = list(first)
    while len(kept) > 1 and kept[-1].lower() in _PARTICLES:
        kept.pop()
    return [first[len(kept) :] + last, kept]


def _stripped(tokens: list[str]) -> tuple[list[str], str]:
    """The tokens without salutation and academic titles, and the salutation."""
    salutation = ""
    kept: list[str] = []
    for token in tokens:
        key = folded(token).strip(".")
        if not kept and key in _SALUTATIONS:
            salutation = _SALUTATIONS[key]
        elif _short(token) or not all(part in _TITLES for part in re.split(r"[.-]", key) if part):
            kept.append(token)
    return kept, salutation


def _short(token: str) -> bool:
    """Whether it is an initial such as "H.", and no part of "Dr. h. c."."""
    return len(token.strip(".")) == 1 and token[0].isupper()


def _is_name(tokens: list[str]) -> bool:
    if not tokens or len(tokens) > 7:
        return False
    named = [token for token in tokens if token.lower() not in _PARTICLES]
    if not named or not all(_NAME_WORD.match(each) for each in tokens):
        return False
    if tokens[-1].lower() in _PARTICLES - {"graf", "baron", "da", "do", "ben"}:
        return False
    return not any(word in _NO_NAMES for token in named for word in words(token)) and any(
        len(token.strip(".")) > 1 for token in named
    )


def _split(tokens: list[str], salutation: str) -> Name:
    if len(tokens) > 1 and tokens[0] in ("der", "den"):
        tokens = tokens[1:]
    cased = _cased(tokens)
    if len(tokens) == 1:
        first_only = not salutation and folded(tokens[0]) in _first_names()
        return Name(first=cased[0]) if first_only else Name("", cased[0], salutation)
    shouted = [len(token.strip(".")) > 1 and token.isupper() for token in tokens]
    if shouted[0] and not any(shouted[1:]):
        return Name(" ".join(cased[1:]), cased[0], salutation)
    at = _start_of_last_name(tokens)
    if at == 0:
        return Name("", " ".join(cased), salutation)
    first, last = " ".join(cased[:at]), " ".join(cased[at:])
    small = all(token.islower() for token in tokens) and not salutation
    guessed = small and not any(map(is_first_name, tokens))
    return Name(first, last, salutation, swapped=_looks_swapped(tokens), guessed=guessed)


def is_first_name(token: str) -> bool:
    """Whether this, or a part of it such as in "Karl-Heinz", is a common first name."""
    return bool(set(folded(token).split("-")) & _first_names())


def _reads_as_prose(tokens: list[str]) -> bool:
    """As in "schönes Wetter": the first word is typed small, and another one is not."""
    front = tokens[0]
    if not front.islower() or front in _PARTICLES or is_first_name(front):
        return False
    return any(token[:1].isupper() for token in tokens)


def _start_of_last_name(tokens: list[str]) -> int:
    for index, token in enumerate(tokens):
        if token.lower() not in _STARTING_PARTICLES or (index == 0 and not token.islower()):
            continue
        double = index > 1 and token.lower() in ("zu", "zur", "zum")
        return index - 1 if double and folded(tokens[index - 1]) not in _first_names() else index
    return len(tokens) - 1


def _looks_swapped(tokens: list[str]) -> bool:
    """As in "Müller Anna": the last word is a common first name and the first one is none."""
    if len(tokens) != 2:
        return False
    front, back = (set(re.split(r"-", folded(token))) for token in tokens)
    return bool(back & _first_names()) and not front & _first_names()


def cased_name(text: str) -> str:
    """A name with capital letters where it was typed all small or all large."""
    return " ".join(_cased(text.split()))


def _cased(tokens: list[str]) -> list[str]:
    """Capital letters as names have them, where all was typed small or all large."""
    everything_shouted = all(token.isupper() for token in tokens if len(token) > 1)
    return [_one_cased(token, everything_shouted) for token in tokens]


def _one_cased(token: str, everything_shouted: bool) -> str:
    if token.lower() in _PARTICLES and (token.islower() or everything_shouted):
        return token.lower()
    if token.islower() or (token.isupper() and len(token.strip(".")) > 1):
        return re.sub(
            r"[^\W\d_]+", lambda part: part.group()[:1].upper() + part.group()[1:].lower(), token
        )
    return token

"""Short references that survive being read out, written down and typed in again."""

from __future__ import annotations

import re
import secrets

# Of 0 O D, 1 I L, 2 Z, 5 S, 6 G, 8 B and U V at most one is here, and there are no vowels, so that
# no word comes about. The number of characters is prime: the check character then notices every
# single wrong character and every two that changed places.
ALPHABET = "3479CFGHJKMNPRTVWXY"
PREFIX = "KS"
_BODY = 7
_SHAPE = re.compile(rf"{PREFIX}-[{ALPHABET}]{{4}}-[{ALPHABET}]{{4}}")


def new_reference() -> str:
    """A random reference such as ``KS-7M4X-94TR``."""
    body = "".join(secrets.choice(ALPHABET) for _ in range(_BODY))
    return _grouped(body + _check_character(body))


def is_reference(value: str) -> bool:
    """Whether ``value`` is a reference as we write it, with its check character right."""
    if not _SHAPE.fullmatch(value):
        return False
    characters = value[len(PREFIX) :].replace("-", "")
    return _check_character(characters[:-1]) == characters[-1]


def read_reference(typed: str) -> str | None:
    """The reference that somebody typed, with or without prefix, hyphens, blanks and capitals.

    ``None`` if it cannot be one.
    """
    characters = re.sub(r"[\W_]", "", typed).upper()
    if len(characters) == len(PREFIX) + _BODY + 1:
        characters = characters.removeprefix(PREFIX)
    reference = _grouped(characters)
    return reference if is_reference(reference) else None


def _grouped(characters: str) -> str:
    return f"{PREFIX}-{characters[:4]}-{characters[4:]}"


def _check_character(body: str) -> str:
    weighted = sum(
        place * ALPHABET.index(character) for place, character in enumerate(body, start=2)
    )
    return ALPHABET[weighted % len(ALPHABET)]

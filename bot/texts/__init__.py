"""The catalogue of everything people read, apart from the responses in ``domain.yml``.

One YAML file a topic; a text is named by its file and its path in it: ``questions.club_name.ask``.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).parent


class MissingText(KeyError):
    """The catalogue holds nothing under this name."""


@cache
def _file(name: str) -> Any:
    path = FOLDER / f"{name}.yml"
    if not path.is_file():
        raise MissingText(name)
    return yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)


@cache
def entry(key: str) -> Any:
    """The text, list or mapping under ``key``.

    Raises:
        MissingText: there is none.
    """
    name, *path = key.split(".")
    found = _file(name)
    for step in path:
        try:
            found = found[step]
        except (KeyError, TypeError):
            raise MissingText(key) from None
    return found


def has(key: str) -> bool:
    """Whether the catalogue holds something under ``key``."""
    try:
        entry(key)
    except MissingText:
        return False
    return True


def text(key: str, **parameters: object) -> str:
    """The German text under ``key`` with its ``{parameters}`` filled in.

    Raises:
        MissingText: there is none, or it is not a single text.
        KeyError: the text names a parameter that was not given.
    """
    found = entry(key)
    if not isinstance(found, str):
        raise MissingText(key)
    return (found.format(**parameters) if parameters else found).strip()

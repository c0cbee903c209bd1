"""Fields of plain values, checked as a whole: pydantic takes longer for each item of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any

from pydantic.validators import dict_validator, list_validator

Check = Callable[[Any], Any]


def _named(values: dict[Any, Any]) -> dict[str, Any]:
    _check_texts(values)
    # As with pydantic's own, what is given may change later.
    return values.copy()


def _named_texts(values: dict[Any, Any]) -> dict[str, str]:
    _check_texts(values.values())
    return _named(values)


def _texts(values: list[Any]) -> list[str]:
    _check_texts(values)
    return values.copy()


def _check_texts(values: Iterable[Any]) -> None:
    if not all(isinstance(each, str) for each in values):
        raise TypeError("not only texts")


if TYPE_CHECKING:
    Named = dict[str, Any]
    NamedTexts = dict[str, str]
    Texts = list[str]
else:

    class Named:
        """Any values by name."""

        @classmethod
        def __get_validators__(cls) -> Iterator[Check]:
            yield from (dict_validator, _named)

    class NamedTexts:
        """Texts by name."""

        @classmethod
        def __get_validators__(cls) -> Iterator[Check]:
            yield from (dict_validator, _named_texts)

    class Texts:
        """Texts in their order."""

        @classmethod
        def __get_validators__(cls) -> Iterator[Check]:
            yield from (list_validator, _texts)

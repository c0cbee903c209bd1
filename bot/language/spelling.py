"""Typing errors: how far a word is from one that would be understood."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property


def distance(one: str, other: str) -> int:
    """Insertions, deletions, substitutions and swaps of neighbours between two words."""
    before_last: list[int] = []
    last = list(range(len(other) + 1))
    for i, left in enumerate(one, start=1):
        current = [i]
        for j, right in enumerate(other, start=1):
            cost = min(last[j] + 1, current[j - 1] + 1, last[j - 1] + (left != right))
            if i > 1 and j > 1 and left == other[j - 2] and one[i - 2] == right:
                cost = min(cost, before_last[j - 2] + 1)
            current.append(cost)
        before_last, last = last, current
    return last[-1]


def within(one: str, other: str, most: int) -> bool:
    """Whether two words are at most so many errors apart."""
    # An error adds or takes one letter at most, or puts one in the place of another.
    if abs(len(one) - len(other)) > most or len(set(one) ^ set(other)) > 2 * most:
        return False
    return distance(one, other) <= most


def tolerance(word: str) -> int:
    """How many errors still leave a word of this length recognisable."""
    if len(word) < 5:
        return 0
    return 1 if len(word) < 8 else 2


class Vocabulary:
    """Words that are recognised in spite of typing errors.

    Two words that differ by few errors become the same when each loses as many letters; so the
    words are kept under all that is left of them, and none has to be compared with all others.
    """

    def __init__(self, words: Iterable[str]) -> None:
        self._words = tuple(sorted({word for word in words if tolerance(word)}))

    @cached_property
    def _by_remainder(self) -> dict[str, tuple[str, ...]]:
        found: dict[str, list[str]] = {}
        for word in self._words:
            for remainder in _remainders(word):
                found.setdefault(remainder, []).append(word)
        return {remainder: tuple(each) for remainder, each in found.items()}

    @cached_property
    def _longest(self) -> int:
        return max(map(len, self._words), default=0) + tolerance("a" * 8)

    def closest(self, word: str) -> frozenset[str]:
        """The known words nearest to a mistyped one, as far as it stays recognisable.

        More than one means that it could be either.
        """
        if not tolerance(word) or len(word) > self._longest:
            return frozenset()
        near = {known for each in _remainders(word) for known in self._by_remainder.get(each, ())}
        recognisable = {
            known: distance(word, known)
            for known in near
            if within(word, known, min(tolerance(word), tolerance(known)))
        }
        fewest = min(recognisable.values(), default=0)
        return frozenset(known for known, count in recognisable.items() if count == fewest)


def _remainders(word: str) -> set[str]:
    """The word without any letters that the tolerated errors may have touched, and whole."""
    found = shorter = {word}
    for _ in range(tolerance(word)):
        shorter = {each[:at] + each[at + 1 :] for each in shorter for at in range(len(each))}
        found = found | shorter
    return found

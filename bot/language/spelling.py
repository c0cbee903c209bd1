"""Typing errors: how far a word is from one that would be understood."""

from __future__ import annotations

from collections.abc import Iterable


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


def tolerance(word: str) -> int:
    """How many errors still leave a word of this length recognisable."""
    if len(word) < 5:
        return 0
    return 1 if len(word) < 8 else 2


def closest(word: str, known: Iterable[str]) -> frozenset[str]:
    """The known words nearest to a mistyped one, as far as it stays recognisable.

    More than one means that it could be either.
    """
    best: set[str] = set()
    limit = tolerance(word)
    for candidate in known:
        allowed = min(limit, tolerance(candidate))
        if allowed == 0 or abs(len(candidate) - len(word)) > allowed:
            continue
        errors = distance(word, candidate)
        if errors > allowed:
            continue
        if errors < limit:
            best.clear()
            limit = errors
        best.add(candidate)
    return frozenset(best)

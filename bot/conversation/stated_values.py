"""Where in a correction its new value stands: "die Mitgliederzahl ist jetzt 240" states "240"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.application.questions import Question, question_for
from bot.conversation.mentions import names
from bot.language.wording import folded_in_place, pattern

_OPENING = pattern("stated_values.opening")
_BETWEEN = pattern("stated_values.between")
_CLOSING = pattern("stated_values.closing")
_CONTRASTS = tuple(
    re.compile(pattern)
    for pattern in (
        r"\bnicht\b.*?\bsondern\b\s*(?P<new>.+)$",
        r"\bvon\b.+?\bauf\b\s*(?P<new>.+)$",
        r"^\W*(?:statt|anstatt)\s+\S+\s+(?P<new>.+)$",
        r"(?P<new>.+?)\s+(?:statt|anstatt|nicht|ned|net)\b(?:(?!sondern).)*$",
    )
)


def value_words(words: str, target: Question) -> Iterator[str]:
    """The parts of a correction that may be the new value, the likeliest first."""
    folded = folded_in_place(words)
    if target.also_fills:
        yield _inner(words)
    for name, key in names():
        if question_for(key) is not target or name not in folded:
            continue
        match = re.search(rf"(?<!\w){re.escape(name)}\w*", folded)
        if not match:
            continue
        before, after = words[: match.start()], words[match.end() :]
        if not _DENIED.search(folded_in_place(after)):
            if target.kind.control == "yes_no":
                yield _bare(after)
            yield from trimmed(after)
        number = _LAST_NUMBER.search(before)
        if number:
            yield number.group()
        yield from trimmed(before)
        if target.kind.control != "choice":
            return
        break
    yield from trimmed(words)


_DENIED = re.compile(r"^\W*(?:nicht|ned|net|nich|kein\w*)\b")
_LAST_NUMBER = re.compile(r"(?<!\S)\d[\d.]*(?=\s*$)")


def trimmed(words: str) -> Iterator[str]:
    """The value without the words that only correct; both sides of a contrast."""
    folded = folded_in_place(words)
    for contrast in _CONTRASTS:
        found = contrast.search(folded)
        if found:
            yield _inner(words[found.start("new") : found.end("new")])
            break
    yield _inner(words)


def _inner(words: str) -> str:
    """Without the words around a value: "bitte auf 240 ändern" becomes "240"."""
    folded = folded_in_place(words)
    start = 0
    for each in (_OPENING, _BETWEEN):
        match = each.match(folded[start:])
        start += match.end() if match else 0
    end = _CLOSING.search(folded)
    return _bare(words[start : end.start() if end and end.start() > start else len(words)])


_FULL_STOP = re.compile(r"(?<=\w{3})[.!]+$")


def _bare(words: str) -> str:
    """Without the punctuation around it, but with the dots of "e.V."."""
    return _FULL_STOP.sub("", words.strip(" ,:;")).strip(" ,:;")

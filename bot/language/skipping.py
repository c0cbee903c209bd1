"""Leaving an optional question out, and handing a document in later."""

from __future__ import annotations

import re

from bot.language.wording import (
    flat,
    folded,
    is_one_of,
    lexicon,
    pattern,
    phrase,
    phrases,
    phrases_by_field,
    words,
)

_SKIPS = phrases("skipping.skips")
_SKIPS_BY_FIELD = {
    field: _SKIPS | own for field, own in phrases_by_field("skipping.skips_by_field").items()
}
_LATER = phrases("skipping.later")
_DENIALS = lexicon("nicht|kein|keine|keinen|nie")
_NONE_OF_IT = pattern("skipping.none_of_it")
_PROMISE = pattern("skipping.promise")
_HAS_BEEN_SENT = re.compile(r"\bhab(?:e|en)?\b.*\bnachge|\bnachge\w+ hab")
_NOT_AT_HAND = pattern("skipping.not_at_hand")
_KEEPS = phrases("skipping.keeps")
_KEEPS_IF_NEEDED = phrases("skipping.keeps_if_needed")
_UNCHANGED = phrases("skipping.unchanged")
_TEXT_IS_ENOUGH = phrases("skipping.text_is_enough")


def reads_as_skip(text: str, field: str) -> bool:
    """Whether the text leaves an optional question unanswered on purpose."""
    if not words(text):
        return flat(text) in ("-", "--", "---", "/", ".", "...", "x", "∅")
    if _NONE_OF_IT.match(folded(text)):
        return True
    known = _SKIPS_BY_FIELD.get(field, _SKIPS)
    spoken = {phrase(text), " ".join(words(text))}
    return any(each in known for line in spoken for each in (line, _core(line)))


def _core(line: str) -> str:
    """Without what people put around it: "ne, sind noch kein Mitglied", "hab kein Handy mehr"."""
    return _TRAILING.sub("", _LEADING.sub("", line))


_LEADING = re.compile(
    r"^(?:nein|ne|nee|no|na|wir) (?=\S+ \S|\S{6,})(?:hab(?:e|en)? )?|^hab(?:e|en)? "
)
_TRAILING = re.compile(r" (?:mehr|das|da|danke|bitte|jetzt|grad|gerade)$")


def reads_as_later(text: str) -> bool:
    """Whether the text promises a document for later."""
    if phrase(text) in _LATER or _NOT_AT_HAND.search(folded(text)):
        return True
    found = set(words(text))
    if found & _DENIALS or _HAS_BEEN_SENT.search(folded(text)):
        return False
    return bool(_PROMISE.search(folded(text))) and len(found) <= 14


def reads_as_keep(text: str, *, needed: bool) -> bool:
    """Whether an answer that was called up is to stay as it is.

    "nein" leaves an optional question out; where an answer is ``needed`` it keeps the old one.
    """
    return is_one_of(text, _KEEPS | _KEEPS_IF_NEEDED if needed else _KEEPS)


def reads_as_unchanged(text: str) -> bool:
    """Whether a change request leaves this as it is in the contract."""
    return is_one_of(text, _KEEPS | _UNCHANGED)


def reads_as_text_is_enough(text: str) -> bool:
    """Whether the text says that what was written before serves instead of a document."""
    return phrase(text) in _TEXT_IS_ENOUGH

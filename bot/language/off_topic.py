"""Recognising what is no answer: questions, commands, insults, payloads, small talk.

What to do about them is the dialogue's business; the readers only keep them from becoming a value.
"""

from __future__ import annotations

import re

from bot.language.wording import flat, folded, is_one_of, phrases, spaced, words

_PAYLOAD = re.compile(r"^\s*/\S|^\s*(answer|command|pick|confirm|topic):\S|\{\{|\{%", re.IGNORECASE)
_MARKUP = re.compile(
    r"<\s*[/!]?\s*[a-z][a-z0-9]*(?:\s[^>]*)?/?>|<\s*script|<!--|javascript:|&#\w+;|"
    r"&(?:lt|gt|amp|quot|nbsp);",
    re.IGNORECASE,
)

_QUESTION_WORDS = phrases("off_topic.question_words")
_VERBS_AFTER_QUESTION_WORD = phrases("off_topic.verbs_after_question_word")
_QUESTION_OPENINGS = phrases("off_topic.question_openings")
_OPENINGS_OF_EITHER = phrases("off_topic.openings_of_either")
_COMMANDS = phrases("off_topic.commands")
_INSULTS = phrases("off_topic.insults")
_INSULT_PHRASES = spaced(phrases("off_topic.insult_phrases"))
_SMALL_TALK = phrases("off_topic.small_talk")
_NOT_KNOWING = phrases("off_topic.not_knowing")
_NAME_MARKERS = spaced(phrases("off_topic.name_markers"))
_NAMING = re.compile(r"(verein|verband|club|klub|gesellschaft|bund)\b")
_REGISTERED_AT_END = re.compile(r"(?<!\w)e(?:\.\s?|\s)?v\.?$")


def is_payload(text: str) -> bool:
    """Whether the text looks like something only a channel may send."""
    return bool(_PAYLOAD.search(text))


def is_markup(text: str) -> bool:
    """Whether the text holds HTML or script."""
    return bool(_MARKUP.search(text))


def is_command(text: str) -> bool:
    """Whether the whole text asks the assistant to do something instead of answering."""
    return is_one_of(text, _COMMANDS)


def is_insult(text: str) -> bool:
    """Whether a short text is an insult or a curse."""
    found = words(text)
    if not found or len(found) > 8:
        return False
    line = f" {' '.join(found)} "
    return not _INSULTS.isdisjoint(found) or any(each in line for each in _INSULT_PHRASES)


def is_small_talk(text: str) -> bool:
    """Whether the whole text is a greeting, thanks or a bare yes or no."""
    return is_one_of(text, _SMALL_TALK)


def is_not_knowing(text: str) -> bool:
    """Whether the whole text says that the answer is not known, or the question not understood."""
    return is_one_of(text, _NOT_KNOWING)


def opens_like_question(text: str) -> bool:
    """Whether the text begins as a question does, with or without a question mark."""
    found = words(text)
    if not found:
        return False
    if found[0] in _QUESTION_WORDS:
        return True
    return " ".join(found[:2]) in _QUESTION_OPENINGS


def may_be_request(text: str) -> bool:
    """Whether the text begins like "Kann ich später weitermachen", which statements rarely do."""
    found = words(text)
    return len(found) >= 4 and " ".join(found[:2]) in _OPENINGS_OF_EITHER


def is_question(text: str) -> bool:
    """Whether the text is surely a question: not "Wie im Himmel e.V.", but "was heißt das"."""
    found = words(text)
    if not found:
        return "?" in text
    line = flat(text)
    opening = " ".join(found[:2])
    if line.endswith("?"):
        return len(line.split()) >= 3 or opens_like_question(text) or opening in _OPENINGS_OF_EITHER
    if opening in _QUESTION_OPENINGS and len(found) >= 3:
        return True
    if found[0] not in _QUESTION_WORDS:
        return False
    return len(found) == 1 or found[1] in _VERBS_AFTER_QUESTION_WORD


def names_an_organisation(text: str) -> bool:
    """Whether the text carries a word that only names of organisations have."""
    line = f" {' '.join(words(text))} "
    return any(each in line for each in _NAME_MARKERS) or bool(_NAMING.search(folded(text)))


def ends_in_a_club(text: str) -> bool:
    """Whether the text ends in "e.V.": then a club's name stands there, and no place or street."""
    return bool(_REGISTERED_AT_END.search(flat(text).lower().rstrip(" ,;!")))

"""Wording by which a message is told for a question, a correction or a what-if.

Looked for in what ``folded_in_place`` makes of a text: small letters, umlauts as one letter.
"""

from __future__ import annotations

import re

from bot.language.wording import pattern

QUESTION_WORDS = (
    r"was|wat|wos|wie|wia|wieso|warum|weshalb|wozu|wof(?:u|ue)r|f(?:u|ue)r was|wann|wer|wem|wen|"
    r"wo|woher|wohin|worin|welche[rsmn]?|wieviel|gibt es|sind sie|ist das|bist du|erklae?r\w*"
)
_LINKS = r"aber|und|ach|ue?brigens|eigentlich"
QUESTION_START = re.compile(rf"^\W*(?:{_LINKS}|moment)?\W*(?:{QUESTION_WORDS})\b")
ASKING_WORD = (
    r"was|wie|wieso|warum|weshalb|wozu|wof(?:u|ue)r|wann|wer|wem|wo|woher|welche\w?|bis wann"
)
BREAK = re.compile(
    r"\s*[,;–—]\s*|\s+-\s+|(?<=[.!?])\s+|\n+"
    rf"|\s+(?=(?:(?:{_LINKS})\s+)*(?:{ASKING_WORD}|bist|sind sie)\b)"
)
CONNECTING = re.compile(rf"^(?:(?:{_LINKS}|noch)\b\W*)+")
LEADING_ON = re.compile(
    rf"(?:^|\s+)(?:(?:{_LINKS}|also|noch|oder|denn|na|nun|nur|dann|so|hm+|ae?h+m?)\b\W*)+$"
)
CORRECTING = pattern("cue_phrases.correcting")
CONTRADICTING = pattern("cue_phrases.contradicting")
PREFERRING = pattern("cue_phrases.preferring")
PRICE = pattern("cue_phrases.price")
SUPPOSING = pattern("cue_phrases.supposing")
NO_AND_MORE = pattern("cue_phrases.no_and_more")
QUESTION_WORD = re.compile(rf"\b(?:{ASKING_WORD})\b")
WHETHER_NEEDED = pattern("cue_phrases.whether_needed")

"""Wording by which a message is told for a question, a correction or a what-if.

Looked for in what ``folded_in_place`` makes of a text: small letters, umlauts as one letter.
"""

from __future__ import annotations

import re

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
CORRECTING = re.compile(
    r"^\W*(?:ich mein|korrektur|korrigier|falsch|ae?ndern|ae?ndere|halt[,.! ]|quatsch|"
    r"(?:sorry|entschuldigung|ups|upps)[,.! ]|ich hab\w* mich "
    r"(?:vertippt|vertan|verschrieben|geirrt))"
    r"|\bhab\w* mich (?:vertippt|vertan|verschrieben|geirrt)\b"
    r"|\bstimm\w* (?:so |noch |was |etwas )?nich\w*\b|\bfalsch\b|\bsondern\b|\bstatt\b|"
    r"\bae?ndern\b|\bkorrigier|"
    r"\bverbessern\b|\bvertippt\b|\bmeinte\b"
)
CONTRADICTING = re.compile(r"^\W*(?:doch|nein|nee?|noe?)\b\W+\w")
PREFERRING = re.compile(r"\b(?:doch|lieber|anders|geandert|neu)\b")
PRICE = re.compile(
    r"\bwas (?:kostet|kosten|wue?rde|wae?re|macht das|zahl)|"
    r"\bwie ?viel (?:kostet|kosten|wae?re|zahl|macht)|"
    r"\bpreis|\bkosten\b|\bkostet|\bkosts?\b|\b(?:billiger|gue?nstiger)\b.*\?"
)
SUPPOSING = re.compile(
    r"^\W*(?:und|oder)?\s*(?:mit|bei|ohne|als|fue?r|wenn|was wae?re|monatlich|viertel|halb)"
)
NO_AND_MORE = re.compile(
    r"^\W*(?:nein|ne|nee|noe?|doch)\b\W+.*(?:@|stras?se|str\. ?\d|\b[a-z]{2}\d{2}\b|\d{6})"
)
QUESTION_WORD = re.compile(rf"\b(?:{ASKING_WORD})\b")
WHETHER_NEEDED = re.compile(
    r"^(?!.*\b(?:was|wie|wo|wann|welche\w*)\b).*(?:"
    r"\bohne\b|\b(?:muss|brauch\w*|benotig\w*)\b.*\b(?:das|die|den|ich|wir|man|sein|angeben)\b"
    r"|\b(?:pflicht\w*|freiwillig|zwingend|optional|notig|notwendig|weglassen|uberspringen)\b"
    r").*\?"
)

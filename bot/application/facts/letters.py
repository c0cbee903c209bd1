"""What of a letter or e-mail its writer says about the club: no quoted messages, no signature of a
broker, whose address and telephone are not the club's."""

from __future__ import annotations

from bot.application.facts.patterns import compiled

_LONGEST_HEAD_LINE = 260
_LONGEST_SIGNATURE = 15
_QUOTED_MESSAGE = compiled(
    r"^\s*-+\s*(?:ursprüngliche|original)\W?\s*(?:nachricht|message)"
    r"|^\s*am\s[^\n]{4,120}\bschrieb\b[^\n]{0,80}:\s*$"
)
_CLOSING = compiled(
    r"^\s*(?:mit\s+)?(?:(?:freundlich|best|viel|herzlich|lieb|schön|sonnig"
    r"|sportlich)\w*\s+)+(?:grüße?n?|gruß)\b"
    r"|^\s*(?:mfg|lg|vg|bg|gruß|grüße)\b"
)
_BROKER = compiled(
    r"makler|versicherungsbüro|versicherungsagentur|versicherungsdienst|versicherungsvermitt"
    r"|vermittler"
    r"|generalagentur|assekuranz|finanzberat|finanzdienst|generalvertretung|versicherungskontor"
)


def own_words(text: str) -> str:
    """The text without the messages that it answers and without a broker's signature."""
    if "\n" not in text:
        return text
    lines = text.split("\n")
    own = [line for line in lines if not line.lstrip().startswith(">")]
    if not any(line.strip() for line in own):
        own = lines
    return "\n".join(_without_broker(_without_older(own)))


def _without_older(lines: list[str]) -> list[str]:
    """The lines before the message that is answered; a letter that begins with one is kept."""
    begun = False
    for index, line in enumerate(lines):
        if begun and _QUOTED_MESSAGE.search(line[:_LONGEST_HEAD_LINE].lower()):
            return lines[:index]
        begun = begun or bool(line.strip())
    return lines


def _without_broker(lines: list[str]) -> list[str]:
    for index in range(len(lines) - 1, -1, -1):
        if not _CLOSING.search(lines[index][:80].lower()):
            continue
        signature = lines[index + 1 : index + 1 + _LONGEST_SIGNATURE]
        if any(_BROKER.search(line[:_LONGEST_HEAD_LINE].lower()) for line in signature):
            return lines[: index + 1] + lines[index + 1 + _LONGEST_SIGNATURE :]
    return lines

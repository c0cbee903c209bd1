"""What follows the form: documents, the protocol, the notices in full."""

from __future__ import annotations

from typing import Any

from reportlab.platypus import PageBreak, Spacer

from bot.application.display import display
from bot.handoff.pdf.content import Content, clock_time, day, moment
from bot.handoff.pdf.layout import (
    WIDTH,
    Flowables,
    framed,
    paragraph,
    paragraphs,
    pieces,
    section,
)
from bot.handoff.protocol import entries_by_question, title_of
from bot.texts import has, text

_HASH_SHOWN = 12


def document_parts(content: Content) -> Flowables:
    """The documents that came with the application and those still to come."""
    rows = [
        [
            paragraph(title_of(each["kind"])),
            paragraph(each["name"]),
            paragraph(text("pdf.documents.kilobytes", count=-(-each["size"] // 1000))),
            paragraph(text("pdf.documents.received")),
        ]
        for each in content.envelope["documents"]
    ]
    rows += [
        [
            paragraph(title_of(kind)),
            "",
            "",
            paragraph(text("pdf.documents.outstanding"), "strong"),
        ]
        for kind in content.derived["outstanding_documents"]
    ]
    if not rows:
        if content.request_type != "application":
            return []
        nothing = framed([[paragraph(text("pdf.documents.none"))]], [WIDTH])
        return section(text("pdf.documents.title"), nothing)
    columns = ("kind", "file", "size", "state")
    head = [paragraph(text(f"pdf.documents.{name}"), "column") for name in columns]
    shares = (0.3, 0.38, 0.12, 0.2)
    table = framed([head, *rows], [WIDTH * share for share in shares], head=True)
    return section(text("pdf.documents.title"), table)


def change_parts(content: Content) -> Flowables:
    """Old and new of a change request, entry by entry."""
    changed = content.envelope.get("changes")
    if not changed:
        return []
    columns = ("field", "old", "new")
    rows = [[paragraph(text(f"pdf.changes.{name}"), "column") for name in columns]]
    rows += [
        [
            paragraph(title_of(each["field"])),
            paragraph(_old(content, each)),
            paragraph(display(each["field"], each["new"], mask=content.draft), "strong"),
        ]
        for each in changed
    ]
    table = framed(rows, [WIDTH * share for share in (0.3, 0.35, 0.35)], head=True)
    return section(text("pdf.changes.title"), table)


def _old(content: Content, change: dict[str, Any]) -> str:
    if not change["old_known"]:
        return text("pdf.changes.unknown")
    if change["old"] is None:
        return text("pdf.changes.none")
    return display(change["field"], change["old"], mask=content.draft)


def protocol_parts(content: Content) -> Flowables:
    """Every question and answer with its time and version, on pages of their own."""
    if not content.envelope["evidence"]:
        return []
    columns = ("event", "item", "answer")
    rows: list[list[Any]] = [
        [paragraph(text(f"pdf.protocol.{name}"), "column") for name in columns]
    ]
    channels = list(dict.fromkeys(each["channel"] for each in content.envelope["evidence"]))
    several = len(channels) > 1
    rows += [
        row
        for entries in entries_by_question(content.envelope)
        for row in _protocol_rows(entries, several)
    ]
    shares = (0.235, 0.425, 0.34)
    table = framed(rows, [WIDTH * share for share in shares], head=True)
    seal = text("pdf.protocol.seal", seal=content.envelope["seal"]["value"])
    return [
        PageBreak(),
        *section(
            text("pdf.protocol.title"),
            paragraph(text("pdf.protocol.intro"), "small"),
            paragraph(_channels_named(channels), "small"),
            Spacer(1, 3),
            table,
            Spacer(1, 4),
            paragraph(seal, "small"),
        ),
    ]


def _channels_named(channels: list[str]) -> str:
    return text("pdf.protocol.channel", channels=", ".join(map(_channel, channels)))


def _channel(name: str) -> str:
    key = f"pdf.protocol.channels.{name}"
    return text(key) if has(key) else name


def _protocol_rows(entries: list[dict[str, Any]], several_channels: bool) -> list[list[Any]]:
    """One row; a long answer goes on in further rows."""
    first_piece, *more = pieces("\n".join(_answers(entries)))
    rows = [[*_asked(entries, several_channels), paragraph("\n".join(first_piece))]]
    return rows + [["", "", paragraph("\n".join(piece))] for piece in more]


def _asked(entries: list[dict[str, Any]], several_channels: bool) -> list[Any]:
    first = entries[0]
    item: list[Any] = [paragraph(first["title"])]
    if first["wording"] and first["kind"] == "asked":
        item.append(paragraph(first["wording"], "small"))
    if first["kind"] == "shown" and first["wording"]:
        item.append(paragraph(text("pdf.protocol.see_notices"), "label"))
    if first["version"]:
        item.append(paragraph(_version(first), "label"))
    events = "\n".join(f"{clock_time(each['at'])} {each['event']}" for each in _distinct(entries))
    when = f"{day(first['at'])} {events}"
    if several_channels:
        when += "\n" + ", ".join(dict.fromkeys(_channel(each["channel"]) for each in entries))
    return [paragraph(when, "small"), item]


def _distinct(entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """One entry for answers to the same question at the same time."""
    return list({(each["at"], each["event"]): each for each in entries}.values())


def _answers(entries: list[dict[str, Any]]) -> list[str]:
    given = [each for each in entries if each["answer"] is not None]
    if len(given) == 1:
        return [given[0]["answer"]]
    return [f"{each['title']}: {each['answer']}" for each in given]


def _version(entry: dict[str, Any]) -> str:
    if not entry["wording_hash"]:
        return text("pdf.protocol.version", version=entry["version"])
    digest = entry["wording_hash"][:_HASH_SHOWN]
    return text("pdf.protocol.version_and_hash", version=entry["version"], hash=digest)


def notice_parts(content: Content) -> Flowables:
    """The notices that were shown, word for word."""
    shown: dict[str, str] = {}
    for entry in content.envelope["evidence"]:
        if entry["kind"] == "shown" and entry["wording_hash"]:
            shown.setdefault(entry["wording_hash"], entry["at"])
    notices = [each for each in content.envelope["wordings"] if each["sha256"] in shown]
    if not notices:
        return []
    parts: Flowables = []
    for each in notices:
        when = moment(shown[each["sha256"]])
        details = text("pdf.notices.version", version=each["version"], at=when, hash=each["sha256"])
        parts += [
            paragraph(each["title"], "subheading"),
            paragraph(details, "details"),
            *paragraphs(each["text"], "small"),
        ]
    return section(text("pdf.notices.title"), *parts)

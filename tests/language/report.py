"""``make nlu-report``: how well the assistant understands what people type.

``python -m language.report [theme …]`` with ``tests`` on the path; without themes, everything.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path

from language.evaluation import HOLDOUT, Outcome, read_cases, themes
from language.understanding import (
    Figures,
    assistant,
    bare,
    confusions,
    learned_texts,
)

from bot.server.logs import configure

_BEGIN, _END = "<!-- figures -->", "<!-- end of figures -->"
_HEAD = (
    "| messages about | number | right | wrong value stored | intent | stored | topics |",
    "|---|--:|--:|--:|--:|--:|--:|",
)


def row(name: str, figures: Figures) -> str:
    """One line of the table, in Markdown."""
    shares = (
        figures.right,
        figures.wrong_value,
        figures.intent,
        figures.stored,
        figures.topics,
    )
    cells = " | ".join(f"{share:.1%}" for share in shares)
    return f"| {name} | {figures.messages} | {cells} |"


def table(outcomes: Sequence[Outcome]) -> Iterable[str]:
    """The figures by theme, the evaluation set in all, and the holdout by itself."""
    by_theme: dict[str, list[Outcome]] = defaultdict(list)
    for each in outcomes:
        by_theme[each.case.theme].append(each)
    held_out = by_theme.pop(HOLDOUT, [])
    yield from _HEAD
    for theme, found in by_theme.items():
        yield row(theme.replace("_", " "), Figures.of(found))
    if by_theme:
        measured = [each for found in by_theme.values() for each in found]
        yield row("**all**", Figures.of(measured))
        learned = learned_texts()
        new = [each for each in measured if bare(each.case.text) not in learned]
        yield row("of these not among the examples learned from", Figures.of(new))
    if held_out:
        yield row("holdout", Figures.of(held_out))


def confusion_table(outcomes: Sequence[Outcome]) -> Iterable[str]:
    """Which intent was taken for which, the most frequent first."""
    yield "| meant | taken for | times |"
    yield "|---|---|--:|"
    for (meant, taken), times in confusions(outcomes).most_common():
        yield f"| {meant} | {taken} | {times} |"


def failures(outcomes: Sequence[Outcome]) -> Iterable[str]:
    """Everything that is not right, by what is wrong about it."""
    by_fault: dict[str, list[Outcome]] = defaultdict(list)
    for each in outcomes:
        if each.fault:
            by_fault[each.fault].append(each)
    for fault in ("action failed", "wrong value stored", "value not stored", "intent", "topics"):
        if by_fault[fault]:
            yield f"\n{fault} ({len(by_fault[fault])})"
        yield from (_described(each) for each in by_fault[fault])


def _described(outcome: Outcome) -> str:
    case = outcome.case
    parts = [f"  {case.place} [{case.open}] {case.text!r}:"]
    if not outcome.intent_right:
        parts.append(f"{outcome.intent}, not {'/'.join(case.intents)};")
    if not outcome.stored_right:
        parts.append(f"stored {_json(outcome.stored)}, not {_json(case.stores[0])};")
    if not outcome.topics_right:
        expected = ["/".join(sorted(each)) for each in case.topics or ()]
        parts.append(f"topics {list(outcome.topics)}, not {expected}")
    return " ".join(parts)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def put_into(document: Path, figures: Sequence[str]) -> None:
    """Replace the figures between the marks of a Markdown document.

    Raises:
        ValueError: the document has no such marks.
    """
    text = document.read_text(encoding="utf-8")
    before, found, rest = text.partition(_BEGIN)
    _, found_too, after = rest.partition(_END)
    if not (found and found_too):
        raise ValueError(f"{document} has no marks {_BEGIN} and {_END}")
    lines = [before + _BEGIN, *figures, _END + after]
    document.write_text("\n".join(lines), encoding="utf-8")


def main(arguments: Sequence[str]) -> int:
    """Print the report; the exit code tells nothing about the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("themes", nargs="*", help="only these files of tests/language/messages")
    parser.add_argument("--failures", type=Path, help="write the list of failures here")
    parser.add_argument("--document", type=Path, help="put the figures into this document")
    parser.add_argument("--no-holdout", action="store_true", help="leave the holdout alone")
    chosen = parser.parse_args(arguments)
    names = chosen.themes or themes() + ([] if chosen.no_holdout else [HOLDOUT])
    cases = read_cases(*names)
    configure("ERROR")
    with assistant() as asked:
        started = time.perf_counter()
        outcomes = [asked.outcome(case, case.place) for case in cases]
        seconds = time.perf_counter() - started
    measured = [each for each in outcomes if each.case.theme != HOLDOUT] or outcomes
    listed = list(failures(measured))
    if chosen.failures:
        chosen.failures.write_text("\n".join(listed) + "\n", encoding="utf-8")
    if chosen.document:
        put_into(chosen.document, list(table(outcomes)))
    timing = ["", f"{len(outcomes)} messages in {seconds:.1f} s"]
    for lines in (table(outcomes), [""], confusion_table(measured), listed, timing):
        sys.stdout.write("\n".join(lines) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

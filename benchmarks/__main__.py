"""``python -m benchmarks``: stock Rasa, this product and a bare handler, side by side in one go.

With ``--beside`` also another checkout of this product, such as the one before a change.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median

import httpx

from benchmarks.figures import AT_ONCE, Extras, Figures, Speed, medians_by_turn
from benchmarks.load import Measured, Plan
from benchmarks.people import TURNS_PER_ROUND, Applicant
from benchmarks.processes import busy, machine
from benchmarks.report import EARLY, LATE, document, plot
from benchmarks.subjects import Floor, Product, Stock, Subject
from bot.settings import PROJECT

THINKING_SECONDS = 10.0
PDF_TURNS = 36


@dataclass(frozen=True)
class Extent:
    """How long is measured; conversations up to turn ``LATE`` by set-up."""

    rounds: int
    seconds: dict[str, float]
    long_conversations: dict[str, int]
    last_turn: int
    people: int
    people_seconds: float
    pdfs: int


FULL = Extent(
    rounds=7,
    seconds={"stock": 6.0, "product": 4.0, "floor": 1.5},
    long_conversations={"stock": 1, "product": 5, "floor": 5},
    last_turn=LATE + 2,
    people=200,
    people_seconds=40.0,
    pdfs=5,
)
QUICK = Extent(
    rounds=1,
    seconds={"stock": 1.0, "product": 1.0, "floor": 0.5},
    long_conversations={"stock": 1, "product": 1, "floor": 1},
    last_turn=EARLY + 2,
    people=10,
    people_seconds=4.0,
    pdfs=1,
)


def main(arguments: Sequence[str]) -> int:
    """Measure everything, print the tables and write them with the plot."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--output", type=Path, default=PROJECT / "docs", help="folder to write to")
    parser.add_argument("--quick", action="store_true", help="only try whether it works")
    parser.add_argument(
        "--beside",
        type=Path,
        metavar="CHECKOUT",
        help="measure another checkout of this product, with the .venv in it, in the same run",
    )
    parser.add_argument("--without-stock", action="store_true", help="leave stock Rasa out")
    given = parser.parse_args(arguments)
    began, load_before = time.monotonic(), busy()
    extent = QUICK if given.quick else FULL
    folder = Path(tempfile.mkdtemp(prefix="benchmark-"))
    subjects = _subjects(given, folder)
    try:
        all_figures, extras = _measure(subjects, extent)
    finally:
        for subject in subjects:
            subject.stop()
        shutil.rmtree(folder)
    conditions = (
        f"{extent.rounds} rounds; {(time.monotonic() - began) / 60:.0f} minutes; load average "
        f"before: {load_before:.1f} (0 is a quiet machine)."
    )
    text = document(machine(), conditions, all_figures, extras)
    given.output.mkdir(parents=True, exist_ok=True)
    (given.output / "benchmark.md").write_text(text, encoding="utf-8")
    plot(given.output / "benchmark.png", all_figures)
    print(text)
    return 0


def _subjects(given: argparse.Namespace, folder: Path) -> list[Subject]:
    quick: bool = given.quick
    subjects: list[Subject] = [] if given.without_stock else [Stock(folder, quick=quick)]
    subjects += [Product(folder, quick=quick), Floor(folder, quick=quick)]
    if given.beside is not None:
        subjects.append(Product(folder, quick=quick, checkout=given.beside.resolve()))
    return subjects


def _measure(subjects: list[Subject], extent: Extent) -> tuple[list[Figures], Extras]:
    all_figures = [Figures(subject.title, subject.kind) for subject in subjects]
    for subject, figures in zip(subjects, all_figures):
        _tell(f"{subject.title}: training and starting, twice")
        subject.prepare()
        figures.training = subject.training_seconds
        figures.first_start = subject.start_to_first_answer()
        subject.stop()
        figures.second_start = subject.start_to_first_answer()
        if subject.kind == "stock" and figures.training is not None:
            # `rasa run` does not train by itself.
            figures.first_start += figures.training
    for number in range(extent.rounds):
        for at_once in AT_ONCE:
            # Next to each other: a machine that others use is faster in one minute than the next.
            for subject, figures in zip(subjects, all_figures):
                _tell(f"round {number + 1}: {subject.title}, {at_once} at once")
                figures.speeds[at_once].append(_speed(subject, at_once, extent))
    for subject, figures in zip(subjects, all_figures):
        _tell(f"{subject.title}: long conversations")
        _long_conversations(subject, figures, extent)
        figures.memory = subject.memory()
    product = next(each for each in subjects if isinstance(each, Product))
    return all_figures, _extras(product, extent)


def _speed(subject: Subject, at_once: int, extent: Extent) -> Speed:
    before = subject.processor_seconds()
    plan = Plan(subject.kind, subject.address, at_once, seconds=extent.seconds[subject.kind])
    measured = _crowd(plan)
    return Speed.of(measured, subject.processor_seconds() - before)


def _long_conversations(subject: Subject, figures: Figures, extent: Extent) -> None:
    count = extent.long_conversations[subject.kind]
    plan = Plan(subject.kind, subject.address, turns=extent.last_turn, conversations=count)
    figures.by_turn = medians_by_turn(_crowd(plan).turns)
    before = subject.stored_bytes()
    _crowd(Plan(subject.kind, subject.address, conversations=count))
    figures.stored_per_conversation = (subject.stored_bytes() - before) / count


def _extras(product: Subject, extent: Extent) -> Extras:
    _tell("PDFs, and people who think")
    times, size = _pdfs(product.address, extent.pdfs)
    thinking = THINKING_SECONDS if extent is FULL else 1.0
    plan = Plan(
        product.kind,
        product.address,
        at_once=extent.people,
        turns=10 * TURNS_PER_ROUND,
        seconds=extent.people_seconds,
        thinking=thinking,
    )
    before = product.processor_seconds()
    measured = _crowd(plan)
    speed = Speed.of(measured, product.processor_seconds() - before)
    return Extras(median(times) * 1000, size, extent.people, thinking, speed)


def _pdfs(address: str, count: int) -> tuple[list[float], int]:
    times, size = [], 0
    token = asyncio.run(_filled_in(address))
    with httpx.Client(base_url=address, headers={"Authorization": token}) as http:
        for _ in range(count):
            began = time.perf_counter()
            size = len(http.get("/webhooks/widget/application.pdf").raise_for_status().content)
            times.append(time.perf_counter() - began)
    return times, size


async def _filled_in(address: str) -> str:
    with closing(Applicant(address)) as person:
        await person.arrive()
        while person.turns < PDF_TURNS:
            await person.turn()
        return person.token


def _crowd(plan: Plan) -> Measured:
    run = subprocess.run(
        [sys.executable, "-m", "benchmarks.load", json.dumps(asdict(plan))],
        cwd=PROJECT,
        stdout=subprocess.PIPE,
        check=True,
    )
    found = json.loads(run.stdout)
    turns = [(int(number), float(seconds)) for number, seconds in found.pop("turns")]
    return Measured(turns, **found)


def _tell(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

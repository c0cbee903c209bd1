"""The table and the plot of a benchmark."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.figures import AT_ONCE, Extras, Figures, median_ratio
from benchmarks.people import TURNS_PER_ROUND

EARLY, LATE = 5, 5 + 5 * TURNS_PER_ROUND


def document(machine: str, conditions: str, all_figures: Sequence[Figures], extras: Extras) -> str:
    """The whole document in Markdown."""
    stock = next((each for each in all_figures if each.kind == "stock"), None)
    return "\n".join(
        [
            "# Benchmark",
            "",
            "Written by `make bench`. Compared are stock Rasa: pipeline and policies of "
            "`rasa init`, a form of 37 questions with its validation in an action server, SQLite, "
            "the REST channel, on the Python and the packages that Rasa demands; this product "
            "through the API of its widget, with validation, drafts, evidence and SQLite; a bare "
            "Sanic handler with the same commit. Each runs in fresh processes; in each round they "
            "are measured next to each other, and medians of rounds count: a ratio is the median "
            "of the rounds' ratios. A round of a conversation is "
            f"{TURNS_PER_ROUND} turns for stock Rasa and for the product.",
            "",
            f"Machine: {machine}. {conditions}",
            "",
            "## Targets",
            "",
            *_targets([each for each in all_figures if each.kind == "product"], stock, extras),
            "",
            "## Figures",
            "",
            *_figures(all_figures),
            "",
            *_extras(extras),
            "",
            "![Turns a second, and time by turn number](benchmark.png)",
            "",
            "How the milliseconds are spent is in [profile.md](profile.md).",
            "",
        ]
    )


@dataclass(frozen=True)
class Target:
    """A figure of the product; ``most`` and ``least`` are the bounds that it has to keep."""

    name: str
    form: str
    measure: Callable[[Figures], float]
    most: float | None = None
    least: float | None = None

    def line(self, products: Sequence[Figures]) -> str:
        """The row of the table: the product first, others beside it."""
        values = [self.measure(each) for each in products]
        bound = (
            f"≥ {self.form.format(self.least)}"
            if self.least is not None
            else f"≤ {self.form.format(self.most)}"
        )
        written = " | ".join(self.form.format(value) for value in values)
        reached = "yes" if self._keeps(values[0]) else "no"
        return f"| {self.name} | {written} | {bound} | {reached} |"

    def _keeps(self, value: float) -> bool:
        above = self.least is None or value >= self.least
        return above and (self.most is None or value <= self.most)


def _targets(products: Sequence[Figures], stock: Figures | None, extras: Extras) -> list[str]:
    titles = " | ".join(each.title for each in products)
    lines = [f"| | {titles} | target | reached |", "|---|" + "--:|" * (len(products) + 1) + "---|"]
    targets = [*(_beside_stock(stock) if stock else ()), *_ALONE]
    lines += [target.line(products) for target in targets]
    if extras.thinking_speed is not None:
        waiting = extras.thinking_speed.p95
        name = f"p95 with {extras.people} people who think {extras.thinking:.0f} s on average"
        others = " – |" * (len(products) - 1)
        reached = "yes" if waiting < 300 else "no"
        lines.append(f"| {name} | {waiting:.0f} ms |{others} < 300 ms | {reached} |")
    if stock is not None:
        growth = stock.around(LATE) / stock.around(EARLY)
        lines += [
            "",
            f"Turn {LATE} of stock Rasa takes {growth:.1f} times as long as turn {EARLY}.",
        ]
    return lines


def _beside_stock(stock: Figures) -> list[Target]:
    return [
        Target(
            "turns a second at 8 at once, times those of stock Rasa",
            "{:.1f}×",
            lambda each: median_ratio(each.speeds[8], stock.speeds[8], "turns_per_second"),
            least=25,
        ),
        Target(
            "median time alone, stock Rasa's as multiple of it",
            "{:.1f}×",
            lambda each: median_ratio(stock.speeds[1], each.speeds[1], "p50"),
            least=20,
        ),
    ]


_ALONE = (
    Target(
        f"turn {LATE} to turn {EARLY}",
        "{:.2f}×",
        lambda each: each.around(LATE) / each.around(EARLY),
        most=1.2,
    ),
    Target("memory of all processes", "{:.0f} MB", lambda each: each.memory, most=450),
    Target("second start to first answer", "{:.1f} s", lambda e: e.second_start or 0.0, most=6),
    Target("training", "{:.1f} s", lambda each: each.training or 0.0, most=20),
)


def _figures(all_figures: Sequence[Figures]) -> list[str]:
    titles = " | ".join(each.title for each in all_figures)
    lines = [f"| | {titles} |", "|---|" + "--:|" * len(all_figures)]

    def row(name: str, form: str, values: Sequence[float | None]) -> None:
        written = [form.format(value) if value is not None else "–" for value in values]
        lines.append(f"| {name} | {' | '.join(written)} |")

    for n in AT_ONCE:
        row(f"turns/s, {n} at once", "{:.1f}", [f.speed(n).turns_per_second for f in all_figures])
    for n in AT_ONCE:
        speeds = [f.speed(n) for f in all_figures]
        for name in ("p50", "p95", "p99"):
            row(f"{name}, {n} at once (ms)", "{:.1f}", [getattr(each, name) for each in speeds])
        row(f"processor time a turn, {n} at once (ms)", "{:.1f}", [e.processor for e in speeds])
        row(f"that of the people who ask, {n} at once (ms)", "{:.1f}", [e.crowd for e in speeds])
    for turn in (EARLY, LATE):
        row(f"turn {turn} (ms)", "{:.1f}", [f.around(turn) for f in all_figures])
    row("memory of all processes (MB)", "{:.0f}", [f.memory for f in all_figures])
    row("training (s)", "{:.1f}", [f.training for f in all_figures])
    first = "first start to first answer, training included (s)"
    row(first, "{:.1f}", [f.first_start for f in all_figures])
    row("second start to first answer (s)", "{:.1f}", [f.second_start for f in all_figures])
    stored = [f.stored_per_conversation / 1000 for f in all_figures]
    row(f"stored for {TURNS_PER_ROUND} turns (kB)", "{:.1f}", stored)
    return lines


def _extras(extras: Extras) -> list[str]:
    lines = [
        f"A PDF of an application with all answers so far: {extras.pdf_milliseconds:.0f} ms, "
        f"{extras.pdf_bytes / 1000:.0f} kB."
    ]
    speed = extras.thinking_speed
    if speed is not None:
        lines.append(
            f"{extras.people} people at once who think {extras.thinking:.0f} s on average: "
            f"{speed.turns_per_second:.1f} turns/s, p50 {speed.p50:.0f} ms, "
            f"p95 {speed.p95:.0f} ms, p99 {speed.p99:.0f} ms."
        )
    return lines


def plot(path: Path, all_figures: Sequence[Figures]) -> None:
    """Turns a second, and time by turn number, as a picture."""
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot

    figure, (rates, times) = pyplot.subplots(1, 2, figsize=(11, 4.2))
    width = 0.8 / len(all_figures)
    for position, each in enumerate(all_figures):
        middle = position - (len(all_figures) - 1) / 2
        places = [index + middle * width for index in range(len(AT_ONCE))]
        heights = [each.speed(n).turns_per_second for n in AT_ONCE]
        bars = rates.bar(places, heights, width * 0.93, label=each.title)
        rates.bar_label(bars, [f"{height:.0f}" for height in heights], fontsize=8)
        times.plot(list(each.by_turn), list(each.by_turn.values()), label=each.title)
    rates.set_xticks(range(len(AT_ONCE)), [f"{n} at once" for n in AT_ONCE])
    rates.set_ylabel("turns a second (log)")
    rates.set_yscale("log")
    times.set_xlabel("turn of a conversation")
    times.set_ylabel("milliseconds (log)")
    times.set_yscale("log")
    for axes in (rates, times):
        # Above: inside, it would lie on the tallest bars.
        axes.legend(frameon=False, fontsize=8, loc="lower left", bbox_to_anchor=(0, 1), ncol=2)
        axes.spines[["top", "right"]].set_visible(False)
    figure.tight_layout()
    figure.savefig(path, dpi=110)
    pyplot.close(figure)

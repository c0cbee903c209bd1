"""The table and the plot of a benchmark."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from benchmarks.figures import AT_ONCE, Extras, Figures, median_ratio
from benchmarks.people import TURNS_PER_ROUND

EARLY, LATE = 5, 5 + 5 * TURNS_PER_ROUND


def document(
    machine: str, conditions: str, stock: Figures, product: Figures, floor: Figures, extras: Extras
) -> str:
    """The whole document in Markdown."""
    return "\n".join(
        [
            "# Benchmark",
            "",
            "Written by `make bench`. Compared are (a) stock Rasa: pipeline and policies of "
            "`rasa init`, a form of 37 questions with its validation in an action server, SQLite, "
            "the REST channel; (b) this product through the API of its widget, with validation, "
            "drafts, evidence and SQLite; (c) a bare Sanic handler with the same commit. Each runs "
            "in fresh processes; in each round they are measured next to each other, and medians "
            "of rounds count: a ratio is the median of the rounds' ratios. "
            f"A round of a conversation is {TURNS_PER_ROUND} turns for (a) and (b).",
            "",
            f"Machine: {machine}. {conditions}",
            "",
            "## Targets",
            "",
            *_targets(stock, product, extras),
            "",
            "## Figures",
            "",
            *_figures([stock, product, floor]),
            "",
            *_extras(extras),
            "",
            "![Turns a second, and time by turn number](benchmark.png)",
            "",
            "How the milliseconds are spent is in [profile.md](profile.md).",
            "",
        ]
    )


def _targets(stock: Figures, product: Figures, extras: Extras) -> list[str]:
    faster = median_ratio(product.speeds[8], stock.speeds[8], "turns_per_second")
    sooner = median_ratio(stock.speeds[1], product.speeds[1], "p50")
    growth = product.around(LATE) / product.around(EARLY)
    stock_growth = stock.around(LATE) / stock.around(EARLY)
    waiting = extras.thinking_speed.p95 if extras.thinking_speed else 0.0
    second, training = product.second_start or 0.0, product.training or 0.0
    rows = [
        ("turns a second at 8 at once, (b) to (a)", faster, "≥ 20", faster >= 20, "{:.1f}×"),
        ("median time alone, (a) to (b)", sooner, "≥ 15", sooner >= 15, "{:.1f}×"),
        (f"turn {LATE} to turn {EARLY} of (b)", growth, "≤ 1.2", growth <= 1.2, "{:.2f}×"),
        ("memory of (b)", product.memory, "≤ 700 MB", product.memory <= 700, "{:.0f} MB"),
        ("second start of (b) to the first answer", second, "≤ 10 s", second <= 10, "{:.1f} s"),
        ("training of (b)", training, "≤ 20 s", training <= 20, "{:.1f} s"),
        (
            f"p95 with {extras.people} people who think {extras.thinking:.0f} s on average",
            waiting,
            "< 300 ms",
            waiting < 300,
            "{:.0f} ms",
        ),
    ]
    lines = ["| | measured | target | reached |", "|---|--:|--:|---|"]
    for name, value, target, reached, form in rows:
        lines.append(f"| {name} | {form.format(value)} | {target} | {'yes' if reached else 'no'} |")
    lines += ["", f"Turn {LATE} of (a) takes {stock_growth:.1f} times as long as turn {EARLY}."]
    return lines


def _figures(all_figures: Sequence[Figures]) -> list[str]:
    titles = " | ".join(f"({letter}) {f.title}" for letter, f in zip("abc", all_figures))
    lines = [f"| | {titles} |", "|---|--:|--:|--:|"]

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
    for position, each in enumerate(all_figures):
        places = [index + (position - 1) * 0.27 for index in range(len(AT_ONCE))]
        heights = [each.speed(n).turns_per_second for n in AT_ONCE]
        bars = rates.bar(places, heights, 0.25, label=each.title)
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
        axes.legend(frameon=False, fontsize=8, loc="lower left", bbox_to_anchor=(0, 1), ncol=3)
        axes.spines[["top", "right"]].set_visible(False)
    figure.tight_layout()
    figure.savefig(path, dpi=110)
    pyplot.close(figure)

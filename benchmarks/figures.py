"""What is measured of each set-up, and what counts of several rounds: the median."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, fields
from statistics import median

from benchmarks.load import Measured

AT_ONCE = (1, 8, 32)


@dataclass(frozen=True)
class Speed:
    """One measurement: turns a second, milliseconds by percentile, processor milliseconds.

    ``crowd`` are the processor milliseconds a turn of those who ask: they use the same cores.
    """

    turns_per_second: float
    p50: float
    p95: float
    p99: float
    processor: float
    crowd: float

    @classmethod
    def of(cls, measured: Measured, processor_seconds: float) -> Speed:
        times = sorted(seconds * 1000 for _, seconds in measured.turns)
        return cls(
            turns_per_second=len(times) / measured.seconds,
            p50=percentile(times, 50),
            p95=percentile(times, 95),
            p99=percentile(times, 99),
            processor=processor_seconds * 1000 / len(times),
            crowd=measured.processor_seconds * 1000 / len(times),
        )

    @classmethod
    def median(cls, speeds: Sequence[Speed]) -> Speed:
        return cls(*(median(getattr(s, each.name) for s in speeds) for each in fields(cls)))


def median_ratio(over: Sequence[Speed], under: Sequence[Speed], name: str) -> float:
    """How many times a figure of ``under`` that of ``over`` is: the median of the rounds."""
    ratio: float = median(getattr(a, name) / getattr(b, name) for a, b in zip(over, under))
    return ratio


@dataclass
class Figures:
    """Everything about one set-up; times in seconds unless said otherwise."""

    title: str
    kind: str
    speeds: dict[int, list[Speed]] = field(default_factory=lambda: defaultdict(list))
    by_turn: dict[int, float] = field(default_factory=dict)
    memory: float = 0.0
    first_start: float | None = None
    second_start: float | None = None
    training: float | None = None
    stored_per_conversation: float = 0.0

    def speed(self, at_once: int) -> Speed:
        return Speed.median(self.speeds[at_once])

    def around(self, turn: int) -> float:
        """Milliseconds of the five turns next to this one."""
        nearest = sorted(self.by_turn, key=lambda number: abs(number - turn))[:5]
        return median(self.by_turn[number] for number in nearest)


@dataclass
class Extras:
    """What only the product has: PDFs, and people who think between their messages."""

    pdf_milliseconds: float = 0.0
    pdf_bytes: int = 0
    people: int = 0
    thinking: float = 0.0
    thinking_speed: Speed | None = None


def percentile(ordered: Sequence[float], part: float) -> float:
    """The value below which ``part`` percent lie."""
    return ordered[min(len(ordered) - 1, round(part / 100 * (len(ordered) - 1)))]


def medians_by_turn(turns: Iterable[tuple[int, float]]) -> dict[int, float]:
    """Milliseconds by turn number."""
    times: dict[int, list[float]] = defaultdict(list)
    for number, seconds in turns:
        times[number].append(seconds * 1000)
    return {number: median(each) for number, each in sorted(times.items())}

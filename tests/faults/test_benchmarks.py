"""The benchmark and the profile run to their end and write what they promise."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.figures import Speed, median_ratio, medians_by_turn, percentile
from benchmarks.load import Measured
from bot.settings import PROJECT


@pytest.mark.timeout(1200)  # trains stock Rasa, too, on a machine that may be busy
def test_the_benchmark_compares_all_three_and_writes_table_and_plot(tmp_path: Path) -> None:
    run = subprocess.run(
        [sys.executable, "-m", "benchmarks", "--quick", "--output", str(tmp_path)],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr[-2000:]
    text = (tmp_path / "benchmark.md").read_text(encoding="utf-8")
    assert text in run.stdout
    for row in ("turns/s, 8 at once", "p99, 32 at once (ms)", "turn 200 (ms)", "training (s)"):
        assert f"| {row} |" in text
    assert "nan" not in text
    assert (tmp_path / "benchmark.png").read_bytes().startswith(b"\x89PNG")


def test_the_profile_accounts_for_the_whole_turn(tmp_path: Path) -> None:
    document = tmp_path / "profile.md"
    document.write_text("before\n<!-- figures -->\nold\n<!-- end of figures -->\nafter\n")
    arguments = ["--document", str(document), "--conversations", "1"]
    subprocess.run(
        [sys.executable, "-m", "benchmarks.profile", *arguments],
        cwd=PROJECT,
        capture_output=True,
        check=True,
    )
    text = document.read_text(encoding="utf-8")
    assert text.startswith("before\n")
    assert text.endswith("after\n")
    assert "old" not in text
    rows = [line.split("|")[2].strip() for line in text.splitlines() if line.startswith("| ")][1:]
    *parts, whole = (float(each.strip("*")) for each in rows)
    assert sum(parts) == pytest.approx(whole, abs=0.01 * len(parts))


def test_figures() -> None:
    turns = [(number, number / 1000) for number in range(1, 101)]
    speed = Speed.of(Measured(turns, seconds=4.0, processor_seconds=0.1), processor_seconds=0.2)
    assert (speed.turns_per_second, speed.processor, speed.crowd) == (25.0, 2.0, 1.0)
    assert (speed.p50, speed.p95, speed.p99) == pytest.approx((51, 95, 99), abs=1)
    assert percentile([5.0], 99) == 5.0
    middle = Speed.median(
        [Speed(1, 5, 0, 0, 0, 0), Speed(3, 1, 0, 0, 0, 0), Speed(2, 2, 0, 0, 0, 0)]
    )
    assert (middle.turns_per_second, middle.p50) == (2, 2)
    fast = [Speed(turns, 0, 0, 0, 0, 0) for turns in (300.0, 150.0, 280.0)]
    slow = [Speed(turns, 0, 0, 0, 0, 0) for turns in (15.0, 5.0, 10.0)]
    assert median_ratio(fast, slow, "turns_per_second") == 28
    assert medians_by_turn([(1, 0.001), (1, 0.003), (2, 0.002)]) == {1: 2.0, 2: 2.0}

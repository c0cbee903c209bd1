"""The benchmark and the profile run to their end and write what they promise."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from benchmarks.figures import (
    AT_ONCE,
    Extras,
    Figures,
    Speed,
    median_ratio,
    medians_by_turn,
    percentile,
)
from benchmarks.load import Measured
from benchmarks.people import TURNS_PER_ROUND
from benchmarks.report import LATE, document
from benchmarks.stock_bot import write_bot
from benchmarks.subjects import STOCK_ENVIRONMENT
from bot.settings import PROJECT


def test_the_benchmark_compares_the_product_and_writes_table_and_plot(tmp_path: Path) -> None:
    arguments = ["--quick", "--without-stock", "--output", str(tmp_path)]
    run = subprocess.run(
        [sys.executable, "-m", "benchmarks", *arguments],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr[-2000:]
    text = (tmp_path / "benchmark.md").read_text(encoding="utf-8")
    assert text in run.stdout
    for row in ("turns/s, 8 at once", "p99, 32 at once (ms)", "training (s)"):
        assert f"| {row} |" in text
    assert "nan" not in text
    assert (tmp_path / "benchmark.png").read_bytes().startswith(b"\x89PNG")


def measured(title: str, kind: str, turns: float, seconds: float) -> Figures:
    speed = Speed(turns, 1000 / turns, 0, 0, 0, 0)
    return Figures(
        title,
        kind,
        speeds={at_once: [speed] for at_once in AT_ONCE},
        by_turn=dict.fromkeys(range(1, LATE + 3), 1000 / turns),
        memory=400,
        second_start=seconds,
        training=10,
    )


def test_what_is_measured_beside_the_product_has_a_column_of_its_own() -> None:
    figures = [
        measured("stock Rasa", "stock", 10, 45),
        measured("this product", "product", 260, 5),
        measured("bare Sanic", "floor", 5000, 0.4),
        measured("product of before", "product", 240, 7),
    ]
    lines = document("a machine", "quiet", figures, Extras()).splitlines()
    assert "| | this product | product of before | target | reached |" in lines
    faster = "turns a second at 8 at once, times those of stock Rasa"
    assert f"| {faster} | 26.0× | 24.0× | ≥ 25.0× | yes |" in lines
    assert "| second start to first answer | 5.0 s | 7.0 s | ≤ 6.0 s | yes |" in lines
    assert "| | stock Rasa | this product | bare Sanic | product of before |" in lines


def test_the_stock_bot_is_what_rasas_documentation_recommends(tmp_path: Path) -> None:
    write_bot(tmp_path, action_port=1, quick=True)
    domain = yaml.safe_load((tmp_path / "domain.yml").read_text(encoding="utf-8"))
    asked = domain["forms"]["application_form"]["required_slots"]
    # With a greeting and a start: as many turns as a round of the product.
    assert len(asked) + 2 == TURNS_PER_ROUND
    assert set(asked) <= set(domain["slots"])
    compile((tmp_path / "actions" / "actions.py").read_text(encoding="utf-8"), "actions", "exec")
    assert (PROJECT / STOCK_ENVIRONMENT[-1]).is_file()


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

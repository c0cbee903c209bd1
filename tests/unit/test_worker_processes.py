"""Worker processes share the jobs, are replaced when they end, and end with the server."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from bot.settings import PROJECT
from tests.worker_scenarios import PATIENCE_SECONDS


@pytest.fixture
def seen(tmp_path: Path) -> Any:
    def run(name: str) -> Any:
        command = [sys.executable, "-m", "tests.worker_scenarios", name, str(tmp_path)]
        done = subprocess.run(
            command, cwd=PROJECT, capture_output=True, text=True, check=False, timeout=120
        )
        assert done.stdout, done.stderr
        return json.loads(done.stdout)

    return run


def test_jobs_of_a_key_go_to_the_same_process(seen: Any) -> None:
    first, second = seen("affinity")
    assert first == second
    assert len(set(first)) == 2


def test_two_jobs_run_side_by_side(seen: Any) -> None:
    assert seen("side_by_side") == [True, True]


def test_a_long_job_holds_up_one_other_at_most(seen: Any) -> None:
    waited, short, long_one = seen("not_held_up")
    assert waited <= 1
    assert short == list(range(20))
    assert long_one is True


def test_jobs_and_results_may_be_large(seen: Any) -> None:
    assert seen("large") is True


@pytest.mark.parametrize("when", ["killed_at_work", "killed_while_idle", "all_killed"])
def test_those_that_end_are_replaced_and_their_job_is_done_again(seen: Any, when: str) -> None:
    assert seen(when) == {"replaced": True, "told": 0}


def test_a_job_that_ends_every_process_is_given_up(seen: Any) -> None:
    assert seen("killed_over_and_over") == {"replaced": True, "told": 1}


def test_those_that_are_left_do_the_jobs_where_nobody_is_replaced(seen: Any) -> None:
    assert seen("not_replaced") == {"left": "by the one that is left", "running": False}


def test_they_leave_signals_to_the_server(seen: Any) -> None:
    before, after = seen("asked_to_stop")
    assert before == after


def test_they_end_when_they_are_let_go(seen: Any) -> None:
    course = seen("closed")
    assert course["running"] is False
    assert all_gone(course["processes"])


def test_they_end_with_the_server_however_that_ended(seen: Any) -> None:
    assert all_gone(seen("server_killed")["processes"])


def all_gone(processes: list[int]) -> bool:
    give_up = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < give_up:
        if not any(map(is_running, processes)):
            return True
        time.sleep(0.05)
    return False


def is_running(process: int) -> bool:
    try:
        os.kill(process, 0)
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False

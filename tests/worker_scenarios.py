"""What worker processes do, each in a fresh interpreter: ``python -m tests.worker_scenarios NAME``.

Prints what was seen as JSON. Processes are forked here and not in pytest's, which has threads.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from bot.worker_processes import WorkerEnded, WorkerProcesses

PATIENCE_SECONDS = 20.0


def work(job: dict[str, Any]) -> Any:
    """Carry out a job as it says."""
    if "touch" in job:
        Path(job["touch"]).touch()
    if "until" in job:
        give_up = time.monotonic() + PATIENCE_SECONDS
        while not Path(job["until"]).exists() and time.monotonic() < give_up:
            time.sleep(0.005)
        return Path(job["until"]).exists()
    if "die" in job or ("die_once" in job and not Path(job["die_once"]).exists()):
        Path(job.get("die_once", os.devnull)).touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return job.get("say", os.getpid())


async def affinity(workers: WorkerProcesses, _folder: Path) -> Any:
    """The processes that have the jobs of each of eight keys, asked twice."""
    asked = [await workers.run(f"key {n % 8}", {}) for n in range(16)]
    return [asked[:8], asked[8:]]


async def side_by_side(workers: WorkerProcesses, folder: Path) -> Any:
    """Two jobs that wait for each other."""
    one, other = str(folder / "one"), str(folder / "other")
    jobs = [{"touch": one, "until": other}, {"touch": other, "until": one}]
    return await asyncio.gather(*(workers.run("same key", job) for job in jobs))


async def not_held_up(workers: WorkerProcesses, folder: Path) -> Any:
    """How many of 20 jobs wait for one of the same key that takes long; then all results."""
    end = str(folder / "end")
    long_one = asyncio.ensure_future(workers.run("key", {"until": end}))
    short = [asyncio.ensure_future(workers.run("key", {"say": n})) for n in range(20)]
    _, left = await asyncio.wait(short, timeout=2)
    Path(end).touch()
    return [len(left), await asyncio.gather(*short), await long_one]


async def large(workers: WorkerProcesses, _folder: Path) -> Any:
    """A job and a result of several megabytes."""
    words = "Verein " * 1_000_000
    return await workers.run("key", {"say": words}) == words


async def killed_at_work(workers: WorkerProcesses, folder: Path) -> Any:
    """A process that ends in the middle of a job, and who has the jobs of its key afterwards."""
    once = {"die_once": str(folder / "died")}
    return await _who_comes_after(workers, lambda _pid: workers.run("key", once))


async def killed_over_and_over(workers: WorkerProcesses, _folder: Path) -> Any:
    """A job that ends every process that has it."""
    return await _who_comes_after(workers, lambda _pid: workers.run("key", {"die": True}))


async def all_killed(workers: WorkerProcesses, _folder: Path) -> Any:
    """All processes, ended at the same moment before the next job."""

    async def kill(_pid: int) -> None:
        for pid in await _both(workers):
            os.kill(pid, signal.SIGKILL)

    return await _who_comes_after(workers, kill)


async def not_replaced(workers: WorkerProcesses, folder: Path) -> Any:
    """What comes of jobs when whoever replaces processes has ended, and then the processes."""
    parent = Path(f"/proc/{await workers.run('key', {})}/stat").read_text().rpartition(")")[2]
    os.kill(int(parent.split()[1]), signal.SIGKILL)
    once = {"die_once": str(folder / "died"), "say": "by the one that is left"}
    course = {"left": await workers.run("key", once)}
    try:
        await workers.run("key", {"die": True})
    except WorkerEnded:
        course["running"] = workers.running
    return course


async def killed_while_idle(workers: WorkerProcesses, _folder: Path) -> Any:
    """The same for one that ended while it had nothing to do."""

    async def kill(pid: int) -> None:
        os.kill(pid, signal.SIGKILL)

    return await _who_comes_after(workers, kill)


async def _who_comes_after(
    workers: WorkerProcesses, kill: Callable[[int], Awaitable[Any]]
) -> dict[str, Any]:
    before = await _both(workers)
    told = 0
    try:
        await kill(await workers.run("key", {}))
    except WorkerEnded:
        told += 1
    after = before[0]
    give_up = time.monotonic() + PATIENCE_SECONDS
    # Until it is replaced, another one may do its jobs.
    while after in before and time.monotonic() < give_up:
        after = await workers.run("key", {})
        await asyncio.sleep(0.02)
    return {"replaced": after not in before, "told": told}


async def asked_to_stop(workers: WorkerProcesses, _folder: Path) -> Any:
    """The signals that end a whole group of processes, sent to one of them."""
    before = await workers.run("key", {})
    for name in (signal.SIGTERM, signal.SIGINT):
        os.kill(before, name)
    return [before, await workers.run("key", {})]


async def closed(workers: WorkerProcesses, _folder: Path) -> Any:
    """All of them, and whether they run after they were let go."""
    family = await _both(workers)
    workers.close()
    return {"processes": family, "running": workers.running}


async def server_killed(workers: WorkerProcesses, _folder: Path) -> Any:
    """All of them; the server is killed after it printed them."""
    family = await _both(workers)
    print(json.dumps({"processes": family}), flush=True)
    os.kill(os.getpid(), signal.SIGKILL)


async def _both(workers: WorkerProcesses) -> list[int]:
    found: set[int] = set()
    while len(found) < 2:
        found |= {await workers.run(f"key {n}", {}) for n in range(8)}
    return sorted(found)


def main(name: str, folder: str) -> int:
    workers = WorkerProcesses(work)
    workers.start(2)

    async def scenario() -> Any:
        await _both(workers)
        return await globals()[name](workers, Path(folder))

    print(json.dumps(asyncio.run(scenario())))
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

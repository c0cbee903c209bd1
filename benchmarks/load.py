"""A crowd of people, in a process of its own: ``python -m benchmarks.load PLAN`` (JSON).

Prints what it measured as JSON.
"""

from __future__ import annotations

import asyncio
import json
import random
import sys
import time
from contextlib import closing
from dataclasses import asdict, dataclass
from typing import Any

import uvloop

from benchmarks.people import PEOPLE, TURNS_PER_ROUND, Person


@dataclass(frozen=True)
class Plan:
    """Who speaks to whom.

    ``at_once`` people, one conversation after the other of ``turns`` messages each, until
    ``seconds`` are over or ``conversations`` are done. Between messages they think for up to
    twice ``thinking`` seconds; all arrive within that time.
    """

    kind: str
    address: str
    at_once: int = 1
    turns: int = TURNS_PER_ROUND
    seconds: float = 3600.0
    conversations: int = 1_000_000
    thinking: float = 0.0


@dataclass(frozen=True)
class Measured:
    """Turns as (number in its conversation from 1, seconds), and how long it all took.

    ``processor_seconds`` are those of the crowd itself.
    """

    turns: list[tuple[int, float]]
    seconds: float
    processor_seconds: float


async def crowd(plan: Plan) -> Measured:
    """Let them speak.

    Raises:
        Mistake: somebody got a wrong answer; nothing that was measured counts then.
    """
    turns: list[tuple[int, float]] = []
    to_begin = iter(range(plan.conversations))
    dice = random.Random(1)  # noqa: S311 - the same thinking times in every run
    began, processor_before = time.perf_counter(), time.process_time()
    end = began + plan.seconds

    async def converse(person: Person) -> None:
        await asyncio.sleep(dice.uniform(0, 2 * plan.thinking))
        await person.arrive()
        while person.turns < plan.turns and time.perf_counter() < end:
            before = time.perf_counter()
            await person.turn()
            turns.append((person.turns, time.perf_counter() - before))
            if plan.thinking:
                await asyncio.sleep(dice.uniform(0, 2 * plan.thinking))

    async def seat() -> None:
        for _ in to_begin:
            if time.perf_counter() >= end:
                return
            with closing(PEOPLE[plan.kind](plan.address)) as person:
                await converse(person)

    await asyncio.gather(*(seat() for _ in range(plan.at_once)))
    processor_seconds = time.process_time() - processor_before
    return Measured(turns, time.perf_counter() - began, processor_seconds)


def main(plan: str) -> int:
    """Carry out a plan and print what was measured."""
    given: dict[str, Any] = json.loads(plan)
    # As with its connections: whatever the crowd computes, the server lacks.
    uvloop.install()
    json.dump(asdict(asyncio.run(crowd(Plan(**given)))), sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

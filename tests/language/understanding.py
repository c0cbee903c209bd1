"""How well messages are understood: the measured figures and the cases behind them."""

from __future__ import annotations

import asyncio
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import yaml
from conversation_driver import NOW, Bot, environment
from language.evaluation import HOLDOUT, Assistant, Case, Outcome, read_cases, themes, usable

from bot.server.logs import configure_structlog
from bot.server.models import ensure_model
from bot.server.quiet import quieten
from bot.settings import PROJECT, settings


@dataclass(frozen=True)
class Figures:
    """Shares of messages, each between 0 and 1."""

    messages: int
    right: float
    wrong_value: float
    intent: float
    stored: float
    topics: float

    @classmethod
    def of(cls, outcomes: Sequence[Outcome]) -> Figures:
        asking = [each for each in outcomes if each.case.topics is not None]
        return cls(
            messages=len(outcomes),
            right=_share(each.right for each in outcomes),
            wrong_value=_share(bool(each.wrong_values) for each in outcomes),
            intent=_share(each.intent_right for each in outcomes),
            stored=_share(each.stored_right for each in outcomes),
            topics=_share(each.topics_right for each in asking),
        )


def _share(findings: Iterator[bool]) -> float:
    found = list(findings)
    return sum(found) / len(found) if found else 1.0


def confusions(outcomes: Sequence[Outcome]) -> Counter[tuple[str, str]]:
    """How often which intent was taken for which other one."""
    return Counter(
        (each.case.intents[0], each.intent) for each in outcomes if not each.intent_right
    )


@contextmanager
def assistant() -> Iterator[Assistant]:
    """The trained assistant with stores of its own, frozen in time."""
    quieten()
    configure_structlog()
    model = ensure_model(PROJECT / "var" / "models", print)
    with tempfile.TemporaryDirectory() as folder:
        variables = {"BOT_DATA_DIR": folder, "BOT_NOW": NOW, "BOT_ACTIONS": "inline"}
        with environment(variables):
            from actions.services import stores
            from bot.engine.agent import load_agent

            stores.cache_clear()
            loop = asyncio.new_event_loop()
            bot = Bot(load_agent(model, settings()), loop)
            asked = Assistant(bot)
            try:
                yield asked
            finally:
                asked.close()
                stores.cache_clear()
                bot.agent.action_endpoint.close()
                loop.close()


def evaluation_set() -> list[Case]:
    """The messages that the pipeline is measured by, checked for their form."""
    return _checked(*themes())


def holdout_set() -> list[Case]:
    """The messages that nobody looked at while working on the pipeline."""
    return _checked(HOLDOUT)


def learned_texts() -> frozenset[str]:
    """The examples that the classifier learned from, without what capital letters change."""
    found = set()
    for file in sorted((PROJECT / "data" / "nlu").glob("*.yml")):
        for block in yaml.safe_load(file.read_text(encoding="utf-8"))["nlu"]:
            lines = str(block.get("examples", "")).splitlines()
            found |= {bare(line.removeprefix("- ")) for line in lines}
    return frozenset(found)


def bare(text: str) -> str:
    """The letters and digits of a text."""
    return "".join(each for each in text.casefold() if each.isalnum())


def _checked(*names: str) -> list[Case]:
    cases = read_cases(*names)
    for case in cases:
        usable(case)
    return cases

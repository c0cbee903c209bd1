"""The training examples: complete, distinct and free of markup."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
import yaml

from bot.texts import entry

ROOT = Path(__file__).parents[2]
COMMANDS = {
    "greet", "goodbye", "thanks", "affirm", "deny", "skip", "go_back", "summary", "cancel",
    "start_over", "erase_data", "pause", "human", "bot_challenge", "insult", "off_topic", "refuse",
    "confused", "explain_why", "explain_how", "more", "start_application", "start_quote",
    "start_change", "compare_prices", "adopt_quote", "submit",
}  # fmt: skip
OPEN_ENDED = {"answer", "correct", "price_question"}


def read_examples() -> dict[str, list[str]]:
    examples: dict[str, list[str]] = {}
    for path in sorted((ROOT / "data" / "nlu").glob("*.yml")):
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
        assert data["version"] == "3.1"
        for block in data["nlu"]:
            assert block["intent"] not in examples, "an intent stands in one place"
            lines = block["examples"].strip().split("\n")
            assert all(line.startswith("- ") for line in lines)
            examples[block["intent"]] = [line.removeprefix("- ") for line in lines]
    return examples


EXAMPLES = read_examples()


def topic_intents() -> set[str]:
    return {topic.get("intent", f"ask_{name}") for name, topic in entry("topics").items()}


def test_every_topic_has_an_intent_and_every_ask_intent_a_topic() -> None:
    asking = {name for name in EXAMPLES if name.startswith("ask_")}
    assert asking == {name for name in topic_intents() if name.startswith("ask_")}
    assert topic_intents() <= set(EXAMPLES)


def test_intents_are_those_agreed() -> None:
    assert set(EXAMPLES) == COMMANDS | OPEN_ENDED | topic_intents()


def test_domain_knows_every_intent() -> None:
    domain = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))
    assert set(EXAMPLES) <= set(domain["intents"])


@pytest.mark.parametrize(("intents", "least"), [
    (topic_intents(), 15),
    (COMMANDS, 25),
    (OPEN_ENDED, 150),
])  # fmt: skip
def test_there_are_enough_examples(intents: set[str], least: int) -> None:
    assert [name for name in sorted(intents) if len(EXAMPLES[name]) < least] == []


def test_no_example_stands_in_two_intents_or_twice() -> None:
    seen = Counter(" ".join(each.lower().split()) for each in all_examples())
    assert [example for example, count in seen.items() if count > 1] == []


def test_examples_are_plain_text() -> None:
    marked = [each for each in all_examples() if set(each) & set("[]{}<>|") or each.startswith("/")]
    assert marked == []
    assert [each for each in all_examples() if each != " ".join(each.split()) or not each] == []


def test_topics_are_asked_for_in_many_spellings() -> None:
    """With and without question mark, and in lower case throughout."""
    for intent in sorted(name for name in topic_intents() if name.startswith("ask_")):
        examples = EXAMPLES[intent]
        assert any(each.endswith("?") for each in examples), intent
        assert sum(not each.endswith("?") for each in examples) >= 5, intent
        assert any(each == each.lower() for each in examples), intent


def all_examples() -> list[str]:
    return [example for examples in EXAMPLES.values() for example in examples]

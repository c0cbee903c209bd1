"""A conversation begun with another release and its model goes on with this one."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from conversation_driver import Bot, Conversation
from journeys import JURVEREIN, walk

from bot.server.models import ModelInputs, ensure_model
from bot.settings import PROJECT, settings
from bot.storage import DraftStore
from bot.storage.stores import Stores

FORMER_INTENT = "former_pleasantry"
FORMER_RULE = {
    "rule": "A former pleasantry",
    "steps": [{"intent": FORMER_INTENT}, {"action": "utter_former_pleasantry"}],
}
FORMER_WORDS = ["dideldum dideldei", "dideldum", "dideldei dideldum trallala"]


@pytest.fixture(scope="session")
def former_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The model of a release that knew another intent, response, rule and slot."""
    folder = tmp_path_factory.mktemp("former")
    shutil.copytree(PROJECT / "data", folder / "data")
    domain = yaml.safe_load((PROJECT / "domain.yml").read_text(encoding="utf-8"))
    domain["intents"].append(FORMER_INTENT)
    domain["responses"]["utter_former_pleasantry"] = [{"text": "Trallala."}]
    domain["slots"]["former_slot"] = {
        "type": "any",
        "initial_value": "former",
        "influence_conversation": False,
        "mappings": [{"type": "custom"}],
    }
    (folder / "domain.yml").write_text(yaml.safe_dump(domain, allow_unicode=True))
    examples = "\n".join(f"- {words}" for words in FORMER_WORDS)
    nlu = {"version": "3.1", "nlu": [{"intent": FORMER_INTENT, "examples": examples}]}
    (folder / "data" / "nlu" / "former.yml").write_text(yaml.safe_dump(nlu, allow_unicode=True))
    rules = {"version": "3.1", "rules": [FORMER_RULE]}
    (folder / "data" / "rules" / "former.yml").write_text(yaml.safe_dump(rules))
    inputs = ModelInputs(PROJECT / "config.yml", folder / "domain.yml", folder / "data")
    return ensure_model(PROJECT / "var" / "models" / "tests" / "former", print, inputs)


@pytest.fixture
def former_bot(bot: Bot, former_model: Path) -> Iterator[Bot]:
    """The assistant of the former release, on the same data."""
    from bot.engine.agent import load_agent

    former = Bot(load_agent(former_model, settings()), asyncio.new_event_loop())
    yield former
    former.agent.action_endpoint.close()
    former.close()


def continued(conversation: Conversation, bot: Bot) -> Conversation:
    """The same person, now served by another release."""
    after = Conversation(bot, conversation.id)
    after.replies = conversation.replies
    after.all_replies = conversation.all_replies
    return after


def test_a_conversation_goes_on_with_a_new_model(bot: Bot, former_bot: Bot) -> None:
    before = walk(Conversation(former_bot).begin(), JURVEREIN, until="product")
    before.say(FORMER_WORDS[0])
    assert before.text == "Trallala."
    answers = before.answers
    after = continued(before, bot)
    after.say("JURVEREIN", message_id="after-upgrade-1")
    assert after.answers == {**answers, "product": "jurverein"}
    assert after.question is not None
    assert after.question["field"] == "deductible"
    # And back, while servers are rolled one after the other.
    again = continued(after, former_bot)
    again.say("fallend", message_id="after-upgrade-2")
    assert again.answers["deductible"] == "falling_1000_300"


def test_an_application_begun_under_other_questions_is_finished_under_these(
    bot: Bot,
) -> None:
    conversation = walk(Conversation(bot).begin(), JURVEREIN, until="disclosure_confirmed")
    stores = Stores.open(settings())
    draft = stores.drafts.load(conversation.id)
    assert draft is not None
    draft.catalogue = "earlier"
    draft.answers["star_sign"] = "Löwe"
    draft.asked_as["natural_persons_only"] = "earlier"
    draft.open_question = "star_sign"
    DraftStore(stores.database).save(draft)
    stores.database.close()
    conversation.say("ja")
    assert "hat sich inzwischen geändert" in conversation.text
    assert conversation.question is not None
    assert conversation.question["field"] == "natural_persons_only"
    assert "star_sign" not in conversation.answers
    assert "disclosure_confirmed" not in conversation.answers
    walk(conversation, JURVEREIN)
    assert conversation.handoff()["application"]["club_name"] == "TSV Musterstadt 1898 e.V."

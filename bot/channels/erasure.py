"""Forgetting a conversation: what was said, answered and uploaded, and Rasa's state of it."""

from __future__ import annotations

from typing import Any, Protocol, runtime_checkable

from bot.handoff.erasure import erase
from bot.storage.stores import Stores


@runtime_checkable
class ConversationStates(Protocol):
    """Where Rasa's state of the conversations is kept."""

    def delete(self, conversation_id: str) -> None:
        """Erase state and course of a conversation."""


def erase_conversation(conversation_id: str, stores: Stores, states: ConversationStates) -> None:
    """Erase everything about the conversation but what was submitted; may be repeated.

    Raises:
        DatabaseUnavailable: not everything was erased.
        OSError: a document could not be removed.
    """
    states.delete(conversation_id)
    erase(conversation_id, stores.database, stores.documents_folder)


def states_of(agent: Any) -> ConversationStates:
    """Where this Rasa agent keeps its conversations.

    Raises:
        TypeError: its tracker store cannot erase one.
    """
    states = getattr(agent.tracker_store, "database", None)
    if not isinstance(states, ConversationStates):
        raise TypeError(f"{type(agent.tracker_store).__name__} cannot erase a conversation")
    return states

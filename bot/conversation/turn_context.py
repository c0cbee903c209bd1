"""A turn on its way from the channel to the action that carries it out, and back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from bot.application.draft import Draft, Evidence
from bot.conversation.turn import Message
from bot.storage.draft_texts import checked, text_of
from bot.storage.vault import Vault

# Under this name it travels in the metadata of Rasa's message.
CONTEXT = "context"


@dataclass
class TurnContext:
    """The draft to work on, as it was loaded for this turn, and what was sent.

    Whoever began the turn stores the draft. ``erased`` asks for nothing to be kept of the
    conversation, ``discarded`` for what belonged to the former answers to be dropped.
    """

    draft: Draft = field(repr=False)
    message: Message = field(repr=False)
    erased: bool = False
    discarded: bool = False

    def sealed(self, vault: Vault) -> str:
        """All of it for an action server, under the keys of what is stored."""
        draft = self.draft
        content = {
            "draft": text_of(draft, draft.version, draft.updated_at).decode(),
            "evidence": [entry.json() for entry in draft.new_evidence],
            "message": asdict(self.message),
            "erased": self.erased,
            "discarded": self.discarded,
        }
        return vault.seal(json.dumps(content).encode()).hex()

    @classmethod
    def opened(cls, sealed: str, vault: Vault) -> TurnContext:
        """What ``sealed`` gave.

        Raises:
            UnreadablePayload, ValueError: it is not that, or under other keys.
        """
        content = json.loads(vault.open(bytes.fromhex(sealed)))
        draft = checked(content["draft"].encode())
        draft.new_evidence = [Evidence.parse_raw(entry) for entry in content["evidence"]]
        message = Message(**{**content["message"], "topics": tuple(content["message"]["topics"])})
        return cls(draft, message, content["erased"], content["discarded"])

    def become(self, other: TurnContext) -> None:
        """Take over what an action server made of it."""
        self.draft, self.erased, self.discarded = other.draft, other.erased, other.discarded


def context_of(metadata: Mapping[str, Any] | None) -> TurnContext | None:
    """The turn to which a message with this metadata belongs; none if no channel here sent it."""
    context = (metadata or {}).get(CONTEXT)
    return context if isinstance(context, TurnContext) else None

"""What the assistant sends: the bot message of the widget API, for every channel."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Optional


@dataclass(frozen=True)
class Choice:
    """An answer to tap; ``payload`` is opaque to the channel."""

    title: str
    payload: str


@dataclass(frozen=True)
class Prompt:
    """The open question, so that a channel can offer the fitting control."""

    field: str
    type: str
    section: str
    label: str
    required: bool
    constraints: dict[str, Any]
    error: Optional[str] = None

    def as_dict(self) -> dict[str, Any]:
        """The prompt for JSON; an error only if there is one."""
        shown = vars(self).items()
        return {name: value for name, value in shown if name != "error" or value is not None}


@dataclass(frozen=True)
class Reply:
    """One message; a card carries structured content that ``text`` sums up."""

    text: str = ""
    choices: list[Choice] = field(default_factory=list)
    question: Optional[Prompt] = None
    card: Optional[dict[str, Any]] = None

    def as_message(self) -> dict[str, Any]:
        """The JSON of the widget API; what is empty is left out."""
        message: dict[str, Any] = {}
        if self.text:
            message["text"] = self.text
        if self.choices:
            offered = [{"title": each.title, "payload": each.payload} for each in self.choices]
            message["choices"] = offered
        if self.question is not None:
            message["question"] = self.question.as_dict()
        if self.card:
            message["card"] = self.card
        return message

"""What the assistant sends: the bot message of the widget API, for every channel."""

from __future__ import annotations

from typing import Any, Optional

from pydantic import BaseModel, Field


class Choice(BaseModel):
    """An answer to tap; ``payload`` is opaque to the channel."""

    title: str
    payload: str


class Prompt(BaseModel):
    """The open question, so that a channel can offer the fitting control."""

    field: str
    type: str
    section: str
    label: str
    required: bool = True
    constraints: dict[str, Any] = Field(default_factory=dict)
    error: Optional[str] = None


class Reply(BaseModel):
    """One message; a card carries structured content that ``text`` sums up."""

    text: str = ""
    choices: list[Choice] = Field(default_factory=list)
    question: Optional[Prompt] = None
    card: Optional[dict[str, Any]] = None

    def as_message(self) -> dict[str, Any]:
        """The JSON of the widget API; what is empty is left out."""
        return {key: value for key, value in self.dict(exclude_none=True).items() if value}

"""Rasa's events from their JSON, without its search through all classes for each of them."""

from __future__ import annotations

from typing import Any

from rasa.shared.core.events import Event
from rasa.shared.utils.common import all_subclasses

_CLASSES = {event.type_name: event for event in all_subclasses(Event)}


def event_of(data: dict[str, Any]) -> Event:
    """The event that ``data`` (as Rasa's ``as_dict`` gives it) describes.

    Raises:
        KeyError: it names no event of Rasa's.
    """
    return _CLASSES[data["event"]]._from_parameters(data)

"""What a change request changes: the new values, and the old ones where they are known."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.application.questions import QUESTIONS

_NO_CONTENT = frozenset({"request_type", "membership_number", "change_topics"})


def changes(
    application: Mapping[str, Any], known: Mapping[str, Any] | None
) -> list[dict[str, Any]] | None:
    """Field by field what shall be different, in the order of the form.

    Args:
        application: the new values by contract name, as JSON.
        known: what is known of the contract as it stands: from the portal, or from an application
            that was submitted in the same conversation before.

    Returns:
        ``None`` for anything but a change request. What is known to be so already is left out.
    """
    if application["request_type"] != "change":
        return None
    before = known or {}
    return [
        {
            "field": name,
            "old_known": name in before,
            "old": before.get(name),
            "new": application[name],
        }
        for name in _content_fields()
        if application.get(name) is not None
        and not (name in before and before[name] == application[name])
    ]


def _content_fields() -> list[str]:
    names: list[str] = []
    for each in QUESTIONS:
        if each.key == "prior_insurance_insurer":
            names.append("prior_insurances")
        elif not each.internal and each.section != "documents":
            names.extend(each.fields)
    return [name for name in names if name not in _NO_CONTENT]

"""What a message states without having been asked: a pasted e-mail, a broker's first message.

An excerpt is located by its label, its unit or a form that cannot be mistaken, and then read like
an answer to its question; only what the question accepts counts. Disclosures, consents and bank
details are never taken from a message: they are asked word for word.
"""

from __future__ import annotations

from bot.application.facts.finding import Fact, Facts, find_facts, read_prefill

__all__ = ["Fact", "Facts", "find_facts", "read_prefill"]

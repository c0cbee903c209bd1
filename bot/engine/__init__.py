"""Rasa with this project's own parts; nothing in here imports TensorFlow.

Rasa's base classes import the module that trains its TensorFlow components, whether a bot has
any or not: half of the time to start and two thirds of the memory. Here that module waits until
something uses it.
"""

from __future__ import annotations

from bot.engine.deferred_imports import defer

defer("rasa.utils.train_utils")

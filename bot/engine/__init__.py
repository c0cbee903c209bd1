"""Rasa with this project's own parts: the only package that knows its insides.

To be imported before Rasa: what is not installed of it is left out here.
"""

from __future__ import annotations

from bot.engine.left_out import leave_out

leave_out()

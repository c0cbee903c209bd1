"""Submitting an application and bringing it to the insurer: provable, and once."""

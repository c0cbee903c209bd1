"""Guided application for the legal-expenses insurance of German clubs."""

"""Messenger and WhatsApp: one connector for Meta's webhooks, with two channels on it."""

"""What rating refuses."""

from __future__ import annotations

from bot.texts import text


class RatingError(ValueError):
    """A premium that cannot be computed; ``str()`` is a German sentence for the person who asked.

    ``reason`` names the sentence in ``rating.errors``; ``field`` the field at fault, if it is one.
    The sentence never repeats what was entered.
    """

    def __init__(self, reason: str, field: str | None = None, **parameters: object) -> None:
        super().__init__(text(f"rating.errors.{reason}", **parameters))
        self.reason = reason
        self.field = field


class TariffDataError(ValueError):
    """A tariff file is incomplete or contradicts itself; for those who maintain it."""

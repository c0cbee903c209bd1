"""Why an application did not arrive, in words that hold nothing of it."""

from __future__ import annotations


class NotTaken(Exception):
    """The destination did not confirm that it has the application; it is tried again later.

    ``kind`` is for operators and names nothing that was submitted.
    """

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


class Refused(NotTaken):
    """The destination will not take it however often it is tried: somebody has to look."""

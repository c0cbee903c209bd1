"""Erasing by itself what has been kept long enough."""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot import clock
from bot.clock import BERLIN
from bot.handoff.dispatch import error_kind
from bot.handoff.erasure import forget_conversation
from bot.settings import Settings
from bot.storage.duties import on_duty
from bot.storage.retention import (
    applications_submitted_before,
    conversations_untouched_since,
    delete_application,
)
from bot.storage.stores import Stores

_log = logging.getLogger(__name__)

DUTY = "retention"


@dataclass(frozen=True)
class RetentionTimes:
    """How long something is kept.

    Drafts and the conversations about submitted applications count from the last change.
    Submitted applications count from the end of the calendar year (§ 257 Abs. 5 HGB).
    """

    draft_days: int
    cancelled_days: int
    submitted_years: int

    @classmethod
    def of(cls, settings: Settings) -> RetentionTimes:
        return cls(
            draft_days=settings.retention_draft_days,
            cancelled_days=settings.retention_cancelled_days,
            submitted_years=settings.retention_submitted_years,
        )


@dataclass(frozen=True)
class Retired:
    """How much was erased because its time was over."""

    conversations: int = 0
    applications: int = 0


def retire(stores: Stores, times: RetentionTimes, now: datetime) -> Retired:
    """Erase everything whose time is over; may be repeated, and continued after a failure.

    Raises:
        DatabaseUnavailable, OSError: not everything was erased.
    """
    database, folder = stores.database, stores.documents_folder
    over = conversations_untouched_since(
        database, now - timedelta(days=times.cancelled_days), ["cancelled"]
    )
    over += conversations_untouched_since(
        database, now - timedelta(days=times.draft_days), ["open", "ended", "submitted"]
    )
    for conversation_id in over:
        forget_conversation(conversation_id, database, folder)
    first_kept = datetime(now.year - times.submitted_years, 1, 1, tzinfo=BERLIN)
    applications = applications_submitted_before(database, first_kept)
    for reference, conversation_id in applications:
        stores.documents.delete_submitted(conversation_id, reference)
        delete_application(database, reference)
    return Retired(len(over), len(applications))


class RetentionJob:
    """Looks every ``pause`` seconds, from ``start`` to ``stop``, in a thread of its own."""

    def __init__(self, stores: Stores, times: RetentionTimes, *, pause: float = 3600.0) -> None:
        self._stores = stores
        self._times = times
        self._pause = pause
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="retention", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self, timeout: float = 10.0) -> None:
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(timeout)

    def _retire(self) -> Retired:
        return retire(self._stores, self._times, clock.now())

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                with on_duty(self._stores.database, DUTY) as ours:
                    retired = self._retire() if ours else Retired()
                if retired != Retired():
                    counts = (retired.conversations, retired.applications)
                    _log.info("time over: %d conversations, %d applications erased", *counts)
            except Exception as error:
                # What is over stays over: it goes next time.
                _log.error("retention paused: %s", error_kind(error))
            self._stopping.wait(self._pause)

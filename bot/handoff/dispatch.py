"""Bringing what was submitted to where it belongs, again and again until it arrived."""

from __future__ import annotations

import errno
import logging
import random
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol

from bot import clock
from bot.handoff.erasure import erase_what_was_delivered
from bot.handoff.folder import DifferentContent
from bot.handoff.parcel import AlteredDocument, NotTaken, Parcel, Refused, pack
from bot.observability.tracing import span
from bot.storage import Database, DatabaseUnavailable, UnknownDocument
from bot.storage.applications import UnknownApplication
from bot.storage.outbox import Delivery, Outbox

_log = logging.getLogger(__name__)

# What trying again cannot mend: somebody has to look.
HOPELESS = (DifferentContent, AlteredDocument, Refused, UnknownDocument, UnknownApplication)


# No attempt takes longer: until then it is left to whoever began it, also by other processes.
HELD = timedelta(minutes=2)
# What arrived must not be handed over again because the database was away for a moment.
_NOTING_PAUSES_SECONDS = (0.5, 1, 2, 4, 8, 15, 30)


class Destination(Protocol):
    """Where applications are handed over."""

    @property
    def name(self) -> str:
        """The name under which deliveries to it are kept."""

    def deliver(self, parcel: Parcel) -> None:
        """Hand over; doing it again with the same parcel changes nothing.

        Raises:
            Exception: it did not arrive; it is tried again later.
        """


@dataclass(frozen=True)
class Patience:
    """How long and how often a delivery is tried: with the defaults for about five days."""

    first: timedelta = timedelta(seconds=10)
    longest: timedelta = timedelta(hours=1)
    attempts: int = 130
    jitter: float = 0.2

    @property
    def longest_wait(self) -> timedelta:
        """No attempt is further away than this."""
        return self.longest * (1 + self.jitter)

    def wait(self, attempts: int) -> timedelta:
        """The time until the next attempt after so many, doubling each time."""
        doubled = self.first * (1 << min(attempts - 1, 20))
        # Spread out, lest everything that failed together tries again together.
        spread = 1 + random.uniform(-self.jitter, self.jitter)  # noqa: S311 - no secret
        return min(doubled, self.longest) * spread


@dataclass(frozen=True)
class Round:
    """What came of trying all deliveries that were due."""

    delivered: int = 0
    failed: int = 0
    given_up: int = 0


def dispatch_pending(
    database: Database,
    destinations: Sequence[Destination],
    documents_folder: Path,
    now: datetime | None = None,
    patience: Patience | None = None,
) -> Round:
    """Try every delivery that is due ``now``, one after the other.

    One that fails does not hold up the others. Several processes may do this at the same time.

    Raises:
        DatabaseUnavailable: the deliveries cannot be read; nothing was lost.
    """
    patience = patience or Patience()
    by_name = {destination.name: destination for destination in destinations}
    outcomes = [
        _attempt(delivery, by_name, database, documents_folder, now or clock.now(), patience)
        for delivery in Outbox(database).due(now or clock.now(), patience.longest_wait)
        if delivery.destination in by_name
    ]
    return Round(*(outcomes.count(kind) for kind in ("delivered", "failed", "given up")))


def _attempt(
    delivery: Delivery,
    destinations: Mapping[str, Destination],
    database: Database,
    documents_folder: Path,
    now: datetime,
    patience: Patience,
) -> str:
    outbox = Outbox(database)
    again_at = now + patience.wait(delivery.attempts + 1)
    if not outbox.claim(delivery, now, max(again_at, now + HELD)):
        return "somebody else's"
    try:
        parcel = pack(delivery.reference, delivery.idempotency_key, database, documents_folder)
        with span("delivery", destination=delivery.destination, reference=delivery.reference):
            destinations[delivery.destination].deliver(parcel)
        _note_delivered(outbox, delivery, now)
    except Exception as error:
        return _note_failure(outbox, delivery, error, again_at, patience)
    _say("delivered", delivery)
    return "delivered"


def _note_delivered(outbox: Outbox, delivery: Delivery, now: datetime) -> None:
    for pause in _NOTING_PAUSES_SECONDS:
        try:
            outbox.delivered(delivery, now)
        except DatabaseUnavailable:
            time.sleep(pause)
        else:
            return
    outbox.delivered(delivery, now)


def _note_failure(
    outbox: Outbox, delivery: Delivery, error: Exception, again_at: datetime, patience: Patience
) -> str:
    kind = error_kind(error)
    attempts = delivery.attempts + 1
    hopeless = isinstance(error, HOPELESS) or attempts >= patience.attempts
    try:
        if hopeless:
            outbox.given_up(delivery, kind)
        else:
            outbox.failed(delivery, kind, again_at)
    except DatabaseUnavailable:
        # The next attempt was set before this one began.
        _say("outcome not stored", delivery, kind, logging.WARNING)
        return "failed"
    if hopeless:
        _say("given up", delivery, kind, logging.ERROR)
        return "given up"
    _say("failed, will be tried again", delivery, kind, logging.WARNING)
    return "failed"


def error_kind(error: Exception) -> str:
    """What kind of error it was, without its text: that may hold what people submitted."""
    if isinstance(error, NotTaken):
        return error.kind
    name = type(error).__name__
    if isinstance(error, OSError) and error.errno:
        return f"{name} {errno.errorcode.get(error.errno, error.errno)}"
    return name


def _say(event: str, delivery: Delivery, kind: str = "", level: int = logging.INFO) -> None:
    words = f"{event} ({kind})" if kind else event
    where = (delivery.reference, delivery.destination, delivery.attempts + 1)
    _log.log(level, "%s to %s, attempt %d: %s", *where, words)


class Dispatcher:
    """Delivers in the background: right after a submission and whenever something is due.

    ``run_once`` may be called from any thread; ``start`` runs it in threads of its own, one for
    each destination, so that one that hangs does not hold up the others.
    """

    def __init__(
        self,
        database: Database,
        destinations: Sequence[Destination],
        documents_folder: Path,
        *,
        patience: Patience | None = None,
        pause: float = 5.0,
    ) -> None:
        self._database = database
        self._destinations = tuple(destinations)
        self._documents_folder = documents_folder
        self._patience = patience or Patience()
        self._pause = pause
        self._wakes = {destination.name: threading.Event() for destination in destinations}
        self._stopping = threading.Event()
        self._threads: list[threading.Thread] = []

    def run_once(self) -> Round:
        """Try everything that is due, and erase what was only kept to be delivered.

        Raises:
            DatabaseUnavailable: the deliveries cannot be read; nothing was lost.
        """
        return self._deliver_to(self._destinations)

    def wake(self) -> None:
        """Something was submitted: look now rather than after the pause."""
        for wake in self._wakes.values():
            wake.set()

    def start(self) -> None:
        """Take up what the last process left unfinished and deliver from now on."""
        if self._database.is_sqlite:
            # There is no other process whose attempts these could be.
            Outbox(self._database).resume(clock.now())
        for destination in self._destinations:
            thread = threading.Thread(
                target=self._run, args=[destination], name=destination.name, daemon=True
            )
            self._threads.append(thread)
            thread.start()

    def stop(self, timeout: float = 10.0) -> None:
        """Finish the deliveries that are under way, at most ``timeout`` seconds, and end."""
        self._stopping.set()
        self.wake()
        give_up = time.monotonic() + timeout
        for thread in self._threads:
            thread.join(max(0.0, give_up - time.monotonic()))

    def _run(self, destination: Destination) -> None:
        wake = self._wakes[destination.name]
        while not self._stopping.is_set():
            try:
                self._deliver_to([destination])
            except Exception as error:
                # Nothing is lost: what is due stays due.
                _log.error("hand-off to %s paused: %s", destination.name, error_kind(error))
            wake.wait(self._pause)
            wake.clear()

    def _deliver_to(self, destinations: Sequence[Destination]) -> Round:
        done = dispatch_pending(
            self._database, destinations, self._documents_folder, patience=self._patience
        )
        erase_what_was_delivered(self._database, self._documents_folder)
        return done

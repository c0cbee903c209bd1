"""One message at a time in each conversation."""

from __future__ import annotations

import threading
from contextlib import asynccontextmanager
from typing import AsyncGenerator, Optional

from rasa.core.lock import TicketLock
from rasa.core.lock_store import LOCK_LIFETIME, InMemoryLockStore
from rasa.utils.endpoints import EndpointConfig

WAITING_STEP_SECONDS = 0.01


class PromptLockStore(InMemoryLockStore):
    """Rasa's in-memory lock, looked at every 10 ms instead of every second.

    For one server process, whose turns run in several threads. A second message of a conversation
    is served as soon as the first is answered; Rasa's own default lets it wait for the next full
    second.
    """

    def __init__(self, endpoint_config: Optional[EndpointConfig] = None) -> None:
        super().__init__()
        self._changing = threading.RLock()

    def issue_ticket(self, conversation_id: str, lock_lifetime: float = LOCK_LIFETIME) -> int:
        """A place in the queue for this conversation."""
        with self._changing:
            return super().issue_ticket(conversation_id, lock_lifetime)

    def update_lock(self, conversation_id: str) -> None:
        """Take places out of the queue that were held for too long."""
        with self._changing:
            super().update_lock(conversation_id)

    def cleanup(self, conversation_id: str, ticket_number: int) -> None:
        """Leave the queue; the last one takes it away."""
        with self._changing:
            super().cleanup(conversation_id, ticket_number)

    @asynccontextmanager
    async def lock(
        self,
        conversation_id: str,
        lock_lifetime: float = LOCK_LIFETIME,
        wait_time_in_seconds: float = WAITING_STEP_SECONDS,
    ) -> AsyncGenerator[TicketLock, None]:
        """Hold the conversation; raises ``LockError`` if its turn has not come in time."""
        async with super().lock(conversation_id, lock_lifetime, wait_time_in_seconds) as held:
            yield held

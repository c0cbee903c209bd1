"""Reminding people, once, of an application that they left unfinished."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from bot import clock
from bot.application.draft import Draft
from bot.channels.meta.inbox import Inbox, Queues
from bot.channels.meta.platforms import Platform
from bot.channels.meta.rendering import render
from bot.channels.meta.sending import WINDOW, Sender
from bot.storage.people import Person
from bot.storage.stores import Stores
from bot.texts import text

# So that it also arrives inside the window if sending takes a while.
MARGIN = timedelta(minutes=30)
# Nobody is woken up.
EARLIEST_HOUR, LATEST_HOUR = 8, 20
KEPT = timedelta(days=14)


class Reminders:
    """Reminds the people of one platform.

    Args:
        hours: after a person's last message; 0 for never.
    """

    def __init__(
        self,
        platform: Platform,
        stores: Stores,
        queues: Queues,
        inbox: Inbox,
        sender: Sender,
        hours: int,
    ) -> None:
        self._platform = platform
        self._stores = stores
        self._queues = queues
        self._inbox = inbox
        self._sender = sender
        self._after = timedelta(hours=hours)

    def due(self) -> list[str]:
        """Queue what is due now; returns who gets something.

        Raises:
            DatabaseUnavailable: it is queued the next time.
        """
        now = clock.now()
        if not self._after or not EARLIEST_HOUR <= now.hour < LATEST_HOUR:
            return []
        silent = self._queues.people.silent_between(now - WINDOW + MARGIN, now - self._after)
        return [each.person for each in silent if self._remind(each, now)]

    def tidy(self) -> None:
        """Remove the traces of old events and messages, and people who had everything erased."""
        before = clock.now() - KEPT
        self._queues.inbound.forget_before(before)
        self._queues.outbound.forget_before(before)
        self._queues.people.forget_erased()

    def _remind(self, person: Person, now: datetime) -> bool:
        if self._inbox.tasks.is_busy(person.person):
            return False
        draft = self._stores.drafts.load(person.conversation_id)
        if draft is None or not self._is_unfinished(draft, person, now):
            return False
        rendered = render([_words(draft)], self._platform.writer, str, person.conversation_id)
        contents = [{**each, "to": person.address} for each in rendered.contents]
        offers = [each.as_dict() for each in rendered.offers]
        memory = {**person.memory, "offers": [*person.memory.get("offers", ()), *offers]}
        reminded = replace(person, reminded_of=draft.application_id, memory=memory)
        key = f"{self._platform.name}:reminder:{draft.application_id}"
        with self._stores.database.transaction(durable=True) as unit:
            added = self._queues.outbound.enqueue(unit, person.person, key, contents, now)
            if added:
                self._queues.people.save(unit, reminded)
        return added

    def _is_unfinished(self, draft: Draft, person: Person, now: datetime) -> bool:
        # Whoever went on in the browser meanwhile is not waiting for us.
        resting = draft.updated_at <= now - self._after
        new = person.reminded_of != draft.application_id
        return draft.status == "open" and bool(draft.answers) and resting and new


def _words(draft: Draft) -> dict[str, object]:
    club = draft.answers.get("club_name")
    words = text("meta.reminder.club", club=club) if club else text("meta.reminder.nobody")
    go_on = {"title": text("meta.reminder.go_on"), "payload": "command:continue"}
    return {"text": words, "choices": [go_on]}

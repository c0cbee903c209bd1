"""What a person sent, taken into their conversation: the turns it makes and what is said to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from bot import clock
from bot.application.derived import DOCUMENT_KINDS
from bot.application.draft import Draft
from bot.application.facts import find_facts
from bot.channels import history
from bot.channels.documents import incoming_with_document
from bot.channels.errors import ChannelError
from bot.channels.history import Body
from bot.channels.message_calls import LONGEST_CHOICE, LONGEST_TEXT, asked_again, tapped_choice
from bot.channels.meta.downloads import NotFetched
from bot.channels.meta.events import Event, File
from bot.channels.meta.files import document_kind, problem_words, received
from bot.channels.meta.offers import chosen, offers_in, plain_words
from bot.channels.meta.platforms import Platform
from bot.channels.meta.rendering import Content, render
from bot.channels.meta.sending import WINDOW
from bot.channels.resume_links import ResumeLinks
from bot.channels.turns import Answer, Incoming, Turns, as_it_is
from bot.channels.typed_text import clean
from bot.conversation.mentions import mentioned
from bot.storage.people import People, Person
from bot.storage.stores import Stores
from bot.texts import entry, text
from bot.threads import in_thread

# What the assistant offers with its first words.
PRIVACY = "topic:privacy_of_this_chat"
MOST_FILES_AT_ONCE = 30


@dataclass
class Reaction:
    """What comes of some events: replies of the conversation, or something else to send."""

    replies: list[Body] = field(default_factory=list)
    contents: list[Content] = field(default_factory=list)


@dataclass(frozen=True)
class Said:
    """What a person is told; they are forgotten if their conversation was erased."""

    person: Person
    contents: list[Content]
    forgotten: bool


class Answering:
    """Answers the people of one platform.

    Args:
        public_url: where people reach this server, without a slash at its end.
        most_bytes: the largest document.
    """

    def __init__(
        self,
        platform: Platform,
        stores: Stores,
        people: People,
        turns: Turns,
        links: ResumeLinks,
        public_url: str,
        most_bytes: int,
    ) -> None:
        self._platform = platform
        self._stores = stores
        self._people = people
        self._turns = turns
        self._links = links
        self._page = f"{public_url}/webhooks/{platform.name}/continue"
        self._most_bytes = most_bytes

    async def answer(self, person: Person, events: Sequence[Event]) -> Said:
        """Take events that belong together, the oldest first, as ``together`` finds them.

        Doing it again after a crash changes nothing: turns that were taken are not taken again.

        Raises:
            ChannelError, DatabaseUnavailable: not everything was done; do it again.
        """
        first = events[0]
        person, begun, alone = await self._opened(person, first)
        reaction = Reaction()
        if not alone:
            reaction = await self._reaction(person, events)
            begun = [each for each in begun if not each.get("question")]
        replies = [self._with_notice(each) for each in [*begun, *reaction.replies]]
        draft = await self._draft(person)
        if draft is None:
            replies.append({"text": text(f"meta.erased.{self._platform.name}")})
        rendered = render(
            replies,
            self._platform.writer,
            lambda: self._link(person.conversation_id),
            person.conversation_id,
        )
        offers = [each.as_dict() for each in rendered.offers]
        memory = {**person.memory, "asked": draft and draft.open_question}
        if replies:
            memory["offers"] = offers
        contents = [*rendered.contents, *reaction.contents]
        addressed = [{**each, "to": person.address} for each in contents]
        return Said(_heard(replace(person, memory=memory), events), addressed, draft is None)

    async def _opened(self, person: Person, event: Event) -> tuple[Person, list[Body], bool]:
        """The assistant speaks first to whoever is new, was away for long or went on elsewhere.

        Returns whether that is all there is to say: nothing else was sent, or what was sent
        belongs to a conversation that is no more, or to a question that was answered elsewhere.
        """
        person, words = await self._linked(person, event)
        draft = await self._draft(person)
        away = event.sent_at - person.last_message_at >= WINDOW
        moved = draft is not None and await self._moved_on(person, event, draft)
        outdated = event.kind == "choice" and (draft is None or not away)
        needed = (
            draft is None
            or await self._cut_off(person)
            or event.kind == "begin"
            or moved
            or (away and draft.status == "open")
            or await self._answered(person, f"begin-{event.key}")
        )
        if not needed:
            return person, [], False
        replies = (await self._take(person, Incoming(f"begin-{event.key}", begins=True))).replies
        words = words or (text("meta.moved_on") if moved else "")
        said = [{"text": words}, *replies] if words else replies
        return person, said, event.kind == "begin" or moved or outdated or _only_greets(event)

    def _with_notice(self, reply: Body) -> Body:
        """The offer to read the privacy notice says what the messenger itself keeps."""
        offered = {each["payload"] for each in reply.get("choices") or ()}
        if PRIVACY not in offered:
            return reply
        notice = text(f"meta.privacy.{self._platform.name}")
        return {**reply, "text": f"{reply.get('text', '')}\n\n{notice}"}

    async def _cut_off(self, person: Person) -> bool:
        """Whether the process ended while the assistant was speaking its first words."""
        if "asked" in person.memory:
            return False
        said = await in_thread(self._stores.messages.latest_replies, person.conversation_id)
        return next(said, None) is None

    async def _moved_on(self, person: Person, event: Event, draft: Draft) -> bool:
        """Whether words were written to another question than the one that is open by now."""
        asked = person.memory.get("asked")
        elsewhere = event.kind == "text" and asked is not None and asked != draft.open_question
        return elsewhere and not await self._answered(person, event.key)

    async def _answered(self, person: Person, message_id: str) -> bool:
        known = self._stores.messages.answered
        return await in_thread(known, person.conversation_id, message_id) is not None

    async def _linked(self, person: Person, event: Event) -> tuple[Person, str]:
        """The conversation that a link carried here, or what to say about a link that does not."""
        if not event.token:
            return person, ""
        try:
            linked = await in_thread(self._links.redeem, event.token)
        except ChannelError:
            return person, text("meta.link_used")
        if linked is None or await in_thread(self._stores.drafts.load, linked) is None:
            return person, ""
        person = replace(person, conversation_id=linked, memory={})
        await in_thread(self._save, person)
        return person, ""

    def _save(self, person: Person) -> None:
        with self._stores.database.transaction() as unit:
            self._people.save(unit, person)

    async def _reaction(self, person: Person, events: Sequence[Event]) -> Reaction:
        first = events[0]
        if first.kind == "files":
            return Reaction(await self._files(person, events))
        if first.kind == "choice" and 0 < len(first.choice) <= LONGEST_CHOICE:
            return Reaction(await self._tapped(person, first.key, first.choice))
        if first.kind == "text":
            return await self._typed(person, first)
        return Reaction(await self._again(person, _not_taken(first)))

    async def _typed(self, person: Person, event: Event) -> Reaction:
        words = clean(event.text)
        if not words:
            return Reaction(await self._again(person, text("channels.replies.empty_message")))
        if len(words) > LONGEST_TEXT:
            most = f"{LONGEST_TEXT:,}".replace(",", ".")
            too_long = text("channels.replies.long_message", most=most)
            return Reaction(await self._again(person, too_long))
        if plain_words(words) in entry("meta.in_browser.requests"):
            return Reaction(contents=[self._way_to_browser(person)])
        choice = chosen(words, offers_in(person.memory))
        if choice is not None:
            return Reaction(await self._tapped(person, event.key, choice))
        incoming = Incoming(event.key, text=words, shown=history.typed_body(words))
        return Reaction((await self._take(person, incoming)).replies)

    async def _tapped(self, person: Person, message_id: str, choice: str) -> list[Body]:
        prepare = partial(tapped_choice, person.conversation_id, message_id, choice)
        return (await self._turns.take(person.conversation_id, message_id, prepare)).replies

    # Files

    async def _files(self, person: Person, events: Sequence[Event]) -> list[Body]:
        """Take the files, then what was written with them."""
        draft = await self._draft(person)
        captions = [each.text for each in events]
        kind = None
        if draft is not None:
            kind = document_kind(draft, person.memory, events[0].sent_at, captions)
        remarks = [_not_taken(each) for each in events if each.detail]
        if kind is None:
            remarks.append(text("meta.files.not_needed"))
            replies = await self._again(person, _joined(remarks))
        else:
            await self._remember_kind(person, kind, events[-1])
            replies = await self._kept(person, kind, events, remarks)
        for event in events:
            if draft is not None and _says_something(event.text, draft):
                replies = [*_unasked(replies), *await self._words_with(person, event)]
        return replies

    async def _words_with(self, person: Person, event: Event) -> list[Body]:
        words = clean(event.text)[:LONGEST_TEXT]
        incoming = Incoming(f"{event.key}-words", text=words, shown=history.typed_body(words))
        return (await self._take(person, incoming)).replies

    async def _remember_kind(self, person: Person, kind: str, event: Event) -> None:
        # Stored before the first file is taken: from then on another document may be asked for.
        person.memory["files"] = {"kind": kind, "at": event.sent_at.isoformat()}
        await in_thread(self._save, person)

    async def _kept(
        self, person: Person, kind: str, events: Sequence[Event], remarks: Sequence[str]
    ) -> list[Body]:
        """Take the files one after the other; only what is said to the last one is passed on."""
        files = [(event.key, number, f) for event in events for number, f in enumerate(event.files)]
        said: list[Body] = []
        problems = list(remarks)
        for event_key, number, file in files[:MOST_FILES_AT_ONCE]:
            try:
                said = await self._file(person, kind, f"{event_key}-{number}", file)
            except (ChannelError, NotFetched) as problem:
                if isinstance(problem, ChannelError) and problem.status >= 500:
                    raise
                problems.append(problem_words(problem))
        if len(files) > MOST_FILES_AT_ONCE:
            problems.append(text("meta.files.too_many_at_once", most=MOST_FILES_AT_ONCE))
        words = _joined(problems)
        if not said:
            return await self._again(person, words)
        return [{"text": words}, *said] if words else said

    async def _file(self, person: Person, kind: str, message_id: str, file: File) -> list[Body]:
        known = self._stores.messages.answered
        replies = await in_thread(known, person.conversation_id, message_id)
        if replies is not None:
            return replies
        upload = await received(self._platform, file, kind, self._most_bytes)
        prepare = partial(incoming_with_document, upload, person.conversation_id, message_id)
        return (await self._turns.take(person.conversation_id, message_id, prepare)).replies

    # What all of them need

    async def _take(self, person: Person, incoming: Incoming) -> Answer:
        prepare = partial(as_it_is, incoming)
        return await self._turns.take(person.conversation_id, incoming.message_id, prepare)

    async def _again(self, person: Person, words: str) -> list[Body]:
        draft = await self._draft(person)
        if draft is None or draft.status != "open":
            return [{"text": words}]
        return [await in_thread(asked_again, person.conversation_id, words, self._stores)]

    async def _draft(self, person: Person) -> Draft | None:
        return await in_thread(self._stores.drafts.load, person.conversation_id)

    def _way_to_browser(self, person: Person) -> Content:
        words, title = text("meta.in_browser.words"), text("meta.in_browser.title")
        return self._platform.writer.link(words, title, self._link(person.conversation_id))

    def _link(self, conversation_id: str) -> str:
        # Behind the hash, the token reaches neither a log nor a preview of the link.
        return f"{self._page}#{self._links.issue(conversation_id)}"


def together(events: Sequence[Event]) -> list[Event]:
    """The first events that are answered as one: pages of a document, several stickers …"""
    first = events[0]
    if first.kind not in ("files", "other"):
        return [first]
    count = 1
    while count < len(events) and (events[count].kind, events[count].detail) == (
        first.kind,
        first.detail,
    ):
        count += 1
    return list(events[:count])


def _only_greets(event: Event) -> bool:
    return event.kind == "text" and plain_words(event.text) in entry("meta.greetings")


def _not_taken(event: Event) -> str:
    return text(f"meta.not_taken.{event.detail or 'unknown'}")


def _joined(remarks: Sequence[str]) -> str:
    return "\n\n".join(dict.fromkeys(remarks))


def _unasked(replies: Sequence[Body]) -> list[Body]:
    """Without the question that is asked again, or asked no more, after what follows."""
    return [each for each in replies if not each.get("question")]


def _heard(person: Person, events: Sequence[Event]) -> Person:
    latest = min(max(each.sent_at for each in events), clock.now())
    return replace(person, last_message_at=max(person.last_message_at, latest))


def _says_something(typed: str, draft: Draft) -> bool:
    """Whether words that came with a document are more than its title or a remark on it."""
    words = clean(typed)
    if not words:
        return False
    if "?" in words or find_facts(words, clock.today(), draft.answers).found:
        return True
    awaited = draft.open_question in DOCUMENT_KINDS
    return not awaited and not any(each.key in DOCUMENT_KINDS for each in mentioned(words))

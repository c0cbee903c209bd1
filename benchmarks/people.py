"""People who fill in an application: each sends one message after the other and checks the answer.

A round is as many turns for the product as for the stock bot and begins anew in the same
conversation, so that turn 5 and turn 200 are the same step.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any
from uuid import uuid4

from benchmarks.connection import Connection
from benchmarks.stock_bot import ANSWERS, FINISHED, GREETED, asks

TURNS_PER_ROUND = 39
TAP = "tap "


class Mistake(Exception):
    """The answer to a message is not the one that is due."""


class Person(ABC):
    """One person in one conversation; ``turns`` counts their messages."""

    def __init__(self, address: str) -> None:
        self._connection = Connection(address)
        self.turns = 0

    async def arrive(self) -> None:
        """Do what comes before the first message: nothing, for most."""
        return

    @abstractmethod
    async def turn(self) -> None:
        """Send a message and read the answer.

        Raises:
            Mistake: it was not answered as it should be.
        """

    async def post(self, path: str, body: Any, **headers: str) -> Any:
        """Send JSON and read the JSON of the answer."""
        status, answer = await self._connection.post(path, body, **headers)
        if status != 200:
            raise Mistake(f"turn {self.turns}: status {status}")
        return answer

    def close(self) -> None:
        """Go away."""
        self._connection.close()


class Applicant(Person):
    """Speaks to this product through the API of its widget and answers whatever is asked."""

    async def arrive(self) -> None:
        opened = await self.post("/webhooks/widget/sessions", {})
        self.token = f"Bearer {opened['session']}"
        self.asked = "start"

    async def turn(self) -> None:
        left = TURNS_PER_ROUND - self.turns % TURNS_PER_ROUND
        words = "neu anfangen" if left == 2 else _ANSWERS.get(self.asked)
        if words is None:
            raise Mistake(f"turn {self.turns}: nothing to say to {self.asked}")
        said = {"choice": words[len(TAP) :]} if words.startswith(TAP) else {"text": words}
        message = {"id": f"m{self.turns}", **said}
        answer = await self.post("/webhooks/widget/messages", message, Authorization=self.token)
        self.asked = {2: "start_over", 1: "start"}.get(left) or self._next(answer)
        self.turns += 1

    def _next(self, answer: Any) -> str:
        questions = [each["question"] for each in answer["messages"] if each.get("question")]
        if not questions or questions[-1].get("error") or questions[-1]["field"] == self.asked:
            raise Mistake(f"turn {self.turns}: the answer to {self.asked} was not taken")
        field: str = questions[-1]["field"]
        return field


class StockApplicant(Person):
    """Speaks to the stock bot through Rasa's REST channel."""

    def __init__(self, address: str) -> None:
        super().__init__(address)
        self._sender = uuid4().hex

    async def turn(self) -> None:
        place = self.turns % TURNS_PER_ROUND
        fields = list(ANSWERS)
        said = {0: "hallo", 1: "ich möchte einen Antrag stellen"}.get(place)
        said = said or ANSWERS[fields[place - 2]]
        due = {0: GREETED, TURNS_PER_ROUND - 1: FINISHED}.get(place) or asks(fields[place - 1])
        message = {"sender": self._sender, "message": said}
        replies = await self.post("/webhooks/rest/webhook", message)
        if not any(due in reply.get("text", "") for reply in replies):
            raise Mistake(f"turn {self.turns}: {said!r} was not taken")
        self.turns += 1


class Passer(Person):
    """Sends the same to the bare handler, which stores it and answers."""

    async def turn(self) -> None:
        answer = await self.post("/turn", {"id": f"m{self.turns}", "text": "TSV Musterstadt 1898"})
        if answer["messages"][0]["text"] != "TSV Musterstadt 1898":
            raise Mistake("not what was sent")
        self.turns += 1


PEOPLE: dict[str, type[Person]] = {
    "stock": StockApplicant,
    "product": Applicant,
    "floor": Passer,
}

# In the words of somebody who fills in no form, and what only the product asks.
_ANSWERS = {
    **ANSWERS,
    "start": "Ich möchte einen Antrag stellen",
    "start_over": "ja",
    "request_type": "Ich möchte einen Antrag stellen",
    "membership_number": "nein, noch nicht",
    "member_count": "ca. 250",
    "employee_count": "zwei",
    "representative_salutation": "Frau Anna Müller",
    "landline_phone": "überspringen",
    "club_benefits_person": "tap answer:club_benefits_person:skip",
    "start_date": "1.1.27",
    "main_due_date": "überspringen",
    "disclosure_confirmed": "tap answer:disclosure_confirmed:true",
    "iban": "de89 3704 0044 0532 0130 00",
    "remarks": "Bitte vormittags anrufen",
    "statutes": "reiche ich nach",
}

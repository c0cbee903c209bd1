"""People who talk to the cluster as the widget does: what is not answered is sent again."""

from __future__ import annotations

import threading
import time
from itertools import count
from typing import Any

import httpx

PATIENCE_SECONDS = 150
LONGEST_PAUSE_SECONDS = 1.0


class Gate:
    """Lets everybody come only so far until the next thing has happened to the cluster."""

    def __init__(self, turns_each: int) -> None:
        self._turns_each = turns_each
        self._limit = turns_each
        self._changed = threading.Condition()

    def pass_by(self, turn: int) -> None:
        """Wait until this turn is allowed."""
        with self._changed:
            self._changed.wait_for(lambda: turn <= self._limit)

    def further(self) -> None:
        """Allow some more turns."""
        with self._changed:
            self._limit += self._turns_each
            self._changed.notify_all()

    def open(self) -> None:
        """Hold nobody any longer."""
        with self._changed:
            self._limit = 10_000
            self._changed.notify_all()


class Person:
    """A conversation over HTTP, with the interface that ``journeys.walk`` needs.

    ``refusals`` are the answers that were no answer: status and error code, 0 for none at all.
    """

    def __init__(self, address: str, gate: Gate) -> None:
        self._http = httpx.Client(
            base_url=f"{address}/webhooks/widget", timeout=60, trust_env=False
        )
        self._gate = gate
        self._numbers = count(1)
        self.sent: list[str] = []
        self.refusals: list[tuple[int, str]] = []
        self.messages: list[dict[str, Any]] = []
        self.state: dict[str, Any] = {}
        self.session = ""

    def begin(self) -> Person:
        self._take(self._insist("POST", "/sessions", {}))
        return self

    def resume(self) -> Person:
        """Come back with the former session, as after closing the page."""
        self._take(self._insist("POST", "/sessions", {"resume": self.session}))
        return self

    def say(self, words: str) -> Person:
        return self._send(text=words)

    def choose(self, payload_or_title: str) -> Person:
        for message in reversed(self.messages):
            for offered in message.get("choices", ()):
                if payload_or_title in (offered["payload"], offered["title"]):
                    return self._send(choice=offered["payload"])
        raise AssertionError(f"{payload_or_title!r} is not offered")

    def history(self) -> list[dict[str, Any]]:
        """Everything that was said, as a reloaded page shows it."""
        return list(self._insist("GET", "/messages", None)["messages"])

    @property
    def text(self) -> str:
        return "\n\n".join(each.get("text", "") for each in self.messages)

    @property
    def question(self) -> dict[str, Any] | None:
        asked = [each["question"] for each in self.messages if each.get("question")]
        return asked[-1] if asked else None

    def close(self) -> None:
        self._http.close()

    def _send(self, **said: str) -> Person:
        number = next(self._numbers)
        self._gate.pass_by(number)
        identity = f"m{number}"
        self.sent.append(identity)
        self._take(self._insist("POST", "/messages", {"id": identity, **said}))
        return self

    def _take(self, answer: dict[str, Any]) -> None:
        self.messages, self.state = answer["messages"], answer["state"]
        if "session" in answer:
            self.session = answer["session"]
            self._http.headers["Authorization"] = f"Bearer {self.session}"

    def _insist(self, method: str, path: str, body: dict[str, Any] | None) -> dict[str, Any]:
        give_up = time.monotonic() + PATIENCE_SECONDS
        while True:
            pause = LONGEST_PAUSE_SECONDS
            try:
                answer = self._http.request(method, path, json=body)
            except httpx.HTTPError:
                self.refusals.append((0, ""))
            else:
                if answer.status_code == 200:
                    return dict(answer.json())
                problem = answer.json()["error"]
                assert problem["message"].endswith("."), problem
                self.refusals.append((answer.status_code, problem["code"]))
                assert answer.status_code in (429, 503), answer.text
                pause = min(float(answer.headers["Retry-After"]), LONGEST_PAUSE_SECONDS)
            assert time.monotonic() < give_up, f"no answer; {self.refusals[-5:]}"
            time.sleep(pause)

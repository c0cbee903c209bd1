"""People who talk to the cluster as the widget does: what is not answered is sent again."""

from __future__ import annotations

import threading
import time
from typing import Any

import httpx
from widget_client import WidgetClient

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


class Person(WidgetClient):
    """A conversation over HTTP that insists on an answer.

    ``refusals`` are the answers that were no answer: status and error code, 0 for none at all.
    """

    def __init__(self, address: str, gate: Gate) -> None:
        super().__init__(address)
        self._gate = gate
        self.sent: list[str] = []
        self.refusals: list[tuple[int, str]] = []
        self.state: dict[str, Any] = {}

    def resume(self) -> WidgetClient:
        """Come back with the former session, as after closing the page."""
        return self.begin(resume=self.session)

    def choose(self, payload_or_title: str) -> WidgetClient:
        for message in reversed(self.messages):
            for offered in message.get("choices", ()):
                if payload_or_title in (offered["payload"], offered["title"]):
                    return super().choose(offered["payload"])
        raise AssertionError(f"{payload_or_title!r} is not offered")

    def history(self) -> list[dict[str, Any]]:
        """Everything that was said, as a reloaded page shows it."""
        return list(self._insist("GET", "/messages", None)["messages"])

    def _call(self, method: str, path: str, body: dict[str, Any] | None) -> dict[str, Any]:
        identity = (body or {}).get("id")
        if identity:
            self._gate.pass_by(int(identity.removeprefix("m")))
            self.sent.append(identity)
        answer = self._insist(method, path, body)
        self.messages, self.state = answer["messages"], answer["state"]
        return answer

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

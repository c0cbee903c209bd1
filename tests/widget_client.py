"""A person's side of a conversation over the widget's HTTP API."""

from __future__ import annotations

import time
from itertools import count
from typing import Any

import httpx

REPETITIONS = 5


class WidgetClient:
    """Speaks to a running assistant; ``messages`` are the replies of the last turn."""

    # What is stored belongs to the server: nothing is copied, everything is typed.
    course = None

    def __init__(self, address: str) -> None:
        self._http = httpx.Client(
            base_url=f"{address}/webhooks/widget", timeout=60, trust_env=False
        )
        self._numbers = count(1)
        self.messages: list[dict[str, Any]] = []

    def begin(self, **given: Any) -> WidgetClient:
        answer = self._call("POST", "/sessions", given)
        self.session: str = answer["session"]
        self._http.headers["Authorization"] = f"Bearer {self.session}"
        return self

    def go_on(self, session: str, next_message: str) -> WidgetClient:
        """Go on with a conversation that was begun before."""
        self.session = session
        self._http.headers["Authorization"] = f"Bearer {session}"
        self._numbers = count(int(next_message.removeprefix("m")))
        return self

    def say(self, text: str) -> WidgetClient:
        return self._send(text=text)

    def choose(self, payload: str) -> WidgetClient:
        return self._send(choice=payload)

    def upload(self, kind: str, name: str, content: bytes) -> WidgetClient:
        files = {"file": (name, content)}
        self._taken(self._http.post("/documents", data={"kind": kind}, files=files))
        return self

    def get(self, path: str) -> httpx.Response:
        return self._http.get(path)

    @property
    def text(self) -> str:
        return "\n\n".join(each.get("text", "") for each in self.messages)

    @property
    def question(self) -> dict[str, Any] | None:
        """What the last turn asked."""
        asked = [each["question"] for each in self.messages if each.get("question")]
        return asked[-1] if asked else None

    @property
    def asked(self) -> str | None:
        """The key of the question that waits for an answer."""
        return self.question["field"] if self.question else None

    def assert_taken(self, answer: str) -> None:
        """Fail where the last answer was refused."""
        refused = self.question and self.question.get("error")
        assert not refused, f"{answer!r} was not taken: {self.text}"

    def close(self) -> None:
        self._http.close()

    def _send(self, **said: str) -> WidgetClient:
        self._call("POST", "/messages", {"id": f"m{next(self._numbers)}", **said})
        return self

    def _call(self, method: str, path: str, body: dict[str, Any] | None) -> dict[str, Any]:
        for _ in range(REPETITIONS):
            try:
                return self._taken(self._http.request(method, path, json=body))
            except httpx.TransportError:
                # As the widget does it: every call is safe to repeat.
                time.sleep(0.2)
        return self._taken(self._http.request(method, path, json=body))

    def _taken(self, response: httpx.Response) -> dict[str, Any]:
        assert response.status_code == 200, response.text
        answer: dict[str, Any] = response.json()
        self.messages = answer["messages"]
        return answer

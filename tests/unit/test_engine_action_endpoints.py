"""Calling custom actions over HTTP and inline: answers, rejections and every kind of failure."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from aiohttp import web
from cryptography.fernet import Fernet
from rasa.utils.endpoints import ClientResponseError

from bot import clock
from bot.application.draft import Draft
from bot.conversation.turn import Message
from bot.conversation.turn_context import CONTEXT, TurnContext
from bot.engine.action_endpoints import ActionServer, InlineActions, action_endpoint, unavailable
from bot.settings import Settings
from bot.storage.vault import Vault

VAULT = Vault([Fernet.generate_key().decode()])


def a_call(action: str = "action_count") -> dict[str, Any]:
    """What Rasa asks an endpoint, with a turn on its way."""
    now = clock.now()
    draft = Draft(conversation_id="c", created_at=now, updated_at=now, answers={"member_count": 1})
    context = TurnContext(draft, Message("m1", text="eins"))
    return {
        "next_action": action,
        "sender_id": "c",
        "tracker": {
            "sender_id": "c",
            "slots": {"member_count": 1},
            "latest_message": {
                "text": "eins",
                "intent": {},
                "entities": [],
                "metadata": {CONTEXT: context},
            },
            "events": [],
            "paused": False,
            "followup_action": None,
            "active_loop": {},
            "latest_action_name": "action_listen",
        },
        "version": "3.6.21",
    }


def context_in(call: dict[str, Any]) -> Any:
    return call["tracker"]["latest_message"]["metadata"][CONTEXT]


Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def asked(
    handler: Handler, calls: int = 1, timeout: float = 2, call: dict[str, Any] | None = None
) -> list[Any]:
    """The endpoint's answers when a server with this handler is behind it."""

    async def ask() -> list[Any]:
        app = web.Application()
        app.router.add_post("/webhook", handler)
        runner = web.AppRunner(app)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        port = runner.addresses[0][1]
        endpoint = ActionServer(f"http://127.0.0.1:{port}/webhook", timeout, VAULT)
        try:
            return [await endpoint.request(json=call or a_call()) for _ in range(calls)]
        finally:
            endpoint.close()
            await runner.cleanup()

    return asyncio.run(ask())


def test_the_answer_comes_back_over_one_kept_connection() -> None:
    connections = set()

    async def answer(request: web.Request) -> web.Response:
        assert request.transport is not None
        connections.add(request.transport.get_extra_info("peername"))
        called = await request.json()
        said = [{"text": called["next_action"]}]
        return web.json_response({"events": [], "responses": said, CONTEXT: context_in(called)})

    answers = asked(answer, calls=3)
    assert answers == [{"events": [], "responses": [{"text": "action_count"}]}] * 3
    assert len(connections) == 1


def test_the_draft_goes_there_and_comes_back_sealed() -> None:
    seen = []

    async def answer(request: web.Request) -> web.Response:
        seen.append(await request.text())
        context = TurnContext.opened(context_in(json.loads(seen[0])), VAULT)
        context.draft.answers["club_name"] = "Zaunkönig e. V."
        context.draft.record(clock.now(), "answered", "club_name", value="Zaunkönig e. V.")
        context.discarded = True
        seen.append(context.sealed(VAULT))
        return web.json_response({"events": [], "responses": [], CONTEXT: seen[1]})

    call = a_call()
    asked(answer, call=call)
    context = context_in(call)
    assert context.draft.answers == {"member_count": 1, "club_name": "Zaunkönig e. V."}
    assert [entry.item for entry in context.draft.new_evidence] == ["club_name"]
    assert (context.erased, context.discarded) == (False, True)
    assert context.message == Message("m1", text="eins")
    assert not any("Zaunkönig" in each for each in seen)


def test_a_rejection_is_passed_on_to_rasa() -> None:
    async def reject(_request: web.Request) -> web.Response:
        return web.json_response({"action_name": "action_count", "error": "no"}, status=400)

    with pytest.raises(ClientResponseError) as rejected:
        asked(reject)
    assert rejected.value.status == 400
    assert json.loads(rejected.value.text)["action_name"] == "action_count"


@pytest.mark.parametrize(
    ("status", "body"), [(500, b""), (404, b"{}"), (200, b"<html>"), (200, b"[]"), (502, b"{}")]
)
def test_any_failure_of_the_server_is_unavailable(status: int, body: bytes) -> None:
    async def fail(_request: web.Request) -> web.Response:
        return web.Response(status=status, body=body)

    assert asked(fail) == [unavailable()]


def test_a_server_that_does_not_answer_in_time_is_unavailable() -> None:
    async def hang(_request: web.Request) -> web.Response:
        await asyncio.sleep(5)
        return web.Response()

    assert asked(hang, timeout=0.1) == [unavailable()]


def test_a_server_that_breaks_off_is_asked_once_more_and_is_then_unavailable() -> None:
    calls = []

    async def break_off(request: web.Request) -> web.Response:
        calls.append(await request.read())
        assert request.transport is not None
        request.transport.close()
        return web.Response()

    assert asked(break_off) == [unavailable()]
    assert len(calls) == 2


def test_no_server_is_unavailable() -> None:
    async def ask() -> Any:
        endpoint = ActionServer("http://127.0.0.1:1/webhook", 2, VAULT)
        try:
            return await endpoint.request(json=a_call())
        finally:
            endpoint.close()

    assert asyncio.run(ask()) == unavailable()


def test_inline_actions_work_on_the_draft_itself() -> None:
    call = a_call()
    answer = asyncio.run(InlineActions("tiny_actions").request(json=call))
    assert answer["responses"][0]["text"] == "Nummer 2: eins"
    assert [event["name"] for event in answer["events"]] == ["member_count"]
    assert context_in(call).draft.answers == {"member_count": 2}


@pytest.mark.parametrize("action", ["action_fail", "action_unknown"])
def test_inline_failures_are_unavailable(action: str) -> None:
    call = a_call(action)
    assert asyncio.run(InlineActions("tiny_actions").request(json=call)) == unavailable()


def test_the_settings_choose_the_endpoint() -> None:
    assert isinstance(action_endpoint(Settings(actions="server")), ActionServer)
    url = "http://elsewhere/webhook"
    assert action_endpoint(Settings(actions="server", actions_url=url)).url == url

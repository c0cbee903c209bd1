"""The calls of a broker's portal about what was begun through it."""

from __future__ import annotations

from typing import Any

from sanic.request import Request
from sanic.response import HTTPResponse

from bot.channels import requests
from bot.channels.errors import ChannelError
from bot.channels.pages import CHANNEL
from bot.channels.rate_limits import RateLimits
from bot.channels.responses import json_answer, pdf_answer
from bot.channels.sessions import PortalTokens, Visit
from bot.conversation.starting import QUOTED_FROM
from bot.handoff.parcel import application_pdf
from bot.handoff.references import read_reference
from bot.settings import Settings
from bot.storage.applications import ApplicationStore
from bot.storage.broker_work import BrokerCase, broker_cases, is_brokers_own
from bot.storage.stores import Stores
from bot.threads import in_thread

MOST_CASES = 500


class BrokerCalls:
    """Answers a portal's server; a customer's browser never holds such a token."""

    def __init__(self, stores: Stores, settings: Settings, limits: RateLimits) -> None:
        self._stores = stores
        self._portal_tokens = PortalTokens(settings.portal_secret)
        self._limit = limits.broker

    # GET /applications
    async def list(self, request: Request) -> HTTPResponse:
        """Everything begun through this broker's portal."""
        number = await self._broker_number(request)
        cases = await in_thread(broker_cases, self._stores.database, number, MOST_CASES)
        return json_answer({"applications": [_described(case) for case in cases]})

    # GET /applications/<reference>/application.pdf
    async def download(self, request: Request, reference: str) -> HTTPResponse:
        """The PDF of an application or quote of this broker."""
        number = await self._broker_number(request)
        known = read_reference(reference)
        database = self._stores.database
        if known is None or not await in_thread(is_brokers_own, database, number, known):
            raise ChannelError("not_found")
        return pdf_answer(await in_thread(application_pdf, database, known), f"antrag-{known}.pdf")

    async def _broker_number(self, request: Request) -> str:
        visit = self._portal_tokens.visit(requests.session_token(request))
        number = brokers_number(visit)
        await self._limit.refuse_hurry(number)
        return number


def brokers_number(visit: Visit) -> str:
    """The broker whose applications the token opens.

    Raises:
        ChannelError: ``portal_token_invalid``, the token is one for customers.
    """
    if visit.broker is None or not visit.for_broker:
        raise ChannelError("portal_token_invalid")
    return visit.broker["broker_number"]


def quoted_answers(visit: Visit, reference: str, stores: Stores) -> dict[str, Any]:
    """The answers of a quote, to begin an application with.

    Raises:
        ChannelError: ``not_found``, it is no quote of this broker.
    """
    number = visit.broker["broker_number"] if visit.broker else ""
    known = read_reference(reference)
    if known is None or not is_brokers_own(stores.database, number, known):
        raise ChannelError("not_found")
    envelope = ApplicationStore(stores.database).envelope(known)
    answers = envelope["application"]
    if answers["request_type"] != "quote":
        raise ChannelError("not_found")
    given = {name: value for name, value in answers.items() if value is not None}
    tariff = (envelope["quote"] or {}).get("tariff")
    return {**given, "request_type": "application", QUOTED_FROM: tariff}


def _described(case: BrokerCase) -> dict[str, Any]:
    pdf = f"/webhooks/{CHANNEL}/applications/{case.reference}/application.pdf"
    return {
        "status": case.status,
        "reference": case.reference,
        "request_type": case.request_type,
        "created_at": case.created_at.isoformat(),
        "pdf": pdf if case.reference else None,
    }

"""A real browser, the fake API and the tools that the widget's tests need."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from browser import node_tools
from browser.fake_api import FakeApi
from browser.widget_page import WidgetPage
from playwright.sync_api import Browser, BrowserContext, sync_playwright

DESKTOP = {"width": 1280, "height": 800}
PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844},
    "device_scale_factor": 2,
    "has_touch": True,
    "is_mobile": True,
}
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

OpenPage = Callable[..., WidgetPage]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium.

    It ends with the module: Playwright leaves its event loop running in the thread of the tests,
    where no other test could start one.
    """
    program = shutil.which("chromium")
    if program is None:
        pytest.fail("Chromium is missing; install it: apt-get install chromium", pytrace=False)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def new_context(chromium: Browser) -> Iterator[Callable[..., BrowserContext]]:
    """Makes browser profiles that share nothing; all are closed afterwards."""
    contexts: list[BrowserContext] = []

    def make(**options: Any) -> BrowserContext:
        context = chromium.new_context(**{"locale": "de-DE", "viewport": DESKTOP, **options})
        context.set_default_timeout(10_000)
        contexts.append(context)
        return context

    yield make
    for context in contexts:
        context.close()


@pytest.fixture
def fake() -> Iterator[FakeApi]:
    api = FakeApi()
    yield api
    api.close()


@pytest.fixture
def open_page(fake: FakeApi, new_context: Callable[..., BrowserContext]) -> OpenPage:
    """Opens the demonstration portal of the fake API, in a profile of its own."""

    def make(**options: Any) -> WidgetPage:
        return WidgetPage(new_context(**options).new_page()).visit(fake.portal)

    return make


@pytest.fixture
def widget(open_page: OpenPage) -> WidgetPage:
    """The widget on a desktop, with its window open."""
    return open_page().open()


@pytest.fixture(scope="session")
def axe_source() -> str:
    """The script of axe-core."""
    return (node_tools.install() / "axe-core" / "axe.min.js").read_text(encoding="utf-8")

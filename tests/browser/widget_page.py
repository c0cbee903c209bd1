"""The widget in a real browser, as a person finds it: by labels, roles and what can be read."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page, expect

SCREENSHOTS = Path(__file__).resolve().parents[2] / "var" / "screenshots"
AXE_OPTIONS = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}
COLLECT_VIOLATIONS = """
window.policyViolations = [];
document.addEventListener("securitypolicyviolation", (event) => {
  window.policyViolations.push(`${event.violatedDirective} ${event.blockedURI}`);
});
"""
COLLECT_EVENTS = """
(() => {
  window.told = [];
  const element = document.querySelector("vereins-antrag");
  for (const name of ["opened", "closed", "question", "quoted", "submitted", "error"])
    element.addEventListener(name, (event) => window.told.push([name, event.detail]));
})()
"""
FOCUSED = """
() => {
  let found = document.activeElement;
  while (found?.shadowRoot?.activeElement) found = found.shadowRoot.activeElement;
  return found?.getAttribute("aria-label") ?? found?.labels?.[0]?.textContent
    ?? found?.textContent ?? "";
}
"""


@dataclass
class WidgetPage:
    """One tab with the demonstration portal."""

    page: Page
    errors: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.add_init_script(COLLECT_VIOLATIONS)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))

    def visit(self, address: str) -> WidgetPage:
        self.page.goto(address)
        return self._loaded()

    def reload(self) -> WidgetPage:
        self.page.reload()
        return self._loaded()

    def _loaded(self) -> WidgetPage:
        self.page.locator("vereins-antrag .window").wait_for(state="attached")
        return self

    def open(self) -> WidgetPage:
        self.launcher.click()
        expect(self.composer).to_be_visible()
        expect(self.messages.first).to_be_visible()
        return self

    @property
    def window(self) -> Locator:
        return self.page.get_by_role("dialog", name="Vereins-Rechtsschutz")

    @property
    def launcher(self) -> Locator:
        return self.page.get_by_role("button", name="Verein versichern")

    @property
    def composer(self) -> Locator:
        return self.page.get_by_label("Ihre Nachricht", exact=True)

    @property
    def log(self) -> Locator:
        return self.page.get_by_role("log")

    @property
    def messages(self) -> Locator:
        return self.log.get_by_role("article")

    @property
    def own(self) -> Locator:
        return self.log.locator("article.user")

    @property
    def control(self) -> Locator:
        return self.page.locator("vereins-antrag .answer")

    @property
    def error(self) -> Locator:
        return self.control.locator(".error")

    def button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=name, exact=True)

    def say(self, text: str, *, delivered: bool = True) -> None:
        """Type a message and send it; wait for the answer unless it cannot come."""
        before = self.own.count()
        self.composer.fill(text)
        self.composer.press("Enter")
        if delivered:
            self.expect_delivered(before + 1)

    def expect_delivered(self, count: int) -> None:
        expect(self.own).to_have_count(count)
        # Looks again sooner than `expect` does.
        self.own.last.locator(".meta", has_text="Zugestellt").wait_for(timeout=20_000)

    def own_texts(self) -> list[str]:
        return self.own.locator(".bubble").all_inner_texts()

    def focused(self) -> str:
        return str(self.page.evaluate(FOCUSED)).strip()

    def collect_events(self) -> None:
        self.page.evaluate(COLLECT_EVENTS)

    def told(self) -> list[list[Any]]:
        return list(self.page.evaluate("window.told"))

    def screenshot(self, name: str) -> None:
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=SCREENSHOTS / f"{name}.png")

    def axe(self, source: str) -> list[str]:
        """What axe-core finds on the page as it is, in words."""
        self.page.evaluate(source)
        found = self.page.evaluate("(options) => axe.run(document, options)", AXE_OPTIONS)
        return [
            f"{violation['id']}: {violation['help']} {node['target']} {node['failureSummary']}"
            for violation in found["violations"]
            for node in violation["nodes"]
        ]

    def expect_in_place(self) -> None:
        """Only the messages scroll: the head stays at the top, the composer at the bottom."""
        gaps = self.page.evaluate(
            """() => {
              const root = document.querySelector("vereins-antrag").shadowRoot;
              const [frame, head, composer] = [".window", ".head", ".composer"]
                .map((name) => root.querySelector(name).getBoundingClientRect());
              return [head.top - frame.top, frame.bottom - composer.bottom];
            }"""
        )
        assert max(map(abs, gaps)) <= 2, gaps

    def expect_clean(self) -> None:
        """Neither a breach of the content security policy nor a script error so far."""
        assert self.page.evaluate("window.policyViolations") == []
        assert self.errors == []

"""What a portal's developer relies on: size, types, attributes, events, origins."""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable

import pytest
from browser import node_tools
from browser.conftest import OpenPage
from browser.fake_api import FakeApi
from browser.widget_page import WidgetPage
from playwright.sync_api import BrowserContext, expect

LARGEST = 25_000


def test_the_bundle_is_current() -> None:
    assert node_tools.BUNDLE.read_text(encoding="utf-8") == node_tools.bundled()


def test_the_bundle_is_small() -> None:
    assert len(gzip.compress(node_tools.BUNDLE.read_bytes())) <= LARGEST


def test_the_types_fit() -> None:
    assert node_tools.type_errors() == ""


def test_no_markup_and_no_eval_in_the_sources() -> None:
    forbidden = re.compile(
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function"
    )
    for path in (node_tools.WIDGET / "src").glob("*.js"):
        assert not forbidden.search(path.read_text(encoding="utf-8")), path.name


def test_the_single_modules_work_without_the_bundle(open_page: OpenPage, fake: FakeApi) -> None:
    widget = open_page()
    widget.page.route("**/webhooks/widget/widget.js", lambda route: route.abort())
    widget.page.reload()
    widget.page.evaluate("import('../src/widget.js')")
    widget.open().say("number")
    assert fake.the_conversation().turns == 1
    widget.expect_clean()


def test_events(open_page: OpenPage) -> None:
    widget = open_page()
    widget.collect_events()
    widget.open()
    for state in ("address", "quote", "done"):
        widget.say(state)
    widget.button("Fenster schließen").click()
    told = widget.told()
    assert [name for name, _ in told] == [
        "opened",
        "question",
        "question",
        "quoted",
        "submitted",
        "closed",
    ]
    details = dict(map(tuple, told))
    assert details["question"] == {"field": "address", "section": "club", "type": "address"}
    assert details["quoted"]["quote"]["total_per_instalment"] == "62.39"
    assert details["submitted"] == {"reference": "VR-7K3M-9XQ4"}


def test_a_reload_does_not_submit_again(open_page: OpenPage) -> None:
    widget = open_page().open()
    widget.say("quote")
    widget.say("done")
    widget.reload()
    widget.collect_events()
    widget.open()
    expect(widget.own).to_have_count(2)
    assert [name for name, _ in widget.told()] == ["opened"]


def test_the_error_event(widget: WidgetPage, fake: FakeApi) -> None:
    widget.collect_events()
    fake.failures = [413]
    widget.say("zu lang", delivered=False)
    expect(widget.own.last).to_contain_text("Nicht gesendet")
    assert widget.told() == [["error", {"status": 413, "code": "service_unavailable"}]]


def test_inline(open_page: OpenPage, fake: FakeApi, axe_source: str) -> None:
    widget = open_page()
    widget.page.evaluate(
        """() => {
          const element = document.querySelector("vereins-antrag");
          element.setAttribute("mode", "inline");
          document.querySelector("main").append(element);
        }"""
    )
    expect(widget.messages).to_have_count(2)
    expect(widget.page.get_by_role("region", name="Vereins-Rechtsschutz")).to_be_visible()
    expect(widget.launcher).to_have_count(0)
    widget.say("address")
    widget.page.locator("vereins-antrag").scroll_into_view_if_needed()
    widget.screenshot("desktop-inline")
    assert widget.axe(axe_source) == []


def test_open_from_the_start_leaves_the_focus_alone(open_page: OpenPage, fake: FakeApi) -> None:
    widget = open_page()
    widget.page.locator("#start").focus()
    widget.page.evaluate(
        """() => {
          const element = document.createElement("vereins-antrag");
          element.setAttribute("open", "");
          document.querySelector("vereins-antrag").replaceWith(element);
        }"""
    )
    expect(widget.messages).to_have_count(2)
    assert widget.page.evaluate("document.activeElement.id") == "start"


@pytest.mark.parametrize(("position", "side"), [("bottom-left", "left"), ("bottom-right", "right")])
def test_position(position: str, side: str, open_page: OpenPage) -> None:
    widget = open_page()
    widget.page.evaluate(
        "(value) => document.querySelector('vereins-antrag').setAttribute('position', value)",
        position,
    )
    widget.open()
    middle = widget.window.bounding_box()["x"] + widget.window.bounding_box()["width"] / 2
    assert (middle < 640) == (side == "left")


def test_theme(open_page: OpenPage) -> None:
    widget = open_page(color_scheme="dark")
    widget.page.evaluate(
        """() => {
          const element = document.querySelector("vereins-antrag");
          element.setAttribute("theme", "light");
          element.style.setProperty("--va-accent", "#7a1f5c");
        }"""
    )
    widget.open()
    colours = widget.page.evaluate(
        """() => {
          const root = document.querySelector("vereins-antrag").shadowRoot;
          return [".send", ".panel"].map((name) => {
            const style = getComputedStyle(root.querySelector(name));
            return name === ".send" ? style.backgroundColor : style.color;
          });
        }"""
    )
    assert colours == ["rgb(122, 31, 92)", "rgb(28, 43, 49)"]


def test_labels_in_english(open_page: OpenPage) -> None:
    widget = open_page()
    widget.page.evaluate("document.querySelector('vereins-antrag').setAttribute('lang', 'en')")
    widget.page.get_by_role("button", name="Insure a club").click()
    expect(widget.messages).to_have_count(2)
    expect(widget.page.get_by_label("Your message", exact=True)).to_be_visible()
    expect(widget.messages.first).to_have_attribute("lang", "de")
    expect(widget.window).to_have_attribute("lang", "en")


def test_labels_of_the_portals_own(open_page: OpenPage) -> None:
    widget = open_page()
    widget.page.evaluate(
        """() => {
          const element = document.querySelector("vereins-antrag");
          element.labels = { title: "Mein Assistent" };
          element.setAttribute("lang", "de");
        }"""
    )
    widget.launcher.click()
    expect(widget.page.get_by_role("dialog", name="Mein Assistent")).to_be_visible()


def test_each_case_is_its_own_conversation(open_page: OpenPage, fake: FakeApi) -> None:
    widget = open_page().open()
    widget.say("Verein A")
    widget.page.evaluate("document.querySelector('vereins-antrag').setAttribute('case', 'B-17')")
    expect(widget.own).to_have_count(0)
    expect(widget.messages).to_have_count(2)
    widget.page.evaluate("document.querySelector('vereins-antrag').removeAttribute('case')")
    expect(widget.own).to_have_count(1)
    assert len(fake.distinct()) == 2


def test_taking_the_element_out_ends_its_work(widget: WidgetPage, fake: FakeApi) -> None:
    widget.page.context.set_offline(True)
    widget.say("eins", delivered=False)
    widget.page.evaluate("document.querySelector('vereins-antrag').remove()")
    widget.page.context.set_offline(False)
    before = len(fake.requests)
    widget.page.wait_for_timeout(1500)
    assert len(fake.requests) == before
    widget.expect_clean()
    assert widget.errors == []


def test_a_portal_of_another_origin(
    new_context: Callable[..., BrowserContext], fake: FakeApi
) -> None:
    fake.allow_origins = True
    portal = FakeApi()
    portal.pages["/makler"] = (
        f"default-src 'none'; script-src {fake.address}; connect-src {fake.address}",
        f"""<!doctype html><html lang="de"><title>Makler</title>
          <script type="module" src="{fake.address}/webhooks/widget/widget.js"></script>
          <vereins-antrag portal-token="e30.e30.c2ln"></vereins-antrag></html>""",
    )
    widget = WidgetPage(new_context().new_page()).visit(f"{portal.address}/makler").open()
    widget.say("number")
    assert fake.the_conversation().turns == 1
    widget.expect_clean()
    portal.close()

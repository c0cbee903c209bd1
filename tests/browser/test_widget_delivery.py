"""Nothing a person sends is lost or sent twice, whatever network, server and tabs do."""

from __future__ import annotations

from collections.abc import Callable

from browser.conftest import OpenPage
from browser.fake_api import FakeApi
from browser.widget_page import WidgetPage
from playwright.sync_api import BrowserContext, expect


def posted(fake: FakeApi) -> list[dict[str, str]]:
    return [body for method, path, body in fake.requests if (method, path) == ("POST", "/messages")]


def own_messages(fake: FakeApi) -> list[str]:
    """What the server has of the person's messages."""
    messages = fake.the_conversation().messages
    return [message["text"] for message in messages if message["sender"] == "user"]


def test_nothing_is_begun_before_the_window_opens(open_page: OpenPage, fake: FakeApi) -> None:
    widget = open_page()
    widget.page.wait_for_timeout(300)
    assert fake.requests == []
    widget.open()
    assert [path for _, path, _ in fake.requests] == ["/sessions"]
    assert fake.requests[0][2]["portal_token"].count(".") == 2


def test_a_portal_that_gets_its_token_late(open_page: OpenPage, fake: FakeApi) -> None:
    fake.token_delay = 1.0
    widget = open_page().open()
    widget.say("eins")
    expect(widget.page.get_by_text("Maklerbüro Beispiel")).to_be_visible()
    expect(widget.own).to_have_count(1)
    assert own_messages(fake) == ["eins"]
    assert all("portal_token" in body for _, path, body in fake.requests if path == "/sessions")


def test_the_session_travels_in_the_header_only(widget: WidgetPage) -> None:
    seen: list[str] = []
    widget.page.on("request", lambda request: seen.append(request.url))
    widget.say("number")
    assert seen
    assert not [address for address in seen if "session-" in address]


def test_offline_and_back(widget: WidgetPage, fake: FakeApi) -> None:
    widget.page.context.set_offline(True)
    widget.say("250", delivered=False)
    expect(widget.own.last).to_contain_text("Wird gesendet, sobald es geht")
    expect(widget.page.get_by_text("Keine Verbindung.").first).to_be_visible()
    widget.page.context.set_offline(False)
    widget.expect_delivered(1)
    expect(widget.page.get_by_text("Keine Verbindung.")).to_be_hidden()
    assert own_messages(fake) == ["250"]


def test_an_answer_lost_on_the_way(widget: WidgetPage, fake: FakeApi) -> None:
    fake.lose_answers = 2
    widget.say("250")
    assert len({body["id"] for body in posted(fake)}) == 1
    assert len(posted(fake)) == 3
    assert own_messages(fake) == ["250"]
    expect(widget.messages.get_by_text("Verstanden: 250")).to_have_count(1)


def test_a_server_that_is_busy(widget: WidgetPage, fake: FakeApi) -> None:
    fake.failures = [503, 429, 500]
    widget.say("250", delivered=False)
    expect(
        widget.page.get_by_text("Der Assistent kann gerade nicht antworten.").first
    ).to_be_visible()
    widget.expect_delivered(1)
    assert own_messages(fake) == ["250"]


def test_a_server_that_keeps_failing(widget: WidgetPage, fake: FakeApi) -> None:
    fake.failures = [500, 500, 500]
    widget.say("250", delivered=False)
    expect(widget.own.last).to_contain_text("Nicht gesendet")
    widget.button("Erneut senden").click()
    widget.expect_delivered(1)
    assert len({body["id"] for body in posted(fake)}) == 1
    assert own_messages(fake) == ["250"]


def test_a_message_that_is_refused(widget: WidgetPage, fake: FakeApi) -> None:
    widget.say("number")
    fake.failures = [413]
    widget.say("250", delivered=False)
    expect(widget.own.last).to_contain_text("Nicht gesendet")
    expect(widget.own.last).to_contain_text("Bitte gleich noch einmal.")
    expect(widget.button("Erneut senden")).to_have_count(0)
    expect(widget.control.get_by_label("Mitgliederzahl")).to_be_visible()
    widget.say("251")
    assert own_messages(fake) == ["number", "251"]


def test_several_in_a_row_keep_their_order(widget: WidgetPage, fake: FakeApi) -> None:
    fake.delay = 0.4
    for text in ("eins", "zwei", "drei"):
        widget.say(text, delivered=False)
    widget.expect_delivered(3)
    expect(widget.messages.last).to_contain_text("Verstanden: drei")
    assert own_messages(fake) == ["eins", "zwei", "drei"]
    shown = widget.messages.locator(".bubble").all_inner_texts()[-6:]
    assert shown == [
        "eins",
        "Verstanden: eins",
        "zwei",
        "Verstanden: zwei",
        "drei",
        "Verstanden: drei",
    ]


def test_reload_in_the_middle(widget: WidgetPage, fake: FakeApi) -> None:
    widget.say("eins")
    widget.say("address")
    before = widget.messages.locator(".bubble").all_inner_texts()
    widget.reload()
    widget.open()
    expect(widget.messages).to_have_count(len(before))
    assert widget.messages.locator(".bubble").all_inner_texts() == before
    expect(widget.control.get_by_label("Straße und Hausnummer")).to_be_visible()
    widget.say("weiter")
    assert own_messages(fake) == ["eins", "address", "weiter"]


def test_reload_before_it_was_sent(widget: WidgetPage, fake: FakeApi) -> None:
    widget.page.route("**/messages", lambda route: route.abort())
    widget.say("250", delivered=False)
    expect(widget.own.last).to_contain_text("Wird gesendet, sobald es geht")
    widget.page.unroute("**/messages")
    widget.reload()
    widget.open()
    widget.expect_delivered(1)
    assert own_messages(fake) == ["250"]


def test_two_tabs(widget: WidgetPage, fake: FakeApi) -> None:
    widget.say("eins")
    other = WidgetPage(widget.page.context.new_page()).visit(fake.portal).open()
    expect(other.messages.get_by_text("Verstanden: eins")).to_be_visible()
    other.say("zwei")
    expect(widget.messages.get_by_text("Verstanden: zwei")).to_be_visible()
    widget.say("number")
    expect(other.control.get_by_label("Mitgliederzahl")).to_be_visible()
    assert len(fake.distinct()) == 1
    assert own_messages(fake) == ["eins", "zwei", "number"]


def test_two_brokers_do_not_share(
    new_context: Callable[..., BrowserContext], fake: FakeApi
) -> None:
    context = new_context()
    WidgetPage(context.new_page()).visit(fake.portal).open().say("geheim")
    other = WidgetPage(context.new_page()).visit(fake.portal)
    other.page.evaluate(
        """document.querySelector("vereins-antrag")
          .setAttribute("portal-token", "e30." + btoa('{"broker_number":"0815"}') + ".c2ln")"""
    )
    other.open()
    expect(other.messages).to_have_count(2)
    assert len(fake.distinct()) == 2


def test_a_session_that_ended(widget: WidgetPage, fake: FakeApi) -> None:
    widget.say("eins")
    fake.conversations.clear()
    widget.say("zwei", delivered=False)
    expect(widget.control.page.get_by_text("Diese Unterhaltung ist beendet.").first).to_be_visible()
    expect(widget.composer).to_be_hidden()
    widget.button("Neu beginnen").click()
    expect(widget.own).to_have_count(0)
    expect(widget.messages).to_have_count(2)
    assert widget.focused() in ("Antragsart", "Ihre Nachricht")
    widget.say("drei")
    assert own_messages(fake) == ["drei"]


def test_a_session_that_ended_before_the_reload(widget: WidgetPage, fake: FakeApi) -> None:
    fake.conversations.clear()
    widget.reload()
    widget.launcher.click()
    expect(widget.page.get_by_text("Diese Unterhaltung ist beendet.").first).to_be_visible()
    widget.button("Neu beginnen").click()
    expect(widget.messages).to_have_count(2)


def test_a_session_that_expired_goes_on(widget: WidgetPage, fake: FakeApi) -> None:
    widget.say("eins")
    fake.expire()
    widget.say("zwei")
    expect(widget.messages.last).to_contain_text("Verstanden: zwei")
    assert own_messages(fake) == ["eins", "zwei"]


def test_erasing(widget: WidgetPage, fake: FakeApi) -> None:
    other = WidgetPage(widget.page.context.new_page()).visit(fake.portal).open()
    widget.say("geheim")
    widget.button("Neu beginnen").click()
    assert widget.focused() == "Abbrechen"
    widget.button("Abbrechen").click()
    assert widget.focused() == "Neu beginnen"
    assert own_messages(fake) == ["geheim"]
    widget.button("Neu beginnen").click()
    widget.button("Löschen und neu beginnen").click()
    expect(widget.own).to_have_count(0)
    expect(widget.messages).to_have_count(2)
    assert own_messages(fake) == []
    expect(other.page.get_by_text("Diese Unterhaltung ist beendet.").first).to_be_visible()


def test_what_is_written_while_a_new_conversation_begins_belongs_to_it(
    widget: WidgetPage, fake: FakeApi
) -> None:
    widget.say("alt")
    fake.delay = 0.5
    widget.button("Neu beginnen").click()
    widget.button("Löschen und neu beginnen").click()
    widget.say("sofort", delivered=False)
    widget.page.wait_for_timeout(700)
    widget.say("etwas später", delivered=False)
    widget.expect_delivered(2)
    expect(widget.messages.last).to_contain_text("Verstanden: etwas später")
    assert widget.own_texts() == ["sofort", "etwas später"]
    assert own_messages(fake) == ["sofort", "etwas später"]


def test_another_tab_joins_what_begins_after_erasing(widget: WidgetPage, fake: FakeApi) -> None:
    other = WidgetPage(widget.page.context.new_page()).visit(fake.portal).open()
    widget.button("Neu beginnen").click()
    widget.button("Löschen und neu beginnen").click()
    expect(other.page.get_by_text("Diese Unterhaltung ist beendet.").first).to_be_visible()
    # Tabs run in processes of their own: what one stores reaches the other a moment later.
    other.page.wait_for_function("() => Object.values(localStorage).length")
    other.button("Neu beginnen").click()
    expect(other.messages.first).to_be_visible()
    widget.say("neu")
    expect(other.messages.get_by_text("Verstanden: neu")).to_be_visible()
    assert len(fake.distinct()) == 1


def test_another_tab_does_not_forget_what_begins_after_erasing(widget: WidgetPage) -> None:
    widget.say("geheim")
    other = WidgetPage(widget.page.context.new_page()).visit(widget.page.url).open()
    # Tabs run in processes of their own: this one hears late of the end and does not see yet what
    # the first one stores.
    other.page.evaluate(
        """() => {
            const seen = Object.assign({}, localStorage);
            Storage.prototype.getItem = (name) => seen[name] ?? null;
            const hear = EventTarget.prototype.dispatchEvent;
            EventTarget.prototype.dispatchEvent = function (event) {
                if (event.type !== "told") return hear.call(this, event);
                setTimeout(() => hear.call(this, event), 2000);
                return true;
            };
        }"""
    )
    widget.button("Neu beginnen").click()
    widget.button("Löschen und neu beginnen").click()
    expect(widget.own).to_have_count(0)
    widget.say("neu")
    expect(other.page.get_by_text("Diese Unterhaltung ist beendet.").first).to_be_visible()
    widget.reload()
    widget.launcher.click()
    expect(widget.messages.get_by_text("Verstanden: neu")).to_be_visible()


def test_erased_in_words(widget: WidgetPage) -> None:
    widget.say("alles löschen")
    expect(widget.messages.last).to_contain_text("Verstanden")
    expect(widget.page.get_by_text("Diese Unterhaltung ist beendet.").first).to_be_visible()
    expect(widget.composer).to_be_hidden()


def test_a_portal_token_that_has_expired(widget: WidgetPage, fake: FakeApi) -> None:
    widget.say("eins")
    fake.refuse_tokens = True
    widget.reload()
    widget.launcher.click()
    refusal = widget.page.get_by_text("Die Anmeldung des Portals ist abgelaufen.").first
    expect(refusal).to_be_visible()
    widget.page.wait_for_load_state("networkidle")
    fake.refuse_tokens = False
    widget.button("Jetzt versuchen").click()
    expect(widget.messages.get_by_text("Verstanden: eins")).to_be_visible()
    assert len(fake.distinct()) == 1


def test_a_server_that_is_down_at_first(open_page: OpenPage, fake: FakeApi) -> None:
    widget = open_page()
    widget.page.route("**/sessions", lambda route: route.abort())
    widget.launcher.click()
    expect(widget.page.get_by_text("gerade nicht erreichbar").first).to_be_visible()
    widget.page.unroute("**/sessions")
    widget.button("Jetzt versuchen").click()
    expect(widget.messages).to_have_count(2)


def test_storage_that_the_browser_forbids(open_page: OpenPage, fake: FakeApi) -> None:
    widget = open_page()
    widget.page.add_init_script(
        """for (const name of ["localStorage", "sessionStorage"])
          Object.defineProperty(window, name, { get() { throw new DOMException("no"); } });"""
    )
    widget.reload()
    widget.open().say("eins")
    assert own_messages(fake) == ["eins"]
    widget.expect_clean()

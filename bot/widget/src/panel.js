import { AnswerArea } from "./answer.js";
import { ApiError } from "./client.js";
import { Composer } from "./composer.js";
import { h, uniqueId } from "./dom.js";
import { Header } from "./header.js";
import { icon } from "./icons.js";
import { Log } from "./log.js";

/** Below this height of the panel, in CSS pixels, everything scrolls together. */
const COMPACT = 400;
/** How long an answer may take before a screen reader is told of it, in milliseconds. */
const SLOW = 2_500;

/** Everything inside the window: shows a conversation and passes on what is done in it. */
export class Panel {
  /**
   * @param {import("./conversation.js").Conversation} conversation
   * @param {Labels} labels
   * @param {(() => void) | null} close
   */
  constructor(conversation, labels, close) {
    this.conversation = conversation;
    this.labels = labels;
    /** Where the focus goes when the reply is there: it was in a control that is gone. */
    this.following = false;
    this.touched = false;
    /** Height of the messages that are seen. */
    this.seen = 0;
    this.header = new Header(labels, { close, restart: () => this.#askRestart() });
    this.log = new Log(
      { labels, choose: ({ title, payload }) => this.#send({ shown: title, choice: payload }), savePdf: () => this.#savePdf() },
      (entry) => conversation.retry(entry),
    );
    this.answer = new AnswerArea(labels, (message) => this.#send(message));
    this.composer = new Composer(labels, (text) => {
      this.answer.typed(text);
      conversation.send({ shown: text, text });
    });
    this.typing = h("div", { class: "typing", hidden: true, "aria-hidden": "true" }, h("i"), h("i"), h("i"));
    this.status = h("p", { class: "hidden", role: "status" });
    this.notice = h("div", { class: "notice", hidden: true });
    this.ended = h("div", { class: "ended", hidden: true, tabindex: -1 });
    this.scroller = h(
      "div",
      { class: "scroller", role: "group", tabindex: 0, "aria-label": labels.conversation },
      this.log.node,
      this.typing,
      this.answer.node,
      this.ended,
    );
    this.node = h(
      "div",
      {
        class: "panel",
        onpointerdown: (/** @type {PointerEvent} */ event) => {
          this.touched = event.pointerType === "touch";
        },
        onkeydown: () => {
          this.touched = false;
        },
      },
      this.header.node,
      this.notice,
      this.scroller,
      this.composer.node,
      this.status,
    );
    this.#listen();
    new ResizeObserver(() => this.#measure()).observe(this.node);
  }

  /** Puts the focus where work goes on. */
  focus() {
    if (!this.ended.hidden) this.ended.focus();
    else if (this.answer.offered) this.answer.focus(!coarse());
    else if (coarse()) this.header.title.focus();
    else this.composer.focus();
  }

  #listen() {
    const { conversation } = this;
    /** @type {[string, (detail: any) => void][]} */
    const handlers = [
      ["reset", () => this.#reset()],
      ["added", (entries) => this.#added(entries)],
      ["updated", (entry) => this.#updated(entry)],
      ["state", () => this.header.show(conversation.state.progress)],
      ["connection", () => this.#connection()],
      ["busy", () => this.#busy()],
      ["refused", (error) => this.#refused(error)],
    ];
    for (const [name, handler] of handlers) {
      conversation.addEventListener(name, (event) =>
        handler(/** @type {CustomEvent} */ (event).detail),
      );
    }
  }

  /** @param {{shown: string, text?: string, choice?: string, file?: File, kind?: string}} message */
  #send(message) {
    this.following = true;
    this.conversation.send(message);
  }

  #reset() {
    this.log.reset(this.conversation.entries);
    this.#offer();
    this.#scroll();
  }

  /** @param {Entry[]} entries */
  #added(entries) {
    const first = this.log.add(entries);
    this.log.order(this.conversation.entries);
    this.#offer();
    this.#scroll(entries[0]?.sender === "bot" ? first : undefined);
    if (entries[0]?.sender === "bot") this.#follow();
  }

  /** @param {Entry} entry */
  #updated(entry) {
    this.log.update(entry);
    if (entry.delivery !== "failed") return;
    this.#offer();
    if (entry.problem) this.answer.control?.fail(entry.problem);
    this.#follow();
  }

  /** Offers what can be answered now. */
  #offer() {
    const open = this.conversation.open();
    const inside = this.answer.node.contains(this.#focused());
    if (this.conversation.connection === "ended") this.answer.hide();
    else this.answer.show(open);
    this.composer.aside = this.answer.offered;
    this.log.retire(this.#turn());
    if (inside && !this.answer.node.contains(this.#focused())) {
      this.following = true;
      this.scroller.focus({ preventScroll: true });
    }
  }

  /** Key of the first entry of the present turn; infinite while an answer is on its way. */
  #turn() {
    const { entries } = this.conversation;
    const last = entries.findLastIndex(
      ({ sender, delivery }) => sender === "user" && delivery !== "failed",
    );
    return entries[last + 1]?.key ?? Infinity;
  }

  #follow() {
    if (!this.following) return;
    this.following = false;
    const focused = this.#focused();
    if (focused && focused !== this.scroller && this.node.contains(focused)) return;
    if (this.answer.offered) this.answer.focus(!this.touched);
    else if (!this.touched && !this.composer.node.hidden) this.composer.focus();
  }

  /** Shows the end, or the beginning of what is new if that is long. @param {HTMLElement} [first] */
  #scroll(first) {
    const box = this.node.classList.contains("compact") ? this.node : this.scroller;
    const end = box.scrollHeight - box.clientHeight;
    const start = first
      ? first.getBoundingClientRect().top - box.getBoundingClientRect().top + box.scrollTop - 16
      : end;
    box.scrollTo({ top: Math.min(end, start), behavior: calm() || !first ? "instant" : "smooth" });
  }

  #measure() {
    const height = this.node.parentElement?.clientHeight ?? 0;
    this.node.classList.toggle("compact", height > 0 && height < COMPACT);
    // What stood above the composer stays there when a phone's keyboard takes half the screen.
    const { clientHeight } = this.scroller;
    this.scroller.scrollTop += this.seen - clientHeight;
    this.seen = clientHeight;
    const focused = this.#focused();
    if (focused && this.answer.node.contains(focused)) focused.scrollIntoView({ block: "nearest" });
  }

  #focused() {
    const root = this.node.getRootNode();
    return root instanceof ShadowRoot ? root.activeElement : null;
  }

  #busy() {
    const { busy } = this.conversation;
    this.typing.hidden = !busy;
    clearTimeout(this.slow);
    if (busy) {
      this.#scroll();
      this.slow = setTimeout(() => this.status.replaceChildren(this.labels.typing), SLOW);
    } else this.status.replaceChildren();
  }

  #connection() {
    const { labels, conversation } = this;
    const { connection } = conversation;
    const offline = connection === "offline" || connection === "unavailable";
    const lost = conversation.entries.length ? labels.offline : labels.offlineStart;
    const text = connection === "offline" ? lost : labels.unavailable;
    if (offline) {
      const now = h("button", { type: "button", class: "link", onclick: () => conversation.tryNow() }, labels.retryNow);
      this.#note("warning", text, now);
    } else if (connection === "connecting") this.#note("", labels.connecting);
    else {
      if (this.wasOffline && connection === "ready") this.status.replaceChildren(labels.online);
      this.notice.hidden = true;
    }
    this.wasOffline = offline;
    this.#showEnd(connection === "ended");
  }

  /** @param {boolean} ended */
  #showEnd(ended) {
    const { labels, conversation } = this;
    const inside = this.node.contains(this.#focused());
    this.ended.hidden = !ended;
    this.composer.node.hidden = ended;
    this.header.restart.hidden = ended;
    if (!ended) return;
    this.ended.replaceChildren(
      h("p", { class: "label" }, labels.ended),
      h("p", { class: "hint" }, labels.endedHint),
      h(
        "button",
        { type: "button", class: "primary", onclick: () => this.#restart(() => conversation.fresh()) },
        icon("restart"),
        labels.restart,
      ),
    );
    this.#offer();
    this.#scroll();
    this.status.replaceChildren(labels.ended);
    if (inside) this.ended.focus({ preventScroll: true });
  }

  /** @param {unknown} error */
  #refused(error) {
    const { conversation, labels } = this;
    if (conversation.connection !== "refused") return;
    const said = error instanceof ApiError && error.message;
    const text = said || (error instanceof ApiError && error.status === 403 ? labels.notAllowed : labels.problem);
    const again = h("button", { type: "button", class: "link", onclick: () => conversation.start() }, labels.retryNow);
    this.#note("warning", text, again);
  }

  #askRestart() {
    const { labels, conversation } = this;
    const title = h("p", { class: "label", id: uniqueId() }, labels.restartTitle);
    const text = h("p", { id: uniqueId() }, labels.restartText);
    const back = () => {
      box.remove();
      this.header.restart.focus();
    };
    const cancel = h("button", { type: "button", class: "choice", onclick: back }, labels.cancel);
    const confirm = h(
      "button",
      {
        type: "button",
        class: "danger",
        onclick: () => {
          box.remove();
          void this.#restart(() => conversation.erase());
        },
      },
      labels.restartConfirm,
    );
    const box = h(
      "div",
      {
        class: "confirm",
        role: "alertdialog",
        "aria-labelledby": title.id,
        "aria-describedby": text.id,
        onkeydown: (/** @type {KeyboardEvent} */ event) => {
          if (event.key !== "Escape") return;
          event.stopPropagation();
          event.preventDefault();
          back();
        },
      },
      title,
      text,
      h("div", { class: "choices inline" }, confirm, cancel),
    );
    this.node.querySelector(".confirm")?.remove();
    this.header.node.after(box);
    cancel.focus();
  }

  /** @param {() => Promise<void>} action */
  async #restart(action) {
    try {
      this.composer.node.hidden = false;
      this.composer.focus();
      await action();
      this.focus();
    } catch (error) {
      const said = error instanceof ApiError && error.message;
      this.#note("warning", said || this.labels.problem);
    }
  }

  async #savePdf() {
    const blob = await this.conversation.pdf();
    const address = URL.createObjectURL(blob);
    const reference = this.conversation.state.reference;
    h("a", { href: address, download: `Vorgang${reference ? `-${reference}` : ""}.pdf` }).click();
    setTimeout(() => URL.revokeObjectURL(address), 60_000);
  }

  /**
   * @param {"" | "warning"} look
   * @param {string} text
   * @param {HTMLElement} [action]
   */
  #note(look, text, action) {
    this.notice.className = `notice ${look}`;
    this.notice.hidden = false;
    this.notice.replaceChildren(...(look ? [icon("alert")] : []), h("span", {}, text), ...(action ? [action] : []));
    this.status.replaceChildren(text);
  }
}

/** Whether fingers work this screen, so that focusing a field opens a keyboard. */
function coarse() {
  return matchMedia("(pointer: coarse)").matches;
}

/** Whether the person asked for little motion. */
function calm() {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}

import { cardFor } from "./cards.js";
import { hasControl } from "./controls.js";
import { h, hidden } from "./dom.js";
import { clock } from "./format.js";
import { icon } from "./icons.js";
import { paragraphs } from "./text.js";

/** @type {Record<Delivery, "clock" | "check" | "alert">} */
const DELIVERY_ICONS = { waiting: "clock", sending: "clock", delivered: "check", failed: "alert" };

/** The messages. A screen reader is told of the assistant's new ones, not of one's own. */
export class Log {
  /**
   * @param {CardContext} context
   * @param {(entry: Entry) => void} retry
   */
  constructor(context, retry) {
    this.context = context;
    this.retry = retry;
    this.node = h("div", {
      class: "log",
      role: "log",
      "aria-live": "polite",
      "aria-relevant": "additions",
      "aria-label": context.labels.conversation,
    });
    /** @type {Map<number, HTMLElement>} */
    this.shown = new Map();
  }

  /** Shows a restored conversation without reading it all out. @param {Entry[]} entries */
  reset(entries) {
    this.node.setAttribute("aria-live", "off");
    this.shown.clear();
    this.node.replaceChildren();
    this.add(entries);
    setTimeout(() => this.node.setAttribute("aria-live", "polite"), 500);
  }

  /**
   * @param {Entry[]} entries
   * @returns {HTMLElement | undefined} the first of them
   */
  add(entries) {
    const nodes = entries.map((entry) => {
      const node = this.#message(entry);
      this.shown.set(entry.key, node);
      return node;
    });
    this.node.append(...nodes);
    return nodes[0];
  }

  /** Puts the messages into this order, if they are not. @param {Entry[]} entries */
  order(entries) {
    const nodes = entries.flatMap((entry) => this.shown.get(entry.key) ?? []);
    for (const [index, node] of nodes.entries()) {
      if (this.node.children[index] !== node) this.node.insertBefore(node, this.node.children[index]);
    }
  }

  /** @param {Entry} entry */
  update(entry) {
    const node = this.shown.get(entry.key);
    if (!node) return;
    node.classList.toggle("failed", entry.delivery === "failed");
    node.querySelector(".meta")?.replaceWith(this.#meta(entry));
  }

  /**
   * Leaves the buttons of the last turn's cards only: older ones offer what has passed.
   *
   * @param {number} since key of the first entry whose buttons stay
   */
  retire(since) {
    for (const [key, node] of this.shown) {
      node.classList.toggle("current", key >= since);
      for (const button of node.querySelectorAll(".card button:not(.primary)")) {
        /** @type {HTMLButtonElement} */ (button).disabled = key < since;
      }
    }
  }

  /** @param {Entry} entry */
  #message(entry) {
    const { labels } = this.context;
    const { message, sender } = entry;
    const own = sender === "user";
    const card = message.card ? cardFor(message.card, this.context) : null;
    return h(
      "article",
      { class: `message ${sender}`, lang: own ? null : "de", "aria-live": own ? "off" : null },
      hidden(own ? labels.youSay : labels.assistantSays),
      // A card says what the text sums up for those who see no cards.
      card ?? this.#bubble(message, own),
      own ? this.#meta(entry) : null,
    );
  }

  /**
   * @param {Message} message
   * @param {boolean} own
   */
  #bubble({ text = "", question }, own) {
    const { newTab } = this.context.labels;
    if (!text) return null;
    if (own) return h("div", { class: "bubble" }, h("p", {}, text));
    const error = question?.error;
    // While the control shows what was wrong, the bubble need not show it as well.
    const said = error && hasControl(question.type) && text.startsWith(error) ? error : "";
    return h(
      "div",
      { class: "bubble" },
      said ? h("div", { class: "said" }, ...paragraphs(said, newTab)) : null,
      ...paragraphs(text.slice(said.length), newTab),
    );
  }

  /** @param {Entry} entry */
  #meta(entry) {
    const { labels } = this.context;
    const delivery = entry.delivery ?? "delivered";
    const sending = delivery === "sending" && entry.share !== undefined && entry.share < 1;
    return h(
      "div",
      { class: `meta ${delivery}` },
      entry.at && h("time", { datetime: entry.at.toISOString() }, clock(entry.at)),
      icon(DELIVERY_ICONS[delivery]),
      h(
        "span",
        { class: delivery === "delivered" ? "hidden" : "" },
        sending
          ? labels.upload.progress(Math.round((entry.share ?? 0) * 100))
          : labels.delivery[delivery],
      ),
      delivery === "failed" && h("span", { class: "problem" }, entry.problem || labels.notAccepted),
      delivery === "failed" && !entry.final &&
        h(
          "button",
          { type: "button", class: "link", onclick: () => this.retry(entry) },
          labels.retry,
        ),
    );
  }
}

import { h, uniqueId } from "./dom.js";
import { icon } from "./icons.js";

/** Where anything can be written at any time. Enter sends, Shift and Enter begins a line. */
export class Composer {
  /**
   * @param {Labels} labels
   * @param {(text: string) => void} send
   */
  constructor(labels, send) {
    this.labels = labels;
    this.send = send;
    this.field = h("textarea", {
      id: uniqueId(),
      rows: 1,
      placeholder: labels.composerHint,
      autocomplete: "off",
      enterkeyhint: "send",
      oninput: () => this.#grow(),
      onkeydown: (/** @type {KeyboardEvent} */ event) => this.#key(event),
    });
    this.node = h(
      "form",
      {
        class: "composer",
        onsubmit: (/** @type {Event} */ event) => {
          event.preventDefault();
          this.#submit();
        },
      },
      h("label", { class: "hidden", for: this.field.id }, labels.composer),
      this.field,
      h("button", { class: "send", "aria-label": labels.send }, icon("send")),
    );
  }

  focus() {
    this.field.focus({ preventScroll: true });
  }

  /** @param {boolean} aside whether there is a control to answer with, too */
  set aside(aside) {
    this.field.placeholder = aside ? this.labels.composerAside : this.labels.composerHint;
  }

  #submit() {
    const text = this.field.value.trim();
    if (!text) {
      this.focus();
      return;
    }
    this.field.value = "";
    this.#grow();
    this.send(text);
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    this.#submit();
  }

  #grow() {
    this.field.style.setProperty("height", "auto");
    this.field.style.setProperty("height", `${this.field.scrollHeight}px`);
  }
}

import { Client } from "./client.js";
import { Conversation } from "./conversation.js";
import { h, uniqueId } from "./dom.js";
import { icon } from "./icons.js";
import { german, labelsFor } from "./labels.js";
import { Memory, memoryKey } from "./memory.js";
import { Panel } from "./panel.js";
import { styles } from "./styles.js";

/** On these screens the window is a full-screen sheet, with the page behind it out of reach. */
const SHEET = "(max-width: 560px), (max-height: 480px)";

/**
 * `<vereins-antrag>`: the assistant on a broker's page, as a launcher with a window (`mode="bubble"`)
 * or as a part of the page (`mode="inline"`). Events: opened, closed, question, quoted, submitted,
 * error; none carries what a person wrote.
 */
export class VereinsAntrag extends HTMLElement {
  static observedAttributes = ["open", "mode", "lang", "api", "case", "portal-token"];

  constructor() {
    super();
    this.root = this.attachShadow({ mode: "open" });
    this.root.adoptedStyleSheets = [styles()];
    this.sheet = matchMedia(SHEET);
    this.generation = 0;
    /** @type {Partial<Labels>} */
    this.ownLabels = {};
    this.onSheet = () => this.#arrange();
    this.onViewport = () => this.#fitViewport();
  }

  /** Labels of the portal's own, in place of the widget's; to be set before the window opens. */
  get labels() {
    return this.ownLabels;
  }

  /** @param {Partial<Labels>} labels */
  set labels(labels) {
    this.ownLabels = labels;
    if (this.isConnected) void this.#build();
  }

  get open() {
    return this.hasAttribute("open");
  }

  set open(open) {
    this.toggleAttribute("open", open);
  }

  get inline() {
    return this.getAttribute("mode") === "inline";
  }

  /** Address of the widget API; by default the one that this script came from. */
  get api() {
    const address = this.getAttribute("api");
    // The API and the files of the widget share an address; the single modules are one deeper.
    if (!address) return import.meta.url.replace(/\/(src\/)?[^/]*$/, "");
    return new URL(address, document.baseURI).href.replace(/\/$/, "");
  }

  connectedCallback() {
    this.sheet.addEventListener("change", this.onSheet);
    for (const name of ["resize", "scroll"]) visualViewport?.addEventListener(name, this.onViewport);
    void this.#build();
  }

  disconnectedCallback() {
    this.generation += 1;
    this.sheet.removeEventListener("change", this.onSheet);
    for (const name of ["resize", "scroll"]) visualViewport?.removeEventListener(name, this.onViewport);
    this.#leave();
  }

  /**
   * @param {string} name
   * @param {string | null} before
   * @param {string | null} after
   */
  attributeChangedCallback(name, before, after) {
    if (!this.panel || before === after) return;
    if (name === "open") this.#arrange(true);
    else if (name !== "portal-token" || this.conversation?.memory.key !== this.#key()) {
      void this.#build();
    }
  }

  async #build() {
    this.generation += 1;
    const { generation } = this;
    const language = this.getAttribute("lang") ?? "de";
    const found = await labelsFor(language).catch(() => german);
    if (generation !== this.generation) return;
    const labels = { ...found, ...this.ownLabels };
    this.#leave();
    this.conversation = new Conversation(new Client(this.api), new Memory(this.#key()), () =>
      this.#token(),
    );
    this.#tellPortal(this.conversation);
    this.panel = new Panel(this.conversation, labels, this.inline ? null : () => this.#close());
    const title = this.panel.header.title.id;
    /** @type {HTMLElement} */
    this.window = this.inline
      ? h("section", { class: "window inline", "aria-labelledby": title }, this.panel.node)
      : h(
          "dialog",
          {
            class: "window",
            id: uniqueId(),
            "aria-labelledby": title,
            oncancel: (/** @type {Event} */ event) => {
              event.preventDefault();
              this.#close();
            },
            onkeydown: (/** @type {KeyboardEvent} */ event) => {
              if (event.key === "Escape" && !event.defaultPrevented) this.#close();
            },
          },
          this.panel.node,
        );
    this.launcher = h(
      "button",
      {
        type: "button",
        class: "launcher",
        "aria-haspopup": "dialog",
        title: labels.launcherHint,
        onclick: () => {
          this.open = true;
        },
      },
      icon("shield"),
      h("span", {}, this.getAttribute("label") ?? labels.launcher),
    );
    this.window.lang = this.launcher.lang = found === german ? "de" : language;
    this.root.replaceChildren(...(this.inline ? [] : [this.launcher]), this.window);
    this.#arrange();
  }

  #token() {
    return this.getAttribute("portal-token") ?? "";
  }

  #key() {
    return memoryKey(this.api, this.#token(), this.getAttribute("case") ?? "");
  }

  #leave() {
    this.conversation?.close();
    this.conversation = undefined;
    this.panel = undefined;
    this.root.replaceChildren();
  }

  #close() {
    this.open = false;
  }

  /** Opens or closes the window as the attribute says. @param {boolean} [moved] whether it changed */
  #arrange(moved = false) {
    const { panel, window: frame } = this;
    if (!panel || !frame || !this.launcher) return;
    if (frame instanceof HTMLDialogElement) {
      const focused = this.root.activeElement;
      const modal = this.sheet.matches;
      this.launcher.hidden = this.open;
      if (frame.open && (!this.open || modal !== frame.classList.contains("sheet"))) frame.close();
      frame.classList.toggle("sheet", modal);
      if (this.open && !frame.open) {
        if (modal) frame.showModal();
        // Unlike show(), this leaves the focus where the person is.
        else frame.open = true;
        this.#fitViewport();
        if (moved) panel.focus();
        else if (focused instanceof HTMLElement) focused.focus();
      }
      if (!this.open && moved) this.launcher.focus();
    }
    if (moved) this.#emit(this.open ? "opened" : "closed", {});
    if (this.open || this.inline) void this.#start(moved);
  }

  /** @param {boolean} focus */
  async #start(focus) {
    const { conversation, panel } = this;
    if (conversation?.connection !== "new") return;
    await conversation.start();
    const focused = this.root.activeElement;
    const untouched = !focused || focused === panel?.header.title || !panel?.composer.field.value;
    if (focus && this.open && untouched && panel?.answer.offered) panel.focus();
  }

  /** A phone's keyboard covers the page; the sheet takes the part that is left. */
  #fitViewport() {
    const view = visualViewport;
    // Who zooms in with two fingers wants to see a part larger, not the whole smaller.
    if (!view || !this.window || view.scale > 1.01) return;
    const { style } = this.window;
    style.setProperty("--top", `${view.offsetTop}px`);
    style.setProperty("--left", `${view.offsetLeft}px`);
    style.setProperty("--width", `${view.width}px`);
    style.setProperty("--height", `${view.height}px`);
  }

  /** @param {Conversation} conversation */
  #tellPortal(conversation) {
    let question = "";
    let total = "";
    let reference = "";
    conversation.addEventListener("state", () => {
      const { state } = conversation;
      const asked = conversation.open().question;
      if (asked && asked.field !== question) {
        this.#emit("question", { field: asked.field, section: asked.section, type: asked.type });
      }
      question = asked?.field ?? "";
      const quoted = state.quote ? JSON.stringify(state.quote) : "";
      const news = !conversation.restored;
      if (news && quoted && quoted !== total) this.#emit("quoted", { quote: state.quote });
      total = quoted;
      if (news && state.reference && state.reference !== reference) {
        this.#emit("submitted", { reference: state.reference });
      }
      reference = state.reference ?? "";
    });
    conversation.addEventListener("connection", () => {
      if (conversation.connection === "offline") this.#emit("error", { status: 0, code: "offline" });
    });
    conversation.addEventListener("refused", (event) => {
      const error = /** @type {CustomEvent} */ (event).detail;
      this.#emit("error", { status: error.status ?? 0, code: error.code ?? "" });
    });
  }

  /**
   * @param {string} name
   * @param {object} detail
   */
  #emit(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}

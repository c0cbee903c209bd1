import { h, hidden, uniqueId } from "./dom.js";
import { icon } from "./icons.js";

/** Title, progress by section, and the buttons that concern the whole conversation. */
export class Header {
  /**
   * @param {Labels} labels
   * @param {{close: (() => void) | null, restart: () => void}} actions
   */
  constructor(labels, { close, restart }) {
    this.labels = labels;
    this.title = h("h2", { id: uniqueId(), tabindex: -1 }, labels.title);
    this.subtitle = h("p", { class: "subtitle" }, labels.subtitle);
    this.bar = h("div", { class: "bar", role: "progressbar", "aria-label": labels.progressLabel, "aria-valuemin": 0, hidden: true }, h("span"));
    this.restart = button(labels.restart, "restart", restart);
    this.close = close && button(labels.close, "close", close);
    this.node = h(
      "div",
      { class: "head" },
      h("span", { class: "mark" }, icon("shield")),
      h("div", { class: "titles" }, this.title, this.subtitle),
      this.restart,
      this.close,
      this.bar,
    );
  }

  /** @param {Progress | null | undefined} progress */
  show(progress) {
    const { labels } = this;
    this.bar.hidden = !progress?.total;
    if (!progress?.total) {
      this.subtitle.replaceChildren(labels.subtitle);
      return;
    }
    const counted = labels.progress(progress.answered, progress.total);
    this.subtitle.replaceChildren(h("strong", {}, progress.title ?? labels.title), hidden(", "), h("span", { "aria-hidden": "true" }, labels.counted(progress.answered, progress.total)), hidden(counted));
    this.bar.setAttribute("aria-valuemax", String(progress.total));
    this.bar.setAttribute("aria-valuenow", String(progress.answered));
    this.bar.setAttribute("aria-valuetext", `${progress.title ?? ""} ${counted}`);
    this.bar.style.setProperty("--done", String(progress.answered / progress.total));
  }
}

/**
 * @param {string} label
 * @param {"restart" | "close"} name
 * @param {() => void} onclick
 */
function button(label, name, onclick) {
  return h(
    "button",
    { type: "button", class: "icon-button", "aria-label": label, title: label, onclick },
    icon(name),
  );
}

import { choiceButtons, notTicked } from "./choices.js";
import { controlFor } from "./controls.js";
import { h } from "./dom.js";

/**
 * The place under the last message where it is answered: the fitting control and the choices.
 * Stands outside the log, so that a screen reader is told of messages only.
 */
export class AnswerArea {
  /**
   * @param {Labels} labels
   * @param {(message: {shown: string, text?: string, choice?: string, file?: File, kind?: string}) => void} send
   */
  constructor(labels, send) {
    this.labels = labels;
    this.send = send;
    this.node = h("div", { class: "answer", role: "group", tabindex: -1, hidden: true });
    /** @type {Control | null} */
    this.control = null;
    /** @type {{field: string, values: Record<string, string>} | null} what was answered last */
    this.kept = null;
    this.signature = "";
  }

  /** Whether there is something to answer with. */
  get offered() {
    return !this.node.hidden;
  }

  /** @param {Open} open */
  show(open) {
    const { question, choices, asides } = open;
    const signature = JSON.stringify(open);
    if (signature === this.signature && this.offered) return;
    this.signature = signature;
    this.control = question && this.#control(question);
    const offered = notTicked(question, choices);
    const groups = this.control ? [[], [...offered, ...asides]] : [offered, asides];
    const buttons = groups.map((group, index) =>
      choiceButtons(group, (choice) => this.#choose(choice), index > 0),
    );
    this.node.replaceChildren(
      ...[this.control?.node, ...buttons].flatMap((each) => (each?.hasChildNodes() ? each : [])),
    );
    this.node.hidden = !this.node.hasChildNodes();
    this.node.setAttribute("aria-label", question?.label ?? this.labels.answer);
    if (question?.error) this.control?.fail(question.error);
  }

  hide() {
    this.node.hidden = true;
    this.node.replaceChildren();
    this.control = null;
    this.signature = "";
  }

  /** @param {boolean} intoField whether a field may be focused, which opens a phone's keyboard */
  focus(intoField) {
    if (!intoField || !this.control) this.node.focus({ preventScroll: true });
    else this.control.focus();
  }

  /** Keeps a free answer, too, so that it can be corrected at the control. @param {string} text */
  typed(text) {
    const field = this.control && this.field;
    if (field) this.kept = { field, values: { value: text } };
  }

  /** @param {Question} question */
  #control(question) {
    this.field = question.field;
    const control = controlFor(question, this.labels, {
      text: (text) => {
        this.kept = { field: question.field, values: control?.values() ?? {} };
        this.send({ shown: text, text });
      },
      choose: (choice) => this.#choose(choice),
      upload: (files) => {
        for (const file of files) {
          const shown = this.labels.upload.sent(file.name);
          this.send({ shown, file, kind: question.field });
        }
      },
    });
    if (question.error && this.kept?.field === question.field) control?.restore(this.kept.values);
    return control;
  }

  /** @param {Choice} choice */
  #choose({ title, payload }) {
    this.send({ shown: title, choice: payload });
  }
}

import { h, hidden, uniqueId } from "./dom.js";
import { icon } from "./icons.js";

/** Titles up to this length stand beside each other. */
const SHORT = 14;

/**
 * One button for each offered choice.
 *
 * @param {Choice[]} choices
 * @param {(choice: Choice) => void} choose
 * @param {boolean} aside whether they are only an alternative to a control
 */
export function choiceButtons(choices, choose, aside) {
  const inline = aside || choices.every(({ title }) => title.length <= SHORT);
  return h(
    "div",
    { class: `choices ${inline ? "inline" : ""}` },
    ...choices.map((choice) =>
      h(
        "button",
        {
          type: "button",
          class: `choice ${aside ? "small" : ""}`,
          onclick: () => choose(choice),
        },
        choice.title,
        choice.description ? h("span", { class: "hint" }, choice.description) : null,
      ),
    ),
  );
}

/**
 * The offered choices without those that can be ticked at the control.
 *
 * @param {Question | null} question
 * @param {Choice[]} choices
 */
export function notTicked(question, choices) {
  const ticked = question?.type === "choices" ? (question.constraints?.choices ?? []) : [];
  return choices.filter(({ payload }) => !ticked.some(({ value }) => payload.endsWith(`:${value}`)));
}

/**
 * Several of a list may be ticked; what is sent are their titles.
 *
 * @param {Question} question
 * @param {Labels} labels
 * @param {(text: string) => void} answer
 * @returns {Control}
 */
export function choicesControl(question, labels, answer) {
  const error = h("p", { class: "error", id: uniqueId() });
  const boxes = (question.constraints?.choices ?? []).map(({ title, value }) =>
    h("input", {
      type: "checkbox",
      value,
      "data-title": title,
      "aria-describedby": error.id,
    }),
  );
  const ticked = () => boxes.filter((box) => box.checked);
  /** @param {string} message */
  const fail = (message) => {
    error.replaceChildren(...(message ? [icon("alert"), hidden(labels.error), message] : []));
  };
  const submit = (/** @type {Event} */ event) => {
    event.preventDefault();
    if (ticked().length) answer(ticked().map((box) => box.dataset.title).join(", "));
    else {
      fail(labels.emptyChoices);
      boxes[0]?.focus();
    }
  };
  const node = h(
    "form",
    { novalidate: true, class: "fields", onsubmit: submit },
    h(
      "fieldset",
      {},
      h("legend", {}, question.label ?? labels.answer),
      ...boxes.map((box) => h("label", { class: "tick" }, box, box.dataset.title)),
    ),
    error,
    h("button", { class: "primary" }, labels.submit),
  );
  return {
    node,
    fail,
    focus: () => boxes[0]?.focus({ preventScroll: true }),
    values: () => Object.fromEntries(ticked().map((box) => [box.value, "yes"])),
    restore: (kept) => {
      for (const box of boxes) box.checked = Boolean(kept[box.value]);
    },
  };
}

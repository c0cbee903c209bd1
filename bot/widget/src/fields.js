import { h, hidden, uniqueId } from "./dom.js";
import { isoDate, germanDate } from "./format.js";
import { icon } from "./icons.js";

/**
 * A control made of fields: labels, hints, the error in words, and one button.
 *
 * @param {Form} form
 * @param {Labels} labels
 * @param {(text: string) => void} answer
 * @returns {Control}
 */
export function fieldsControl(form, labels, answer) {
  const error = h("p", { class: "error", id: uniqueId() });
  const inputs = new Map(form.fields.map((field) => [field.name, inputFor(field, error.id)]));
  const rows = form.fields.map((field) =>
    row(field, /** @type {HTMLInputElement} */ (inputs.get(field.name)), labels),
  );
  const values = () =>
    Object.fromEntries(
      [...inputs].map(([name, input]) => [
        name,
        input.type === "checkbox"
          ? (/** @type {HTMLInputElement} */ (input).checked && "yes") || ""
          : input.value.trim(),
      ]),
    );
  /** @param {Problem | null} problem */
  const show = (problem) => {
    error.replaceChildren(
      ...(problem ? [icon("alert"), hidden(labels.error), problem.message] : []),
    );
    for (const [name, input] of inputs) {
      input.toggleAttribute("aria-invalid", false);
      if (name === problem?.field) input.setAttribute("aria-invalid", "true");
    }
  };
  const submit = (/** @type {Event} */ event) => {
    event.preventDefault();
    const problem = form.check(values());
    show(problem);
    if (problem) {
      node.scrollIntoView({ block: "nearest" });
      inputs.get(problem.field)?.focus();
    } else answer(form.text(values()));
  };
  const single = form.fields.length === 1;
  const body = single ? rows : [h("fieldset", {}, h("legend", {}, form.label), h("div", { class: "grid" }, ...rows))];
  const node = h(
    "form",
    { novalidate: true, class: "fields", onsubmit: submit },
    ...body,
    form.suggestions?.length ? suggestions(form.suggestions, answer) : null,
    error,
    h("button", { class: "primary" }, labels.submit),
  );
  const [first] = inputs.values();
  const failed = () => [...inputs.values()].find((input) => input.hasAttribute("aria-invalid"));
  return {
    node,
    values,
    focus: () => (failed() ?? first)?.focus({ preventScroll: true }),
    restore: (kept) => {
      for (const [name, input] of inputs) {
        if (input.type === "checkbox") {
          /** @type {HTMLInputElement} */ (input).checked = Boolean(kept[name]);
          input.dispatchEvent(new Event("change"));
        } else input.value = kept[name] ?? "";
      }
    },
    fail: (message) => show({ field: form.fields[0].name, message }),
  };
}

/**
 * @param {Field} field
 * @param {string} errorId
 * @returns {HTMLInputElement | HTMLTextAreaElement}
 */
function inputFor(field, errorId) {
  const attributes = {
    id: uniqueId(),
    name: field.name,
    class: field.look,
    "aria-describedby": `${field.hint ? `${errorId}-${field.name} ` : ""}${errorId}`,
    ...field.attributes,
  };
  if (field.multiline) return h("textarea", { rows: 4, ...attributes });
  const input = h("input", { type: field.type ?? "text", ...attributes });
  const { format } = field;
  if (format) {
    input.addEventListener("input", () => {
      const after = input.value.length - (input.selectionEnd ?? input.value.length);
      input.value = format(input.value);
      const caret = Math.max(0, input.value.length - after);
      input.setSelectionRange(caret, caret);
    });
  }
  return input;
}

/**
 * @param {Field} field
 * @param {HTMLInputElement} input
 * @param {Labels} labels
 */
function row(field, input, labels) {
  if (field.type === "checkbox") {
    return h("label", { class: "tick" }, input, field.label);
  }
  const hint = field.hint
    ? h("span", { class: "hint", id: input.getAttribute("aria-describedby")?.split(" ")[0] }, field.hint)
    : null;
  return h(
    "div",
    { class: `field ${field.look ?? ""}` },
    h("label", { for: input.id }, field.label),
    hint,
    field.calendar ? h("div", { class: "withbutton" }, input, ...calendar(field, input, labels)) : input,
  );
}

/**
 * The browser's own calendar beside a typed date: a date is always shown the German way.
 *
 * @param {Field} field
 * @param {HTMLInputElement} input
 * @param {Labels} labels
 */
function calendar(field, input, labels) {
  const picker = h("input", {
    type: "date",
    class: "picker",
    tabindex: -1,
    "aria-hidden": "true",
    min: field.calendar?.earliest,
    max: field.calendar?.latest,
    onchange: () => {
      if (picker.value) input.value = germanDate(picker.value);
      input.focus();
    },
  });
  const open = h(
    "button",
    {
      type: "button",
      class: "icon-button",
      "aria-label": labels.calendar(field.label),
      onclick: () => {
        picker.value = isoDate(input.value) ?? "";
        try {
          picker.showPicker();
        } catch {
          // Not inside a frame of another origin; typing still works.
          open.hidden = true;
        }
      },
    },
    icon("calendar"),
  );
  return "showPicker" in picker ? [picker, open] : [];
}

/**
 * @param {string[]} ready
 * @param {(text: string) => void} answer
 */
function suggestions(ready, answer) {
  return h(
    "div",
    { class: "choices inline" },
    ...ready.map((text) =>
      h("button", { type: "button", class: "choice small", onclick: () => answer(text) }, text),
    ),
  );
}

import { h, hidden, uniqueId } from "./dom.js";
import { size } from "./format.js";
import { icon } from "./icons.js";

const USUAL = ["application/pdf", "image/jpeg", "image/png", "image/heic"];
/** @type {Record<string, string>} */
const NAMES = { jpeg: "JPG", "svg+xml": "SVG", heic: "HEIC", webp: "WebP" };

/**
 * Files by picker, by drop and by camera. What they really are is for the server to say.
 *
 * @param {Question} question
 * @param {Labels} labels
 * @param {(files: File[]) => void} upload
 * @returns {Control}
 */
export function uploadControl(question, labels, upload) {
  const constraints = question.constraints ?? {};
  const accept = constraints.accept ?? USUAL;
  const error = h("p", { class: "error", id: uniqueId() });
  /** @param {string} message */
  const fail = (message) => {
    error.replaceChildren(...(message ? [icon("alert"), hidden(labels.error), message] : []));
  };
  /** @param {FileList | null | undefined} list */
  const take = (list) => {
    const files = [...(list ?? [])];
    const problem = files.map((file) => fileProblem(file, constraints, accept, labels)).find(Boolean);
    fail(problem ?? "");
    if (files.length && !problem) upload(files);
  };
  const picker = fileInput(take, { accept: accept.join(","), multiple: constraints.multiple !== false });
  const camera = fileInput(take, { accept: "image/*", capture: "environment" });
  const limits = labels.upload.limits(
    typeNames(accept, labels),
    constraints.max_bytes ? size(constraints.max_bytes) : "",
  );
  const hint = h("p", { class: "hint", id: uniqueId() }, limits);
  const pick = h(
    "button",
    {
      type: "button",
      class: "primary",
      "aria-describedby": `${hint.id} ${error.id}`,
      onclick: () => picker.click(),
    },
    icon("file"),
    labels.upload.pick,
  );
  const zone = h(
    "div",
    { class: "drop" },
    h("p", { class: "label" }, question.label ?? labels.answer),
    h(
      "div",
      { class: "choices inline" },
      pick,
      h(
        "button",
        { type: "button", class: "choice camera", onclick: () => camera.click() },
        icon("camera"),
        labels.upload.camera,
      ),
      h("span", { class: "hint mouse" }, labels.upload.drop),
    ),
    hint,
    error,
    picker,
    camera,
  );
  acceptDrops(zone, take);
  return {
    node: zone,
    fail,
    focus: () => pick.focus({ preventScroll: true }),
    values: () => ({}),
    restore: () => {},
  };
}

/**
 * @param {(list: FileList | null) => void} take
 * @param {Record<string, unknown>} attributes
 */
function fileInput(take, attributes) {
  const input = h("input", {
    type: "file",
    hidden: true,
    ...attributes,
    onchange: () => {
      take(input.files);
      input.value = "";
    },
  });
  return input;
}

/**
 * @param {HTMLElement} zone
 * @param {(list: FileList | undefined) => void} take
 */
function acceptDrops(zone, take) {
  /** @param {DragEvent} event */
  const over = (event) => {
    event.preventDefault();
    zone.classList.toggle("over", event.type === "dragover");
  };
  zone.addEventListener("dragover", over);
  zone.addEventListener("dragleave", over);
  zone.addEventListener("drop", (event) => {
    over(event);
    take(event.dataTransfer?.files);
  });
}

/**
 * @param {File} file
 * @param {Constraints} constraints
 * @param {string[]} accept
 * @param {Labels} labels
 */
function fileProblem(file, { max_bytes }, accept, labels) {
  if (!file.size) return labels.upload.empty(file.name);
  if (max_bytes && file.size > max_bytes) return labels.upload.tooLarge(file.name, size(max_bytes));
  const fits = accept.some(
    (each) =>
      each === file.type ||
      (each.endsWith("/*") && file.type.startsWith(each.slice(0, -1))) ||
      (each.startsWith(".") && file.name.toLowerCase().endsWith(each.toLowerCase())),
  );
  return fits || !file.type ? "" : labels.upload.wrongType(file.name, typeNames(accept, labels));
}

/**
 * @param {string[]} accept
 * @param {Labels} labels
 */
function typeNames(accept, labels) {
  const names = accept.map((each) => {
    const kind = each.replace(/^.*[/.]/, "");
    return kind === "*" ? labels.upload.image : (NAMES[kind] ?? kind.toUpperCase());
  });
  return [...new Set(names)].join(", ");
}

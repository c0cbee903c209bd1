import { choicesControl } from "./choices.js";
import { fieldsControl } from "./fields.js";
import {
  checksumFits,
  compactIban,
  germanDate,
  groupedIban,
  isoDate,
} from "./format.js";
import { uploadControl } from "./upload.js";

/**
 * The control that fits a question; null where its choices or free text are enough.
 *
 * @param {Question} question
 * @param {Labels} labels
 * @param {Answering} answering
 * @returns {Control | null}
 */
export function controlFor(question, labels, answering) {
  if (question.type === "choices") return choicesControl(question, labels, answering.text);
  if (question.type === "upload") return uploadControl(question, labels, answering.upload);
  if (!Object.hasOwn(FORMS, question.type)) return null;
  const form = FORMS[question.type](question, labels);
  return fieldsControl(form, labels, answering.text);
}

/** Whether questions of this type are answered at a control. @param {string} type */
export function hasControl(type) {
  return type === "choices" || type === "upload" || Object.hasOwn(FORMS, type);
}

/** @type {Record<string, (question: Question, labels: Labels) => Form>} */
const FORMS = {
  text: (question, labels) =>
    single(question, labels, labels.answer, { multiline: question.constraints?.multiline }),
  long_text: (question, labels) => single(question, labels, labels.answer, { multiline: true }),
  number: (question, labels) =>
    single(
      question,
      labels,
      labels.fields.number,
      { look: "short", attributes: { inputmode: "numeric", autocomplete: "off" } },
      (typed) => numberProblem(typed, question.constraints ?? {}, labels),
    ),
  phone: (question, labels) =>
    single(question, labels, labels.fields.phone, {
      type: "tel",
      hint: labels.hints.phone,
      attributes: { autocomplete: "tel" },
    }),
  email: (question, labels) =>
    single(
      question,
      labels,
      labels.fields.email,
      {
        type: "email",
        hint: labels.hints.email,
        attributes: { autocomplete: "email", autocapitalize: "none", spellcheck: "false" },
      },
      (typed) => (/^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(typed) ? "" : labels.emailShape),
    ),
  iban: (question, labels) =>
    single(
      question,
      labels,
      labels.fields.iban,
      {
        look: "code",
        hint: labels.hints.iban,
        format: (typed) => (/^[a-z]{2}[\d\s]/i.test(typed) ? groupedIban(typed) : typed),
        attributes: {
          autocomplete: "off",
          autocapitalize: "characters",
          spellcheck: "false",
          maxlength: 60,
        },
      },
      (typed) => ibanProblem(typed, labels),
    ),
  date: (question, labels) => ({
    ...single(
      question,
      labels,
      labels.fields.date,
      {
        hint: labels.hints.date,
        calendar: question.constraints ?? {},
        attributes: { autocomplete: "off" },
      },
      (typed) => dateProblem(typed, question.constraints ?? {}, labels),
    ),
    suggestions: firstDays(question.constraints?.earliest),
  }),
  day_month: (question, labels) =>
    single(
      question,
      labels,
      labels.fields.day_month,
      { hint: labels.hints.day_month, attributes: { autocomplete: "off" } },
      (typed) => {
        const day = /^\d{1,2}\.\s?\d{1,2}\.?$/.exec(typed)?.[0];
        return day && isoDate(`${day.replace(/\.?$/, ".")}2027`) === null
          ? labels.noSuchDate(day)
          : "";
      },
    ),
  person_name: (question, labels) => ({
    label: question.label ?? labels.answer,
    fields: [
      { ...part(question, labels, "first_name", { autocomplete: "given-name" }), look: "half" },
      { ...part(question, labels, "last_name", { autocomplete: "family-name" }), look: "half" },
    ],
    check: complete(labels, ["first_name", "last_name"]),
    text: ({ first_name, last_name }) => `${last_name}, ${first_name}`,
  }),
  address: (question, labels) => ({
    label: question.label ?? labels.answer,
    fields: [
      part(question, labels, "street", { autocomplete: "address-line1" }),
      {
        ...part(question, labels, "postal_code", {
          autocomplete: "postal-code",
          inputmode: "numeric",
          maxlength: 8,
        }),
        look: "short",
      },
      part(question, labels, "city", { autocomplete: "address-level2" }),
    ],
    check: (values) =>
      complete(labels, ["street", "postal_code", "city"])(values) ??
      (/^(D-)?\d{5}$/i.test(values.postal_code)
        ? null
        : { field: "postal_code", message: labels.postalCodeShape }),
    text: ({ street, postal_code, city }) => `${street}, ${postal_code} ${city}`,
  }),
  period: (question, labels) => ({
    label: question.label ?? labels.answer,
    fields: [
      { ...part(question, labels, "start_date", { autocomplete: "off" }), hint: labels.hints.date, calendar: {} },
      { ...part(question, labels, "end_date", { autocomplete: "off" }), hint: labels.hints.date, calendar: {} },
      { name: "running", label: labels.fields.running, type: "checkbox" },
    ],
    check: (values) => periodProblem(values, labels),
    text: ({ start_date, end_date, running }) =>
      running ? `seit ${start_date}, läuft noch` : `${start_date} bis ${end_date}`,
  }),
};

/**
 * A form of one field, named `value`.
 *
 * @param {Question} question
 * @param {Labels} labels
 * @param {string} name of such a field, if the question brings none
 * @param {Partial<Field>} look
 * @param {(typed: string) => string} [problem]
 * @returns {Form}
 */
function single(question, labels, name, look, problem = () => "") {
  const label = question.label ?? name;
  const limit = question.constraints?.maxlength;
  return {
    label,
    fields: [{ name: "value", label, ...look }],
    check: ({ value }) => {
      const message = !value
        ? labels.empty
        : limit && value.length > limit
          ? labels.tooLong(limit)
          : problem(value);
      return message ? { field: "value", message } : null;
    },
    text: ({ value }) => value,
  };
}

/**
 * @param {Question} question
 * @param {Labels} labels
 * @param {keyof Labels["fields"]} name
 * @param {Record<string, unknown>} attributes
 * @returns {Field}
 */
function part(question, labels, name, attributes) {
  return { name, label: question.labels?.[name] ?? labels.fields[name], attributes };
}

/**
 * @param {Labels} labels
 * @param {string[]} names
 * @returns {(values: Values) => Problem | null}
 */
function complete(labels, names) {
  return (values) => {
    const field = names.find((name) => !values[name]);
    return field ? { field, message: labels.empty } : null;
  };
}

/**
 * Only figures are checked here; the assistant also reads "zweihundertfünfzig".
 *
 * @param {string} typed
 * @param {Constraints} constraints
 * @param {Labels} labels
 */
function numberProblem(typed, { min }, labels) {
  if (/^-?\d+[.,]\d{1,2}$/.test(typed)) return labels.notNumber;
  const figures = /^-?\d+$/.test(typed) ? Number(typed) : null;
  return figures !== null && min !== undefined && figures < min ? labels.tooSmall(String(min)) : "";
}

/**
 * @param {string} typed
 * @param {Constraints} constraints
 * @param {Labels} labels
 */
function dateProblem(typed, { earliest, latest }, labels) {
  const date = isoDate(typed);
  if (date === null) return labels.noSuchDate(typed);
  if (date && earliest && date < earliest) return labels.tooEarly(germanDate(earliest));
  if (date && latest && date > latest) return labels.tooLate(germanDate(latest));
  return "";
}

/**
 * @param {Values} values
 * @param {Labels} labels
 * @returns {Problem | null}
 */
function periodProblem(values, labels) {
  const missing = complete(labels, ["start_date"])(values);
  if (missing) return missing;
  const names = values.running ? ["start_date"] : ["start_date", "end_date"];
  if (!values.running && !values.end_date) {
    return { field: "end_date", message: labels.endOrRunning };
  }
  for (const field of names) {
    const message = dateProblem(values[field], {}, labels);
    if (message) return { field, message };
  }
  const [start, end] = [isoDate(values.start_date), isoDate(values.end_date)];
  return !values.running && start && end && end < start
    ? { field: "end_date", message: labels.endBeforeStart }
    : null;
}

/**
 * @param {string} typed
 * @param {Labels} labels
 */
function ibanProblem(typed, labels) {
  const iban = compactIban(typed);
  if (!/^[A-Z]{2}\d{2}[A-Z0-9]+$/.test(iban)) return "";
  if (iban.startsWith("DE") && iban.length !== 22) return labels.ibanLength(iban.length);
  return checksumFits(iban) ? "" : labels.ibanChecksum;
}

/**
 * The usual beginnings of a contract: the earliest day, the next first of a month, of a year.
 *
 * @param {string | undefined} earliest ISO
 */
function firstDays(earliest) {
  if (!earliest) return [];
  const [year, month, day] = earliest.split("-").map(Number);
  const nextMonth = new Date(Date.UTC(year, day === 1 ? month - 1 : month, 1));
  const nextYear = new Date(Date.UTC(month === 1 && day === 1 ? year : year + 1, 0, 1));
  const days = [earliest, ...[nextMonth, nextYear].map((date) => date.toISOString().slice(0, 10))];
  return [...new Set(days)].map(germanDate);
}

import { h, hidden, uniqueId } from "./dom.js";
import { euro } from "./format.js";
import { icon } from "./icons.js";

/**
 * @param {Card} card
 * @param {CardContext} context
 * @returns {HTMLElement | null} null for a card that this version does not know
 */
export function cardFor(card, context) {
  const node = shownAs(card, context);
  node?.querySelector("h3")?.after(...(card.notes ?? []).map((note) => h("p", {}, note)));
  return node;
}

/**
 * @param {Card} card
 * @param {CardContext} context
 */
function shownAs(card, context) {
  switch (card.type) {
    case "quote":
      return quoteCard(card, context.labels);
    case "comparison":
      return comparisonCard(card, context);
    case "review":
      return reviewCard(card, context);
    case "answers":
      return frame("answers", card.title, ...(card.pdf ? pdfButton(context) : []));
    case "documents":
      return documentsCard(card, context.labels);
    case "done":
      return doneCard(card, context);
    default:
      return null;
  }
}

/**
 * @template {Record<string, string>} T
 * @param {T} names
 * @param {string | null | undefined} code
 */
function named(names, code) {
  return code && Object.hasOwn(names, code) ? names[code] : (code ?? "");
}

/**
 * @param {string} look
 * @param {string} title
 * @param {...import("./dom.js").Child} children
 */
function frame(look, title, ...children) {
  const heading = h("h3", { id: uniqueId() }, title);
  return h(
    "div",
    { class: `card ${look}`, role: "group", "aria-labelledby": heading.id },
    heading,
    ...children,
  );
}

/**
 * @param {QuoteCard} card
 * @param {Labels} labels
 */
function quoteCard({ quote, title }, labels) {
  return frame("quote", title || labels.quote.title, total(quote, labels), lines(quote, labels), trace(quote, labels));
}

/**
 * @param {Quote} quote
 * @param {Labels} labels
 */
function total(quote, labels) {
  return h(
    "p",
    { class: "total" },
    h("strong", {}, euro(quote.total_per_instalment)),
    " ",
    named(labels.frequencies, quote.frequency),
    quote.provisional && h("span", { class: "badge" }, labels.quote.provisional),
    h("span", { class: "hint" },
      `${labels.quote.year(quote.instalments_per_year, euro(quote.sum_of_instalments))} · ${labels.quote.tax}`),
  );
}

/**
 * @param {Quote} quote
 * @param {Labels} labels
 */
function lines(quote, labels) {
  const cell = (/** @type {string} */ amount) => h("td", { class: "amount" }, euro(amount));
  return h(
    "table",
    {},
    h("caption", { class: "hidden" }, labels.quote.item),
    h("thead", { class: "hidden" }, h("tr", {}, h("th", { scope: "col" }, labels.quote.item), h("th", { scope: "col" }, labels.quote.amount))),
    h(
      "tbody",
      {},
      ...quote.lines.map((line) =>
        h(
          "tr",
          {},
          h("th", { scope: "row" }, line.title ?? named(labels.items, line.item)),
          cell(line.per_instalment),
        ),
      ),
      h("tr", { class: "sum" }, h("th", { scope: "row" }, labels.quote.total), cell(quote.total_per_instalment)),
    ),
  );
}

/**
 * @param {Quote} quote
 * @param {Labels} labels
 */
function trace(quote, labels) {
  const steps = (quote.trace ?? []).filter((step) => typeof step === "string");
  if (!steps.length) return null;
  return h(
    "details",
    {},
    h("summary", {}, icon("chevron"), labels.quote.trace),
    h("ul", {}, ...steps.map((step) => h("li", {}, String(step)))),
    h("p", { class: "hint" }, `${labels.quote.tariff} ${quote.tariff}`),
  );
}

/**
 * Deductibles down, products across; what has no deductible stands below.
 *
 * @param {ComparisonCard} card
 * @param {CardContext} context
 */
function comparisonCard({ rows, frequency }, { labels, choose }) {
  const covered = rows.filter((row) => row.deductible);
  const products = [...new Set(covered.map((row) => row.product))];
  const deductibles = [...new Set(covered.map((row) => row.deductible))];
  const find = (/** @type {unknown} */ deductible, /** @type {string} */ product) =>
    covered.find((row) => row.deductible === deductible && row.product === product);
  const others = rows.filter((row) => !row.deductible);
  return frame(
    "comparison",
    labels.comparison.title,
    h(
      "table",
      {},
      h("caption", { class: "hint" }, labels.comparison.caption(named(labels.frequencies, frequency))),
      h(
        "thead",
        {},
        h(
          "tr",
          {},
          h("th", { scope: "col" }, labels.comparison.deductible),
          ...products.map((product) => h("th", { scope: "col" }, named(labels.items, product))),
        ),
      ),
      h(
        "tbody",
        {},
        ...deductibles.map((deductible) =>
          h(
            "tr",
            {},
            h("th", { scope: "row" }, named(labels.deductibles, deductible)),
            ...products.map((product) => h("td", {}, offer(find(deductible, product), labels, choose))),
          ),
        ),
        ...others.map((row) =>
          h(
            "tr",
            {},
            h("th", { scope: "row" }, row.title),
            h("td", { colspan: Math.max(1, products.length) }, offer(row, labels, choose)),
          ),
        ),
      ),
    ),
  );
}

/**
 * @param {ComparisonRow | undefined} row
 * @param {Labels} labels
 * @param {(choice: Choice) => void} choose
 */
function offer(row, labels, choose) {
  if (!row) return null;
  return h(
    "button",
    {
      type: "button",
      class: `choice offer ${row.current ? "current" : ""}`,
      "aria-pressed": row.current ? "true" : "false",
      onclick: () => !row.current && choose({ title: row.title, payload: row.payload }),
    },
    hidden(`${row.title}: `),
    euro(row.total),
    row.current ? h("span", { class: "hint" }, icon("check"), labels.comparison.current) : null,
  );
}

/**
 * @param {ReviewCard} card
 * @param {CardContext} context
 */
function reviewCard({ sections, quote }, context) {
  const { labels } = context;
  return frame(
    "review",
    labels.review.title,
    ...sections.map(({ title, rows }) =>
      h(
        "section",
        {},
        h("h4", {}, title),
        h("dl", {}, ...rows.map((row) => reviewRow(row, context))),
      ),
    ),
    quote && h("section", {}, h("h4", {}, labels.quote.title), total(quote, labels), lines(quote, labels), trace(quote, labels)),
  );
}

/**
 * @param {ReviewRow} row
 * @param {CardContext} context
 */
function reviewRow({ label, value, change }, { labels, choose }) {
  const title = labels.review.changeField(label);
  return h(
    "div",
    {},
    h("dt", {}, label),
    h("dd", {}, value || h("span", { class: "hint" }, labels.review.none)),
    change &&
      h(
        "dd",
        { class: "change" },
        h(
          "button",
          {
            type: "button",
            class: "link",
            "aria-label": title,
            onclick: () => choose({ title, payload: change }),
          },
          labels.review.change,
        ),
      ),
  );
}

/** @type {Record<string, "check" | "clock" | "alert">} */
const DOCUMENT_ICONS = { received: "check", outstanding: "clock", missing: "alert" };

/**
 * @param {DocumentsCard} card
 * @param {Labels} labels
 */
function documentsCard({ rows }, labels) {
  return frame(
    "documents",
    labels.documents.title,
    h(
      "ul",
      {},
      ...rows.map(({ label, state }) =>
        h(
          "li",
          { class: state },
          icon(DOCUMENT_ICONS[state] ?? "file"),
          h("span", {}, label),
          h("span", { class: "hint" }, named(labels.documents, state)),
        ),
      ),
    ),
  );
}

/**
 * A button that saves the application as it stands, and what went wrong with it.
 *
 * @param {CardContext} context
 */
function pdfButton({ labels, savePdf }) {
  const problem = h("p", { class: "error", role: "alert" });
  const save = async () => {
    problem.replaceChildren();
    try {
      await savePdf();
    } catch {
      problem.replaceChildren(icon("alert"), labels.done.pdfFails);
    }
  };
  return [h("button", { type: "button", class: "primary", onclick: save }, icon("download"), labels.done.pdf), problem];
}

/**
 * @param {DoneCard} card
 * @param {CardContext} context
 */
function doneCard({ title, reference, pdf, next_steps }, context) {
  const { labels } = context;
  return frame(
    "done",
    title ?? labels.done.title,
    h("p", { class: "total" }, h("span", { class: "hint" }, labels.done.reference), h("strong", {}, reference)),
    ...(pdf ? pdfButton(context) : []),
    next_steps?.length ? h("h4", {}, labels.done.next) : null,
    next_steps?.length ? h("ol", {}, ...next_steps.map((step) => h("li", {}, step))) : null,
  );
}

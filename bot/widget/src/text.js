import { h } from "./dom.js";

const ITEM = /^\s*(?:[•·*–-]|\d{1,2}[.)])\s+\S/;
const LINK = /https?:\/\/[^\s<>"']+[^\s<>"'.,;:!?)\]]/g;

/**
 * A message's text as paragraphs, lines and simple lists. Nothing in it is read as markup; only
 * web addresses become links.
 *
 * @param {string} text
 * @param {string} newTab what a screen reader says about a link
 * @returns {HTMLElement[]}
 */
export function paragraphs(text, newTab) {
  /** @type {HTMLElement[]} */
  const blocks = [];
  for (const part of text.trim().split(/\n\s*\n/).filter(Boolean)) {
    /** @type {{list: boolean, lines: string[]}[]} */
    const runs = [];
    for (const line of part.split("\n")) {
      const list = ITEM.test(line);
      const run = runs[runs.length - 1];
      if (run && run.list === list) run.lines.push(line.trim());
      else runs.push({ list, lines: [line.trim()] });
    }
    for (const { list, lines } of runs) {
      blocks.push(
        list
          ? h("ul", {}, ...lines.map((line) => h("li", {}, ...linked(line, newTab))))
          : h("p", {}, ...linked(lines.join("\n"), newTab)),
      );
    }
  }
  return blocks;
}

/**
 * @param {string} text
 * @param {string} newTab
 * @returns {(string | HTMLElement)[]}
 */
function linked(text, newTab) {
  /** @type {(string | HTMLElement)[]} */
  const parts = [];
  let end = 0;
  for (const match of text.matchAll(LINK)) {
    parts.push(text.slice(end, match.index));
    parts.push(
      h(
        "a",
        { href: match[0], target: "_blank", rel: "noopener noreferrer", title: newTab },
        match[0].replace(/^https?:\/\//, ""),
      ),
    );
    end = match.index + match[0].length;
  }
  parts.push(text.slice(end));
  return parts;
}

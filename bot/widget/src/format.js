/** How amounts, sizes and dates are written here. */

const EURO = new Intl.NumberFormat("de-DE", { style: "currency", currency: "EUR" });
const TIME = new Intl.DateTimeFormat("de-DE", { hour: "2-digit", minute: "2-digit" });

/** @param {string} amount euro with two decimals, such as `1234.50` */
export function euro(amount) {
  return EURO.format(Number(amount));
}

/** @param {Date} moment */
export function clock(moment) {
  return Number.isNaN(moment.getTime()) ? "" : TIME.format(moment);
}

/** @param {number} bytes */
export function size(bytes) {
  if (bytes >= 1_048_576) return `${Math.round(bytes / 104_857.6) / 10} MB`.replace(".", ",");
  return `${Math.max(1, Math.round(bytes / 1024))} kB`;
}

/** @param {string} iso a date such as `2027-01-31` @returns {string} 31.01.2027 */
export function germanDate(iso) {
  const [year, month, day] = iso.split("-");
  return `${day}.${month}.${year}`;
}

/**
 * A date as it is typed in Germany, completed: `1.1.27` becomes `2027-01-01`.
 *
 * @param {string} typed
 * @returns {string | null | undefined} ISO; null if no such day exists, undefined if it is no date
 *   in figures (the assistant also understands words)
 */
export function isoDate(typed) {
  const match = /^(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4}|\d{2})$/.exec(typed.trim());
  if (!match) return undefined;
  const year = Number(match[3].length === 2 ? `20${match[3]}` : match[3]);
  const [day, month] = [Number(match[1]), Number(match[2])];
  const date = new Date(Date.UTC(year, month - 1, day));
  const exists = date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  return exists ? date.toISOString().slice(0, 10) : null;
}

/** @param {string} typed an IBAN in any spelling @returns {string} in groups of four */
export function groupedIban(typed) {
  return compactIban(typed).replace(/(.{4})(?=.)/g, "$1 ");
}

/** @param {string} typed */
export function compactIban(typed) {
  return typed.replace(/[^0-9a-z]/gi, "").toUpperCase();
}

/** The check digits of ISO 13616. @param {string} iban compact */
export function checksumFits(iban) {
  const figures = (iban.slice(4) + iban.slice(0, 4)).replace(/[A-Z]/g, (letter) =>
    String(letter.charCodeAt(0) - 55),
  );
  let rest = 0;
  for (const figure of figures) rest = (rest * 10 + Number(figure)) % 97;
  return rest === 1;
}

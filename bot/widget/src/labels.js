import german from "./labels.de.js";

/** Languages beyond German; each is loaded only when it is asked for. */
const OTHERS = {
  en: () => import("./labels.en.js"),
};

export { german };

/**
 * The widget's labels in a language; German where there are none.
 *
 * @param {string | null} language a language tag such as `de` or `en-GB`
 * @returns {Promise<Labels>}
 */
export async function labelsFor(language) {
  const primary = (language ?? "").toLowerCase().split("-")[0];
  if (!Object.hasOwn(OTHERS, primary)) return german;
  const module = await OTHERS[/** @type {keyof typeof OTHERS} */ (primary)]();
  return module.default;
}

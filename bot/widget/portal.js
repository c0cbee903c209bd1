/**
 * The demonstration portal. A real portal writes the token into its page on its own server; here
 * the assistant's server hands out one for an example broker.
 */

/** @returns {Promise<string>} empty where the server gives none: then a club comes by itself */
async function portalToken() {
  const response = await fetch("token", { cache: "no-store" }).catch(() => null);
  return response?.ok ? (await response.json()).portal_token : "";
}

/** @param {string} token @returns {{broker_name?: string, broker_number?: string}} */
function claims(token) {
  const encoded = token.split(".")[1].replace(/-/g, "+").replace(/_/g, "/");
  const bytes = Uint8Array.from(atob(encoded), (character) => character.charCodeAt(0));
  return JSON.parse(new TextDecoder().decode(bytes));
}

/** @param {string} token */
function showBroker(token) {
  const { broker_name, broker_number } = claims(token);
  const account = /** @type {HTMLElement} */ (document.getElementById("account"));
  account.textContent = [broker_name, broker_number].filter(Boolean).join(" · ");
  account.hidden = false;
}

const token = await portalToken();
const assistant = /** @type {import("./src/element.js").VereinsAntrag} */ (
  document.createElement("vereins-antrag")
);
if (token) {
  assistant.setAttribute("portal-token", token);
  showBroker(token);
}
// Not before: a conversation begun without the token would be another one, without the broker.
document.body.append(assistant);

document.getElementById("start")?.addEventListener("click", () => {
  assistant.open = true;
});

export {};

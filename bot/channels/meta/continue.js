/**
 * Goes on with a conversation from a messenger: the link's token stands behind the hash and is
 * redeemed by the widget, which then remembers its own session.
 */

import { memoryKey } from "../widget/src/memory.js";

const api = new URL("../widget", location.href).href;
const key = memoryKey(api, "", "messenger");
const token = location.hash.slice(1);

if (token) {
  localStorage.setItem(key, token);
  history.replaceState(null, "", location.pathname);
}
await import("../widget/widget.js");

const element = (id) => document.getElementById(id);
element("back").addEventListener("click", async () => {
  const answer = await fetch("back", {
    method: "POST",
    headers: { Authorization: `Bearer ${localStorage.getItem(key)}` },
    cache: "no-store",
    credentials: "omit",
  }).catch(() => null);
  const content = await answer?.json().catch(() => null);
  if (!answer?.ok) element("problem").textContent = content?.error?.message ?? "";
  else if (matchMedia("(pointer: coarse)").matches) location.href = content.url;
  else {
    // At a computer, the messenger is more often than not on another device.
    element("here").href = content.url;
    element("code").src = content.qr_code;
    element("way").showModal();
  }
});
element("close").addEventListener("click", () => element("way").close());

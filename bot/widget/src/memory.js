/**
 * What the browser remembers of one conversation: the session for all tabs of this site, what was
 * not yet delivered for this tab only. Where storage is blocked, it lasts as long as the page.
 */
export class Memory extends EventTarget {
  /** @param {string} key */
  constructor(key) {
    super();
    this.key = key;
    /** @type {string | null} */
    this.fallback = null;
    this.channel = typeof BroadcastChannel === "function" ? new BroadcastChannel(key) : null;
    this.channel?.addEventListener("message", (event) => {
      this.dispatchEvent(new CustomEvent("told", { detail: event.data }));
    });
  }

  /** @returns {string | null} */
  get session() {
    return attempt(() => localStorage.getItem(this.key)) ?? this.fallback;
  }

  /** @param {string | null} value */
  set session(value) {
    this.fallback = value;
    attempt(() =>
      value === null ? localStorage.removeItem(this.key) : localStorage.setItem(this.key, value),
    );
  }

  /** Messages that wait for delivery; files are not kept. @returns {Outgoing[]} */
  get outbox() {
    const stored = attempt(() => sessionStorage.getItem(this.key));
    const found = stored ? attempt(() => JSON.parse(stored)) : null;
    return Array.isArray(found) ? found : [];
  }

  /** @param {Outgoing[]} outgoing */
  set outbox(outgoing) {
    const kept = outgoing.filter((each) => !each.file);
    attempt(() =>
      kept.length
        ? sessionStorage.setItem(this.key, JSON.stringify(kept))
        : sessionStorage.removeItem(this.key),
    );
  }

  /** Tells the other tabs. @param {"changed" | "ended"} news */
  tell(news) {
    this.channel?.postMessage(news);
  }

  close() {
    this.channel?.close();
  }
}

/**
 * Where a conversation is remembered: one for each API, broker and, if the portal says so, matter.
 *
 * @param {string} address of the API
 * @param {string} portalToken
 * @param {string} matter the portal's own name of the matter
 */
export function memoryKey(address, portalToken, matter) {
  return ["vereins-antrag", address, broker(portalToken), matter].join("|");
}

/**
 * The broker's number as the portal token states it; only to keep brokers apart, not a proof.
 *
 * @param {string} portalToken
 */
function broker(portalToken) {
  const claims = portalToken.split(".")[1] ?? "";
  const decoded = attempt(() => JSON.parse(atob(claims.replace(/-/g, "+").replace(/_/g, "/"))));
  return String(decoded?.broker_number ?? "");
}

/**
 * @template T
 * @param {() => T} action
 * @returns {T | null} null where the browser forbids it
 */
function attempt(action) {
  try {
    return action();
  } catch {
    return null;
  }
}

/** Longest wait for an answer, in milliseconds; an upload may take longer. */
const PATIENCE = 45_000;
const UPLOAD_PATIENCE = 300_000;
/** Answers of a server or proxy that will do better soon. */
const TEMPORARY = new Set([0, 408, 425, 429, 502, 503, 504]);

/** The API could not be reached (`status` 0) or said no. */
export class ApiError extends Error {
  /**
   * @param {number} status
   * @param {string} code
   * @param {string} message the server's sentence for people, or empty
   * @param {number} retryAfter seconds, 0 if not said
   */
  constructor(status, code = "", message = "", retryAfter = 0) {
    super(message);
    this.name = "ApiError";
    this.status = status;
    this.code = code;
    this.retryAfter = retryAfter;
  }

  /** Whether the same request may succeed later. */
  get temporary() {
    return TEMPORARY.has(this.status);
  }

  /** Whether the session has ended, or has to be renewed. */
  get sessionGone() {
    return this.status === 410 || (this.status === 401 && this.code.startsWith("session"));
  }
}

/** The widget API under one address; the session only ever travels in the Authorization header. */
export class Client {
  /** @param {string} address of the API, without a slash at its end */
  constructor(address) {
    this.address = address.replace(/\/+$/, "");
    this.session = "";
  }

  /**
   * @param {{portal_token?: string, resume?: string}} body
   * @returns {Promise<Turn & {session: string}>}
   */
  async begin(body) {
    return (await this.#call("POST", "/sessions", JSON.stringify(body), false)).json();
  }

  /** @returns {Promise<Turn>} */
  async history() {
    return (await this.#call("GET", "/messages")).json();
  }

  /**
   * @param {Outgoing} outgoing
   * @returns {Promise<Turn>}
   */
  async say({ id, text, choice }) {
    const body = choice === undefined ? { id, text } : { id, choice };
    return (await this.#call("POST", "/messages", JSON.stringify(body))).json();
  }

  /** @returns {Promise<Blob>} */
  async pdf() {
    return (await this.#call("GET", "/application.pdf")).blob();
  }

  async erase() {
    await this.#call("DELETE", "/session");
  }

  /**
   * Sends a file. `fetch` does not tell how far it is, hence the older interface.
   *
   * @param {Outgoing} outgoing
   * @param {(share: number) => void} onProgress
   * @returns {Promise<Turn>}
   */
  upload({ id, kind, file }, onProgress) {
    const form = new FormData();
    form.append("id", id);
    form.append("kind", kind ?? "");
    form.append("file", /** @type {File} */ (file));
    const request = new XMLHttpRequest();
    request.open("POST", `${this.address}/documents`);
    request.setRequestHeader("Authorization", `Bearer ${this.session}`);
    request.timeout = UPLOAD_PATIENCE;
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) onProgress(event.loaded / event.total);
    });
    return new Promise((resolve, reject) => {
      request.addEventListener("loadend", () => {
        const body = parse(request.responseText);
        if (request.status >= 200 && request.status < 300) resolve(/** @type {Turn} */ (body));
        else reject(refusal(request.status, body, request.getResponseHeader("Retry-After")));
      });
      request.send(form);
    });
  }

  /**
   * @param {string} method
   * @param {string} path
   * @param {string} [body]
   * @param {boolean} [signed]
   */
  async #call(method, path, body, signed = true) {
    /** @type {Record<string, string>} */
    const headers = {};
    if (signed) headers.Authorization = `Bearer ${this.session}`;
    if (body !== undefined) headers["Content-Type"] = "application/json";
    const abort = new AbortController();
    const timer = setTimeout(() => abort.abort(), PATIENCE);
    try {
      const response = await fetch(this.address + path, {
        method,
        headers,
        body,
        signal: abort.signal,
        credentials: "omit",
        cache: "no-store",
        referrerPolicy: "no-referrer",
      });
      if (response.ok) return response;
      const answer = parse(await response.text());
      throw refusal(response.status, answer, response.headers.get("Retry-After"));
    } catch (error) {
      throw error instanceof ApiError ? error : new ApiError(0);
    } finally {
      clearTimeout(timer);
    }
  }
}

/**
 * @param {string} text
 * @returns {any} null if it is not JSON
 */
function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/**
 * @param {number} status
 * @param {any} body
 * @param {string | null} retryAfter
 */
function refusal(status, body, retryAfter) {
  const error = body?.error ?? body ?? {};
  return new ApiError(
    status,
    typeof error.code === "string" ? error.code : "",
    typeof error.message === "string" ? error.message : "",
    Number(retryAfter) || 0,
  );
}

import { ApiError, Client } from "./client.js";
import { Memory } from "./memory.js";

/**
 * @typedef {"new" | "connecting" | "ready" | "offline" | "unavailable" | "ended" | "refused"} Connection
 */

/** Milliseconds before each further attempt; the last one repeats. */
const PAUSES = [1_000, 2_000, 4_000, 8_000, 15_000];
/** How often the same message is sent again after an error inside the server. */
const SERVER_ERRORS = 2;

/**
 * One conversation with the assistant: its messages, its state, and what is on its way. Knows
 * nothing of how it is shown. Events: `reset` (all entries anew), `added` (entries), `updated`
 * (an entry's delivery), `state`, `connection`, `busy`, `refused` (an ApiError).
 */
export class Conversation extends EventTarget {
  /**
   * @param {Client} client
   * @param {Memory} memory
   * @param {() => string} portalToken
   */
  constructor(client, memory, portalToken) {
    super();
    this.client = client;
    this.memory = memory;
    this.portalToken = portalToken;
    /** @type {Entry[]} */
    this.entries = [];
    /** @type {State} */
    this.state = {};
    /** @type {Connection} */
    this.connection = "new";
    this.busy = false;
    this.restored = false;
    /** @type {Entry[]} */
    this.queue = [];
    this.working = false;
    // Between two conversations what is written waits for the next one.
    this.starting = false;
    this.stale = false;
    this.closed = false;
    this.keys = 0;
    /** @type {(() => void) | null} */
    this.wake = null;
    this.onOnline = () => this.tryNow();
    this.onVisible = () => {
      if (document.visibilityState === "visible") void this.sync();
    };
    window.addEventListener("online", this.onOnline);
    document.addEventListener("visibilitychange", this.onVisible);
    memory.addEventListener("told", (event) => {
      const news = /** @type {CustomEvent} */ (event).detail;
      if (news === "changed") void this.sync();
      // Whoever ended it has already forgotten it, and may have begun the next one by now.
      if (news === "ended") this.#leave();
    });
  }

  close() {
    this.closed = true;
    window.removeEventListener("online", this.onOnline);
    document.removeEventListener("visibilitychange", this.onVisible);
    this.memory.close();
    this.tryNow();
  }

  /** Takes up the remembered conversation or begins one. */
  async start() {
    if (this.connection !== "new" && this.connection !== "refused") return;
    const session = this.memory.session;
    this.starting = true;
    this.#connect("connecting");
    try {
      if (session) await this.#takeUp(session);
      else await this.#begin();
    } catch (error) {
      this.#giveUp(error);
    }
    this.starting = false;
    if (this.#isReady()) void this.#work();
  }

  /** Leaves this conversation; takes up the one that another tab has begun, or begins one. */
  async fresh() {
    await this.#startOver([]);
  }

  /** @param {Entry[]} kept what was written for the next conversation already */
  async #startOver(kept) {
    if (this.memory.session === this.client.session) this.memory.session = null;
    this.memory.outbox = kept.flatMap((entry) => entry.outgoing ?? []);
    this.queue = kept;
    this.entries = [...kept];
    this.state = {};
    this.connection = "new";
    this.restored = false;
    this.#tell("reset");
    this.#tell("state");
    await this.start();
    if (!this.#hasEnded()) return;
    // What another tab had remembered has ended, too.
    this.connection = "new";
    await this.start();
  }

  #isReady() {
    return this.connection === "ready";
  }

  #hasEnded() {
    return this.connection === "ended";
  }

  /**
   * Erases the conversation on the server and begins a new one.
   *
   * @throws {ApiError} when the server could not erase it
   */
  async erase() {
    const erased = [...this.queue];
    this.starting = true;
    try {
      await this.client.erase();
    } catch (error) {
      if (!(error instanceof ApiError && error.sessionGone)) {
        this.starting = false;
        void this.#work();
        throw error;
      }
    }
    this.memory.session = null;
    this.memory.tell("ended");
    await this.#startOver(this.queue.filter((entry) => !erased.includes(entry)));
  }

  /** @param {{shown: string, text?: string, choice?: string, file?: File, kind?: string}} message */
  send(message) {
    this.#enqueue({ id: newId(), ...message });
    void this.#work();
  }

  /** Sends a message again that was not accepted; it keeps its id. @param {Entry} entry */
  retry(entry) {
    entry.delivery = "waiting";
    entry.problem = "";
    this.#tell("updated", entry);
    this.queue.push(entry);
    void this.#work();
  }

  /** The application as PDF. */
  pdf() {
    return this.#renewed(() => this.client.pdf());
  }

  /** Ends the present pause between two attempts. */
  tryNow() {
    this.wake?.();
  }

  /** Catches up with what happened elsewhere. */
  async sync() {
    if (this.connection !== "ready" && this.connection !== "ended") return;
    if (this.connection === "ended") {
      const session = this.memory.session;
      if (!session || session === this.client.session) return;
      this.connection = "new";
      await this.start();
      return;
    }
    if (this.working) {
      this.stale = true;
      return;
    }
    this.stale = false;
    try {
      const turn = await this.#renewed(() => this.client.history());
      if (!this.working) this.#merge(turn);
    } catch (error) {
      if (error instanceof ApiError && error.sessionGone) this.#end();
    }
  }

  /**
   * What can be answered now: the question and the choices since the person's last message.
   *
   * @returns {Open}
   */
  open() {
    const turn = this.#turn();
    const asking =
      turn.findLast(({ question }) => question) ?? turn.findLast(({ choices }) => choices?.length);
    const others = turn.filter((message) => message !== asking);
    return {
      question: asking?.question ?? null,
      choices: asking?.choices ?? [],
      asides: others.flatMap(({ choices }) => choices ?? []),
    };
  }

  /** The assistant's messages since the person's last one that was not refused. */
  #turn() {
    const last = this.entries.findLastIndex(
      ({ sender, delivery }) => sender === "user" && delivery !== "failed",
    );
    return this.entries
      .slice(last + 1)
      .filter(({ sender }) => sender === "bot")
      .map(({ message }) => message);
  }

  /** @param {string} session */
  async #takeUp(session) {
    this.client.session = session;
    const waiting = this.memory.outbox;
    const turn = await this.#persist(() => this.#resume());
    this.restored = true;
    this.#merge(turn);
    this.#connect("ready");
    const known = new Set(turn.messages.map((message) => message.id));
    for (const outgoing of waiting) if (!known.has(outgoing.id)) this.#enqueue(outgoing);
    this.memory.outbox = this.queue.flatMap((entry) => entry.outgoing ?? []);
  }

  async #begin() {
    const token = this.portalToken();
    const turn = await this.#persist(() => this.client.begin(token ? { portal_token: token } : {}));
    this.#remember(turn.session);
    this.#connect("ready");
    this.#receive(turn);
  }

  /** @param {string} session */
  #remember(session) {
    this.client.session = session;
    this.memory.session = session;
  }

  /**
   * Does it again with a renewed session if the present one has expired.
   *
   * @template T
   * @param {() => Promise<T>} action
   */
  async #renewed(action) {
    try {
      return await action();
    } catch (error) {
      if (!(error instanceof ApiError && error.status === 401)) throw error;
      await this.#resume();
      return action();
    }
  }

  /** The same conversation with a new session token; the answer holds the history. */
  async #resume() {
    const token = this.portalToken();
    const turn = await this.client.begin({
      ...(token && { portal_token: token }),
      resume: this.client.session,
    });
    this.#remember(turn.session);
    return turn;
  }

  /**
   * Tries until it works or cannot work. Pauses end early when the connection is back.
   *
   * @template T
   * @param {() => Promise<T>} action
   * @param {() => void} [onPause]
   * @returns {Promise<T>}
   */
  async #persist(action, onPause) {
    let serverErrors = 0;
    for (let attempt = 0; ; attempt += 1) {
      try {
        const result = await action();
        if (this.connection === "offline" || this.connection === "unavailable") {
          this.#connect("ready");
        }
        return result;
      } catch (error) {
        if (!(error instanceof ApiError) || this.closed) throw error;
        if (error.status === 500) serverErrors += 1;
        const again = error.temporary || (error.status === 500 && serverErrors <= SERVER_ERRORS);
        if (!again) throw error;
        onPause?.();
        this.#setBusy(false);
        if (error.status !== 429) this.#connect(error.status ? "unavailable" : "offline");
        const pause = PAUSES[Math.min(attempt, PAUSES.length - 1)];
        await this.#pause(error.retryAfter * 1000 || pause);
        if (this.closed) throw error;
      }
    }
  }

  /** @param {number} milliseconds */
  #pause(milliseconds) {
    return /** @type {Promise<void>} */ (
      new Promise((resolve) => {
        const timer = setTimeout(resolve, milliseconds);
        this.wake = () => {
          clearTimeout(timer);
          resolve();
        };
      })
    );
  }

  /** @param {Outgoing} outgoing */
  #enqueue(outgoing) {
    const entry = this.#entry("user", { text: outgoing.shown, id: outgoing.id });
    entry.delivery = "waiting";
    entry.outgoing = outgoing;
    this.queue.push(entry);
    this.entries.push(entry);
    this.memory.outbox = this.queue.flatMap((each) => each.outgoing ?? []);
    this.#tell("added", [entry]);
  }

  async #work() {
    if (this.working) return;
    this.working = true;
    while (this.queue.length && this.connection !== "ended" && !this.closed && !this.starting) {
      await this.#deliver(this.queue[0]);
    }
    this.working = false;
    this.#setBusy(false);
    if (this.stale) void this.sync();
  }

  /** @param {Entry} entry */
  async #deliver(entry) {
    const outgoing = /** @type {Outgoing} */ (entry.outgoing);
    const attempt = () => {
      if (!this.entries.includes(entry)) throw new ApiError(410);
      this.#update(entry, "sending");
      this.#setBusy(true);
      return this.#renewed(() =>
        outgoing.file
          ? this.client.upload(outgoing, (share) => {
              entry.share = share;
              this.#tell("updated", entry);
            })
          : this.client.say(outgoing),
      );
    };
    try {
      const turn = await this.#persist(attempt, () => this.#update(entry, "waiting"));
      if (!this.entries.includes(entry)) return;
      this.#settle(entry, "delivered");
      this.#receive(turn);
      this.memory.tell("changed");
    } catch (error) {
      // Its conversation may have been left meanwhile.
      if (this.closed || !this.entries.includes(entry)) return;
      if (error instanceof ApiError && error.sessionGone) {
        entry.final = true;
        this.#settle(entry, "failed");
        this.#end();
        return;
      }
      entry.problem = error instanceof ApiError ? error.message : "";
      entry.final = error instanceof ApiError && error.status < 500;
      this.#settle(entry, "failed");
      this.#tell("refused", error);
    }
  }

  /**
   * @param {Entry} entry
   * @param {Delivery} delivery
   */
  #settle(entry, delivery) {
    this.queue = this.queue.filter((each) => each !== entry);
    this.memory.outbox = this.queue.flatMap((each) => each.outgoing ?? []);
    this.#update(entry, delivery);
  }

  /**
   * @param {Entry} entry
   * @param {Delivery} delivery
   */
  #update(entry, delivery) {
    entry.delivery = delivery;
    this.#tell("updated", entry);
  }

  /** @param {Turn} turn */
  #receive(turn) {
    const added = (turn.messages ?? []).map((message) => this.#entry("bot", message));
    // What still waits was written after the question that is answered here.
    const waiting = this.entries.filter((entry) => this.queue.includes(entry));
    this.entries = [
      ...this.entries.filter((entry) => !this.queue.includes(entry)),
      ...added,
      ...waiting,
    ];
    this.#setBusy(this.queue.length > 0);
    this.#tell("added", added);
    this.#take(turn.state);
  }

  /** Shows the history as the server has it, keeping what is already shown. @param {Turn} turn */
  #merge(turn) {
    const settled = this.entries.filter((entry) => !this.queue.includes(entry));
    let same = 0;
    while (
      same < settled.length &&
      same < turn.messages.length &&
      matches(settled[same], turn.messages[same])
    ) {
      same += 1;
    }
    const added = turn.messages
      .slice(same)
      .map((message) => this.#entry(message.sender ?? "bot", message));
    const waiting = this.entries.filter((entry) => this.queue.includes(entry));
    this.entries = [...settled.slice(0, same), ...added, ...waiting];
    if (same < settled.length || this.restored) this.#tell("reset");
    else if (added.length) this.#tell("added", added);
    this.#take(turn.state);
    this.restored = false;
  }

  /** @param {State | undefined} state */
  #take(state) {
    if (!state) return;
    this.state = state;
    this.#tell("state");
    if (state.status === "erased") this.#end();
  }

  /**
   * @param {"user" | "bot"} sender
   * @param {Message} message
   * @returns {Entry}
   */
  #entry(sender, message) {
    this.keys += 1;
    return {
      key: this.keys,
      sender,
      message,
      at: Number.isNaN(Date.parse(message.at ?? "")) ? new Date() : new Date(message.at ?? ""),
      delivery: sender === "user" ? "delivered" : undefined,
    };
  }

  /** @param {unknown} error */
  #giveUp(error) {
    if (this.closed) return;
    if (error instanceof ApiError && error.sessionGone && this.client.session) {
      this.#end();
    } else {
      this.#connect("refused");
      this.#tell("refused", error);
    }
  }

  #end() {
    if (this.memory.session === this.client.session) this.memory.session = null;
    this.#leave();
  }

  #leave() {
    this.queue = [];
    this.memory.outbox = [];
    this.#setBusy(false);
    this.#connect("ended");
  }

  /** @param {Connection} connection */
  #connect(connection) {
    if (this.connection === connection) return;
    this.connection = connection;
    this.#tell("connection");
  }

  /** @param {boolean} busy */
  #setBusy(busy) {
    if (this.busy === busy) return;
    this.busy = busy;
    this.#tell("busy");
  }

  /**
   * @param {string} name
   * @param {unknown} [detail]
   */
  #tell(name, detail) {
    if (!this.closed) this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}

/**
 * @param {Entry} entry
 * @param {Message} message
 */
function matches(entry, message) {
  if (entry.sender !== (message.sender ?? "bot")) return false;
  if (message.id && entry.message.id) return entry.message.id === message.id;
  return (
    (entry.message.text ?? "") === (message.text ?? "") &&
    entry.message.card?.type === message.card?.type
  );
}

/** `crypto.randomUUID` is missing on pages without HTTPS. */
function newId() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
    byte.toString(16).padStart(2, "0"),
  ).join("");
}

/** One connection that keeps itself up, and the sessions on it. */

import type { Hello } from "./core/Messages.js";
import type { Reply } from "./core/Requests.js";
import { clockUs, Deferred, Emitter } from "./Emitter.js";
import {
  ABNORMAL,
  explain,
  type Fault,
  pauseIn,
  retryOf,
  ServerError,
  ServerGoneError,
} from "./Fault.js";
import { type Introduction, Link, refusal } from "./Link.js";
import { Session } from "./Session.js";
import type { OpenOptions } from "./Terms.js";

export interface ClientOptions extends Introduction {
  /** Connect again after a loss; true unless set. */
  readonly reconnect?: boolean;
}

export type ClientState = "connecting" | "ready" | "waiting" | "closed";

export interface ClientEvents {
  state: ClientState;
  hello: Hello;
  /** What is wrong with the connection, or a complaint of the server's about no session. */
  error: Fault | ServerError;
}

/** Pauses between tries grow between these; a connection that lasted begins anew (protocol §15). */
const PAUSE_LEAST_MS = 1000;
const PAUSE_MOST_MS = 30_000;
/** On the machine of the page itself somebody works on the server: its return is seen soon. */
const PAUSE_HERE_MS = 4000;
const HERE = /^wss?:\/\/(localhost|127(\.\d+){3}|\[::1\])([:/]|$)/i;
const LASTING_MS = 10_000;
/** How often to ask whether the server is there, and when to believe that it is not. */
const PING_MS = 2000;
const SILENT_MS = 10_000;

/** Connect to a server such as `ws://localhost:8765`; returns at once. */
export function connect(url: string, options: ClientOptions = {}): Client {
  return new Client(url, options);
}

/** Connects, greets, and connects again when the server goes away; sessions live on. */
export class Client extends Emitter<ClientEvents> {
  readonly url: string;
  readonly #options: ClientOptions;
  readonly #sessions = new Map<number, Session>();
  #state: ClientState = "connecting";
  #hello: Hello | null = null;
  #fault: Fault | null = null;
  #roundTripUs: number | null = null;
  #restarts = 0;
  #link: Link | null = null;
  #past = { bytesIn: 0, bytesOut: 0 };
  #pauseMs = 0;
  #readyMs = 0;
  #askedMs = 0;
  #ready = new Deferred<Hello>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(url: string, options: ClientOptions = {}) {
    super();
    this.url = url;
    this.#options = options;
    globalThis.addEventListener?.("online", this.#retry);
    this.#connect();
  }

  get state(): ClientState {
    return this.#state;
  }

  /** What the server tells about itself; the newest one. */
  get hello(): Hello | null {
    return this.#hello;
  }

  /** Why it is not ready; null while all is well. */
  get fault(): Fault | null {
    return this.#fault;
  }

  /** Time to the server and back, µs, asked for every two seconds. */
  get roundTripUs(): number | null {
    return this.#roundTripUs;
  }

  /** How many times another run of the server was met than before. */
  get restarts(): number {
    return this.#restarts;
  }

  /** Bytes of all frames received, and sent. */
  get bytesIn(): number {
    return this.#past.bytesIn + (this.#link?.bytesIn ?? 0);
  }

  get bytesOut(): number {
    return this.#past.bytesOut + (this.#link?.bytesOut ?? 0);
  }

  /** Wait until requests can be sent. @throws ServerGoneError - that will never be. */
  ready(): Promise<Hello> {
    return this.#ready.promise;
  }

  /**
   * Open a session. @throws ServerError - the server refuses it; `field` says what is wrong.
   *
   * @param Kind - for `watch`.
   */
  async open(options: OpenOptions, Kind = Session): Promise<Session> {
    await this.ready();
    let sid = 1;
    while (this.#sessions.has(sid)) sid++;
    const session = new Kind(this, sid, options, () => this.#sessions.delete(sid));
    this.#sessions.set(sid, session);
    if (this.#link && this.#state === "ready") session.attach(this.#link);
    await session.whenOpen();
    return session;
  }

  /** Try again now instead of at the end of the pause. */
  retry(): void {
    if (this.#state === "waiting") this.#connect();
  }

  /** End the connection for good; all sessions end. */
  close(): void {
    if (this.#state === "closed") return;
    const link = this.#link;
    this.#link = null;
    link?.drop(1000, "");
    this.#finish(null, new ServerGoneError(1000, "the client is closed"));
  }

  readonly #retry = (): void => this.retry();

  #connect(): void {
    clearTimeout(this.#timer);
    this.#become("connecting");
    try {
      const link: Link = new Link(this.url, this.#options, {
        take: (message) => this.#take(message, link),
        refused: ({ code, message, field }) => {
          this.emit("error", new ServerError(code, message, field));
        },
        gone: (code, reason) => this.#lose(link, code, reason),
      });
      this.#link = link;
    } catch (error) {
      const text = `${this.url} cannot be connected to: ${(error as Error).message}`;
      this.#finish({ code: ABNORMAL, message: text, retryInMs: null }, new ServerGoneError(ABNORMAL, text));
    }
  }

  #take(message: Reply, link: Link): void {
    if (message.op === "hello") {
      if (this.#hello && this.#hello.instance !== message.instance) this.#restarts++;
      this.#hello = message;
      this.emit("hello", message);
    } else if (message.op === "ready") this.#greeted(link);
    else if (message.op === "pong") this.#roundTripUs = clockUs() - message.t;
    else {
      const session = this.#sessions.get(("sid" in message ? message.sid : undefined) ?? -1);
      if (session) session.take(message);
      else if (message.op === "error") this.emit("error", refusal(message));
    }
  }

  #greeted(link: Link): void {
    this.#fault = null;
    this.#readyMs = performance.now();
    this.#askedMs = 0;
    this.#ask(link);
    this.#ready.resolve(this.#hello as Hello);
    this.#become("ready");
    for (const session of [...this.#sessions.values()]) session.attach(link);
  }

  /** Ask whether the server is there, again and again. */
  #ask(link: Link): void {
    const nowMs = performance.now();
    if (this.#askedMs <= link.heardMs) this.#askedMs = nowMs;
    else if (nowMs - this.#askedMs > SILENT_MS) {
      link.drop(ABNORMAL, "it does not answer any more");
      return;
    }
    link.send({ op: "ping", t: clockUs() });
    this.#timer = setTimeout(() => this.#ask(link), PING_MS);
  }

  #lose(link: Link, code: number, reason: string): void {
    this.#past = {
      bytesIn: this.#past.bytesIn + link.bytesIn,
      bytesOut: this.#past.bytesOut + link.bytesOut,
    };
    if (this.#link !== link) return;
    this.#link = null;
    this.#roundTripUs = null;
    clearTimeout(this.#timer);
    const wasReady = this.#state === "ready";
    const message = explain(code, reason, this.url, wasReady);
    const retry = retryOf(code);
    if (this.#options.reconnect === false || retry === "no" || retry === "changed") {
      this.#finish({ code, message, retryInMs: null }, new ServerGoneError(code, message));
      return;
    }
    if (wasReady) this.#ready = new Deferred<Hello>();
    if (wasReady && performance.now() - this.#readyMs > LASTING_MS) this.#pauseMs = 0;
    const isFirst = this.#pauseMs === 0;
    const most = HERE.test(this.url) ? PAUSE_HERE_MS : PAUSE_MOST_MS;
    this.#pauseMs = Math.min(most, Math.max(PAUSE_LEAST_MS, 2 * this.#pauseMs));
    const retryInMs = pauseIn(reason) ?? (isFirst && retry === "yes" ? 0 : this.#pauseMs);
    this.#fault = { code, message, retryInMs };
    this.#timer = setTimeout(this.#retry, retryInMs);
    for (const session of this.#sessions.values()) session.detach();
    this.#become("waiting");
    this.emit("error", this.#fault);
  }

  /** Nothing will come any more. */
  #finish(fault: Fault | null, why: ServerGoneError): void {
    clearTimeout(this.#timer);
    globalThis.removeEventListener?.("online", this.#retry);
    this.#fault = fault;
    if (this.#state === "ready") this.#ready = new Deferred<Hello>();
    this.#ready.reject(why);
    for (const session of [...this.#sessions.values()]) session.end(why);
    this.#become("closed");
    if (fault) this.emit("error", fault);
  }

  #become(state: ClientState): void {
    if (this.#state === state) return;
    this.#state = state;
    this.emit("state", state);
  }
}

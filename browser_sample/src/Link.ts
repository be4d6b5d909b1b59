/** One socket: messages out, messages in, and which answer belongs to which request. */

import { ClientProtocol, SUBPROTOCOLS, VERSION } from "./core/ClientProtocol.js";
import { ProtocolError } from "./core/Fields.js";
import type { Hello } from "./core/Messages.js";
import type { Reply, Request } from "./core/Requests.js";
import { Deferred } from "./Emitter.js";
import { ABNORMAL, ServerError, ServerGoneError } from "./Fault.js";

/** Who is told what a link receives. */
export interface LinkOwner {
  /** Every message, before whoever waits for it as an answer. */
  take(message: Reply): void;
  /** A message that was refused, without harm to the connection. */
  refused(error: ProtocolError): void;
  /** Once, when nothing comes any more. */
  gone(code: number, reason: string): void;
}

/** Longest wait for the greeting (protocol §4), and most bytes that wait in the socket. */
const GREET_MS = 5000;
const FULL_BYTES = 512 * 1024;

/** What a link says of itself. */
export interface Introduction {
  /** "name/version" of the program, for the server's log. */
  readonly name?: string;
  /** "json" can be read in the browser's network panel; "msgpack" unless set. */
  readonly format?: keyof typeof SUBPROTOCOLS;
  /** The server's password; never sent, only proven. */
  readonly password?: string;
  /** Bearer token; sent, so to `wss://` only, or on this machine. */
  readonly token?: string;
}

/** Identifies itself as soon as the socket is open; with a password, once it is challenged. */
export class Link {
  bytesIn = 0;
  bytesOut = 0;
  /** When the last frame came, by `performance.now()`. */
  heardMs = 0;
  readonly #socket: WebSocket;
  readonly #protocol: ClientProtocol;
  readonly #waiting = new Map<number, Deferred<Reply>>();
  readonly #deadline: ReturnType<typeof setTimeout>;
  readonly #owner: LinkOwner;
  /** Answers a challenge, where there is a password. */
  #prove: ((auth: Hello["auth"]) => Promise<void>) | undefined;
  /** Frames behind an `opened` that came with it: whoever waits for that may listen first. */
  #held: (string | ArrayBuffer)[] | null = null;
  #ids = 0;
  #isOver = false;

  /** @throws Error - the address is none, or the page may not use it. */
  constructor(url: string, who: Introduction, owner: LinkOwner) {
    const { name = "@a2f-ws/client", format = "msgpack", password, token } = who;
    this.#owner = owner;
    this.#protocol = new ClientProtocol(format === "json");
    const socket = (this.#socket = new WebSocket(url, SUBPROTOCOLS[format]));
    socket.binaryType = "arraybuffer";
    const identify = (proof?: string): void => {
      this.send({ op: "identify", protocol: VERSION, client: name, proof, token } as Request);
    };
    if (password == null) socket.onopen = () => identify();
    else {
      this.#prove = async (auth) => identify((await import("./core/Proof.js")).prove(password, auth));
    }
    socket.onmessage = (event) => this.#receive(event.data as string | ArrayBuffer);
    // A socket that never opened ends without a code; some runtimes do not even say that it closed.
    socket.onerror = () => {
      if (this.#protocol.state === "connected") this.#end(ABNORMAL, "");
    };
    socket.onclose = (event) => {
      while (this.#held) this.#release();
      this.#end(event.code, event.reason);
    };
    this.#deadline = setTimeout(() => this.drop(4408, ""), GREET_MS);
  }

  /** More is waiting in the socket than should; ask again in a moment. */
  get isFull(): boolean {
    return this.#socket.bufferedAmount > FULL_BYTES;
  }

  /** Write a message; nothing happens when the connection is over. */
  send(message: Request): void {
    if (this.#isOver) return;
    const frame = this.#protocol.send(message);
    this.bytesOut += frame.length;
    this.#socket.send(frame as string | Uint8Array<ArrayBuffer>);
  }

  /**
   * Send a request and wait for its answer.
   *
   * @throws ServerError - it was refused. ServerGoneError - the connection ended before.
   */
  ask(message: Request): Promise<Reply> {
    if (this.#isOver) return Promise.reject(new ServerGoneError(ABNORMAL, "not connected"));
    const id = ++this.#ids;
    const answer = new Deferred<Reply>();
    this.#waiting.set(id, answer);
    this.send({ ...message, id } as Request);
    return answer.promise;
  }

  /** End the connection here; `gone` is told that code at once. */
  drop(code: number, reason: string): void {
    this.#end(code, reason);
    try {
      this.#socket.close(code === 1000 || code >= 3000 ? code : 4000, reason);
    } catch {
      this.#socket.close();
    }
  }

  #receive(data: string | ArrayBuffer): void {
    if (this.#isOver) return;
    if (this.#held) {
      this.#held.push(data);
      return;
    }
    const frame = typeof data === "string" ? data : new Uint8Array(data);
    this.bytesIn += frame.length;
    this.heardMs = performance.now();
    try {
      const message = this.#protocol.receive(frame);
      if (message !== null) this.#take(message);
      if (message?.op === "opened") {
        // Sockets of Node.js hand on a whole packet at once.
        this.#held = [];
        setTimeout(() => this.#release());
      }
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      if (error.closes) this.drop(error.code, error.message.slice(0, 100));
      else this.#owner.refused(error);
    }
  }

  #release(): void {
    const held = this.#held ?? [];
    this.#held = null;
    for (const data of held) this.#receive(data);
  }

  #take(message: Reply): void {
    if (message.op === "hello") void this.#prove?.(message.auth);
    if (message.op === "ready") clearTimeout(this.#deadline);
    if (message.op === "ping") {
      this.send({ op: "pong", t: message.t, ...(message.id === undefined ? {} : { re: message.id }) });
    }
    const re = "re" in message ? message.re : undefined;
    const answer = re === undefined ? undefined : this.#waiting.get(re);
    if (answer === undefined || message.op !== "error") this.#owner.take(message);
    if (re === undefined || answer === undefined) return;
    this.#waiting.delete(re);
    if (message.op === "error") answer.reject(refusal(message));
    else answer.resolve(message);
  }

  #end(code: number, reason: string): void {
    if (this.#isOver) return;
    this.#isOver = true;
    clearTimeout(this.#deadline);
    this.#protocol.close();
    this.#owner.gone(code, reason);
    for (const answer of this.#waiting.values()) {
      answer.reject(new ServerGoneError(code, reason || "the connection is closed"));
    }
  }
}

/** The exception that an `error` stands for. */
export function refusal(message: Extract<Reply, { op: "error" }>): ServerError {
  const { code, message: text, field = null, retryS } = message;
  return new ServerError(code, text, field, retryS === undefined ? null : retryS * 1000);
}

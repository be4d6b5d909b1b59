/** The client's half of a connection: frames in, messages out, and the other way round. */

import { decode, encode } from "./Codec.js";
import { ProtocolError } from "./Fields.js";
import type { Message, Op, Reply, Request } from "./Requests.js";

/** Version of the protocol, and the names of its two encodings. */
export const VERSION = 1;
export const SUBPROTOCOLS = { msgpack: "a2f.v1.msgpack", json: "a2f.v1.json" } as const;

/**
 * connected: nothing said. greeted: `hello` came. offered: `identify` went out before `hello`
 * came; identified: both. ready: `ready` came.
 */
export type ProtocolState = "connected" | "greeted" | "offered" | "identified" | "ready" | "closed";

type Table = Readonly<Record<ProtocolState, Partial<Record<Op, ProtocolState>>>>;

function staying(state: ProtocolState, ...ops: readonly Op[]): Partial<Record<Op, ProtocolState>> {
  return Object.fromEntries(ops.map((op) => [op, state]));
}

const REQUESTS = [
  "open",
  "audio",
  "end",
  "emotion",
  "set",
  "interrupt",
  "played",
  "close",
  "ping",
  "pong",
] as const;

const EARLY = ["error", "status", "ping", "pong"] as const;

const ANSWERS = [
  ...EARLY,
  "opened",
  "rest",
  "poses",
  "audio",
  "played",
  "geometry",
  "utterance",
  "credit",
  "ok",
  "closed",
] as const;

const RECEIVES: Table = {
  connected: { hello: "greeted" },
  greeted: staying("greeted", ...EARLY),
  offered: { hello: "identified" },
  identified: { ready: "ready", ...staying("identified", ...EARLY) },
  ready: staying("ready", ...ANSWERS),
  closed: {},
};

const SENDS: Table = {
  connected: { identify: "offered" },
  greeted: { identify: "identified", ...staying("greeted", "ping", "pong") },
  offered: staying("offered", ...REQUESTS),
  identified: staying("identified", ...REQUESTS),
  ready: staying("ready", ...REQUESTS),
  closed: {},
};

/** States of one connection; `identify`, `open` and audio may be sent before `hello` came. */
export class ClientProtocol {
  #state: ProtocolState = "connected";

  /** Begin with a socket that has just opened, for the sub-protocol of text frames or the other. */
  constructor(readonly isJson: boolean) {}

  get state(): ProtocolState {
    return this.#state;
  }

  /**
   * Read a frame of the server's; null for a message that is not known here, to be ignored.
   *
   * @throws ProtocolError - `closes` tells whether the connection has to end; else only this
   * message is refused. 4409: it may not come now. 4426, closing: another version.
   */
  receive(frame: string | Uint8Array): Reply | null {
    const message = decode(frame, this.isJson);
    if (message === null) return null;
    const next = RECEIVES[this.#state][message.op];
    if (next === undefined) {
      throw new ProtocolError(4409, `op: found ${message.op} while ${this.#state}`, "op");
    }
    if (message.op === "hello" && message.protocol !== VERSION) {
      const text = `hello.protocol: found ${message.protocol}, wanted ${VERSION}`;
      throw new ProtocolError(4426, text, "protocol", true);
    }
    this.#state = next;
    return message as Reply;
  }

  /** Write a message as a frame. @throws Error - it may not be sent now. */
  send(message: Request): string | Uint8Array {
    const next = SENDS[this.#state][message.op];
    if (next === undefined) throw new Error(`client sends ${message.op} while ${this.#state}`);
    const frame = encode(message as Message, this.isJson);
    this.#state = next;
    return frame;
  }

  /** The socket is closed, or about to be. */
  close(): void {
    this.#state = "closed";
  }
}

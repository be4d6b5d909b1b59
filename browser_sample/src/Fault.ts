/** What goes wrong, in plain words, and whether to try again (protocol §15). */

/** The server refused a request, or gave a session or the connection up. */
export class ServerError extends Error {
  override readonly name: string = "ServerError";

  constructor(
    /** From the table of codes of the protocol. */
    readonly code: number,
    /** What was found and what was wanted. */
    message: string,
    /** Path of the field at fault, as in "audio.rate". */
    readonly field: string | null = null,
    /** Pause after which to try again, or null. */
    readonly retryInMs: number | null = null,
  ) {
    super(message);
  }
}

/** The connection is over, or was never made. */
export class ServerGoneError extends ServerError {
  override readonly name = "ServerGoneError";
}

/** Why a client is not ready. */
export interface Fault {
  /** Of the close frame; 1006 = there was none. */
  readonly code: number;
  /** For people. */
  readonly message: string;
  /** Pause until the next try, or null when there will be none. */
  readonly retryInMs: number | null;
}

/** Stands for a connection that ended without a close frame (RFC 6455 §7.1.5). */
export const ABNORMAL = 1006;

/** "no": never by itself; "changed": once the cause is put right; "later": after a pause. */
export type Retry = "no" | "changed" | "later" | "yes";

const CODES: Readonly<Record<number, readonly [Retry, string]>> = {
  1000: ["no", "The server has ended the connection."],
  1001: ["later", "The server has stopped."],
  1008: ["no", "The server does not allow this page: its origin has to be allowed there."],
  1009: ["changed", "A message was larger than the server takes."],
  4400: ["changed", "Server and client do not understand each other."],
  4401: ["changed", "The server wants a password or token, and this one is missing or wrong."],
  4403: ["no", "This client has no right to do that."],
  4406: ["changed", "The server speaks another protocol."],
  4408: ["yes", "The greeting took too long."],
  4413: ["later", "This page reads more slowly than the server sends."],
  4426: ["no", "Server and client have different versions: update the older one."],
  4429: ["later", "The server is full at the moment."],
  4490: ["no", "Another connection took over."],
  4500: ["yes", "The server has failed; its log says how."],
  4503: ["later", "The server takes nothing new at the moment."],
};

/** Whether a connection or session that ended with that code is to be tried again. */
export function retryOf(code: number): Retry {
  return CODES[code]?.[0] ?? (code >= 4400 && code < 4500 ? "changed" : "later");
}

/** One or two sentences for people: what happened, and what the server said. */
export function explain(code: number, reason: string, url: string, wasReady: boolean): string {
  const lost = wasReady
    ? `The connection to ${url} was lost.`
    : `No server answers at ${url}. Is it running?`;
  const told = CODES[code]?.[1] ?? lost;
  return reason ? `${told} (${reason})` : told;
}

/** Seconds that the end of a reason may name, in milliseconds; null without. */
export function pauseIn(reason: string): number | null {
  const seconds = /retry in (\d+) s$/.exec(reason)?.[1];
  return seconds === undefined ? null : Number(seconds) * 1000;
}

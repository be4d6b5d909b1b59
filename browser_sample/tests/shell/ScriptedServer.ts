/**
 * The other end of a WebSocket, in this process and on the test's clock: as much of a server as the
 * tests of the shell need, with poses whose only curve is their own time in seconds.
 */

// Loaded at need by the library; here before a test stops the clock.
import "../../src/Return.js";
import { decode, encode } from "../../src/core/Codec.js";
import { PoseRate } from "../../src/core/Rate.js";
import type { Message, Request } from "../../src/core/Requests.js";

export const LOOK_AHEAD_US = 140_000;
const RATE = new PoseRate(50);
const EASE = 13;

interface Speech {
  /** Sample frame after the last one received, and the first one. */
  end: number;
  first: number;
  isEnded: boolean;
  next: number;
}

/** What a page's `WebSocket` is replaced by: one server behind any number of sockets. */
export class ScriptedServer {
  instance = "first";
  /** Withholds poses while true. */
  isMute = false;
  /** Refuses every socket while true. */
  isDown = false;
  /** Does not even greet while true. */
  isDumb = false;
  /** What every `open` is answered with, if set. */
  refusal: { code: number; message: string; retryS: number } | null = null;
  /** Everything that clients sent. */
  readonly received: Request[] = [];
  socket: ScriptedSocket | null = null;
  visible = true;
  sockets = 0;

  /** The class to put in the place of `WebSocket`. */
  get WebSocket() {
    const server = this;
    return class extends ScriptedSocket {
      constructor(_url: string, readonly protocol: string) {
        super(server);
      }
    };
  }

  of<O extends Request["op"]>(op: O): Extract<Request, { op: O }>[] {
    return this.received.filter((one): one is Extract<Request, { op: O }> => one.op === op);
  }

  send(message: Message): void {
    this.socket?.onmessage?.({ data: (encode(message, false) as Uint8Array).slice().buffer });
  }

  /** Send bytes that are no message of ours. */
  sendBytes(bytes: number[]): void {
    this.socket?.onmessage?.({ data: Uint8Array.from(bytes).buffer });
  }

  hangUp(code: number, reason = ""): void {
    this.socket?.end(code, reason);
  }
}

export class ScriptedSocket {
  binaryType = "";
  bufferedAmount = 0;
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: ArrayBuffer }) => void) | null = null;
  onclose: ((event: { code: number; reason: string }) => void) | null = null;
  onerror: (() => void) | null = null;
  readonly #server: ScriptedServer;
  readonly #speeches = new Map<number, Speech>();
  #isOpen = false;
  #layout = 0;
  #rate = 0;
  #headUs = 0;

  constructor(server: ScriptedServer) {
    this.#server = server;
    server.sockets++;
    setTimeout(() => {
      if (server.isDown) this.end(1006, "");
      else this.#begin();
    }, 1);
  }

  send(frame: Uint8Array): void {
    if (!this.#isOpen) throw new Error("sent on a socket that is not open");
    const message = decode(frame, false) as Request;
    this.#server.received.push(message);
    setTimeout(() => this.#isOpen && this.#answer(message), 1);
  }

  close(code = 1000): void {
    this.end(code, "");
  }

  end(code: number, reason: string): void {
    this.#isOpen = false;
    if (this.#server.socket === this) this.#server.socket = null;
    this.onclose?.({ code, reason });
  }

  #begin(): void {
    const server = this.#server;
    server.socket = this;
    server.visible = true;
    this.#isOpen = true;
    this.onopen?.();
    if (server.isDumb) return;
    server.send({
      op: "hello",
      protocol: 1,
      server: "scripted/1",
      instance: server.instance,
      auth: { kind: "none" },
      models: [],
      rigs: ["one"],
      audio: { formats: ["s16le"], rate: [8000, 192_000], channelsMax: 1 },
      capabilities: [],
      limits: {},
    });
  }

  #answer(message: Request): void {
    const server = this.#server;
    const re = message.op !== "pong" && message.id !== undefined ? { re: message.id } : {};
    switch (message.op) {
      case "identify":
        server.send({ op: "ready", connection: "c1" });
        return;
      case "ping":
        server.send({ op: "pong", t: message.t, serverUs: 1 });
        return;
      case "open":
        if (server.refusal) {
          const { code, message: reason, retryS } = server.refusal;
          server.send({ op: "error", ...re, sid: message.sid, ...server.refusal });
          server.send({ op: "closed", sid: message.sid, code, reason, retryS });
          return;
        }
        this.#rate = message.audio?.rate ?? 0;
        this.#open(message.sid, re);
        return;
      case "audio":
        this.#hear(message.sid, message.u, message.first, message.pcm.length / 2);
        break;
      case "end":
        this.#hear(message.sid, message.u, 0, 0).isEnded = true;
        break;
      case "interrupt":
        for (const u of [...this.#speeches.keys()]) {
          if (u <= (message.u ?? Infinity)) this.#tell(message.sid, u, "interrupted");
        }
        break;
      case "set":
        server.visible = message.visible ?? server.visible;
        break;
      case "played":
        this.#headUs = message.tUs;
        break;
    }
    if (message.op === "close") server.send({ op: "closed", sid: message.sid, code: 1000, reason: "", ...re });
    else if (re.re !== undefined) server.send({ op: "ok", re: re.re });
    if ("sid" in message) this.compute(message.sid);
  }

  #open(sid: number, re: { re?: number }): void {
    const layout = ++this.#layout;
    this.#server.send({
      op: "opened",
      ...re,
      sid,
      layout,
      model: "scripted",
      rig: "one",
      fps: 50,
      curves: ["time"],
      transforms: [],
      row: 1,
      idle: {},
      lookAheadUs: LOOK_AHEAD_US,
      lookBackUs: 200_000,
      creditUs: 60_000_000,
      missing: [],
      unmatched: [],
    });
    this.#server.send({ op: "rest", sid, layout, data: new Uint8Array(4) });
  }

  #hear(sid: number, u: number, first: number, frames: number): Speech {
    let speech = this.#speeches.get(u);
    if (!speech) {
      const next = Math.ceil((first / this.#rate) * 50);
      speech = { end: first, first, isEnded: false, next };
      this.#speeches.set(u, speech);
      this.#tell(sid, u, "started");
    }
    if (frames) speech.end = Math.max(speech.end, first + frames);
    return speech;
  }

  /** Send every pose that the sound allows. */
  compute(sid: number): void {
    const server = this.#server;
    for (const [u, speech] of this.#speeches) {
      if (server.isMute) return;
      if (!server.visible) {
        // Nobody looks: what lies behind the play head is passed over.
        speech.next = Math.max(speech.next, Math.min(speech.end / this.#rate, this.#headUs / 1e6) * 50 | 0);
        return;
      }
      const endUs = (speech.end / this.#rate) * 1e6;
      const speechPoses = Math.ceil((speech.end / this.#rate) * 50);
      const to = speech.isEnded
        ? speechPoses + (speechPoses ? EASE : 0)
        : Math.max(0, Math.floor(((endUs - LOOK_AHEAD_US) * 50) / 1e6));
      while (speech.next < to) {
        const n = Math.min(64, to - speech.next);
        this.#poses(sid, u, speech.next, n, speechPoses);
        speech.next += n;
      }
      if (speech.isEnded) {
        this.#tell(sid, u, "audio_done");
        this.#tell(sid, u, "poses_done");
      }
    }
  }

  #poses(sid: number, u: number, i: number, n: number, speechPoses: number): void {
    const rows = Float32Array.from({ length: n }, (_, k) => (i + k < speechPoses ? (i + k) / 50 : 0));
    const data = new Uint8Array(rows.buffer);
    this.#server.send({ op: "poses", sid, u, layout: this.#layout, i, tUs: RATE.timeUs(i), n, data });
  }

  #tell(sid: number, u: number, state: "started" | "audio_done" | "poses_done" | "interrupted"): void {
    const speech = this.#speeches.get(u) as Speech;
    const us = (frames: number): number => Math.floor((frames / this.#rate) * 1e6);
    const ends = { started: us(speech.first), audio_done: us(speech.end) };
    const tUs = ends[state as "started"] ?? RATE.timeUs(Math.max(0, speech.next - 1));
    if (state === "poses_done" || state === "interrupted") this.#speeches.delete(u);
    this.#server.send({ op: "utterance", sid, u, state, poses: speech.next, tUs });
  }
}

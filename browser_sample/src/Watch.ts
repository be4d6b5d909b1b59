/** A session that somebody else feeds: its face, its sound. A page loads this at need. */

import type { Client } from "./Client.js";
import type { AudioFormat, Opened } from "./core/Messages.js";
import { framesToUs, PoseRate } from "./core/Rate.js";
import type { Reply } from "./core/Requests.js";
import { Line } from "./Line.js";
import { Playback, type PlaybackOptions } from "./Playback.js";
import { Reel } from "./Reel.js";
import { Session } from "./Session.js";
import type { Sink } from "./Sink.js";
import type { OpenOptions } from "./Terms.js";

export interface WatchOptions
  extends Pick<OpenOptions, "rig" | "have" | "table" | "curves" | "swap" | "status" | "keepUs"> {
  /** Own the play head of everybody: what is heard here is what the server goes by. */
  clock?: boolean;
}

/** Longest hole in the sound that is filled with silence, s; after a longer one it begins anew. */
const HOLE_S = 2;

/**
 * Follow the session that speaks under a name, now or later.
 *
 * @throws ServerError - the server refuses it; `field` says what is wrong.
 */
export function watch(client: Client, name: string, options: WatchOptions = {}): Promise<Watch> {
  const { clock = false, ...others } = options;
  // The rate is the speaker's; the server does not look at this one.
  const open: OpenOptions = { ...others, name, role: "watch", clock, rate: 16_000 };
  return client.open(open, Watch) as Promise<Watch>;
}

/** What is watched; utterances are numbered anew, rising whoever speaks. `watch` makes it. */
export class Watch extends Session {
  #playback: Playback | null = null;
  #line: Line | null = null;
  /** What numbers are larger by here than on the wire. */
  #shift = 0;
  #newest = 0;
  /** Utterances that are not over. */
  readonly #alive = new Set<number>();
  readonly #lines = new Map<number, Line>();

  readonly #isClock: boolean;
  #hasLeft = false;

  /** @internal */
  constructor(client: Client, sid: number, options: OpenOptions, leave: () => void) {
    super(client, sid, options, leave);
    this.#isClock = options.clock === true;
  }

  /** Somebody speaks under the name. */
  get isSpoken(): boolean {
    return this.opened.model !== "" && !this.#hasLeft;
  }

  /** Let the sound be heard, and give rows in time with it: `sample()` once per frame. */
  play(output: AudioContext | Sink, options: PlaybackOptions = {}): Playback {
    return (this.#playback = new Playback(this, output, options));
  }

  /** @internal The line that has just come; what is watched says nothing of its own. */
  override say(): Line {
    if (!this.#line) throw new Error("a watched session is fed by whoever speaks");
    return this.#line;
  }

  /** Stop what is said up to `u` (absent: all), for everybody; a right of its own. */
  async interruptAll(u?: number): Promise<void> {
    const last = u === undefined ? {} : { u: Math.max(1, u - this.#shift) };
    await this.request({ op: "interrupt", sid: this.sid, ...last });
  }

  /** With the clock: tell where the sound is. */
  override played(u: number, tUs: number, rate = 1, paused = false): void {
    if (!this.#isClock || !this.#alive.has(u)) return;
    const head = { u: u - this.#shift, tUs: Math.max(0, Math.round(tUs)), rate, paused };
    this.request({ op: "played", sid: this.sid, ...head }).catch(() => undefined);
  }

  /** @internal */
  override take(message: Reply): void {
    if (message.op === "utterance" && message.state === "started" && !this.#begin(message.u)) return;
    const u = "u" in message && message.u !== undefined ? message.u + this.#shift : 0;
    super.take(u ? ({ ...message, u } as Reply) : message);
    if (message.op === "opened") this.#hasLeft = false;
    else if (message.op === "status" && message.code === "waiting") this.#hasLeft = true;
    else if (message.op === "audio") this.#hear(u, message.first, message.pcm);
    else if (message.op === "poses") {
      const lastUs = new PoseRate(this.opened.fps).timeUs(message.i + message.n - 1);
      this.#lines.get(u)?.arrived(lastUs, 0, 0);
    } else if (message.op === "utterance") {
      const line = this.#lines.get(u);
      if (line && message.state !== "started") line.reel.isEnded = true;
      line?.tell(message.state);
      if (message.state === "poses_done" || message.state === "interrupted") {
        this.#alive.delete(u);
        this.#lines.delete(u);
      }
    }
  }

  /** Number an utterance; false when it is known already, as after a lost connection. */
  #begin(u: number): boolean {
    if (this.#alive.has(u + this.#shift)) return false;
    if (u + this.#shift <= this.#newest) this.#shift = this.#newest + 1 - u;
    this.#newest = u + this.#shift;
    this.#alive.add(this.#newest);
    return true;
  }

  /** Sound has come: what was there before is passed over, a hole is silence. */
  #hear(u: number, first: number, pcm: Uint8Array): void {
    const { audio } = this.opened as Opened & { readonly audio: AudioFormat };
    const samples = fromPcm(pcm, audio);
    const { rate } = audio;
    let line = this.#lines.get(u);
    if (!line) {
      line = new Line(u, new Reel(rate, first));
      if (first) this.player.cue(u, framesToUs(first, rate));
      line.tell("started");
      this.#lines.set(u, line);
      this.#line = line;
      line.reel.append(samples);
      this.#playback?.say(samples);
      return;
    }
    const { reel } = line;
    const hole = Math.min(first - reel.end, HOLE_S * rate);
    if (hole > 0) reel.append(new Float32Array(hole));
    if (hole > -samples.length) reel.append(samples.subarray(Math.max(0, -hole)));
  }
}

/** Mono samples, −1 … 1: the mean of the channels. */
export function fromPcm(pcm: Uint8Array, { format, channels = 1 }: AudioFormat): Float32Array {
  const view = new DataView(pcm.buffer, pcm.byteOffset, pcm.length);
  const [bytes, at] = READERS[format];
  const frames = Math.floor(pcm.length / bytes / channels);
  return Float32Array.from({ length: frames }, (_, frame) => {
    let sum = 0;
    for (let k = 0; k < channels; k++) sum += at(view, (frame * channels + k) * bytes);
    return sum / channels;
  });
}

type Reader = readonly [bytes: number, at: (view: DataView, at: number) => number];

const READERS: Readonly<Record<AudioFormat["format"], Reader>> = {
  s16le: [2, (view, at) => view.getInt16(at, true) / 32_768],
  f32le: [4, (view, at) => view.getFloat32(at, true)],
  ulaw: [1, (view, at) => fromUlaw(view.getUint8(at))],
  alaw: [1, (view, at) => fromAlaw(view.getUint8(at))],
};

/** ITU-T G.711, µ-law: 14 bits, of which the upper ones are kept. */
function fromUlaw(code: number): number {
  const bits = ~code & 0xff;
  const size = ((((bits & 15) << 3) + 132) << ((bits >> 4) & 7)) - 132;
  return (bits & 0x80 ? -size : size) / 32_768;
}

/** ITU-T G.711, A-law: 13 bits. */
function fromAlaw(code: number): number {
  const bits = code ^ 0x55;
  const exponent = (bits >> 4) & 7;
  const low = ((bits & 15) << 4) + 8;
  const size = exponent ? (low + 256) << (exponent - 1) : low;
  return (bits & 0x80 ? size : -size) / 32_768;
}

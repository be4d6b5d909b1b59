/** One line's sound on the sink: started, halted where it is, taken up elsewhere. */

import type { Line } from "./Line.js";
import type { Sink } from "./Sink.js";

/** How far ahead sound is put, µs: timers of hidden pages come once a second or less. */
const HORIZON_US = 10_000_000;
/** Longest piece put at once, s; pieces are whole parts of a second, so that frames meet. */
const PIECE_S = 1;
const PARTS_PER_S = 50;
/** Frames behind a piece that help to resample its end. */
const TAIL = 4;
const FADE_US = 10_000;

export class Deck {
  readonly #sink: Sink;
  /** Planar samples from frame 0 on, where they are not those of the line. */
  readonly #channels: readonly Float32Array[] | null;
  /** The sound from `fromUs` on sounds from `atUs` on until `untilUs`, times of the sink. */
  #run: { atUs: number; fromUs: number; untilUs: number } | null = null;
  /** Where it stands, before what runs is heard; null until something was. */
  #standUs: number | null = null;
  #put = 0;

  constructor(
    sink: Sink,
    readonly line: Line,
    channels: readonly Float32Array[] | null,
  ) {
    this.#sink = sink;
    this.#channels = channels;
  }

  /** Sound is being put. */
  get isRunning(): boolean {
    return this.#run?.untilUs === Infinity;
  }

  get startUs(): number {
    const { first, rate } = this.line.reel;
    return (first * 1e6) / rate;
  }

  /** The play head as heard now, µs; null until the first of the line is heard. */
  get headUs(): number | null {
    const atUs = this.#headUs;
    return atUs === null ? null : Math.floor(atUs);
  }

  /** Let the sound run from where it stands. */
  start(): void {
    if (this.isRunning) return;
    const { first, end, endUs, isEnded, rate } = this.line.reel;
    const headUs = this.#headUs;
    const standUs = headUs ?? this.startUs;
    this.#put = Math.min(Math.max(Math.round((standUs * rate) / 1e6), first), end);
    const fromUs = isEnded && standUs > endUs ? standUs : this.#putUs;
    this.#standUs = headUs;
    this.#run = { atUs: this.#sink.writeUs, fromUs, untilUs: Infinity };
    this.pump();
  }

  /** Halt it where it is; what was put is faded out. */
  halt(fadeUs = FADE_US): void {
    const run = this.#run;
    if (run?.untilUs === Infinity) run.untilUs = Math.max(run.atUs, this.#sink.cut(fadeUs));
  }

  /** Go elsewhere; it stands there until it is started. */
  seek(tUs: number): void {
    this.halt();
    this.#run = null;
    this.#standUs = Math.floor(Math.max(this.startUs, Math.min(tUs, this.line.reel.endUs)));
  }

  /** Put more, if there is more and room for it. */
  pump(): void {
    const { reel } = this.line;
    for (;;) {
      const run = this.#run;
      const frames = this.#next();
      if (!run || run.untilUs !== Infinity || frames === 0) return;
      const { writeUs } = this.#sink;
      let atUs = run.atUs + this.#putUs - run.fromUs;
      if (atUs > writeUs + HORIZON_US) return;
      if (atUs < writeUs) {
        // It came too late: on from where the sound ran out.
        if (atUs > run.atUs) this.#standUs = this.#putUs;
        this.#run = { atUs: writeUs, fromUs: this.#putUs, untilUs: Infinity };
        atUs = writeUs;
      }
      const end = Math.min(this.#put + frames + TAIL, reel.end);
      const channels = this.#channels
        ? this.#channels.map((one) => one.subarray(this.#put - reel.first, end - reel.first))
        : [reel.read(this.#put, end)];
      this.#sink.put(channels, reel.rate, atUs, frames);
      this.#put += frames;
    }
  }

  get #headUs(): number | null {
    const run = this.#run;
    const heardUs = this.#sink.heardUs;
    if (!run || heardUs < run.atUs) return this.#standUs;
    const { isEnded, endUs } = this.line.reel;
    const headUs = run.fromUs + Math.min(heardUs, run.untilUs) - run.atUs;
    return isEnded ? headUs : Math.min(headUs, endUs);
  }

  get #putUs(): number {
    return (this.#put * 1e6) / this.line.reel.rate;
  }

  /** Frames of the next piece; 0 when nothing whole is there. */
  #next(): number {
    const { end, isEnded, rate } = this.line.reel;
    const left = end - this.#put;
    if (isEnded && left <= rate * PIECE_S) return Math.max(0, left);
    const part = rate / PARTS_PER_S;
    const parts = Math.floor(Math.max(0, left - TAIL) / part);
    return Math.floor(Math.min(parts, PARTS_PER_S * PIECE_S) * part);
  }
}

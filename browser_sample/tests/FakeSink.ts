/** A sound device for tests: a clock that runs with `performance.now`, and a record of what sounds. */

import type { Sink } from "../src/Sink.js";

export class FakeSink implements Sink {
  volume = 1;
  onchange: (() => void) | null = null;
  isClosed = false;
  readonly #latencyUs: number;
  readonly #put: { samples: Float32Array; rate: number; atUs: number; untilUs: number }[] = [];
  #isRunning = true;
  /** The device's time when it last began or ceased to run, and the clock then. */
  #base = { timeUs: 0, clockMs: performance.now() };

  constructor({ latencyUs = 40_000, isRunning = true } = {}) {
    this.#latencyUs = latencyUs;
    this.#isRunning = isRunning;
  }

  get isRunning(): boolean {
    return this.#isRunning;
  }

  get timeUs(): number {
    const { timeUs, clockMs } = this.#base;
    return timeUs + (this.#isRunning ? (performance.now() - clockMs) * 1000 : 0);
  }

  get writeUs(): number {
    return this.timeUs + 20_000;
  }

  get heardUs(): number {
    return this.timeUs - this.#latencyUs;
  }

  /** Let it run or stand, as browsers do by themselves. */
  run(isRunning: boolean): void {
    this.#base = { timeUs: this.timeUs, clockMs: performance.now() };
    this.#isRunning = isRunning;
    this.onchange?.();
  }

  put(channels: readonly Float32Array[], rate: number, atUs: number, frames: number): void {
    if (atUs < this.timeUs) throw new Error(`put at ${atUs}, but it is ${this.timeUs} already`);
    const samples = (channels[0] as Float32Array).slice(0, frames);
    this.#put.push({ samples, rate, atUs, untilUs: Infinity });
  }

  cut(fadeUs: number): number {
    const endUs = this.timeUs + fadeUs;
    for (const piece of this.#put) piece.untilUs = Math.min(piece.untilUs, endUs);
    return endUs;
  }

  wake(): void {}

  close(): void {
    this.isClosed = true;
  }

  /** All that has sounded, in order and without the pauses between: what a listener remembers. */
  heard(): Float32Array {
    const all: number[] = [];
    for (const { samples, rate, atUs, untilUs } of this.#put) {
      const endUs = Math.min(untilUs, this.heardUs);
      const frames = Math.round(((endUs - atUs) / 1e6) * rate);
      if (frames > 0) for (const value of samples.subarray(0, frames)) all.push(value);
    }
    return Float32Array.from(all);
  }
}

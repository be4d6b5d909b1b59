/** What a line is played on: the sound device and its clock, as small as playing needs it. */

/** Times are microseconds on the sink's own line of time, which stands while nothing can sound. */
export interface Sink {
  /** False while the device stands: no permission to sound yet, or taken away. */
  readonly isRunning: boolean;
  /** The earliest time for which sound can still be put. */
  readonly writeUs: number;
  /** The time that is heard now; behind `writeUs` by what the device keeps. */
  readonly heardUs: number;
  /** 0 … 1. */
  volume: number;
  /**
   * Put sound.
   *
   * @param channels - planar samples; what lies behind `frames` only helps to resample the end.
   * @param rate - sample frames per second.
   * @param atUs - when the first one sounds.
   */
  put(channels: readonly Float32Array[], rate: number, atUs: number, frames: number): void;
  /** Fade out all that was put, from now on; when the last of it sounds. */
  cut(fadeUs: number): number;
  /** Ask the device to run; browsers refuse it before the first click. */
  wake(): void;
  /** Called when `isRunning` may have changed. */
  onchange: (() => void) | null;
  close(): void;
}

/** A reading of what the device sounds now, as `AudioContext.getOutputTimestamp` gives it. */
export interface Stamp {
  readonly contextUs: number;
  readonly clockUs: number;
}

/** Readings further apart than this are a jump of the device and not unevenness. */
const JUMP_US = 60_000;
/** Share of the distance to a reading that is made good at each one. */
const GAIN = 0.1;
/** Largest difference between a stamp and the told latency that is believed. */
const TRUST_US = 500_000;

/** Makes an even clock of a device that counts in blocks. */
export class SoundClock {
  #heardUs = 0;
  #clockUs: number | null = null;

  /**
   * The time that is heard now; never goes back.
   *
   * @param currentUs - the context's time: what is being computed.
   * @param latencyUs - how much later that is heard, as far as the browser tells.
   * @param stamp - a better reading, where there is one.
   * @param clockUs - the client's clock.
   */
  read(
    currentUs: number,
    latencyUs: number,
    stamp: Stamp | null,
    clockUs: number,
    isRunning: boolean,
  ): number {
    let rawUs = currentUs - latencyUs;
    if (stamp && stamp.contextUs > 0) {
      const stampedUs = stamp.contextUs + clockUs - stamp.clockUs;
      if (Math.abs(stampedUs - rawUs) < TRUST_US && stampedUs <= currentUs) rawUs = stampedUs;
    }
    const evenUs = this.#clockUs === null ? rawUs : this.#heardUs + clockUs - this.#clockUs;
    const errorUs = rawUs - evenUs;
    const isEven = isRunning && Math.abs(errorUs) < JUMP_US;
    this.#heardUs = Math.max(this.#heardUs, isEven ? evenUs + GAIN * errorUs : rawUs);
    this.#clockUs = isRunning ? clockUs : null;
    return this.#heardUs;
  }
}

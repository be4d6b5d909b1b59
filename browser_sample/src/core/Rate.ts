/** Rational time: which pose belongs to which microsecond, exactly. */

import type { Fps } from "./Messages.js";

const MICROSECONDS = 1_000_000;

/** floor(a · b / c) for integers ≥ 0, exact also where the product is not. */
export function mulDiv(a: number, b: number, c: number): number {
  const product = a * b;
  if (product <= Number.MAX_SAFE_INTEGER) return (product - (product % c)) / c;
  return Number((BigInt(a) * BigInt(b)) / BigInt(c));
}

/** Time of a sample frame, microseconds, floored. */
export function framesToUs(frames: number, rate: number): number {
  return mulDiv(frames, MICROSECONDS, rate);
}

/** Sample frames that fit into a time, floored. */
export function usToFrames(tUs: number, rate: number): number {
  return mulDiv(tUs, rate, MICROSECONDS);
}

/** Poses per second as a fraction. */
export class PoseRate {
  readonly num: number;
  readonly den: number;

  constructor(fps: Fps) {
    [this.num, this.den] = typeof fps === "number" ? [fps, 1] : fps;
  }

  /** Time of pose i after sample 0 of its utterance, microseconds, floored. */
  timeUs(i: number): number {
    return mulDiv(i, MICROSECONDS * this.den, this.num);
  }

  /** Largest i with `timeUs(i)` ≤ `tUs`, for `tUs` ≥ 0. */
  poseAt(tUs: number): number {
    const den = MICROSECONDS * this.den;
    const product = (tUs + 1) * this.num;
    if (product <= Number.MAX_SAFE_INTEGER) return mulDiv(product - 1, 1, den);
    return Number((BigInt(tUs + 1) * BigInt(this.num) - 1n) / BigInt(den));
  }
}

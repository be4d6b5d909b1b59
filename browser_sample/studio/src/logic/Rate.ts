/** Poses per second as on the wire: an integer, or [numerator, denominator]. */
export type WireRate = number | readonly [number, number];

const MICROSECONDS = 1_000_000;

/** Poses per second as one number. */
export function hz(rate: WireRate): number {
  return typeof rate === "number" ? rate : rate[0] / rate[1];
}

/** Time of pose `i` after sample 0 of its utterance, microseconds, floored. */
export function timeUs(rate: WireRate, i: number): number {
  const [num, den] = typeof rate === "number" ? [rate, 1] : rate;
  return Math.floor((i * MICROSECONDS * den) / num);
}

/** Index of the last pose at or before a time, microseconds; may be negative. */
export function indexAt(rate: WireRate, tUs: number): number {
  const guess = Math.floor((tUs * hz(rate)) / MICROSECONDS);
  return timeUs(rate, guess + 1) <= tUs ? guess + 1 : guess;
}

/** As people write it: "60", "29.97". */
export function rateText(rate: WireRate): string {
  return String(Math.round(hz(rate) * 100) / 100);
}

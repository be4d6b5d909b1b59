/** Random numbers and curves that are the same in every language: integers and polynomials. */

/**
 * Mix the bits of a 32-bit number: the finaliser of MurmurHash3 (Austin Appleby, public domain).
 */
function finalise(h: number): number {
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** A random number in 0 … 1 (without 1), the same for the same three integers. */
export function unit(seed: number, role: number, slot: number): number {
  return finalise(finalise(finalise(seed >>> 0) ^ role) ^ (slot >>> 0)) / 2 ** 32;
}

/** How far a role's slots are moved, 0 … slotUs − 1: no two characters keep step. */
export function phaseUs(seed: number, role: number, slotUs: number): number {
  return Math.floor(unit(seed, role, -1) * slotUs);
}

function held(x: number): number {
  return Math.min(Math.max(x, 0), 1);
}

/** From 0 to 1 without a corner at either end; x outside 0 … 1 is held. */
export function ease(x: number): number {
  const y = held(x);
  return y * y * (3 - 2 * y);
}

/** From 1 to 0, fast first and slow at the end, (1 − x)³ · (1 + 3x); x outside 0 … 1 is held. */
export function settle(x: number): number {
  const y = held(x);
  const rest = 1 - y;
  return rest * rest * rest * (1 + 3 * y);
}

/**
 * A smooth random walk about 0, within −1 … 1, with a new direction about once per slot: a uniform
 * cubic B-spline over one random value per slot.
 */
export function wander(seed: number, role: number, nowUs: number, slotUs: number): number {
  const tUs = nowUs + phaseUs(seed, role, slotUs);
  const slot = Math.floor(tUs / slotUs);
  const x = (tUs - slot * slotUs) / slotUs;
  const y = 1 - x;
  const value = (k: number): number => 2 * unit(seed, role, slot + k) - 1;
  return (
    (y * y * y * value(0) +
      (3 * x * x * x - 6 * x * x + 4) * value(1) +
      (3 * y * y * y - 6 * y * y + 4) * value(2) +
      x * x * x * value(3)) /
    6
  );
}

/**
 * A walk about 0, within −1 … 1, that stands and then leaps within `leapUs`, once per slot. Near
 * places are likelier than far ones. Two walks with the same `atRole` leap together.
 */
export function leap(
  seed: number,
  role: number,
  { atRole, nowUs, slotUs, leapUs }: { atRole: number; nowUs: number; slotUs: number; leapUs: number },
): number {
  const tUs = nowUs + phaseUs(seed, atRole, slotUs);
  const slot = Math.floor(tUs / slotUs);
  const beginUs = Math.floor(unit(seed, atRole, slot) * (slotUs - leapUs));
  const cube = (k: number): number => (2 * unit(seed, role, slot + k) - 1) ** 3;
  return cube(0) + (cube(1) - cube(0)) * ease((tUs - slot * slotUs - beginUs) / leapUs);
}

/**
 * Life without a server: blinks, gaze, breath and small head motion. The numbers and where they
 * come from stand in `a2f_ws/player/idle.py`; all languages agree on them.
 */

import type { Row } from "./Layout.js";
import type { Roles } from "./Messages.js";
import { ease, leap, phaseUs, settle, unit, wander } from "./Noise.js";

/** How much life. */
export type Level = "off" | "blink" | "alive";

/** 13 amounts 0 … 1 in the order of `ROLES`, then the head's rotation about x, y, z, radians. */
export type Offsets = Float32Array;

/** Roles of `opened.idle` in the order of the amounts; the last one has three. */
export const ROLES: readonly string[] = [
  ...["blink", "squint", "lookUp", "lookDown", "lookIn", "lookOut"].flatMap((role) => [
    `${role}Left`,
    `${role}Right`,
  ]),
  "breath",
  "head",
];

const HEAD = ROLES.length - 1;

/** The `role` in (seed, role, slot): each random number of an event has a stream of its own. */
const BLINK = { at: 1, kind: 2, length: 3, depth: 4, again: 5 };
const SQUINT = 8;
const LOOK = { at: 16, place: 17, slotUs: 1_900_000, leapUs: 40_000 };
const DRIFT = 19;
const FLICK = { at: 24, place: 25, slotUs: 600_000, leapUs: 20_000 };
const BREATH = { at: 32, depth: 33 };
const TURN = { slow: 40, fast: 44 };

/** The amount of every role, from nothing but a seed (0 … 2³² − 1), a time (µs ≥ 0) and a level. */
export function offsets(seed: number, nowUs: number, level: Level): Offsets {
  const amounts = new Float32Array(HEAD + 3);
  if (level === "off") return amounts;
  const shut = blink(seed, nowUs);
  let squint = 0.1 * shut;
  if (level === "alive") {
    squint += 0.03 * (1 + wander(seed, SQUINT, nowUs, 6_000_000));
    look(amounts, seed, nowUs);
    amounts[12] = breath(seed, nowUs);
    for (let axis = 0; axis < 3; axis++) {
      amounts[HEAD + axis] =
        0.03 * wander(seed, TURN.slow + axis, nowUs, 2_700_000) +
        0.006 * wander(seed, TURN.fast + axis, nowUs, 900_000);
    }
  }
  amounts.fill(shut, 0, 2).fill(squint, 2, 4);
  return amounts;
}

/**
 * A row with idle life added, as a new array. A curve becomes row + gain · amount, held between 0
 * and gain; a row that is outside already stays where it is. A blink is scaled by what the row's
 * own blink and squint of that eye leave open. The head's rotation vector times its gain becomes
 * a small quaternion, multiplied in from the left. Roles that are absent are not moved.
 */
export function apply(row: Row, amounts: Offsets, roles: Roles): Row {
  const out = row.slice();
  ROLES.slice(0, HEAD).forEach((role, k) => {
    const entry = roles[role];
    if (entry === undefined) return;
    const [index, gain] = entry;
    const share = role.startsWith("blink") ? openShare(row, roles, role.slice(5)) : 1;
    const before = out[index] as number;
    const after = before + gain * share * (amounts[k] as number);
    out[index] = Math.min(Math.max(after, Math.min(0, gain, before)), Math.max(0, gain, before));
  });
  if (roles["head"]) turn(out, amounts.subarray(HEAD), roles["head"]);
  return out;
}

function openShare(row: Row, roles: Roles, side: string): number {
  let share = 1;
  for (const role of [`blink${side}`, `squint${side}`]) {
    const [index, gain] = roles[role] ?? [0, 0];
    if (gain !== 0) share -= (row[index] as number) / gain;
  }
  return Math.min(Math.max(share, 0), 1);
}

function turn(out: Row, by: Float32Array, [index, gain]: readonly [number, number]): void {
  const half = Array.from(by, (angle) => 0.5 * gain * angle);
  const size = Math.hypot(1, ...half);
  const [x, y, z] = half.map((value) => value / size) as [number, number, number];
  const w = 1 / size;
  const [a, b, c, d] = out.subarray(index, index + 4) as unknown as [number, number, number, number];
  out.set(
    [
      w * a + x * d + y * c - z * b,
      w * b - x * c + y * d + z * a,
      w * c + x * b - y * a + z * d,
      w * d - x * a - y * b - z * c,
    ],
    index,
  );
}

/** Gaze: + to the character's left and up; a look weight of 1 is 30°. */
function look(amounts: Offsets, seed: number, nowUs: number): void {
  const left = angleDeg(seed, 0, nowUs, 6) / 30;
  const up = angleDeg(seed, 1, nowUs, 3) / 30;
  amounts.fill(Math.max(up, 0), 4, 6).fill(Math.max(-up, 0), 6, 8);
  amounts[8] = amounts[11] = Math.max(-left, 0);
  amounts[9] = amounts[10] = Math.max(left, 0);
}

function angleDeg(seed: number, axis: number, nowUs: number, reachDeg: number): number {
  const walk = ({ at, place, ...o }: typeof LOOK): number =>
    leap(seed, place + axis, { atRole: at, nowUs, ...o });
  return reachDeg * walk(LOOK) + 0.4 * walk(FLICK) + wander(seed, DRIFT + axis, nowUs, 3_000_000);
}

/** Where an event of a slot of `slotUs` is: [slot, time since its begin]. */
function within(seed: number, role: number, nowUs: number, slotUs: number, slackUs: number) {
  const tUs = nowUs + phaseUs(seed, role, slotUs);
  const slot = Math.floor(tUs / slotUs);
  return [slot, tUs - slot * slotUs - Math.floor(unit(seed, role, slot) * slackUs)] as const;
}

/** One blink in a slot of 4 s, at times none or two. */
function blink(seed: number, nowUs: number): number {
  const [slot, atUs] = within(seed, BLINK.at, nowUs, 4_000_000, 3_200_000);
  const kind = unit(seed, BLINK.kind, slot);
  if (kind < 0.1) return 0;
  const length = 0.85 + 0.3 * unit(seed, BLINK.length, slot);
  const depth = 0.94 + 0.06 * unit(seed, BLINK.depth, slot);
  let shut = lid(atUs / length);
  if (kind >= 0.9) {
    const againUs = 300_000 + Math.floor(unit(seed, BLINK.again, slot) * 150_000);
    shut = Math.max(shut, lid((atUs - againUs) / length));
  }
  return depth * shut;
}

/** How far a lid is closed `tUs` after it began to: 75 ms down, 20 ms shut, 150 ms up. */
function lid(tUs: number): number {
  return tUs < 75_000 ? ease(tUs / 75_000) : settle((tUs - 95_000) / 150_000);
}

function breath(seed: number, nowUs: number): number {
  const [slot, atUs] = within(seed, BREATH.at, nowUs, 4_200_000, 400_000);
  const depth = 0.7 + 0.3 * unit(seed, BREATH.depth, slot);
  const inhaleUs = 1_500_000;
  return depth * (atUs < inhaleUs ? ease(atUs / inhaleUs) : settle((atUs - inhaleUs) / 2_100_000));
}

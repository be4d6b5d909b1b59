import type { Peaks } from "../logic/Peaks.js";
import type { Take } from "../logic/Take.js";
import type { Timespan } from "../logic/Timespan.js";

/** What a timeline shows. Lengths in CSS pixels. */
export interface Scene {
  readonly span: Timespan;
  readonly peaks: Peaks | null;
  readonly take: Take | null;
  /** Curves of the lanes, top to bottom. */
  readonly curves: readonly string[];
  /** Poses are there up to this time, microseconds. */
  readonly arrivedUs: number;
}

/** Where the parts of a timeline lie, CSS pixels. */
export interface Frame {
  readonly width: number;
  readonly height: number;
  /** Width of the names at the left; 0 on narrow pages, where names lie on the lanes. */
  readonly gutter: number;
  readonly waveTop: number;
  readonly waveHeight: number;
  readonly lanesTop: number;
  readonly laneHeight: number;
}

export const FONT = "11px system-ui, sans-serif";
/** Height of the ruler, CSS pixels. */
export const RULER = 18;
const TOPS = [0.25, 0.5, 1, 2, 5, 10, 25, 50, 100, 250, 1000];

/** Divide a timeline's box. */
export function frameOf(width: number, height: number, lanes: number): Frame {
  const gutter = width > 640 ? 150 : 0;
  const waveHeight = Math.max(Math.round((height - RULER) * (lanes > 4 ? 0.26 : 0.32)), 20);
  const lanesTop = RULER + waveHeight + 3;
  return {
    width,
    height,
    gutter,
    waveTop: RULER,
    waveHeight,
    lanesTop,
    laneHeight: lanes === 0 ? 0 : (height - lanesTop) / lanes,
  };
}

/** Lowest and highest value that a lane shows: round, so that it seldom changes. */
export function laneRange(take: Take | null, curve: number): [number, number] {
  const [low, high] = curve < 0 || take === null ? [0, 0] : take.extremes(curve);
  const round = (value: number): number => TOPS.find((top) => top >= value) ?? value;
  return [low < -0.005 ? -round(-low) : 0, round(high)];
}

/** From a value to a height in a lane. */
export function laneY(
  frame: Frame,
  lane: number,
  [low, high]: readonly [number, number],
): (value: number) => number {
  const bottom = frame.lanesTop + (lane + 1) * frame.laneHeight - 2.5;
  const scale = (frame.laneHeight - 5) / (high - low);
  return (value) => bottom - (Math.min(Math.max(value, low), high) - low) * scale;
}

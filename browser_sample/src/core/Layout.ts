/** The shape of a row, and how two rows are mixed. */

import type { Roles } from "./Messages.js";
import type { PoseRate } from "./Rate.js";

/** Curves, then seven floats per transform: quaternion x y z w, position x y z. */
export type Row = Float32Array;

const TRANSFORM = 7;

/** What one `opened` says about the rows that follow it. */
export class Layout {
  /** Floats of a row: curves + 7 · transforms. */
  readonly row: number;

  constructor(
    /** `opened.layout`; 0 is the empty layout before the first `opened`. */
    readonly id: number,
    readonly curves: number,
    readonly transforms: number,
    readonly rate: PoseRate,
    readonly idle: Roles,
  ) {
    this.row = curves + TRANSFORM * transforms;
  }

  /** Curves 0, transforms without rotation and displacement. */
  neutral(): Row {
    const row = new Float32Array(this.row);
    for (let at = this.curves + 3; at < this.row; at += TRANSFORM) row[at] = 1;
    return row;
  }

  /**
   * The row that lies between a (share 0) and b (share 1). Curves and positions are linear;
   * quaternions are linear on the shorter arc, then normalised, on a's side.
   */
  mix(a: Row, b: Row, share: number): Row {
    const row = a.map((value, k) => value + ((b[k] as number) - value) * share);
    for (let at = this.curves; at < this.row; at += TRANSFORM) {
      const p = a.subarray(at, at + 4);
      const q = b.subarray(at, at + 4);
      const side = p.reduce((sum, value, k) => sum + value * (q[k] as number), 0) < 0 ? -1 : 1;
      const turn = p.map((value, k) => value + (side * (q[k] as number) - value) * share);
      const length = Math.hypot(...turn) || 1;
      row.set(
        turn.map((value) => value / length),
        at,
      );
    }
    return row;
  }
}

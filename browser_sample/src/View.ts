/** What a session tells, and what its rows consist of. */

import { refuse } from "./core/Fields.js";
import type { Row } from "./core/Layout.js";
import type { Credit, Geometry, Opened, Played, Rest, Status, Utterance } from "./core/Messages.js";
import { PosePlayer } from "./core/PosePlayer.js";
import type { ServerError } from "./Fault.js";

/** Consecutive poses of an utterance. */
export interface PoseBlock {
  readonly u: number;
  /** Index of the first row. */
  readonly i: number;
  /** Time of the first row after sample 0, µs. */
  readonly tUs: number;
  readonly n: number;
  /** n rows, one behind the other. */
  readonly rows: Float32Array;
  readonly layout: number;
}

/** How busy the server is, from its `load`. */
export interface Load {
  /** 0 … 1. */
  readonly busy: number;
  /** Poses of the last second that came after the play head, and that were dropped for it. */
  readonly late: number;
  readonly dropped: number;
}

export interface SessionEvents {
  opened: Opened;
  rest: Row;
  poses: PoseBlock;
  utterance: Utterance;
  /** With `OpenOptions.geometryHz`: the mesh of a pose; live, maybe after its `poses`. */
  geometry: Geometry;
  /** Where the sound is at the watcher that owns the clock. */
  played: Played;
  credit: Credit;
  status: Status;
  error: ServerError;
  closed: { readonly code: number; readonly reason: string };
}

/** The rows of a session as the server tells them, and the player that shows them. */
export class View {
  readonly player = new PosePlayer();
  opened: Opened | null = null;
  restRow: Row = new Float32Array(0);
  load: Load | null = null;
  /** The number by which the player knows the layout opened last. */
  #layout = 0;
  #meaning = "";

  take(opened: Opened, aheadUs: number | undefined): void {
    this.#settle(opened);
    // Rows that mean the same keep their number in the player: what it has stays usable.
    const { model, rig, fps, curves, transforms, idle } = opened;
    const meaning = JSON.stringify([model, rig, fps, curves, transforms, idle]);
    if (meaning === this.#meaning) return;
    this.#meaning = meaning;
    this.player.opened({ ...opened, layout: ++this.#layout }, aheadUs ? { aheadUs } : {});
  }

  /** Take over the figures of a `status`. */
  figures({ code, counters }: Status): void {
    const { busy = 0, late = 0, dropped = 0, look_ahead_us: lookAheadUs } = counters;
    if (code === "load") this.load = { busy, late, dropped };
    if (code === "rate" && lookAheadUs && this.opened) this.#settle({ ...this.opened, lookAheadUs });
  }

  /** Take a rest row; false when it was made for other rows. */
  rest({ layout, data }: Rest): boolean {
    const rows = this.rows(layout, data, 1);
    if (rows) this.player.rest(this.#layout, (this.restRow = rows));
    return rows !== null;
  }

  #settle(opened: Opened): void {
    this.opened = opened;
    this.player.lookAheadUs = opened.lookAheadUs;
  }

  poses({ u, i, rows }: PoseBlock): void {
    this.player.poses(u, this.#layout, i, rows);
  }

  /** The floats of a message, as a new array; null when they were made for other rows. */
  rows(layout: number, data: Uint8Array, count: number): Float32Array | null {
    if (layout !== this.opened?.layout) return null;
    const { row } = this.opened;
    if (data.length !== 4 * row * count) refuse("data", data, `${count} rows of ${row} floats`);
    return new Float32Array(data.slice().buffer);
  }
}

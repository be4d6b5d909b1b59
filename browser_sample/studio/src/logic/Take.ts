import { indexAt, timeUs, type WireRate } from "./Rate.js";
import type { Timespan } from "./Timespan.js";

/** What a take is made in. */
export interface TakeForm {
  readonly model: string;
  readonly rig: string;
  readonly fps: WireRate;
  readonly curves: readonly string[];
  readonly transforms: readonly string[];
}

/** A pose of a take: its time, microseconds from the utterance's sample 0, and its row. */
export interface Pose {
  readonly tUs: number;
  readonly row: Float32Array;
}

/** Everything received of one utterance: curves, then 7 floats per transform, by pose index. */
export class Take {
  readonly form: TakeForm;
  readonly u: number;
  /** Rises with every row, so that a picture of the take knows when it is old. */
  version = 0;
  #base = 0;
  #rows: (Float32Array | undefined)[] = [];
  readonly #rowsMax: number;
  readonly #first: number | null;
  readonly #extremes: Float32Array;

  /**
   * @param options `rowsMax`: the oldest rows go when there are more; an open microphone has no end.
   *   `first`: index of the pose with which the utterance begins; not known unless set.
   */
  constructor(u: number, form: TakeForm, options: { rowsMax?: number; first?: number } = {}) {
    this.u = u;
    this.form = form;
    this.#rowsMax = options.rowsMax ?? Infinity;
    this.#first = options.first ?? null;
    this.#extremes = new Float32Array(2 * this.width);
  }

  /** Floats in a row. */
  get width(): number {
    return this.form.curves.length + 7 * this.form.transforms.length;
  }

  /** Poses kept. */
  get count(): number {
    return this.#rows.reduce((sum, row) => sum + (row === undefined ? 0 : 1), 0);
  }

  /** Time of the first pose that may be kept, microseconds. */
  get firstUs(): number {
    return timeUs(this.form.fps, this.#base);
  }

  /** Time of the last pose kept, microseconds; null without any. */
  get lastUs(): number | null {
    return this.#rows.length === 0
      ? null
      : timeUs(this.form.fps, this.#base + this.#rows.length - 1);
  }

  /**
   * How many poses there should be and how many of them never came, between the first and the last.
   *
   * @param endUs Time before which poses must be there, microseconds; null = up to the newest.
   */
  gaps(endUs: number | null): { missing: number; total: number } {
    const { count } = this;
    if (count === 0) return { missing: 0, total: 0 };
    const first = Math.min(this.#first ?? this.#base, this.#base);
    const wanted = endUs === null ? 0 : indexAt(this.form.fps, endUs - 1) + 1;
    const total = Math.max(this.#base + this.#rows.length, wanted) - first;
    return { missing: total - count, total };
  }

  /** The stretches of time in which poses lie without a gap, oldest first, microseconds. */
  runs(): Timespan[] {
    const found: Timespan[] = [];
    const at = (k: number): number => timeUs(this.form.fps, this.#base + k);
    for (let k = 0; k < this.#rows.length; k += 1) {
      if (this.#rows[k] === undefined) continue;
      const last = found.at(-1);
      const isNext = last?.toUs === at(k);
      if (isNext) found.pop();
      found.push({ fromUs: isNext ? last.fromUs : at(k), toUs: at(k + 1) });
    }
    return found;
  }

  /**
   * Keep rows.
   *
   * @param i Index of the first of them in the utterance.
   * @param rows Whole rows, one behind the other; copied.
   */
  add(i: number, rows: Float32Array): void {
    if (this.#rows.length === 0) this.#base = i;
    const width = this.width;
    for (let k = 0; (k + 1) * width <= rows.length; k += 1) {
      const at = i + k - this.#base;
      if (at < 0) continue;
      const row = rows.slice(k * width, (k + 1) * width);
      this.#rows[at] = row;
      this.#stretch(row);
    }
    const excess = this.#rows.length - this.#rowsMax;
    if (excess > this.#rowsMax / 4) {
      this.#rows = this.#rows.slice(excess);
      this.#base += excess;
    }
    this.version += 1;
  }

  /** Lowest and highest value that a curve ever had, 0 among them. */
  extremes(curve: number): [number, number] {
    return [this.#extremes[2 * curve] ?? 0, this.#extremes[2 * curve + 1] ?? 0];
  }

  /** The pose at or before a time, microseconds; the first one before it; null where there is none. */
  at(tUs: number): Pose | null {
    const i = Math.max(indexAt(this.form.fps, tUs), this.#base);
    const row = this.#rows[i - this.#base];
    return row === undefined ? null : { tUs: timeUs(this.form.fps, i), row };
  }

  /** All poses kept, oldest first. */
  poses(): Pose[] {
    const poses: Pose[] = [];
    for (let k = 0; k < this.#rows.length; k += 1) {
      const row = this.#rows[k];
      if (row !== undefined) poses.push({ tUs: timeUs(this.form.fps, this.#base + k), row });
    }
    return poses;
  }

  /**
   * A curve between two times, as the lowest and highest value in each of `columns` equal parts.
   * A part between two poses has what a straight line between them has; NaN where nothing is.
   *
   * @param curve Index into the row.
   * @returns float32 (columns · 2): low, high, low, high …
   */
  columns(curve: number, span: { fromUs: number; toUs: number; columns: number }): Float32Array {
    const found = new Float32Array(span.columns * 2).fill(NaN);
    const stepUs = (span.toUs - span.fromUs) / span.columns;
    for (let column = 0; column < span.columns; column += 1) {
      const fromUs = span.fromUs + column * stepUs;
      const first = indexAt(this.form.fps, fromUs);
      const last = Math.max(indexAt(this.form.fps, fromUs + stepUs), first);
      for (let i = first + 1; i <= last; i += 1) this.#widen(found, column, this.#value(i, curve));
      this.#widen(found, column, this.#between(first, fromUs, curve));
    }
    return found;
  }

  #stretch(row: Float32Array): void {
    row.forEach((value, curve) => {
      if (value < (this.#extremes[2 * curve] ?? 0)) this.#extremes[2 * curve] = value;
      if (value > (this.#extremes[2 * curve + 1] ?? 0)) this.#extremes[2 * curve + 1] = value;
    });
  }

  #widen(found: Float32Array, column: number, value: number): void {
    if (Number.isNaN(value)) return;
    const low = found[column * 2] ?? NaN;
    const high = found[column * 2 + 1] ?? NaN;
    found[column * 2] = Number.isNaN(low) ? value : Math.min(low, value);
    found[column * 2 + 1] = Number.isNaN(high) ? value : Math.max(high, value);
  }

  #between(i: number, tUs: number, curve: number): number {
    const before = this.#value(i, curve);
    const after = this.#value(i + 1, curve);
    const fromUs = timeUs(this.form.fps, i);
    const part = (tUs - fromUs) / (timeUs(this.form.fps, i + 1) - fromUs);
    return before + (after - before) * part;
  }

  #value(i: number, curve: number): number {
    return this.#rows[i - this.#base]?.[curve] ?? NaN;
  }
}

/** Poses without a hole between them. */

import type { Layout, Row } from "./Layout.js";

/** Rows that a run has room for at first; the room doubles when it is full. */
const SMALLEST = 16;

/** Poses first … end − 1 of one layout, in a ring. */
export class Run {
  /** Index after the newest pose. */
  end: number;
  #ring: (Row | undefined)[] = new Array<Row | undefined>(SMALLEST);

  constructor(
    readonly layout: Layout,
    /** Index of the oldest pose kept. */
    public first: number,
  ) {
    this.end = first;
  }

  get firstUs(): number {
    return this.layout.rate.timeUs(this.first);
  }

  get lastUs(): number {
    return this.layout.rate.timeUs(this.end - 1);
  }

  /** The row of pose i, first ≤ i < end; to be read only. */
  row(i: number): Row {
    return this.#ring[i % this.#ring.length] as Row;
  }

  /** Take pose i, first ≤ i ≤ end; one that is already here is replaced. */
  write(i: number, row: Row): void {
    const end = Math.max(this.end, i + 1);
    if (end - this.first > this.#ring.length) this.#grow();
    this.#ring[i % this.#ring.length] = row;
    this.end = end;
  }

  #grow(): void {
    const ring = new Array<Row | undefined>(2 * this.#ring.length);
    for (let i = this.first; i < this.end; i++) ring[i % ring.length] = this.row(i);
    this.#ring = ring;
  }
}

/** The row shown, and how it gets from one aim to another. */

import type { Layout, Row } from "./Layout.js";

/** Numbers of protocol §19 (PosePlayer), µs. */
const START_BLEND_US = 80_000;
export const REST_BLEND_US = 100_000;

/**
 * The row shown last, the rest row, and the blend that runs.
 *
 * A blend is linear in the client's clock, begins at the row shown last and replaces a running
 * one. Its aim may move. At the moment it begins the row shown stands, so asking twice for one
 * moment gives one row.
 */
export class Blend {
  #restLayout: Layout;
  #rest: Row;
  #hasNewRest = false;
  #isSpeaking = false;
  #hasShown = false;
  #shown: Row;
  #from: Row;
  #startUs = 0;
  #lengthUs = 0;

  constructor(
    /** Layout of the row shown last. */
    public layout: Layout,
  ) {
    this.#restLayout = layout;
    this.#rest = this.#shown = this.#from = layout.neutral();
  }

  /** Take a rest row; until something was shown it is what the first blend begins at. */
  takeRest(row: Row, layout: Layout): void {
    const isSame =
      this.#restLayout.id === layout.id && this.#rest.every((value, k) => value === row[k]);
    this.#hasNewRest ||= !isSame;
    this.#restLayout = layout;
    this.#rest = row.slice();
    if (!this.#hasShown) {
      this.layout = layout;
      this.#shown = this.#rest;
      this.#hasNewRest = false;
    }
  }

  /**
   * The row to show on the way to rest, or at it; `lengthUs` is the length of the blend if an
   * utterance was shown until now. A blend to rest that runs already gives way only if it would
   * take longer than this.
   */
  toRest(lengthUs: number, nowUs: number): Row {
    if (this.#isSpeaking || this.#leftUs(nowUs) > lengthUs) this.#begin(lengthUs, nowUs);
    else if (this.#hasNewRest) this.#begin(REST_BLEND_US, nowUs);
    this.#isSpeaking = false;
    this.#hasNewRest = false;
    return this.#show(this.#rest, this.#restLayout, nowUs);
  }

  /** The row to show while an utterance shows; `isApart` = it does not follow from the last one. */
  toPose(row: Row, layout: Layout, isApart: boolean, nowUs: number): Row {
    if (isApart || !this.#isSpeaking) this.#begin(START_BLEND_US, nowUs);
    this.#isSpeaking = true;
    return this.#show(row, layout, nowUs);
  }

  #leftUs(nowUs: number): number {
    return Math.max(0, this.#startUs + this.#lengthUs - nowUs);
  }

  #begin(lengthUs: number, nowUs: number): void {
    this.#from = this.#shown;
    this.#startUs = nowUs;
    this.#lengthUs = lengthUs;
  }

  #show(aim: Row, layout: Layout, nowUs: number): Row {
    if (layout.id !== this.layout.id || this.#leftUs(nowUs) === 0) this.#lengthUs = 0;
    if (this.#lengthUs === 0) this.#shown = aim.slice();
    else if (nowUs === this.#startUs) this.#shown = this.#from;
    else this.#shown = layout.mix(this.#from, aim, (nowUs - this.#startUs) / this.#lengthUs);
    this.layout = layout;
    this.#hasShown = true;
    return this.#shown.slice();
  }
}

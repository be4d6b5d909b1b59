/** The poses of one utterance, found by time. */

import type { Layout, Row } from "./Layout.js";
import { Run } from "./Run.js";

/** Poses later than this are given up, holes wider than this are not bridged (protocol §19). */
export const LATE_US = 100_000;

/** What an utterance shows at one moment. */
export interface Found {
  /** To be read only. */
  readonly row: Row;
  readonly layout: Layout;
  /** Time of the row, µs: the time asked for, or that of the row that stands instead. */
  readonly atUs: number;
  /** Play time since a pose that is not here was due; null when nothing is missing. */
  readonly lateUs: number | null;
}

/** One utterance as far as it is known here. */
export class Track {
  /** `tUs` of `started`: where its sound begins. */
  firstUs = 0;
  /** Where the client will start its sound instead, or null. */
  cueUs: number | null = null;
  /** `tUs` of `audio_done`. */
  soundEndUs = -Infinity;
  /** No more poses will come. */
  isDone = false;
  /** Done without a pose. */
  isEmpty = false;
  /** For a microphone, when sample 0 was captured on the client's clock. */
  capturedUs: number | null = null;
  #doneUs = -Infinity;
  #runs: Run[] = [];
  #hasForgotten = false;

  constructor(
    /** Interrupted: its rows are gone and none is taken. */
    public isDead: boolean,
  ) {}

  /** Where the sound starts: the client's own cue, else the first sample. */
  get startUs(): number {
    return this.cueUs ?? this.firstUs;
  }

  /** Time of the newest pose, −∞ without one. */
  get reachUs(): number {
    return this.#runs.at(-1)?.lastUs ?? -Infinity;
  }

  /** Time of the last pose of an utterance that is done. */
  get endUs(): number {
    return Math.max(this.#doneUs, this.reachUs);
  }

  /** Number of rows kept. */
  get rows(): number {
    return this.#runs.reduce((sum, run) => sum + run.end - run.first, 0);
  }

  /** Take an `utterance` of it; states that are not known are ignored. */
  tell(state: string, poses: number, tUs: number): void {
    if (state === "started") this.firstUs = tUs;
    else if (state === "audio_done") this.soundEndUs = tUs;
    else if (state === "poses_done") {
      this.isDone = true;
      this.isEmpty = poses === 0;
      this.#doneUs = poses ? tUs : this.firstUs;
    } else if (state === "interrupted") this.kill();
  }

  /** Interrupted, without anything to play, or played to the end of both poses and sound. */
  isOver(headUs: number | null, playUs: number | null): boolean {
    if (this.isDead) return true;
    if (!this.isDone) return false;
    if (headUs === null || playUs === null) return this.isEmpty && this.soundEndUs <= this.firstUs;
    return headUs >= this.endUs && playUs >= this.soundEndUs;
  }

  /** Interrupted: forget every row, take no more. */
  kill(): void {
    this.isDead = true;
    this.#runs = [];
  }

  /**
   * Take poses i, i + 1, …, whatever has come before; rows that were here are replaced, rows of
   * an older layout end where rows of a newer one begin.
   */
  add(layout: Layout, i: number, rows: readonly Row[]): void {
    if (this.isDead) return;
    const tUs = layout.rate.timeUs(i);
    this.#endOthers(layout, tUs);
    let k = this.#runAt(tUs);
    let run = this.#runs[k];
    if (run === undefined || run.layout.id !== layout.id || i > run.end) {
      run = new Run(layout, i);
      this.#runs.splice(++k, 0, run);
    }
    rows.forEach((row, j) => run.write(i + j, row));
    for (let next = this.#runs[k + 1]; next && next.first <= run.end; next = this.#runs[k + 1]) {
      this.#runs.splice(k + 1, 1);
      for (let j = run.end; j < next.end; j++) run.write(j, next.row(j));
    }
  }

  /**
   * The row at a time: between two poses linear, before the first pose the first. A hole of up to
   * 100 ms is crossed linearly; in a wider one, after the newest pose, and where rows were
   * forgotten, the nearest row stands. Null while there is no pose at all.
   */
  at(tUs: number): Found | null {
    const oldest = this.#runs[0];
    if (oldest === undefined) return null;
    const k = this.#runAt(tUs);
    const run = this.#runs[k];
    if (run === undefined) {
      const isGone = this.#hasForgotten && oldest.firstUs - tUs > LATE_US;
      return standing(oldest, oldest.first, isGone ? 0 : null);
    }
    const i = Math.min(run.layout.rate.poseAt(tUs), run.end - 1);
    if (i < run.end - 1) return between(run, i, run, i + 1, tUs);
    const after = this.#runs[k + 1];
    if (after !== undefined && after.firstUs - run.lastUs <= LATE_US) {
      return after.layout.id === run.layout.id
        ? between(run, i, after, after.first, tUs)
        : standing(run, i, null);
    }
    const dueUs = run.layout.rate.timeUs(run.end);
    return standing(run, i, tUs >= dueUs ? tUs - dueUs : null);
  }

  /** Drop the poses before a time, but for the one that is needed to show that time. */
  forget(beforeUs: number): void {
    while ((this.#runs[1]?.firstUs ?? Infinity) <= beforeUs) {
      this.#runs.shift();
      this.#hasForgotten = true;
    }
    const run = this.#runs[0];
    if (run === undefined || run.firstUs >= beforeUs) return;
    const i = Math.min(run.layout.rate.poseAt(beforeUs), run.end - 1);
    this.#hasForgotten ||= i > run.first;
    run.first = i;
  }

  /** Index of the last run that begins at or before a time, −1 without one. */
  #runAt(tUs: number): number {
    return this.#runs.findLastIndex((run) => run.firstUs <= tUs);
  }

  #endOthers(layout: Layout, tUs: number): void {
    this.#runs = this.#runs.filter((run) => {
      if (run.layout.id !== layout.id && run.lastUs >= tUs) {
        run.end = run.firstUs >= tUs ? run.first : run.layout.rate.poseAt(tUs - 1) + 1;
      }
      return run.end > run.first;
    });
  }
}

function standing(run: Run, i: number, lateUs: number | null): Found {
  return { row: run.row(i), layout: run.layout, atUs: run.layout.rate.timeUs(i), lateUs };
}

function between(run: Run, i: number, upper: Run, j: number, tUs: number): Found {
  const { layout } = run;
  const fromUs = layout.rate.timeUs(i);
  const share = (tUs - fromUs) / (layout.rate.timeUs(j) - fromUs);
  const row = share === 0 ? run.row(i) : layout.mix(run.row(i), upper.row(j), share);
  return { row, layout, atUs: tUs, lateUs: null };
}

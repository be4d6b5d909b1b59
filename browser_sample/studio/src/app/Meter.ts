import { Flow, quantile, Recent } from "../logic/Statistics.js";
import type { Health } from "./State.js";

const NOW_MS = 5_000;
/** The server counts once a second; two counts may have a part of what a jump left behind. */
const EXCUSED_MS = 2_500;

/** What the meter reads off the running parts, whenever it is asked. */
export interface Readings {
  readonly lookAheadUs: number | null;
  /** Of the line that runs or ran last, microseconds. */
  readonly addedLatencyUs: readonly number[];
  readonly roundTripUs: number | null;
  readonly busy: number | null;
  readonly stalls: number;
  /** Since the page was loaded. */
  readonly bytesIn: number;
  readonly bytesOut: number;
  readonly audio: Health["audio"];
}

/** Counts what happens and says how things are. Times in milliseconds of performance.now(). */
export class Meter {
  /** |time of the pose shown − play head|, microseconds, one per frame while sound runs. */
  readonly skew = new Recent(900);
  readonly #poses = new Flow(2_000);
  readonly #late = new Flow(NOW_MS);
  readonly #dropped = new Flow(NOW_MS);
  readonly #stalls = new Flow(NOW_MS);
  readonly #in = new Flow(2_000);
  readonly #out = new Flow(2_000);
  readonly #frames = new Flow(1_000);
  #totals = { late: 0, dropped: 0, stalls: 0, poses: 0, bytesIn: 0, bytesOut: 0 };
  #stallsSeen = 0;
  #excusedToMs = -Infinity;

  /** A session begins: what was counted for the one before is over. */
  reset(): void {
    this.#totals = { ...this.#totals, late: 0, dropped: 0, stalls: 0, poses: 0 };
    this.#stallsSeen = 0;
    for (const flow of [this.#poses, this.#late, this.#dropped, this.#stalls]) flow.clear();
    this.skew.clear();
  }

  poses(count: number, nowMs: number): void {
    this.#poses.add(count, nowMs);
    this.#totals.poses += count;
  }

  /** What a `load` of the server counted. */
  load(counted: { late: number; dropped: number }, nowMs: number): void {
    this.#late.add(counted.late, nowMs);
    if (nowMs > this.#excusedToMs) this.#dropped.add(counted.dropped, nowMs);
    this.#totals.late += counted.late;
    this.#totals.dropped += counted.dropped;
  }

  /** The play head was moved by hand: what it leaves behind is dropped, and nobody is too slow. */
  jumped(nowMs: number): void {
    this.#excusedToMs = nowMs + EXCUSED_MS;
  }

  frame(nowMs: number): void {
    this.#frames.add(1, nowMs);
  }

  /** The figures of now. Call it a few times a second. */
  read(readings: Readings, nowMs: number): Health {
    this.#count(readings, nowMs);
    return {
      lookAheadUs: readings.lookAheadUs,
      latencyP50Us: quantile(readings.addedLatencyUs, 0.5),
      latencyP95Us: quantile(readings.addedLatencyUs, 0.95),
      roundTripUs: readings.roundTripUs,
      posesPerSecond: this.#poses.perSecond(nowMs),
      skewP95Us: quantile(this.skew.values, 0.95),
      late: this.#totals.late,
      dropped: this.#totals.dropped,
      stalls: this.#totals.stalls,
      lateNow: this.#late.sum(nowMs),
      droppedNow: this.#dropped.sum(nowMs),
      stallsNow: this.#stalls.sum(nowMs),
      poses: this.#totals.poses,
      busy: readings.busy,
      bytesInPerSecond: this.#in.perSecond(nowMs),
      bytesOutPerSecond: this.#out.perSecond(nowMs),
      audio: readings.audio,
      framesPerSecond: this.#frames.perSecond(nowMs),
    };
  }

  #count({ bytesIn, bytesOut, stalls }: Readings, nowMs: number): void {
    this.#in.add(bytesIn - this.#totals.bytesIn, nowMs);
    this.#out.add(bytesOut - this.#totals.bytesOut, nowMs);
    if (stalls > this.#stallsSeen) this.#stalls.add(stalls - this.#stallsSeen, nowMs);
    this.#totals.stalls += Math.max(stalls - this.#stallsSeen, 0);
    this.#stallsSeen = stalls;
    this.#totals.bytesIn = bytesIn;
    this.#totals.bytesOut = bytesOut;
  }
}

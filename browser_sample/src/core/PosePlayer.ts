/** The row to show now. */

import { Blend, REST_BLEND_US } from "./Blend.js";
import { Gate, type GateState } from "./Gate.js";
import { Head } from "./Head.js";
import { Layout, type Row } from "./Layout.js";
import type { Opened } from "./Messages.js";
import { PoseRate } from "./Rate.js";
import { LATE_US, type Track } from "./Track.js";
import { Utterances } from "./Utterances.js";

/** Numbers of protocol §19 (PosePlayer) and §10 (`aheadUs`), µs. */
const STOP_BLEND_US = 150_000;
const LATE_BLEND_US = 250_000;
const KEEP_US = 500_000;
export const AHEAD_US = 1_500_000;

/**
 * Shows the poses of one session at the play head; owns neither clock nor sound.
 *
 * The client hands in what the server sends (`opened`, `rest`, `poses`, `utterance`), says what it
 * does itself (`interrupt`, `cue`, `listen` and the public attributes), and asks with `sample`
 * once per frame. Times are integers in microseconds; `nowUs` is any steady clock. Messages change
 * nothing that is shown, the next `sample` does. Where the protocol leaves room, this decides as
 * `a2f_ws/player/pose_player.py` does, with the same vectors.
 */
export class PosePlayer {
  /** Play speed, as in `played`; 0 stands. */
  rate = 1;
  /** The sound stands still by the client's will (not in a stall). */
  isPaused = false;
  /** As last told to the server by `set`: while false the gate waits for no poses. */
  isVisible = true;
  /** How much later the sound is heard than the play head says, µs; may be negative. */
  avOffsetUs = 0;
  /** How far behind the play head poses are kept, µs; null keeps all. */
  keepUs: number | null = KEEP_US;
  /** As the server last said, for a microphone's play head, µs. */
  lookAheadUs = 0;
  /** Margin and state of the sound. */
  readonly gate = new Gate();
  /** The gate's state for the `u` that was sampled last. */
  state: GateState = "wait";
  /** Time of the pose that the last `sample` aimed at, µs; null when that was the rest row. */
  shownUs: number | null = null;
  #opened = new Layout(0, 0, 0, new PoseRate(60), {});
  readonly #utterances = new Utterances();
  readonly #blend = new Blend(this.#opened);
  readonly #head = new Head();

  /** Layout of the row that `sample` gave last. */
  get layout(): Layout {
    return this.#blend.layout;
  }

  /** Number of rows kept, of all utterances. */
  get rows(): number {
    return this.#utterances.rows;
  }

  /** Take an `opened`: the rows that follow have this layout. `aheadUs` is what `open` asked for. */
  opened(
    m: Pick<Opened, "layout" | "curves" | "transforms" | "fps" | "idle" | "lookAheadUs">,
    { aheadUs = AHEAD_US }: { readonly aheadUs?: number } = {},
  ): void {
    const isFirst = this.#opened.id === 0;
    const { layout, curves, transforms, fps, idle } = m;
    this.#opened = new Layout(layout, curves.length, transforms.length, new PoseRate(fps), idle);
    this.lookAheadUs = m.lookAheadUs;
    this.gate.limit(aheadUs);
    if (isFirst) this.#blend.takeRest(this.#opened.neutral(), this.#opened);
  }

  /** Take a `rest`: the row between utterances from now on; ignored unless opened last. */
  rest(layout: number, row: Row): void {
    if (layout !== this.#opened.id) return;
    this.#check(row, 1);
    this.#blend.takeRest(row, this.#opened);
  }

  /** Take `poses`: rows i, i + 1, … one behind the other; ignored unless their layout opened last. */
  poses(u: number, layout: number, i: number, rows: Float32Array): void {
    if (layout !== this.#opened.id || !this.#utterances.isWanted(u) || !rows.length) return;
    const width = this.#opened.row;
    this.#check(rows, Math.floor(rows.length / width));
    const each: Row[] = [];
    for (let at = 0; at < rows.length; at += width) each.push(rows.slice(at, at + width));
    this.#utterances.track(u).add(this.#opened, i, each);
  }

  /** Take an `utterance`, its fields as in the message; unknown states are ignored. */
  utterance(u: number, state: string, poses: number, tUs: number): void {
    if (this.#utterances.isWanted(u)) this.#utterances.track(u).tell(state, poses, tUs);
  }

  /** The client interrupts every utterance up to `u`: what is shown of one eases to rest. */
  interrupt(u: number): void {
    this.#utterances.interrupt(u);
  }

  /** The sound of `u` will start here, not at its first sample (a line taken up again). */
  cue(u: number, playUs: number): void {
    if (this.#utterances.isWanted(u)) this.#utterances.track(u).cueUs = playUs;
  }

  /** `u` is a microphone that nobody hears here; its sample 0 was captured at `capturedUs`. */
  listen(u: number, capturedUs: number): void {
    if (this.#utterances.isWanted(u)) this.#utterances.track(u).capturedUs = capturedUs;
  }

  /** The play head of a microphone, to be given to `sample`; null while it does not run. */
  live(u: number, nowUs: number): number | null {
    if (u < 1 || u !== this.#utterances.current) return null;
    const zeroUs = this.#zeroUs(this.#utterances.track(u));
    return zeroUs === null ? null : this.gate.liveUs(nowUs, zeroUs);
  }

  /**
   * The row to show, in `layout`, without idle life; empty before any `opened`.
   *
   * @param u - utterance that sounds or is to sound next, ≥ 1; 0 when there is none.
   * @param playUs - play head from sample 0 of `u`; null without sound.
   * @param nowUs - the client's clock, ≥ 0.
   */
  sample(u: number, playUs: number | null, nowUs: number): Row {
    const atUs = this.#head.clock(nowUs);
    const { current } = this.#utterances;
    this.shownUs = null;
    if (u < Math.max(1, current)) {
      this.state = "stop";
      this.#head.leave();
      return this.#blend.toRest(STOP_BLEND_US, atUs);
    }
    if (u > current) {
      this.#utterances.enter(u);
      this.gate.enter();
      this.#head.leave();
    }
    return this.#follow(this.#utterances.track(u), playUs, u > current, atUs);
  }

  #follow(track: Track, playUs: number | null, isNew: boolean, nowUs: number): Row {
    const head = this.#head;
    const isStanding = this.isPaused || this.gate.state === "stall";
    head.move(playUs === null ? null : playUs - this.avOffsetUs, isStanding ? 0 : this.rate);
    const { atUs } = head;
    const found = atUs === null ? null : track.at(atUs);
    const missingUs = head.missingUs(found ? found.lateUs : 0, this.rate, this.isPaused);
    this.#askGate(track, playUs, missingUs, nowUs);
    if (atUs !== null && this.keepUs !== null) track.forget(atUs - this.keepUs);
    if (found === null || atUs === null) return this.#blend.toRest(STOP_BLEND_US, nowUs);
    if (track.isDone && atUs > track.endUs) return this.#blend.toRest(REST_BLEND_US, nowUs);
    if (missingUs > LATE_US) return this.#blend.toRest(LATE_BLEND_US, nowUs);
    this.shownUs = found.atUs;
    return this.#blend.toPose(found.row, found.layout, isNew || head.hasJumped, nowUs);
  }

  #askGate(track: Track, playUs: number | null, missingUs: number, nowUs: number): void {
    const { atUs, lastUs, evenUs } = this.#head;
    const zeroUs = this.#zeroUs(track);
    this.gate.update(
      {
        headUs: atUs ?? lastUs ?? track.startUs - this.avOffsetUs,
        hasSound: atUs !== null,
        reachUs: track.reachUs,
        isDone: track.isDone || !this.isVisible,
        isOver: track.isOver(atUs, playUs),
        missingUs,
        evenUs,
        nowUs,
      },
      zeroUs === null ? null : zeroUs + this.avOffsetUs,
    );
    this.state = this.gate.state;
  }

  #zeroUs(track: Track): number | null {
    return track.capturedUs === null ? null : track.capturedUs + this.lookAheadUs;
  }

  #check(rows: Float32Array, count: number): void {
    const { id, row } = this.#opened;
    if (rows.length !== count * row) {
      throw new Error(`layout ${id}: found ${rows.length} floats, wanted ${count} rows of ${row}`);
    }
  }
}

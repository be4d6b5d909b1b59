/** One stretch of speech: its sound on the way out, its poses on the way in. */

import type { UtteranceState } from "./core/Messages.js";
import { framesToUs, usToFrames } from "./core/Rate.js";
import { Deferred } from "./Emitter.js";
import type { Reel } from "./Reel.js";

/** queued: nothing was sent yet. failed: `done` says why. */
export type LineState = "queued" | UtteranceState | "failed";

/** Most figures of added latency kept. */
const FIGURES = 1000;

/** Sound sent up to `endUs` at `atUs`; poses up to `limitUs` did not wait for the play head. */
interface Mark {
  readonly endUs: number;
  readonly atUs: number;
  readonly limitUs: number;
}

/** A line that was said; `Session.say` makes it. */
export class Line {
  /** Fulfilled when nothing more of it comes; rejected with what made it fail. */
  readonly done: Promise<void>;
  /**
   * Per pose message the time from the sending of the sound that it waited for to its arrival, µs;
   * the last thousand. Poses that waited for the play head are left out.
   */
  readonly addedLatencyUs: number[] = [];
  /** @internal Frame after the last one sent on this connection. */
  sent: number;
  /** @internal Something of it was sent on this connection. */
  hasBegun = false;
  /** @internal The server said so on this connection. */
  isStarted = false;
  /** @internal */
  isEndSent = false;
  /** @internal No more sound is taken; the server's last word is awaited. */
  isHalted = false;
  /** @internal Poses before this are not wanted: it was taken up again here. */
  fromUs = 0;
  #state: LineState = "queued";
  #posesUs = 0;
  #creditToUs = 0;
  #marks: Mark[] = [];
  #firstAtUs: number | null = null;
  readonly #done = new Deferred<void>();

  /** @internal */
  constructor(
    /** Number of the utterance. */
    readonly u: number,
    /** @internal */
    readonly reel: Reel,
  ) {
    this.done = this.#done.promise;
    this.sent = reel.first;
  }

  get state(): LineState {
    return this.#state;
  }

  /** End of the sound that was sent, µs from its sample 0. */
  get sentUs(): number {
    return framesToUs(this.sent, this.reel.rate);
  }

  /** Time of the newest pose that has come + 1, µs; 0 before the first. */
  get posesUs(): number {
    return this.#posesUs;
  }

  /** Nothing more of it comes. */
  get isOver(): boolean {
    return ["poses_done", "interrupted", "failed"].includes(this.#state);
  }

  /** @internal Sample frames that may be sent now. */
  get room(): number {
    return usToFrames(this.#creditToUs, this.reel.rate) - this.sent;
  }

  /** @internal Sound may be sent up to here. */
  allow(toUs: number): void {
    this.#creditToUs = Math.max(this.#creditToUs, toUs);
  }

  /** @internal Begin, or begin anew on another connection, at a time of the line. */
  begin(fromUs: number, lookBackUs: number, creditUs: number): void {
    this.fromUs = fromUs;
    this.sent = this.reel.frameAt(fromUs - lookBackUs);
    this.#creditToUs = this.sentUs + creditUs;
    this.#marks = [];
    this.#firstAtUs = null;
    this.hasBegun = this.isStarted = this.isEndSent = false;
  }

  /** @internal Where the sound would be if it had begun with its first message, µs. */
  sinceFirstUs(nowUs: number): number {
    this.#firstAtUs ??= nowUs;
    return this.fromUs + nowUs - this.#firstAtUs;
  }

  /** @internal Note that sound went out. */
  mark(atUs: number, limitUs: number): void {
    this.#marks.push({ endUs: this.isEndSent ? Infinity : this.sentUs, atUs, limitUs });
  }

  /** @internal Note that poses came, the last one for `lastUs`. */
  arrived(lastUs: number, lookAheadUs: number, nowUs: number): void {
    this.#posesUs = Math.max(this.#posesUs, lastUs + 1);
    const k = this.#marks.findIndex((mark) => mark.endUs >= lastUs + lookAheadUs);
    const mark = this.#marks[k];
    if (mark === undefined) return;
    this.#marks.splice(0, k);
    if (lastUs <= mark.limitUs) {
      this.addedLatencyUs.push(nowUs - mark.atUs);
      if (this.addedLatencyUs.length > FIGURES) this.addedLatencyUs.shift();
    }
  }

  /** @internal Take over how far it is. */
  tell(state: LineState): void {
    if (this.isOver) return;
    this.#state = state;
    if (this.isOver) this.#done.resolve();
  }

  /** @internal It cannot go on. */
  fail(why: Error): void {
    if (this.isOver) return;
    this.#done.reject(why);
    this.#state = "failed";
  }
}

/** When the sound of an utterance may run. */

/**
 * wait: too few poses are here. start: the sound may be started, it is not heard yet. play: it
 * runs. stall: the poses stay away, the sound is halted where it is. stop: interrupted or played
 * out.
 */
export type GateState = "wait" | "start" | "play" | "stall" | "stop";

/** Numbers of protocol §19 (Gate), µs. */
const MARGIN_US = 60_000;
const MARGIN_LEAST_US = 40_000;
const MARGIN_MOST_US = 400_000;
const STALL_GROWTH_US = 40_000;
const CALM_GAIN_US = 10_000;
const CALM_US = 10_000_000;
const STALL_US = 100_000;
const CATCH_UP_US = 250_000;

/** What the player sees at one sample; times are poses' times, after `avOffsetUs`. */
export interface Sight {
  /** Pose wanted now; while there is no sound, where the sound will start. */
  readonly headUs: number;
  /** The client gave a play head. */
  readonly hasSound: boolean;
  /** Newest pose, −∞ without one. */
  readonly reachUs: number;
  /** No pose is to be waited for: all came, or the face is not visible. */
  readonly isDone: boolean;
  /** Interrupted or played out. */
  readonly isOver: boolean;
  /** Time for which the pose at the play head has been due and not here. */
  readonly missingUs: number;
  /** Time since the sample before, if the sound played evenly between the two, else 0. */
  readonly evenUs: number;
  readonly nowUs: number;
}

/**
 * Starts the sound when enough poses are ahead of it, and halts it when they stay away.
 *
 * A hole before the newest pose is never waited for: poses come in order, so nothing fills it.
 * Sound that goes away before `poses_done` leads back to wait, after it to stop. Sound that runs
 * without having been allowed to is taken as it is. A microphone's play head never goes back.
 */
export class Gate {
  /** Of the utterance sampled last. */
  state: GateState = "wait";
  /** How far poses must be ahead for the sound to start or to go on. */
  marginUs = MARGIN_US;
  #mostUs = MARGIN_MOST_US;
  #calmUs = 0;
  #liveUs = -Infinity;
  #behindUs = 0;

  /** Take `open.ahead_us`: a margin beyond half of it could never be filled. */
  limit(aheadUs: number): void {
    this.#mostUs = Math.min(MARGIN_MOST_US, Math.floor(aheadUs / 2));
    this.marginUs = Math.min(this.marginUs, this.#mostUs);
  }

  /** Another utterance: wait for its poses, with the margin that calm play has earned. */
  enter(): void {
    for (; this.#calmUs >= CALM_US; this.#calmUs -= CALM_US) {
      const leastUs = Math.min(this.marginUs, MARGIN_LEAST_US);
      this.marginUs = Math.max(leastUs, this.marginUs - CALM_GAIN_US);
    }
    this.state = "wait";
    this.#liveUs = -Infinity;
    this.#behindUs = 0;
  }

  /**
   * Move on by what is seen at this sample.
   *
   * @param liveZeroUs - for a microphone, time on the clock that pose 0 belongs to: capture of
   * sample 0 + look-ahead + `avOffsetUs`; else null.
   */
  update(sight: Sight, liveZeroUs: number | null): void {
    if (sight.isOver) this.state = "stop";
    else if (sight.hasSound) this.#run(sight, liveZeroUs);
    else this.#rest(sight);
  }

  /** A microphone's play head: now − sample 0 − look-ahead − margin, and never back. */
  liveUs(nowUs: number, liveZeroUs: number): number | null {
    if (this.state === "wait" || this.state === "stop") return null;
    if (this.state !== "stall" || this.#liveUs === -Infinity) {
      const dueUs = nowUs - liveZeroUs - this.marginUs - this.#behindUs;
      this.#liveUs = Math.max(this.#liveUs, dueUs);
    }
    return this.#liveUs;
  }

  #isFilled(sight: Sight): boolean {
    return sight.isDone || sight.reachUs >= sight.headUs + this.marginUs;
  }

  #rest(sight: Sight): void {
    if (this.state === "play" || this.state === "stall") {
      this.state = sight.isDone ? "stop" : "wait";
    }
    if (this.state === "wait" && this.#isFilled(sight)) this.state = "start";
  }

  #run(sight: Sight, liveZeroUs: number | null): void {
    const wasStalled = this.state === "stall";
    if (wasStalled) {
      if (!this.#isFilled(sight)) return;
    } else if (sight.missingUs >= STALL_US && !sight.isDone && sight.reachUs < sight.headUs) {
      this.state = "stall";
      this.#calmUs = 0;
      this.marginUs = Math.min(this.marginUs + STALL_GROWTH_US, this.#mostUs);
      return;
    } else this.#calmUs += sight.evenUs;
    this.state = "play";
    const onUs = Math.max(sight.headUs, sight.reachUs - this.marginUs);
    // A microphone that has fallen back goes on with the newest poses where there are many.
    const catchesUp = this.#behindUs > 0 && onUs > sight.headUs + CATCH_UP_US;
    if (liveZeroUs !== null && (wasStalled || catchesUp)) {
      this.#behindUs = Math.max(0, sight.nowUs - liveZeroUs - this.marginUs - onUs);
    }
  }
}

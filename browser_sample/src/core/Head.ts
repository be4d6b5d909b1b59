/** How the play head moves from one sample to the next. */

/** A play head that is further off than this has jumped (protocol §19), µs. */
const JUMP_US = 100_000;

/** The pose wanted at each sample: play head minus `avOffsetUs`, on the client's clock. */
export class Head {
  /** Time of the sample; null before the first. */
  nowUs: number | null = null;
  /** Pose wanted; null without sound. */
  atUs: number | null = null;
  /** Pose wanted when there was sound last in this utterance; null before. */
  lastUs: number | null = null;
  /** It is not where even play since the sample before would have brought it. */
  hasJumped = false;
  /** Time since the sample before, if the sound played evenly between the two, else 0. */
  evenUs = 0;
  #passedUs = 0;
  #missingSinceUs: number | null = null;

  /** Take the time of a sample; one before the last one becomes the last one. */
  clock(nowUs: number): number {
    this.#passedUs = this.nowUs === null ? 0 : Math.max(0, nowUs - this.nowUs);
    this.nowUs = this.nowUs === null ? nowUs : this.nowUs + this.#passedUs;
    return this.nowUs;
  }

  /** Nothing is followed any more: forget the place and what was missing there. */
  leave(): void {
    this.atUs = this.lastUs = this.#missingSinceUs = null;
  }

  /** Take the pose wanted; `speed` is play time per time of the clock that was to be expected. */
  move(atUs: number | null, speed: number): void {
    const stepUs = atUs === null || this.atUs === null ? null : atUs - this.atUs;
    this.hasJumped = stepUs !== null && Math.abs(stepUs - speed * this.#passedUs) > JUMP_US;
    this.evenUs = stepUs === null || this.hasJumped || speed === 0 ? 0 : this.#passedUs;
    this.atUs = atUs;
    this.lastUs = atUs ?? this.lastUs;
  }

  /**
   * How long the pose wanted has been due on the clock without being here. The count begins when
   * the head passed the pose's time, which lies between two samples, and stands while paused.
   *
   * @param lateUs - play time since the pose was due; null when nothing is missing.
   */
  missingUs(lateUs: number | null, rate: number, isPaused: boolean): number {
    if (lateUs === null || this.atUs === null || this.nowUs === null) {
      this.#missingSinceUs = null;
      return 0;
    }
    if (this.#missingSinceUs === null) {
      const dueUs = this.nowUs - (rate > 0 ? Math.trunc(lateUs / rate) : 0);
      this.#missingSinceUs = Math.max(this.nowUs - this.#passedUs, dueUs);
    } else if (isPaused) this.#missingSinceUs += this.#passedUs;
    return this.nowUs - this.#missingSinceUs;
  }
}

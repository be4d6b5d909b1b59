/** All utterances that may still be shown. */

import { Track } from "./Track.js";

/** Tracks by number, from the utterance sampled last on. */
export class Utterances {
  /** The newest `u` that was sampled; 0 before the first. */
  current = 0;
  #deadTo = 0;
  readonly #tracks = new Map<number, Track>();

  /** Number of rows kept. */
  get rows(): number {
    return [...this.#tracks.values()].reduce((sum, track) => sum + track.rows, 0);
  }

  /** True unless `u` was left behind or interrupted by the client. */
  isWanted(u: number): boolean {
    return u >= Math.max(1, this.current) && u > this.#deadTo;
  }

  /** What is known of `u`; a new, empty track when nothing is. */
  track(u: number): Track {
    let found = this.#tracks.get(u);
    if (found === undefined) {
      found = new Track(u <= this.#deadTo);
      this.#tracks.set(u, found);
    }
    return found;
  }

  /** Go on to a newer utterance; what is known of older ones is deleted. */
  enter(u: number): void {
    this.current = u;
    for (const known of this.#tracks.keys()) if (known < u) this.#tracks.delete(known);
  }

  /** Every utterance up to `u` is dead, now and when it is first heard of. */
  interrupt(u: number): void {
    this.#deadTo = Math.max(this.#deadTo, u);
    for (const [known, track] of this.#tracks) if (known <= u) track.kill();
  }
}

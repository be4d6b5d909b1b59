import type { Peaks } from "../logic/Peaks.js";
import type { Take } from "../logic/Take.js";
import type { Ear } from "./Ear.js";
import type { Sounds } from "./Sounds.js";

/** How long a face takes to its rest row behind the end of a line, microseconds. Source: protocol §7. */
const EASE_US = 250_000;

/** What the timeline is about: the microphone after it was opened, else the chosen sound. */
export class Shown {
  readonly #sounds: Sounds;
  readonly #ear: Ear;
  readonly #take: () => Take | null;

  constructor(sounds: Sounds, ear: Ear, take: () => Take | null) {
    this.#sounds = sounds;
    this.#ear = ear;
    this.#take = take;
  }

  get name(): string {
    return this.#ear.peaks === null ? (this.#sounds.chosen()?.name ?? "") : "Microphone";
  }

  get peaks(): Peaks | null {
    return this.#ear.peaks ?? this.#sounds.chosen()?.peaks ?? null;
  }

  /** Length of the sound, microseconds. */
  get lengthUs(): number {
    const sound = this.#sounds.chosen()?.sound;
    return this.#ear.peaks?.lengthUs ?? (sound == null ? 0 : Math.round(sound.duration * 1e6));
  }

  /** End of the last pose that the sound can have: the mouth closes after it, microseconds. */
  get endUs(): number {
    return Math.max(this.lengthUs === 0 ? 0 : this.lengthUs + EASE_US, this.#take()?.lastUs ?? 0);
  }
}

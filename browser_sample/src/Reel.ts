/** The sound of one line, as far as it has come. */

import { framesToUs, usToFrames } from "./core/Rate.js";

/** Sound as a caller has it: mono at the session's rate, full scale −1 … 1. */
export type Sound =
  | Float32Array
  | Iterable<Float32Array>
  | AsyncIterable<Float32Array>
  | ReadableStream<Float32Array>;

/** Samples by frame, from the first to the newest; a line keeps all, a microphone the last ones. */
export class Reel {
  /** Frame after the newest. */
  end: number;
  /** No more will come. */
  isEnded = false;
  readonly #chunks: { readonly at: number; readonly samples: Float32Array }[] = [];

  constructor(
    /** Sample frames per second. */
    readonly rate: number,
    /** Frame of the utterance at which the sound begins. */
    public first: number,
  ) {
    this.end = first;
  }

  /** Time of the end of the sound, µs. */
  get endUs(): number {
    return framesToUs(this.end, this.rate);
  }

  /** Take more; the samples are kept, not copied. */
  append(samples: Float32Array): void {
    if (samples.length) this.#chunks.push({ at: this.end, samples });
    this.end += samples.length;
  }

  /** Frames from … to − 1; a view where they lie in one piece. */
  read(from: number, to: number): Float32Array {
    let k = this.#chunks.findLastIndex((chunk) => chunk.at <= from);
    const chunk = this.#chunks[k];
    if (chunk && to <= chunk.at + chunk.samples.length) {
      return chunk.samples.subarray(from - chunk.at, to - chunk.at);
    }
    const out = new Float32Array(to - from);
    for (; k >= 0 && k < this.#chunks.length; k++) {
      const { at, samples } = this.#chunks[k] as { at: number; samples: Float32Array };
      if (at >= to) break;
      const skip = Math.max(0, from - at);
      out.set(samples.subarray(skip, to - at), at + skip - from);
    }
    return out;
  }

  /** Let go of whole pieces before a frame. */
  forget(before: number): void {
    while (this.#chunks[1] && this.#chunks[1].at <= before) this.#chunks.shift();
    this.first = this.#chunks[0]?.at ?? this.first;
  }

  /** Frame at a time, within what there is. */
  frameAt(tUs: number): number {
    return Math.min(Math.max(usToFrames(Math.max(0, tUs), this.rate), this.first), this.end);
  }
}

/** Where a source of sound is read from piece by piece. */
export interface Pieces {
  next(): Promise<Float32Array | null>;
  /** Nobody reads on. */
  cancel(): void;
}

/** Any kind of source as one kind; pieces are copied, a whole array is not. */
export function piecesOf(sound: Sound): Pieces {
  if (sound instanceof Float32Array) {
    let whole: Float32Array | null = sound;
    return {
      next: () => {
        const piece = whole;
        whole = null;
        return Promise.resolve(piece);
      },
      cancel: () => undefined,
    };
  }
  if ("getReader" in sound) {
    const reader = sound.getReader();
    return {
      next: async () => (await reader.read()).value?.slice() ?? null,
      cancel: () => void reader.cancel().catch(() => undefined),
    };
  }
  const entries =
    Symbol.asyncIterator in sound ? sound[Symbol.asyncIterator]() : sound[Symbol.iterator]();
  return {
    next: async () => {
      const { done, value } = await entries.next();
      return done ? null : value.slice();
    },
    cancel: () => void Promise.resolve(entries.return?.()).catch(() => undefined),
  };
}

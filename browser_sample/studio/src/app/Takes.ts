import type { Line } from "../../../src/index.js";
import { Take, type TakeForm } from "../logic/Take.js";

/** Poses kept of an open microphone: ten minutes at 60 per second. */
const MICROPHONE_ROWS = 36_000;

/** Everything received: of the line that runs or ran last, and of the microphone that was open last. */
export class Takes {
  #current: Take | null = null;
  #microphone: Take | null = null;
  #line: Line | null = null;
  /** End of the sound of the current line, microseconds; null where it has no known end. */
  #endUs: number | null = null;

  /** Of the line that runs or ran last; null where another sound was chosen since. */
  get current(): Take | null {
    return this.#current;
  }

  /** Of the microphone that was open last, kept until it is opened again. */
  get microphone(): Take | null {
    return this.#microphone;
  }

  /** A line of a sound of known length begins, at a time of it, microseconds. */
  beginLine(line: Line, form: TakeForm, span: { fromUs: number; endUs: number }): void {
    this.#line = line;
    this.#endUs = span.endUs;
    // Where it begins in the middle, the server says by its first pose which one that is.
    this.#current = new Take(line.u, form, span.fromUs === 0 ? { first: 0 } : {});
  }

  /** A microphone opens. */
  beginMicrophone(line: Line, form: TakeForm): void {
    this.#line = line;
    this.#endUs = null;
    this.#microphone = this.#current = new Take(line.u, form, { rowsMax: MICROPHONE_ROWS });
  }

  poses(u: number, i: number, rows: Float32Array): void {
    if (this.#current?.u === u) this.#current.add(i, rows);
  }

  /** Another sound was chosen: what was received of the line belongs to the one before. */
  forget(): void {
    this.#current = null;
  }

  /** How many poses of a take never came, of how many. */
  gaps(take: Take): { missing: number; total: number } {
    const isWhole = take === this.#current && this.#line?.state === "poses_done";
    return take.gaps(isWhole ? this.#endUs : null);
  }
}

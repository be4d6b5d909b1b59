/** Poses this close to the newest are left alone: the sound would stand until more of them come. */
const MARGIN_US = 100_000;

/** How far a line that runs has come; times in microseconds. */
export interface Progress {
  /** End of its sound that has come. */
  readonly soundUs: number;
  /** End of its poses that have come. */
  readonly posesUs: number;
  /** No more poses come. */
  readonly isOver: boolean;
  /** The play head; null = nothing is heard. */
  readonly playUs: number | null;
}

/** The time nearest to a wanted one to which a line that runs can go at once, microseconds. */
export function reachable(wantedUs: number, line: Progress): number {
  const newestUs = Math.max(line.posesUs - MARGIN_US, line.playUs ?? 0);
  const endUs = line.isOver ? line.soundUs : Math.min(line.soundUs, newestUs);
  return Math.min(Math.max(wantedUs, 0), endUs);
}

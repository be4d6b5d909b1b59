/** The stretch of time that a timeline shows, microseconds. */
export interface Timespan {
  readonly fromUs: number;
  readonly toUs: number;
}

export interface Tick {
  readonly tUs: number;
  /** Empty for the small ones. */
  readonly label: string;
}

const SHORTEST_US = 200_000;
const STEPS_US = [
  10_000, 20_000, 50_000, 100_000, 200_000, 500_000, 1_000_000, 2_000_000, 5_000_000, 10_000_000,
  15_000_000, 30_000_000, 60_000_000, 120_000_000, 300_000_000, 600_000_000,
];

/** Pixels from the left edge at which a time lies. */
export function xOf(span: Timespan, tUs: number, width: number): number {
  return ((tUs - span.fromUs) / (span.toUs - span.fromUs)) * width;
}

/** The time at a pixel, microseconds, an integer. */
export function timeAt(span: Timespan, x: number, width: number): number {
  return Math.round(span.fromUs + (x / Math.max(width, 1)) * (span.toUs - span.fromUs));
}

/** The span made longer (factor > 1) or shorter around a time that keeps its place. */
export function zoomed(
  span: Timespan,
  factor: number,
  aroundUs: number,
  lengthUs: number,
): Timespan {
  const now = span.toUs - span.fromUs;
  const wanted = Math.min(Math.max(now * factor, SHORTEST_US), Math.max(lengthUs, SHORTEST_US));
  const part = (aroundUs - span.fromUs) / now;
  return held({ fromUs: aroundUs - wanted * part, toUs: aroundUs + wanted * (1 - part) }, lengthUs);
}

/** The span moved so that it lies within 0 … lengthUs where it fits; times are integers. */
export function held(span: Timespan, lengthUs: number): Timespan {
  const width = Math.round(span.toUs - span.fromUs);
  const most = Math.max(lengthUs - width, 0);
  const fromUs = Math.round(Math.min(Math.max(span.fromUs, 0), most));
  return { fromUs, toUs: fromUs + width };
}

/** The span turned a page where a time is not in it. */
export function following(span: Timespan, tUs: number, lengthUs: number): Timespan {
  if (tUs >= span.fromUs && tUs <= span.toUs) return span;
  const width = span.toUs - span.fromUs;
  return held({ fromUs: tUs, toUs: tUs + width }, lengthUs);
}

/** Marks at round times; labelled ones are at least `apart` pixels from one another. */
export function ticks(span: Timespan, width: number, apart: number): Tick[] {
  const usPerPixel = (span.toUs - span.fromUs) / Math.max(width, 1);
  const step = STEPS_US.find((candidate) => candidate >= usPerPixel * apart) ?? 3_600_000_000;
  const small = step / 5;
  const found: Tick[] = [];
  for (let k = Math.ceil(span.fromUs / small); k * small <= span.toUs; k += 1) {
    const tUs = k * small;
    found.push({ tUs, label: k % 5 === 0 ? clock(tUs, step < 1_000_000) : "" });
  }
  return found;
}

/** A time as m:ss, with hundredths where they matter. */
export function clock(tUs: number, isFine: boolean): string {
  const hundredths = Math.floor(Math.max(tUs, 0) / 10_000);
  const seconds = Math.floor(hundredths / 100);
  const text = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  return isFine ? `${text}.${String(hundredths % 100).padStart(2, "0")}` : text;
}

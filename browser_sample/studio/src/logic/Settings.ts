/** What a person chose on this page; kept in the browser between visits. */

export type Theme = "system" | "dark" | "light";
export type Camera = "portrait" | "threeQuarter" | "mouth";
export type Pacing = "live" | "burst";
export type IdleLevel = "off" | "blink" | "alive";
export type TabName = "source" | "emotion" | "face" | "curves" | "rig" | "health" | "export";

export interface Settings {
  readonly theme: Theme;
  readonly tab: TabName;
  readonly camera: Camera;
  readonly pacing: Pacing;
  readonly loop: boolean;
  /** 0 … 1. */
  readonly volume: number;
  /** Name of a rig, or "auto": the best one for the head on stage. */
  readonly rig: string;
  /** Name of a model; empty = the server's first. */
  readonly model: string;
  /** Poses per second: "60", or a quotient such as "30000/1001". */
  readonly fps: string;
  /** 0 … 1 by name; empty = the model's own. */
  readonly emotion: Readonly<Record<string, number>>;
  /** Milliseconds that a change of emotion takes, 0 … 5000. */
  readonly transitionMs: number;
  /** Face parameters that differ from the server's defaults. */
  readonly params: Readonly<Record<string, number>>;
  readonly idle: IdleLevel;
  /** Curves in the timeline, top to bottom; empty = a choice that suits the rig. */
  readonly chosen: readonly string[];
}

export const THEMES: readonly Theme[] = ["system", "dark", "light"];
export const CAMERAS: readonly Camera[] = ["portrait", "threeQuarter", "mouth"];
export const PACINGS: readonly Pacing[] = ["live", "burst"];
export const IDLE_LEVELS: readonly IdleLevel[] = ["off", "blink", "alive"];
export const TABS: readonly TabName[] = [
  "source",
  "emotion",
  "face",
  "curves",
  "rig",
  "health",
  "export",
];
export const CHOSEN_MAX = 8;
export const TRANSITION_MS_MAX = 5000;

const VERSION = 1;

export const DEFAULTS: Settings = {
  theme: "system",
  tab: "source",
  camera: "portrait",
  pacing: "live",
  loop: false,
  volume: 1,
  rig: "auto",
  model: "",
  fps: "60",
  emotion: {},
  transitionMs: 300,
  params: {},
  idle: "alive",
  chosen: [],
};

/** The text to keep. */
export function settingsText(settings: Settings): string {
  return JSON.stringify({ version: VERSION, ...settings });
}

/** Settings from a kept text. What is missing, of another version or out of range is the default. */
export function settingsFrom(text: string | null): Settings {
  const kept = parsed(text);
  if (kept["version"] !== VERSION) return DEFAULTS;
  return {
    theme: oneOf(THEMES, kept["theme"], DEFAULTS.theme),
    tab: oneOf(TABS, kept["tab"], DEFAULTS.tab),
    camera: oneOf(CAMERAS, kept["camera"], DEFAULTS.camera),
    pacing: oneOf(PACINGS, kept["pacing"], DEFAULTS.pacing),
    loop: kept["loop"] === true,
    volume: within(kept["volume"], 0, 1, DEFAULTS.volume),
    rig: name(kept["rig"], DEFAULTS.rig),
    model: name(kept["model"], DEFAULTS.model),
    fps: rateOf(kept["fps"]) === null ? DEFAULTS.fps : String(kept["fps"]),
    emotion: numbers(kept["emotion"], 0, 1),
    transitionMs: within(kept["transitionMs"], 0, TRANSITION_MS_MAX, DEFAULTS.transitionMs),
    params: numbers(kept["params"], -1e6, 1e6),
    idle: oneOf(IDLE_LEVELS, kept["idle"], DEFAULTS.idle),
    chosen: names(kept["chosen"]).slice(0, CHOSEN_MAX),
  };
}

/** Poses per second that a text names, as sent on the wire; null if it names none of 10 … 240. */
export function rateOf(text: unknown): number | [number, number] | null {
  const match = typeof text === "string" ? /^(\d{1,7})(?:\/(\d{1,5}))?$/.exec(text) : null;
  if (match === null) return null;
  const num = Number(match[1]);
  const den = Number(match[2] ?? "1");
  if (den < 1 || num < 10 * den || num > 240 * den) return null;
  return den === 1 ? num : [num, den];
}

function parsed(text: string | null): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text ?? "{}");
    return isMap(value) ? value : {};
  } catch {
    return {};
  }
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function oneOf<T extends string>(allowed: readonly T[], value: unknown, otherwise: T): T {
  return allowed.find((candidate) => candidate === value) ?? otherwise;
}

function within(value: unknown, low: number, high: number, otherwise: number): number {
  return typeof value === "number" && value >= low && value <= high ? value : otherwise;
}

function name(value: unknown, otherwise: string): string {
  return typeof value === "string" && value.length <= 64 ? value : otherwise;
}

function names(value: unknown): string[] {
  return Array.isArray(value)
    ? value.filter((entry): entry is string => typeof entry === "string" && entry.length <= 64)
    : [];
}

function numbers(value: unknown, low: number, high: number): Record<string, number> {
  const entries = isMap(value) ? Object.entries(value) : [];
  return Object.fromEntries(
    entries.filter(
      (entry): entry is [string, number] =>
        typeof entry[1] === "number" && entry[1] >= low && entry[1] <= high,
    ),
  );
}

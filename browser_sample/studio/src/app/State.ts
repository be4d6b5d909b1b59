import type { Hello, Opened } from "../../../src/index.js";
import type { MicFault } from "../logic/Verdict.js";
import type { Peaks } from "../logic/Peaks.js";
import type { Settings } from "../logic/Settings.js";
import type { Store } from "../logic/Store.js";
import type { Head } from "../stage/Stage.js";

export type ServerState = "connecting" | "ready" | "waiting" | "closed";
export type PlayState = "idle" | "starting" | "playing" | "paused" | "stalled";

/** A sound that can be spoken: the clip that comes with the server, or a file of the person's. */
export interface SoundItem {
  readonly id: string;
  readonly name: string;
  /** Null until it was decoded. */
  readonly sound: AudioBuffer | null;
  readonly peaks: Peaks | null;
}

/** Something to tell the person; a later one with the same key takes its place. */
export interface Notice {
  readonly key: string;
  readonly level: "error" | "info";
  readonly text: string;
}

/** Figures of the last second or so; times in microseconds, null = not known. */
export interface Health {
  readonly lookAheadUs: number | null;
  readonly latencyP50Us: number | null;
  readonly latencyP95Us: number | null;
  readonly roundTripUs: number | null;
  readonly posesPerSecond: number;
  readonly skewP95Us: number | null;
  /** Since the session opened. */
  readonly late: number;
  readonly dropped: number;
  readonly stalls: number;
  /** In the last five seconds. */
  readonly lateNow: number;
  readonly droppedNow: number;
  readonly stallsNow: number;
  readonly poses: number;
  /** How busy the model is, 0 … 1. */
  readonly busy: number | null;
  readonly bytesInPerSecond: number;
  readonly bytesOutPerSecond: number;
  readonly audio: "none" | "suspended" | "running" | "closed";
  readonly framesPerSecond: number;
}

export interface State {
  readonly settings: Settings;
  readonly server: ServerState;
  readonly serverFault: string | null;
  /** When the next try is due, on performance.now(); null = not known. */
  readonly retryAtMs: number | null;
  readonly hello: Hello | null;
  readonly opened: Opened | null;
  readonly openFault: string | null;
  readonly hasWebGl: boolean;
  /** Why the stage draws nothing at the moment; null = it does. */
  readonly drawFault: string | null;
  readonly head: Head | null;
  readonly headFault: string | null;
  readonly isHeadLoading: boolean;
  readonly items: readonly SoundItem[];
  /** Id of the chosen item. */
  readonly chosen: string;
  readonly play: PlayState;
  /** Since when poses are waited for, on performance.now(); null = they are not. */
  readonly waitsSinceMs: number | null;
  readonly mic: "off" | "asking" | "on";
  readonly micFault: MicFault | null;
  readonly devices: readonly { readonly id: string; readonly label: string }[];
  readonly deviceId: string;
  /** What was changed waits for the next line. */
  readonly isPending: boolean;
  readonly notices: readonly Notice[];
  readonly health: Health;
  readonly isHelpOpen: boolean;
}

export type StudioStore = Store<State>;

export const NO_HEALTH: Health = {
  lookAheadUs: null,
  latencyP50Us: null,
  latencyP95Us: null,
  roundTripUs: null,
  posesPerSecond: 0,
  skewP95Us: null,
  late: 0,
  dropped: 0,
  stalls: 0,
  lateNow: 0,
  droppedNow: 0,
  stallsNow: 0,
  poses: 0,
  busy: null,
  bytesInPerSecond: 0,
  bytesOutPerSecond: 0,
  audio: "none",
  framesPerSecond: 0,
};

/** The state of a page that has just been loaded. */
export function firstState(settings: Settings): State {
  return {
    settings,
    server: "connecting",
    serverFault: null,
    retryAtMs: null,
    hello: null,
    opened: null,
    openFault: null,
    hasWebGl: true,
    drawFault: null,
    head: null,
    headFault: null,
    isHeadLoading: false,
    items: [],
    chosen: "",
    play: "idle",
    waitsSinceMs: null,
    mic: "off",
    micFault: null,
    devices: [],
    deviceId: "",
    isPending: false,
    notices: [],
    health: NO_HEALTH,
    isHelpOpen: false,
  };
}

/** What is waited for now: the first poses, or more of them while the sound stands. */
export function waitOf(state: State): "nothing" | "first" | "more" {
  if (state.play === "stalled") return "more";
  const isDeaf = state.mic === "on" && state.health.posesPerSecond === 0;
  return state.play === "starting" || isDeaf ? "first" : "nothing";
}

/** Key of what was wrong with the files that came last. */
export const FILE_KEY = "file";

/** Tell something, in the place of what was told under the same key. */
export function notify(store: StudioStore, notice: Notice): void {
  const others = store.state.notices.filter((kept) => kept.key !== notice.key);
  store.patch({ notices: [...others, notice] });
}

/** Take back what was told under a key. */
export function retract(store: StudioStore, key: string): void {
  const kept = store.state.notices.filter((notice) => notice.key !== key);
  if (kept.length !== store.state.notices.length) store.patch({ notices: kept });
}

/** Take back what is over when something is tried anew, and said again where it goes wrong again. */
export function retractTries(store: StudioStore): void {
  for (const key of ["play", "line", "session", "export", FILE_KEY]) retract(store, key);
}

/** What an error says, in words. */
export function words(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

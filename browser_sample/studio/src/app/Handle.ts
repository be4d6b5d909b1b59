import type { Playback, Session } from "../../../src/index.js";
import type { Pose } from "../logic/Take.js";
import type { Verdict } from "../logic/Verdict.js";
import { doctorText, verdict } from "../logic/Verdict.js";
import { factsOf } from "../ui/Facts.js";
import type { Stage } from "../stage/Stage.js";
import type { Health, PlayState, ServerState } from "./State.js";
import type { Studio } from "./Studio.js";

/** How the page is now, as plain values. Times in microseconds. */
export interface HandleState {
  readonly server: ServerState;
  readonly verdict: Verdict;
  readonly doctor: string;
  readonly rig: string | null;
  readonly curves: readonly string[];
  readonly head: {
    readonly name: string;
    readonly kind: string;
    readonly have: readonly string[];
  } | null;
  readonly play: PlayState;
  readonly mic: "off" | "asking" | "on";
  readonly playUs: number | null;
  readonly lengthUs: number;
  /** The line that runs or ran last. */
  readonly line: {
    readonly u: number;
    readonly state: string;
    readonly sentUs: number;
    readonly posesUs: number;
  } | null;
  /** All lines of this page, oldest first. */
  readonly lines: readonly { readonly u: number; readonly state: string }[];
  /** |time of the pose shown − play head|, one per frame of the line that runs or ran last. */
  readonly skewUs: readonly number[];
  readonly health: Health;
  readonly notices: readonly string[];
}

/** The page as scripts see it: `a2f` in the console. */
export interface Handle {
  /** Null without WebGL. `stage.value(name)` is what the mesh has now. */
  readonly stage: Stage | null;
  session(): Session | null;
  playback(): Playback | null;
  state(): HandleState;
  /** Every pose received of the line that runs or ran last, oldest first. */
  poses(): Pose[];
}

declare global {
  interface Window {
    a2f: Handle;
  }
}

/** Give scripts the page under the name `a2f`. */
export function exposeHandle(studio: Studio): void {
  const { talk } = studio;
  window.a2f = {
    stage: studio.stage,
    session: () => talk.session,
    playback: () => talk.playback,
    state: () => stateOf(studio),
    poses: () => talk.take?.poses() ?? [],
  };
}

function stateOf(studio: Studio): HandleState {
  const { talk, store } = studio;
  const { state } = store;
  const facts = factsOf(state, performance.now());
  const { line } = talk;
  return {
    server: state.server,
    verdict: verdict(facts),
    doctor: doctorText(facts),
    rig: state.opened?.rig ?? null,
    curves: state.opened?.curves ?? [],
    head:
      state.head === null
        ? null
        : { name: state.head.name, kind: state.head.kind, have: state.head.have },
    play: state.play,
    mic: state.mic,
    playUs: talk.playUs,
    lengthUs: talk.shown.lengthUs,
    line:
      line === null
        ? null
        : { u: line.u, state: line.state, sentUs: line.sentUs, posesUs: line.posesUs },
    lines: talk.lines.map(({ u, state: lineState }) => ({ u, state: lineState })),
    skewUs: [...talk.meter.skew.values],
    health: state.health,
    notices: state.notices.map(({ text }) => text),
  };
}

import { type State, waitOf } from "../app/State.js";
import { matchOf } from "../logic/Match.js";
import type { Facts } from "../logic/Verdict.js";

/** What the light and the doctor line are judged by, from the page's state. */
export function factsOf(state: State, nowMs: number): Facts {
  const match = state.opened === null ? null : matchOf(state.opened, state.head?.have ?? []);
  return {
    hasWebGl: state.hasWebGl,
    isSecure: window.isSecureContext,
    server: state.server,
    serverFault: state.serverFault,
    retryInMs: state.retryAtMs === null ? null : Math.max(state.retryAtMs - nowMs, 0),
    openFault: state.openFault,
    hasSession: state.opened !== null,
    audio: state.health.audio,
    isSpeaking: (state.play !== "idle" && state.play !== "paused") || state.mic === "on",
    micFault: state.micFault,
    drawFault: state.drawFault,
    hasHead: state.head !== null,
    headFault: state.headFault,
    isHeadLoading: state.isHeadLoading,
    poses: state.health.poses,
    late: state.health.lateNow,
    dropped: state.health.droppedNow,
    stalls: state.health.stallsNow,
    waitsFor: waitOf(state),
    waitsMs: state.waitsSinceMs === null ? 0 : Math.max(nowMs - state.waitsSinceMs, 0),
    pictures: state.health.framesPerSecond,
    matched: match?.matched.length ?? 0,
    wanted: match === null ? 0 : match.matched.length + match.missing.length,
  };
}

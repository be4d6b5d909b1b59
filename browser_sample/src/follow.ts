/** The face of sound that is captured here and not played by us. */

import * as Idle from "./core/Idle.js";
import type { Row } from "./core/Layout.js";
import { clockUs } from "./Emitter.js";
import type { Line } from "./Line.js";
import type { Microphone } from "./Microphone.js";
import type { IdleLife } from "./Playback.js";
import type { Session } from "./Session.js";
import { type Stretch, Tap } from "./Tap.js";

export interface FollowOptions {
  readonly idle?: IdleLife;
}

export interface Follow {
  /** The line that is sent, or was last; null before an element has played. */
  readonly line: Line | null;
  /** The row to show now, idle life added; call it once per frame. */
  sample(nowUs?: number): Row;
  /** Send no more; the source itself is not stopped. */
  stop(): void;
  idle: IdleLife;
}

/** Beyond the look-ahead, how much later an element is heard: the way there and back, µs. */
const MARGIN_US = 200_000;

/** Of a microphone there is a line at once. */
export interface MicFollow extends Follow {
  readonly line: Line;
}

/**
 * The face of an open microphone that nobody hears here, or of a tapped element. The session's
 * `rate` has to be the source's.
 */
export function follow(session: Session, source: Tap, o?: FollowOptions): Follow;
export function follow(session: Session, source: Microphone, o?: FollowOptions): MicFollow;
export function follow(session: Session, source: Microphone | Tap, o: FollowOptions = {}): Follow {
  if (session.rate !== source.rate) {
    throw new RangeError(`found sound of ${source.rate} Hz, wanted the session's ${session.rate}`);
  }
  const follower = source instanceof Tap ? followTap(session, source) : followMic(session, source);
  return {
    idle: o.idle ?? { seed: Math.floor(Math.random() * 2 ** 32), level: "alive" },
    get line() {
      return follower.line();
    },
    sample(nowUs = clockUs()) {
      const row = follower.row(nowUs);
      const { seed, level } = this.idle;
      return Idle.apply(row, Idle.offsets(seed, nowUs, level), session.player.layout.idle);
    },
    stop: () => follower.stop(),
  };
}

interface Follower {
  line(): Line | null;
  row(nowUs: number): Row;
  stop(): void;
}

function followMic(session: Session, mic: Microphone): Follower {
  const { player } = session;
  const line = session.say(mic.sound());
  return {
    line: () => line,
    row(nowUs) {
      player.listen(line.u, mic.capturedUs);
      return player.sample(line.u, player.live(line.u, nowUs), nowUs);
    },
    stop: () => void session.interrupt(line.u).catch(() => undefined),
  };
}

function followTap(session: Session, tap: Tap): Follower {
  const { player } = session;
  if (tap.delayUs === 0) tap.delayUs = session.opened.lookAheadUs + MARGIN_US;
  /** What is heard, and what is captured already and heard next. */
  const takes: { readonly line: Line; readonly stretch: Stretch }[] = [];
  const take = (stretch: Stretch): void => {
    takes.push({ line: session.say(stretch.sound), stretch });
  };
  if (tap.stretch) take(tap.stretch);
  const off = tap.on("stretch", take);
  return {
    line: () => takes[0]?.line ?? null,
    row(nowUs) {
      while (takes[1] && takes[1].stretch.playUs !== null) takes.shift();
      const [heard] = takes;
      return player.sample(heard?.line.u ?? 0, heard?.stretch.playUs ?? null, nowUs);
    },
    stop() {
      off();
      session.interrupt().catch(() => undefined);
    },
  };
}

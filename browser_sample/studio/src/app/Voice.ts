import { type Line, Playback, type Session } from "../../../src/index.js";
import { reachable } from "../logic/Reach.js";
import { IDLE_SEED } from "./Ear.js";
import type { PlayState, StudioStore } from "./State.js";

const STATES: Readonly<Record<Playback["state"], PlayState | null>> = {
  wait: "starting",
  start: "starting",
  play: "playing",
  stall: "stalled",
  stop: null,
};

/** The playback of the session that is open: made when sound is wanted first, told in the store. */
export class Voice {
  readonly #store: StudioStore;
  readonly #ended: (line: Line) => void;
  #playback: Playback | null = null;
  #isStopping = false;

  /** @param ended Told of lines that came to their end by themselves. */
  constructor(store: StudioStore, ended: (line: Line) => void) {
    this.#store = store;
    this.#ended = ended;
    store.watch(
      (state) => state.settings.volume,
      (volume) => {
        if (this.#playback !== null) this.#playback.volume = volume;
      },
    );
    store.watch(
      (state) => state.settings.idle,
      (level) => {
        if (this.#playback !== null) this.#playback.idle = { seed: IDLE_SEED, level };
      },
    );
  }

  get playback(): Playback | null {
    return this.#playback;
  }

  /** The playback, made for this session unless there is one. */
  for(session: Session, context: AudioContext): Playback {
    if (this.#playback !== null) return this.#playback;
    const { volume, idle } = this.#store.state.settings;
    const playback = new Playback(session, context, { idle: { seed: IDLE_SEED, level: idle } });
    playback.volume = volume;
    playback.on("state", () => this.tell());
    playback.on("end", (line) => {
      if (!this.#isStopping) this.#ended(line);
    });
    this.#playback = playback;
    return playback;
  }

  /** Go to a time of the line that runs, microseconds, as near as sound and poses are there. */
  seek(tUs: number): void {
    const playback = this.#playback;
    if (playback === null || playback.line === null) return;
    const { arrivedUs: soundUs, line, playUs } = playback;
    const { posesUs, isOver } = line;
    playback.seek(reachable(tUs, { soundUs, posesUs, isOver, playUs }));
  }

  /** Drop what plays; nobody is told that it ended. */
  interrupt(): void {
    this.#quietly((playback) => playback.interrupt());
  }

  /** The session is another one: a new playback has to be made. */
  drop(): void {
    this.#quietly((playback) => playback.close());
    this.#playback = null;
  }

  /** Tell the store what is heard while a line runs. */
  tell(): void {
    const now = this.#store.state.play;
    if (this.#playback === null || now === "idle") return;
    const play = this.#playback.isPaused ? "paused" : STATES[this.#playback.state];
    if (play !== null && play !== now) this.#store.patch({ play });
  }

  #quietly(end: (playback: Playback) => void): void {
    if (this.#playback === null) return;
    this.#isStopping = true;
    end(this.#playback);
    this.#isStopping = false;
  }
}

import {
  follow,
  type IdleLife,
  type Line,
  type MicFollow,
  Microphone,
  MicrophoneError,
  type Session,
} from "../../../src/index.js";
import { Peaks } from "../logic/Peaks.js";
import type { Link, SoundForm } from "./Link.js";
import type { Sounds } from "./Sounds.js";
import { notify, retract, type StudioStore, words } from "./State.js";

/** The studio's head is always the same character. */
export const IDLE_SEED = 1;

/** An open microphone whose speaker the head follows. */
export class Ear {
  readonly #store: StudioStore;
  readonly #sounds: Sounds;
  readonly #link: Link;
  readonly #begun: (line: Line) => void;
  readonly #over: () => void;
  #idle: IdleLife = { seed: IDLE_SEED, level: "alive" };
  #microphone: Microphone | null = null;
  #follower: MicFollow | null = null;
  #peaks: Peaks | null = null;
  /** Which opening counts: those before it were given up. */
  #turn = 0;

  /** @param parts `begun` is told of the line that was opened, `over` that it ended or failed. */
  constructor(
    store: StudioStore,
    parts: { sounds: Sounds; link: Link; begun: (line: Line) => void; over: () => void },
  ) {
    this.#store = store;
    this.#sounds = parts.sounds;
    this.#link = parts.link;
    this.#begun = parts.begun;
    this.#over = parts.over;
  }

  get isOpen(): boolean {
    return this.#follower !== null;
  }

  /** How its sound comes, from the moment that a session is asked for; null while closed. */
  get form(): SoundForm | null {
    return this.#microphone === null ? null : { source: "mic", rateHz: this.#microphone.rate };
  }

  /** What was heard, until another sound is chosen. */
  get peaks(): Peaks | null {
    return this.#peaks;
  }

  /** Life beside speech, from now on. */
  set idle(idle: IdleLife) {
    this.#idle = idle;
    if (this.#follower !== null) this.#follower.idle = idle;
  }

  /** Loudness now, 0 … 1. */
  get level(): number {
    return this.#microphone?.level ?? 0;
  }

  /** Time of the pose shown: what was captured less look-ahead and margin, microseconds. */
  get playUs(): number | null {
    return this.#follower === null ? null : (this.#link.session?.player.shownUs ?? null);
  }

  /** The row to show now, or null while it is closed. */
  row(): Float32Array | null {
    if (this.#follower === null) return null;
    return this.#follower.sample();
  }

  async open(): Promise<void> {
    this.#release();
    const turn = this.#turn;
    retract(this.#store, "microphone");
    this.#store.patch({ mic: "asking", micFault: null });
    try {
      const context = await this.#sounds.wake();
      const { deviceId } = this.#store.state;
      const microphone = await Microphone.open(context, deviceId === "" ? {} : { deviceId });
      if (turn !== this.#turn) return microphone.stop();
      this.#microphone = microphone;
      microphone.on("ended", () => this.#lose("The microphone went away."));
      const session = await this.#link.fit({ source: "mic", rateHz: microphone.rate });
      if (turn !== this.#turn) return;
      this.#hear(session, microphone);
      await this.#listDevices();
    } catch (error) {
      if (turn !== this.#turn) return;
      this.#stop();
      if (error instanceof MicrophoneError) this.#store.patch({ micFault: error.reason });
      else notify(this.#store, { key: "microphone", level: "error", text: words(error) });
      this.#over();
    }
  }

  async close(): Promise<void> {
    if (this.#store.state.mic === "off") return;
    this.#stop();
    retract(this.#store, "microphone");
    this.#over();
  }

  /** Forget what was heard: the timeline belongs to another sound. */
  forget(): void {
    if (!this.isOpen) this.#peaks = null;
  }

  #hear(session: Session, microphone: Microphone): void {
    const peaks = new Peaks();
    this.#peaks = peaks;
    // Before the follower's own stream: `capturedUs` is about the newest one.
    void listen(microphone, peaks);
    const follower = follow(session, microphone, { idle: this.#idle });
    const { line } = follower;
    this.#follower = follower;
    this.#store.patch({ mic: "on" });
    this.#begun(line);
    // Whoever ended it: a microphone that nobody hears is not shown as on.
    const ended = (why: string): void => {
      if (this.#follower === follower) this.#lose(`The microphone's line ended early: ${why}.`);
    };
    line.done.then(
      () => ended(line.state),
      (error: unknown) => ended(words(error)),
    );
  }

  #stop(): void {
    this.#release();
    this.#store.patch({ mic: "off" });
  }

  #release(): void {
    this.#turn += 1;
    this.#follower?.stop();
    this.#microphone?.stop();
    this.#follower = null;
    this.#microphone = null;
  }

  #lose(why: string): void {
    void this.close();
    const text = `${why} Press Microphone to open it again.`;
    notify(this.#store, { key: "microphone", level: "error", text });
  }

  async #listDevices(): Promise<void> {
    const found = await navigator.mediaDevices.enumerateDevices();
    const devices = found
      .filter((device) => device.kind === "audioinput" && device.deviceId !== "")
      .map((device, at) => ({
        id: device.deviceId,
        label: device.label || `Microphone ${at + 1}`,
      }));
    this.#store.patch({ devices });
  }
}

/** Draw what is captured into peaks, until the microphone ends. */
async function listen(microphone: Microphone, peaks: Peaks): Promise<void> {
  const reader = microphone.sound().getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    peaks.hear(value, microphone.rate);
  }
}

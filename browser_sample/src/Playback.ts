/** Sound out, and poses slaved to its clock through the gate. */

import type { GateState } from "./core/Gate.js";
import * as Idle from "./core/Idle.js";
import type { Row } from "./core/Layout.js";
import { toMono } from "./core/Pcm.js";
import { Deck } from "./Deck.js";
import { clockUs, Emitter } from "./Emitter.js";
import type { Line } from "./Line.js";
import type { Sound } from "./Reel.js";
import type { Session } from "./Session.js";
import type { Sink } from "./Sink.js";
import { Speaker } from "./Speaker.js";

/** Which life there is beside speech. */
export interface IdleLife {
  /** Any number of the character's own, 0 … 2³² − 1. */
  readonly seed: number;
  readonly level: Idle.Level;
}

export interface PlaybackOptions {
  /** Where the sound goes; the context's destination unless set. */
  readonly destination?: AudioNode;
  readonly idle?: IdleLife;
}

export interface PlaybackEvents {
  state: GateState;
  /** Another line is played. */
  line: Line;
  /** A line was played out or interrupted. */
  end: Line;
}

/** How often time passes without frames, and how often the server is told where the sound is. */
const TICK_MS = 50;
const TELL_US = 240_000;
const FADE_US = 60_000;

/** Plays the lines of one session one after the other. */
export class Playback extends Emitter<PlaybackEvents> {
  idle: IdleLife;
  /** Begin a line again at its end while no other one waits. */
  loop = false;
  readonly #session: Session;
  readonly #sink: Sink;
  readonly #timer: ReturnType<typeof setInterval>;
  readonly #off: () => void;
  /** The line that is played, or was last, then those that wait. */
  #decks: Deck[] = [];
  #state: GateState = "wait";
  #isPaused = false;
  #isOver = true;
  #isSeen = true;
  #stalls = 0;
  #skewUs: number | null = null;
  #told = "";
  #toldUs = 0;

  /** @param output - an `AudioContext`, or anything else that sound can be put on. */
  constructor(session: Session, output: AudioContext | Sink, options: PlaybackOptions = {}) {
    super();
    this.#session = session;
    this.#sink = "put" in output ? output : new Speaker(output, options.destination);
    this.#sink.onchange = () => void this.#step(clockUs());
    this.idle = options.idle ?? { seed: Math.floor(Math.random() * 2 ** 32), level: "alive" };
    this.#timer = setInterval(() => this.#step(clockUs()), TICK_MS);
    this.#off = session.on("utterance", ({ state }) => {
      // The server has begun it, perhaps a new one that knows nothing of the sound yet.
      if (state === "started") this.#tell(true);
    });
    globalThis.document?.addEventListener("visibilitychange", this.#see);
    this.#see();
  }

  /** The line that is played, or was last; null before the first. */
  get line(): Line | null {
    return this.#decks[0]?.line ?? null;
  }

  get state(): GateState {
    return this.#state;
  }

  get isPaused(): boolean {
    return this.#isPaused;
  }

  /** The browser lets nothing sound before the first click or key; see `resume`. */
  get isSuspended(): boolean {
    return !this.#sink.isRunning;
  }

  /** How often the sound had to wait for poses. */
  get stalls(): number {
    return this.#stalls;
  }

  /** Play head of `line` as heard now, µs; null while none of it is heard. */
  get playUs(): number | null {
    return this.#isOver ? null : (this.#decks[0]?.headUs ?? null);
  }

  /** End of the sound of `line` that has come, µs. */
  get arrivedUs(): number {
    return this.line?.reel.endUs ?? 0;
  }

  /** Length of `line`, µs; null while more may come. */
  get durationUs(): number | null {
    return this.line?.reel.isEnded ? this.arrivedUs : null;
  }

  /** Time of the pose aimed at by the last `sample` − play head, µs; null at rest. */
  get skewUs(): number | null {
    return this.#skewUs;
  }

  /** 0 … 1. */
  get volume(): number {
    return this.#sink.volume;
  }

  set volume(value: number) {
    this.#sink.volume = value;
  }

  /**
   * Say a line: it is sent at once, and heard when those before it are over and enough poses are
   * here. Of an `AudioBuffer` all channels are heard and their mean is sent.
   */
  say(sound: AudioBuffer | Sound, options: { readonly firstUs?: number } = {}): Line {
    let channels: Float32Array[] | null = null;
    let mono = sound as Sound;
    if ("getChannelData" in sound) {
      const { rate } = this.#session;
      if (sound.sampleRate !== rate) {
        throw new RangeError(`found sound of ${sound.sampleRate} Hz, wanted the session's ${rate}`);
      }
      channels = Array.from({ length: sound.numberOfChannels }, (_, k) => sound.getChannelData(k));
      mono = toMono(channels);
    }
    const line = this.#session.say(mono, options);
    if (this.#isOver) this.#decks = [];
    this.#decks.push(new Deck(this.#sink, line, channels));
    if (this.#decks.length === 1) this.#enter();
    this.#sink.wake();
    this.#step(clockUs());
    return line;
  }

  pause(): void {
    this.#isPaused = true;
    this.#step(clockUs());
  }

  /** Go on after `pause`; called from a click it also lets a suspended context sound. */
  resume(): void {
    this.#isPaused = false;
    this.#sink.wake();
    this.#step(clockUs());
  }

  /** Go to a time of `line`, µs, within what has arrived; a line that is over is played again. */
  seek(us: number): void {
    const deck = this.#decks[0];
    if (!deck || deck.line.state === "interrupted") return;
    deck.seek(us);
    this.#isOver = false;
    this.#step(clockUs());
  }

  /** Drop the line that is played and those that wait, with a short fade. */
  interrupt(): void {
    const deck = this.#decks[0];
    if (!deck) return;
    const tUs = this.playUs;
    deck.halt(FADE_US);
    const last = (this.#decks.at(-1) as Deck).line.u;
    const { u } = deck.line;
    this.#session
      .interrupt(last, u === last && tUs !== null ? tUs : undefined)
      .catch(() => undefined);
    this.#decks = [deck];
    if (!this.#isOver) this.#end();
    this.#step(clockUs());
  }

  /** The row to show now, idle life added; call it once per frame. */
  sample(nowUs: number = clockUs()): Row {
    const row = this.#step(nowUs);
    const { seed, level } = this.idle;
    return Idle.apply(row, Idle.offsets(seed, nowUs, level), this.#session.player.layout.idle);
  }

  /** Stop playing; the session stays open. */
  close(): void {
    this.interrupt();
    clearInterval(this.#timer);
    this.#off();
    globalThis.document?.removeEventListener("visibilitychange", this.#see);
    this.#sink.onchange = null;
    this.#sink.close();
  }

  /** Let time pass: ask the player, do what the gate says. */
  #step(nowUs: number): Row {
    const { player } = this.#session;
    const deck = this.#decks[0];
    player.isPaused = this.#isPaused || !this.#sink.isRunning;
    const headUs = this.playUs;
    const row = player.sample(deck?.line.u ?? 0, headUs, nowUs);
    const { shownUs } = player;
    this.#skewUs = shownUs === null || headUs === null ? null : shownUs + player.avOffsetUs - headUs;
    if (player.state !== this.#state) {
      this.#state = player.state;
      if (this.#state === "stall") this.#stalls++;
      this.emit("state", this.#state);
    }
    if (deck && !this.#isOver) this.#obey(deck, headUs);
    this.#tell(false);
    return row;
  }

  #obey(deck: Deck, headUs: number | null): void {
    const { line } = deck;
    const isNextWaiting = this.#decks.length > 1;
    const isHeard = line.reel.isEnded && headUs !== null && headUs >= line.reel.endUs;
    if (line.state === "interrupted" || line.state === "failed") {
      deck.halt(FADE_US);
      this.#end();
    } else if (this.#state === "stop" || (isNextWaiting && isHeard && !this.#isPaused)) {
      if (this.loop && !isNextWaiting && headUs !== null) deck.seek(deck.startUs);
      else this.#end();
    } else if (this.#isPaused || this.#state === "stall" || this.#state === "wait") deck.halt();
    else if (headUs === null || !this.#isMissing(line, headUs)) deck.start();
    deck.pump();
  }

  /** After a jump the sound stands until poses have come, or the gate has seen that they do not. */
  #isMissing(line: Line, headUs: number): boolean {
    return this.#session.player.isVisible && !line.isOver && line.posesUs <= headUs;
  }

  #enter(): void {
    this.#isOver = false;
    this.emit("line", (this.#decks[0] as Deck).line);
  }

  /** The line is over: on to the next one, if there is one. */
  #end(): void {
    const { line } = this.#decks[0] as Deck;
    this.#isOver = true;
    this.emit("end", line);
    if (this.#decks.length > 1 && this.#decks[0]?.line === line) {
      this.#decks.shift();
      this.#enter();
    }
  }

  /** Tell the server where the sound is: four times a second, and at changes. */
  #tell(isDue: boolean): void {
    const deck = this.#decks[0];
    if (!deck || this.#isOver) return;
    const nowUs = clockUs();
    const headUs = deck.headUs;
    const isStanding = headUs === null || !deck.isRunning || !this.#sink.isRunning;
    const told = `${deck.line.u} ${isStanding}`;
    if (!isDue && told === this.#told && nowUs - this.#toldUs < TELL_US) return;
    this.#told = told;
    this.#toldUs = nowUs;
    this.#session.played(deck.line.u, headUs ?? deck.startUs, 1, isStanding);
  }

  /** Nobody looks at a hidden page: no poses are needed, the sound goes on. */
  readonly #see = (): void => {
    const visible = globalThis.document?.visibilityState !== "hidden";
    if (visible === this.#isSeen) return;
    this.#isSeen = visible;
    this.#tell(true);
    // A burst is not asked for again: what a hidden page does not take would be missing for good.
    if (this.#session.terms.isBurst) return;
    this.#session.set({ visible }).catch(() => undefined);
  };
}

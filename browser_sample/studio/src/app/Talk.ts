import type { Client, Line, Opened, Playback, Session } from "../../../src/index.js";
import type { Take } from "../logic/Take.js";
import { Ear, IDLE_SEED } from "./Ear.js";
import { Link } from "./Link.js";
import { Meter } from "./Meter.js";
import { Shown } from "./Shown.js";
import { rest, SOUND_RATE_HZ, type Sounds } from "./Sounds.js";
import { notify, retractTries, type SoundItem, type StudioStore, words } from "./State.js";
import { Takes } from "./Takes.js";
import { Debounce } from "./Throttle.js";
import { Voice } from "./Voice.js";

/** Files and the clip are decoded to one rate, whatever the device has. */
const LINE = { source: "line", rateHz: SOUND_RATE_HZ } as const;

const LINES_KEPT = 50;

/** What is spoken: the session, the line that runs, its sound, and everything received of it. */
export class Talk {
  readonly meter = new Meter();
  readonly takes = new Takes();
  readonly ear: Ear;
  readonly link: Link;
  readonly shown: Shown;
  /** Lines of this page, oldest first; the last ones only. */
  readonly lines: Line[] = [];
  readonly #store: StudioStore;
  readonly #sounds: Sounds;
  readonly #voice: Voice;
  readonly #rebind: (opened: Opened) => void;
  readonly #refit = new Debounce(120, () => this.#keepFitting());
  #known: Session | null = null;
  #line: Line | null = null;
  #item: SoundItem | null = null;
  #cursorUs: number | null = null;
  #tuned = "";
  /** Which press of Play counts: those before it were given up. */
  #turn = 0;

  /** @param parts `rebind` is told whenever rows have another form. */
  constructor(
    store: StudioStore,
    parts: { client: Client; sounds: Sounds; rebind: (opened: Opened) => void },
  ) {
    this.#store = store;
    this.#sounds = parts.sounds;
    this.#rebind = parts.rebind;
    this.link = new Link(store, parts.client, {
      opened: (session, opened) => this.#opened(session, opened),
      poses: (u, i, rows) => this.#poses(u, i, rows),
      load: (counted) => this.meter.load(counted, performance.now()),
      ended: () => this.#ended(),
    });
    this.ear = new Ear(store, {
      sounds: parts.sounds,
      link: this.link,
      begun: (line) => this.#begin(line, null, null),
      over: () => this.#refit.call(),
    });
    this.#voice = new Voice(store, (line) => this.#over(line));
    this.shown = new Shown(parts.sounds, this.ear, () => this.take);
    const refit = (): void => this.#refit.call();
    store.watch((state) => state.settings, refit);
    store.watch((state) => state.server, refit);
    store.watch(
      (state) => state.head,
      () => void this.#changeHead(),
    );
    store.watch(
      (state) => state.chosen,
      () => this.#chose(),
    );
    store.watch(
      (state) => state.settings.idle,
      (level) => {
        this.ear.idle = { seed: IDLE_SEED, level };
      },
    );
  }

  get session(): Session | null {
    return this.link.session;
  }

  get playback(): Playback | null {
    return this.#voice.playback;
  }

  /** Everything received of the line that runs or ran last. */
  get take(): Take | null {
    return this.takes.current;
  }

  get line(): Line | null {
    return this.#line;
  }

  /** Where the play head is, microseconds; null while nothing plays and no pose is looked at. */
  get playUs(): number | null {
    if (this.ear.isOpen) return this.ear.playUs;
    return this.isRunning ? (this.playback?.playUs ?? null) : this.#cursorUs;
  }

  /** Whether a line runs, heard or paused. */
  get isRunning(): boolean {
    return this.#store.state.play !== "idle";
  }

  /** The pose that a person looks at while nothing plays; null = none. */
  get looked(): Float32Array | null {
    if (this.isRunning || this.ear.isOpen || this.#cursorUs === null) return null;
    const { take } = this;
    const opened = this.#store.state.opened;
    const isSame =
      take !== null && opened !== null && take.form.curves.join() === opened.curves.join();
    return isSame ? (take.at(this.#cursorUs)?.row ?? null) : null;
  }

  /** Play, pause, go on: whatever the large button means now. */
  async toggle(): Promise<void> {
    const { play } = this.#store.state;
    if (play === "idle") await this.play();
    else if (play === "paused") this.playback?.resume();
    else if (this.#sounds.state === "suspended") await this.#sounds.wake();
    else this.playback?.pause();
    this.#voice.tell();
  }

  /** Open the microphone in place of what plays, or close it. */
  async toggleMicrophone(): Promise<void> {
    if (this.#store.state.mic !== "off") return this.ear.close();
    this.interrupt();
    await this.ear.open();
  }

  /** Speak the chosen sound from where the cursor is. */
  async play(): Promise<void> {
    const item = this.#sounds.chosen();
    if (item?.sound == null || this.#store.state.server !== "ready") {
      notify(this.#store, {
        key: "play",
        level: "error",
        text:
          item?.sound == null
            ? "There is no sound to play: choose or drop an audio file."
            : "The server cannot be reached: press Play when it is back.",
      });
      return;
    }
    retractTries(this.#store);
    this.#store.patch({ micFault: null });
    if (this.ear.peaks !== null) this.#cursorUs = null;
    await this.ear.close();
    this.ear.forget();
    this.#store.patch({ play: "starting" });
    const turn = ++this.#turn;
    try {
      const context = await this.#sounds.wake();
      const session = await this.link.fit(LINE);
      if (turn !== this.#turn || !this.isRunning) return;
      this.#speak(this.#voice.for(session, context), item);
    } catch (error) {
      if (turn !== this.#turn) return;
      this.#store.patch({ play: "idle" });
      notify(this.#store, { key: "play", level: "error", text: words(error) });
    }
  }

  /** Go to a time: within what has arrived while a line runs, anywhere in what was received after. */
  seek(tUs: number): void {
    if (this.ear.isOpen) return;
    if (this.isRunning && this.playback !== null) {
      this.meter.jumped(performance.now());
      this.#voice.seek(tUs);
    } else this.#cursorUs = Math.min(Math.max(tUs, 0), this.shown.endUs);
  }

  /** Stop at once: the line is dropped, here and at the server, and the mouth closes. */
  interrupt(): void {
    void this.ear.close();
    this.#turn += 1;
    this.#cursorUs = null;
    this.#voice.interrupt();
    this.#store.patch({ play: "idle" });
    this.#refit.call();
  }

  /** A line ended; with loop on, the sound is spoken again as a new line, so that changes are heard. */
  #over(line: Line): void {
    if (line !== this.#line) return;
    const isWhole = line.state === "poses_done";
    this.#store.patch({ play: "idle" });
    this.#cursorUs = null;
    if (this.#store.state.settings.loop && isWhole && this.#item !== null) void this.play();
    else this.#refit.call();
  }

  /** @param fromUs Where it begins in the sound; null = it is the microphone's. */
  #begin(line: Line, session: Session | null, fromUs: number | null): void {
    const opened = (session ?? this.link.session)?.opened;
    if (opened === undefined) return;
    this.#cursorUs = null;
    this.#line = line;
    if (fromUs === null) this.takes.beginMicrophone(line, opened);
    else this.takes.beginLine(line, opened, { fromUs, endUs: this.shown.lengthUs });
    this.meter.skew.clear();
    this.lines.push(line);
    if (this.lines.length > LINES_KEPT) this.lines.shift();
    // Of the microphone's, the ear tells.
    if (fromUs === null) return;
    line.done.catch((error: unknown) => {
      const text = `The line ended early: ${words(error)}`;
      notify(this.#store, { key: "line", level: "error", text });
    });
  }

  /** A new line; from a cursor on, the one that is there where nothing was changed since. */
  #speak(playback: Playback, item: SoundItem): void {
    if (item.sound === null) return;
    const fromUs = this.#cursorUs ?? 0;
    const isSame =
      this.#item === item && this.#tuned === this.#tuning() && playback.line === this.#line;
    playback.resume();
    if (fromUs > 0 && isSame && this.#line?.state === "poses_done") {
      this.#cursorUs = null;
      playback.seek(fromUs);
      return;
    }
    this.#item = item;
    this.#tuned = this.#tuning();
    const line =
      fromUs > 0
        ? playback.say(rest(item.sound, fromUs), { firstUs: fromUs })
        : playback.say(item.sound);
    this.#begin(line, this.session, fromUs);
  }

  /** What poses depend on beside session and sound. */
  #tuning(): string {
    const { emotion, params } = this.#store.state.settings;
    return JSON.stringify([emotion, params]);
  }

  #chose(): void {
    if (this.isRunning) this.interrupt();
    this.ear.forget();
    this.#cursorUs = null;
    this.takes.forget();
  }

  /** Keep the session in step with the settings while nothing runs; say that it waits otherwise. */
  #keepFitting(): void {
    const isBusy = this.isRunning || this.ear.isOpen;
    const { server, head, hasWebGl, isHeadLoading } = this.#store.state;
    const isReady = server === "ready" && (head !== null || !hasWebGl || !isHeadLoading);
    // A session is being opened for a microphone that is there: it would be closed under it.
    const isTaken = this.ear.form !== null;
    if (!isBusy && !isTaken && isReady) void this.link.fit(LINE).catch(() => undefined);
    const isPending = isBusy && !this.link.fits(this.ear.form ?? LINE);
    if (isPending !== this.#store.state.isPending) this.#store.patch({ isPending });
  }

  /** Rows made for one head are nothing for another: go on at once in a session that fits it. */
  async #changeHead(): Promise<void> {
    const { mic, play } = this.#store.state;
    const atUs = this.playUs;
    if (mic === "on") {
      await this.ear.close();
      await this.ear.open();
    } else if (play === "playing" || play === "stalled") {
      this.interrupt();
      this.#cursorUs = atUs;
      await this.play();
    } else this.#refit.call();
  }

  #opened(session: Session, opened: Opened): void {
    if (session !== this.#known) this.#drop();
    this.#known = session;
    this.#rebind(opened);
    this.#refit.call();
  }

  #drop(): void {
    this.#voice.drop();
    this.meter.reset();
  }

  #poses(u: number, i: number, rows: Float32Array): void {
    const width = this.#store.state.opened?.row ?? 0;
    this.meter.poses(width === 0 ? 0 : rows.length / width, performance.now());
    this.takes.poses(u, i, rows);
  }

  #ended(): void {
    this.#drop();
    this.#store.patch({ play: "idle" });
    this.#refit.call();
  }
}

import { type Client, connect, Idle, type Opened } from "../../../src/index.js";
import type { Settings } from "../logic/Settings.js";
import { Stage } from "../stage/Stage.js";
import { Exporter } from "./Exporter.js";
import { kindOf } from "./Files.js";
import { IDLE_SEED } from "./Ear.js";
import { keptSecret } from "./Secret.js";
import { Sounds } from "./Sounds.js";
import { FILE_KEY, notify, retract, type StudioStore, waitOf, words } from "./State.js";
import { Talk } from "./Talk.js";
import { Tuning } from "./Tuning.js";

const HEAD = "/head.glb";
const METER_MS = 250;

/** Everything behind the page: what a click does, and the row of every frame. */
export class Studio {
  readonly store: StudioStore;
  readonly client: Client;
  readonly stage: Stage | null;
  readonly sounds: Sounds;
  readonly talk: Talk;
  readonly exporter: Exporter;
  readonly #tuning: Tuning;
  readonly #frames = new Set<(row: Float32Array | null) => void>();
  #isDrawing = false;

  constructor(store: StudioStore, canvas: HTMLCanvasElement, address: string) {
    this.store = store;
    this.stage = this.#stageOn(canvas);
    this.client = connect(address, { name: "a2f-ws-studio/1", ...keptSecret() });
    this.sounds = new Sounds(store);
    this.talk = new Talk(store, {
      client: this.client,
      sounds: this.sounds,
      rebind: (opened) => this.#bind(opened),
    });
    this.#tuning = new Tuning(store, () => this.talk.session);
    this.exporter = new Exporter(store, {
      takes: this.talk.takes,
      sourceName: () => this.talk.shown.name,
      stage: this.stage,
      rebind: () => this.#bind(store.state.opened),
    });
    this.#watchClient();
    this.#watchSettings();
  }

  /** Load head and clip, and begin to draw. */
  start(): void {
    void this.#loadHead(HEAD, false).then((fault) => {
      if (fault !== null && this.stage !== null) this.#tellFile(fault);
    });
    void this.sounds.loadClip();
    setInterval(() => this.#measure(), METER_MS);
    this.#isDrawing = true;
    requestAnimationFrame((nowMs) => this.#frame(nowMs));
  }

  /** Call `then` in every frame with the row that is shown; null while there is none. */
  onFrame(then: (row: Float32Array | null) => void): void {
    this.#frames.add(then);
  }

  /** Change settings; what hangs on them follows. */
  change(part: Partial<Settings>): void {
    this.store.patch({ settings: { ...this.store.state.settings, ...part } });
  }

  /** Put the head that comes with the server on the stage. */
  async loadDefaultHead(): Promise<void> {
    this.#tellFile((await this.#loadHead(HEAD, true)) ?? "");
  }

  /** Take files that were dropped or chosen: heads go on stage, sounds into the list. */
  async take(files: Iterable<File>): Promise<void> {
    const faults: string[] = [];
    for (const file of files) {
      const fault = await this.#takeOne(file);
      if (fault !== null) faults.push(fault);
    }
    this.#tellFile(faults.join(" "));
  }

  async #takeOne(file: File): Promise<string | null> {
    const kind = kindOf(file);
    if (kind === "head") return this.#loadHead(file, true);
    if (kind === "sound") return this.sounds.loadFile(file);
    return `${file.name} is neither a head (.glb, .vrm) nor a sound.`;
  }

  /** What was wrong with the files that came last, in one place; empty = nothing. */
  #tellFile(text: string): void {
    if (text === "") retract(this.store, FILE_KEY);
    else notify(this.store, { key: FILE_KEY, level: "error", text });
  }

  /**
   * The head before stays where this fails. One that a person chose gets the rig that fits it best.
   *
   * @returns What was wrong, in words; null = nothing.
   */
  async #loadHead(source: string | File, isChosen: boolean): Promise<string | null> {
    if (this.stage === null) return "There is no picture without WebGL, so no head can be shown.";
    this.store.patch({ isHeadLoading: true });
    try {
      const head = await this.stage.load(source);
      this.store.patch({ head, headFault: null });
      if (isChosen) this.change({ rig: "auto" });
      this.#bind(this.store.state.opened);
      return null;
    } catch (error) {
      const kept = this.store.state.head === null ? "" : " The head before stays.";
      if (this.store.state.head === null) this.store.patch({ headFault: words(error) });
      return `${words(error)}${kept}`;
    } finally {
      this.store.patch({ isHeadLoading: false });
    }
  }

  #stageOn(canvas: HTMLCanvasElement): Stage | null {
    try {
      return new Stage(canvas);
    } catch {
      this.store.patch({ hasWebGl: false });
      return null;
    }
  }

  #watchClient(): void {
    const { client, store } = this;
    const tell = (): void => {
      const { state, fault, hello } = client;
      const retryInMs = fault?.retryInMs ?? null;
      store.patch({
        server: state,
        serverFault: fault?.message ?? null,
        retryAtMs: retryInMs === null ? null : performance.now() + retryInMs,
        hello: hello ?? store.state.hello,
      });
    };
    client.on("state", tell);
    client.on("hello", tell);
    client.on("hello", () => {
      for (const key of ["play", "line", "session"]) retract(store, key);
    });
    tell();
  }

  #watchSettings(): void {
    const { store, stage } = this;
    store.watch(
      (state) => state.settings.camera,
      (camera) => stage?.camera(camera),
    );
    stage?.onFault((drawFault) => store.patch({ drawFault }));
  }

  #bind(opened: Opened | null): void {
    if (opened === null) return;
    this.stage?.bind(opened.curves, opened.transforms);
    const { session } = this.talk;
    if (session !== null) this.#tuning.opened(session);
  }

  #frame(nowMs: number): void {
    if (!this.#isDrawing) return;
    requestAnimationFrame((later) => this.#frame(later));
    const row = this.#row(Math.round(nowMs * 1000));
    if (row !== null) this.stage?.show(row);
    this.stage?.render(nowMs);
    this.talk.meter.frame(nowMs);
    this.#measureSkew();
    for (const tell of this.#frames) tell(row);
  }

  #row(nowUs: number): Float32Array | null {
    const { talk } = this;
    const looked = talk.looked;
    if (looked !== null) return looked;
    const heard = talk.ear.row();
    if (heard !== null) return heard;
    if (talk.playback !== null) return talk.playback.sample();
    const { session } = talk;
    return session === null ? null : this.#alive(session.player.sample(0, null, nowUs), nowUs);
  }

  #alive(row: Float32Array, nowUs: number): Float32Array {
    const { opened, settings } = this.store.state;
    return opened === null
      ? row
      : Idle.apply(row, Idle.offsets(IDLE_SEED, nowUs, settings.idle), opened.idle);
  }

  /** How far the sound has run from the pose by the time that the picture is drawn. */
  #measureSkew(): void {
    const { session, playback, meter } = this.talk;
    if (session === null || playback === null || this.store.state.play !== "playing") return;
    const { shownUs, avOffsetUs } = session.player;
    const { playUs } = playback;
    if (shownUs !== null && playUs !== null)
      meter.skew.add(Math.abs(shownUs + avOffsetUs - playUs));
  }

  #measure(): void {
    const { talk, client, sounds, store } = this;
    const { session, playback } = talk;
    const health = talk.meter.read(
      {
        lookAheadUs: store.state.opened?.lookAheadUs ?? null,
        addedLatencyUs: talk.line?.addedLatencyUs ?? [],
        roundTripUs: client.roundTripUs,
        busy: session?.load?.busy ?? null,
        stalls: playback?.stalls ?? 0,
        bytesIn: client.bytesIn,
        bytesOut: client.bytesOut,
        audio: sounds.state,
      },
      performance.now(),
    );
    const isWaiting = waitOf({ ...store.state, health }) !== "nothing" && !document.hidden;
    const waitsSinceMs = isWaiting ? (store.state.waitsSinceMs ?? performance.now()) : null;
    store.patch({ health, waitsSinceMs });
  }
}

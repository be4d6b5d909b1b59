import {
  type Client,
  type Hello,
  type OpenOptions,
  type Opened,
  ServerError,
  type Session,
} from "../../../src/index.js";
import { AHEAD_US, isNear } from "../logic/OpenText.js";
import { rateOf, type Settings } from "../logic/Settings.js";
import { notify, retract, type StudioStore, words } from "./State.js";

/** How the sound of a session comes. */
export interface SoundForm {
  readonly source: "line" | "mic";
  /** Samples per second. */
  readonly rateHz: number;
}

/** What the link tells those who use its session. */
export interface LinkListener {
  /** A session is there, or its rows changed. */
  opened(session: Session, opened: Opened): void;
  poses(u: number, i: number, rows: Float32Array): void;
  load(counted: { late: number; dropped: number }): void;
  /** It ended by itself; the link has none any more. */
  ended(): void;
}

/** Keeps one session open that fits the settings, the head on stage and the sound to come. */
export class Link {
  readonly #store: StudioStore;
  readonly #client: Client;
  readonly #listener: LinkListener;
  #session: Session | null = null;
  #key = "";
  #ends: (() => void)[] = [];
  #turn: Promise<unknown> = Promise.resolve();

  constructor(store: StudioStore, client: Client, listener: LinkListener) {
    this.#store = store;
    this.#client = client;
    this.#listener = listener;
  }

  get session(): Session | null {
    return this.#session;
  }

  /** Whether the session that is open is the one that the settings ask for. */
  fits(form: SoundForm): boolean {
    return this.#session !== null && !this.#session.isClosed && this.#key === this.#keyOf(form);
  }

  /** The session that fits, opened anew where the one that is open does not. One at a time. */
  fit(form: SoundForm): Promise<Session> {
    const next = this.#turn.then(() => this.#fit(form));
    this.#turn = next.catch(() => undefined);
    return next;
  }

  async #fit(form: SoundForm): Promise<Session> {
    if (this.#session !== null && this.fits(form)) return this.#session;
    const key = this.#keyOf(form);
    const options = this.#optionsFor(form);
    this.#leave();
    try {
      const session = await this.#openWith(options);
      this.#enter(session, key);
      // Settings and head may have changed since it was asked for.
      return key === this.#keyOf(form) ? session : await this.#fit(form);
    } catch (error) {
      this.#store.patch({ openFault: words(error), opened: null });
      throw error;
    }
  }

  /** Where the head has no name of the rig, the whole rig: sound, curves and the match are there. */
  async #openWith(options: OpenOptions): Promise<Session> {
    try {
      return await this.#client.open(options);
    } catch (error) {
      const isNamesAtFault = error instanceof ServerError && error.field === "have";
      if (!isNamesAtFault || options.have === undefined) throw error;
      const { have: _have, ...others } = options;
      const rigs = this.#store.state.hello?.rigs ?? [];
      return this.#client.open({ ...others, rig: wholeRig(others.rig, rigs) });
    }
  }

  #enter(session: Session, key: string): void {
    this.#session = session;
    this.#key = key;
    const tell = (opened: Opened): void => {
      this.#store.patch({ opened, openFault: null });
      this.#listener.opened(session, opened);
    };
    this.#ends = [
      session.on("opened", tell),
      session.on("poses", ({ u, i, rows }) => this.#listener.poses(u, i, rows)),
      session.on("status", (status) => {
        // It moves the look-ahead of `opened`, and nothing else that a panel would bind anew.
        if (status.code === "rate") this.#store.patch({ opened: session.opened });
        if (status.code !== "load") return;
        this.#listener.load({
          late: status.counters["late"] ?? 0,
          dropped: status.counters["dropped"] ?? 0,
        });
      }),
      session.on("error", (refusal) => {
        notify(this.#store, {
          key: "session",
          level: "error",
          text: `The server refused something: ${refusal.message}`,
        });
      }),
      session.on("closed", () => {
        if (this.#session !== session) return;
        this.#leave();
        this.#store.patch({ opened: null });
        this.#listener.ended();
      }),
    ];
    retract(this.#store, "session");
    tell(session.opened);
  }

  #leave(): void {
    for (const end of this.#ends) end();
    this.#ends = [];
    const session = this.#session;
    this.#session = null;
    if (session !== null && !session.isClosed) void session.close().catch(() => undefined);
  }

  #keyOf(form: SoundForm): string {
    const { rig, model, fps, pacing } = this.#store.state.settings;
    return JSON.stringify([
      rig,
      model,
      fps,
      pacing,
      form.source,
      form.rateHz,
      this.#store.state.head?.have,
    ]);
  }

  #optionsFor(form: SoundForm): OpenOptions {
    const { settings, hello, head } = this.#store.state;
    const capabilities = hello?.capabilities ?? [];
    const model = hello?.models.find(({ name }) => name === settings.model) ?? hello?.models[0];
    const emotion = entriesOf(settings.emotion, model?.emotions ?? []);
    const params = entriesOf(settings.params, model?.params.map(({ name }) => name) ?? []);
    return {
      ...rigFor(settings, { rigs: hello?.rigs ?? [], have: head?.have ?? [], capabilities }),
      fps: rateOf(settings.fps) ?? 60,
      rate: form.rateHz,
      source: form.source,
      pacing: form.source === "mic" ? "live" : settings.pacing,
      ...(isNear(settings, form.source) ? { aheadUs: AHEAD_US } : {}),
      status: true,
      keepUs: form.source === "mic" ? 2_000_000 : null,
      ...(model?.name === settings.model ? { model: model.name } : {}),
      ...(settings.model === SWEEP && canSweep(hello) ? { model: SWEEP } : {}),
      ...(Object.keys(emotion).length > 0 ? { emotion } : {}),
      ...(Object.keys(params).length > 0 ? { params } : {}),
    };
  }
}

/** The model that moves one curve of the rig at a time, so that a head can be checked by eye. */
export const SWEEP = "sweep";

export function canSweep(hello: Hello | null): boolean {
  return hello?.capabilities.includes(SWEEP) ?? false;
}

/** Those values whose names a model has: settings outlive the server they were made for. */
export function entriesOf(
  values: Readonly<Record<string, number>>,
  names: readonly string[],
): Record<string, number> {
  return Object.fromEntries(Object.entries(values).filter(([name]) => names.includes(name)));
}

/** Rig and `have` of an `open`: "auto" where the server can choose, else what it has. */
function rigFor(
  settings: Settings,
  known: { rigs: readonly string[]; have: readonly string[]; capabilities: readonly string[] },
): { rig: string; have?: string[] } {
  const mayChoose = known.capabilities.includes("auto") && known.have.length > 0;
  const isKnown = known.rigs.includes(settings.rig);
  if (isKnown)
    return known.capabilities.includes("have") && known.have.length > 0
      ? { rig: settings.rig, have: [...known.have] }
      : { rig: settings.rig };
  if (mayChoose) return { rig: "auto", have: [...known.have] };
  return { rig: wholeRig("auto", known.rigs) };
}

/** The rig that was named; "auto" has none without names to choose by, so ARKit's or the first. */
function wholeRig(rig: string | undefined, rigs: readonly string[]): string {
  if (rig !== undefined && rig !== "auto") return rig;
  return rigs.includes("arkit") ? "arkit" : (rigs.find((name) => name !== "auto") ?? "arkit");
}

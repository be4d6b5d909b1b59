import type { Session } from "../../../src/index.js";
import { entriesOf } from "./Link.js";
import { notify, retract, type State, type StudioStore, words } from "./State.js";
import { Throttle } from "./Throttle.js";

const EVERY_MS = 80;

/** The emotions and parameters of the model that the settings name. */
export function modelOf(state: State): NonNullable<State["hello"]>["models"][number] | null {
  const models = state.hello?.models ?? [];
  const name = state.opened?.model ?? state.settings.model;
  return models.find((model) => model.name === name) ?? models[0] ?? null;
}

/** Sends what a person changes while a line runs: emotion and face parameters act on it. */
export class Tuning {
  readonly #store: StudioStore;
  readonly #session: () => Session | null;
  readonly #emotion = new Throttle(EVERY_MS, () => void this.#sendEmotion());
  readonly #params = new Throttle(EVERY_MS, () => void this.#sendParams());
  #told: { session: Session | null; params: Readonly<Record<string, number>> } = {
    session: null,
    params: {},
  };

  constructor(store: StudioStore, session: () => Session | null) {
    this.#store = store;
    this.#session = session;
    let isFirst = true;
    store.watch(
      (state) => state.settings.emotion,
      () => {
        if (!isFirst) this.#emotion.call();
      },
    );
    store.watch(
      (state) => state.settings.params,
      () => {
        if (!isFirst) this.#params.call();
      },
    );
    isFirst = false;
  }

  /** A session was opened with what the settings were then. */
  opened(session: Session): void {
    this.#told = { session, params: this.#store.state.settings.params };
  }

  async #sendEmotion(): Promise<void> {
    const { settings } = this.#store.state;
    const values = entriesOf(settings.emotion, modelOf(this.#store.state)?.emotions ?? []);
    await this.#try("emotion", (session) =>
      session.emotion(values, { transitionUs: Math.round(settings.transitionMs * 1000) }),
    );
  }

  /** Only what differs from what was told last; a parameter that was reset goes to its default. */
  async #sendParams(): Promise<void> {
    const { settings } = this.#store.state;
    const changed: Record<string, number> = {};
    for (const info of modelOf(this.#store.state)?.params ?? []) {
      const now = settings.params[info.name] ?? info.default;
      if (now !== (this.#told.params[info.name] ?? info.default)) changed[info.name] = now;
    }
    if (Object.keys(changed).length === 0) return;
    this.#told = { ...this.#told, params: settings.params };
    await this.#try("params", (session) => session.set({ params: changed }));
  }

  async #try(key: string, send: (session: Session) => Promise<void>): Promise<void> {
    const session = this.#session();
    if (session === null || session.isClosed) return;
    try {
      await send(session);
      retract(this.#store, key);
    } catch (error) {
      notify(this.#store, {
        key,
        level: "error",
        text: `The server did not take the ${key}: ${words(error)}`,
      });
    }
  }
}

import type { Stage } from "../stage/Stage.js";
import { csvText, isArkit } from "../logic/CsvText.js";
import { type OpenFacts, openText, tomlText } from "../logic/OpenText.js";
import { hz } from "../logic/Rate.js";
import { recordingText } from "../logic/RecordingText.js";
import type { Take } from "../logic/Take.js";
import { copy, save, stem } from "./Files.js";
import { SOUND_RATE_HZ } from "./Sounds.js";
import { notify, retract, type StudioStore, words } from "./State.js";

const KEY = "export";

/** Files and texts of what was played and tuned. */
export class Exporter {
  readonly #store: StudioStore;
  readonly #take: () => Take | null;
  readonly #sourceName: () => string;
  readonly #stage: Stage | null;
  readonly #rebind: () => void;

  /** @param parts `rebind` is called when the stage was used for rows of another form. */
  constructor(
    store: StudioStore,
    parts: {
      take: () => Take | null;
      sourceName: () => string;
      stage: Stage | null;
      rebind: () => void;
    },
  ) {
    this.#store = store;
    this.#take = parts.take;
    this.#sourceName = parts.sourceName;
    this.#stage = parts.stage;
    this.#rebind = parts.rebind;
  }

  csv(): void {
    this.#with((take, name) => {
      save(csvText(take), `${name}.csv`, "text/csv");
      if (!isArkit(take.form.curves))
        this.#say("Saved as plain columns: a Live Link Face file needs the 52 ARKit shapes.");
    });
  }

  json(): void {
    this.#with((take, name) => {
      const { settings } = this.#store.state;
      const meta = {
        source: this.#sourceName(),
        emotion: JSON.stringify(settings.emotion),
        params: JSON.stringify(settings.params),
      };
      save(recordingText(take, meta), `${name}.json`, "application/json");
    });
  }

  async glb(): Promise<void> {
    const take = this.#take();
    const stage = this.#stage;
    if (take === null || take.count === 0)
      return this.#say("Play something first: there is no pose yet.");
    if (stage === null || stage.head === null) return this.#say("There is no head to animate.");
    const poses = take.poses();
    try {
      const blob = await stage.exportGlb({
        fps: hz(take.form.fps),
        curves: [...take.form.curves],
        transforms: [...take.form.transforms],
        rows: poses.map((pose) => pose.row),
        tUs: poses.map((pose) => pose.tUs),
      });
      save(blob, `${this.#name()}.glb`);
      retract(this.#store, KEY);
    } catch (error) {
      notify(this.#store, { key: KEY, level: "error", text: words(error) });
    } finally {
      this.#rebind();
    }
  }

  async still(): Promise<void> {
    if (this.#stage === null) return this.#say("There is no picture without WebGL.");
    save(await this.#stage.still(), `${this.#name()}.png`);
  }

  /** The texts to copy. */
  toml(): string {
    return tomlText(this.#store.state.settings, this.#facts());
  }

  open(): string {
    return openText(this.#store.state.settings, this.#facts());
  }

  /**
   * Copy a text, and say so.
   *
   * @returns False where it has to be copied by hand.
   */
  async copy(text: string): Promise<boolean> {
    const isCopied = await copy(text);
    this.#say(
      isCopied
        ? "Copied."
        : "The browser does not allow copying here: take the text from the field below.",
    );
    return isCopied;
  }

  #with(then: (take: Take, name: string) => void): void {
    const take = this.#take();
    if (take === null || take.count === 0)
      return this.#say("Play something first: there is no pose yet.");
    retract(this.#store, KEY);
    then(take, this.#name());
  }

  #say(text: string): void {
    notify(this.#store, { key: KEY, level: "info", text });
  }

  #name(): string {
    return stem(this.#sourceName());
  }

  #facts(): OpenFacts {
    return { have: this.#store.state.head?.have ?? [], rateHz: SOUND_RATE_HZ, source: "line" };
  }
}

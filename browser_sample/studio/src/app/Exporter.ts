import type { Stage } from "../stage/Stage.js";
import { csvText, isArkit } from "../logic/CsvText.js";
import { type OpenFacts, openText, tomlText } from "../logic/OpenText.js";
import { hz } from "../logic/Rate.js";
import { recordingText } from "../logic/RecordingText.js";
import type { Take } from "../logic/Take.js";
import { copy, save, stem } from "./Files.js";
import type { Takes } from "./Takes.js";
import { SOUND_RATE_HZ } from "./Sounds.js";
import { notify, retract, type StudioStore, words } from "./State.js";

const KEY = "export";

/** Files and texts of what was played and tuned. */
export class Exporter {
  /** Whether files are made of the microphone where there is a line as well. */
  isMicrophone = false;
  readonly #store: StudioStore;
  readonly #takes: Takes;
  readonly #sourceName: () => string;
  readonly #stage: Stage | null;
  readonly #rebind: () => void;

  /** @param parts `rebind` is called when the stage was used for rows of another form. */
  constructor(
    store: StudioStore,
    parts: {
      takes: Takes;
      sourceName: () => string;
      stage: Stage | null;
      rebind: () => void;
    },
  ) {
    this.#store = store;
    this.#takes = parts.takes;
    this.#sourceName = parts.sourceName;
    this.#stage = parts.stage;
    this.#rebind = parts.rebind;
  }

  /** What files are made of: the line, or the microphone where that is wanted or there is no line. */
  get take(): Take | null {
    const { current, microphone } = this.#takes;
    const isLine = current !== null && current.count > 0 && !this.isMicrophone;
    return isLine ? current : (microphone ?? current);
  }

  /** Whether there is something of the microphone beside the line. */
  get hasBoth(): boolean {
    const { current, microphone } = this.#takes;
    const hasLine = current !== null && current !== microphone && current.count > 0;
    return hasLine && microphone !== null && microphone.count > 0;
  }

  /** What files are made of, and what is missing there, in words. */
  words(): string {
    const { take } = this;
    if (take === null || take.count === 0) return "Play something first: there is no pose yet.";
    const seconds = (take.count / hz(take.form.fps)).toFixed(1);
    return [`${this.#takeName(take)}: ${take.count} poses, ${seconds} s.`, this.#gapText(take)]
      .filter(Boolean)
      .join(" ");
  }

  csv(): void {
    this.#with((take, name) => {
      save(csvText(take), `${name}.csv`, "text/csv");
      const isPlain = !isArkit(take.form.curves);
      this.#saved(
        take,
        isPlain ? "Saved as plain columns: a Live Link Face file needs the 52 ARKit shapes." : "",
      );
    });
  }

  json(): void {
    this.#with((take, name) => {
      const { settings } = this.#store.state;
      const meta = {
        source: this.#takeName(take),
        emotion: JSON.stringify(settings.emotion),
        params: JSON.stringify(settings.params),
      };
      save(recordingText(take, meta), `${name}.json`, "application/json");
      this.#saved(take, "");
    });
  }

  async glb(): Promise<void> {
    const { take } = this;
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
      save(blob, `${stem(this.#takeName(take))}.glb`);
      retract(this.#store, KEY);
      this.#saved(take, "");
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
    const { take } = this;
    if (take === null || take.count === 0)
      return this.#say("Play something first: there is no pose yet.");
    retract(this.#store, KEY);
    then(take, stem(this.#takeName(take)));
  }

  /** Say what a person would not see in the file. */
  #saved(take: Take, remark: string): void {
    const text = [remark, this.#gapText(take)].filter(Boolean).join(" ");
    if (text !== "") this.#say(text);
  }

  #gapText(take: Take): string {
    const { missing, total } = this.#takes.gaps(take);
    return missing === 0
      ? ""
      : `${missing} of ${total} poses are missing (the page was hidden, the server was restarted or too slow): play it again to have them all.`;
  }

  #takeName(take: Take): string {
    return take === this.#takes.microphone ? "Microphone" : this.#sourceName();
  }

  #say(text: string): void {
    notify(this.#store, { key: KEY, level: "info", text });
  }

  #name(): string {
    return stem(this.#sourceName());
  }

  #facts(): OpenFacts {
    const { head, opened } = this.#store.state;
    return {
      have: head?.have ?? [],
      rateHz: SOUND_RATE_HZ,
      source: "line",
      rig: opened?.rig ?? null,
    };
  }
}

import type { Studio } from "../app/Studio.js";
import { button, choice, el, write } from "./Dom.js";

/** What was played as files, what was tuned as text. */
export class ExportPanel {
  readonly node = el("div", { class: "export" });
  readonly #text = el("textarea", {
    class: "copied",
    testId: "copied-text",
    attributes: { readonly: "", rows: "14", "aria-label": "Text to copy", spellcheck: "false" },
  });

  constructor(studio: Studio) {
    const { exporter } = studio;
    this.#text.hidden = true;
    const inPicture = [
      button("GLB", () => void exporter.glb(), {
        testId: "export-glb",
        title: "The head with an animation of its weights",
      }),
      button("Picture", () => void exporter.still(), {
        testId: "export-png",
        title: "The head as it is now",
      }),
    ];
    studio.store.watch(
      (state) => state.hasWebGl,
      (hasWebGl) => {
        for (const made of inPicture) made.disabled = !hasWebGl;
      },
    );
    this.node.append(
      el(
        "section",
        {},
        el("h2", { text: "What was played" }),
        this.#source(studio),
        el(
          "div",
          { class: "row" },
          button("CSV", () => exporter.csv(), {
            testId: "export-csv",
            title: "Live Link Face recording; plain columns for rigs without the 52 ARKit shapes",
          }),
          button("JSON", () => exporter.json(), {
            testId: "export-json",
            title: "As a2f-ws animate writes it",
          }),
          ...inPicture,
        ),
      ),
      el(
        "section",
        {},
        el("h2", { text: "What was tuned" }),
        el("p", {
          class: "dim",
          text: "Emotion, parameters, rig, pose rate and model. The server has no file for a session: the TOML carries the keys of the open message, for your client to read.",
        }),
        el(
          "div",
          { class: "row" },
          button("Copy as TOML", () => void this.#copy(studio, exporter.toml()), {
            testId: "copy-toml",
          }),
          button("Copy as open message", () => void this.#copy(studio, exporter.open()), {
            testId: "copy-open",
          }),
        ),
        this.#text,
      ),
    );
  }

  /** What files are made of, with what is missing there; a choice where there are two. */
  #source(studio: Studio): HTMLElement {
    const { exporter, store } = studio;
    const text = el("p", { class: "dim", testId: "export-source" });
    const show = (): void => {
      if (this.node.hidden) return;
      of.node.hidden = !exporter.hasBoth;
      of.show(exporter.isMicrophone ? "microphone" : "line");
      const isDrawn = store.state.hasWebGl;
      write(
        text,
        exporter.words() + (isDrawn ? "" : " Without WebGL there are CSV and JSON only."),
      );
    };
    const of = choice(
      "export-of",
      [
        { value: "line", label: "Line that ran last" },
        { value: "microphone", label: "Microphone" },
      ],
      (value) => {
        exporter.isMicrophone = value === "microphone";
        show();
      },
    );
    store.watch((state) => state.health, show);
    return el("div", { class: "export-source" }, of.node, text);
  }

  async #copy(studio: Studio, text: string): Promise<void> {
    this.#text.value = text;
    this.#text.hidden = false;
    if (await studio.exporter.copy(text)) return;
    this.#text.focus();
    this.#text.select();
  }
}

import type { Studio } from "../app/Studio.js";
import { button, el } from "./Dom.js";

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
    this.node.append(
      el(
        "section",
        {},
        el("h2", { text: "What was played" }),
        el("p", { class: "dim", text: "Every pose received of the line that runs or ran last." }),
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
          button("GLB", () => void exporter.glb(), {
            testId: "export-glb",
            title: "The head with an animation of its weights",
          }),
          button("Picture", () => void exporter.still(), {
            testId: "export-png",
            title: "The head as it is now",
          }),
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

  async #copy(studio: Studio, text: string): Promise<void> {
    this.#text.value = text;
    this.#text.hidden = false;
    if (await studio.exporter.copy(text)) return;
    this.#text.focus();
    this.#text.select();
  }
}

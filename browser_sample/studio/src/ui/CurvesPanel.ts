import type { Studio } from "../app/Studio.js";
import { timelineCurves } from "../logic/Match.js";
import { CHOSEN_MAX } from "../logic/Settings.js";
import { el, mark, write } from "./Dom.js";

interface Bar {
  readonly name: string;
  readonly node: HTMLElement;
  readonly box: HTMLInputElement;
  readonly fill: HTMLElement;
  readonly figure: HTMLElement;
  shown: number;
  text: number;
}

const FIGURES_MS = 100;
/** Smallest change of a bar that is drawn, of its length. */
const STEP = 0.004;

/** All curves of the rig as live bars; a tick puts one into the timeline. */
export class CurvesPanel {
  readonly node = el("div", { class: "curves" });
  readonly #studio: Studio;
  readonly #list = el("div", { class: "bars", testId: "bars" });
  readonly #count = el("span", { class: "dim" });
  readonly #filter: HTMLInputElement;
  #bars: Bar[] = [];
  #figuresMs = 0;

  constructor(studio: Studio) {
    this.#studio = studio;
    this.#filter = el("input", {
      testId: "curve-filter",
      attributes: {
        type: "search",
        placeholder: "Filter curves",
        "aria-label": "Filter curves",
        autocomplete: "off",
        spellcheck: "false",
      },
      on: { input: () => this.#sift() },
    });
    this.node.append(
      el("div", { class: "row curves-head" }, this.#filter, this.#count),
      this.#list,
    );
    studio.store.watch(
      (state) => state.opened?.curves.join("\n") ?? "",
      () => this.#build(),
    );
    studio.store.watch(
      (state) => state.settings.chosen,
      () => this.#tick(),
    );
  }

  /** Call once per frame while the panel is shown. */
  frame(row: Float32Array | null, nowMs: number): void {
    const withFigures = nowMs - this.#figuresMs > FIGURES_MS;
    if (withFigures) this.#figuresMs = nowMs;
    for (let at = 0; at < this.#bars.length; at += 1) {
      const bar = this.#bars[at];
      if (bar === undefined || bar.node.hidden) continue;
      this.#move(bar, row?.[at] ?? 0, withFigures);
    }
  }

  #move(bar: Bar, value: number, withFigures: boolean): void {
    const length = Math.min(Math.abs(value), 1);
    if (Math.abs(length - bar.shown) > STEP || (length === 0 && bar.shown !== 0)) {
      bar.fill.style.transform = `scaleX(${length.toFixed(3)})`;
      bar.shown = length;
    }
    const rounded = Math.round(value * 100);
    if (withFigures && rounded !== bar.text) {
      write(bar.figure, rounded === 0 ? "0" : (rounded / 100).toFixed(2));
      bar.text = rounded;
    }
  }

  #build(): void {
    const curves = this.#studio.store.state.opened?.curves ?? [];
    this.#bars = curves.map((name) => this.#barOf(name));
    this.#list.replaceChildren(...this.#bars.map((bar) => bar.node));
    if (curves.length === 0)
      this.#list.append(
        el("p", { class: "dim", text: "Curves appear when the server has opened a session." }),
      );
    this.#sift();
    this.#tick();
  }

  #barOf(name: string): Bar {
    const box = el("input", {
      attributes: { type: "checkbox", "aria-label": `${name} in the timeline` },
      on: { change: () => this.#choose(name, box.checked) },
    });
    const fill = el("i", { class: "bar-fill" });
    const figure = el("span", { class: "figure", text: "0" });
    const node = el(
      "label",
      { class: "bar", title: `${name}: tick to see it in the timeline` },
      fill,
      box,
      el("span", { class: "bar-name", text: name }),
      figure,
    );
    return { name, node, box, fill, figure, shown: 0, text: 0 };
  }

  #choose(name: string, isChosen: boolean): void {
    const { settings, opened } = this.#studio.store.state;
    const shown = timelineCurves(settings.chosen, opened?.curves ?? []);
    const chosen = isChosen
      ? [...shown, name].slice(-CHOSEN_MAX)
      : shown.filter((other) => other !== name);
    this.#studio.change({ chosen });
  }

  #tick(): void {
    const { settings, opened } = this.#studio.store.state;
    const shown = timelineCurves(settings.chosen, opened?.curves ?? []);
    for (const bar of this.#bars) {
      bar.box.checked = shown.includes(bar.name);
      mark(bar.node, "data-lane", shown.indexOf(bar.name) + 1);
    }
  }

  #sift(): void {
    const wanted = this.#filter.value.trim().toLowerCase();
    let left = 0;
    for (const bar of this.#bars) {
      bar.node.hidden = !bar.name.toLowerCase().includes(wanted);
      left += bar.node.hidden ? 0 : 1;
    }
    write(this.#count, wanted === "" ? `${left} curves` : `${left} of ${this.#bars.length}`);
  }
}

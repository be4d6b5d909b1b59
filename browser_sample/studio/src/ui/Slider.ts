import { button, el, mark, write } from "./Dom.js";
import { icon } from "./Icons.js";

export interface SliderOptions {
  readonly label: string;
  readonly testId: string;
  readonly min: number;
  readonly max: number;
  readonly step: number;
  /** Where the small reset button leads. */
  readonly origin: number;
  readonly hint?: string;
  text(value: number): string;
  then(value: number): void;
}

/** A named slider with its value in figures and a way back to where it began. */
export class Slider {
  readonly node: HTMLElement;
  readonly #input: HTMLInputElement;
  readonly #output: HTMLElement;
  readonly #back: HTMLButtonElement;
  readonly #options: SliderOptions;

  constructor(options: SliderOptions) {
    this.#options = options;
    this.#input = el("input", {
      testId: options.testId,
      attributes: {
        type: "range",
        min: String(options.min),
        max: String(options.max),
        step: String(options.step),
        "aria-label": options.label,
      },
      on: {
        input: () => this.#moved(Number(this.#input.value)),
        dblclick: () => this.#moved(options.origin),
      },
    });
    this.#output = el("output", { class: "slider-value" });
    this.#back = button(`Reset ${options.label}`, () => this.#moved(options.origin), {
      icon: icon("reset"),
      class: "slider-reset",
    });
    const name = el("span", {
      class: "slider-name",
      text: options.label,
      title: options.hint ?? options.label,
    });
    this.node = el("div", { class: "slider" }, name, this.#input, this.#output, this.#back);
    this.show(options.origin);
  }

  /** Show a value without telling anyone. */
  show(value: number): void {
    const { min, max, origin, text } = this.#options;
    if (Number(this.#input.value) !== value) this.#input.value = String(value);
    const words = text(value);
    write(this.#output, words);
    mark(this.#input, "aria-valuetext", words);
    this.#input.style.setProperty("--fill", `${((value - min) / (max - min)) * 100}%`);
    const isMoved = Math.abs(value - origin) > (max - min) * 1e-6;
    mark(this.node, "data-moved", isMoved);
    this.#back.disabled = !isMoved;
  }

  #moved(value: number): void {
    this.show(value);
    this.#options.then(value);
  }
}

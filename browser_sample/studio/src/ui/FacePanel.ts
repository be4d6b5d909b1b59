import type { Studio } from "../app/Studio.js";
import { modelOf } from "../app/Tuning.js";
import { hint, label, stepFor, stepText } from "../logic/Labels.js";
import type { IdleLevel } from "../logic/Settings.js";
import { button, choice, el } from "./Dom.js";
import { Slider } from "./Slider.js";

const LEVELS: readonly { value: IdleLevel; label: string; title: string }[] = [
  { value: "off", label: "Off", title: "Nothing but what the server sends" },
  { value: "blink", label: "Blinks", title: "Blinks only" },
  { value: "alive", label: "Alive", title: "Blinks, gaze, breath and small head motion" },
];

type Info = {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  readonly default: number;
};

/** The model's face parameters with their ranges, and how much life there is without sound. */
export class FacePanel {
  readonly node = el("div", { class: "face" });
  readonly #studio: Studio;
  readonly #sliders = el("div", { class: "sliders" });
  #infos: readonly Info[] = [];
  #byName = new Map<string, Slider>();

  constructor(studio: Studio) {
    this.#studio = studio;
    const idle = choice("idle", LEVELS, (value) => studio.change({ idle: value }));
    studio.store.watch(
      (state) => state.settings.idle,
      (value) => idle.show(value),
    );
    const reset = button("Reset all", () => studio.change({ params: {} }), {
      testId: "params-reset",
    });
    this.node.append(
      el(
        "section",
        {},
        el("h2", {}, "Idle life ", el("span", { class: "at-once", text: "acts at once" })),
        idle.node,
      ),
      el(
        "section",
        {},
        el(
          "h2",
          {},
          "Face parameters ",
          el("span", { class: "at-once", text: "act in about half a second" }),
          reset,
        ),
        this.#sliders,
      ),
    );
    studio.store.watch(
      (state) => modelOf(state)?.params,
      (params) => this.#build(params ?? []),
    );
    studio.store.watch(
      (state) => state.settings.params,
      () => this.#show(),
    );
  }

  #build(infos: readonly Info[]): void {
    if (JSON.stringify(infos) === JSON.stringify(this.#infos) && this.#byName.size > 0) return;
    this.#infos = infos;
    this.#byName = new Map(infos.map((info) => [info.name, this.#sliderOf(info)]));
    this.#sliders.replaceChildren(...[...this.#byName.values()].map((slider) => slider.node));
    if (infos.length === 0)
      this.#sliders.append(
        el("p", {
          class: "dim",
          text: "This model has no parameters, or the server is not there yet.",
        }),
      );
    this.#show();
  }

  #sliderOf(info: Info): Slider {
    const step = stepFor(info.min, info.max);
    return new Slider({
      label: label(info.name),
      testId: `param-${info.name}`,
      min: info.min,
      max: info.max,
      step,
      origin: info.default,
      hint: `${info.name}: ${hint(info.name) || "a parameter of this model"} (${info.min} … ${info.max}, default ${info.default})`,
      text: (value) => stepText(value, step),
      then: (value) => this.#moved(info, value),
    });
  }

  /** What is back at its default is not kept: the server's default may change. */
  #moved(info: Info, value: number): void {
    const { [info.name]: _before, ...others } = this.#studio.store.state.settings.params;
    this.#studio.change({
      params: value === info.default ? others : { ...others, [info.name]: value },
    });
  }

  #show(): void {
    const { params } = this.#studio.store.state.settings;
    for (const info of this.#infos)
      this.#byName.get(info.name)?.show(params[info.name] ?? info.default);
  }
}

import type { Studio } from "../app/Studio.js";
import { modelOf } from "../app/Tuning.js";
import { label } from "../logic/Labels.js";
import { emotionOf, presetOf, presetsFor } from "../logic/Presets.js";
import { TRANSITION_MS_MAX } from "../logic/Settings.js";
import { button, el, mark } from "./Dom.js";
import { Slider } from "./Slider.js";

/** The model's emotions as sliders, with presets and the time that a change takes. */
export class EmotionPanel {
  readonly node = el("div", { class: "emotion" });
  readonly #studio: Studio;
  readonly #presets = el("div", {
    class: "presets",
    attributes: { role: "group", "aria-label": "Presets" },
  });
  readonly #sliders = el("div", { class: "sliders" });
  #emotions: readonly string[] = [];
  #byName = new Map<string, Slider>();
  #buttons: { title: string; made: HTMLButtonElement }[] = [];

  constructor(studio: Studio) {
    this.#studio = studio;
    const transition = new Slider({
      label: "Transition",
      testId: "transition",
      min: 0,
      max: TRANSITION_MS_MAX,
      step: 50,
      origin: 300,
      hint: "how long a change of emotion takes",
      text: (value) => `${(value / 1000).toFixed(2)} s`,
      then: (transitionMs) => studio.change({ transitionMs }),
    });
    studio.store.watch(
      (state) => state.settings.transitionMs,
      (value) => transition.show(value),
    );
    this.node.append(
      el(
        "section",
        {},
        el(
          "h2",
          {},
          "Presets ",
          el("span", { class: "at-once", text: "act in about half a second" }),
        ),
        this.#presets,
      ),
      el("section", {}, el("h2", { text: "Emotions" }), this.#sliders),
      el("section", {}, el("h2", { text: "Change" }), transition.node),
    );
    studio.store.watch(
      (state) => modelOf(state)?.emotions,
      (emotions) => this.#build(emotions ?? []),
    );
    studio.store.watch(
      (state) => state.settings.emotion,
      () => this.#show(),
    );
  }

  #build(emotions: readonly string[]): void {
    if (emotions.join() === this.#emotions.join() && this.#byName.size > 0) return;
    this.#emotions = emotions;
    this.#byName = new Map(emotions.map((name) => [name, this.#sliderOf(name)]));
    this.#sliders.replaceChildren(...[...this.#byName.values()].map((slider) => slider.node));
    if (emotions.length === 0)
      this.#sliders.append(
        el("p", {
          class: "dim",
          text: "This model has no emotions, or the server is not there yet.",
        }),
      );
    this.#buttons = presetsFor(emotions).map((preset) => ({
      title: preset.title,
      made: button(
        preset.title,
        () => this.#studio.change({ emotion: emotionOf(preset, this.#emotions) }),
        { testId: `preset-${preset.title.toLowerCase().replace(/ /g, "-")}` },
      ),
    }));
    this.#presets.replaceChildren(...this.#buttons.map(({ made }) => made));
    this.#show();
  }

  #sliderOf(name: string): Slider {
    return new Slider({
      label: label(name),
      testId: `emotion-${name}`,
      min: 0,
      max: 1,
      step: 0.01,
      origin: 0,
      text: (value) => value.toFixed(2),
      then: (value) =>
        this.#studio.change({
          emotion: { ...this.#studio.store.state.settings.emotion, [name]: value },
        }),
    });
  }

  #show(): void {
    const { emotion } = this.#studio.store.state.settings;
    for (const [name, slider] of this.#byName) slider.show(emotion[name] ?? 0);
    const preset = presetOf(emotion, this.#emotions);
    for (const { title, made } of this.#buttons)
      mark(made, "aria-pressed", title === preset?.title);
  }
}

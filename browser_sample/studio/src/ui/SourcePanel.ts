import type { Studio } from "../app/Studio.js";
import type { SoundItem } from "../app/State.js";
import { clock } from "../logic/Timespan.js";
import { MIC_WORDS, type MicFault } from "../logic/Verdict.js";
import { button, choice, el, mark, picker, write } from "./Dom.js";
import { icon } from "./Icons.js";
import { Slider } from "./Slider.js";

/** Where the sound comes from: clip, files, microphone; how it is sent, and how loud it is. */
export class SourcePanel {
  readonly node = el("div", { class: "source" });
  readonly #studio: Studio;
  readonly #list = el("div", {
    class: "sounds",
    testId: "sounds",
    attributes: { role: "radiogroup", "aria-label": "Sounds" },
  });
  readonly #meter = el("i", { class: "level-bar" });

  constructor(studio: Studio) {
    this.#studio = studio;
    this.node.append(
      el("section", {}, el("h2", { text: "Sounds" }), this.#list, this.#chooser()),
      this.#microphone(),
      this.#sending(),
      this.#hearing(),
    );
    studio.store.watch(
      (state) => state.items,
      () => this.#show(),
    );
    studio.store.watch(
      (state) => state.chosen,
      () => this.#show(),
    );
  }

  /** Call once per frame while the panel is shown. */
  frame(): void {
    const { ear } = this.#studio.talk;
    const level = ear.isOpen ? Math.min(Math.sqrt(ear.level), 1) : 0;
    this.#meter.style.transform = `scaleX(${level.toFixed(3)})`;
  }

  #show(): void {
    const { items, chosen } = this.#studio.store.state;
    this.#list.replaceChildren(...items.map((item) => this.#entryOf(item, item.id === chosen)));
  }

  #entryOf(item: SoundItem, isChosen: boolean): HTMLElement {
    const radio = el("input", {
      attributes: { type: "radio", name: "sound", value: item.id },
      on: { change: () => this.#studio.store.patch({ chosen: item.id }) },
    });
    radio.checked = isChosen;
    const length = item.sound === null ? "" : clock(item.sound.duration * 1e6, true);
    return el(
      "label",
      { class: "sound" },
      radio,
      el("span", { class: "sound-name", text: item.name, title: item.name }),
      el("span", { class: "figure", text: length }),
    );
  }

  #chooser(): HTMLElement {
    const input = el("input", {
      class: "unseen",
      testId: "file-input",
      attributes: {
        type: "file",
        multiple: "",
        accept: "audio/*,video/mp4,video/webm,.flac,.wav,.ogg,.opus,.m4a",
        tabindex: "-1",
        "aria-hidden": "true",
      },
      on: {
        change: () => {
          void this.#studio.take([...(input.files ?? [])]);
          input.value = "";
        },
      },
    });
    return el(
      "div",
      { class: "row" },
      button("Choose files…", () => input.click(), {
        icon: icon("file"),
        shows: "both",
        testId: "choose-sound",
      }),
      input,
      el("span", { class: "dim", text: "or drop them anywhere" }),
    );
  }

  #microphone(): HTMLElement {
    const { store, talk } = this.#studio;
    const toggle = button("Microphone", () => void talk.toggleMicrophone(), {
      icon: icon("microphone"),
      shows: "both",
      testId: "microphone",
      title: "Microphone on, off (M)",
    });
    const words = el("p", { class: "fault", testId: "mic-fault" });
    const devices = picker("Device", "mic-device", (deviceId) => {
      store.patch({ deviceId });
      if (store.state.mic !== "off") void talk.ear.open();
    });
    store.watch(
      (state) => state.mic,
      (mic) => {
        mark(toggle, "aria-pressed", mic === "on");
        write(
          toggle.querySelector("span") ?? toggle,
          mic === "asking"
            ? "Waiting for permission…"
            : mic === "on"
              ? "Microphone is on"
              : "Microphone",
        );
      },
    );
    store.watch(
      (state) => state.micFault,
      (fault) => {
        words.hidden = fault === null;
        write(words, fault === null ? "" : faultText(fault));
      },
    );
    store.watch(
      (state) => state.devices,
      (found) => {
        devices.node.hidden = found.length < 2;
        devices.offer(
          [
            { value: "", label: "The system's" },
            ...found.map(({ id, label }) => ({ value: id, label })),
          ],
          store.state.deviceId,
        );
      },
    );
    const level = el("div", { class: "level", attributes: { "aria-hidden": "true" } }, this.#meter);
    return el(
      "section",
      {},
      el("h2", { text: "Microphone" }),
      el("div", { class: "row" }, toggle, level),
      devices.node,
      words,
      el("p", {
        class: "dim",
        text: "Sent to this server only, never stored. The head follows later by the look-ahead.",
      }),
    );
  }

  #sending(): HTMLElement {
    const { store } = this.#studio;
    const pacing = choice(
      "pacing",
      [
        {
          value: "live",
          label: "Live",
          title: "Poses come half a second before the sound that is heard",
        },
        {
          value: "burst",
          label: "Burst",
          title: "All poses are computed at once, as for files and baking",
        },
      ],
      (value) => this.#studio.change({ pacing: value }),
    );
    const words = el("p", { class: "dim" });
    store.watch(
      (state) => state.settings.pacing,
      (value) => {
        pacing.show(value);
        write(
          words,
          value === "live"
            ? "Live: poses stay half a second before the play head, so that emotion and face parameters act after about that time."
            : "Burst: all poses at once, after all live work of the server; changes act in what is not computed yet.",
        );
      },
    );
    return el("section", {}, el("h2", {}, "Pacing ", nextLine(this.#studio)), pacing.node, words);
  }

  #hearing(): HTMLElement {
    const { store } = this.#studio;
    const volume = new Slider({
      label: "Volume",
      testId: "volume",
      min: 0,
      max: 1,
      step: 0.01,
      origin: 1,
      text: (value) => `${Math.round(value * 100)} %`,
      then: (value) => this.#studio.change({ volume: value }),
    });
    store.watch(
      (state) => state.settings.volume,
      (value) => volume.show(value),
    );
    return el("section", {}, el("h2", { text: "Hearing" }), volume.node);
  }
}

/** The words that say when a setting acts; louder while a change waits. */
export function nextLine(studio: Studio): HTMLElement {
  const node = el("span", { class: "next-line", text: "from the next line" });
  const show = (): void => {
    const { play, mic, isPending } = studio.store.state;
    node.hidden = play === "idle" && mic === "off";
    mark(node, "data-pending", isPending);
  };
  studio.store.watch((state) => `${state.play} ${state.mic} ${state.isPending}`, show);
  return node;
}

function faultText(fault: MicFault): string {
  const { title, advice } = MIC_WORDS[fault];
  return `${title}. ${advice}`;
}

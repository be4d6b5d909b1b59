import type { Studio } from "../app/Studio.js";
import type { PlayState } from "../app/State.js";
import { clock } from "../logic/Timespan.js";
import { button, el, mark, write } from "./Dom.js";
import { icon } from "./Icons.js";
import type { Timeline } from "./Timeline.js";

const WORDS: Readonly<Record<PlayState, string>> = {
  idle: "",
  starting: "waiting for poses",
  playing: "",
  paused: "paused",
  stalled: "waiting for poses",
};

/** Play, interrupt, loop, microphone and the time, above the timeline. */
export class Dock {
  readonly #studio: Studio;
  readonly #time = el("span", { class: "time", testId: "time" });
  readonly #state = el("span", { class: "play-state", testId: "play-state" });
  readonly #name = el("span", { class: "source-name", testId: "source-name" });
  readonly #play: HTMLButtonElement;

  constructor(studio: Studio, dock: HTMLElement, timeline: Timeline) {
    this.#studio = studio;
    const { store, talk } = studio;
    this.#play = button("Play", () => void talk.toggle(), {
      icon: icon("play"),
      class: "button-main button-play",
      testId: "play",
    });
    const stop = button("Interrupt (Esc)", () => talk.interrupt(), {
      icon: icon("stop"),
      testId: "interrupt",
    });
    const loop = button("Loop (L)", () => studio.change({ loop: !store.state.settings.loop }), {
      icon: icon("loop"),
      testId: "loop",
    });
    const microphone = button("Microphone (M)", () => void talk.toggleMicrophone(), {
      icon: icon("microphone"),
      testId: "dock-microphone",
    });
    store.watch(
      (state) => state.settings.loop,
      (isOn) => mark(loop, "aria-pressed", isOn),
    );
    store.watch(
      (state) => state.mic,
      (mic) => mark(microphone, "aria-pressed", mic === "on"),
    );
    store.watch(
      (state) => state.play,
      (play) => this.#show(play),
    );
    const waits = el("span", {
      class: "pending",
      testId: "pending",
      text: "changes wait for the next line",
    });
    store.watch(
      (state) => state.isPending,
      (isPending) => {
        waits.hidden = !isPending;
      },
    );
    dock.append(
      el(
        "div",
        { class: "transport" },
        this.#play,
        stop,
        loop,
        microphone,
        this.#time,
        this.#state,
        this.#name,
        waits,
        el(
          "div",
          { class: "zoom" },
          button("Closer (+)", () => timeline.zoom(0.5), { icon: icon("zoomIn") }),
          button("Further (−)", () => timeline.zoom(2), { icon: icon("zoomOut") }),
        ),
      ),
      timeline.node,
    );
  }

  /** Call once per frame. */
  frame(): void {
    const { talk } = this.#studio;
    const text = `${clock(talk.playUs ?? 0, true)} / ${clock(talk.shown.lengthUs, true)}`;
    write(this.#time, text);
    write(this.#name, talk.shown.name);
  }

  #show(play: PlayState): void {
    const isOn = play === "playing" || play === "stalled" || play === "starting";
    const label = isOn ? "Pause (Space)" : "Play (Space)";
    mark(this.#play, "aria-label", label);
    this.#play.title = label;
    this.#play.replaceChildren(icon(isOn ? "pause" : "play"));
    mark(this.#play, "data-state", play);
    write(this.#state, WORDS[play]);
  }
}

import type { Studio } from "../app/Studio.js";
import type { Health, State } from "../app/State.js";
import { bytesText, msText } from "../logic/Labels.js";
import { hz } from "../logic/Rate.js";
import { checks, pictureHint, verdict } from "../logic/Verdict.js";
import { el, mark, write } from "./Dom.js";
import { factsOf } from "./Facts.js";

interface Figure {
  readonly name: string;
  readonly testId: string;
  readonly meaning: string;
  text(health: Health, state: State): string;
}

const DASH = "–";

const FIGURES: readonly Figure[] = [
  {
    name: "Look-ahead",
    testId: "look-ahead",
    meaning: "sound beyond a pose that the model needs",
    text: (h) => msText(h.lookAheadUs),
  },
  {
    name: "Added latency p50",
    testId: "latency-p50",
    meaning: "from the last sound a pose needs to its arrival",
    text: (h, s) => latencyText(h.latencyP50Us, s),
  },
  {
    name: "Added latency p95",
    testId: "latency-p95",
    meaning: "the same, of the slowest twentieth",
    text: (h, s) => latencyText(h.latencyP95Us, s),
  },
  {
    name: "Poses received",
    testId: "pose-rate",
    meaning: "per second, of those that were asked for",
    text: (h, s) =>
      `${Math.round(h.posesPerSecond)} / ${s.opened === null ? DASH : Math.round(hz(s.opened.fps))} per s`,
  },
  {
    name: "Late poses",
    testId: "late",
    meaning: "came after their sound, in this session",
    text: (h) => String(h.late),
  },
  {
    name: "Dropped poses",
    testId: "dropped",
    meaning: "too late to be sent, in this session",
    text: (h) => String(h.dropped),
  },
  {
    name: "Halts",
    testId: "stalls",
    meaning: "times the sound waited for poses",
    text: (h) => String(h.stalls),
  },
  {
    name: "Skew p95",
    testId: "skew",
    meaning: "between the pose shown and the sound heard",
    text: (h) => msText(h.skewP95Us),
  },
  {
    name: "Server load",
    testId: "load",
    meaning: "share of time that the model is busy",
    text: (h) => (h.busy === null ? DASH : `${Math.round(h.busy * 100)} %`),
  },
  {
    name: "Round trip",
    testId: "round-trip",
    meaning: "to the server and back",
    text: (h) => msText(h.roundTripUs),
  },
  {
    name: "Received",
    testId: "bytes-in",
    meaning: "poses and messages",
    text: (h) => bytesText(h.bytesInPerSecond),
  },
  {
    name: "Sent",
    testId: "bytes-out",
    meaning: "sound and messages",
    text: (h) => bytesText(h.bytesOutPerSecond),
  },
  {
    name: "Pictures",
    testId: "frame-rate",
    meaning: "drawn per second on this page",
    text: (h) => `${Math.round(h.framesPerSecond)} per s`,
  },
];

/** In a burst poses come as fast as they are computed: the figure would be about the queue. */
function latencyText(us: number | null, state: State): string {
  return state.settings.pacing === "burst" && state.mic !== "on" ? "only in Live" : msText(us);
}

/** Figures of the connection, and in words what is wrong. */
export class HealthPanel {
  readonly node = el("div", { class: "health" });
  readonly #title = el("strong");
  readonly #advice = el("p");
  readonly #card: HTMLElement;
  readonly #doctor = el("ul", { class: "checks" });
  readonly #values = FIGURES.map((figure) => ({
    figure,
    value: el("dd", { testId: `health-${figure.testId}`, text: DASH }),
  }));
  readonly #pictures = el("p", { class: "hint-pictures", testId: "picture-hint" });
  readonly #server = el("p", { class: "dim" });

  constructor(studio: Studio) {
    this.#card = el(
      "div",
      { class: "card" },
      el("span", { class: "light" }),
      el("div", {}, this.#title, this.#advice),
    );
    this.node.append(
      this.#card,
      this.#pictures,
      el("section", {}, el("h2", { text: "Doctor" }), this.#doctor),
      el(
        "section",
        {},
        el("h2", { text: "Figures" }),
        el(
          "dl",
          { class: "figures" },
          ...this.#values.map(({ figure, value }) =>
            el(
              "div",
              { title: `${figure.name}: ${figure.meaning}` },
              el("dt", {}, figure.name, el("small", { text: figure.meaning })),
              value,
            ),
          ),
        ),
      ),
      this.#server,
    );
    studio.store.watch(
      (state) => state.health,
      () => this.#show(studio.store.state),
    );
    studio.store.watch(
      (state) => state.hello,
      (hello) =>
        write(
          this.#server,
          hello === null
            ? ""
            : `${hello.server}, protocol ${hello.protocol}, at ${studio.client.url}`,
        ),
    );
  }

  #show(state: State): void {
    if (this.node.hidden) return;
    const facts = factsOf(state, performance.now());
    const { light, title, advice } = verdict(facts);
    mark(this.#card, "data-light", light);
    const lamp = this.#card.querySelector(".light");
    if (lamp !== null) mark(lamp, "data-light", light);
    write(this.#title, title);
    write(this.#advice, advice === "" ? "Nothing is wrong." : advice);
    const hint = pictureHint(facts);
    write(this.#pictures, hint);
    this.#pictures.hidden = hint === "";
    const lines = checks(facts).map(
      ({ name, state: mark_, detail }) =>
        `${{ yes: "✓", no: "✗", open: "·" }[mark_]} ${name} ${detail}`,
    );
    if (this.#doctor.textContent !== lines.join(""))
      this.#doctor.replaceChildren(...lines.map((text) => el("li", { text })));
    for (const { figure, value } of this.#values) write(value, figure.text(state.health, state));
  }
}

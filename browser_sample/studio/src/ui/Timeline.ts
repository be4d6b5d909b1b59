import type { Studio } from "../app/Studio.js";
import { timelineCurves } from "../logic/Match.js";
import { clock, following, held, timeAt, type Timespan, zoomed } from "../logic/Timespan.js";
import { el, mark } from "./Dom.js";
import type { Look } from "./Look.js";
import { paintBase } from "./paintBase.js";
import { paintMoving } from "./paintMoving.js";
import { frameOf, type Frame, type Scene } from "./TimelineFrame.js";

const BASE_MS = 66;
const WORDS_MS = 250;
const EARLIEST_LENGTH_US = 5_000_000;
const MICROPHONE_SPAN_US = 8_000_000;

/** Waveform, chosen curves and play head; pointer, wheel and keys move in it. */
export class Timeline {
  readonly node: HTMLElement;
  readonly #studio: Studio;
  readonly #look: Look;
  readonly #base = el("canvas", { attributes: { "aria-hidden": "true" } });
  readonly #moving = el("canvas", { attributes: { "aria-hidden": "true" } });
  #span: Timespan = { fromUs: 0, toUs: EARLIEST_LENGTH_US };
  #isWhole = true;
  #hoverX: number | null = null;
  #painted = "";
  #paintedMs = 0;
  #toldMs = 0;
  #size = { width: 0, height: 0 };

  constructor(studio: Studio, look: Look) {
    this.#studio = studio;
    this.#look = look;
    this.node = el(
      "div",
      {
        class: "timeline",
        testId: "timeline",
        attributes: {
          role: "slider",
          tabindex: "0",
          "aria-label": "Timeline",
          "aria-valuemin": "0",
          "aria-valuemax": "0",
          "aria-valuenow": "0",
        },
        on: {
          pointerdown: (event) => this.#grab(event),
          pointermove: (event) => this.#move(event),
          pointerleave: () => {
            this.#hoverX = null;
          },
          dblclick: () => {
            this.#isWhole = true;
          },
          wheel: (event) => this.#turn(event),
          keydown: (event) => this.#pressed(event),
        },
      },
      this.#base,
      this.#moving,
    );
    new ResizeObserver(() => this.#fit()).observe(this.node);
    look.onChange(() => {
      this.#painted = "";
    });
  }

  /** Closer (factor < 1) or further away, around the play head. */
  zoom(factor: number): void {
    const { talk } = this.#studio;
    const middleUs = (this.#span.fromUs + this.#span.toUs) / 2;
    this.#zoomAround(factor, talk.playUs ?? middleUs);
  }

  /** Call once per frame. */
  frame(nowMs: number): void {
    const { talk, store } = this.#studio;
    this.#follow();
    const curves = timelineCurves(
      store.state.settings.chosen,
      store.state.opened?.curves ?? talk.take?.form.curves ?? [],
    );
    const scene: Scene = {
      span: this.#span,
      peaks: talk.shown.peaks,
      take: talk.take,
      curves,
      arrivedUs: talk.take?.lastUs ?? 0,
    };
    const frame = frameOf(this.#size.width, this.#size.height, curves.length);
    this.#paintBase(scene, frame, nowMs);
    const context = this.#moving.getContext("2d");
    if (context === null) return;
    const width = frame.width - frame.gutter;
    const isInside = this.#hoverX !== null && this.#hoverX >= frame.gutter;
    const hoverUs = isInside ? timeAt(this.#span, (this.#hoverX ?? 0) - frame.gutter, width) : null;
    paintMoving(context, frame, scene, this.#look.palette, {
      playUs: talk.playUs,
      hoverUs,
      hoverText: hoverUs === null ? "" : clock(hoverUs, true),
    });
    if (nowMs - this.#toldMs > WORDS_MS) this.#tellWords(nowMs, scene);
  }

  get #lengthUs(): number {
    const { talk } = this.#studio;
    return talk.shown.endUs > 0 ? talk.shown.endUs : EARLIEST_LENGTH_US;
  }

  #follow(): void {
    const { talk, store } = this.#studio;
    if (talk.ear.isOpen) {
      const endUs = Math.max(talk.ear.peaks?.lengthUs ?? 0, MICROPHONE_SPAN_US);
      this.#span = { fromUs: endUs - MICROPHONE_SPAN_US, toUs: endUs };
      this.#isWhole = true;
    } else if (this.#isWhole) this.#span = { fromUs: 0, toUs: this.#lengthUs };
    else if (store.state.play === "playing")
      this.#span = following(this.#span, talk.playUs ?? 0, this.#lengthUs);
  }

  #paintBase(scene: Scene, frame: Frame, nowMs: number): void {
    const { take, peaks, span, curves } = scene;
    const key = [
      span.fromUs,
      span.toUs,
      take?.u,
      take?.version,
      take?.form.rig,
      peaks?.count,
      frame.width,
      frame.height,
      curves.join(),
    ].join(" ");
    const isSoon = nowMs - this.#paintedMs < BASE_MS;
    const context = this.#base.getContext("2d");
    if (key === this.#painted || isSoon || context === null) return;
    this.#painted = key;
    this.#paintedMs = nowMs;
    paintBase(context, frame, scene, this.#look.palette);
  }

  #tellWords(nowMs: number, scene: Scene): void {
    this.#toldMs = nowMs;
    const playUs = this.#studio.talk.playUs ?? 0;
    const row = scene.take?.at(playUs)?.row;
    const values = scene.curves.map((name) => {
      const value = row?.[scene.take?.form.curves.indexOf(name) ?? -1];
      return value === undefined ? name : `${name} ${value.toFixed(2)}`;
    });
    mark(this.node, "aria-valuemax", (this.#lengthUs / 1e6).toFixed(2));
    mark(this.node, "aria-valuenow", (playUs / 1e6).toFixed(2));
    mark(
      this.node,
      "aria-valuetext",
      [`${clock(playUs, true)} of ${clock(this.#lengthUs, true)}`, ...values].join(", "),
    );
  }

  #fit(): void {
    const { clientWidth: width, clientHeight: height } = this.node;
    const sharpness = Math.min(window.devicePixelRatio, 2);
    for (const canvas of [this.#base, this.#moving]) {
      canvas.width = Math.round(width * sharpness);
      canvas.height = Math.round(height * sharpness);
      canvas.getContext("2d")?.setTransform(sharpness, 0, 0, sharpness, 0, 0);
    }
    this.#size = { width, height };
    this.#painted = "";
  }

  #grab(event: PointerEvent): void {
    if (event.button !== 0) return;
    this.node.setPointerCapture(event.pointerId);
    this.#seekTo(event.offsetX);
  }

  #move(event: PointerEvent): void {
    this.#hoverX = event.offsetX;
    if ((event.buttons & 1) === 1 && this.node.hasPointerCapture(event.pointerId))
      this.#seekTo(event.offsetX);
  }

  #seekTo(x: number): void {
    const { gutter, width } = frameOf(this.#size.width, this.#size.height, 1);
    if (x >= gutter) this.#studio.talk.seek(timeAt(this.#span, x - gutter, width - gutter));
  }

  #turn(event: WheelEvent): void {
    if (this.#studio.talk.ear.isOpen) return;
    event.preventDefault();
    const { gutter, width } = frameOf(this.#size.width, this.#size.height, 1);
    if (Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
      const byUs = (event.deltaX / (width - gutter)) * (this.#span.toUs - this.#span.fromUs);
      this.#span = held(
        { fromUs: this.#span.fromUs + byUs, toUs: this.#span.toUs + byUs },
        this.#lengthUs,
      );
    } else
      this.#zoomAround(
        2 ** (event.deltaY / 240),
        timeAt(this.#span, event.offsetX - gutter, width - gutter),
      );
  }

  #zoomAround(factor: number, tUs: number): void {
    this.#span = zoomed(this.#span, factor, tUs, this.#lengthUs);
    this.#isWhole = this.#span.toUs - this.#span.fromUs >= this.#lengthUs;
  }

  #pressed(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const { talk } = this.#studio;
    const step = event.shiftKey ? 1_000_000 : 100_000;
    const now = talk.playUs ?? 0;
    const acts: Record<string, () => void> = {
      ArrowLeft: () => talk.seek(now - step),
      ArrowRight: () => talk.seek(now + step),
      Home: () => talk.seek(0),
      End: () => talk.seek(talk.shown.endUs),
      "+": () => this.zoom(0.5),
      "=": () => this.zoom(0.5),
      "-": () => this.zoom(2),
      "0": () => {
        this.#isWhole = true;
      },
    };
    const act = acts[event.key];
    if (act === undefined) return;
    event.preventDefault();
    act();
  }
}

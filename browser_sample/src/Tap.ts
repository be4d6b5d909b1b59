/** The sound of an `<audio>` or `<video>` element, heard a little later so that the face can follow. */

import { type Captured, capture, release, Streams, type WorkletOptions } from "./Capture.js";
import { Emitter } from "./Emitter.js";
import { SoundClock } from "./Sink.js";
import { heardUs } from "./Speaker.js";

export interface TapOptions extends WorkletOptions {
  /** How much later the element is heard, µs, up to 2 s; what `follow` finds enough unless set. */
  readonly delayUs?: number;
  /** Where the sound goes; the context's destination unless set. */
  readonly destination?: AudioNode;
}

/** Even play from one place on: an utterance. */
export interface Stretch {
  readonly sound: ReadableStream<Float32Array>;
  /** Time of it that is heard now, µs; null before its first sample. */
  readonly playUs: number | null;
}

const DELAY_MOST_S = 2;
const ENDS = ["pause", "seeking", "waiting", "ended", "emptied"];

/** An element gives its sound to one context once and for all. */
const sources = new WeakMap<HTMLMediaElement, MediaElementAudioSourceNode>();

/**
 * Captures an element. Each stretch of even play is an utterance of its own: a pause, a jump or
 * the end closes the stream, playing on opens another one.
 */
export class Tap extends Emitter<{ stretch: Stretch }> {
  /** Sample frames per second: the context's. */
  readonly rate: number;
  readonly #context: AudioContext;
  readonly #element: HTMLMediaElement;
  readonly #source: MediaElementAudioSourceNode;
  readonly #delay: DelayNode;
  readonly #clock = new SoundClock();
  readonly #streams = new Streams();
  #capture: AudioWorkletNode | null = null;
  /** The stretch that is captured, with the context's frame of its first sample; null: none is. */
  #stretch: (Stretch & { zeroFrame: number | null }) | null = null;

  private constructor(element: HTMLMediaElement, context: AudioContext, options: TapOptions) {
    super();
    this.#context = context;
    this.rate = context.sampleRate;
    this.#element = element;
    this.#source = sources.get(element) ?? context.createMediaElementSource(element);
    sources.set(element, this.#source);
    this.#delay = context.createDelay(DELAY_MOST_S);
    this.delayUs = options.delayUs ?? 0;
    this.#source.connect(this.#delay).connect(options.destination ?? context.destination);
  }

  /** Capture an element. @throws Error - the page is not secure, or the worklet is not there. */
  static async of(
    element: HTMLMediaElement,
    context: AudioContext,
    options: TapOptions = {},
  ): Promise<Tap> {
    const tap = new Tap(element, context, options);
    tap.#capture = await capture(context, (piece) => tap.#take(piece), options);
    tap.#source.connect(tap.#capture);
    for (const name of ENDS) element.addEventListener(name, tap.#halt);
    element.addEventListener("playing", tap.#play);
    if (!element.paused) tap.#play();
    return tap;
  }

  /** How much later the element is heard, µs. */
  get delayUs(): number {
    return this.#delay.delayTime.value * 1e6;
  }

  set delayUs(value: number) {
    this.#delay.delayTime.value = Math.min(DELAY_MOST_S, Math.max(0, value / 1e6));
  }

  /** What plays just now, from here on; the event `stretch` tells of the next one. */
  get stretch(): Stretch | null {
    return this.#stretch;
  }

  /** The sound of what plays just now; empty when nothing does. */
  sound(): ReadableStream<Float32Array> {
    return this.#stretch?.sound ?? new ReadableStream({ start: (stream) => stream.close() });
  }

  /** Capture no more; the element goes on sounding, without delay. */
  stop(): void {
    for (const name of ENDS) this.#element.removeEventListener(name, this.#halt);
    this.#element.removeEventListener("playing", this.#play);
    this.#halt();
    if (this.#capture) release(this.#capture);
    this.delayUs = 0;
  }

  readonly #play = (): void => {
    if (this.#stretch) return;
    this.#context.resume().catch(() => undefined);
    const tap = this;
    const stretch = {
      sound: this.#streams.open(),
      zeroFrame: null as number | null,
      get playUs() {
        return this.zeroFrame === null ? null : tap.#playUs(this.zeroFrame);
      },
    };
    this.#stretch = stretch;
    this.emit("stretch", stretch);
  };

  readonly #halt = (): void => {
    this.#stretch = null;
    this.#streams.end();
  };

  #take({ samples, frame }: Captured): void {
    if (!this.#stretch) return;
    this.#stretch.zeroFrame ??= frame;
    this.#streams.put(samples);
  }

  #playUs(zeroFrame: number): number | null {
    const zeroUs = (zeroFrame * 1e6) / this.rate + this.delayUs;
    const playUs = heardUs(this.#context, this.#clock) - zeroUs;
    return playUs < 0 ? null : Math.floor(playUs);
  }
}

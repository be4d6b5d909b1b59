/** The sink of a browser: Web Audio. */

import { clockUs } from "./Emitter.js";
import { type Sink, SoundClock } from "./Sink.js";

/** How far ahead of the context's time sound is put, s: a few blocks, so that none comes late. */
const LEAD_S = 0.02;

export class Speaker implements Sink {
  onchange: (() => void) | null = null;
  readonly #context: AudioContext;
  readonly #out: GainNode;
  readonly #clock = new SoundClock();
  /** What was put since the last cut, and the node that fades it. */
  #bus: GainNode;
  readonly #sources = new Set<AudioBufferSourceNode>();

  constructor(context: AudioContext, destination: AudioNode = context.destination) {
    this.#context = context;
    this.#out = context.createGain();
    this.#out.connect(destination);
    this.#bus = this.#newBus();
    context.addEventListener("statechange", this.#changed);
  }

  get isRunning(): boolean {
    return this.#context.state === "running";
  }

  get writeUs(): number {
    return (this.#context.currentTime + LEAD_S) * 1e6;
  }

  get heardUs(): number {
    return heardUs(this.#context, this.#clock);
  }

  get volume(): number {
    return this.#out.gain.value;
  }

  set volume(value: number) {
    this.#out.gain.value = Math.min(1, Math.max(0, value));
  }

  put(channels: readonly Float32Array[], rate: number, atUs: number, frames: number): void {
    const context = this.#context;
    const buffer = context.createBuffer(channels.length, channels[0]?.length || 1, rate);
    channels.forEach((samples, k) => {
      buffer.copyToChannel(samples as Float32Array<ArrayBuffer>, k);
    });
    const source = context.createBufferSource();
    source.buffer = buffer;
    source.connect(this.#bus);
    source.onended = () => {
      source.disconnect();
      this.#sources.delete(source);
    };
    this.#sources.add(source);
    // On a whole frame of the context, so that pieces meet without a seam.
    const at = Math.round((atUs / 1e6) * context.sampleRate) / context.sampleRate;
    source.start(at, 0, frames / rate);
  }

  cut(fadeUs: number): number {
    const now = this.#context.currentTime;
    const end = now + fadeUs / 1e6;
    const bus = this.#bus;
    bus.gain.setValueAtTime(1, now);
    bus.gain.linearRampToValueAtTime(0, end);
    for (const source of this.#sources) source.stop(end);
    this.#bus = this.#newBus();
    setTimeout(() => bus.disconnect(), fadeUs / 1000 + 500);
    return end * 1e6;
  }

  wake(): void {
    if (this.#context.state !== "running") this.#context.resume().catch(() => undefined);
  }

  close(): void {
    this.cut(0);
    this.#context.removeEventListener("statechange", this.#changed);
    this.#out.disconnect();
  }

  #newBus(): GainNode {
    const bus = this.#context.createGain();
    bus.connect(this.#out);
    return bus;
  }

  readonly #changed = (): void => this.onchange?.();
}

/** The context's time that is heard now, µs. */
export function heardUs(context: AudioContext, clock: SoundClock): number {
  const { contextTime = 0, performanceTime = 0 } = context.getOutputTimestamp?.() ?? {};
  const latency = context.outputLatency || context.baseLatency || 0;
  return clock.read(
    context.currentTime * 1e6,
    latency * 1e6,
    performanceTime > 0 ? { contextUs: contextTime * 1e6, clockUs: performanceTime * 1000 } : null,
    clockUs(),
    context.state === "running",
  );
}

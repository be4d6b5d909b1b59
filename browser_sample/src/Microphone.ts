/** The sound of a microphone, as it comes. */

import { type Captured, capture, release, Streams, type WorkletOptions } from "./Capture.js";
import { clockUs, Emitter } from "./Emitter.js";

/**
 * denied: the user or a policy said no. missing: there is none. insecure: the page is neither on
 * https nor on localhost. busy: another program has it.
 */
export type MicrophoneReason = "denied" | "missing" | "insecure" | "busy" | "other";

const REASONS: Readonly<Record<string, MicrophoneReason>> = {
  NotAllowedError: "denied",
  SecurityError: "denied",
  NotFoundError: "missing",
  OverconstrainedError: "missing",
  NotReadableError: "busy",
  AbortError: "busy",
};

const TEXTS: Readonly<Record<MicrophoneReason, string>> = {
  denied: "The microphone is not allowed for this page: allow it in the browser's address bar.",
  missing: "There is no microphone, or not the one that was asked for.",
  insecure: "Browsers give the microphone to pages on https or localhost only.",
  busy: "The microphone is in use by another program, or was unplugged.",
  other: "The microphone cannot be used.",
};

export class MicrophoneError extends Error {
  override readonly name = "MicrophoneError";

  constructor(
    readonly reason: MicrophoneReason,
    detail = "",
  ) {
    super(detail ? `${TEXTS[reason]} (${detail})` : TEXTS[reason]);
  }
}

export interface MicrophoneOptions extends WorkletOptions {
  readonly deviceId?: string;
  /** What the browser does to the sound; each true unless set. */
  readonly echoCancellation?: boolean;
  readonly noiseSuppression?: boolean;
  readonly autoGainControl?: boolean;
}

/** Where the earliest of so many pieces tells the delay of a piece. */
const WINDOW = 500;

export class Microphone extends Emitter<{ ended: MicrophoneError }> {
  /** Sample frames per second: the context's. */
  readonly rate: number;
  readonly #track: MediaStreamTrack;
  readonly #nodes: { source: AudioNode; capture?: AudioWorkletNode };
  readonly #streams = new Streams();
  readonly #inputUs: number;
  #zeroFrame: number | null = null;
  /** Per piece: when frame 0 of the context was captured, at the latest. */
  #zerosUs: number[] = [];
  #level = 0;

  private constructor(context: AudioContext, stream: MediaStream) {
    super();
    this.rate = context.sampleRate;
    this.#track = stream.getAudioTracks()[0] as MediaStreamTrack;
    const settings = this.#track.getSettings() as MediaTrackSettings & { latency?: number };
    this.#inputUs = (settings.latency ?? 0) * 1e6;
    this.#nodes = { source: context.createMediaStreamSource(stream) };
    this.#track.onended = () => this.#end();
  }

  /** Ask for a microphone. @throws MicrophoneError - `reason` tells why there is none. */
  static async open(context: AudioContext, options: MicrophoneOptions = {}): Promise<Microphone> {
    const devices = globalThis.navigator?.mediaDevices;
    if (!devices || !context.audioWorklet) throw new MicrophoneError("insecure");
    const { deviceId, worklet, ...others } = options;
    const wanted = { ...others, ...(deviceId === undefined ? {} : { deviceId: { exact: deviceId } }) };
    const stream = await devices.getUserMedia({ audio: wanted }).catch((error: Error) => {
      throw new MicrophoneError(REASONS[error.name] ?? "other", error.message);
    });
    try {
      const mic = new Microphone(context, stream);
      const take = (piece: Captured): void => mic.#take(piece);
      mic.#nodes.capture = await capture(context, take, worklet === undefined ? {} : { worklet });
      if (mic.#track.readyState === "ended") {
        mic.stop();
        throw new Error("it has ended");
      }
      mic.#nodes.source.connect(mic.#nodes.capture);
      context.resume().catch(() => undefined);
      return mic;
    } catch (error) {
      for (const track of stream.getTracks()) track.stop();
      throw new MicrophoneError("other", (error as Error).message);
    }
  }

  /** Loudness of the last piece: root mean square, 0 … 1. */
  get level(): number {
    return this.#level;
  }

  /** When sample 0 of the newest `sound` was captured, µs of the client's clock; an estimate. */
  get capturedUs(): number {
    const zeroUs = this.#zerosUs.length ? Math.min(...this.#zerosUs) : clockUs();
    return Math.round(zeroUs + ((this.#zeroFrame ?? 0) * 1e6) / this.rate);
  }

  /** Its sound from now on, until `stop` or the device goes away. */
  sound(): ReadableStream<Float32Array> {
    this.#zeroFrame = null;
    return this.#streams.open();
  }

  stop(): void {
    this.#track.onended = null;
    this.#track.stop();
    this.#close();
  }

  #take({ samples, frame }: Captured): void {
    this.#zeroFrame ??= frame;
    // A piece comes when it is full, and then some: the least delayed of many tells best.
    this.#zerosUs.push(clockUs() - ((frame + samples.length) * 1e6) / this.rate - this.#inputUs);
    if (this.#zerosUs.length > WINDOW) this.#zerosUs.shift();
    this.#level = Math.sqrt(samples.reduce((sum, x) => sum + x * x, 0) / samples.length);
    this.#streams.put(samples);
  }

  #end(): void {
    this.#close();
    this.emit("ended", new MicrophoneError("busy", "it has ended"));
  }

  #close(): void {
    this.#nodes.source.disconnect();
    if (this.#nodes.capture) release(this.#nodes.capture);
    this.#streams.end();
    this.#level = 0;
  }
}

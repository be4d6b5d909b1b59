/** What is in force in a session: asked for at `open`, changed since, told again after a loss. */

import type { CurveSet, Fps, WeightSet } from "./core/Messages.js";
import type { Plain } from "./core/Msgpack.js";
import type { SampleFormat } from "./core/Pcm.js";
import type { Emotion, Open, Request, Set as SetRequest } from "./core/Requests.js";

export interface OpenOptions {
  /** Name of a rig, or "auto": the best one for `have`; "auto" unless set. */
  rig?: string;
  /** Names of the curves that the mesh has; rows then have those that can be driven, in this order. */
  have?: readonly string[];
  /** A rig table of one's own, as in `engines/README.md`; `rig` is then what to call it. */
  table?: Readonly<Record<string, Plain>>;
  /** Name of a model; the server's first unless set. */
  model?: string;
  /** Poses per second, 10 … 240; 60 unless set. */
  fps?: Fps;
  /** Sample frames per second of the sound, 8,000 … 192,000: its own, whatever that is. */
  rate: number;
  /** "line" = speech that ends, "mic" = an open microphone; "line" unless set. */
  source?: "line" | "mic";
  /** How sound travels; "s16le" unless set, which is half as long as "f32le". */
  format?: SampleFormat;
  /** "burst" computes everything at once, for files and baking; "live" unless set. */
  pacing?: "live" | "burst";
  /** How far beyond the play head poses are computed, 250,000 … 60,000,000 µs. */
  aheadUs?: number;
  /** Face parameters by name, in the ranges of `hello`. */
  params?: Readonly<Record<string, number>>;
  /** Treatment of single weights of the face by name, before the rig. */
  weights?: Readonly<Record<string, WeightSet>>;
  /** Treatment of single curves by name. */
  curves?: Readonly<Record<string, CurveSet>>;
  /** Groups whose left and right change places, as "mouth". */
  swap?: readonly string[];
  /** Emotion at the start by name, 0 … 1. */
  emotion?: Readonly<Record<string, number>>;
  /** Name under which others may watch it; live only. */
  name?: string;
  /** @internal `watch` says both. */
  role?: "watch";
  /** @internal */
  clock?: boolean;
  /** Ask for `load` once a second. */
  status?: boolean;
  /** Ask for meshes, at most so many per second of sound, 1 … 60, as `geometry` events; 0 = none. */
  geometryHz?: number;
  /** How far behind the play head poses are kept, µs; null = all, to seek back and to loop. */
  keepUs?: number | null;
}

export interface EmotionOptions {
  /** Length of the ramp, 0 … 60,000,000 µs; 300,000 unless set. */
  readonly transitionUs?: number;
  /** Where it begins, both or neither; as soon as possible unless set. */
  readonly u?: number;
  readonly tUs?: number;
}

/** What can be changed; model, rig, have and fps only while no utterance is alive. */
export type SetOptions = Omit<SetRequest, "op" | "id" | "sid">;

/** A position in the order of utterances. */
export interface Place {
  readonly u: number;
  readonly tUs: number;
}

/** Most emotions planned ahead that are told again after a loss. */
const PLANS = 64;

export class Terms {
  readonly rate: number;
  readonly isMic: boolean;
  readonly format: SampleFormat;
  isVisible = true;
  #options: OpenOptions;
  /** Emotions planned for a time of an utterance, in order. */
  #plans: Emotion[] = [];

  constructor(
    readonly sid: number,
    options: OpenOptions,
  ) {
    this.#options = { ...options };
    this.rate = options.rate;
    this.isMic = options.source === "mic";
    this.format = options.format ?? "s16le";
  }

  get aheadUs(): number | undefined {
    return this.#options.aheadUs;
  }

  get isBurst(): boolean {
    return this.#options.pacing === "burst";
  }

  /** The message that opens the session as it is now, with the sound at `head`. */
  open(head: Place | null): Open {
    const { rig = "auto", fps = 60, rate, source = "line", status, keepUs, format, ...others } =
      this.#options;
    const want: ("status" | "geometry" | "audio")[] = status ? ["status"] : [];
    if (others.role) want.push("audio");
    if (others.geometryHz) want.push("geometry");
    else delete others.geometryHz;
    const last = this.#passed(head).at(-1);
    if (last) others.emotion = last.values;
    return {
      op: "open",
      ...others,
      sid: this.sid,
      rig,
      fps,
      audio: { format: this.format, rate, channels: 1, source },
      want,
    };
  }

  /** What `open` cannot say: to be sent behind it when a session is opened again. */
  rest(head: Place | null): Request[] {
    const messages: Request[] = [];
    if (!this.isVisible) messages.push({ op: "set", sid: this.sid, visible: false });
    const passed = this.#passed(head);
    return [...messages, ...this.#plans.filter((plan) => !passed.includes(plan))];
  }

  /** An emotion was accepted: it cuts off what was planned after its time. */
  feel(message: Emotion): void {
    const { u, tUs } = message;
    if (u === undefined || tUs === undefined) {
      this.#plans = [];
      this.#options.emotion = message.values;
      return;
    }
    this.#plans = this.#plans.filter((plan) => isBefore(plan, { u, tUs }));
    this.#plans.push(message);
    if (this.#plans.length > PLANS) {
      this.#options.emotion = (this.#plans.shift() as Emotion).values;
    }
  }

  /** A `set` was accepted. */
  change({ visible, params, curves, weights, ...places }: SetOptions): void {
    const options = this.#options;
    if (places.rig !== undefined && places.rig !== options.rig) delete options.curves;
    if (places.model !== undefined && places.model !== options.model) {
      delete options.params;
      delete options.weights;
      delete options.emotion;
      this.#plans = [];
    }
    Object.assign(options, places);
    if (params) options.params = { ...options.params, ...params };
    if (curves) options.curves = merged(options.curves, curves);
    if (weights) options.weights = merged(options.weights, weights);
    this.isVisible = visible ?? this.isVisible;
  }

  /** The plans whose time is over. */
  #passed(head: Place | null): Emotion[] {
    return head ? this.#plans.filter((plan) => isBefore(plan, head)) : [];
  }
}

function isBefore({ u = 0, tUs = 0 }: Emotion, place: Place): boolean {
  return u < place.u || (u === place.u && tUs <= place.tUs);
}

/** Per name, what is added goes over what there was. */
function merged<T>(
  old: Readonly<Record<string, T>> = {},
  added: Readonly<Record<string, T>>,
): Record<string, T> {
  const all = { ...old };
  for (const name in added) all[name] = { ...all[name], ...added[name] } as T;
  return all;
}

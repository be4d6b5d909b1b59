/**
 * The messages of the protocol, with the wire's words in camelCase. Times are integers in
 * microseconds. What every field means and may be is said in `protocol/MESSAGES.md`.
 */

/** Poses per second, 10 to 240: an integer or [numerator, denominator]. */
export type Fps = number | readonly [number, number];

/** Role of idle life → [index into the row, gain in the curve's own range]. */
export type Roles = Readonly<Record<string, readonly [number, number]>>;

/** How `pcm` is to be read. */
export interface AudioFormat {
  readonly format: "s16le" | "f32le" | "ulaw" | "alaw";
  /** Sample frames per second, 8,000 … 192,000. */
  readonly rate: number;
  /** Interleaved channels, 1 … 8, averaged before use. */
  readonly channels?: number;
  /** "line" = utterances that end, "mic" = an open microphone. */
  readonly source?: "line" | "mic";
}

/** Treatment of one curve: value · gain + offset, then held in min … max; absent = as it is. */
export interface CurveSet {
  readonly gain?: number;
  readonly offset?: number;
  readonly min?: number;
  readonly max?: number;
}

/** Treatment of one weight of the face: value · gain + offset, −10 … 10; absent = as it is. */
export interface WeightSet {
  readonly gain?: number;
  readonly offset?: number;
}

/** A face parameter of a model. */
export interface ParamInfo {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  readonly default: number;
}

/** A model that the server runs. */
export interface ModelInfo {
  readonly name: string;
  readonly lookAheadUs: number;
  readonly lookBackUs: number;
  /** Names that `emotion.values` may have. */
  readonly emotions: readonly string[];
  readonly fpsMax: number;
  readonly params: readonly ParamInfo[];
}

/** Server → client, first of all: what it is and has. */
export interface Hello {
  readonly op: "hello";
  readonly protocol: number;
  /** "name/version" of the program. */
  readonly server: string;
  /** Random, new at every start of the server. */
  readonly instance: string;
  readonly auth: { readonly kind: string; readonly salt?: string; readonly challenge?: string };
  /** The default one first. */
  readonly models: readonly ModelInfo[];
  readonly rigs: readonly string[];
  readonly audio: {
    readonly formats: readonly string[];
    readonly rate: readonly number[];
    readonly channelsMax: number;
  };
  readonly capabilities: readonly string[];
  /** Limits by their names on the wire, as in `limits.credit_us`. */
  readonly limits: Readonly<Record<string, number>>;
}

/** Server → client, the answer to `identify`. */
export interface Ready {
  readonly op: "ready";
  readonly re?: number;
  readonly connection: string;
}

/** Server → client, a session as it is now; again after every change of its rows. */
export interface Opened {
  readonly op: "opened";
  readonly re?: number;
  readonly sid: number;
  /** Row layout; a new number at every `opened` of a connection. */
  readonly layout: number;
  readonly model: string;
  readonly rig: string;
  readonly fps: Fps;
  /** In row order. */
  readonly curves: readonly string[];
  /** Seven floats each, behind the curves. */
  readonly transforms: readonly string[];
  /** Floats in a row: curves + 7 · transforms. */
  readonly row: number;
  readonly idle: Roles;
  /** Sound beyond a pose that it needs. */
  readonly lookAheadUs: number;
  /** Sound before a pose that it uses. */
  readonly lookBackUs: number;
  readonly creditUs: number;
  /** Curves of the rig that the mesh lacks. */
  readonly missing: readonly string[];
  /** Names in `have` that nothing drives. */
  readonly unmatched: readonly string[];
  readonly audio?: AudioFormat;
  readonly resume?: string;
  readonly received?: { readonly u: number; readonly toUs: number };
}

/** Server → client, what the face shows in silence. */
export interface Rest {
  readonly op: "rest";
  readonly sid: number;
  readonly layout: number;
  /** One row, float32 little endian. */
  readonly data: Uint8Array;
}

/** Server → client, `n` consecutive rows of an utterance. */
export interface Poses {
  readonly op: "poses";
  readonly sid: number;
  readonly u: number;
  readonly layout: number;
  /** Index of the first row. */
  readonly i: number;
  /** Time of the first row after sample 0. */
  readonly tUs: number;
  readonly n: number;
  /** n rows, float32 little endian. */
  readonly data: Uint8Array;
}

/** Server → client, the mesh itself. */
export interface Geometry {
  readonly op: "geometry";
  readonly sid: number;
  readonly u: number;
  readonly i: number;
  readonly tUs: number;
  readonly parts: {
    readonly skin?: Uint8Array;
    readonly tongue?: Uint8Array;
    readonly jaw?: Uint8Array;
    readonly eyes?: Uint8Array;
  };
}

export type UtteranceState = "started" | "audio_done" | "poses_done" | "interrupted";

/** Server → client, how far an utterance is. */
export interface Utterance {
  readonly op: "utterance";
  readonly sid: number;
  readonly u: number;
  readonly state: UtteranceState;
  /** Rows sent so far. */
  readonly poses: number;
  readonly tUs: number;
  /** With "started", where a hash was told: whether the line is known. */
  readonly cached?: boolean;
}

/** Server → client: sound of `u` may be sent up to here. */
export interface Credit {
  readonly op: "credit";
  readonly sid: number;
  readonly u: number;
  readonly toUs: number;
}

/** Server → client, something worth knowing that refuses nothing. */
export interface Status {
  readonly op: "status";
  readonly sid?: number;
  readonly u?: number;
  readonly level: "info" | "warning" | "error";
  readonly code: string;
  readonly message: string;
  readonly counters: Readonly<Record<string, number>>;
}

/** Server → client, a request was accepted. */
export interface Ok {
  readonly op: "ok";
  readonly re: number;
  readonly sid?: number;
}

/** Server → client, a request was refused. */
export interface Refusal {
  readonly op: "error";
  readonly re?: number;
  readonly sid?: number;
  readonly code: number;
  /** What was found and what was wanted. */
  readonly message: string;
  readonly field?: string;
  readonly retryS?: number;
}

/** Server → client, a session is over. */
export interface Closed {
  readonly op: "closed";
  readonly re?: number;
  readonly sid: number;
  readonly code: number;
  readonly reason: string;
  readonly retryS?: number;
}

/** Both directions, the answer to `ping`. */
export interface Pong {
  readonly op: "pong";
  readonly re?: number;
  readonly t: number;
  readonly serverUs?: number;
}

/** Both directions. */
export interface Ping {
  readonly op: "ping";
  readonly id?: number;
  readonly t: number;
}

/** Client → server, a piece of an utterance; server → client the same for watchers. */
export interface Audio {
  readonly op: "audio";
  readonly id?: number;
  readonly sid: number;
  readonly u: number;
  /** Sample frame of the utterance at which the piece begins. */
  readonly first: number;
  readonly pcm: Uint8Array;
  /** In the first one of an utterance, with `Open.cache`: SHA-256 of all its `pcm`. */
  readonly hash?: Uint8Array;
}

/** Client → server, where the sound is; server → client the same from the clock watcher. */
export interface Played {
  readonly op: "played";
  readonly id?: number;
  readonly sid: number;
  readonly u: number;
  readonly tUs: number;
  readonly rate?: number;
  readonly paused?: boolean;
}

/** The messages that only a client sends, and all messages of a kind together. */

import type {
  Audio,
  AudioFormat,
  Closed,
  Credit,
  CurveSet,
  Fps,
  Geometry,
  Hello,
  Ok,
  Opened,
  Ping,
  Played,
  Pong,
  Poses,
  Ready,
  Refusal,
  Rest,
  Status,
  Utterance,
  WeightSet,
} from "./Messages.js";
import type { Plain } from "./Msgpack.js";

/** Who speaks, in which version. */
export interface Identify {
  readonly op: "identify";
  readonly id?: number;
  readonly protocol: number;
  /** "name/version", up to 64 characters. */
  readonly client: string;
  readonly proof?: string;
  readonly token?: string;
}

/** Begin a session. */
export interface Open {
  readonly op: "open";
  readonly id?: number;
  readonly sid: number;
  readonly rig: string;
  readonly fps: Fps;
  readonly audio?: AudioFormat;
  readonly model?: string;
  readonly pacing?: "live" | "burst";
  /** How far beyond the play head live poses are computed, 250,000 … 60,000,000. */
  readonly aheadUs?: number;
  readonly params?: Readonly<Record<string, number>>;
  readonly curves?: Readonly<Record<string, CurveSet>>;
  /** Groups whose left and right change places. */
  readonly swap?: readonly string[];
  readonly emotion?: Readonly<Record<string, number>>;
  readonly want?: readonly ("audio" | "geometry" | "status")[];
  readonly role?: "speak" | "watch";
  readonly name?: string;
  readonly clock?: boolean;
  /** Names of the curves that the mesh has. */
  readonly have?: readonly string[];
  readonly table?: Readonly<Record<string, Plain>>;
  readonly resume?: string;
  /** Lines that were said before need not be computed again (`Audio.hash`). */
  readonly cache?: boolean;
  /** Treatment of single weights of the face, before the rig. */
  readonly weights?: Readonly<Record<string, WeightSet>>;
  /** With "geometry" in `want`: most meshes per second of sound, 1 … 60. */
  readonly geometryHz?: number;
}

/** No more audio will come for an utterance. */
export interface End {
  readonly op: "end";
  readonly id?: number;
  readonly sid: number;
  readonly u: number;
}

/** Move the emotion; `values` is the whole vector, 0 … 1 by name. */
export interface Emotion {
  readonly op: "emotion";
  readonly id?: number;
  readonly sid: number;
  readonly values: Readonly<Record<string, number>>;
  readonly u?: number;
  readonly tUs?: number;
  /** 0 … 60,000,000; absent = 300,000. */
  readonly transitionUs?: number;
}

/** Change a session; what is absent stays as it is. */
export interface Set {
  readonly op: "set";
  readonly id?: number;
  readonly sid: number;
  readonly params?: Readonly<Record<string, number>>;
  readonly curves?: Readonly<Record<string, CurveSet>>;
  /** Groups of curves whose left and right change places; empty = none. */
  readonly swap?: readonly string[];
  readonly visible?: boolean;
  /** This and the next three only while no utterance is alive. */
  readonly model?: string;
  readonly rig?: string;
  readonly have?: readonly string[];
  readonly fps?: Fps;
  readonly weights?: Readonly<Record<string, WeightSet>>;
}

/** Drop utterances now. */
export interface Interrupt {
  readonly op: "interrupt";
  readonly id?: number;
  readonly sid: number;
  /** The last one to drop; absent = all. */
  readonly u?: number;
  /** What was heard of it. */
  readonly tUs?: number;
}

/** End a session. */
export interface Close {
  readonly op: "close";
  readonly id?: number;
  readonly sid: number;
}

/** What a client may send. */
export type Request =
  | Identify
  | Open
  | Audio
  | End
  | Emotion
  | Set
  | Interrupt
  | Played
  | Close
  | Ping
  | Pong;

/** What a server may send. */
export type Reply =
  | Hello
  | Ready
  | Opened
  | Rest
  | Poses
  | Audio
  | Played
  | Geometry
  | Utterance
  | Credit
  | Status
  | Ok
  | Refusal
  | Closed
  | Ping
  | Pong;

export type Message = Request | Reply;
export type Op = Message["op"];

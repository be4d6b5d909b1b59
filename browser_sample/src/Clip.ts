/**
 * Clip files (`a2f-ws bake`): lines whose poses were computed before, played without a server.
 * Loaded only where there are some.
 */

import { decode } from "./core/Codec.js";
import {
  bytes,
  INT31,
  INT53,
  integer,
  mapOf,
  oneOf,
  optional,
  ProtocolError,
  real,
  struct,
  text,
} from "./core/Fields.js";
import type { Row } from "./core/Layout.js";
import type { Opened, Poses, Rest, Utterance } from "./core/Messages.js";
import { decodeMsgpack } from "./core/Msgpack.js";
import { PosePlayer } from "./core/PosePlayer.js";
import { PoseRate } from "./core/Rate.js";

/** What a clip is of. */
export interface ClipHead {
  readonly protocol: number;
  /** "name/version" of the program that wrote it. */
  readonly maker: string;
  /** Name of the sound file. */
  readonly source: string;
  readonly sound: {
    /** SHA-256 of the samples in this format. */
    readonly hash: Uint8Array;
    readonly format: "s16le" | "f32le" | "ulaw" | "alaw";
    readonly rate: number;
    readonly channels: number;
    readonly frames: number;
  };
  readonly poses: number;
  /** Explicit emotion by name. */
  readonly emotion: Readonly<Record<string, number>>;
  readonly key?: Uint8Array;
  /** What else is known of the line, such as its text or who speaks. */
  readonly line?: Readonly<Record<string, string>>;
}

const MAGIC = Uint8Array.from("\xa8a2fclip1", (char) => char.charCodeAt(0));
const CLIP_BYTES = 256 * 1024 * 1024;
const FRAME_BYTES = 4 * 1024 * 1024;
const BIN_32 = 0xc6;
const HEADER = 5;

const count = integer(0, INT53);

const clipHead = struct<ClipHead>({
  protocol: integer(0, INT31),
  maker: text,
  source: text,
  sound: struct<ClipHead["sound"]>({
    hash: bytes(32),
    format: oneOf("s16le", "f32le", "ulaw", "alaw"),
    rate: integer(8000, 192_000),
    channels: integer(1, 8),
    frames: count,
  }),
  poses: count,
  emotion: mapOf(real(0, 1)),
  key: optional(bytes(32)),
  line: optional(mapOf(text)),
});

type Part = (ClipHead & { readonly op: "clip" }) | Opened | Rest | Utterance | Poses;

/** Roles of idle life that are curves (protocol §19). */
const CURVE_ROLES = new Set([
  ...["blink", "squint", "lookUp", "lookDown", "lookIn", "lookOut"].flatMap((role) => [`${role}Left`, `${role}Right`]),
  "breath",
]);

const ORDER = ["clip", "opened", "rest", "utterance"] as const;

/** A clip in memory: the poses of one line, for a player. */
export class Clip {
  readonly head: ClipHead;
  /** What its rows consist of. */
  readonly opened: Opened;
  /** The row to show before and after it. */
  readonly restRow: Row;
  /** All rows, one behind the other. */
  readonly rows: Float32Array;
  /** Index of the first pose. */
  readonly first: number;
  /** Where its sound begins and ends, µs. */
  readonly startUs: number;
  readonly soundEndUs: number;
  /** Time of the last pose, µs; without any, of the first sample. */
  readonly endUs: number;

  /**
   * Take the content of a clip file.
   *
   * @throws ProtocolError - 4422: it is none, or damaged.
   */
  constructor(content: Uint8Array) {
    const parts = [...partsOf(content)];
    const [head, opened, rest, started] = ORDER.map((op, k) => {
      const part = parts[k];
      if (part?.op !== op) refuse(k, `found ${part?.op ?? "its end"}, wanted ${op}`);
      return part;
    }) as [ClipHead & { op: "clip" }, Opened, Rest, Utterance];
    if (head.protocol !== 1) refuse(0, `protocol: found ${head.protocol}, wanted 1`);
    const { op: _, ...about } = head;
    [this.head, this.opened] = [about, opened];
    checkNames(opened);
    this.restRow = this.#floats(2, rest, 1);
    if (started.state !== "started") refuse(3, `state: found ${started.state}, wanted started`);
    const { sid, layout } = opened;
    parts.slice(2).forEach((part, k) => {
      const { op, u } = part as Utterance;
      const isOther = op !== ("rest" as string) && u !== started.u;
      if ((part as Rest).sid !== sid || ((part as Rest).layout ?? layout) !== layout || isOther) {
        refuse(k + 2, "sid, layout or u: found another one, wanted the same in all parts");
      }
    });
    const rate = new PoseRate(opened.fps);
    const rows: Float32Array[] = [];
    let [first, poses, soundEndUs, isHeard, isOver] = [0, 0, started.tUs, false, false];
    parts.slice(4).forEach((part, at) => {
      const k = at + 4;
      if (isOver) refuse(k, `found ${part.op}, wanted nothing behind the poses`);
      if (part.op === "poses") {
        if (!poses) first = part.i;
        if (part.i !== first + poses) refuse(k, `i: found ${part.i}, wanted ${first + poses}`);
        if (part.tUs !== rate.timeUs(part.i)) refuse(k, `t_us: found ${part.tUs}`);
        rows.push(this.#floats(k, part, part.n));
        poses += part.n;
      } else if (part.op !== "utterance") {
        refuse(k, `found ${part.op}, wanted poses or utterance`);
      } else if (part.state === "audio_done" && !isHeard && part.tUs >= started.tUs) {
        [isHeard, soundEndUs] = [true, part.tUs];
      } else if (part.state === "poses_done") {
        const lastUs = poses ? rate.timeUs(first + poses - 1) : started.tUs;
        if (part.poses !== poses || head.poses !== poses || part.tUs !== lastUs) {
          refuse(k, `found ${part.poses} poses to ${part.tUs}, wanted ${poses} to ${lastUs}`);
        }
        isOver = true;
      } else refuse(k, `found ${part.state} at ${part.tUs}, which cannot be here`);
    });
    if (!isOver) refuse(parts.length, "found its end, wanted utterance poses_done before it");
    this.rows = new Float32Array(poses * opened.row);
    let at = 0;
    for (const part of rows) {
      this.rows.set(part, at);
      at += part.length;
    }
    [this.first, this.startUs, this.soundEndUs] = [first, started.tUs, soundEndUs];
    this.endUs = poses ? rate.timeUs(first + poses - 1) : started.tUs;
  }

  /**
   * Hand everything to a player, as if a server had sent it; it plays the clip as `u`.
   *
   * @param u - Rises within a player.
   * @param layout - Another one for every rig that the player has seen.
   */
  feed(player: PosePlayer, u = 1, layout = 1): void {
    player.opened({ ...this.opened, layout });
    player.rest(layout, this.restRow);
    player.utterance(u, "started", 0, this.startUs);
    player.poses(u, layout, this.first, this.rows);
    player.utterance(u, "audio_done", this.head.poses, this.soundEndUs);
    player.utterance(u, "poses_done", this.head.poses, this.endUs);
  }

  /** A player that has it as utterance 1 and forgets nothing: it may be sought through. */
  player(): PosePlayer {
    const player = new PosePlayer();
    player.keepUs = null;
    this.feed(player);
    return player;
  }

  #floats(k: number, { data }: { readonly data: Uint8Array }, rows: number): Float32Array {
    const { row } = this.opened;
    if (data.length !== 4 * row * rows) {
      refuse(k, `data: found ${data.length} bytes, wanted ${rows} rows of ${row} floats`);
    }
    const floats = new Float32Array(data.slice().buffer);
    if (!floats.every(Number.isFinite)) refuse(k, "data: found a value that is not finite");
    return floats;
  }
}

/**
 * Read a clip from an address, a file that the user chose, or memory.
 *
 * @throws ProtocolError - 4422: it is no clip, or damaged. Error: it cannot be fetched.
 */
export async function openClip(source: string | URL | Blob | ArrayBuffer | Uint8Array): Promise<Clip> {
  if (source instanceof Uint8Array) return new Clip(source);
  if (source instanceof ArrayBuffer) return new Clip(new Uint8Array(source));
  if (source instanceof Blob) {
    if (source.size > CLIP_BYTES) refuse(0, `found ${source.size} bytes, wanted ${CLIP_BYTES} at most`);
    return new Clip(new Uint8Array(await source.arrayBuffer()));
  }
  const answer = await fetch(source);
  if (!answer.ok) throw new Error(`${source}: found HTTP ${answer.status}, wanted a clip`);
  return new Clip(new Uint8Array(await answer.arrayBuffer()));
}

/** Refuses names that stand there twice, and idle life that is not where it can be. */
function checkNames({ curves, transforms, row, idle }: Opened): void {
  for (const [kind, names] of Object.entries({ curves, transforms })) {
    const seen = new Set<string>();
    for (const name of names) {
      if (seen.has(name)) refuse(1, `${kind}: found "${name}" twice, wanted each name once`);
      seen.add(name);
    }
  }
  for (const [role, [index]] of Object.entries(idle)) {
    const at = index - curves.length;
    if (role === "head" && (at < 0 || at % 7)) {
      refuse(1, `idle.head: found place ${index}, wanted the first one of a transform`);
    }
    const count = CURVE_ROLES.has(role) ? curves.length : row;
    if (index >= count) refuse(1, `idle.${role}: found place ${index}, wanted one below ${count}`);
  }
}

/** The parts of a clip file; messages with another `op` are passed by. */
function* partsOf(content: Uint8Array): Generator<Part> {
  if (content.length > CLIP_BYTES) refuse(0, `found ${content.length} bytes, wanted ${CLIP_BYTES} at most`);
  if (!MAGIC.every((byte, at) => content[at] === byte)) refuse(0, "found another beginning, wanted a2fclip1");
  const view = new DataView(content.buffer, content.byteOffset, content.byteLength);
  for (let at = MAGIC.length, k = 0; at < content.length; k++) {
    if (at + HEADER > content.length) refuse(k, "is cut off before a length");
    const [kind, size] = [view.getUint8(at), view.getUint32(at + 1)];
    if (kind !== BIN_32) refuse(k, `found the type 0x${kind.toString(16)}, wanted a bin 32`);
    if (size > FRAME_BYTES) refuse(k, `found ${size} bytes, wanted ${FRAME_BYTES} at most`);
    at += HEADER + size;
    if (at > content.length) refuse(k, "is cut off in a message");
    const part = partOf(content.subarray(at - size, at), k);
    if (part) yield part;
  }
}

function partOf(frame: Uint8Array, k: number): Part | null {
  try {
    const message = decode(frame, false);
    if (message) return message as Part;
    const plain = decodeMsgpack(frame) as { readonly op: string };
    return plain.op === "clip" ? { ...clipHead.read(plain, "", false), op: "clip" } : null;
  } catch (error) {
    return refuse(k, (error as Error).message);
  }
}

function refuse(k: number, message: string): never {
  throw new ProtocolError(4422, `part ${k}: ${message}`);
}

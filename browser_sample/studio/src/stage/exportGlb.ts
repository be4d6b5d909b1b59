/** The head as it came, with what was played as an animation of it. */

import type { Mesh, Object3D } from "three";
import { type GltfJson, padded, writeGlb } from "./Container.js";
import type { FileNode, LiveHead, Track } from "./Head.js";
import { StageError } from "./StageError.js";

const FLOAT = 5126;
const NAME = "speech";

/** One animated property of one node, its values as they are shown. */
interface Channel {
  readonly node: number;
  readonly object: Object3D;
  readonly path: "weights" | "rotation" | "translation";
  /** Values per key. */
  readonly size: number;
  read(values: Float32Array, at: number): void;
  readonly values: Float32Array;
}

/**
 * Writes the head's own file again with one more animation, the first: morph weights of every mesh
 * that moves, and rotation and place of the head, neck and eyes where they move.
 *
 * The values are read from the head while it is shown row by row, so expressions, eye bones and the
 * neck are in the file as they are on the stage. The head is left with the last row shown.
 *
 * @param head The head; `bind` is called with the track's names.
 * @param track What was played.
 * @returns A GLB of glTF 2.0. A VRM stays one; `head.lost` says what cannot be in it.
 * @throws StageError The track is empty.
 */
export function exportGlb(head: LiveHead, track: Track): Uint8Array<ArrayBuffer> {
  const keys = keysOf(track);
  if (keys.length === 0) throw new StageError("Nothing has been played yet: there is nothing to export.");
  head.bind(track.curves, track.transforms);
  const standing = new Set(head.nodes.map(({ object }) => object));
  const channels = head.nodes.flatMap((node) => channelsOf(node, standing, keys.length));
  keys.forEach((key, k) => {
    head.show(track.rows[key] as Float32Array);
    for (const channel of channels) channel.read(channel.values, k * channel.size);
  });
  const startUs = track.tUs[keys[0] as number] as number;
  const times = Float32Array.from(keys, (key) => ((track.tUs[key] as number) - startUs) / 1e6);
  const kept = channels.filter(changes);
  return appended(head, times, kept.length > 0 ? kept : channels.slice(0, 1));
}

/** Rows whose times go up, as glTF wants them. */
function keysOf(track: Track): number[] {
  let last = Number.NEGATIVE_INFINITY;
  const keys: number[] = [];
  track.rows.forEach((_, i) => {
    const tUs = track.tUs[i];
    // Times are float32 seconds in the file: closer ones would fall together.
    if (tUs === undefined || tUs < last + 100) return;
    last = tUs;
    keys.push(i);
  });
  return keys;
}

function channelsOf({ node, object }: FileNode, standing: ReadonlySet<Object3D>, keys: number): Channel[] {
  const channels: Channel[] = [
    {
      node, object, path: "rotation", size: 4, values: new Float32Array(4 * keys),
      read: (values, at) => object.quaternion.toArray(values, at),
    },
    {
      node, object, path: "translation", size: 3, values: new Float32Array(3 * keys),
      read: (values, at) => object.position.toArray(values, at),
    },
  ];
  const weights = weightsOf(object, standing);
  if (weights !== null && weights.length > 0) {
    const size = weights.length;
    channels.unshift({
      node, object, path: "weights", size, values: new Float32Array(size * keys),
      read: (values, at) => values.set(weights, at),
    });
  }
  return channels;
}

/** Morph weights of a node: its own, or those of its mesh's parts, which are no nodes and share them. */
function weightsOf(object: Object3D, standing: ReadonlySet<Object3D>): number[] | null {
  for (const part of [object, ...object.children.filter((child) => !standing.has(child))]) {
    const weights = (part as Partial<Mesh>).morphTargetInfluences;
    if (weights !== undefined) return weights;
  }
  return null;
}

/** True when a channel says something: it moves, or shows weights that are not those of rest. */
function changes({ path, size, values }: Channel): boolean {
  return values.some((value, i) => (path === "weights" ? value !== 0 : value !== values[i % size]));
}

function appended(head: LiveHead, times: Float32Array, channels: readonly Channel[]): Uint8Array<ArrayBuffer> {
  const json = JSON.parse(head.source.text) as GltfJson;
  const bin = new Binary(json, head.source.bin);
  const input = bin.accessor(times, { type: "SCALAR", count: times.length, min: [0], max: [times.at(-1) ?? 0] });
  const samplers = channels.map(({ path, size, values }) => {
    const type = path === "rotation" ? "VEC4" : path === "translation" ? "VEC3" : "SCALAR";
    const count = path === "weights" ? values.length : values.length / size;
    return { input, output: bin.accessor(values, { type, count }), interpolation: "LINEAR" };
  });
  for (const { node, object, path } of channels) {
    if (path !== "weights") separate(json.nodes?.[node], object);
  }
  const targets = channels.map(({ node, path }, sampler) => ({ sampler, target: { node, path } }));
  json.animations = [{ name: NAME, samplers, channels: targets }, ...(json.animations ?? [])];
  const bytes = bin.bytes();
  return writeGlb(JSON.stringify(json), bytes);
}

/** A node that is animated may not have a matrix: it is told as rotation, place and scale. */
function separate(node: Record<string, unknown> | undefined, object: Object3D): void {
  if (node?.["matrix"] === undefined) return;
  delete node["matrix"];
  node["rotation"] = object.quaternion.toArray();
  node["translation"] = object.position.toArray();
  node["scale"] = object.scale.toArray();
}

/** The binary chunk of a file that grows at its end. */
class Binary {
  readonly #json: GltfJson;
  readonly #parts: Uint8Array[] = [];
  #length = 0;

  /** A glTF without a chunk gets one: its buffers, which are data in addresses, move one up. */
  constructor(json: GltfJson, bin: Uint8Array | null) {
    this.#json = json;
    json.buffers ??= [];
    json.bufferViews ??= [];
    json.accessors ??= [];
    const first = json.buffers[0];
    if (bin !== null && first !== undefined && first.uri === undefined) {
      this.#put(bin.subarray(0, first.byteLength));
    } else {
      json.buffers.unshift({ byteLength: 0 });
      for (const view of json.bufferViews) view.buffer += 1;
    }
  }

  /** Appends numbers with an accessor; returns the accessor's index. */
  accessor(values: Float32Array, words: { type: string; count: number; min?: number[]; max?: number[] }): number {
    const { bufferViews = [], accessors = [] } = this.#json;
    const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    bufferViews.push({ buffer: 0, byteOffset: this.#length, byteLength: bytes.byteLength });
    accessors.push({ bufferView: bufferViews.length - 1, componentType: FLOAT, ...words });
    this.#put(bytes);
    return accessors.length - 1;
  }

  /** All that was put; says so in the JSON. */
  bytes(): Uint8Array {
    const whole = new Uint8Array(this.#length);
    let at = 0;
    for (const part of this.#parts) {
      whole.set(part, at);
      at += padded(part.byteLength);
    }
    const buffer = this.#json.buffers?.[0];
    if (buffer !== undefined) buffer.byteLength = this.#length;
    return whole;
  }

  #put(bytes: Uint8Array): void {
    this.#parts.push(bytes);
    this.#length += padded(bytes.byteLength);
  }
}

/** Writes small glTF files for the tests: flat cards with morph targets, bones and VRM extensions. */

import { Matrix4, Quaternion, Vector3 } from "three";
import { writeGlb } from "../../studio/src/stage/Container.js";

type Vector = readonly [number, number, number];

/** A square card of four corners; each target moves all corners, or chosen ones, by one vector. */
export interface Card {
  readonly name: string;
  readonly center: Vector;
  /** Half of its side. */
  readonly half: number;
  readonly targets?: Readonly<Record<string, Vector>>;
  /** The corners that targets move: 0 and 1 below, 2 and 3 above; all when left out. */
  readonly moved?: readonly number[];
  /** Index of the joint in `joints` that all corners hang on. */
  readonly joint?: number;
  /** Index of the node that it hangs on; the scene when left out. */
  readonly parent?: number;
  readonly weights?: readonly number[];
}

/** What is in the file. Nodes come first, then one node per card. */
export interface Parts {
  readonly nodes?: readonly { name: string; translation?: Vector; rotation?: readonly number[]; parent?: number; matrix?: readonly number[] }[];
  readonly joints?: readonly number[];
  readonly cards: readonly Card[];
  readonly extensions?: Readonly<Record<string, unknown>>;
  readonly extra?: Readonly<Record<string, unknown>>;
}

type Json = Record<string, unknown> & { bufferViews: unknown[]; accessors: unknown[]; meshes: unknown[]; nodes: Record<string, unknown>[] };

/** A GLB with these parts. */
export function makeGlb(parts: Parts): Uint8Array<ArrayBuffer> {
  const { json, bin } = write(parts);
  return writeGlb(JSON.stringify({ ...json, buffers: [{ byteLength: bin.byteLength }] }), bin);
}

/** A .gltf with its data inside, as base64. */
export function makeGltf(parts: Parts): Uint8Array<ArrayBuffer> {
  const { json, bin } = write(parts);
  const uri = `data:application/octet-stream;base64,${Buffer.from(bin).toString("base64")}`;
  return new TextEncoder().encode(JSON.stringify({ ...json, buffers: [{ uri, byteLength: bin.byteLength }] }));
}

/** A GLB from JSON alone, for files that are refused before anything is built. */
export function makeBroken(json: Record<string, unknown>): Uint8Array<ArrayBuffer> {
  return writeGlb(JSON.stringify({ asset: { version: "2.0" }, ...json }), new Uint8Array(0));
}

function write(parts: Parts): { json: Json; bin: Uint8Array } {
  const chunks: Uint8Array[] = [];
  const json: Json = { asset: { version: "2.0" }, bufferViews: [], accessors: [], meshes: [], nodes: [] };
  let length = 0;
  const put = (array: Float32Array | Uint16Array | Uint8Array, type: string, componentType: number, more = {}): number => {
    const bytes = new Uint8Array(array.buffer);
    json.bufferViews.push({ buffer: 0, byteOffset: length, byteLength: bytes.byteLength });
    const sizes: Record<string, number> = { SCALAR: 1, VEC3: 3, VEC4: 4, MAT4: 16 };
    const count = array.length / (sizes[type] ?? 1);
    json.accessors.push({ bufferView: json.bufferViews.length - 1, componentType, type, count, ...more });
    chunks.push(bytes);
    length += bytes.byteLength;
    return json.accessors.length - 1;
  };
  const place = (points: readonly Vector[]): number => {
    const along = (k: number): number[] => points.map((point) => Math.fround(point[k] ?? 0));
    const min = [0, 1, 2].map((k) => Math.min(...along(k)));
    const max = [0, 1, 2].map((k) => Math.max(...along(k)));
    return put(Float32Array.from(points.flat()), "VEC3", 5126, { min, max });
  };
  const nodes = parts.nodes ?? [];
  json.nodes = nodes.map(({ parent: _, ...node }) => ({ ...node }));
  const hang = (child: number, parent: number | undefined): void => {
    const above = parent === undefined ? undefined : json.nodes[parent];
    if (above !== undefined) above["children"] = [...((above["children"] as number[] | undefined) ?? []), child];
  };
  nodes.forEach(({ parent }, child) => hang(child, parent));
  parts.cards.forEach((card) => {
    const targets = Object.entries(card.targets ?? {});
    const attributes: Record<string, number> = { POSITION: place(corners(card.center, card.half)) };
    if (card.joint !== undefined) {
      const joints = Uint8Array.from([0, 1, 2, 3].flatMap(() => [card.joint ?? 0, 0, 0, 0]));
      attributes["JOINTS_0"] = put(joints, "VEC4", 5121);
      attributes["WEIGHTS_0"] = put(Float32Array.from([0, 1, 2, 3].flatMap(() => [1, 0, 0, 0])), "VEC4", 5126);
    }
    const indices = put(Uint16Array.from([0, 1, 2, 2, 1, 3]), "SCALAR", 5123);
    const moved = card.moved ?? [0, 1, 2, 3];
    const moves = targets.map(([, move]) => ({
      POSITION: place([0, 1, 2, 3].map((corner): Vector => (moved.includes(corner) ? move : [0, 0, 0]))),
    }));
    json.meshes.push({
      name: card.name,
      primitives: [{ attributes, indices, ...(moves.length > 0 ? { targets: moves } : {}) }],
      ...(moves.length > 0 ? { extras: { targetNames: targets.map(([name]) => name) } } : {}),
      ...(card.weights === undefined ? {} : { weights: card.weights }),
    });
    const node = { name: card.name, mesh: json.meshes.length - 1, ...(card.joint === undefined ? {} : { skin: 0 }) };
    hang(json.nodes.push(node) - 1, card.parent);
  });
  if (parts.joints !== undefined) {
    const inverse = parts.joints.flatMap((joint) => inverseOf(nodes, joint));
    json["skins"] = [{ joints: parts.joints, inverseBindMatrices: put(Float32Array.from(inverse), "MAT4", 5126) }];
  }
  const children = new Set(json.nodes.flatMap((node) => (node["children"] as number[] | undefined) ?? []));
  json["scene"] = 0;
  json["scenes"] = [{ nodes: [...json.nodes.keys()].filter((node) => !children.has(node)) }];
  if (parts.extensions !== undefined) {
    json["extensions"] = parts.extensions;
    json["extensionsUsed"] = Object.keys(parts.extensions);
  }
  Object.assign(json, parts.extra ?? {});
  const bin = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    bin.set(chunk, at);
    at += chunk.byteLength;
  }
  return { json, bin };
}

function corners([x, y, z]: Vector, half: number): Vector[] {
  return [
    [x - half, y - half, z],
    [x + half, y - half, z],
    [x - half, y + half, z],
    [x + half, y + half, z],
  ];
}

/** Inverse of a joint's rest pose. */
function inverseOf(nodes: NonNullable<Parts["nodes"]>, joint: number): number[] {
  const whole = new Matrix4();
  for (let at: number | undefined = joint; at !== undefined; at = nodes[at]?.parent) {
    const place = new Vector3().fromArray(nodes[at]?.translation ?? [0, 0, 0]);
    const turn = new Quaternion().fromArray(nodes[at]?.rotation ?? [0, 0, 0, 1]);
    whole.premultiply(new Matrix4().compose(place, turn, new Vector3(1, 1, 1)));
  }
  return whole.invert().toArray();
}

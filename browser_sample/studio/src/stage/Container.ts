/** GLB and glTF files as bytes: what can be told before anything is built from them. */

import { StageError } from "./StageError.js";

/** Largest file that is taken, bytes. */
export const LARGEST_BYTES = 200 * 1024 * 1024;

const MAGIC = 0x46546c67;
const JSON_CHUNK = 0x4e4f534a;
const BIN_CHUNK = 0x004e4942;
const HEADER_BYTES = 12;
const CHUNK_BYTES = 8;

/** The parts of a glTF that the stage reads itself; the loader reads the rest. */
export interface GltfJson {
  asset?: { version?: string };
  extensions?: Record<string, unknown>;
  extensionsRequired?: string[];
  buffers?: { uri?: string; byteLength: number }[];
  bufferViews?: { buffer: number; byteOffset?: number; byteLength: number }[];
  images?: { uri?: string }[];
  accessors?: unknown[];
  animations?: unknown[];
  meshes?: { primitives?: { targets?: unknown[] }[] }[];
  nodes?: Record<string, unknown>[];
}

/** A file on the stage: its bytes and where its parts lie. */
export interface Container {
  /** The whole file. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Its JSON as text. */
  readonly text: string;
  /** The binary chunk of a GLB; null for a glTF with embedded data. */
  readonly bin: Uint8Array | null;
}

/** Extensions that may be required: what three.js reads without decoders, and VRM's own. */
const READABLE = /^(KHR_materials_\w+|KHR_mesh_quantization|KHR_texture_transform|KHR_lights_punctual|EXT_texture_webp|EXT_texture_avif|EXT_mesh_gpu_instancing|EXT_materials_bump|VRM|VRMC_\w+)$/;

/** What the unreadable ones are, for people. */
const COMPRESSION: Readonly<Record<string, string>> = {
  KHR_draco_mesh_compression: "Draco-compressed meshes",
  EXT_meshopt_compression: "meshopt-compressed meshes",
  KHR_meshopt_compression: "meshopt-compressed meshes",
  KHR_texture_basisu: "KTX2 (Basis) textures",
};

/** First bytes of files that people drop by mistake. */
const STRANGERS: readonly (readonly [RegExp, string])[] = [
  [/^Kaydara FBX/, "an FBX file"],
  [/^PK/, "a ZIP archive"],
  [/^\s*</, "a web page or XML"],
  [/^BLENDER/, "a Blender file"],
  [/^(#|v |mtllib|o )/, "an OBJ file"],
  [/^(RIFF|fLaC|OggS|ID3)/, "a sound file"],
  [/^\x89PNG|^\xff\xd8\xff/, "a picture"],
];

/**
 * Reads a file as far as needed to say whether a head can be built from it.
 *
 * @param bytes The whole file.
 * @param name What to call it in messages.
 * @returns The file and its JSON.
 * @throws StageError It is no GLB or glTF 2.0, is broken, needs other files or a decoder, or
 *   has nothing that moves.
 */
export function readContainer(
  bytes: Uint8Array<ArrayBuffer>,
  name: string,
): { container: Container; json: GltfJson } {
  if (bytes.byteLength > LARGEST_BYTES) throw tooLarge(name, bytes.byteLength);
  const container = isGlb(bytes) ? readGlb(bytes, name) : readText(bytes, name);
  const json = parse(container.text, name);
  checkWhole(json, name);
  checkReadable(json, name);
  checkMoves(json, name);
  return { container, json };
}

/** The complaint about a file that is too large. */
export function tooLarge(name: string, bytes: number): StageError {
  const found = Math.round(bytes / 1024 / 1024);
  return new StageError(`${name} has ${found} MB; the stage takes files of up to 200 MB.`);
}

/**
 * Writes a GLB.
 *
 * @param text JSON of the glTF.
 * @param bin Binary chunk, any length.
 * @returns The file.
 */
export function writeGlb(text: string, bin: Uint8Array): Uint8Array<ArrayBuffer> {
  const json = new TextEncoder().encode(text);
  const jsonBytes = padded(json.byteLength);
  const binBytes = padded(bin.byteLength);
  const total = HEADER_BYTES + CHUNK_BYTES + jsonBytes + CHUNK_BYTES + binBytes;
  const file = new Uint8Array(total);
  const view = new DataView(file.buffer);
  [MAGIC, 2, total, jsonBytes, JSON_CHUNK].forEach((word, i) => view.setUint32(4 * i, word, true));
  const jsonStart = HEADER_BYTES + CHUNK_BYTES;
  file.fill(0x20, jsonStart, jsonStart + jsonBytes);
  file.set(json, jsonStart);
  view.setUint32(jsonStart + jsonBytes, binBytes, true);
  view.setUint32(jsonStart + jsonBytes + 4, BIN_CHUNK, true);
  file.set(bin, jsonStart + jsonBytes + CHUNK_BYTES);
  return file;
}

/** The next multiple of four. */
export function padded(bytes: number): number {
  return Math.ceil(bytes / 4) * 4;
}

/** True for a VRM of either version. */
export function isVrm(json: GltfJson): boolean {
  return json.extensions?.["VRM"] !== undefined || json.extensions?.["VRMC_vrm"] !== undefined;
}

function isGlb(bytes: Uint8Array): boolean {
  return bytes.byteLength >= 4 && new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true) === MAGIC;
}

function readGlb(bytes: Uint8Array<ArrayBuffer>, name: string): Container {
  if (bytes.byteLength < HEADER_BYTES + CHUNK_BYTES) throw cut(name);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const version = view.getUint32(4, true);
  if (version !== 2) {
    throw new StageError(`${name} is a GLB of version ${version}; the stage reads version 2.`);
  }
  const end = view.getUint32(8, true);
  if (end > bytes.byteLength) throw cut(name);
  let text: string | null = null;
  let bin: Uint8Array | null = null;
  for (let at = HEADER_BYTES; at + CHUNK_BYTES <= end; ) {
    const start = at + CHUNK_BYTES;
    const length = view.getUint32(at, true);
    if (start + length > end) throw cut(name);
    const chunk = bytes.subarray(start, start + length);
    const type = view.getUint32(at + 4, true);
    if (type === JSON_CHUNK && text === null) text = new TextDecoder().decode(chunk);
    if (type === BIN_CHUNK && bin === null) bin = chunk;
    at = start + length;
  }
  if (text === null) throw new StageError(`${name} is a GLB without its JSON part: it is broken.`);
  return { bytes, text, bin };
}

function readText(bytes: Uint8Array<ArrayBuffer>, name: string): Container {
  const start = new TextDecoder("latin1").decode(bytes.subarray(0, 64));
  if (!/^(\xef\xbb\xbf)?\s*\{/.test(start)) {
    const stranger = STRANGERS.find(([sign]) => sign.test(start))?.[1] ?? "something else";
    const found = bytes.byteLength === 0 ? "is empty" : `looks like ${stranger}`;
    throw new StageError(`${name} ${found}; the stage takes .glb, .vrm, and .gltf with everything inside.`);
  }
  return { bytes, text: new TextDecoder().decode(bytes), bin: null };
}

function parse(text: string, name: string): GltfJson {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new StageError(`${name} cannot be read: its JSON is broken.`);
  }
  const version = (json as GltfJson | null)?.asset?.version;
  if (typeof version !== "string") {
    throw new StageError(`${name} is JSON, but no glTF: it has no asset version.`);
  }
  if (!version.startsWith("2.")) {
    throw new StageError(`${name} is glTF ${version}; the stage reads glTF 2.0.`);
  }
  return json as GltfJson;
}

function checkWhole(json: GltfJson, name: string): void {
  const parts = [...(json.buffers ?? []), ...(json.images ?? [])];
  const outside = parts.flatMap(({ uri }) => (uri === undefined || uri.startsWith("data:") ? [] : [uri]));
  const first = outside[0];
  if (first === undefined) return;
  const more = outside.length > 1 ? ` and ${outside.length - 1} more` : "";
  throw new StageError(
    `${name} needs other files (${first}${more}); save it as .glb, which has everything inside.`,
  );
}

function checkReadable(json: GltfJson, name: string): void {
  const unreadable = (json.extensionsRequired ?? []).filter((extension) => !READABLE.test(extension));
  if (unreadable.length === 0) return;
  const found = unreadable.map((extension) => {
    const words = COMPRESSION[extension];
    return words === undefined ? extension : `${words} (${extension})`;
  });
  throw new StageError(
    `${name} needs ${found.join(", ")}, which this page cannot read; export it without compression.`,
  );
}

function checkMoves(json: GltfJson, name: string): void {
  const meshes = json.meshes ?? [];
  if (meshes.length === 0) throw new StageError(`${name} has no meshes: there is nothing to show.`);
  const morphs = meshes.some(({ primitives }) =>
    (primitives ?? []).some(({ targets }) => (targets ?? []).length > 0),
  );
  if (!morphs && !isVrm(json)) {
    const what = `${meshes.length} ${meshes.length === 1 ? "mesh" : "meshes"}`;
    throw new StageError(
      `${name} has ${what}, but no morph targets and no expressions: its face cannot move. Wanted: ARKit, viseme or VRM shapes.`,
    );
  }
}

function cut(name: string): StageError {
  return new StageError(`${name} is cut off: it is shorter than it says.`);
}

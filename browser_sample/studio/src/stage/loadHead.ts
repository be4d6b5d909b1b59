/** From a file or an address to a head. */

import { Group, type Mesh, type Object3D, Vector3 } from "three";
import { type GLTF, GLTFLoader } from "three/addons/loaders/GLTFLoader.js";
import { type Container, isVrm, LARGEST_BYTES, readContainer, tooLarge } from "./Container.js";
import { disposeTree } from "./disposeTree.js";
import type { FileNode, LiveHead } from "./Head.js";
import { measure } from "./measure.js";
import { MorphHead, shapesOf } from "./MorphHead.js";
import { meshesOf } from "./parts.js";
import { StageError } from "./StageError.js";

/** Brows to chin of an adult, metres; tells centimetres from metres. Ours, from our own head. */
const FACE_M = 0.14;

/**
 * Loads a head.
 *
 * @param source A file, or the address of one on this server.
 * @returns The head in its rest pose, not yet in a scene.
 * @throws StageError It cannot be a head; the message says what was found and what is wanted.
 */
export async function loadHead(source: string | File): Promise<LiveHead> {
  const name = typeof source === "string" ? (source.split("/").pop() ?? source) : source.name;
  const bytes = typeof source === "string" ? await fetched(source, name) : await read(source);
  return headOf(bytes, name);
}

/** Builds a head from the bytes of a file; see `loadHead`. */
export async function headOf(bytes: Uint8Array<ArrayBuffer>, name: string): Promise<LiveHead> {
  const { container, json } = readContainer(bytes, name);
  const gltf = await parsed(container, name, isVrm(json));
  try {
    const head = await built(gltf, container, name);
    if (head.have.length === 0) {
      throw new StageError(`${name} has no expression and no morph target that moves its face.`);
    }
    return head;
  } catch (error) {
    disposeTree(gltf.scene);
    throw error instanceof StageError ? error : unreadable(name, error);
  }
}

async function built(gltf: GLTF, source: Container, name: string): Promise<LiveHead> {
  const nodes = nodesOf(gltf);
  for (const mesh of meshesOf(gltf.scene)) mesh.frustumCulled = false;
  const vrm: unknown = gltf.userData["vrm"];
  if (vrm !== undefined) {
    const { VrmHead, stand } = await import("./VrmHead.js");
    const model = vrm as ConstructorParameters<typeof VrmHead>[1];
    stand(model);
    return new VrmHead({ name, root: model.scene, source, nodes, unit: 1 }, model);
  }
  const root = new Group();
  root.add(gltf.scene);
  forgetWeights(gltf.scene);
  root.updateMatrixWorld(true);
  return new MorphHead({ name, root, source, nodes, unit: unitOf(root) });
}

async function parsed(container: Container, name: string, hasVrm: boolean): Promise<GLTF> {
  const loader = new GLTFLoader();
  if (hasVrm) {
    const { VRMLoaderPlugin } = await import("@pixiv/three-vrm");
    loader.register((parser) => new VRMLoaderPlugin(parser));
  }
  const { bytes } = container;
  const whole = bytes.byteOffset === 0 && bytes.byteLength === bytes.buffer.byteLength;
  try {
    return await loader.parseAsync(whole ? bytes.buffer : bytes.slice().buffer, "");
  } catch (error) {
    throw unreadable(name, error);
  }
}

/** Objects that stand for the file's nodes: the ends of an exported animation. */
function nodesOf(gltf: GLTF): FileNode[] {
  const nodes: FileNode[] = [];
  for (const [thing, reference] of gltf.parser.associations) {
    // Materials that the loader made itself refer to nothing.
    const node = (reference as typeof reference | undefined)?.nodes;
    if (node !== undefined) nodes.push({ node, object: thing as Object3D });
  }
  return nodes.sort((a, b) => a.node - b.node);
}

/** Faces start neutral, whatever weights they were saved with. */
function forgetWeights(root: Object3D): void {
  for (const mesh of meshesOf(root)) mesh.morphTargetInfluences?.fill(0);
}

/** Units of the stage per metre: 1, or what the size of the face says where that is far off. */
function unitOf(root: Object3D): number {
  const { face } = measure(root, shapesOf(meshesOf(root) as Mesh[]));
  const metres = face.getSize(new Vector3()).y / FACE_M;
  return metres > 0.3 && metres < 3 ? 1 : metres;
}

async function fetched(address: string, name: string): Promise<Uint8Array<ArrayBuffer>> {
  let answer: Response;
  try {
    answer = await fetch(address);
  } catch {
    throw new StageError(`${name} could not be fetched: the server does not answer.`);
  }
  if (!answer.ok) throw new StageError(`${name} could not be fetched: the server says ${answer.status}.`);
  const length = Number(answer.headers.get("content-length") ?? 0);
  if (length > LARGEST_BYTES) throw tooLarge(name, length);
  return new Uint8Array(await answer.arrayBuffer());
}

async function read(file: File): Promise<Uint8Array<ArrayBuffer>> {
  if (file.size > LARGEST_BYTES) throw tooLarge(file.name, file.size);
  try {
    return new Uint8Array(await file.arrayBuffer());
  } catch {
    throw new StageError(`${file.name} could not be read from this computer.`);
  }
}

function unreadable(name: string, error: unknown): StageError {
  const why = error instanceof Error ? error.message.replace(/^THREE\.GLTFLoader: /, "") : String(error);
  return new StageError(`${name} cannot be read: ${why}`);
}

/** Where the face of a head is, from what its shapes move: any size, unit and place. */

import { Box3, type Mesh, type Object3D, Vector3 } from "three";
import type { Slot } from "./Head.js";
import { meshesOf, partsOf } from "./parts.js";
import { canonical } from "./shapeNames.js";

/** Places of a head in units of the stage. */
export interface HeadBounds {
  /** Everything that is shown, body included. */
  readonly all: Box3;
  /** The head with hair and a piece of the neck. */
  readonly head: Box3;
  /** What the face's shapes move, or what is known of a face that moves no brow: brows to chin. */
  readonly face: Box3;
  /** The lips. */
  readonly mouth: Box3;
}

/** Part of a shape's largest movement that counts as being moved by it: for a face, for lips. */
const MOVED = 0.2;
const MOVED_MUCH = 0.6;
const LIPS = /^(mouthPucker|mouthFunnel|viseme_(PP|O|U)|ou|oh)$/;
const BROWS = /^(brow|angry$|sad$|surprised$)/;
const VOWELS = /^(aa|ih|ou|ee|oh|blink(Left|Right)?|happy|angry|sad|relaxed|surprised)$/;

/** From the chin up: where the eyes are, and the top with the hair; 1 = the brows. Ours, from our own head. */
const EYES = 0.71;
const TOP = 1.45;
/** Width of a face from brows to chin of 1. Ours, from our own head. */
const WIDE = 0.8;

/**
 * Measures a head in its rest pose; its world matrices must be up to date.
 *
 * @param root The head's objects.
 * @param shapes Morph targets behind each name.
 * @returns Boxes that are never empty.
 */
export function measure(root: Object3D, shapes: ReadonlyMap<string, readonly Slot[]>): HeadBounds {
  const all = boxOfAll(root);
  const known = new Map<string, readonly Slot[]>();
  for (const [name, slots] of shapes) {
    if (canonical(name) !== null || VOWELS.test(name)) known.set(canonical(name) ?? name, slots);
  }
  const facial = known.size > 0 ? known : shapes;
  const face = boxOfMoved([...facial.values()], MOVED);
  if (face.isEmpty()) face.copy(all);
  else if (![...known.keys()].some((name) => BROWS.test(name))) raise(face, root, facial);
  const lips = [...known].filter(([name]) => LIPS.test(name)).map(([, slots]) => slots);
  const mouth = boxOfMoved(lips, MOVED_MUCH);
  if (mouth.isEmpty()) lowerMiddle(face, mouth);
  return { all, head: headAround(face, all), face, mouth };
}

/** Makes the box of a mouth that of a face: up to where the eyes, else the top of the meshes, want the brows. */
function raise(face: Box3, root: Object3D, shapes: ReadonlyMap<string, readonly Slot[]>): void {
  const { leftEye, rightEye } = partsOf(root);
  const chin = face.min.y;
  let high = Math.max(...[leftEye, rightEye].map((eye) => (eye === null ? 0 : middleOf(eye).y - chin))) / EYES;
  if (high <= 0) {
    const moved = new Set([...shapes.values()].flat().map(({ mesh }) => mesh));
    for (const mesh of moved) high = Math.max(high, (boxOfMesh(mesh).max.y - chin) / TOP);
  }
  face.max.y = Math.max(face.max.y, chin + high);
  const middle = 0.5 * (face.min.x + face.max.x);
  face.min.x = Math.min(face.min.x, middle - 0.5 * WIDE * high);
  face.max.x = Math.max(face.max.x, middle + 0.5 * WIDE * high);
}

/** The middle of what hangs on a node; of bones, on which nothing hangs, their place. */
function middleOf(node: Object3D): Vector3 {
  const box = boxOfAll(node);
  return box.isEmpty() ? node.getWorldPosition(new Vector3()) : box.getCenter(new Vector3());
}

/** The box around all vertices that one of the shapes moves by at least `part` of its farthest. */
function boxOfMoved(shapes: readonly (readonly Slot[])[], part: number): Box3 {
  const box = new Box3();
  const place = new Vector3();
  const seen = new Map<Mesh, Set<number>>();
  for (const slots of shapes) {
    const moves = slots.map(({ mesh, index }) => ({ mesh, far: distances(mesh, index) }));
    const farthest = Math.max(0, ...moves.map(({ far }) => far.reduce((a, b) => Math.max(a, b), 0)));
    if (farthest === 0) continue;
    for (const { mesh, far } of moves) {
      const done = seen.get(mesh) ?? new Set();
      seen.set(mesh, done);
      far.forEach((distance, vertex) => {
        if (distance < part * farthest || done.has(vertex)) return;
        done.add(vertex);
        box.expandByPoint(mesh.getVertexPosition(vertex, place).applyMatrix4(mesh.matrixWorld));
      });
    }
  }
  return box;
}

/** How far a target moves each vertex, units of the stage. */
function distances(mesh: Mesh, index: number): Float32Array {
  const deltas = mesh.geometry.morphAttributes.position?.[index];
  const places = mesh.geometry.getAttribute("position");
  const far = new Float32Array(deltas?.count ?? 0);
  if (deltas === undefined || places === undefined) return far;
  const delta = new Vector3();
  const scale = mesh.matrixWorld.getMaxScaleOnAxis();
  for (let i = 0; i < far.length; i++) {
    delta.fromBufferAttribute(deltas, i);
    if (!mesh.geometry.morphTargetsRelative) {
      delta.x -= places.getX(i);
      delta.y -= places.getY(i);
      delta.z -= places.getZ(i);
    }
    far[i] = delta.length() * scale;
  }
  return far;
}

function boxOfAll(root: Object3D): Box3 {
  const box = new Box3();
  for (const mesh of meshesOf(root)) box.union(boxOfMesh(mesh));
  return box;
}

function boxOfMesh(mesh: Mesh): Box3 {
  return new Box3().expandByObject(mesh, true);
}

/** A head from its face: brows to chin is about half of its height, ours from our own head. */
function headAround(face: Box3, all: Box3): Box3 {
  const size = face.getSize(new Vector3());
  const center = face.getCenter(new Vector3());
  const half = 0.62 * Math.max(size.x, size.y);
  const head = new Box3(
    new Vector3(center.x - half, face.min.y - 0.25 * size.y, center.z - 2 * half),
    new Vector3(center.x + half, face.max.y + 0.55 * size.y, face.max.z + 0.1 * size.y),
  );
  head.intersect(all);
  return head.isEmpty() ? all.clone() : head;
}

function lowerMiddle(face: Box3, mouth: Box3): void {
  const size = face.getSize(new Vector3());
  const center = face.getCenter(new Vector3());
  mouth.min.set(center.x - 0.2 * size.x, face.min.y + 0.12 * size.y, center.z);
  mouth.max.set(center.x + 0.2 * size.x, face.min.y + 0.4 * size.y, face.max.z);
}

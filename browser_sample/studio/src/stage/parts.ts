/** Where the head, the neck and the eyes of a loaded scene are. */

import type { Bone, Mesh, Object3D } from "three";

/** Nodes that rows turn; null where the scene has none. */
export interface Parts {
  readonly head: Object3D | null;
  readonly neck: Object3D | null;
  readonly leftEye: Object3D | null;
  readonly rightEye: Object3D | null;
}

const HEAD = /(^|[^a-z])head$/i;
const NECK = /neck/i;
const LEFT_EYE = /(left|[^a-z]l|^l)_?(face_?)?eye$|eye_?(left|l)$/i;
const RIGHT_EYE = /(right|[^a-z]r|^r)_?(face_?)?eye$|eye_?(right|r)$/i;

/**
 * Finds the parts by the names that exporters give; bones go before plain nodes. A plain node is a
 * head only if all that has shapes hangs on it: else turning it would tear the face apart.
 */
export function partsOf(root: Object3D): Parts {
  const faces = meshesOf(root).filter(({ morphTargetInfluences }) => (morphTargetInfluences?.length ?? 0) > 0);
  const holdsAll = (node: Object3D): boolean => faces.every((face) => hangs(face, node));
  const head = nodeNamed(root, HEAD, holdsAll);
  return {
    head,
    neck: head === null ? null : neckOf(head),
    leftEye: nodeNamed(root, LEFT_EYE),
    rightEye: nodeNamed(root, RIGHT_EYE),
  };
}

/** The nearest of the three nodes above a head whose name says neck. */
export function neckOf(head: Object3D): Object3D | null {
  let above = head.parent;
  for (let steps = 0; above !== null && steps < 3; steps++) {
    if (NECK.test(above.name)) return above;
    above = above.parent;
  }
  return null;
}

/** All meshes below a node, in the order of the file. */
export function meshesOf(root: Object3D): Mesh[] {
  const meshes: Mesh[] = [];
  root.traverse((object) => {
    if ((object as Partial<Mesh>).isMesh) meshes.push(object as Mesh);
  });
  return meshes;
}

function hangs(object: Object3D, node: Object3D): boolean {
  for (let above: Object3D | null = object; above !== null; above = above.parent) {
    if (above === node) return true;
  }
  return false;
}

function nodeNamed(
  root: Object3D,
  pattern: RegExp,
  suits: (node: Object3D) => boolean = () => true,
): Object3D | null {
  let bone: Object3D | null = null;
  let node: Object3D | null = null;
  root.traverse((object) => {
    // Names of exporters end in numbers where they were taken: Head_06, Head.001.
    const name = object.name.replace(/^mixamorig\d*:?/i, "").replace(/[._]?\d+$/, "");
    if (!pattern.test(name)) return;
    if ((object as Partial<Bone>).isBone) bone ??= object;
    else if (!(object as Partial<{ isSkinnedMesh: boolean }>).isSkinnedMesh && suits(object)) node ??= object;
  });
  return bone ?? node;
}

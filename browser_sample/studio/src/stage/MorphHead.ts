/** A head whose shapes are morph targets: ARKit, visemes or names of its own. */

import type { Mesh, Object3D } from "three";
import type { Container } from "./Container.js";
import { disposeTree } from "./disposeTree.js";
import { EyeBones, movesEye } from "./EyeBones.js";
import type { FileNode, HeadKind, LiveHead, Slot } from "./Head.js";
import { HeadJoint } from "./Joint.js";
import { meshesOf, partsOf } from "./parts.js";
import { canonical, fold, kindOf } from "./shapeNames.js";

const GAZE = /^eyeLook(In|Out|Up|Down)(Left|Right)$/;

/** What a head is made from. */
export interface HeadParts {
  readonly name: string;
  readonly root: Object3D;
  readonly source: Container;
  readonly nodes: readonly FileNode[];
  /** Units of the stage per metre. */
  readonly unit: number;
}

/** See the module. */
export class MorphHead implements LiveHead {
  readonly name: string;
  readonly kind: HeadKind;
  readonly have: string[];
  readonly notes: readonly string[];
  readonly lost: readonly string[] = [];
  readonly root: Object3D;
  readonly source: Container;
  readonly nodes: readonly FileNode[];
  readonly shapes: ReadonlyMap<string, readonly Slot[]>;
  readonly #names: Map<string, string>;
  readonly #joint: HeadJoint | null;
  readonly #eyes: EyeBones | null;
  #columns = new Int32Array(0);
  #indices = new Int32Array(0);
  #weights: number[][] = [];
  #jointAt = -1;

  constructor(parts: HeadParts) {
    this.name = parts.name;
    this.root = parts.root;
    this.source = parts.source;
    this.nodes = parts.nodes;
    this.shapes = shapesOf(meshesOf(parts.root));
    this.have = [...this.shapes.keys()];
    this.#names = lookup(this.have);
    this.kind = kindOf(this.have);
    const { head, neck, leftEye, rightEye } = partsOf(parts.root);
    this.#joint = head === null ? null : new HeadJoint(head, neck, parts.unit);
    this.#eyes = this.#eyeBones(leftEye, rightEye);
    this.notes = head === null ? ["It has no node named Head: it does not nod or turn."] : [];
  }

  bind(curves: readonly string[], transforms: readonly string[]): void {
    this.#rest();
    const columns: number[] = [];
    const indices: number[] = [];
    this.#weights = [];
    curves.forEach((curve, column) => {
      for (const { mesh, index } of this.shapes.get(this.#find(curve) ?? "") ?? []) {
        columns.push(column);
        indices.push(index);
        this.#weights.push(mesh.morphTargetInfluences ?? []);
      }
    });
    this.#columns = Int32Array.from(columns);
    this.#indices = Int32Array.from(indices);
    this.#eyes?.bind(curves.map(canonical));
    const at = transforms.indexOf("head");
    this.#jointAt = at < 0 ? -1 : curves.length + 7 * at;
  }

  show(row: Float32Array): void {
    for (let i = 0; i < this.#weights.length; i++) {
      const weights = this.#weights[i] as number[];
      weights[this.#indices[i] as number] = row[this.#columns[i] as number] as number;
    }
    this.#eyes?.show(row);
    if (this.#jointAt >= 0) this.#joint?.show(row, this.#jointAt);
  }

  value(name: string): number {
    const slot = this.shapes.get(this.#find(name) ?? "")?.[0];
    return slot?.mesh.morphTargetInfluences?.[slot.index] ?? Number.NaN;
  }

  tick(): void {
    // Morph targets have no life of their own.
  }

  dispose(): void {
    disposeTree(this.root);
  }

  #find(name: string): string | undefined {
    return this.shapes.has(name) ? name : this.#names.get(canonical(name) ?? fold(name));
  }

  #rest(): void {
    for (const { mesh, index } of [...this.shapes.values()].flat()) {
      if (mesh.morphTargetInfluences) mesh.morphTargetInfluences[index] = 0;
    }
    this.#joint?.rest();
  }

  #eyeBones(left: Object3D | null, right: Object3D | null): EyeBones | null {
    if (left === null || right === null) return null;
    const gaze = this.have.filter((name) => GAZE.test(canonical(name) ?? ""));
    const slots = gaze.flatMap((name) => this.shapes.get(name) ?? []);
    return movesEye(left, slots) || movesEye(right, slots) ? null : new EyeBones(left, right);
  }
}

/**
 * Joins the morph targets of all meshes by what they are.
 *
 * @param meshes In the order of the file.
 * @returns Name, as first spelled, to every target that is this shape. Spellings of one facial shape
 *   on several meshes are one name; two spellings on one mesh stay two.
 */
export function shapesOf(meshes: readonly Mesh[]): Map<string, Slot[]> {
  const shapes = new Map<string, Slot[]>();
  const spelled = new Map<string, string>();
  for (const mesh of meshes) {
    const used = new Set<string>();
    for (const [name, index] of Object.entries(mesh.morphTargetDictionary ?? {})) {
      const common = canonical(name);
      const first = common === null || used.has(common) ? undefined : spelled.get(common);
      const key = shapes.has(name) ? name : (first ?? name);
      if (common !== null) {
        used.add(common);
        if (!spelled.has(common)) spelled.set(common, key);
      }
      const slots = shapes.get(key) ?? [];
      slots.push({ mesh, index, gain: 1 });
      shapes.set(key, slots);
    }
  }
  return shapes;
}

/** Common and folded spellings to the names that a head has; exact names need no entry. */
export function lookup(names: readonly string[]): Map<string, string> {
  const found = new Map<string, string>();
  for (const name of names) {
    const key = canonical(name) ?? fold(name);
    if (!found.has(key)) found.set(key, name);
  }
  return found;
}

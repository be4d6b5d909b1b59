/** A VRM of version 0 or 1: moved by its expressions. */

import type { VRM, VRMExpression, VRMExpressionMorphTargetBind, VRMLookAtBoneApplier } from "@pixiv/three-vrm";
import type { Mesh, Object3D } from "three";
import type { Container } from "./Container.js";
import { disposeTree } from "./disposeTree.js";
import { EyeBones } from "./EyeBones.js";
import type { FileNode, HeadKind, LiveHead, Slot } from "./Head.js";
import { HeadJoint } from "./Joint.js";
import { type HeadParts, lookup } from "./MorphHead.js";
import { canonical, fold } from "./shapeNames.js";

const LOOKS = ["lookLeft", "lookRight", "lookUp", "lookDown"];
const GAZE = /^eyeLook(In|Out|Up|Down)(Left|Right)$/;

/** How far the arms of the T-pose are let down, radians. */
const ARMS_DOWN = 1.25;

/** See the module. */
export class VrmHead implements LiveHead {
  readonly name: string;
  readonly kind: HeadKind = "vrm";
  readonly have: string[];
  readonly notes: readonly string[];
  readonly lost: readonly string[];
  readonly root: Object3D;
  readonly source: Container;
  readonly nodes: readonly FileNode[];
  readonly shapes: ReadonlyMap<string, readonly Slot[]>;
  readonly #vrm: VRM;
  readonly #expressions = new Map<string, VRMExpression>();
  readonly #names: Map<string, string>;
  readonly #joint: HeadJoint | null;
  readonly #eyes: EyeBones | null;
  #bound: VRMExpression[] = [];
  #columns = new Int32Array(0);
  #jointAt = -1;

  constructor(parts: HeadParts, vrm: VRM) {
    this.name = parts.name;
    this.root = parts.root;
    this.source = parts.source;
    this.nodes = parts.nodes;
    this.#vrm = vrm;
    const eyes = eyesOf(vrm);
    for (const expression of vrm.expressionManager?.expressions ?? []) {
      const byBone = eyes !== null && LOOKS.includes(expression.expressionName);
      if (expression.binds.length > 0 && !byBone) this.#expressions.set(expression.expressionName, expression);
    }
    this.shapes = new Map([...this.#expressions].map(([name, one]) => [name, slotsOf(one)]));
    this.have = [...this.#expressions.keys(), ...(eyes === null ? [] : LOOKS)];
    this.#names = lookup(this.have);
    this.#eyes = eyes;
    this.#joint = jointOf(vrm, parts.unit);
    this.lost = lossesOf(this.#expressions);
    this.notes = this.#joint === null ? ["It has no head bone: it does not nod or turn."] : [];
  }

  bind(curves: readonly string[], transforms: readonly string[]): void {
    this.#rest();
    this.#bound = [];
    const columns: number[] = [];
    const gaze = curves.map((curve) => this.#gaze(curve));
    curves.forEach((curve, column) => {
      const expression = this.#expressions.get(this.#find(curve) ?? "");
      if (expression === undefined || gaze[column] !== null) return;
      this.#bound.push(expression);
      columns.push(column);
    });
    this.#columns = Int32Array.from(columns);
    this.#eyes?.bind(gaze);
    const at = transforms.indexOf("head");
    this.#jointAt = at < 0 ? -1 : curves.length + 7 * at;
  }

  show(row: Float32Array): void {
    for (let i = 0; i < this.#bound.length; i++) {
      const value = row[this.#columns[i] as number] as number;
      (this.#bound[i] as VRMExpression).weight = Math.min(Math.max(value, 0), 1);
    }
    this.#vrm.expressionManager?.update();
    this.#eyes?.show(row);
    if (this.#jointAt >= 0) this.#joint?.show(row, this.#jointAt);
  }

  value(name: string): number {
    return this.#expressions.get(this.#find(name) ?? "")?.weight ?? Number.NaN;
  }

  tick(seconds: number): void {
    this.#vrm.nodeConstraintManager?.update();
    this.#vrm.springBoneManager?.update(seconds);
    for (const material of this.#vrm.materials ?? []) {
      (material as { update?: (seconds: number) => void }).update?.(seconds);
    }
  }

  dispose(): void {
    disposeTree(this.root);
  }

  #find(name: string): string | undefined {
    if (this.#expressions.has(name)) return name;
    return this.#names.get(canonical(name) ?? fold(name));
  }

  /** The common name of a curve that turns the eye bones; null for one that does not. */
  #gaze(curve: string): string | null {
    if (this.#eyes === null) return null;
    if (LOOKS.includes(curve)) return curve;
    const common = canonical(curve);
    if (common === null || !GAZE.test(common)) return null;
    return this.#expressions.has(this.#find(curve) ?? "") ? null : common;
  }

  #rest(): void {
    for (const expression of this.#expressions.values()) expression.weight = 0;
    this.#vrm.expressionManager?.update();
    this.#joint?.rest();
  }
}

/**
 * Turns a freshly loaded VRM to the stage: it faces +Z with its arms down, and bones are ours to move.
 *
 * @param vrm As the loader gave it; its scene's world matrices are brought up to date.
 */
export function stand(vrm: VRM): void {
  const isOld = vrm.meta.metaVersion === "0";
  // Version 0 faces -Z in glTF's axes.
  if (isOld) vrm.scene.rotation.y = Math.PI;
  const down = isOld ? ARMS_DOWN : -ARMS_DOWN;
  const left = vrm.humanoid.getNormalizedBoneNode("leftUpperArm");
  const right = vrm.humanoid.getNormalizedBoneNode("rightUpperArm");
  if (left) left.rotation.z = down;
  if (right) right.rotation.z = -down;
  vrm.humanoid.update();
  vrm.humanoid.autoUpdateHumanBones = false;
  vrm.scene.updateMatrixWorld(true);
}

function eyesOf(vrm: VRM): EyeBones | null {
  const left = vrm.humanoid.getRawBoneNode("leftEye");
  const right = vrm.humanoid.getRawBoneNode("rightEye");
  const applier = vrm.lookAt?.applier as Partial<VRMLookAtBoneApplier> | undefined;
  // Only the bone applier knows about bones; the other one moves expressions.
  if (!left || !right || applier?.humanoid === undefined) return null;
  return new EyeBones(left, right, {
    side: applier.rangeMapHorizontalOuter?.outputScale ?? 0,
    up: applier.rangeMapVerticalUp?.outputScale ?? 0,
    down: applier.rangeMapVerticalDown?.outputScale ?? 0,
  });
}

function jointOf(vrm: VRM, unit: number): HeadJoint | null {
  const head = vrm.humanoid.getRawBoneNode("head");
  return head === null ? null : new HeadJoint(head, vrm.humanoid.getRawBoneNode("neck"), unit);
}

function slotsOf(expression: VRMExpression): Slot[] {
  return expression.binds.flatMap((bind) => {
    const { primitives, index, weight } = bind as Partial<VRMExpressionMorphTargetBind>;
    if (primitives === undefined || index === undefined) return [];
    return primitives.map((mesh: Mesh) => ({ mesh, index, gain: weight ?? 1 }));
  });
}

function lossesOf(expressions: ReadonlyMap<string, VRMExpression>): string[] {
  const painted = [...expressions.values()].filter((expression) =>
    expression.binds.some((bind) => (bind as Partial<VRMExpressionMorphTargetBind>).primitives === undefined),
  );
  if (painted.length === 0) return [];
  const names = painted.map(({ expressionName }) => expressionName).join(", ");
  return [`Colours and textures that change with ${names} are not in the animation.`];
}

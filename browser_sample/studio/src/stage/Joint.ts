/** Nodes that turn about their rest pose in the stage's axes, however they are oriented themselves. */

import { Matrix3, Matrix4, type Object3D, Quaternion, Vector3 } from "three";

const NOTHING = new Quaternion();

/**
 * One node and its rest pose.
 *
 * Deltas come in the stage's axes (right-handed, +Y up, +Z out of the face), told while all parents
 * are at rest; a parent that moves takes the joint along.
 */
export class Joint {
  readonly node: Object3D;
  readonly #rest = new Quaternion();
  readonly #place = new Vector3();
  readonly #parent = new Quaternion();
  readonly #parentBack = new Quaternion();
  readonly #toParent = new Matrix3();
  readonly #turn = new Quaternion();
  readonly #shift = new Vector3();

  /** @param node In a scene whose world matrices are those of the rest pose. */
  constructor(node: Object3D) {
    this.node = node;
    this.#rest.copy(node.quaternion);
    this.#place.copy(node.position);
    const parent = node.parent?.matrixWorld ?? new Matrix4();
    parent.decompose(new Vector3(), this.#parent, new Vector3());
    this.#parentBack.copy(this.#parent).invert();
    this.#toParent.setFromMatrix4(parent).invert();
  }

  /** Puts the node `delta` away from its rest rotation. */
  turn(delta: Quaternion): void {
    this.#turn.copy(this.#parentBack).multiply(delta).multiply(this.#parent);
    this.node.quaternion.copy(this.#turn).multiply(this.#rest);
  }

  /** Puts the node that far from its rest place; units of the stage. */
  shift(x: number, y: number, z: number): void {
    this.#shift.set(x, y, z).applyMatrix3(this.#toParent);
    this.node.position.copy(this.#place).add(this.#shift);
  }
}

/** Part of a turn of the head that its neck takes where there is one. Ours: looks natural. */
const NECK = 0.35;

/** A head's transform from rows: the neck takes a part of the turn, the head the rest of it. */
export class HeadJoint {
  readonly joints: readonly Joint[];
  readonly #head: Joint;
  readonly #neck: Joint | null;
  readonly #unit: number;
  readonly #delta = new Quaternion();
  readonly #part = new Quaternion();

  /**
   * @param head Node of the head.
   * @param neck Its parent or grandparent, if it has one that turns.
   * @param unit Units of the stage per metre of the rows.
   */
  constructor(head: Object3D, neck: Object3D | null, unit: number) {
    this.#head = new Joint(head);
    this.#neck = neck === null ? null : new Joint(neck);
    this.#unit = unit;
    this.joints = this.#neck === null ? [this.#head] : [this.#neck, this.#head];
  }

  /** Shows seven values of a row: quaternion x y z w, then position x y z in metres. */
  show(row: Float32Array, at: number): void {
    this.#delta.set(row[at] ?? 0, row[at + 1] ?? 0, row[at + 2] ?? 0, row[at + 3] ?? 1).normalize();
    if (this.#neck === null) {
      this.#head.turn(this.#delta);
    } else {
      this.#neck.turn(this.#part.copy(NOTHING).slerp(this.#delta, NECK));
      this.#head.turn(this.#part.copy(NOTHING).slerp(this.#delta, 1 - NECK));
    }
    const unit = this.#unit;
    this.#head.shift((row[at + 4] ?? 0) * unit, (row[at + 5] ?? 0) * unit, (row[at + 6] ?? 0) * unit);
  }

  /** Back to the rest pose. */
  rest(): void {
    for (const joint of this.joints) joint.turn(NOTHING);
    this.#head.shift(0, 0, 0);
  }
}

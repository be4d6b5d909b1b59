/** What stands on the stage: a head that rows of curves and transforms can move. */

import type { Mesh, Object3D } from "three";
import type { Container } from "./Container.js";

/** Family of a head: ARKit shapes, visemes, a VRM's expressions, or shapes of its own. */
export type HeadKind = "arkit" | "viseme" | "vrm" | "other";

/** A head as the page sees it. */
export interface Head {
  /** File name or last part of the address. */
  readonly name: string;
  readonly kind: HeadKind;
  /** Names that it can move, as spelled on its meshes or in its expressions; no name twice. */
  readonly have: string[];
  /** What a user should know about it, whole sentences; empty when there is nothing to say. */
  readonly notes: readonly string[];
  /** Gives back its geometry, textures and materials. */
  dispose(): void;
}

/** One morph target on one mesh. */
export interface Slot {
  readonly mesh: Mesh;
  /** Index of the target, 0 … targets − 1. */
  readonly index: number;
  /** How much of the shape the target takes, 1 = all. */
  readonly gain: number;
}

/** A node of the file and the object that stands for it. */
export interface FileNode {
  /** Index in the file's `nodes`. */
  readonly node: number;
  readonly object: Object3D;
}

/** A head as the stage sees it. */
export interface LiveHead extends Head {
  /** Root of its objects; model faces +Z, +Y is up. */
  readonly root: Object3D;
  /** Morph targets behind each name of `have`. */
  readonly shapes: ReadonlyMap<string, readonly Slot[]>;
  /** The file it came from, for an export. */
  readonly source: Container;
  /** Nodes of the file with the objects that stand for them. */
  readonly nodes: readonly FileNode[];
  /** Names that an export as GLB cannot carry, whole sentences. */
  readonly lost: readonly string[];

  /** Sets the order of the rows to come; every shape goes to rest. */
  bind(curves: readonly string[], transforms: readonly string[]): void;
  /** Moves the head. Allocates nothing. A row shorter than what was bound is a mistake. */
  show(row: Float32Array): void;
  /** What the head has now for a name: weight of the first mesh, NaN for a name it does not have. */
  value(name: string): number;
  /** Lets hair and cloth follow. `seconds` since the last call, 0 … 0.1. */
  tick(seconds: number): void;
}

/** Rows as they were played, for an export. */
export interface Track {
  /** Rows per second; says how long the last row stands. */
  readonly fps: number;
  readonly curves: readonly string[];
  readonly transforms: readonly string[];
  readonly rows: readonly Float32Array[];
  /** Time of each row, microseconds. */
  readonly tUs: readonly number[];
}

/** Eyes that are turned by bones: gaze curves become rotations. */

import { Euler, type Mesh, type Object3D, Quaternion, type SkinnedMesh, Vector3 } from "three";
import type { Slot } from "./Head.js";
import { Joint } from "./Joint.js";

/** Turn of an eye at a gaze curve of 1, degrees. Source: rig conventions, near 30 for ARKit heads. */
export const GAZE_DEG = 30;

/** Largest turns at 1, degrees. */
export interface Reach {
  readonly side: number;
  readonly up: number;
  readonly down: number;
}

const RADIANS = Math.PI / 180;
const FULL: Reach = { side: GAZE_DEG, up: GAZE_DEG, down: GAZE_DEG };

/** What a curve does to an eye: yaw + is the character's left, pitch + is down. */
interface Pull {
  readonly column: number;
  readonly eye: 0 | 1;
  readonly yaw: number;
  readonly pitch: number;
}

/** The two eye bones of a head. */
export class EyeBones {
  readonly joints: readonly [Joint, Joint];
  readonly #reach: Reach;
  #pulls: readonly Pull[] = [];
  readonly #euler = new Euler(0, 0, 0, "YXZ");
  readonly #turn = new Quaternion();

  /** @param reach Turns at 1; 30° all around unless told. */
  constructor(left: Object3D, right: Object3D, reach: Reach = FULL) {
    this.joints = [new Joint(left), new Joint(right)];
    this.#reach = reach;
  }

  /**
   * Says which columns of a row turn the eyes.
   *
   * @param columns Common names of the curves: `eyeLookInLeft` … or VRM's `lookLeft` …; null for
   *   columns that are none of the eyes' business.
   */
  bind(columns: readonly (string | null)[]): void {
    this.#pulls = columns.flatMap((name, column) => (name === null ? [] : this.#pullsOf(name, column)));
  }

  /** Turns the eyes as the row says. */
  show(row: Float32Array): void {
    for (let eye = 0; eye < 2; eye++) {
      let yaw = 0;
      let pitch = 0;
      for (const pull of this.#pulls) {
        if (pull.eye !== eye) continue;
        const value = row[pull.column] ?? 0;
        yaw += value * pull.yaw;
        pitch += value * pull.pitch;
      }
      this.#turn.setFromEuler(this.#euler.set(pitch * RADIANS, yaw * RADIANS, 0));
      this.joints[eye as 0 | 1].turn(this.#turn);
    }
  }

  #pullsOf(name: string, column: number): Pull[] {
    const { side, up, down } = this.#reach;
    const arkit = /^eyeLook(In|Out|Up|Down)(Left|Right)$/.exec(name);
    if (arkit !== null) {
      const eye = arkit[2] === "Left" ? 0 : 1;
      const outward = eye === 0 ? side : -side;
      const yaw = arkit[1] === "Out" ? outward : arkit[1] === "In" ? -outward : 0;
      const pitch = arkit[1] === "Down" ? down : arkit[1] === "Up" ? -up : 0;
      return [{ column, eye, yaw, pitch }];
    }
    const vrm = /^look(Left|Right|Up|Down)$/.exec(name);
    if (vrm === null) return [];
    const yaw = vrm[1] === "Left" ? side : vrm[1] === "Right" ? -side : 0;
    const pitch = vrm[1] === "Down" ? down : vrm[1] === "Up" ? -up : 0;
    return [
      { column, eye: 0, yaw, pitch },
      { column, eye: 1, yaw, pitch },
    ];
  }
}

/**
 * Tells whether gaze shapes already move an eyeball, so that its bone must not turn it again.
 *
 * @param eye Node of the eye.
 * @param slots Targets of the gaze shapes.
 * @returns True when a vertex that hangs on the node is moved by one of them.
 */
export function movesEye(eye: Object3D, slots: readonly Slot[]): boolean {
  return slots.some(({ mesh, index }) => {
    const hangs = hangsOn(eye, mesh);
    if (hangs === null) return false;
    const deltas = mesh.geometry.morphAttributes.position?.[index];
    if (deltas === undefined) return false;
    mesh.geometry.computeBoundingSphere();
    const enough = 1e-3 * (mesh.geometry.boundingSphere?.radius ?? 0);
    const delta = new Vector3();
    for (let i = 0; i < deltas.count; i++) {
      if (hangs(i) && delta.fromBufferAttribute(deltas, i).length() > enough) return true;
    }
    return false;
  });
}

/** Which vertices of a mesh go where a node goes; null for none. */
function hangsOn(node: Object3D, mesh: Mesh): ((vertex: number) => boolean) | null {
  for (let above: Object3D | null = mesh; above !== null; above = above.parent) {
    if (above === node) return () => true;
  }
  const skeleton = (mesh as Partial<SkinnedMesh>).skeleton;
  const bone = skeleton?.bones.findIndex((one) => one === node) ?? -1;
  const joints = mesh.geometry.getAttribute("skinIndex");
  const weights = mesh.geometry.getAttribute("skinWeight");
  if (bone < 0 || joints === undefined || weights === undefined) return null;
  return (vertex) => {
    for (let k = 0; k < 4; k++) {
      if (joints.getComponent(vertex, k) === bone && weights.getComponent(vertex, k) > 0.5) return true;
    }
    return false;
  };
}

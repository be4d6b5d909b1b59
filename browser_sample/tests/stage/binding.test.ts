import { Quaternion, Vector3 } from "three";
import { describe, expect, test, vi } from "vitest";
import type { LiveHead } from "../../studio/src/stage/Head.js";
import { headOf } from "../../studio/src/stage/loadHead.js";
import { arkit, ARKIT_PARTS, rpm, RPM_PARTS, vrm0, vrm1 } from "./heads.js";
import { makeGlb, makeGltf } from "./makeGltf.js";

// three.js reports progress while it reads data addresses; Node has no such event.
vi.stubGlobal("ProgressEvent", class extends Event {});

const UP = new Vector3(0, 1, 0);
const FRONT = new Vector3(0, 0, 1);

/** A row that shows curves and, if told, one transform. */
function row(values: number[], turn?: Quaternion, place: number[] = [0, 0, 0]): Float32Array {
  return Float32Array.from([...values, ...(turn === undefined ? [] : [...turn.toArray(), ...place])]);
}

/** Rotation of a node against its rest, in the stage's axes. */
function turned(head: LiveHead, name: string, rest: Quaternion): Quaternion {
  const node = head.root.getObjectByName(name);
  head.root.updateMatrixWorld(true);
  return (node?.getWorldQuaternion(new Quaternion()) ?? new Quaternion()).multiply(rest.clone().invert());
}

function restOf(head: LiveHead, name: string): Quaternion {
  head.root.updateMatrixWorld(true);
  return head.root.getObjectByName(name)?.getWorldQuaternion(new Quaternion()) ?? new Quaternion();
}

describe("a head with ARKit shapes", () => {
  test("lists each shape once in its first spelling", async () => {
    const head = await headOf(arkit(), "head.glb");
    expect(head.kind).toBe("arkit");
    expect([...head.have].sort()).toEqual([
      "browInnerUp", "eyeBlinkLeft", "eyeLookOutLeft", "jawOpen", "mouthSmileLeft", "mySpecialShape",
    ]);
  });

  test("writes a shape to every mesh that has it", async () => {
    const head = await headOf(arkit(), "head.glb");
    head.bind(["browInnerUp", "jawOpen"], []);
    head.show(row([0.25, 0.5]));
    const slots = head.shapes.get("jawOpen") ?? [];
    expect(slots.map(({ mesh }) => mesh.name)).toEqual(["Face", "Teeth"]);
    expect(slots.map(({ mesh, index }) => mesh.morphTargetInfluences?.[index])).toEqual([0.5, 0.5]);
    expect(head.value("browInnerUp")).toBe(0.25);
  });

  test("finds curves in other spellings and says NaN for unknown ones", async () => {
    const head = await headOf(arkit(), "head.glb");
    head.bind(["JawOpen", "mouthSmile_L", "nothing"], []);
    head.show(row([0.5, 0.75, 1]));
    expect([head.value("jawOpen"), head.value("mouthSmileLeft")]).toEqual([0.5, 0.75]);
    expect(head.value("nothing")).toBeNaN();
  });

  test("lets go of shapes that another binding leaves out", async () => {
    const head = await headOf(arkit(), "head.glb");
    head.bind(["jawOpen"], []);
    head.show(row([1]));
    head.bind(["browInnerUp"], []);
    expect(head.value("jawOpen")).toBe(0);
  });

  test("starts neutral whatever weights its file was saved with", async () => {
    const cards = ARKIT_PARTS.cards.map((card) => ({ ...card, ...(card.name === "Face" ? { weights: [1, 1, 1, 1, 1, 1] } : {}) }));
    const head = await headOf(makeGlb({ ...ARKIT_PARTS, cards }), "head.glb");
    expect(head.value("jawOpen")).toBe(0);
  });

  test("turns and moves its head node by the transform", async () => {
    const head = await headOf(arkit(), "head.glb");
    head.bind(["jawOpen"], ["head"]);
    const turn = new Quaternion().setFromAxisAngle(UP, 0.3);
    head.show(row([0], turn, [0.01, 0.02, 0.03]));
    expect(turned(head, "Head", new Quaternion()).angleTo(turn)).toBeLessThan(1e-6);
    const place = head.root.getObjectByName("Head")?.position.toArray() ?? [];
    [0.01, 0.02, 0.03].forEach((value, k) => expect(place[k]).toBeCloseTo(value, 6));
  });

  test("leaves eyes to the shapes that already move them", async () => {
    const head = await headOf(arkit(), "head.glb");
    head.bind(["eyeLookOutLeft"], []);
    head.show(row([1]));
    expect(turned(head, "LeftEye", new Quaternion()).angleTo(new Quaternion())).toBe(0);
  });

  test("comes out of a glTF with its data inside as well", async () => {
    const head = await headOf(makeGltf(ARKIT_PARTS), "head.gltf");
    expect(head.have).toContain("jawOpen");
  });

  test("takes positions in its own unit when it is in centimetres", async () => {
    const cards = ARKIT_PARTS.cards.map((card) => ({
      ...card,
      half: card.half * 100,
      targets: Object.fromEntries(
        Object.entries(card.targets ?? {}).map(([name, [x, y, z]]) => [name, [x * 100, y * 100, z * 100] as const]),
      ),
    }));
    const head = await headOf(makeGlb({ ...ARKIT_PARTS, cards }), "head.glb");
    head.bind([], ["head"]);
    head.show(row([], new Quaternion(), [0.01, 0, 0]));
    expect(head.root.getObjectByName("Head")?.position.x).toBeCloseTo(1, 1);
  });
});

describe("a head with visemes and eye bones", () => {
  test("is told apart and lists what it has", async () => {
    const head = await headOf(rpm(), "rpm.glb");
    expect(head.kind).toBe("viseme");
    expect(head.have).toContain("viseme_aa");
  });

  test("turns head and neck together by the whole turn", async () => {
    const head = await headOf(rpm(), "rpm.glb");
    const rest = { head: restOf(head, "Head"), neck: restOf(head, "Neck") };
    head.bind([], ["head"]);
    const turn = new Quaternion().setFromAxisAngle(new Vector3(1, 2, 3).normalize(), 0.5);
    head.show(row([], turn));
    expect(turned(head, "Head", rest.head).angleTo(turn)).toBeLessThan(1e-5);
    expect(turned(head, "Neck", rest.neck).angleTo(new Quaternion())).toBeCloseTo(0.35 * 0.5, 5);
  });

  test("turns its eyes by 30 degrees at full gaze, out to the side of each", async () => {
    const head = await headOf(rpm(), "rpm.glb");
    const rest = { left: restOf(head, "LeftEye"), right: restOf(head, "RightEye") };
    head.bind(["eyeLookOutLeft", "eyeLookInRight", "eyeLookUpLeft"], []);
    head.show(row([1, 0.5, 0]));
    const left = FRONT.clone().applyQuaternion(turned(head, "LeftEye", rest.left));
    expect([left.x, left.z]).toEqual([expect.closeTo(0.5, 5), expect.closeTo(Math.cos(Math.PI / 6), 5)]);
    const right = FRONT.clone().applyQuaternion(turned(head, "RightEye", rest.right));
    expect(right.x).toBeCloseTo(Math.sin(Math.PI / 12), 5);
    head.show(row([0, 0, 1]));
    expect(FRONT.clone().applyQuaternion(turned(head, "LeftEye", rest.left)).y).toBeCloseTo(0.5, 5);
  });

  test("says so when it has no node to nod with", async () => {
    const cards = RPM_PARTS.cards.map(({ joint: _, ...card }) => ({ ...card, targets: RPM_PARTS.cards[0]?.targets ?? {} }));
    const head = await headOf(makeGlb({ cards }), "mask.glb");
    head.bind(["viseme_aa"], ["head"]);
    head.show(row([0.5], new Quaternion()));
    expect(head.value("viseme_aa")).toBe(0.5);
    expect(head.notes).toEqual(["It has no node named Head: it does not nod or turn."]);
  });
});

describe("a VRM", () => {
  test("of version 1 lists the expressions that move something, and gaze where bones do it", async () => {
    const head = await headOf(vrm1(), "one.vrm");
    expect(head.kind).toBe("vrm");
    expect([...head.have].sort()).toEqual(["JawOpen", "aa", "happy", "lookDown", "lookLeft", "lookRight", "lookUp"]);
  });

  test("of version 1 moves morph targets through its expressions", async () => {
    const head = await headOf(vrm1(), "one.vrm");
    head.bind(["happy", "jawOpen"], []);
    head.show(row([0.5, 2]));
    const [slot] = head.shapes.get("happy") ?? [];
    expect(slot?.mesh.morphTargetInfluences).toEqual([0, 0.25, 1]);
    expect([head.value("happy"), head.value("JawOpen")]).toEqual([0.5, 1]);
  });

  test("of version 1 looks to its own left by bones", async () => {
    const head = await headOf(vrm1(), "one.vrm");
    const rest = restOf(head, "leftEye");
    head.bind(["lookLeft"], []);
    head.show(row([1]));
    const gaze = FRONT.clone().applyQuaternion(turned(head, "leftEye", rest));
    expect(gaze.x).toBeCloseTo(Math.sin((10 * Math.PI) / 180), 5);
  });

  test("of version 0 has the names of version 1 and is turned to the front", async () => {
    const head = await headOf(vrm0(), "zero.vrm");
    expect([...head.have].sort()).toEqual(["Surprised", "aa", "happy"]);
    head.root.updateMatrixWorld(true);
    const face = head.root.getObjectByName("Face")?.localToWorld(new Vector3(0, 0.05, -0.1));
    expect(face?.z).toBeCloseTo(0.1, 6);
  });

  test("of version 0 turns its head in the stage's axes, not in its own", async () => {
    const head = await headOf(vrm0(), "zero.vrm");
    const rest = restOf(head, "head");
    const turn = new Quaternion().setFromAxisAngle(new Vector3(1, 0, 0), 0.4);
    head.bind(["aa"], ["head"]);
    head.show(row([0.5], turn));
    expect(turned(head, "head", rest).angleTo(turn)).toBeLessThan(1e-6);
  });

  test("lets its arms down on the sides of its body", async () => {
    for (const bytes of [vrm0(), vrm1()]) {
      const head = await headOf(bytes, "any.vrm");
      const hand = head.root.getObjectByName("leftHand")?.getWorldPosition(new Vector3());
      const shoulder = head.root.getObjectByName("leftUpperArm")?.getWorldPosition(new Vector3());
      // The test's arms point down at rest: turned by 1.25 rad they point to the body's middle.
      expect(Math.sign((hand?.x ?? 0) - (shoulder?.x ?? 0))).toBe(-Math.sign(shoulder?.x ?? 0));
      expect(shoulder?.x).toBeGreaterThan(0);
    }
  });
});

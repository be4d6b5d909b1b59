import { createRequire } from "node:module";
import { AnimationMixer, type Mesh, Quaternion, Vector3 } from "three";
import { GLTFLoader } from "three/addons/loaders/GLTFLoader.js";
import { describe, expect, test, vi } from "vitest";
import { exportGlb } from "../../studio/src/stage/exportGlb.js";
import type { Track } from "../../studio/src/stage/Head.js";
import { headOf } from "../../studio/src/stage/loadHead.js";
import { arkit, ARKIT_PARTS, rpm, vrm0, vrm1 } from "./heads.js";
import { makeGlb, makeGltf } from "./makeGltf.js";

vi.stubGlobal("ProgressEvent", class extends Event {});

interface Report {
  readonly issues: { readonly numErrors: number; readonly messages: readonly { code: string; severity: number; pointer?: string }[] };
  readonly info: { readonly animationCount: number };
}
const validator = createRequire(import.meta.url)("gltf-validator") as { validateBytes(bytes: Uint8Array): Promise<Report> };

const TURN = new Quaternion().setFromAxisAngle(new Vector3(0, 1, 0), 0.4);

/** Three rows, 0, ½ and 1 of each curve, with a head that turns. */
function track(curves: string[], more: Partial<Track> = {}): Track {
  const rows = [0, 0.5, 1].map((part) => {
    const turn = new Quaternion().slerp(TURN, part);
    return Float32Array.from([...curves.map(() => part), ...turn.toArray(), 0, 0.01 * part, 0]);
  });
  return { fps: 30, curves, transforms: ["head"], rows, tUs: [500_000, 533_333, 566_667], ...more };
}

async function errorsOf(bytes: Uint8Array): Promise<string[]> {
  const report = await validator.validateBytes(bytes);
  expect(report.info.animationCount).toBeGreaterThan(0);
  return report.issues.messages.filter(({ severity }) => severity === 0).map(({ code, pointer }) => `${code} ${pointer}`);
}

describe("an export", () => {
  test("of every kind of head passes the validator as well as its source does", async () => {
    for (const [name, bytes, curves] of [
      ["arkit.glb", arkit(), ["jawOpen", "eyeLookOutLeft"]],
      ["rpm.glb", rpm(), ["viseme_aa", "eyeLookUpLeft"]],
      ["one.vrm", vrm1(), ["aa", "lookLeft"]],
      ["zero.vrm", vrm0(), ["aa", "happy"]],
      ["arkit.gltf", makeGltf(ARKIT_PARTS), ["jawOpen"]],
    ] as const) {
      const head = await headOf(bytes, name);
      expect(await errorsOf(exportGlb(head, track([...curves]))), name).toEqual([]);
    }
  });

  test("plays back on the same meshes with the times from its start", async () => {
    const head = await headOf(arkit(), "head.glb");
    const bytes = exportGlb(head, track(["jawOpen", "browInnerUp"]));
    const gltf = await new GLTFLoader().parseAsync(bytes.buffer, "");
    const clip = gltf.animations[0];
    expect([clip?.name, clip?.duration]).toEqual(["speech", expect.closeTo(0.066667, 5)]);
    const mixer = new AnimationMixer(gltf.scene);
    mixer.clipAction(clip!).play();
    mixer.setTime(0.0333);
    const face = gltf.scene.getObjectByName("Face") as Mesh;
    const weight = (name: string): number => face.morphTargetInfluences?.[face.morphTargetDictionary?.[name] ?? -1] ?? Number.NaN;
    expect(weight("jawOpen")).toBeCloseTo(0.5, 3);
    expect(weight("browInnerUp")).toBeCloseTo(0.5, 3);
    expect(weight("eyeBlinkLeft")).toBe(0);
    const node = gltf.scene.getObjectByName("Head");
    expect(node?.quaternion.angleTo(new Quaternion().slerp(TURN, 0.5))).toBeLessThan(1e-3);
    expect(node?.position.y).toBeCloseTo(0.005, 4);
  });

  test("has the bones of neck, head and eyes as they were on the stage", async () => {
    const head = await headOf(rpm(), "rpm.glb");
    const bytes = exportGlb(head, track(["eyeLookOutLeft"]));
    head.show(Float32Array.from([1, ...TURN.toArray(), 0, 0.01, 0]));
    const gltf = await new GLTFLoader().parseAsync(bytes.buffer, "");
    const mixer = new AnimationMixer(gltf.scene);
    mixer.clipAction(gltf.animations[0]!).play();
    mixer.setTime(0.06666);
    for (const name of ["Neck", "Head", "LeftEye"]) {
      const wanted = head.root.getObjectByName(name)?.quaternion ?? new Quaternion();
      expect(gltf.scene.getObjectByName(name)?.quaternion.angleTo(wanted), name).toBeLessThan(2e-3);
    }
  });

  test("of a VRM stays a VRM with its expressions turned into weights", async () => {
    const head = await headOf(vrm1(), "one.vrm");
    const again = await headOf(exportGlb(head, track(["happy"])), "again.vrm");
    expect(again.kind).toBe("vrm");
    const gltf = await new GLTFLoader().parseAsync(exportGlb(head, track(["happy"])).buffer, "");
    const weights = gltf.animations[0]?.tracks.find(({ name }) => name.endsWith("morphTargetInfluences"));
    expect([...(weights?.values ?? [])].slice(-3)).toEqual([0, 0.5, 0]);
  });

  test("leaves out rows whose time does not go on", async () => {
    const head = await headOf(arkit(), "head.glb");
    const bytes = exportGlb(head, track(["jawOpen"], { tUs: [0, 0, 33_333] }));
    expect(await errorsOf(bytes)).toEqual([]);
    const gltf = await new GLTFLoader().parseAsync(bytes.buffer, "");
    expect([...(gltf.animations[0]?.tracks[0]?.times ?? [])]).toEqual([0, Math.fround(0.033333)]);
  });

  test("of a face that stood still is a valid file as well", async () => {
    const head = await headOf(arkit(), "head.glb");
    const rows = [0, 1].map(() => Float32Array.from([0, 0, 0, 0, 1, 0, 0, 0]));
    expect(await errorsOf(exportGlb(head, track(["jawOpen"], { rows, tUs: [0, 10_000] })))).toEqual([]);
  });

  test("tells a node's matrix as rotation and place, which animations need", async () => {
    const nodes = [{ name: "Head", matrix: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0.2, 0, 1] }, ...(ARKIT_PARTS.nodes ?? []).slice(1)];
    const head = await headOf(makeGlb({ ...ARKIT_PARTS, nodes }), "head.glb");
    expect(await errorsOf(exportGlb(head, track(["jawOpen"])))).toEqual([]);
  });

  test("of nothing is refused in words", async () => {
    const head = await headOf(arkit(), "head.glb");
    expect(() => exportGlb(head, track(["jawOpen"], { rows: [], tUs: [] }))).toThrow(
      "Nothing has been played yet: there is nothing to export.",
    );
  });
});

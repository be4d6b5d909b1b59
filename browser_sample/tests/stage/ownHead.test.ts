import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { Quaternion, Vector3 } from "three";
import { expect, test, vi } from "vitest";
import { exportGlb } from "../../studio/src/stage/exportGlb.js";
import { headOf } from "../../studio/src/stage/loadHead.js";
import { measure } from "../../studio/src/stage/measure.js";
import { ARKIT } from "../../studio/src/stage/shapeNames.js";

// Node decodes no pictures and has no `self`: the head's textures become empty pictures here.
vi.stubGlobal("self", globalThis);
vi.stubGlobal("createImageBitmap", async () => ({ width: 1, height: 1, close: () => undefined }));
vi.stubGlobal("ProgressEvent", class extends Event {});

const BYTES = new Uint8Array(readFileSync(new URL("../../../engines/head.glb", import.meta.url)));

interface Report {
  readonly issues: { readonly numErrors: number };
}
const validator = createRequire(import.meta.url)("gltf-validator") as { validateBytes(bytes: Uint8Array): Promise<Report> };

test("the project's own head moves all shapes of ARKit and nods", async () => {
  const head = await headOf(BYTES.slice(), "head.glb");
  expect(head.kind).toBe("arkit");
  expect(ARKIT.filter((name) => !head.have.includes(name))).toEqual([]);
  expect(head.notes).toEqual([]);
});

test("the project's own head has its mouth between nose and chin, in metres", async () => {
  const head = await headOf(BYTES.slice(), "head.glb");
  const { face, mouth, head: box } = measure(head.root, head.shapes);
  const width = mouth.getSize(new Vector3()).x;
  expect(width).toBeGreaterThan(0.03);
  expect(width).toBeLessThan(0.1);
  expect(mouth.max.y).toBeLessThan(face.getCenter(new Vector3()).y);
  expect(box.getSize(new Vector3()).y).toBeGreaterThan(0.2);
  expect(box.getSize(new Vector3()).y).toBeLessThan(0.4);
});

test("the eyes of the project's own head are moved by shapes, not twice", async () => {
  const head = await headOf(BYTES.slice(), "head.glb");
  head.bind(["eyeLookOutLeft", "eyeLookInRight"], ["head"]);
  head.show(Float32Array.from([1, 1, 0, 0, 0, 1, 0, 0, 0]));
  for (const name of ["LeftEye", "RightEye"]) {
    expect(head.root.getObjectByName(name)?.quaternion.angleTo(new Quaternion())).toBe(0);
  }
  const meshes = (head.shapes.get("eyeLookOutLeft") ?? []).map(({ mesh }) => mesh.name);
  expect(meshes).toContain("LeftEye");
});

test("an export of the project's own head passes the validator", async () => {
  const head = await headOf(BYTES.slice(), "head.glb");
  const curves = [...ARKIT];
  const rows = [0, 1, 2, 3].map((k) => Float32Array.from([...curves.map((_, i) => ((i * 7 + k * 3) % 10) / 10), 0, 0.1 * k, 0, 1, 0, 0, 0]));
  const glb = exportGlb(head, { fps: 30, curves, transforms: ["head"], rows, tUs: [0, 33_333, 66_667, 100_000] });
  expect((await validator.validateBytes(glb)).issues.numErrors).toBe(0);
  expect(glb.byteLength - BYTES.byteLength).toBeLessThan(60_000);
});

import { Box3, PerspectiveCamera, Vector3 } from "three";
import { describe, expect, test } from "vitest";
import { between, ease, type Preset, reach, type View, viewOf } from "../../studio/src/stage/framing.js";
import { headOf } from "../../studio/src/stage/loadHead.js";
import { type HeadBounds, measure } from "../../studio/src/stage/measure.js";
import { QualityChoice } from "../../studio/src/stage/Quality.js";
import { arkit, rpm } from "./heads.js";
import { makeGlb } from "./makeGltf.js";

const FOV_DEG = 20;
const PRESETS: readonly Preset[] = ["portrait", "threeQuarter", "mouth"];

/** A head of a height in any unit, somewhere in the scene. */
function bounds(size: number, at: Vector3): HeadBounds {
  const box = (x: number, y: number, z: number, up = 0, out = 0): Box3 =>
    new Box3().setFromCenterAndSize(at.clone().add(new Vector3(0, up * size, out * size)), new Vector3(x, y, z).multiplyScalar(size));
  return { all: box(1.2, 1.4, 1, -0.2), head: box(0.8, 1, 0.9), face: box(0.5, 0.6, 0.3, 0, 0.3), mouth: box(0.25, 0.1, 0.1, -0.2, 0.4) };
}

function cameraAt(view: View, aspect: number): PerspectiveCamera {
  const camera = new PerspectiveCamera(FOV_DEG, aspect, 0.001, 1e6);
  camera.position.setFromSphericalCoords(view.distance, view.polar, view.azimuth).add(view.target);
  camera.lookAt(view.target);
  camera.updateMatrixWorld();
  return camera;
}

describe("a preset", () => {
  for (const preset of PRESETS) {
    test(`${preset} has its subject in the picture, wide or upright, in any unit`, () => {
      for (const [size, at] of [[0.25, new Vector3(0, 1.6, 0)], [25, new Vector3(3, 160, -2)]] as const) {
        for (const aspect of [16 / 9, 1, 390 / 844]) {
          const head = bounds(size, at);
          const view = viewOf(preset, head, { aspect, fovDeg: FOV_DEG });
          const camera = cameraAt(view, aspect);
          const subject = preset === "mouth" ? head.mouth : head.head;
          const middle = subject.getCenter(new Vector3());
          const half = subject.getSize(new Vector3()).multiplyScalar(0.5);
          // Ends of the three axes of the head's ellipsoid.
          for (const axis of [new Vector3(half.x, 0, 0), new Vector3(0, half.y, 0), new Vector3(0, 0, half.z)]) {
            for (const sign of [-1, 1]) {
              const seen = middle.clone().addScaledVector(axis, sign).project(camera);
              expect(Math.max(Math.abs(seen.x), Math.abs(seen.y))).toBeLessThan(1);
            }
          }
          expect(view.distance).toBeGreaterThan(0.5 * subject.getSize(new Vector3()).z);
        }
      }
    });
  }

  test("grows with the head and nothing else", () => {
    const small = viewOf("portrait", bounds(1, new Vector3()), { aspect: 1, fovDeg: FOV_DEG });
    const large = viewOf("portrait", bounds(100, new Vector3()), { aspect: 1, fovDeg: FOV_DEG });
    expect(large.distance).toBeCloseTo(100 * small.distance, 6);
  });

  test("keeps the camera outside of the head and within sight of it", () => {
    for (const preset of PRESETS) {
      const head = bounds(1, new Vector3());
      const { distance } = viewOf(preset, head, { aspect: 1.6, fovDeg: FOV_DEG });
      const { min, max } = reach(preset, head, distance);
      const subject = preset === "mouth" ? head.mouth : head.head;
      expect(min).toBeGreaterThan(0.5 * subject.getSize(new Vector3()).z + 0.3);
      expect(min).toBeLessThanOrEqual(distance);
      expect(max).toBeGreaterThan(distance);
      expect(max).toBeLessThan(20);
    }
  });
});

test("a move between two views starts at the one and ends at the other", () => {
  const from = { target: new Vector3(0, 0, 0), distance: 1, azimuth: 0, polar: 1.5 };
  const to = { target: new Vector3(1, 2, 3), distance: 3, azimuth: 0.5, polar: 1.4 };
  expect(between(from, to, ease(0))).toEqual(from);
  expect(between(from, to, ease(1))).toEqual(to);
  expect(between(from, to, ease(0.5)).distance).toBe(2);
});

describe("the measure of a head", () => {
  test("finds the face of a whole body at the head, not at the hips", async () => {
    const head = await headOf(rpm(), "rpm.glb");
    const { face, head: box } = measure(head.root, head.shapes);
    expect(face.getCenter(new Vector3()).y).toBeCloseTo(1.6, 6);
    expect(box.min.y).toBeGreaterThan(1.4);
  });

  const HEAD = { name: "Skin", center: [0, 0, 0.1], half: 0.15, targets: { viseme_aa: [0, -0.02, 0] }, moved: [0, 1] } as const;

  test("reaches the hair of a head that moves nothing but its mouth, by the eyes", async () => {
    const eyes = [{ name: "LeftEye", translation: [0.03, 0.02, 0.1] }, { name: "RightEye", translation: [-0.03, 0.02, 0.1] }] as const;
    const head = await headOf(makeGlb({ nodes: eyes, cards: [HEAD] }), "viseme.glb");
    const { face, head: box } = measure(head.root, head.shapes);
    expect(face.min.y).toBeCloseTo(-0.15, 6);
    expect(face.max.y).toBeCloseTo(-0.15 + 0.17 / 0.71, 6);
    expect(box.max.y).toBeCloseTo(0.15, 6);
  });

  test("reaches the top of the mesh with the mouth where no eye is known", async () => {
    const head = await headOf(makeGlb({ cards: [HEAD] }), "viseme.glb");
    const { face, head: box } = measure(head.root, head.shapes);
    expect(face.min.y).toBeCloseTo(-0.15, 6);
    expect(face.max.y).toBeCloseTo(-0.15 + 0.3 / 1.45, 6);
    expect(box.max.y).toBeCloseTo(0.15, 6);
  });

  test("finds the lips in the lower half where no shape tells", async () => {
    const head = await headOf(arkit(), "head.glb");
    const { face, mouth } = measure(head.root, head.shapes);
    expect(face.containsBox(mouth)).toBe(true);
    expect(mouth.max.y).toBeLessThan(face.getCenter(new Vector3()).y);
  });
});

describe("the quality of the picture", () => {
  test("is light at once where a processor draws, and few pictures are drawn", () => {
    const choice = new QualityChoice(true);
    expect(choice.isLight).toBe(true);
    expect(choice.mayDraw(0)).toBe(true);
    choice.drawn(0);
    expect([choice.mayDraw(30), choice.mayDraw(60)]).toEqual([false, true]);
  });

  test("turns light after many slow frames in a row, not after pauses", () => {
    const choice = new QualityChoice(false);
    for (let i = 0; i < 100; i++) choice.drawn(i * 5000);
    expect(choice.isLight).toBe(false);
    for (let i = 0; i < 30; i++) choice.drawn(600_000 + i * 80);
    expect(choice.isLight).toBe(true);
    choice.wanted = "full";
    expect(choice.isLight).toBe(false);
  });

  test("caps the pixels of sharp screens and of light pictures", () => {
    const choice = new QualityChoice(false);
    expect([choice.ratio(800, 600, 1), choice.ratio(800, 600, 3)]).toEqual([1, 2]);
    choice.wanted = "light";
    expect(choice.ratio(1600, 900, 2) ** 2 * 1600 * 900).toBeLessThan(111_000);
  });
});

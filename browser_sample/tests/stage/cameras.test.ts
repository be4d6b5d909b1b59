import { Box3, Vector3 } from "three";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Cameras } from "../../studio/src/stage/Cameras.js";
import { type Preset, viewOf } from "../../studio/src/stage/framing.js";
import type { HeadBounds } from "../../studio/src/stage/measure.js";

/** A canvas of 400 × 400 pixels that is its own page, as far as a camera's controls ask. */
class Canvas extends EventTarget {
  readonly style = {};
  readonly clientWidth = 400;
  readonly clientHeight = 400;
  readonly ownerDocument = this;
  readonly getRootNode = (): this => this;
  readonly setPointerCapture = (): void => undefined;
  readonly releasePointerCapture = (): void => undefined;

  point(type: string, x: number, y: number): void {
    const fields = { pointerId: 1, pointerType: "mouse", button: 0, pageX: x, pageY: y, clientX: x, clientY: y };
    this.dispatchEvent(Object.assign(new Event(type), fields));
  }

  press(key: string): void {
    this.dispatchEvent(Object.assign(new Event("keydown", { cancelable: true }), { key }));
  }
}

const BOUNDS: HeadBounds = {
  all: box(0.15), head: box(0.13), face: box(0.08),
  mouth: new Box3(new Vector3(-0.03, -0.05, 0.08), new Vector3(0.03, -0.02, 0.1)),
};

function box(half: number): Box3 {
  return new Box3(new Vector3(-half, -half, -half), new Vector3(half, half, half));
}

let canvas: Canvas;
let cameras: Cameras;
let told: (Preset | null)[];

beforeEach(() => {
  vi.stubGlobal("window", { matchMedia: () => ({ matches: false }) });
  canvas = new Canvas();
  told = [];
  cameras = new Cameras(canvas as unknown as HTMLElement, (preset) => told.push(preset));
  cameras.frame(BOUNDS);
  for (let ms = 0; ms <= 1000; ms += 20) cameras.update(ms);
});

afterEach(() => {
  cameras.dispose();
  vi.unstubAllGlobals();
});

function drag(from: number, to: number, step: (x: number) => void): void {
  canvas.point("pointerdown", from, 200);
  for (let x = from; x <= to; x += 10) {
    canvas.point("pointermove", x, 200);
    step(x);
  }
  canvas.point("pointerup", to, 200);
}

test("a camera that is dragged on its way arrives where it was sent", () => {
  cameras.show("mouth");
  let ms = 1000;
  cameras.update(ms);
  drag(100, 200, () => cameras.update((ms += 20)));
  while (ms < 2500) cameras.update((ms += 20));
  const { target, distance } = viewOf("mouth", BOUNDS, { aspect: 1, fovDeg: 20 });
  expect(cameras.camera.position.distanceTo(target)).toBeCloseTo(distance, 6);
  const ahead = cameras.camera.getWorldDirection(new Vector3());
  expect(ahead.angleTo(target.clone().sub(cameras.camera.position))).toBeCloseTo(0, 5);
  expect(told).toEqual(["portrait", "mouth"]);
});

test("a drag that goes on after the arrival turns the camera, and no preset is told", () => {
  cameras.show("mouth");
  let ms = 1000;
  cameras.update(ms);
  drag(100, 300, () => cameras.update((ms += 60)));
  expect(told).toEqual(["portrait", "mouth", null]);
  cameras.show("mouth");
  expect(told.at(-1)).toBe("mouth");
});

test("a camera that is turned by hand is told once, and again only after another preset", () => {
  const before = cameras.camera.position.clone();
  drag(100, 300, (x) => cameras.update(1000 + x));
  expect(cameras.camera.position.distanceTo(before)).toBeGreaterThan(0.1);
  expect(told).toEqual(["portrait", null]);
  canvas.press("Home");
  for (let ms = 2000; ms <= 3000; ms += 20) cameras.update(ms);
  canvas.press("ArrowLeft");
  cameras.update(3020);
  expect(told).toEqual(["portrait", null, "portrait", null]);
});

test("a click, a new shape of the picture and time alone leave the preset in force", () => {
  canvas.point("pointerdown", 100, 100);
  canvas.point("pointerup", 100, 100);
  cameras.resize(1.5);
  for (let ms = 1000; ms <= 2000; ms += 20) cameras.update(ms);
  expect(told).toEqual(["portrait"]);
});

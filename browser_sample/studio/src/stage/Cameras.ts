/** The camera: presets with a move between them, orbit by pointer, touch and keys. */

import { PerspectiveCamera, Spherical, Vector3 } from "three";
import { OrbitControls } from "three/addons/controls/OrbitControls.js";
import { between, ease, type Preset, reach, type View, viewOf } from "./framing.js";
import type { HeadBounds } from "./measure.js";

const FOV_DEG = 20;
const MOVE_MS = 700;
const TURN = 0.09;
const ZOOM = 0.9;
/** Part of a second after which a flick has lost all but 1/e of its speed. */
const DAMPING_S = 0.09;

/** See the module. */
export class Cameras {
  readonly camera = new PerspectiveCamera(FOV_DEG, 1, 0.01, 100);
  readonly #controls: OrbitControls;
  readonly #calm: MediaQueryList;
  readonly #stop = new AbortController();
  readonly #told: (preset: Preset | null) => void;
  #bounds: HeadBounds | null = null;
  #preset: Preset = "portrait";
  #fit = 1;
  #move: { from: View; to: View; startMs: number | null } | null = null;
  #lastMs = 0;
  /** True while the camera is put somewhere by this class, false when by hand. */
  #isPut = false;
  #isLeft = false;

  /**
   * @param canvas What is pointed at; it takes the keys while it has the focus.
   * @param told Hears which preset the camera goes to, null when it is moved away by hand.
   */
  constructor(canvas: HTMLElement, told: (preset: Preset | null) => void) {
    this.#told = told;
    this.#calm = window.matchMedia("(prefers-reduced-motion: reduce)");
    this.#controls = new OrbitControls(this.camera, canvas);
    const controls = this.#controls;
    controls.enableDamping = true;
    controls.rotateSpeed = 0.7;
    controls.zoomSpeed = 0.8;
    controls.minPolarAngle = 0.7;
    controls.maxPolarAngle = 2.2;
    controls.minAzimuthAngle = -2.0;
    controls.maxAzimuthAngle = 2.0;
    controls.addEventListener("change", () => this.#changed());
    canvas.addEventListener("keydown", (event) => this.#key(event), { signal: this.#stop.signal });
    canvas.addEventListener("dblclick", () => this.show(this.#preset), { signal: this.#stop.signal });
  }

  /** Stands before another head at once, in the preset that was chosen last. */
  frame(bounds: HeadBounds): void {
    this.#bounds = bounds;
    const size = bounds.all.getSize(new Vector3()).length();
    this.camera.near = 0.02 * bounds.head.getSize(new Vector3()).length();
    this.camera.far = 20 * size;
    this.camera.updateProjectionMatrix();
    this.#go(false);
  }

  /** Moves to a preset; jumps for those who prefer less motion. */
  show(preset: Preset): void {
    this.#preset = preset;
    this.#go(!this.#calm.matches);
  }

  /** Fits the picture's new shape; the head stays as large as it was made by hand. */
  resize(aspect: number): void {
    this.camera.aspect = aspect;
    this.camera.updateProjectionMatrix();
    if (this.#bounds === null) return;
    const before = this.#fit;
    const view = this.#view(this.#bounds);
    if (this.#move !== null) {
      this.#move = { ...this.#move, to: view };
      return;
    }
    const now = this.#now();
    this.#put({ ...now, distance: (now.distance * this.#fit) / before });
  }

  /** Once per frame. True when the camera is still on its way. */
  update(nowMs: number): boolean {
    const seconds = Math.min(Math.max(nowMs - this.#lastMs, 0) / 1000, 0.1);
    this.#lastMs = nowMs;
    const controls = this.#controls;
    if (this.#move !== null) {
      const move = this.#move;
      move.startMs ??= nowMs;
      const part = Math.min(Math.max((nowMs - move.startMs) / MOVE_MS, 0), 1);
      if (part >= 1) this.#move = null;
      this.#put(between(move.from, move.to, ease(part)));
      return true;
    }
    controls.enableDamping = true;
    controls.dampingFactor = 1 - Math.exp(-seconds / DAMPING_S);
    return controls.update();
  }

  dispose(): void {
    this.#stop.abort();
    this.#controls.dispose();
  }

  #go(smooth: boolean): void {
    if (this.#bounds === null) return;
    const to = this.#view(this.#bounds);
    if (smooth) {
      this.#move = { from: this.#now(), to, startMs: null };
      // Else a hand's push would swing on under the move.
      this.#controls.enableDamping = false;
    } else {
      this.#move = null;
      this.#put(to);
    }
    this.#isLeft = false;
    this.#told(this.#preset);
  }

  /** A hand turns the camera only once it has arrived: what is dragged on the way is put over. */
  #changed(): void {
    if (this.#isPut || this.#isLeft || this.#move !== null) return;
    this.#isLeft = true;
    this.#told(null);
  }

  /** The preset's view, with the limits around it. */
  #view(bounds: HeadBounds): View {
    const view = viewOf(this.#preset, bounds, { aspect: this.camera.aspect, fovDeg: FOV_DEG });
    this.#fit = view.distance;
    const { min, max } = reach(this.#preset, bounds, view.distance);
    const controls = this.#controls;
    // A move that starts outside of the new limits must not be cut to them at once.
    controls.minDistance = Math.min(min, this.#now().distance);
    controls.maxDistance = Math.max(max, this.#now().distance);
    controls.cursor.copy(view.target);
    controls.maxTargetRadius = Number.POSITIVE_INFINITY;
    return view;
  }

  #now(): View {
    const target = this.#controls.target.clone();
    const around = new Spherical().setFromVector3(this.camera.position.clone().sub(target));
    return { target, distance: around.radius, azimuth: around.theta, polar: around.phi };
  }

  #put({ target, distance, azimuth, polar }: View): void {
    this.#controls.target.copy(target);
    this.camera.position.setFromSphericalCoords(distance, polar, azimuth).add(target);
    this.#isPut = true;
    this.#controls.update();
    this.#isPut = false;
    if (this.#move === null && this.#bounds !== null) this.#limit(this.#bounds);
  }

  #limit(bounds: HeadBounds): void {
    const { min, max } = reach(this.#preset, bounds, this.#fit);
    this.#controls.minDistance = min;
    this.#controls.maxDistance = max;
    this.#controls.maxTargetRadius = 0.6 * bounds.head.getSize(new Vector3()).length();
  }

  #key(event: KeyboardEvent): void {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const act = KEYS[event.key];
    if (act === undefined) return;
    event.preventDefault();
    if (act === "home") {
      this.show(this.#preset);
      return;
    }
    if (this.#move === null) act(this.#controls);
  }
}

/** What keys do while the canvas has the focus. */
const KEYS: Readonly<Record<string, "home" | ((controls: OrbitControls) => void)>> = {
  ArrowLeft: (controls) => controls.rotateLeft(TURN),
  ArrowRight: (controls) => controls.rotateLeft(-TURN),
  ArrowUp: (controls) => controls.rotateUp(TURN),
  ArrowDown: (controls) => controls.rotateUp(-TURN),
  "+": (controls) => controls.dollyIn(ZOOM),
  "=": (controls) => controls.dollyIn(ZOOM),
  "-": (controls) => controls.dollyOut(ZOOM),
  Home: "home",
};

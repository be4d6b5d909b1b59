/** Light of a portrait studio, made from nothing: soft boxes to reflect, a key with a shadow, a rim. */

import {
  BackSide, BoxGeometry, type Camera, Color, DirectionalLight, Group, HemisphereLight, Mesh, MeshBasicMaterial,
  PMREMGenerator, Scene, SphereGeometry, type Texture, Vector3, type WebGLRenderer,
} from "three";
import type { HeadBounds } from "./measure.js";

/** The two looks of the page. */
export type Theme = "dark" | "light";

interface Box {
  readonly color: number;
  /** Radiance, 1 = white paper. */
  readonly power: number;
  /** Direction from the head, +Z is the camera's side; its length is the distance. */
  readonly at: readonly [number, number, number];
  readonly size: readonly [number, number];
}

interface Mood {
  readonly dome: number;
  readonly floor: number;
  readonly boxes: readonly Box[];
  readonly key: number;
  readonly rim: number;
  /** Of the surroundings, 1 = as built. */
  readonly ambient: number;
}

const WARM = 0xfff1e2;
const COOL = 0xdfeaff;
const BOXES: readonly Box[] = [
  { color: WARM, power: 15, at: [-2.1, 1.3, 4.8], size: [1.5, 2.1] },
  { color: COOL, power: 2.2, at: [4.6, 0.8, 2.6], size: [2.4, 3.2] },
  { color: COOL, power: 7, at: [3.4, 2.6, -4.2], size: [1.2, 3.4] },
  { color: WARM, power: 4, at: [-4.4, 1.6, -3.0], size: [1.0, 3.4] },
];

const MOODS: Readonly<Record<Theme, Mood>> = {
  dark: { dome: 0x30343c, floor: 0x1d1a19, boxes: BOXES, key: 2.3, rim: 2.2, ambient: 0.58 },
  light: { dome: 0x8a8f96, floor: 0x6d655f, boxes: BOXES, key: 2.2, rim: 1.4, ambient: 0.78 },
};

/** Light without surroundings, set by eye to be as bright as with them. */
const SKY = 3.2;
const SKY_TINT = 3;

/** Directions that light comes from, as seen from the head. */
const KEY = new Vector3(-0.62, 0.62, 0.9).normalize();
const RIM = new Vector3(0.75, 0.55, -0.85).normalize();

/** See the module. */
export class Lights {
  readonly group = new Group();
  readonly #key = new DirectionalLight(WARM, 1);
  /** Direction to the key lamp in the camera's axes; a uniform. */
  readonly keyView = { value: KEY.clone() };
  readonly #rim = new DirectionalLight(COOL, 1);
  /** In the place of the surroundings, whose making takes a processor seconds. */
  readonly #sky = new HemisphereLight(0xffffff, 0xffffff, 0);
  readonly #renderer: WebGLRenderer;
  readonly #scene: Scene;
  #surroundings: { texture: Texture; dispose(): void } | null = null;
  #theme: Theme = "dark";

  /** @param scene Gets the surroundings and the lamps. */
  constructor(renderer: WebGLRenderer, scene: Scene) {
    this.#renderer = renderer;
    this.#scene = scene;
    this.#key.shadow.mapSize.set(1024, 1024);
    this.#key.shadow.radius = 5;
    this.#key.shadow.intensity = 0.8;
    this.#rim.shadow.mapSize.set(512, 512);
    this.#rim.shadow.radius = 3;
    this.group.add(this.#key, this.#key.target, this.#rim, this.#rim.target, this.#sky);
    scene.add(this.group);
  }

  /** Makes what a picture needs: shadows and surroundings, or plain light from above and below. */
  prepare(isLight: boolean): void {
    this.#key.castShadow = !isLight;
    this.#rim.castShadow = !isLight;
    this.#sky.intensity = isLight ? SKY * MOODS[this.#theme].ambient : 0;
    if (isLight) this.#scene.environment = null;
    else this.#surround();
  }

  /** Tells materials where the key lamp is for a camera; its world matrix must be up to date. */
  see(camera: Camera): void {
    this.keyView.value.copy(KEY).transformDirection(camera.matrixWorldInverse);
  }

  /** Sets the light of a theme; `prepare` makes the rest of it. */
  theme(theme: Theme): void {
    const mood = MOODS[theme];
    this.#theme = theme;
    this.#key.intensity = mood.key;
    this.#rim.intensity = mood.rim;
    this.#sky.color.set(mood.dome).multiplyScalar(SKY_TINT);
    this.#sky.groundColor.set(mood.floor).multiplyScalar(SKY_TINT);
    this.#scene.environmentIntensity = mood.ambient;
    this.#surroundings?.dispose();
    this.#surroundings = null;
  }

  /** Aims at a head, whatever its size. */
  aim(bounds: HeadBounds): void {
    const center = bounds.head.getCenter(new Vector3());
    const radius = 0.5 * bounds.head.getSize(new Vector3()).length();
    for (const [lamp, direction] of [[this.#key, KEY], [this.#rim, RIM]] as const) {
      lamp.target.position.copy(center);
      lamp.position.copy(direction).multiplyScalar(4 * radius).add(center);
    }
    for (const { shadow } of [this.#key, this.#rim]) {
      const { camera } = shadow;
      camera.left = camera.bottom = -1.3 * radius;
      camera.right = camera.top = 1.3 * radius;
      camera.near = 1.5 * radius;
      camera.far = 6.5 * radius;
      camera.updateProjectionMatrix();
      shadow.bias = -0.0006;
      shadow.normalBias = 0.012 * radius;
    }
  }

  /** Gives back what is on the graphics card; `theme` brings it there again. */
  release(): void {
    this.#surroundings?.dispose();
    this.#surroundings = null;
    this.#key.shadow.dispose();
    this.#rim.shadow.dispose();
  }

  dispose(): void {
    this.release();
    this.#key.dispose();
    this.#rim.dispose();
  }

  #surround(): void {
    if (this.#surroundings === null) {
      const room = roomOf(MOODS[this.#theme]);
      const generator = new PMREMGenerator(this.#renderer);
      this.#surroundings = generator.fromScene(room, 0.015, 0.1, 20);
      generator.dispose();
      for (const child of room.children as Mesh[]) {
        child.geometry.dispose();
        (child.material as MeshBasicMaterial).dispose();
      }
    }
    this.#scene.environment = this.#surroundings.texture;
  }
}

/** A dark room with bright boxes, to be seen from its middle. */
function roomOf(mood: Mood): Scene {
  const room = new Scene();
  const dome = new Mesh(new SphereGeometry(9, 32, 16), new MeshBasicMaterial({ color: mood.dome, side: BackSide }));
  const floor = new Mesh(new BoxGeometry(12, 0.1, 12), new MeshBasicMaterial({ color: mood.floor }));
  floor.position.y = -3;
  room.add(dome, floor);
  for (const { color, power, at, size } of mood.boxes) {
    const material = new MeshBasicMaterial({ color: new Color(color).multiplyScalar(power) });
    const box = new Mesh(new BoxGeometry(size[0], size[1], 0.05), material);
    box.position.set(...at);
    box.lookAt(0, 0, 0);
    room.add(box);
  }
  return room;
}

/** The stage: one head in good light, moved by rows. Draws only when asked to. */

import { NeutralToneMapping, PCFShadowMap, Scene, SRGBColorSpace, Vector2, WebGLRenderer } from "three";
import { Backdrop } from "./Backdrop.js";
import { Cameras } from "./Cameras.js";
import { releaseTree } from "./disposeTree.js";
import { exportGlb } from "./exportGlb.js";
import type { Preset } from "./framing.js";
import type { Head, LiveHead, Track } from "./Head.js";
import { Lights, type Theme } from "./Lights.js";
import { loadHead } from "./loadHead.js";
import { dress, simplify } from "./looks.js";
import { measure } from "./measure.js";
import { isSoftware, type Quality, QualityChoice } from "./Quality.js";
import { StageError } from "./StageError.js";

export type { Preset } from "./framing.js";
export type { Head, HeadKind, Track } from "./Head.js";
export type { Theme } from "./Lights.js";
export type { Quality } from "./Quality.js";
export { StageError } from "./StageError.js";

const LOST = "The graphics card stopped drawing (context lost); the picture comes back by itself.";
const NO_WEBGL = "This browser gives no WebGL 2, which the head needs: turn on hardware acceleration or use another browser.";

/** See the module. */
export class Stage {
  readonly #canvas: HTMLCanvasElement;
  readonly #renderer: WebGLRenderer;
  readonly #scene = new Scene();
  readonly #backdrop = new Backdrop();
  readonly #lights: Lights;
  readonly #cameras: Cameras;
  readonly #stop = new AbortController();
  readonly #listeners = new Set<(fault: string | null) => void>();
  readonly #quality: QualityChoice;
  readonly #presetListeners = new Set<(preset: Preset | null) => void>();
  #isLight: boolean | null = null;
  #head: LiveHead | null = null;
  #bound: { curves: readonly string[]; transforms: readonly string[] } = { curves: [], transforms: [] };
  #row: Float32Array = new Float32Array(0);
  #fault: string | null = null;
  #theme: Theme = "dark";
  #loads = 0;
  #lastMs = 0;
  #isDirty = true;

  /**
   * @param canvas Sized by the page's style sheet; call `resize` when that changes.
   * @throws StageError The browser has no WebGL 2.
   */
  constructor(canvas: HTMLCanvasElement) {
    this.#canvas = canvas;
    this.#renderer = rendererOf(canvas);
    this.#quality = new QualityChoice(isSoftware(this.#renderer.getContext() as WebGL2RenderingContext));
    this.#lights = new Lights(this.#renderer, this.#scene);
    this.#cameras = new Cameras(canvas, (preset) => this.#onPreset(preset));
    this.#scene.add(this.#backdrop.mesh);
    if (!canvas.hasAttribute("tabindex")) canvas.tabIndex = 0;
    const { signal } = this.#stop;
    canvas.addEventListener("webglcontextlost", (event) => this.#lost(event), { signal });
    canvas.addEventListener("webglcontextrestored", () => this.#restored(), { signal });
    this.theme("dark");
    this.resize();
  }

  /** The head that is shown; null before the first one is loaded. */
  get head(): Head | null {
    return this.#head;
  }

  /** Why nothing is drawn, in words; null while all is well. */
  get fault(): string | null {
    return this.#fault;
  }

  /** What the graphics card holds for this stage; grows for ever only if something leaks. */
  get memory(): { geometries: number; textures: number; programs: number } {
    const { memory, programs } = this.#renderer.info;
    return { geometries: memory.geometries, textures: memory.textures, programs: programs?.length ?? 0 };
  }

  /** How good the picture is to be; `auto` unless set. */
  get quality(): Quality {
    return this.#quality.wanted;
  }

  set quality(quality: Quality) {
    this.#quality.wanted = quality;
    this.#isDirty = true;
  }

  /** Calls `listener` whenever `fault` changes; returns what ends that. */
  onFault(listener: (fault: string | null) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * Calls `listener` with the view that the camera goes to, and with null as soon as a hand turns,
   * moves or zooms it; returns what ends that.
   */
  onPreset(listener: (preset: Preset | null) => void): () => void {
    this.#presetListeners.add(listener);
    return () => this.#presetListeners.delete(listener);
  }

  /**
   * Puts another head on the stage.
   *
   * @param source `.glb`, `.gltf` with everything inside or `.vrm`: a file, or an address of the page's server.
   * @returns The head; the former one is gone.
   * @throws StageError It cannot be shown; the former head stays.
   */
  async load(source: string | File): Promise<Head> {
    const turn = ++this.#loads;
    const head = await loadHead(source);
    if (turn !== this.#loads) {
      head.dispose();
      throw new StageError(`${head.name} was not put on the stage: another head was chosen meanwhile.`);
    }
    this.#clear();
    this.#head = head;
    const bounds = measure(head.root, head.shapes);
    dress(head.root, { keyView: this.#lights.keyView, ...this.#backdrop.uniforms }, bounds.all);
    this.#isLight = null;
    this.#scene.add(head.root);
    this.#lights.aim(bounds);
    this.#cameras.frame(bounds);
    head.bind(this.#bound.curves, this.#bound.transforms);
    this.#isDirty = true;
    return head;
  }

  /** Says what the rows to come are made of: `opened.curves` and `opened.transforms`. */
  bind(curves: readonly string[], transforms: readonly string[]): void {
    this.#bound = { curves: [...curves], transforms: [...transforms] };
    this.#row = new Float32Array(curves.length + 7 * transforms.length);
    for (let at = curves.length + 3; at < this.#row.length; at += 7) this.#row[at] = 1;
    this.#head?.bind(curves, transforms);
    this.#isDirty = true;
  }

  /** Shows a row: curves, then 7 values per transform. A row of another layout is left out. */
  show(row: Float32Array): void {
    if (row.length !== this.#row.length) return;
    this.#row.set(row);
    this.#head?.show(row);
    this.#isDirty = true;
  }

  /** What the mesh has now for a name; NaN where the head has no such shape. */
  value(name: string): number {
    return this.#head?.value(name) ?? Number.NaN;
  }

  /** Goes to one of the three views. */
  camera(preset: Preset): void {
    this.#cameras.show(preset);
    this.#isDirty = true;
  }

  /** Light and backdrop of the page's theme. */
  theme(theme: Theme): void {
    this.#theme = theme;
    this.#lights.theme(theme);
    this.#backdrop.theme(theme);
    this.#isLight = null;
    this.#isDirty = true;
  }

  /** Takes the size that the canvas has on the page. */
  resize(): void {
    const width = Math.max(this.#canvas.clientWidth, 1);
    const height = Math.max(this.#canvas.clientHeight, 1);
    this.#renderer.setPixelRatio(this.#quality.ratio(width, height, window.devicePixelRatio));
    this.#renderer.setSize(width, height, false);
    this.#cameras.resize(width / height);
    this.#backdrop.resize(this.#renderer.getDrawingBufferSize(new Vector2()));
    this.#isDirty = true;
  }

  /** Draws, if anything has changed. Call once per frame with the frame's time, milliseconds. */
  render(nowMs: number): void {
    const seconds = Math.min(Math.max(nowMs - this.#lastMs, 0) / 1000, 0.1);
    this.#lastMs = nowMs;
    const moves = this.#cameras.update(nowMs);
    this.#head?.tick(seconds);
    this.#isDirty ||= moves || this.#head?.kind === "vrm";
    if (this.#fault !== null || !this.#isDirty || !this.#quality.mayDraw(nowMs)) return;
    this.#isDirty = false;
    this.#quality.drawn(nowMs);
    this.#draw();
  }

  /**
   * The head's own file with what was played as an animation.
   *
   * @throws StageError There is no head, or nothing was played.
   */
  async exportGlb(track: Track): Promise<Blob> {
    const head = this.#head;
    if (head === null) throw new StageError("There is no head on the stage to export.");
    try {
      return new Blob([exportGlb(head, track)], { type: "model/gltf-binary" });
    } finally {
      head.bind(this.#bound.curves, this.#bound.transforms);
      head.show(this.#row);
    }
  }

  /** The picture as it is now in full quality, PNG. */
  async still(): Promise<Blob> {
    const { quality } = this;
    this.quality = "full";
    this.#draw();
    this.quality = quality;
    const blob = await new Promise<Blob | null>((done) => this.#canvas.toBlob(done, "image/png"));
    if (blob === null) throw new StageError("The picture could not be made: the canvas gave nothing.");
    return blob;
  }

  /** Gives everything back; the stage is of no use afterwards. */
  dispose(): void {
    this.#loads++;
    this.#stop.abort();
    this.#clear();
    this.#cameras.dispose();
    this.#lights.dispose();
    this.#backdrop.dispose();
    this.#renderer.dispose();
  }

  #draw(): void {
    if (this.#isLight !== this.#quality.isLight) this.#adapt(this.#quality.isLight);
    const { camera } = this.#cameras;
    camera.updateMatrixWorld();
    this.#lights.see(camera);
    this.#renderer.render(this.#scene, camera);
  }

  #adapt(isLight: boolean): void {
    this.#isLight = isLight;
    this.#lights.prepare(isLight);
    if (this.#head !== null) simplify(this.#head.root, isLight);
    this.resize();
  }

  #clear(): void {
    if (this.#head === null) return;
    this.#scene.remove(this.#head.root);
    this.#head.dispose();
    this.#head = null;
  }

  #lost(event: Event): void {
    event.preventDefault();
    // All of it is gone already; three.js must not free it in the next context.
    releaseTree(this.#scene);
    this.#lights.release();
    this.#tell(LOST);
  }

  #restored(): void {
    this.theme(this.#theme);
    this.#tell(null);
  }

  #onPreset(preset: Preset | null): void {
    for (const listener of this.#presetListeners) listener(preset);
  }

  #tell(fault: string | null): void {
    this.#fault = fault;
    for (const listener of this.#listeners) listener(fault);
  }
}

function rendererOf(canvas: HTMLCanvasElement): WebGLRenderer {
  let renderer: WebGLRenderer;
  try {
    renderer = new WebGLRenderer({ canvas, antialias: true, powerPreference: "high-performance" });
  } catch {
    throw new StageError(NO_WEBGL);
  }
  renderer.outputColorSpace = SRGBColorSpace;
  renderer.toneMapping = NeutralToneMapping;
  renderer.toneMappingExposure = 1;
  renderer.shadowMap.enabled = true;
  renderer.shadowMap.type = PCFShadowMap;
  return renderer;
}

/** How much of the picture a machine can draw in time. */

/** `auto`: full until frames come too slowly, at once light where no graphics card draws. */
export type Quality = "auto" | "full" | "light";

/** Pixels per CSS pixel are capped: more cost a phone its frame rate and show nothing new. */
const SHARPEST = 2;
/** Pixels of a light picture, whatever the canvas: what one processor core draws in time. */
const LIGHT_PIXELS = 110_000;
/** A frame that takes longer is slow, milliseconds. */
const SLOW_MS = 45;
/** A processor that draws is given time for other work: shortest time between pictures, milliseconds. */
const SOFTWARE_MS = 60;
/** Gaps longer than this are pauses, not frames, milliseconds. */
const PAUSE_MS = 2000;
/** So many slow frames in a row make `auto` light. */
const PATIENCE = 24;

/** Decides between full and light; numbers only. */
export class QualityChoice {
  wanted: Quality = "auto";
  readonly #isSoftware: boolean;
  #isSlow: boolean;
  #slow = 0;
  #lastMs: number | null = null;

  /** @param isSoftware True when a processor does the drawing. */
  constructor(isSoftware: boolean) {
    this.#isSoftware = isSoftware;
    this.#isSlow = isSoftware;
  }

  /** True when the picture is to be simple. */
  get isLight(): boolean {
    return this.wanted === "light" || (this.wanted === "auto" && this.#isSlow);
  }

  /** False when it is too early for another picture, milliseconds. */
  mayDraw(nowMs: number): boolean {
    return !this.#isSoftware || this.#lastMs === null || Math.abs(nowMs - this.#lastMs) >= SOFTWARE_MS;
  }

  /** A frame was drawn at this time, milliseconds. */
  drawn(nowMs: number): void {
    const took = nowMs - (this.#lastMs ?? nowMs);
    this.#lastMs = nowMs;
    if (took > PAUSE_MS) this.#slow = 0;
    else this.#slow = took > SLOW_MS ? this.#slow + 1 : 0;
    if (this.#slow >= PATIENCE) this.#isSlow = true;
  }

  /** Pixels of the picture per CSS pixel for a canvas of a size in CSS pixels. */
  ratio(width: number, height: number, device: number): number {
    if (!this.isLight) return Math.min(device, SHARPEST);
    return Math.min(device, 1, Math.sqrt(LIGHT_PIXELS / (width * height)));
  }
}

/** True when a WebGL context is drawn by a processor, as on servers and without drivers. */
export function isSoftware(context: WebGL2RenderingContext): boolean {
  const info = context.getExtension("WEBGL_debug_renderer_info");
  const name: unknown = context.getParameter(info?.UNMASKED_RENDERER_WEBGL ?? context.RENDERER);
  return typeof name === "string" && /swiftshader|llvmpipe|softpipe|software|basic render/i.test(name);
}

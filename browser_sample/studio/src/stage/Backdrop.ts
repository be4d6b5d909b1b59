/** What is behind the head: a soft pool of light on paper, drawn without a picture. */

import { Color, Mesh, PlaneGeometry, ShaderMaterial, Vector2 } from "three";
import type { Theme } from "./Lights.js";

const COLORS: Readonly<Record<Theme, readonly [inner: number, outer: number]>> = {
  dark: [0x3a4048, 0x0f1216],
  light: [0xf4f4f2, 0xc4c8cd],
};

/** GLSL: the backdrop's colour at a pixel, as it is written to the screen; see `Backdrop.uniforms`. */
export const BACKDROP = `
uniform vec3 inner;
uniform vec3 outer;
uniform vec2 pixels;
vec3 backdrop() {
  vec2 at = 2.0 * gl_FragCoord.xy / pixels - 1.0;
  vec2 from = (at - vec2(0.0, 0.08)) * vec2(min(pixels.x / pixels.y, 1.6), 1.0);
  vec3 color = mix(inner, outer, smoothstep(0.0, 1.55, length(from)));
  float grain = fract(52.9829189 * fract(dot(gl_FragCoord.xy, vec2(0.06711056, 0.00583715))));
  return linearToOutputTexel(vec4(color, 1.0)).rgb + (grain - 0.5) / 255.0;
}`;

const VERTEX = "void main() { gl_Position = vec4(position.xy, 1.0, 1.0); }";
const FRAGMENT = `${BACKDROP}
void main() { gl_FragColor = vec4(backdrop(), 1.0); }`;

/** A rectangle that fills the picture behind everything. */
export class Backdrop {
  readonly mesh: Mesh<PlaneGeometry, ShaderMaterial>;
  /** Colours and the size of the picture; may be shared with materials that fade into it. */
  readonly uniforms = {
    inner: { value: new Color() },
    outer: { value: new Color() },
    pixels: { value: new Vector2(1, 1) },
  };

  constructor() {
    const material = new ShaderMaterial({
      vertexShader: VERTEX,
      fragmentShader: FRAGMENT,
      uniforms: this.uniforms,
      depthTest: false,
      depthWrite: false,
      toneMapped: false,
    });
    this.mesh = new Mesh(new PlaneGeometry(2, 2), material);
    this.mesh.frustumCulled = false;
    this.mesh.renderOrder = -1000;
  }

  theme(theme: Theme): void {
    const [inner, outer] = COLORS[theme];
    this.uniforms.inner.value.set(inner);
    this.uniforms.outer.value.set(outer);
  }

  /** @param pixels Size of the picture in its own pixels. */
  resize(pixels: Vector2): void {
    this.uniforms.pixels.value.copy(pixels);
  }

  dispose(): void {
    this.mesh.geometry.dispose();
    this.mesh.material.dispose();
  }
}

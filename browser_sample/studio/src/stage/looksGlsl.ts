/** Pieces of shader for skin, eyes and mouths; they are put into three.js' own physical material. */

import { BACKDROP } from "./Backdrop.js";

/** A piece of shader that goes right after one of three.js' chunks. */
export interface Piece {
  readonly stage: "vertex" | "fragment";
  /** Name of the chunk, as in `#include <name>`; `common` for declarations. */
  readonly after: string;
  readonly glsl: string;
}

/** Where a point is on the head at rest: what is painted stays on the skin that moves. */
const REST: readonly Piece[] = [
  { stage: "vertex", after: "common", glsl: "varying vec3 rest;" },
  { stage: "vertex", after: "begin_vertex", glsl: "rest = position;" },
  { stage: "fragment", after: "common", glsl: "varying vec3 rest;\nuniform float unit;\nuniform vec3 keyView;" },
];

const NOISE = `
float hash3(vec3 p) {
  p = fract(p * vec3(0.1031, 0.1030, 0.0973));
  p += dot(p, p.yxz + 33.33);
  return fract((p.x + p.y) * p.z);
}
float noise3(vec3 p) {
  vec3 i = floor(p);
  vec3 f = p - i;
  f = f * f * (3.0 - 2.0 * f);
  return mix(
    mix(mix(hash3(i), hash3(i + vec3(1, 0, 0)), f.x), mix(hash3(i + vec3(0, 1, 0)), hash3(i + vec3(1, 1, 0)), f.x), f.y),
    mix(mix(hash3(i + vec3(0, 0, 1)), hash3(i + vec3(1, 0, 1)), f.x), mix(hash3(i + vec3(0, 1, 1)), hash3(i + vec3(1, 1, 1)), f.x), f.y),
    f.z);
}`;

/** Pores, blotches and light that comes back reddened from below the surface. */
export const SKIN: readonly Piece[] = [
  ...REST,
  {
    stage: "fragment",
    after: "common",
    glsl: `${NOISE}
float pores(vec3 p) { return 0.6 * noise3(p * 1100.0) + 0.4 * noise3(p * 2300.0 + 7.0); }`,
  },
  {
    stage: "fragment",
    after: "color_fragment",
    glsl: `
vec3 where = rest / unit;
// A little paler and pinker than paint: blood and fat below the surface.
diffuseColor.rgb = mix(diffuseColor.rgb, vec3(dot(diffuseColor.rgb, vec3(0.3, 0.5, 0.2))) * vec3(1.12, 0.98, 0.96), 0.28);
#ifndef LIGHT
float blotch = 0.6 * noise3(where * 45.0) + 0.4 * noise3(where * 140.0) - 0.5;
diffuseColor.rgb *= 1.0 + vec3(0.06, 0.11, 0.11) * blotch;
#endif`,
  },
  {
    stage: "fragment",
    after: "normal_fragment_maps",
    glsl: `
#ifndef LIGHT
float pixel = length(fwidth(where));
float fine = 1.0 - smoothstep(0.00015, 0.0006, pixel);
if (fine > 0.0) {
  vec3 sx = dFdx(-vViewPosition);
  vec3 sy = dFdy(-vViewPosition);
  float h = pores(where);
  vec2 slope = 0.00006 * unit * fine * vec2(pores(where + dFdx(where)) - h, pores(where + dFdy(where)) - h);
  vec3 r1 = cross(sy, normal);
  vec3 r2 = cross(normal, sx);
  float det = dot(sx, r1) * faceDirection;
  normal = normalize(abs(det) * normal - sign(det) * (slope.x * r1 + slope.y * r2));
}
#endif`,
  },
  {
    stage: "fragment",
    after: "lights_fragment_end",
    glsl: `
float lit = dot(normal, keyView);
float turned = (lit + 0.02) / 0.32;
float edge = exp(-turned * turned);
reflectedLight.directDiffuse += diffuseColor.rgb * edge * vec3(0.075, 0.02, 0.009);`,
  },
];

/** A bust ends in the backdrop, not in an edge. */
export const FADE: readonly Piece[] = [
  { stage: "fragment", after: "common", glsl: `uniform vec2 fade;\n${BACKDROP}` },
  {
    stage: "fragment",
    after: "dithering_fragment",
    glsl: "gl_FragColor.rgb = mix(backdrop(), gl_FragColor.rgb, smoothstep(fade.x, fade.y, rest.y));",
  },
];

/** Cloth: only what all parts have. */
export const CLOTH: readonly Piece[] = REST;

/** Iris, pupil and the white of the eye by the angle from the eye's own axis, +Z. */
export const EYE: readonly Piece[] = [
  ...REST,
  {
    stage: "vertex",
    after: "project_vertex",
    glsl: "vNormal = normalize(normalMatrix * normalize(transformed));",
  },
  { stage: "fragment", after: "common", glsl: NOISE },
  {
    stage: "fragment",
    after: "color_fragment",
    glsl: `
vec3 ray = normalize(rest);
float off = acos(clamp(ray.z, -1.0, 1.0));
float turn = atan(ray.y, ray.x);
float soft = max(fwidth(off), 0.004);
float iris = 1.0 - smoothstep(0.46 - soft, 0.46 + 0.03 + soft, off);
float pupil = 1.0 - smoothstep(0.17 - soft, 0.17 + 0.02 + soft, off);
float across = clamp((off - 0.17) / 0.30, 0.0, 1.0);
float fibre = noise3(vec3(12.0 * ray.x / max(sin(off), 0.01), 12.0 * ray.y / max(sin(off), 0.01), 3.0 * across));
float strands = noise3(vec3(30.0 * cos(turn), 30.0 * sin(turn), 5.0 * across));
vec3 irisColor = mix(vec3(0.20, 0.125, 0.055), vec3(0.11, 0.19, 0.23), smoothstep(0.05, 0.5, across + 0.25 * (fibre - 0.5)));
irisColor *= 0.55 + 0.9 * strands * (0.5 + 0.5 * fibre);
irisColor *= 1.0 - 0.85 * smoothstep(0.72, 1.05, across);
irisColor *= 1.0 + 0.7 * max(0.0, -dot(normalize(ray.xy + 1e-5), keyView.xy)) * across;
vec3 white = mix(vec3(0.80, 0.765, 0.73), vec3(0.62, 0.40, 0.36), smoothstep(0.55, 1.25, off));
white *= 0.96 + 0.08 * noise3(ray * 26.0);
diffuseColor.rgb = mix(mix(white, irisColor, iris), vec3(0.006), pupil);
float lid = 1.0 - 0.55 * smoothstep(0.02, 0.55, ray.y) - 0.2 * smoothstep(0.15, 0.6, -ray.y);`,
  },
  {
    stage: "fragment",
    after: "lights_fragment_end",
    glsl: `
reflectedLight.indirectDiffuse *= lid;
reflectedLight.directDiffuse *= mix(1.0, lid, 0.6);
#ifdef USE_CLEARCOAT
clearcoatSpecularIndirect *= 2.2;
#endif`,
  },
];

/** Teeth and tongue: the deeper in the mouth, the less light from around. */
export const MOUTH: readonly Piece[] = [
  ...REST,
  { stage: "fragment", after: "common", glsl: "uniform vec2 depth;" },
  {
    stage: "fragment",
    after: "lights_fragment_end",
    glsl: `
float open = mix(0.2, 0.85, smoothstep(depth.x, depth.y, rest.z));
reflectedLight.indirectDiffuse *= open;
reflectedLight.indirectSpecular *= open;
reflectedLight.directDiffuse *= mix(0.3, 0.9, open);
reflectedLight.directSpecular *= open;`,
  },
];

/** Hair in shells: locks are cut where one looks onto it; seen edge-on it closes, else slits of light show between. */
export const SHELLS: readonly Piece[] = [
  {
    stage: "fragment",
    after: "color_fragment",
    glsl: `
float onto = abs(dot(normalize(vNormal), normalize(vViewPosition)));
diffuseColor.a = mix(vColor.a, diffuseColor.a, smoothstep(0.3, 0.65, onto));`,
  },
];

/** Puts pieces into a shader of three.js. */
export function patch(glsl: string, pieces: readonly Piece[], stage: Piece["stage"]): string {
  let text = glsl;
  for (const piece of pieces) {
    if (piece.stage !== stage) continue;
    const include = `#include <${piece.after}>`;
    // Pieces for one place come out in their own order: each goes behind those before it.
    const mark = `// end ${piece.after}`;
    text = text.includes(mark)
      ? text.replace(mark, `${piece.glsl}\n${mark}`)
      : text.replace(include, `${include}\n${piece.glsl}\n${mark}`);
  }
  return text;
}

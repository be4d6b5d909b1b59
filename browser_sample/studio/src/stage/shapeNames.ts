/** Names of facial shapes: which spellings mean the same shape, and what kind of head has them. */

import type { HeadKind } from "./Head.js";

const SIDED = [
  "eyeBlink", "eyeLookDown", "eyeLookIn", "eyeLookOut", "eyeLookUp", "eyeSquint", "eyeWide",
  "mouthSmile", "mouthFrown", "mouthDimple", "mouthStretch", "mouthPress", "mouthLowerDown",
  "mouthUpperUp", "browDown", "browOuterUp", "cheekSquint", "noseSneer",
] as const;
const WHOLE = [
  "jawForward", "jawLeft", "jawRight", "jawOpen", "mouthClose", "mouthFunnel", "mouthPucker",
  "mouthLeft", "mouthRight", "mouthRollLower", "mouthRollUpper", "mouthShrugLower",
  "mouthShrugUpper", "browInnerUp", "cheekPuff", "tongueOut",
] as const;
const TONGUE = [
  "tongueTipUp", "tongueTipDown", "tongueTipLeft", "tongueTipRight", "tongueRollUp",
  "tongueRollDown", "tongueRollLeft", "tongueRollRight", "tongueUp", "tongueDown", "tongueLeft",
  "tongueRight", "tongueIn", "tongueStretch", "tongueWide", "tongueNarrow",
] as const;
const SOUNDS = [
  "sil", "PP", "FF", "TH", "DD", "kk", "CH", "SS", "nn", "RR", "aa", "E", "I", "O", "U",
] as const;
const OCULUS = ["sil", "pp", "ff", "th", "dd", "kk", "ch", "ss", "nn", "rr", "aa", "e", "ih", "oh", "ou"];

/** Fewest shapes of a family that make a head one of that family. */
const ENOUGH = 5;

/** The 52 shapes of ARKit, camelCase, in no particular order. */
export const ARKIT: readonly string[] = [
  ...SIDED.flatMap((stem) => [`${stem}Left`, `${stem}Right`]),
  ...WHOLE,
];

const KNOWN = known();

/**
 * The common name of a facial shape, whatever its spelling on a mesh.
 *
 * @param name A name as on the mesh: `mouthSmileLeft`, `MouthSmileLeft`, `blendShape2.mouthSmile_L`.
 * @returns `mouthSmileLeft`, `viseme_PP`, …; null for a shape that is none of ARKit's 52, of the 16
 *   tongue poses and of the 15 `viseme_*`.
 */
export function canonical(name: string): string | null {
  const stem = name.slice(name.lastIndexOf(".") + 1);
  return KNOWN.get(fold(stem)) ?? null;
}

/** True when two spellings may stand for each other in a lookup: same letters, any case or joints. */
export function fold(name: string): string {
  return name.toLowerCase().replace(/[\s_-]/g, "");
}

/**
 * The kind of head that a list of morph names makes.
 *
 * @param names Names as on the meshes.
 * @returns `arkit` where at least five of ARKit's shapes are, else `viseme` where at least five of
 *   the 15 visemes are (`viseme_PP`, or Oculus' bare `PP`), else `other`.
 */
export function kindOf(names: readonly string[]): Exclude<HeadKind, "vrm"> {
  const arkit = new Set(ARKIT);
  const found = new Set(names.map(canonical));
  if ([...found].filter((name) => name !== null && arkit.has(name)).length >= ENOUGH) return "arkit";
  const visemes = [...found].filter((name) => name?.startsWith("viseme_")).length;
  const bare = new Set(names.map(fold));
  const oculus = OCULUS.filter((name) => bare.has(name)).length;
  return Math.max(visemes, oculus) >= ENOUGH ? "viseme" : "other";
}

function known(): Map<string, string> {
  const names = new Map<string, string>();
  for (const name of [...ARKIT, ...TONGUE]) names.set(fold(name), name);
  for (const stem of SIDED) {
    names.set(fold(`${stem}L`), `${stem}Left`);
    names.set(fold(`${stem}R`), `${stem}Right`);
  }
  for (const sound of SOUNDS) names.set(fold(`viseme_${sound}`), `viseme_${sound}`);
  return names;
}

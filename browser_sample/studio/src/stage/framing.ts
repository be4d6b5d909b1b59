/** Where a camera stands for a head: numbers only. */

import { type Box3, Vector3 } from "three";
import type { HeadBounds } from "./measure.js";

/** The three views of the studio. */
export type Preset = "portrait" | "threeQuarter" | "mouth";

/** A camera's place around what it looks at. */
export interface View {
  readonly target: Vector3;
  /** Units of the stage. */
  readonly distance: number;
  /** Around +Y from +Z, + towards +X, radians. */
  readonly azimuth: number;
  /** From +Y down, radians. */
  readonly polar: number;
}

/** What a camera sees. */
export interface Lens {
  /** Width / height of the picture, > 0. */
  readonly aspect: number;
  /** Vertical angle, degrees. */
  readonly fovDeg: number;
}

/** Angle and margins of a preset: `air` is the picture's side / what must be in it. */
const ANGLES: Readonly<Record<Preset, { azimuth: number; polar: number; air: number }>> = {
  portrait: { azimuth: 0, polar: 1.55, air: 1.12 },
  threeQuarter: { azimuth: 0.66, polar: 1.5, air: 1.12 },
  mouth: { azimuth: 0.16, polar: 1.56, air: 1.55 },
};

/**
 * The view of a preset.
 *
 * @param preset Which.
 * @param bounds Of the head, in its rest pose.
 * @param lens Of the camera.
 * @returns A view from which all that the preset is about is in the picture, in either orientation.
 */
export function viewOf(preset: Preset, bounds: HeadBounds, lens: Lens): View {
  const { azimuth, polar, air } = ANGLES[preset];
  const box = preset === "mouth" ? bounds.mouth : bounds.head;
  const target = box.getCenter(new Vector3());
  const size = box.getSize(new Vector3());
  // A head is round: an ellipse's width, not that of the box around it.
  const across = Math.hypot(size.x * Math.cos(azimuth), size.z * Math.sin(azimuth));
  const near = 0.5 * (Math.abs(size.z * Math.cos(azimuth)) + Math.abs(size.x * Math.sin(azimuth)));
  // Lips are flat; what is around them counts as well.
  if (preset === "mouth") size.y = Math.max(size.y, 0.6 * size.x);
  const half = Math.tan((lens.fovDeg * Math.PI) / 360);
  const high = (0.5 * size.y) / half;
  const wide = (0.5 * across) / (half * lens.aspect);
  const front = preset === "mouth" ? near : 0.5 * near;
  return { target, distance: Math.max(high, wide) * air + front, azimuth, polar };
}

/** How close and how far a camera may go, units of the stage. */
export function reach(preset: Preset, bounds: HeadBounds, fit: number): { min: number; max: number } {
  const face = sizeOf(bounds.face);
  const min = preset === "mouth" ? 1.2 * face : 1.6 * sizeOf(bounds.head);
  return { min: Math.min(min, fit), max: Math.max(2.5 * fit, 4 * sizeOf(bounds.head)) };
}

/** The view between two, on the arc around the head. */
export function between(from: View, to: View, part: number): View {
  const mix = (a: number, b: number): number => a + (b - a) * part;
  return {
    target: from.target.clone().lerp(to.target, part),
    distance: mix(from.distance, to.distance),
    azimuth: mix(from.azimuth, to.azimuth),
    polar: mix(from.polar, to.polar),
  };
}

/** Starts and ends at rest. */
export function ease(part: number): number {
  return part * part * (3 - 2 * part);
}

function sizeOf(box: Box3): number {
  return box.getSize(new Vector3()).length() / Math.sqrt(3);
}

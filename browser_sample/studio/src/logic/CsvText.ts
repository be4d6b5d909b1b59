import { canonical } from "../stage/shapeNames.js";
import { ARKIT } from "./ArkitNames.js";
import { fixed10, general9 } from "./Digits.js";
import type { Pose, Take } from "./Take.js";

/** Where the app's files depart from the order of its packet: right before left. */
const APP_ORDER: Readonly<Record<string, string>> = {
  jawLeft: "jawRight",
  jawRight: "jawLeft",
  mouthLeft: "mouthRight",
  mouthRight: "mouthLeft",
};

/** Rotations of head and eyes, which stand still here. */
const ANGLES = [
  "HeadYaw",
  "HeadPitch",
  "HeadRoll",
  "LeftEyeYaw",
  "LeftEyePitch",
  "LeftEyeRoll",
  "RightEyeYaw",
  "RightEyePitch",
  "RightEyeRoll",
];

const TRANSFORM_PARTS = ["qx", "qy", "qz", "qw", "px", "py", "pz"];

/** Whether a take has the 52 shapes that a Live Link Face recording needs, in whatever spelling. */
export function isArkit(curves: readonly string[]): boolean {
  const places = placesOf(curves);
  return ARKIT.every((name) => places.has(name));
}

/** Index of each shape by its common name: the curve of that name, else the first that means it. */
function placesOf(curves: readonly string[]): Map<string, number> {
  const places = new Map<string, number>();
  curves.forEach((curve, at) => {
    const name = canonical(curve);
    if (name !== null && (curve === name || !places.has(name))) places.set(name, at);
  });
  return places;
}

/** A take as CSV: a Live Link Face recording where it has the 52 shapes, else plain columns. */
export function csvText(take: Take): string {
  return isArkit(take.form.curves) ? liveLinkText(take) : plainText(take);
}

/**
 * A Live Link Face recording, byte by byte as `a2f_ws/output/livelink_csv.py` writes it. Tongue
 * poses beyond tongueOut have no column there.
 */
export function liveLinkText(take: Take): string {
  const shapes = ARKIT.map((name) => APP_ORDER[name] ?? name);
  const columns = [
    ...shapes.map((name) => name.slice(0, 1).toUpperCase() + name.slice(1)),
    ...ANGLES,
  ];
  const known = placesOf(take.form.curves);
  const places = shapes.map((name) => known.get(name) ?? -1);
  const angles = ANGLES.map(() => fixed10(0));
  const lines = take
    .poses()
    .map(({ tUs, row }) =>
      [timecode(tUs), columns.length, ...places.map((at) => fixed10(row[at] ?? 0)), ...angles].join(
        ",",
      ),
    );
  return [["Timecode", "BlendshapeCount", ...columns].join(","), ...lines, ""].join("\n");
}

/** Seconds, then every curve by its name, then seven columns per transform. */
export function plainText(take: Take): string {
  const transforms = take.form.transforms.flatMap((name) =>
    TRANSFORM_PARTS.map((part) => `${name}.${part}`),
  );
  const head = ["time_s", ...take.form.curves, ...transforms].map(quoted).join(",");
  return [head, ...take.poses().map(plainLine), ""].join("\n");
}

/** HH:MM:SS:FF.mmm, where FF.mmm counts sixtieths of a second; rounded. */
export function timecode(tUs: number): string {
  const milliticks = Math.floor((tUs * 60_000 + 500_000) / 1_000_000);
  const ticks = Math.floor(milliticks / 1000);
  const seconds = Math.floor(ticks / 60);
  const minutes = Math.floor(seconds / 60);
  const parts = [Math.floor(minutes / 60), minutes % 60, seconds % 60, ticks % 60];
  const text = parts.map((part) => String(part).padStart(2, "0")).join(":");
  return `${text}.${String(milliticks % 1000).padStart(3, "0")}`;
}

function plainLine({ tUs, row }: Pose): string {
  return [(tUs / 1e6).toFixed(6), ...Array.from(row, general9)].join(",");
}

function quoted(name: string): string {
  return /[",\n]/.test(name) ? `"${name.replaceAll('"', '""')}"` : name;
}

import { general9 } from "./Digits.js";
import type { Take } from "./Take.js";

/** Plain values worth keeping with a recording. */
export type Meta = Readonly<Record<string, string | number | boolean | null>>;

/**
 * A take as JSON, in the form that `a2f_ws/output/json_file.py` writes and reads. Transforms stand
 * in fields of their own.
 */
export function recordingText(take: Take, meta: Meta): string {
  const { form } = take;
  const poses = take.poses();
  const head: Record<string, unknown> = {
    format: "a2f-ws recording",
    version: 1,
    model: form.model,
    rig: form.rig,
    fps: form.fps,
    curves: form.curves,
    meta,
    t_us: poses.map((pose) => pose.tUs),
    u: poses.map(() => Math.max(take.u, 1)),
  };
  if (form.transforms.length > 0) head["transforms"] = form.transforms;
  const fields = Object.entries(head).map(([key, value]) => `  "${key}": ${spaced(value)}`);
  const width = form.curves.length;
  fields.push(
    block(
      "rows",
      poses.map((pose) => pose.row.subarray(0, width)),
    ),
  );
  if (form.transforms.length > 0) {
    fields.push(
      block(
        "transform_rows",
        poses.map((pose) => pose.row.subarray(width)),
      ),
    );
  }
  return `{\n${fields.join(",\n")}\n}\n`;
}

function block(name: string, rows: readonly Float32Array[]): string {
  const lines = rows.map((row) => `\n    [${Array.from(row, general9).join(", ")}]`);
  return `  "${name}": [${lines.join(",")}\n  ]`;
}

/** JSON with a blank after commas and colons, as Python's json.dumps has it. */
function spaced(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(spaced).join(", ")}]`;
  if (typeof value === "object" && value !== null) {
    const entries = Object.entries(value).map(
      ([key, entry]) => `${JSON.stringify(key)}: ${spaced(entry)}`,
    );
    return `{${entries.join(", ")}}`;
  }
  return JSON.stringify(value);
}

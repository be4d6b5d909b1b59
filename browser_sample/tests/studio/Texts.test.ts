import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { csvText, liveLinkText, plainText, timecode } from "../../studio/src/logic/CsvText.js";
import { openFields, tomlText } from "../../studio/src/logic/OpenText.js";
import { recordingText } from "../../studio/src/logic/RecordingText.js";
import { DEFAULTS } from "../../studio/src/logic/Settings.js";
import { Take } from "../../studio/src/logic/Take.js";
import { arkitTake, rampTake } from "./takes.js";

const python = process.env["A2F_PYTHON"];

/** Runs Python with text for its standard input, and gives what it prints. */
function run(program: string, input: string): string {
  return execFileSync(python ?? "", ["-c", program], {
    input,
    encoding: "utf8",
    cwd: "..",
    maxBuffer: 1 << 26,
  });
}

const CONVERT = `
import io, sys
from a2f_ws.output import json_file, livelink_csv
recording = json_file.read(io.BytesIO(sys.stdin.buffer.read()))
(livelink_csv if WHAT == "csv" else json_file).write(recording, sys.stdout.buffer)
`;

describe("recordings as CSV", () => {
  it("begins with the columns of the app and names 61 values", () => {
    const [head = "", first = ""] = liveLinkText(arkitTake()).split("\n");
    expect(head.split(",").slice(0, 4)).toEqual([
      "Timecode",
      "BlendshapeCount",
      "EyeBlinkLeft",
      "EyeLookDownLeft",
    ]);
    expect(head.split(",")).toHaveLength(63);
    expect(head.indexOf("JawRight")).toBeLessThan(head.indexOf("JawLeft"));
    expect(first.split(",").slice(0, 2)).toEqual(["00:00:00:06.006", "61"]);
    expect(first).not.toContain("-0.0000000000");
  });

  it("takes the shapes in other spellings than ARKit's", () => {
    const plain = arkitTake();
    const other = new Take(2, {
      ...plain.form,
      curves: plain.form.curves.map((name) =>
        `blendShape1.${name.slice(0, 1).toUpperCase()}${name.slice(1)}`.replace(/(Blink|Smile)Left$/, "$1_L"),
      ),
    });
    for (const [k, { row }] of plain.poses().entries()) other.add(3 + k, row);
    expect(other.form.curves).toContain("blendShape1.EyeBlink_L");
    expect(csvText(other)).toBe(liveLinkText(plain));
  });

  it("counts sixtieths of a second in timecodes, rounded", () => {
    expect(timecode(0)).toBe("00:00:00:00.000");
    expect(timecode(33_366)).toBe("00:00:00:02.002");
    expect(timecode(3_723_500_000)).toBe("01:02:03:30.000");
  });

  it("has plain columns where the 52 shapes are not all there", () => {
    expect(csvText(rampTake(2))).toBe("time_s,up,down\n0.000000,0,0\n0.100000,0.100000001,-1\n");
  });

  it("names the seven parts of a transform and quotes odd names", () => {
    const take = new Take(1, {
      model: "",
      rig: "",
      fps: 10,
      curves: ['a,"b"'],
      transforms: ["head"],
    });
    take.add(0, Float32Array.of(0.5, 0, 0, 0, 1, 0, 0, 0));
    expect(plainText(take)).toBe(
      'time_s,"a,""b""",head.qx,head.qy,head.qz,head.qw,head.px,head.py,head.pz\n0.000000,0.5,0,0,0,1,0,0,0\n',
    );
  });

  it.skipIf(python === undefined)("is byte by byte what the server's program writes", () => {
    const text = run(`WHAT = "csv"${CONVERT}`, recordingText(arkitTake(), {}));
    expect(liveLinkText(arkitTake())).toBe(text);
  });
});

describe("recordings as JSON", () => {
  it("holds names once and one row per pose", () => {
    const document = JSON.parse(recordingText(rampTake(3), { source: "clip" })) as Record<
      string,
      unknown
    >;
    expect(document).toEqual({
      format: "a2f-ws recording",
      version: 1,
      model: "m",
      rig: "r",
      fps: 10,
      curves: ["up", "down"],
      meta: { source: "clip" },
      t_us: [0, 100_000, 200_000],
      u: [1, 1, 1],
      rows: [
        [0, 0],
        [0.100000001, -1],
        [0.200000003, -2],
      ],
    });
  });

  it("keeps transforms apart from the curves", () => {
    const take = new Take(1, { model: "", rig: "", fps: 10, curves: ["a"], transforms: ["head"] });
    take.add(0, Float32Array.of(0.5, 0, 0, 0, 1, 0, 0, 0));
    const document = JSON.parse(recordingText(take, {})) as Record<string, unknown>;
    expect(document["rows"]).toEqual([[0.5]]);
    expect(document["transform_rows"]).toEqual([[0, 0, 0, 1, 0, 0, 0]]);
  });

  it.skipIf(python === undefined)(
    "is byte by byte what the server's program writes and reads",
    () => {
      const text = recordingText(arkitTake(), { source: "a clip, ünicode", take: 3, loop: true });
      expect(run(`WHAT = "json"${CONVERT}`, text)).toBe(text);
      const turning = new Take(1, { model: "m", rig: "r", fps: 10, curves: ["a"], transforms: ["head"] });
      turning.add(0, Float32Array.of(0.5, 0, 0, 0, 1, 0, 0.25, 0));
      const turned = recordingText(turning, {});
      expect(run(`WHAT = "json"${CONVERT}`, turned)).toBe(turned);
    },
  );
});

describe("settings as text", () => {
  const settings = {
    ...DEFAULTS,
    fps: "30000/1001",
    emotion: { joy: 0.5 },
    params: { "odd name": 1.25 },
    model: "embedded",
  };
  const facts = { have: ["jawOpen"], rateHz: 48_000, source: "line", rig: "arkit" } as const;

  it("makes an open message with the names the head has", () => {
    expect(openFields(settings, facts)).toEqual({
      op: "open",
      sid: 1,
      rig: "auto",
      have: ["jawOpen"],
      fps: [30000, 1001],
      model: "embedded",
      pacing: "live",
      ahead_us: 500_000,
      audio: { format: "s16le", rate: 48_000, channels: 1, source: "line" },
      params: { "odd name": 1.25 },
      emotion: { joy: 0.5 },
    });
  });

  it("tells a neutral emotion as one without names, which is not the model's own", () => {
    expect(openFields({ ...settings, emotion: { joy: 0, fear: 0.5 } }, facts)["emotion"]).toEqual({
      fear: 0.5,
    });
    expect(openFields({ ...settings, emotion: { joy: 0 } }, facts)["emotion"]).toEqual({});
    expect(tomlText({ ...settings, emotion: { joy: 0 } }, facts)).toContain("[open.emotion]\n");
  });

  it("leaves out what is the server's default", () => {
    const fields = openFields({ ...DEFAULTS, rig: "arkit", pacing: "burst" }, facts);
    expect(Object.keys(fields)).toEqual(["op", "sid", "rig", "fps", "audio", "pacing"]);
  });

  it("names the rig that auto came to, else the names to choose by", () => {
    expect(tomlText(settings, facts)).toContain('rig = "arkit"');
    expect(tomlText(settings, facts)).not.toContain("have");
    const before = tomlText(settings, { ...facts, rig: null });
    expect(before).toContain('rig = "auto"');
    expect(before).toContain('have = ["jawOpen"]');
  });

  it.skipIf(python === undefined)("makes TOML that says the same", () => {
    const program = "import json, sys, tomllib\nprint(json.dumps(tomllib.loads(sys.stdin.read())))";
    expect(JSON.parse(run(program, tomlText(settings, facts)))).toEqual({
      open: {
        rig: "arkit",
        fps: [30000, 1001],
        model: "embedded",
        pacing: "live",
        ahead_us: 500_000,
        params: { "odd name": 1.25 },
        emotion: { joy: 0.5 },
      },
      client: { transition_us: 300_000, idle: "alive" },
    });
  });
});

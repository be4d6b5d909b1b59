import { describe, expect, it } from "vitest";
import { kindOf, stem } from "../../studio/src/app/Files.js";
import { bytesText, label, msText, stepFor, stepText } from "../../studio/src/logic/Labels.js";
import { matchOf, timelineCurves } from "../../studio/src/logic/Match.js";
import { emotionOf, presetOf, PRESETS, presetsFor } from "../../studio/src/logic/Presets.js";
import { Flow, quantile, Recent } from "../../studio/src/logic/Statistics.js";
import { Meter } from "../../studio/src/app/Meter.js";

describe("matching by name", () => {
  it("tells what a rig chosen by name has and the head has not", () => {
    const match = matchOf({ curves: ["a", "b"], missing: ["c"] }, ["b", "d"]);
    expect(match).toEqual({ matched: ["b"], missing: ["a", "c"], unmatched: ["d"] });
  });

  it("chooses telling curves until a person does", () => {
    expect(timelineCurves([], ["x", "jawOpen", "browInnerUp"])).toEqual(["jawOpen", "browInnerUp"]);
    expect(timelineCurves(["x", "gone"], ["x", "jawOpen"])).toEqual(["x"]);
    expect(timelineCurves([], ["p", "q", "r", "s", "t"])).toEqual(["p", "q", "r", "s"]);
  });
});

describe("presets", () => {
  it("are offered where the model has all their emotions", () => {
    expect(presetsFor(["joy"]).map(({ title }) => title)).toEqual(["Neutral", "Joy", "Warm"]);
  });

  it("are whole emotions, and known again", () => {
    const joy = PRESETS.find(({ title }) => title === "Joy");
    if (joy === undefined) throw new Error("there is no joy");
    const values = emotionOf(joy, ["joy", "fear"]);
    expect(values).toEqual({ joy: 0.8, fear: 0 });
    expect(presetOf(values, ["joy", "fear"])?.title).toBe("Joy");
    expect(presetOf({ joy: 0.61 }, ["joy", "fear"])).toBeNull();
  });
});

describe("words and figures for people", () => {
  it("makes words of the wire's names", () => {
    expect(label("lower_face_strength")).toBe("Lower face strength");
    expect(label("outofbreath")).toBe("Out of breath");
    expect(label("jawOpen")).toBe("Jaw open");
  });

  it("gives sliders round steps", () => {
    expect([stepFor(0, 4), stepFor(0, 0.1), stepFor(-1, 1), stepFor(-0.2, 0.2)]).toEqual([
      0.02, 0.0005, 0.01, 0.002,
    ]);
    expect(stepText(0.05, 0.0005)).toBe("0.0500");
    expect(stepText(3, 1)).toBe("3");
  });

  it("writes times and amounts shortly", () => {
    expect([msText(260_000), msText(4_200), msText(null)]).toEqual(["260 ms", "4.2 ms", "–"]);
    expect([bytesText(840), bytesText(12_400), bytesText(2_500_000)]).toEqual([
      "840 B/s",
      "12.4 kB/s",
      "2.50 MB/s",
    ]);
  });

  it("knows heads and sounds by their names", () => {
    expect(kindOf({ name: "a.VRM", type: "" })).toBe("head");
    expect(kindOf({ name: "a.flac", type: "" })).toBe("sound");
    expect(kindOf({ name: "a", type: "audio/wav" })).toBe("sound");
    expect(kindOf({ name: "a.txt", type: "text/plain" })).toBe("unknown");
    expect(stem("Ünïcode clip (2).wav")).toBe("Ünïcode-clip-2");
  });
});

describe("statistics", () => {
  it("takes the nearest rank for a quantile", () => {
    const values = Array.from({ length: 20 }, (_, k) => 20 - k);
    expect([quantile(values, 0.5), quantile(values, 0.95), quantile([], 0.5)]).toEqual([
      10,
      19,
      null,
    ]);
  });

  it("keeps only the last values", () => {
    const recent = new Recent(2);
    for (const value of [1, 2, 3]) recent.add(value);
    expect(recent.values).toEqual([2, 3]);
  });

  it("counts what came in the last stretch of time", () => {
    const flow = new Flow(1000);
    flow.add(30, 0);
    flow.add(30, 600);
    expect(flow.perSecond(900)).toBe(60);
    expect(flow.perSecond(1200)).toBe(30);
  });

  it("does not call a jump of the play head too slow", () => {
    const meter = new Meter();
    const readings = {
      lookAheadUs: null,
      addedLatencyUs: [],
      roundTripUs: null,
      busy: null,
      stalls: 0,
      bytesIn: 0,
      bytesOut: 0,
      audio: "running",
    } as const;
    meter.jumped(0);
    meter.load({ late: 0, dropped: 40 }, 900);
    meter.load({ late: 0, dropped: 2 }, 4_000);
    const { dropped, droppedNow } = meter.read(readings, 4_100);
    expect([dropped, droppedNow]).toEqual([42, 2]);
  });

  it("tells late poses and halts apart from those of long ago", () => {
    const meter = new Meter();
    const readings = {
      lookAheadUs: 1,
      addedLatencyUs: [3, 1, 2],
      roundTripUs: null,
      busy: null,
      stalls: 1,
      bytesIn: 500,
      bytesOut: 100,
      audio: "running",
    } as const;
    meter.load({ late: 2, dropped: 1 }, 0);
    const first = meter.read(readings, 100);
    expect([first.lateNow, first.droppedNow, first.stallsNow, first.latencyP50Us]).toEqual([
      2, 1, 1, 2,
    ]);
    const later = meter.read(readings, 9000);
    expect([later.lateNow, later.stallsNow, later.late, later.dropped, later.stalls]).toEqual([
      0, 0, 2, 1, 1,
    ]);
  });
});

import { describe, expect, it } from "vitest";
import { indexAt, timeUs } from "../../studio/src/logic/Rate.js";
import { Take } from "../../studio/src/logic/Take.js";
import { reachable } from "../../studio/src/logic/Reach.js";
import type { Line } from "../../src/index.js";
import { Takes } from "../../studio/src/app/Takes.js";
import { rampTake } from "./takes.js";

describe("a take", () => {
  it("gives the pose at or before a time", () => {
    const take = rampTake();
    expect(take.at(250_000)?.tUs).toBe(200_000);
    expect(take.at(300_000)?.row[1]).toBe(-3);
    expect(take.at(-5)?.tUs).toBe(0);
    expect(take.at(5_000_000)).toBeNull();
    expect(take.lastUs).toBe(1_000_000);
  });

  it("keeps the place of poses that were dropped empty", () => {
    const take = new Take(1, { model: "", rig: "", fps: 10, curves: ["a"], transforms: [] });
    take.add(0, Float32Array.of(1));
    take.add(2, Float32Array.of(3));
    expect(take.count).toBe(2);
    expect(take.poses().map((pose) => pose.tUs)).toEqual([0, 200_000]);
    expect(take.at(150_000)).toBeNull();
  });

  it("takes poses that come again for the newer ones", () => {
    const take = rampTake(3);
    take.add(1, Float32Array.of(9, 9));
    expect(take.count).toBe(3);
    expect(take.at(100_000)?.row[0]).toBe(9);
  });

  it("forgets the oldest poses of a line without end", () => {
    const take = new Take(1, { model: "", rig: "", fps: 10, curves: ["a"], transforms: [] }, { rowsMax: 100 });
    for (let i = 0; i < 1000; i += 1) take.add(i, Float32Array.of(i));
    expect(take.count).toBeGreaterThanOrEqual(100);
    expect(take.count).toBeLessThanOrEqual(126);
    expect(take.at(99_900_000)?.row[0]).toBe(999);
    expect(take.at(0)?.tUs).toBe(take.firstUs);
  });

  it("tells the lowest and highest value of each part", () => {
    const columns = rampTake().columns(0, { fromUs: 0, toUs: 1_000_000, columns: 2 });
    [0, 0.5, 0.5, 1].forEach((value, k) => expect(columns[k]).toBeCloseTo(value, 6));
  });

  it("draws a straight line between two poses, and nothing where none is", () => {
    const columns = rampTake().columns(0, { fromUs: 900_000, toUs: 1_100_000, columns: 8 });
    expect(columns[2]).toBeCloseTo(0.925, 6);
    expect(columns[15]).toBeNaN();
  });

  it("knows how far each curve ever went", () => {
    expect(rampTake().extremes(0)).toEqual([0, 1]);
    expect(rampTake().extremes(1)).toEqual([-10, 0]);
  });
});

describe("a take with gaps", () => {
  const form = { model: "", rig: "", fps: 10, curves: ["a"], transforms: [] };

  it("counts the poses that never came, at both ends too where those are known", () => {
    const take = new Take(1, form, { first: 0 });
    expect(take.gaps(1_000_000)).toEqual({ missing: 0, total: 0 });
    take.add(2, Float32Array.of(1, 2));
    take.add(6, Float32Array.of(3));
    expect(take.gaps(null)).toEqual({ missing: 4, total: 7 });
    expect(take.gaps(1_000_000)).toEqual({ missing: 7, total: 10 });
    const later = new Take(1, form);
    later.add(2, Float32Array.of(1, 2));
    expect(later.gaps(null)).toEqual({ missing: 0, total: 2 });
  });

  it("tells the stretches in which poses lie", () => {
    const take = new Take(1, form);
    take.add(2, Float32Array.of(1, 2));
    take.add(6, Float32Array.of(3));
    expect(take.runs()).toEqual([
      { fromUs: 200_000, toUs: 400_000 },
      { fromUs: 600_000, toUs: 700_000 },
    ]);
  });
});

describe("a seek while a line runs", () => {
  const line = { soundUs: 9_000_000, posesUs: 2_500_000, isOver: false, playUs: 2_000_000 };

  it("ends where the poses end, not where the sound does", () => {
    expect(reachable(8_000_000, line)).toBe(2_400_000);
    expect(reachable(1_000_000, line)).toBe(1_000_000);
    expect(reachable(-5, line)).toBe(0);
  });

  it("never goes back when forward was wanted", () => {
    expect(reachable(8_000_000, { ...line, posesUs: 2_050_000 })).toBe(2_000_000);
  });

  it("goes to the end of the sound once all poses are here", () => {
    expect(reachable(99_000_000, { ...line, isOver: true })).toBe(9_000_000);
  });
});

describe("what was received", () => {
  const form = { model: "", rig: "", fps: 10, curves: ["a"], transforms: [] };
  const line = (u: number, state: string): Line => ({ u, state }) as unknown as Line;

  it("keeps the microphone's take beside that of the next line", () => {
    const takes = new Takes();
    takes.beginMicrophone(line(1, "interrupted"), form);
    takes.poses(1, 0, Float32Array.of(1, 2));
    takes.beginLine(line(2, "started"), form, { fromUs: 0, endUs: 500_000 });
    takes.poses(2, 0, Float32Array.of(3));
    expect([takes.microphone?.count, takes.current?.count]).toEqual([2, 1]);
    takes.forget();
    expect([takes.microphone?.count, takes.current]).toEqual([2, null]);
  });

  it("misses the end of a line only when nothing more comes", () => {
    const takes = new Takes();
    const spoken = { u: 1, state: "started" };
    takes.beginLine(spoken as unknown as Line, form, { fromUs: 0, endUs: 500_000 });
    takes.poses(1, 0, Float32Array.of(1, 2));
    const take = takes.current as Take;
    expect(takes.gaps(take)).toEqual({ missing: 0, total: 2 });
    spoken.state = "poses_done";
    expect(takes.gaps(take)).toEqual({ missing: 3, total: 5 });
  });
});

describe("pose rates", () => {
  it("times poses as the protocol does, floored", () => {
    expect(timeUs([30000, 1001], 1)).toBe(33_366);
    expect(timeUs(60, 1)).toBe(16_666);
  });

  it("finds the pose at every pose's own time", () => {
    for (const rate of [60, 24, [30000, 1001], [60000, 1001]] as const) {
      for (let i = 0; i < 500; i += 1) {
        expect(indexAt(rate, timeUs(rate, i))).toBe(i);
        expect(indexAt(rate, timeUs(rate, i) - 1)).toBe(i - 1);
      }
    }
  });
});

import { describe, expect, it } from "vitest";
import { Peaks } from "../../studio/src/logic/Peaks.js";
import {
  clock,
  following,
  held,
  ticks,
  timeAt,
  xOf,
  zoomed,
} from "../../studio/src/logic/Timespan.js";

const SPAN = { fromUs: 1_000_000, toUs: 3_000_000 };

describe("the timeline's span", () => {
  it("turns pixels into times and back", () => {
    expect(timeAt(SPAN, 250, 1000)).toBe(1_500_000);
    expect(xOf(SPAN, 1_500_000, 1000)).toBe(250);
  });

  it("keeps the time under the pointer in its place when it zooms", () => {
    const closer = zoomed(SPAN, 0.5, 1_500_000, 10_000_000);
    expect(closer).toEqual({ fromUs: 1_250_000, toUs: 2_250_000 });
    expect(xOf(closer, 1_500_000, 1000)).toBe(250);
  });

  it("never shows more than there is, nor less than a fifth of a second", () => {
    expect(zoomed(SPAN, 100, 2_000_000, 4_000_000)).toEqual({ fromUs: 0, toUs: 4_000_000 });
    const closest = zoomed(SPAN, 0.0001, 2_000_000, 4_000_000);
    expect(closest.toUs - closest.fromUs).toBe(200_000);
    expect(held({ fromUs: -500, toUs: 500 }, 4000)).toEqual({ fromUs: 0, toUs: 1000 });
  });

  it("turns a page when the play head leaves it", () => {
    expect(following(SPAN, 2_000_000, 9_000_000)).toBe(SPAN);
    expect(following(SPAN, 3_100_000, 9_000_000)).toEqual({ fromUs: 3_100_000, toUs: 5_100_000 });
  });

  it("labels round times that are far enough apart", () => {
    const labelled = ticks(SPAN, 400, 70).filter((tick) => tick.label !== "");
    expect(labelled.map((tick) => tick.label)).toEqual([
      "0:01.00",
      "0:01.50",
      "0:02.00",
      "0:02.50",
      "0:03.00",
    ]);
    expect(clock(61_239_999, true)).toBe("1:01.23");
  });
});

describe("peaks of a sound", () => {
  it("hold the lowest and highest sample of every channel", () => {
    const left = new Float32Array(4800);
    const right = new Float32Array(4800);
    left[1000] = 0.5;
    right[1001] = -0.75;
    const peaks = Peaks.of([left, right], 48_000);
    expect(peaks.lengthUs).toBe(100_000);
    expect(peaks.loudest).toBe(0.75);
    expect(peaks.range(20_000, 25_000)).toEqual([-0.75, 0.5]);
    expect(peaks.range(30_000, 99_000)).toEqual([0, 0]);
  });

  it("grow with a microphone", () => {
    const peaks = new Peaks();
    const sound = Float32Array.from({ length: 4_410 }, (_, k) => (k < 2_205 ? -0.5 : 0.25));
    for (let at = 0; at < sound.length; at += 128) peaks.hear(sound.subarray(at, at + 128), 44_100);
    expect(peaks.count).toBe(20);
    expect(peaks.range(10_000, 30_000)).toEqual([-0.5, 0]);
    expect(peaks.range(60_000, 90_000)).toEqual([0, 0.25]);
  });
});

import { describe, expect, test } from "vitest";
import { toMono, toPcm } from "../../src/core/Pcm.js";
import { mulDiv, PoseRate } from "../../src/core/Rate.js";
import { Emitter } from "../../src/Emitter.js";
import { Reel } from "../../src/Reel.js";
import { SoundClock } from "../../src/Sink.js";
import { Terms } from "../../src/Terms.js";

describe("what is in force", () => {
  test("an emotion planned for later is planned again, one whose time is over is in force", () => {
    const terms = new Terms(1, { rate: 16_000, emotion: { joy: 0.1 } });
    const plan = (joy: number, u: number, tUs: number) =>
      terms.feel({ op: "emotion", sid: 1, values: { joy }, u, tUs });
    plan(0.2, 1, 500_000);
    plan(0.3, 1, 1_500_000);
    plan(0.4, 2, 0);
    const head = { u: 1, tUs: 1_000_000 };
    expect(terms.open(head).emotion).toEqual({ joy: 0.2 });
    expect(terms.rest(head)).toMatchObject([{ values: { joy: 0.3 } }, { values: { joy: 0.4 } }]);
    expect(terms.open(null).emotion).toEqual({ joy: 0.1 });
  });

  test("an emotion cuts off what was planned after its time", () => {
    const terms = new Terms(1, { rate: 16_000 });
    const emotion = { op: "emotion" as const, sid: 1 };
    terms.feel({ ...emotion, values: { joy: 0.2 }, u: 1, tUs: 2_000_000 });
    terms.feel({ ...emotion, values: { joy: 0.3 }, u: 1, tUs: 1_000_000 });
    expect(terms.rest(null)).toMatchObject([{ values: { joy: 0.3 } }]);
    terms.feel({ ...emotion, values: { fear: 1 } });
    expect([terms.rest(null), terms.open(null).emotion]).toEqual([[], { fear: 1 }]);
  });

  test("sides change places from the beginning, until they are told otherwise", () => {
    const terms = new Terms(1, { rate: 16_000, swap: ["mouth"] });
    expect(terms.open(null).swap).toEqual(["mouth"]);
    terms.change({ visible: true });
    expect(terms.open(null).swap).toEqual(["mouth"]);
    terms.change({ swap: [] });
    expect(terms.open(null).swap).toEqual([]);
  });

  test("another rig forgets curves, another model parameters, weights and emotion", () => {
    const terms = new Terms(1, { rate: 16_000, rig: "a", model: "m", emotion: { joy: 1 } });
    terms.change({ params: { x: 1 }, curves: { jawOpen: { gain: 2 } }, swap: ["eyes"] });
    terms.change({ params: { y: 2 }, curves: { jawOpen: { max: 1 } }, visible: false });
    terms.change({ weights: { jawOpen: { gain: 2 }, tongueUp: { gain: 3 } } });
    terms.change({ weights: { jawOpen: { offset: 1 } } });
    expect(terms.open(null)).toMatchObject({
      params: { x: 1, y: 2 },
      curves: { jawOpen: { gain: 2, max: 1 } },
      weights: { jawOpen: { gain: 2, offset: 1 }, tongueUp: { gain: 3 } },
      swap: ["eyes"],
    });
    expect(terms.rest(null)).toMatchObject([{ visible: false }]);
    terms.change({ rig: "b" });
    expect(terms.open(null)).not.toHaveProperty("curves");
    terms.change({ model: "n", params: { z: 3 } });
    expect(terms.open(null)).toMatchObject({ rig: "b", model: "n", params: { z: 3 } });
    expect(terms.open(null)).not.toHaveProperty("emotion");
    expect(terms.open(null)).not.toHaveProperty("weights");
  });

  test("the message that opens has what was asked for and nothing of the shell's own", () => {
    const options = { rate: 24_000, have: ["jawOpen"], status: true, keepUs: null, aheadUs: 500_000 };
    expect(new Terms(3, options).open(null)).toEqual({
      op: "open",
      sid: 3,
      rig: "auto",
      fps: 60,
      have: ["jawOpen"],
      aheadUs: 500_000,
      want: ["status"],
      audio: { format: "s16le", rate: 24_000, channels: 1, source: "line" },
    });
  });
});

describe("the sound of a line", () => {
  test("is read across its pieces, and from where it begins", () => {
    const reel = new Reel(1000, 10);
    reel.append(Float32Array.of(1, 2, 3));
    reel.append(Float32Array.of(4, 5));
    reel.append(Float32Array.of(6, 7, 8));
    expect([...reel.read(10, 18)]).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect([...reel.read(12, 16)]).toEqual([3, 4, 5, 6]);
    expect([...reel.read(13, 15)]).toEqual([4, 5]);
    expect([reel.end, reel.endUs, reel.frameAt(0), reel.frameAt(99_000)]).toEqual([18, 18_000, 10, 18]);
  });

  test("forgets whole pieces only, and never the newest", () => {
    const reel = new Reel(1000, 0);
    for (let k = 0; k < 4; k++) reel.append(Float32Array.of(k, k));
    reel.forget(5);
    expect([reel.first, ...reel.read(4, 8)]).toEqual([4, 2, 2, 3, 3]);
    reel.forget(100);
    expect([reel.first, reel.end]).toEqual([6, 8]);
  });

  test("becomes 16-bit or float bytes, held within what a server takes", () => {
    const samples = Float32Array.of(0, 0.5, -1, 1, 20, Number.NaN);
    const whole = new Int16Array(toPcm(samples, "s16le").buffer);
    expect([...whole]).toEqual([0, 16_384, -32_768, 32_767, 32_767, 0]);
    const floats = new Float32Array(toPcm(samples, "f32le").buffer);
    expect([...floats]).toEqual([0, 0.5, -1, 1, 16, 0]);
  });

  test("of several channels is their mean", () => {
    expect([...toMono([Float32Array.of(1, 0), Float32Array.of(0.5, 0.5)])]).toEqual([0.75, 0.25]);
    const only = Float32Array.of(1);
    expect(toMono([only])).toBe(only);
  });
});

describe("rational time", () => {
  test("is exact where products are beyond what numbers hold", () => {
    expect(mulDiv(2 ** 40 + 1, 1_000_003, 7)).toBe(
      Number((BigInt(2 ** 40 + 1) * 1_000_003n) / 7n),
    );
    const rate = new PoseRate([30_000, 1001]);
    for (const i of [0, 1, 29_999, 30_000, 10_000_000, 2 ** 45]) {
      expect(rate.timeUs(i)).toBe(Number((BigInt(i) * 1_001_000_000n) / 30_000n));
    }
    for (const i of [0, 1, 29_999, 10_000_000]) {
      const tUs = rate.timeUs(i);
      expect([rate.poseAt(tUs), rate.poseAt(tUs + 1)]).toEqual([i, i]);
      if (i > 0) expect(rate.poseAt(tUs - 1)).toBe(i - 1);
    }
  });
});

describe("the clock of a sound device", () => {
  /** What is read every 5 ms of a device that counts in blocks of 21 ms and is 60 ms behind. */
  function readings(seconds: number, stamped: boolean): number[] {
    const clock = new SoundClock();
    const errors: number[] = [];
    for (let nowUs = 0; nowUs < seconds * 1e6; nowUs += 5000) {
      const currentUs = 1e6 + Math.floor(nowUs / 21_333) * 21_333;
      const stamp = stamped ? { contextUs: 1e6 + nowUs - 60_000, clockUs: nowUs } : null;
      const heardUs = clock.read(currentUs, 60_000, stamp, nowUs, true);
      errors.push(heardUs - (1e6 + nowUs - 60_000));
    }
    return errors;
  }

  test("runs evenly between the blocks", () => {
    const late = readings(2, false).slice(100);
    expect(Math.max(...late)).toBeLessThan(2000);
    expect(Math.min(...late)).toBeGreaterThan(-22_000);
    expect(Math.max(...late) - Math.min(...late)).toBeLessThan(6000);
  });

  test("is exact where the browser tells what is heard", () => {
    expect(Math.max(...readings(1, true).map(Math.abs))).toBeLessThan(1);
  });

  test("does not believe a stamp from nowhere", () => {
    const clock = new SoundClock();
    expect(clock.read(2e6, 50_000, { contextUs: 1, clockUs: 0 }, 0, true)).toBe(1_950_000);
    const other = new SoundClock();
    expect(other.read(2e6, 50_000, { contextUs: 0, clockUs: 0 }, 0, true)).toBe(1_950_000);
  });

  test("stands while the device does, follows its jumps and never goes back", () => {
    const clock = new SoundClock();
    expect(clock.read(1e6, 0, null, 0, true)).toBe(1e6);
    expect(clock.read(1e6, 0, null, 500_000, false)).toBe(1e6);
    expect(clock.read(1e6, 0, null, 900_000, false)).toBe(1e6);
    expect(clock.read(1_010_000, 0, null, 910_000, true)).toBe(1_010_000);
    expect(clock.read(1_500_000, 0, null, 920_000, true)).toBe(1_500_000);
    expect(clock.read(1_200_000, 0, null, 930_000, true)).toBe(1_500_000);
  });
});

test("a listener that throws disturbs no other one", async () => {
  class Bell extends Emitter<{ ring: number }> {
    ring(): void {
      this.emit("ring", 1);
    }
  }
  const bell = new Bell();
  const heard: string[] = [];
  const thrown = new Promise((resolve) => process.once("uncaughtException", resolve));
  bell.on("ring", () => {
    throw new Error("not me");
  });
  const off = bell.on("ring", () => heard.push("me"));
  bell.ring();
  off();
  expect(heard).toEqual(["me"]);
  await expect(thrown).resolves.toMatchObject({ message: "not me" });
});

import { describe, expect, test } from "vitest";
import { numbered, pass, RATE, slowly, Stage, useTestClock } from "./stage.js";

useTestClock();

describe("one line", () => {
  test("is heard when enough poses are here and shows the pose of what is heard", async () => {
    const stage = await Stage.open();
    const sound = numbered(2);
    const line = stage.playback.say(sound);
    expect(stage.playback.playUs).toBeNull();
    await stage.show(1000);
    expect(line.state).toBe("poses_done");
    expect(stage.playback.state).toBe("play");
    // 20 ms until sound can be put, 40 ms until it is heard, a few frames for the messages.
    expect(stage.last.us).toBeGreaterThan(900_000);
    expect(stage.last.us).toBeLessThan(940_000);
    for (const { us, row } of stage.frames.filter((frame) => (frame.us ?? 0) > 100_000)) {
      expect(row[0]).toBeCloseTo((us as number) / 1e6, 4);
    }
    expect(stage.playback.skewUs).toBe(0);
    await stage.show(1500);
    expect(stage.playback.state).toBe("stop");
    expect(stage.sink.heard()).toEqual(sound);
    expect([stage.playback.playUs, stage.last.row[0]]).toEqual([null, 0]);
  });

  test("is told to the server four times a second and at every change", async () => {
    const stage = await Stage.open();
    stage.playback.say(numbered(2));
    await stage.show(1000);
    const told = stage.server.of("played");
    expect(told[0]).toMatchObject({ u: 1, tUs: 0, paused: true });
    expect(told.filter((one) => !one.paused).length).toBeGreaterThanOrEqual(4);
    stage.playback.pause();
    await pass(2);
    expect(stage.server.of("played").at(-1)).toMatchObject({ paused: true });
    stage.playback.resume();
    await stage.show(100);
    expect(stage.server.of("played").at(-1)).toMatchObject({ paused: false });
  });

  test("stands while paused, with the face held, and goes on at the next sample", async () => {
    const stage = await Stage.open();
    const sound = numbered(2);
    stage.playback.say(sound);
    await stage.show(800);
    stage.playback.pause();
    await stage.show(2000);
    const { us, row } = stage.last;
    expect(row[0]).toBeCloseTo((us as number) / 1e6, 4);
    await stage.show(500);
    expect(stage.last).toEqual({ us, row });
    stage.playback.resume();
    await stage.show(2000);
    expect(stage.sink.heard()).toEqual(sound);
  });

  test("waits in a stall until poses are here again and loses nothing", async () => {
    const stage = await Stage.open();
    const sound = numbered(4);
    stage.server.isMute = true;
    const source = slowly(sound, 50);
    stage.playback.say(source);
    stage.server.isMute = false;
    await stage.show(600);
    stage.server.isMute = true;
    await stage.show(2500);
    expect([stage.playback.state, stage.playback.stalls]).toEqual(["stall", 1]);
    const { us } = stage.last;
    await stage.show(300);
    expect(stage.last.us).toBe(us);
    expect(stage.last.row[0]).toBe(0);
    expect(stage.server.of("played").at(-1)).toMatchObject({ tUs: us, paused: true });
    stage.server.isMute = false;
    stage.server.socket?.compute(stage.session.sid);
    await stage.show(5000);
    expect(stage.playback.state).toBe("stop");
    expect(stage.sink.heard()).toEqual(sound);
  });

  test("goes where it is sent within what has arrived", async () => {
    const stage = await Stage.open();
    stage.playback.say(numbered(3));
    await stage.show(500);
    stage.playback.seek(2_000_000);
    await stage.show(300);
    expect(stage.last.us).toBeGreaterThan(2_150_000);
    expect(stage.last.row[0]).toBeCloseTo((stage.last.us as number) / 1e6, 4);
    stage.playback.seek(-5);
    await stage.show(48);
    expect(stage.last.us).toBe(0);
    stage.playback.seek(1e9);
    expect(stage.playback.playUs).toBe(3_000_000);
    await stage.show(400);
    expect(stage.playback.state).toBe("stop");
    stage.playback.seek(1_000_000);
    await stage.show(300);
    expect([stage.playback.state, stage.playback.isPaused]).toEqual(["play", false]);
    expect(stage.last.us).toBeGreaterThan(1_100_000);
  });

  test("stands where it is sent until the poses of that place have come", async () => {
    const stage = await Stage.open();
    stage.playback.say(slowly(numbered(4), 20));
    await stage.show(100);
    stage.server.isMute = true;
    await stage.show(500);
    const before = stage.sink.heard().length;
    stage.playback.seek(2_000_000);
    await stage.show(200);
    const { length } = stage.sink.heard();
    expect(length - before).toBeLessThan(0.06 * RATE);
    expect([stage.playback.state, stage.last.us]).toEqual(["stall", 2_000_000]);
    stage.server.isMute = false;
    stage.server.socket?.compute(stage.session.sid);
    await stage.show(300);
    expect(stage.sink.heard().subarray(length, length + 100)).toEqual(numbered(1, 2 * RATE).subarray(0, 100));
  });

  test("can be sent elsewhere while paused and stands there", async () => {
    const stage = await Stage.open();
    stage.playback.say(numbered(3));
    await stage.show(500);
    stage.playback.pause();
    stage.playback.seek(1_500_000);
    await stage.show(500);
    expect(stage.last.us).toBe(1_500_000);
    expect(stage.last.row[0]).toBeCloseTo(1.5, 4);
  });

  test("begins again at its end while it is to loop", async () => {
    const stage = await Stage.open();
    const ends: number[] = [];
    stage.playback.on("end", ({ u }) => ends.push(u));
    stage.playback.loop = true;
    const sound = numbered(1);
    stage.playback.say(sound);
    await stage.show(3000);
    expect(ends).toEqual([]);
    expect(stage.sink.heard().length).toBeGreaterThan(2 * sound.length);
    expect(stage.sink.heard().subarray(sound.length, 2 * sound.length)).toEqual(sound);
    stage.playback.loop = false;
    await stage.show(2000);
    expect(ends).toEqual([1]);
    expect(stage.sink.heard().length).toBe(3 * sound.length);
  });

  test("of unknown length is heard while it comes, without a hole where it comes in time", async () => {
    const stage = await Stage.open();
    const sound = numbered(2);
    const source = slowly(sound, 90);
    stage.playback.say(source);
    await stage.show(1000);
    expect(stage.playback.durationUs).toBeNull();
    expect(stage.playback.arrivedUs).toBeGreaterThan(1_000_000);
    await stage.show(3000);
    expect(stage.playback.durationUs).toBe(2_000_000);
    expect(stage.playback.stalls).toBe(0);
    expect(stage.sink.heard()).toEqual(sound);
  });

  test("that comes more slowly than it is spoken is heard in pieces but whole", async () => {
    const stage = await Stage.open();
    const sound = numbered(2);
    stage.playback.say(slowly(sound, 140));
    await stage.show(6000);
    expect(stage.playback.stalls).toBeGreaterThan(0);
    expect(stage.sink.heard()).toEqual(sound);
    expect(stage.playback.state).toBe("stop");
  });
});

describe("several lines", () => {
  test("are heard one after the other", async () => {
    const stage = await Stage.open();
    const told: string[] = [];
    stage.playback.on("line", ({ u }) => told.push(`line ${u}`));
    stage.playback.on("end", ({ u }) => told.push(`end ${u}`));
    const sounds = [numbered(0.6), numbered(0.5, 10_000), numbered(0.4, 20_000)];
    for (const sound of sounds) stage.playback.say(sound);
    await stage.show(2500);
    expect(told).toEqual(["line 1", "end 1", "line 2", "end 2", "line 3", "end 3"]);
    expect(stage.sink.heard()).toEqual(Float32Array.from(sounds.flatMap((one) => [...one])));
  });

  test("end with an interrupt, after a short fade, and the next one is heard at once", async () => {
    const stage = await Stage.open();
    stage.playback.say(slowly(numbered(3), 80));
    const waiting = stage.playback.say(numbered(1));
    await stage.show(1000);
    const heardUs = stage.playback.playUs as number;
    stage.playback.interrupt();
    await stage.show(200);
    expect(waiting.state).toBe("interrupted");
    expect(stage.server.of("interrupt")).toMatchObject([{ u: 2 }]);
    expect(stage.server.of("audio").every(({ u }) => u === 1)).toBe(true);
    const before = stage.sink.heard().length;
    expect((before / RATE) * 1e6 - heardUs).toBeLessThan(130_000);
    expect(stage.playback.playUs).toBeNull();
    const next = numbered(0.5, 7);
    stage.playback.say(next);
    await stage.show(1200);
    expect(stage.sink.heard().subarray(before)).toEqual(next);
  });

  test("tell what was heard of the one that is interrupted alone", async () => {
    const stage = await Stage.open();
    stage.playback.say(slowly(numbered(3), 80));
    await stage.show(1000);
    const heardUs = stage.playback.playUs as number;
    stage.playback.interrupt();
    await pass(5);
    expect(stage.server.of("interrupt")).toMatchObject([{ u: 1, tUs: heardUs }]);
  });
});

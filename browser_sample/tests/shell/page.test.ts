import { describe, expect, test, vi } from "vitest";
import { FakeSink } from "../FakeSink.js";
import { numbered, pass, RATE, slowly, Stage, useTestClock } from "./stage.js";

useTestClock();

describe("the page around it", () => {
  test("may not sound before a click: the line waits, and the server is told so", async () => {
    const stage = await Stage.open({}, new FakeSink({ isRunning: false }));
    stage.playback.say(numbered(1));
    await stage.show(2000);
    expect([stage.playback.isSuspended, stage.playback.playUs]).toEqual([true, null]);
    expect(stage.server.of("played").every((one) => one.paused === true && one.tUs === 0)).toBe(true);
    stage.sink.run(true);
    await stage.show(500);
    expect(stage.playback.playUs).toBeGreaterThan(300_000);
  });

  test("loses its sound for a while: the face is held and goes on with it", async () => {
    const stage = await Stage.open();
    stage.playback.say(numbered(2));
    await stage.show(600);
    stage.sink.run(false);
    await stage.show(1000);
    const { us, row } = stage.last;
    expect(row[0]).toBeCloseTo((us as number) / 1e6, 4);
    expect(stage.server.of("played").at(-1)?.paused).toBe(true);
    stage.sink.run(true);
    await stage.show(300);
    expect(stage.last.us).toBeGreaterThan((us as number) + 200_000);
  });

  test("is hidden: no poses are asked for, the sound goes on, and no stall at the return", async () => {
    const page = Object.assign(new EventTarget(), { visibilityState: "visible" });
    vi.stubGlobal("document", page);
    const stage = await Stage.open();
    const source = slowly(numbered(5), 60);
    stage.playback.say(source);
    await stage.show(500);
    page.visibilityState = "hidden";
    page.dispatchEvent(new Event("visibilitychange"));
    await pass(1500);
    expect(stage.server.visible).toBe(false);
    expect(stage.playback.playUs).toBeGreaterThan(1_700_000);
    page.visibilityState = "visible";
    page.dispatchEvent(new Event("visibilitychange"));
    await stage.show(1000);
    expect([stage.server.visible, stage.playback.stalls, stage.playback.state]).toEqual([true, 0, "play"]);
    expect(stage.last.row[0]).toBeCloseTo((stage.last.us as number) / 1e6, 4);
  });

  test("is hidden while a burst runs: the server is not told, so that no pose is missing", async () => {
    const page = Object.assign(new EventTarget(), { visibilityState: "visible" });
    vi.stubGlobal("document", page);
    const stage = await Stage.open({ pacing: "burst" });
    const line = stage.playback.say(numbered(3));
    page.visibilityState = "hidden";
    page.dispatchEvent(new Event("visibilitychange"));
    await pass(1500);
    expect(stage.server.of("set")).toEqual([]);
    expect(stage.session.player.isVisible).toBe(true);
    page.visibilityState = "visible";
    page.dispatchEvent(new Event("visibilitychange"));
    await stage.show(3000);
    expect([line.state, stage.playback.stalls]).toEqual(["poses_done", 0]);
  });

  test("has sound in stereo: all of it is heard and the mean is sent", async () => {
    const stage = await Stage.open();
    const [left, right] = [new Float32Array(RATE).fill(0.5), new Float32Array(RATE).fill(0.25)];
    const buffer = {
      sampleRate: RATE,
      numberOfChannels: 2,
      getChannelData: (k: number) => (k ? right : left),
    } as unknown as AudioBuffer;
    stage.playback.say(buffer);
    await stage.show(1500);
    const [audio] = stage.server.of("audio");
    expect(new DataView((audio as { pcm: Uint8Array }).pcm.slice().buffer).getInt16(0, true)).toBe(12_288);
    expect(stage.sink.heard()).toEqual(left);
    const other = { ...buffer, sampleRate: 44_100, getChannelData: buffer.getChannelData };
    expect(() => stage.playback.say(other as AudioBuffer)).toThrow("found sound of 44100 Hz");
  });
});

test("playing on after a lost connection needs no word from the page", async () => {
  const stage = await Stage.open();
  const sound = numbered(4);
  const line = stage.playback.say(slowly(sound, 80));
  await stage.show(1500);
  const lostUs = stage.playback.playUs as number;
  stage.server.instance = "second";
  stage.server.hangUp(1006);
  await stage.show(6000);
  const again = stage.server.of("audio").find(({ first }, k, all) => first < (all[k - 1]?.first ?? 0));
  expect(again?.u).toBe(line.u);
  // The poses that were here carried the sound on for a while: from there, less the look-back.
  expect((again?.first ?? 0) / RATE).toBeLessThan(lostUs / 1e6 + 1 - 0.2);
  expect((again?.first ?? 0) / RATE).toBeGreaterThan(lostUs / 1e6 - 0.2);
  expect(stage.session.client.restarts).toBe(1);
  expect(line.state).toBe("poses_done");
  expect(stage.sink.heard()).toEqual(sound);
  expect(stage.playback.state).toBe("stop");
});

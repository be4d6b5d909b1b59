import { afterEach, expect, inject, test } from "vitest";
import { type Client, connect, type Opened, Playback, ServerError, type Session } from "../../src/index.js";
import { fromPcm, watch } from "../../src/Watch.js";
import { FakeSink } from "../FakeSink.js";
import { pieces, sleep, voice } from "../sound.js";
import { Relay } from "./relay.js";

const URL = inject("serverUrl");
const RATE = 16_000;
const QUIET = { idle: { seed: 1, level: "off" } } as const;
const ends: (() => unknown)[] = [];

afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

function connected(url = URL): Client {
  const client = connect(url);
  ends.push(() => client.close());
  return client;
}

async function relay(): Promise<Relay> {
  const one = await Relay.before(URL);
  ends.push(() => one.close());
  return one;
}

/** The same numbers, without a sign for zero: 16 bits have none. */
function plain(sound: Float32Array): Float32Array {
  return sound.map((value) => value + 0);
}

/** Index → row, of all poses of an utterance; none comes twice. */
function rowsOf(session: Session, u = 1): Map<number, Float32Array> {
  const rows = new Map<number, Float32Array>();
  session.on("poses", (block) => {
    const width = session.opened.row;
    for (let k = 0; block.u === u && k < block.n; k++) {
      expect(rows.has(block.i + k)).toBe(false);
      rows.set(block.i + k, block.rows.slice(k * width, (k + 1) * width));
    }
  });
  return rows;
}

/** Lets a playback run as a page does. */
function drawn(playback: Playback): number[] {
  const skews: number[] = [];
  const timer = setInterval(() => {
    playback.sample();
    if (playback.skewUs !== null) skews.push(playback.skewUs);
  }, 16);
  ends.push(() => clearInterval(timer), () => playback.close());
  return skews;
}

test("a line that one page says is heard and seen on another, in time with itself", async () => {
  const speaker = await connected().open({ rig: "arkit", rate: RATE, name: "watched", fps: 60 });
  const hall = await watch(connected(), "watched", { rig: "unity/vrm1" });
  expect([hall.isSpoken, hall.opened.rig, hall.opened.fps]).toEqual([true, "unity/vrm1", 60]);
  const sink = new FakeSink();
  const playback = hall.play(sink, QUIET);
  const skews = drawn(playback);
  const mine = rowsOf(speaker);
  const theirs = rowsOf(hall);
  const sound = voice(2, RATE);
  await speaker.say(pieces(sound, RATE, 50, true)).done;
  await expect.poll(() => playback.line?.state, { timeout: 5000 }).toBe("poses_done");
  await expect.poll(() => playback.state, { timeout: 5000 }).toBe("stop");
  expect(sink.heard()).toEqual(plain(sound));
  expect([...theirs.keys()]).toEqual([...mine.keys()]);
  expect(skews.length).toBeGreaterThan(50);
  expect(Math.max(...skews.map(Math.abs))).toBeLessThan(40_000);
});

test("numbers rise whoever speaks, and who comes late begins at the play head", async () => {
  const first = await connected().open({ rig: "arkit", rate: RATE, name: "changing" });
  const sound = voice(3, RATE);
  const line = first.say(sound);
  first.played(1, 0, 1, false);
  await expect.poll(() => line.posesUs).toBeGreaterThan(1_000_000);
  first.played(1, 1_000_000, 1, true);
  await sleep(100);
  const hall = await watch(connected(), "changing", { rig: "arkit" });
  const started: number[] = [];
  const places: number[] = [];
  hall.on("utterance", ({ u, state }) => state === "started" && started.push(u));
  hall.on("poses", ({ tUs }) => places.push(tUs));
  const sink = new FakeSink();
  const playback = hall.play(sink, QUIET);
  drawn(playback);
  await expect.poll(() => places.length).toBeGreaterThan(0);
  expect(places[0]).toBe(1_000_000);
  await expect.poll(() => playback.playUs ?? 0, { timeout: 5000 }).toBeGreaterThan(1_000_000);
  await first.close();
  await expect.poll(() => hall.isSpoken).toBe(false);
  const second = await connected().open({ rig: "arkit", rate: 24_000, name: "changing", fps: 30 });
  await expect.poll(() => hall.isSpoken).toBe(true);
  expect(hall.opened.fps).toBe(30);
  const again = voice(1, 24_000);
  const said = second.say(again);
  await said.done;
  expect(said.u).toBe(1);
  await expect.poll(() => started, { timeout: 5000 }).toEqual([1, 2]);
  await expect.poll(() => playback.state, { timeout: 5000 }).toBe("stop");
  expect(sink.heard().slice(-again.length)).toEqual(plain(again));
}, 30_000);

test("a watcher with the clock tells everybody where the sound is", async () => {
  const speaker = await connected().open({ rig: "arkit", rate: RATE, name: "clocked" });
  const hall = await watch(connected(), "clocked", { rig: "arkit", clock: true });
  await expect(watch(connected(), "clocked", { rig: "arkit", clock: true })).rejects.toThrow("clock");
  const playback = hall.play(new FakeSink(), QUIET);
  drawn(playback);
  const heads: number[] = [];
  speaker.on("played", ({ tUs }) => heads.push(tUs));
  const line = speaker.say(voice(4, RATE));
  await sleep(700);
  // Without `played` of the clock the poses would come no further than 1.5 s beyond the start.
  await expect.poll(() => line.posesUs, { timeout: 5000 }).toBeGreaterThan(2_500_000);
  expect(heads.at(-1)).toBeGreaterThan(500_000);
  await hall.interruptAll();
  await line.done;
  expect(line.state).toBe("interrupted");
  await expect.poll(() => playback.state).toBe("stop");
  await expect(hall.emotion({ joy: 1 })).rejects.toThrow(ServerError);
});

test("a line goes on over another connection, with no sound and no pose twice", async () => {
  const net = await relay();
  const sound = voice(5, RATE);
  const reference = await connected().open({ rig: "arkit", rate: RATE, pacing: "burst" });
  const wanted = rowsOf(reference);
  await reference.say(sound).done;
  const client = connected(net.url);
  const session = await client.open({ rig: "arkit", rate: RATE });
  const opened: Opened[] = [];
  session.on("opened", (one) => opened.push(one));
  const sink = new FakeSink();
  const playback = new Playback(session, sink, QUIET);
  drawn(playback);
  const rows = rowsOf(session);
  const line = playback.say(pieces(sound, RATE, 50, true));
  await expect.poll(() => playback.playUs ?? 0, { timeout: 5000 }).toBeGreaterThan(1_000_000);
  net.cut();
  await line.done;
  expect(net.joined).toBe(2);
  expect(opened).toHaveLength(1);
  expect(opened[0]?.received?.u).toBe(1);
  expect(opened[0]?.received?.toUs).toBeGreaterThan(900_000);
  await expect.poll(() => playback.state, { timeout: 10_000 }).toBe("stop");
  expect(sink.heard()).toEqual(sound);
  expect(Math.max(...rows.keys())).toBe(5 * 60 + 15 - 1);
  for (const [i, row] of rows) expect([...row]).toEqual([...(wanted.get(i) as Float32Array)]);
}, 30_000);

test("what was dropped while nothing could be said is not spoken on", async () => {
  const net = await relay();
  const session = await connected(net.url).open({ rig: "arkit", rate: RATE, name: "dropped" });
  const hall = await watch(connected(), "dropped", { rig: "arkit" });
  const told: string[] = [];
  hall.on("utterance", ({ u, state }) => told.push(`${u} ${state}`));
  session.say(voice(8, RATE));
  await expect.poll(() => told).toContain("1 started");
  net.cut();
  await expect.poll(() => session.client.state).toBe("waiting");
  await session.interrupt();
  await session.say(voice(0.3, RATE)).done;
  expect(told).toContain("1 interrupted");
  await expect.poll(() => told).toContain("2 poses_done");
}, 30_000);

test("a watcher goes on after its own connection was lost", async () => {
  const net = await relay();
  const speaker = await connected().open({ rig: "arkit", rate: RATE, name: "kept" });
  const hall = await watch(connected(net.url), "kept", { rig: "arkit" });
  const playback = hall.play(new FakeSink(), QUIET);
  drawn(playback);
  const line = speaker.say(pieces(voice(4, RATE), RATE, 50, true));
  await expect.poll(() => playback.playUs ?? 0, { timeout: 5000 }).toBeGreaterThan(500_000);
  net.cut();
  await line.done;
  await expect.poll(() => playback.line?.state, { timeout: 5000 }).toBe("poses_done");
  expect([net.joined, playback.line?.u, hall.isSpoken]).toEqual([2, 1, true]);
}, 30_000);

test("all sample formats of the wire become the same sound", () => {
  const s16 = Uint8Array.from([0x00, 0x40, 0x00, 0xc0]);
  const f32 = new Uint8Array(Float32Array.from([0.5, -0.5]).buffer);
  expect([...fromPcm(s16, { format: "s16le", rate: RATE })]).toEqual([0.5, -0.5]);
  expect([...fromPcm(f32, { format: "f32le", rate: RATE })]).toEqual([0.5, -0.5]);
  expect([...fromPcm(s16, { format: "s16le", rate: RATE, channels: 2 })]).toEqual([0]);
  // ITU-T G.711, tables 1 and 2: the largest values, and silence.
  expect([...fromPcm(Uint8Array.of(0x80, 0x00, 0xff), { format: "ulaw", rate: RATE })]).toEqual(
    [32_124, -32_124, 0].map((value) => value / 32_768),
  );
  expect([...fromPcm(Uint8Array.of(0xaa, 0x2a, 0xd5), { format: "alaw", rate: RATE })]).toEqual(
    [32_256, -32_256, 8].map((value) => value / 32_768),
  );
});

import { afterEach, expect, test } from "vitest";
import { type Client, connect, Playback, type Row, type Session } from "../../src/index.js";
import { FakeSink } from "../FakeSink.js";
import { pieces, sleep, voice } from "../sound.js";
import { Server } from "./server.js";

const RATE = 16_000;
const ends: (() => unknown)[] = [];

afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

async function started(port = 0): Promise<Server> {
  const server = await Server.start(port);
  ends.push(() => server.stop());
  return server;
}

function connected(url: string): Client {
  const client = connect(url);
  ends.push(() => client.close());
  return client;
}

/** What a page shows while something goes on: play head and row, frame by frame. */
function watch(playback: Playback) {
  const frames: { us: number | null; row: Row }[] = [];
  const timer = setInterval(() => {
    frames.push({ us: playback.playUs, row: playback.sample() });
  }, 16);
  ends.push(() => clearInterval(timer));
  return frames;
}

/** The rows of a sound without any disturbance, by index. */
async function undisturbed(session: Session, sound: Float32Array): Promise<Row[]> {
  const rows: Row[] = [];
  const width = session.opened.row;
  const off = session.on("poses", ({ i, n, rows: data }) => {
    for (let k = 0; k < n; k++) rows[i + k] = data.slice(k * width, (k + 1) * width);
  });
  await session.say(sound).done;
  off();
  return rows;
}

test("a server that is killed and started again goes on with the line where it was", async () => {
  const first = await started();
  const client = connected(first.url);
  const sound = voice(6, RATE);
  const reference = await undisturbed(
    await client.open({ rig: "arkit", rate: RATE, pacing: "burst" }),
    sound,
  );
  const session = await client.open({ rig: "arkit", rate: RATE, keepUs: null });
  const states: string[] = [];
  client.on("state", (state) => states.push(state));
  const faults: { code: number; message: string }[] = [];
  client.on("error", (fault) => faults.push(fault));
  const resumed: number[] = [];
  session.on("utterance", ({ state, tUs }) => state === "started" && resumed.push(tUs));
  const sink = new FakeSink();
  const playback = new Playback(session, sink, { idle: { seed: 1, level: "off" } });
  ends.push(() => playback.close());
  const frames = watch(playback);
  const line = playback.say(sound);
  await expect.poll(() => playback.playUs ?? 0, { timeout: 5000 }).toBeGreaterThan(1_500_000);

  await first.kill();
  await expect.poll(() => faults.length).toBeGreaterThan(0);
  expect(faults[0]).toMatchObject({ code: 1006, retryInMs: 1000 });
  expect(faults[0]?.message).toContain("was lost");
  expect(session.isClosed).toBe(false);
  const lostUs = playback.playUs as number;
  await started(first.port);
  await line.done;
  await expect.poll(() => playback.state, { timeout: 10_000 }).toBe("stop");

  expect(states.filter((state) => state !== "connecting")).toContain("ready");
  expect([client.restarts, client.fault, line.state]).toEqual([1, null, "poses_done"]);
  // Taken up at the play head less what the network looks back.
  const [, againUs = 0] = resumed;
  expect(resumed).toHaveLength(2);
  expect(againUs).toBeGreaterThan(lostUs - session.opened.lookBackUs - 300_000);
  // Every sample is heard once, however long the sound had to wait.
  expect(sink.heard().length).toBe(sound.length);
  expect(sink.heard()).toEqual(sound);
  // The play head never went back by more than a device keeps.
  const heads = frames.flatMap(({ us }) => (us === null ? [] : [us]));
  heads.forEach((us, k) => expect(us).toBeGreaterThanOrEqual((heads[k - 1] ?? 0) - 1));
  // A second after it was taken up the face is that of the undisturbed line.
  const jaw = session.opened.curves.indexOf("jawOpen");
  const late = frames.filter(({ us }) => us !== null && us > lostUs + 2_000_000 && us < 5_900_000);
  expect(late.length).toBeGreaterThan(50);
  for (const { us, row } of late) {
    const near = reference.slice(Math.floor(((us as number) * 60) / 1e6)).slice(0, 2);
    const [a = 0, b = 0] = near.map((one) => one[jaw] as number);
    expect(row[jaw]).toBeGreaterThan(Math.min(a, b) - 0.02);
    expect(row[jaw]).toBeLessThan(Math.max(a, b) + 0.02);
  }
}, 40_000);

test("what is in force is in force again after a restart", async () => {
  const first = await started();
  const client = connected(first.url);
  const session = await client.open({ rig: "arkit", rate: RATE, emotion: {} });
  await session.set({ fps: 30, curves: { jawOpen: { gain: 0 } } });
  await session.set({ curves: { jawOpen: { max: 0.5 }, mouthPucker: { gain: 0.5 } } });
  await session.emotion({ joy: 1 }, { transitionUs: 0 });
  const smile = session.opened.curves.indexOf("mouthSmileLeft");
  await expect.poll(() => session.restRow[smile]).toBeGreaterThan(0.1);
  const before = [...session.restRow];
  const rests: number[][] = [];
  session.on("rest", (row) => rests.push([...row]));
  const { player, opened } = session;

  await first.kill();
  await expect.poll(() => client.state).toBe("waiting");
  const calmer = session.emotion({ joy: 0.5 }, { transitionUs: 0 });
  await started(first.port);
  await expect.poll(() => rests.length, { timeout: 10_000 }).toBeGreaterThan(0);
  expect(rests[0]).toEqual(before);
  await calmer;
  await expect.poll(() => session.restRow[smile]).toBeLessThan((before[smile] as number) - 0.05);
  expect(session.opened.fps).toBe(30);
  expect(session.opened.layout).not.toBe(0);
  expect(session.player).toBe(player);
  const jaw = opened.curves.indexOf("jawOpen");
  let mostOpen = 0;
  session.on("poses", ({ rows, n }) => {
    for (let k = 0; k < n; k++) mostOpen = Math.max(mostOpen, rows[k * opened.row + jaw] as number);
  });
  await session.say(voice(1, RATE)).done;
  expect(mostOpen).toBe(0);
}, 40_000);

test("a microphone goes on at what is heard now and not at what was missed", async () => {
  const first = await started();
  const client = connected(first.url);
  const session = await client.open({ rig: "arkit", rate: RATE, source: "mic" });
  const begins: number[] = [];
  session.on("utterance", ({ state, tUs }) => state === "started" && begins.push(tUs));
  const line = session.say(pieces(voice(20, RATE), RATE, 20, true));
  await expect.poll(() => line.posesUs, { timeout: 5000 }).toBeGreaterThan(500_000);
  const goneUs = line.sentUs;
  await first.kill();
  await started(first.port);
  await expect.poll(() => begins.length, { timeout: 10_000 }).toBe(2);
  expect(begins[1]).toBeGreaterThan(goneUs + 500_000 - session.opened.lookBackUs);
  await expect.poll(() => line.posesUs, { timeout: 5000 }).toBeGreaterThan((begins[1] as number) + 1e6);
  await session.interrupt();
  await line.done;
}, 40_000);

test("a client that finds nobody says so, and connects when somebody is there", async () => {
  const probe = await started();
  await probe.stop();
  const client = connected(probe.url);
  await expect.poll(() => client.fault?.message ?? "").toContain("Is it running?");
  expect(client.state).toBe("waiting");
  await started(probe.port);
  client.retry();
  await expect.poll(() => client.state).toBe("ready");
  expect(client.fault).toBeNull();
}, 20_000);

test("a client that was told not to reconnect ends, and all that waits for it", async () => {
  const server = await started();
  const client = connect(server.url, { reconnect: false });
  const session = await client.open({ rig: "arkit", rate: RATE });
  const line = session.say(pieces(voice(20, RATE), RATE, 20, true));
  await expect.poll(() => line.state).toBe("started");
  await server.kill();
  await expect(line.done).rejects.toMatchObject({ name: "ServerGoneError" });
  expect([client.state, session.isClosed]).toEqual(["closed", true]);
  await expect(client.ready()).rejects.toMatchObject({ code: 1006 });
  await expect(session.emotion({ joy: 1 })).rejects.toMatchObject({ name: "ServerGoneError" });
  await sleep(0);
}, 20_000);

test("a server that stops in order is waited for as long as it takes", async () => {
  const server = await started();
  const client = connected(server.url);
  const faults: { code: number; message: string }[] = [];
  client.on("error", (fault) => faults.push(fault));
  await client.ready();
  await server.stop();
  await expect.poll(() => faults.length).toBeGreaterThan(0);
  expect(faults[0]).toMatchObject({ code: 1001, retryInMs: 1000 });
  expect(faults[0]?.message).toContain("The server has stopped.");
}, 20_000);

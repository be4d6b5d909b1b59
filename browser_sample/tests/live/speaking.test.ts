import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { afterEach, expect, inject, test } from "vitest";
import { type Client, connect, type Session } from "../../src/index.js";
import { pieces, sleep, voice } from "../sound.js";
import { PYTHON, ROOT } from "./server.js";

const URL = inject("serverUrl");
const RATE = 16_000;
const clients: Client[] = [];

function client(options = {}): Client {
  const one = connect(URL, options);
  clients.push(one);
  return one;
}

afterEach(() => {
  for (const one of clients.splice(0)) one.close();
});

/** Every row of an utterance by its index. */
function rowsOf(session: Session, u = 1): Map<number, Float32Array> {
  const rows = new Map<number, Float32Array>();
  session.on("poses", (block) => {
    const width = session.opened.row;
    for (let k = 0; block.u === u && k < block.n; k++) {
      rows.set(block.i + k, block.rows.slice(k * width, (k + 1) * width));
    }
  });
  return rows;
}

test("a line gives as many poses as its samples say, then those that close the mouth", async () => {
  const session = await client().open({ rig: "arkit", rate: RATE, fps: [30000, 1001], pacing: "burst" });
  const rows = rowsOf(session);
  const sound = voice(2.345, RATE);
  await session.say(sound).done;
  const speech = Math.ceil((sound.length * 30000) / (RATE * 1001));
  const ease = Math.ceil(30000 / (4 * 1001));
  expect(rows.size).toBe(speech + ease);
  const jaw = session.opened.curves.indexOf("jawOpen");
  const open = [...rows.values()].map((row) => row[jaw] as number);
  expect(Math.max(...open)).toBeGreaterThan(0.1);
  expect([...(rows.get(rows.size - 1) as Float32Array)]).toEqual([...session.restRow]);
});

test("the poses are those of the Python client, bit for bit, however the sound is cut", async () => {
  const sound = voice(3, RATE);
  const s16 = Int16Array.from(sound, (value) => value * 32768);
  const script = fileURLToPath(new globalThis.URL("poses.py", import.meta.url));
  const python = spawnSync(PYTHON, [script, URL, `${RATE}`, "60"], {
    cwd: ROOT,
    env: { ...process.env, PYTHONPATH: ROOT },
    input: new Uint8Array(s16.buffer),
    maxBuffer: 2 ** 26,
  });
  expect(python.status, python.stderr.toString()).toBe(0);
  for (const format of ["msgpack", "json"] as const) {
    const session = await client({ format }).open({ rig: "arkit", rate: RATE, fps: 60, pacing: "burst" });
    const rows = rowsOf(session);
    await session.say(pieces(sound, RATE, 37)).done;
    const ordered = [...rows].sort(([a], [b]) => a - b).map(([, row]) => row);
    const bytes = Buffer.concat(ordered.map((row) => new Uint8Array(row.buffer)));
    expect(bytes.equals(python.stdout)).toBe(true);
  }
});

test("three minutes that arrive at once are sent no faster than the credit allows", async () => {
  const session = await client().open({ rig: "arkit", rate: 8000, fps: 10, pacing: "burst" });
  const line = session.say(voice(180, 8000));
  const errors: unknown[] = [];
  session.on("error", (error) => errors.push(error));
  let mostUs = 0;
  let processedUs = 0;
  session.on("poses", ({ tUs, n }) => {
    mostUs = Math.max(mostUs, line.sentUs - processedUs);
    processedUs = tUs + n * 100_000;
  });
  expect(line.sentUs).toBeLessThanOrEqual(60_000_000);
  await line.done;
  expect(line.state).toBe("poses_done");
  expect(line.sentUs).toBe(180_000_000);
  expect(line.posesUs).toBe(180_200_000 + 1);
  // One message holds up to 6.4 s of poses.
  expect(mostUs).toBeLessThanOrEqual(66_400_000);
  expect(errors).toEqual([]);
}, 60_000);

test("an interrupted line ends at once and the next one is spoken whole", async () => {
  const session = await client().open({ rig: "arkit", rate: RATE });
  const first = session.say(voice(20, RATE));
  const rows = rowsOf(session, 2);
  await new Promise((resolve) => session.on("poses", resolve));
  const next = session.say(voice(1, RATE));
  await session.interrupt(first.u, 100_000);
  await first.done;
  expect(first.state).toBe("interrupted");
  await next.done;
  expect(next.state).toBe("poses_done");
  expect(rows.size).toBe(60 + 15);
});

test("what is dropped before it was sent never reaches the server", async () => {
  const session = await client().open({ rig: "arkit", rate: RATE });
  const told: number[] = [];
  session.on("utterance", ({ u }) => told.push(u));
  const slow = session.say(pieces(voice(5, RATE), RATE, 100, true));
  const waiting = session.say(voice(1, RATE));
  await sleep(300);
  await session.interrupt();
  await Promise.all([slow.done, waiting.done]);
  expect([slow.state, waiting.state]).toEqual(["interrupted", "interrupted"]);
  expect(new Set(told)).toEqual(new Set([slow.u]));
});

test("lines said one after the other are spoken in that order", async () => {
  const session = await client().open({ rig: "arkit", rate: RATE, pacing: "burst" });
  const order: number[] = [];
  session.on("utterance", ({ u, state }) => state === "poses_done" && order.push(u));
  const lines = [0.3, 0.2, 0.4].map((s) => session.say(pieces(voice(s, RATE), RATE, 50)));
  await Promise.all(lines.map((line) => line.done));
  expect(order).toEqual([1, 2, 3]);
});

test("joy lifts the corners of the mouth, also between lines", async () => {
  const session = await client().open({ rig: "arkit", rate: RATE, pacing: "burst", emotion: {} });
  const smile = session.opened.curves.indexOf("mouthSmileLeft");
  await expect.poll(() => session.restRow.length).toBe(session.opened.row);
  const before = session.restRow[smile] as number;
  await session.emotion({ joy: 1 }, { transitionUs: 0 });
  await expect.poll(() => session.restRow[smile]).toBeGreaterThan(before + 0.1);
});

test("a rig that does not exist is refused with a sentence that names it", async () => {
  const one = client();
  await expect(one.open({ rig: "no-such-rig", rate: RATE })).rejects.toMatchObject({
    name: "ServerError",
    code: 4404,
    field: "rig",
    message: expect.stringContaining("no-such-rig"),
  });
  const session = await one.open({ rig: "arkit", rate: RATE });
  expect(session.sid).toBe(1);
});

test("an emotion that the model lacks is refused and changes nothing", async () => {
  const session = await client().open({ rig: "arkit", rate: RATE });
  await expect(session.emotion({ boredom: 1 })).rejects.toMatchObject({ code: 4422 });
  await session.emotion({ joy: 0.5 });
  expect(session.isClosed).toBe(false);
});

test("face parameters, curves and the pose rate can be changed and are told", async () => {
  const session = await client().open({ rig: "arkit", rate: RATE, pacing: "burst" });
  const [model] = (await session.client.ready()).models;
  const param = model?.params[0];
  await session.set({ params: { [param?.name ?? ""]: param?.max ?? 0 } });
  await session.set({ fps: 30, curves: { jawOpen: { gain: 0 } } });
  expect(session.opened.fps).toBe(30);
  const rows = rowsOf(session);
  await session.say(voice(1, RATE)).done;
  expect(rows.size).toBe(30 + 8);
  const jaw = session.opened.curves.indexOf("jawOpen");
  expect(Math.max(...[...rows.values()].map((row) => row[jaw] as number))).toBe(0);
});

test("a line with its begin somewhere later has poses from there on", async () => {
  const session = await client().open({ rig: "arkit", rate: RATE, pacing: "burst" });
  const rows = rowsOf(session);
  await session.say(voice(1, RATE), { firstUs: 2_000_000 }).done;
  expect(Math.min(...rows.keys())).toBe(120);
  expect(Math.max(...rows.keys())).toBe(180 + 15 - 1);
});

test("a source that fails makes its line fail and no other", async () => {
  const session = await client().open({ rig: "arkit", rate: RATE, pacing: "burst" });
  async function* broken() {
    yield voice(0.5, RATE);
    throw new Error("the text-to-speech service is down");
  }
  const line = session.say(broken());
  await expect(line.done).rejects.toThrow("service is down");
  const next = session.say(voice(0.5, RATE));
  await next.done;
  expect([line.state, next.state]).toEqual(["failed", "poses_done"]);
});

test("a microphone's pieces become poses while it goes on", async () => {
  const session = await client().open({ rig: "arkit", rate: 48_000, source: "mic" });
  const line = session.say(pieces(voice(3, 48_000), 48_000, 10.67, true));
  await expect.poll(() => line.addedLatencyUs.length, { timeout: 5000 }).toBeGreaterThan(10);
  expect(line.state).toBe("started");
  const sorted = [...line.addedLatencyUs].sort((a, b) => a - b);
  expect(sorted[0]).toBeGreaterThan(0);
  expect(sorted[sorted.length >> 1]).toBeLessThan(100_000);
  await session.close();
  expect([line.state, session.isClosed]).toEqual(["interrupted", true]);
});

test("the round trip and the bytes of a connection are told", async () => {
  const one = client();
  const session = await one.open({ rig: "arkit", rate: RATE, status: true });
  await expect.poll(() => one.roundTripUs).toBeGreaterThan(0);
  const before = one.bytesOut;
  await session.say(new Float32Array(RATE)).done;
  expect(one.bytesOut - before).toBeGreaterThan(2 * RATE);
  expect(one.bytesOut - before).toBeLessThan(2.2 * RATE);
  await expect.poll(() => session.load?.busy, { timeout: 3000 }).toBeTypeOf("number");
});

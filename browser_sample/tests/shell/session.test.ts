import { describe, expect, test } from "vitest";
import { numbered, open, pass, RATE, useTestClock } from "./stage.js";

useTestClock();

describe("a session", () => {
  test("takes over the look-ahead that the server needs at another rate", async () => {
    const { server, session } = await open();
    const before = session.opened.lookAheadUs;
    expect(session.player.lookAheadUs).toBe(before);
    const rate = (lookAheadUs: number): void =>
      server.send({
        op: "status",
        sid: session.sid,
        level: "warning",
        code: "rate",
        message: "slower",
        counters: { rate_hz: 12, look_ahead_us: lookAheadUs },
      });
    rate(before + 66_667);
    expect(session.opened.lookAheadUs).toBe(before + 66_667);
    expect(session.player.lookAheadUs).toBe(before + 66_667);
    session.player.listen(1, 1_000_000);
    const { layout } = session.opened;
    session.player.poses(1, 1, 0, new Float32Array(60));
    expect(layout).toBe(1);
    session.player.sample(1, null, 1_000_000);
    expect(session.player.live(1, 2_000_000)).toBe(2_000_000 - 1_000_000 - before - 66_667 - 60_000);
  });

  test("hands on the meshes that it asked for", async () => {
    const { server, session } = await open({ geometryHz: 20 });
    const meshes: unknown[] = [];
    session.on("geometry", (mesh) => meshes.push(mesh));
    expect(server.of("open")).toMatchObject([{ want: ["geometry"], geometryHz: 20 }]);
    const mesh = { op: "geometry" as const, sid: session.sid, u: 1, i: 3, tUs: 60_000 };
    server.send({ ...mesh, parts: { jaw: new Uint8Array(64) } });
    expect(meshes).toMatchObject([{ ...mesh, parts: { jaw: new Uint8Array(64) } }]);
  });

  test("asks for no meshes at a rate of zero", async () => {
    const { server } = await open({ geometryHz: 0 });
    // The rate that stands for none in the message; zero is not a valid one.
    expect(server.of("open")).toMatchObject([{ want: [], geometryHz: 30 }]);
  });

  test("that the server failed is opened again after a pause, with its line", async () => {
    const { server, session } = await open();
    server.isMute = true;
    const line = session.say(numbered(1));
    await pass(10);
    server.send({ op: "closed", sid: session.sid, code: 4500, reason: "a bug" });
    expect(session.isClosed).toBe(false);
    server.isMute = false;
    await pass(1100);
    expect(server.of("open")).toHaveLength(2);
    expect(server.of("audio").filter(({ first }) => first === 0)).toHaveLength(2);
    expect(line.state).toBe("poses_done");
  });

  test("that the server has no room for asks again when the server says", async () => {
    const { server, session } = await open();
    server.send({ op: "closed", sid: session.sid, code: 4429, reason: "no room", retryS: 7 });
    await pass(6900);
    expect(server.of("open")).toHaveLength(1);
    await pass(200);
    expect(server.of("open")).toHaveLength(2);
    expect(session.isClosed).toBe(false);
  });

  test("that is refused for want of room from the beginning says when to ask again", async () => {
    const { server, client } = await open();
    server.refusal = { code: 4429, message: "no room", retryS: 5 };
    const opening = client.open({ rig: "one", rate: RATE }).catch((error: unknown) => error);
    await pass(10);
    expect(await opening).toMatchObject({ code: 4429, retryInMs: 5000 });
    server.refusal = null;
    const another = client.open({ rig: "one", rate: RATE });
    await pass(10);
    expect((await another).isClosed).toBe(false);
  });

  test("that was taken over is over", async () => {
    const { server, session } = await open();
    const ends: unknown[] = [];
    session.on("closed", (end) => ends.push(end));
    server.send({ op: "closed", sid: session.sid, code: 4490, reason: "an operator" });
    expect(ends).toEqual([{ code: 4490, reason: "an operator" }]);
    await expect(session.set({ visible: true })).rejects.toMatchObject({ code: 4490 });
  });

  test("fails the line whose sound is refused, and tells the server that no more comes", async () => {
    const { server, session } = await open();
    async function* endless() {
      for (;;) {
        yield numbered(0.1);
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    }
    const line = session.say(endless());
    await pass(250);
    const refusal = { op: "error", sid: session.sid, code: 4422, message: "odd", field: "pcm" } as const;
    server.send(refusal);
    await expect(line.done).rejects.toMatchObject({ code: 4422, field: "pcm" });
    expect(line.state).toBe("failed");
    await pass(300);
    expect(server.of("end")).toMatchObject([{ u: line.u }]);
  });

  test("sends no more sound than the credit allows, in messages of 20 to 250 ms", async () => {
    const { server, session } = await open();
    server.isMute = true;
    const line = session.say(numbered(90));
    await pass(100);
    expect(line.sentUs).toBe(60_000_000);
    server.send({ op: "credit", sid: session.sid, u: line.u, toUs: 61_010_000 });
    expect(line.sentUs).toBe(61_000_000);
    server.send({ op: "credit", sid: session.sid, u: line.u, toUs: 61_020_000 });
    expect(line.sentUs).toBe(61_020_000);
    const sizes = server.of("audio").map(({ pcm }) => pcm.length / 2 / RATE);
    expect(Math.max(...sizes)).toBe(0.25);
    expect(Math.min(...sizes)).toBe(0.02);
  });

  test("waits with sending while the socket is full", async () => {
    const { server, session } = await open();
    if (server.socket) server.socket.bufferedAmount = 1e6;
    const line = session.say(numbered(3));
    await pass(100);
    expect(line.sentUs).toBe(0);
    if (server.socket) server.socket.bufferedAmount = 0;
    await pass(20);
    expect(line.sentUs).toBe(3_000_000);
  });

  test("reads a live source no further ahead than two seconds", async () => {
    const { server, session } = await open();
    server.isMute = true;
    let read = 0;
    async function* generous() {
      for (; read < 1000; read++) yield numbered(0.1);
    }
    session.say(generous());
    await pass(500);
    expect(read).toBeGreaterThan(600);
    expect(read).toBeLessThan(625);
  });

  test("has at most eight utterances alive and says the others when there is room", async () => {
    const { server, session } = await open();
    server.isMute = true;
    for (let k = 0; k < 10; k++) session.say(numbered(0.2));
    await pass(20);
    expect(new Set(server.of("audio").map(({ u }) => u)).size).toBe(8);
    server.isMute = false;
    server.socket?.compute(session.sid);
    await pass(20);
    expect(new Set(server.of("audio").map(({ u }) => u)).size).toBe(10);
  });

  test("cancels the source of a line that is dropped", async () => {
    const { server, session } = await open();
    server.isMute = true;
    let isCancelled = false;
    const endless = new ReadableStream<Float32Array>({
      pull: (stream) => stream.enqueue(numbered(0.05)),
      cancel: () => {
        isCancelled = true;
      },
    });
    const line = session.say(endless);
    await pass(50);
    const interrupting = session.interrupt(line.u);
    await pass(5);
    await interrupting;
    expect([isCancelled, line.state]).toEqual([true, "interrupted"]);
  });

  test("sends what is asked for in the order in which it was asked for", async () => {
    const { server, session } = await open();
    const moved = session.emotion({ joy: 1 });
    session.say(numbered(0.1));
    const swapped = session.set({ swap: ["eyes"] });
    await pass(5);
    await Promise.all([moved, swapped]);
    const ops = server.received.map(({ op }) => op);
    expect(ops.slice(ops.indexOf("open") + 1)).toEqual(["emotion", "audio", "end", "set"]);
  });

  test("measures what the way and the server add to the sound", async () => {
    const { session } = await open();
    const line = session.say(numbered(0.5));
    await pass(50);
    expect(line.addedLatencyUs.length).toBeGreaterThan(0);
    expect(Math.max(...line.addedLatencyUs)).toBe(1000);
  });

  test("closes when it is asked to", async () => {
    const { server, client, session } = await open();
    const closing = session.close();
    await pass(5);
    await closing;
    expect(server.of("close")).toHaveLength(1);
    expect(session.isClosed).toBe(true);
    const opening = client.open({ rig: "one", rate: RATE });
    await pass(5);
    expect((await opening).sid).toBe(session.sid);
  });
});

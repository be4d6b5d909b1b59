import { describe, expect, test } from "vitest";
import { connect } from "../../src/index.js";
import type { ScriptedServer } from "./ScriptedServer.js";
import { numbered, open, pass, RATE, ready, serve, useTestClock } from "./stage.js";

useTestClock();

describe("a connection", () => {
  test("is greeted, and tells who is there and how far away", async () => {
    const { server, client } = await ready();
    expect([client.state, client.fault]).toEqual(["ready", null]);
    expect(client.hello?.server).toBe("scripted/1");
    expect(server.of("identify")).toMatchObject([{ protocol: 1, client: "tests/1" }]);
    expect(client.roundTripUs).toBe(1000);
  });

  test.each([
    [1000, "closed", null, "ended the connection"],
    [1001, "waiting", 1000, "has stopped"],
    [1006, "waiting", 1000, "was lost"],
    [1008, "closed", null, "does not allow this page"],
    [1009, "closed", null, "larger than"],
    [1011, "waiting", 1000, "was lost"],
    [4400, "closed", null, "do not understand"],
    [4401, "closed", null, "password or token"],
    [4406, "closed", null, "another protocol"],
    [4408, "waiting", 0, "took too long"],
    [4413, "waiting", 1000, "more slowly"],
    [4426, "closed", null, "different versions"],
    [4429, "waiting", 1000, "full"],
    [4490, "closed", null, "took over"],
    [4500, "waiting", 0, "has failed"],
    [4503, "waiting", 1000, "nothing new"],
    [4477, "closed", null, "was lost"],
    [4599, "waiting", 1000, "was lost"],
  ])("that ends with %i is %s afterwards", async (code, state, retryInMs, words) => {
    const { server, client } = await ready();
    server.hangUp(code, "so it is");
    expect(client.state).toBe(state);
    expect(client.fault).toMatchObject({ code, retryInMs });
    expect(client.fault?.message).toContain(words);
    expect(client.fault?.message).toContain("(so it is)");
    await pass(1100);
    expect(client.state).toBe(state === "waiting" ? "ready" : "closed");
  });

  test("is tried again after pauses that grow from one second to thirty", async () => {
    const { server, client } = await ready();
    const pauses: (number | null | undefined)[] = [];
    client.on("error", (fault) => pauses.push(fault.retryInMs));
    server.isDown = true;
    server.hangUp(1006);
    await pass(130_000);
    expect(pauses).toEqual([1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000, 30_000]);
    server.isDown = false;
    await pass(30_000);
    expect([client.state, client.fault]).toEqual(["ready", null]);
    await pass(11_000);
    server.hangUp(1006);
    expect(client.fault?.retryInMs).toBe(1000);
  });

  test.each([
    ["ws://localhost:8765", 4000],
    ["ws://127.0.0.1:8765", 4000],
    ["ws://[::1]:8765", 4000],
    ["wss://LOCALHOST/face", 4000],
    ["ws://localhost.example:8765", 30_000],
    ["ws://127.example", 30_000],
  ])("to %s is tried again after %i ms at the most", async (url, most) => {
    const server = serve();
    server.isDown = true;
    const client = connect(url);
    await pass(130_000);
    expect(client.fault?.retryInMs).toBe(most);
    client.close();
  });

  test("that fails at once again and again is not tried without a pause", async () => {
    const { server, client } = await ready();
    const pauses: (number | null | undefined)[] = [];
    client.on("error", (fault) => pauses.push(fault.retryInMs));
    for (let k = 0; k < 3; k++) {
      server.hangUp(4500);
      await pass(5000);
    }
    expect(pauses).toEqual([0, 2000, 4000]);
  });

  test("waits as long as the server asks for", async () => {
    const { server, client } = await ready();
    server.hangUp(4429, "64 sessions are open; retry in 7 s");
    expect(client.fault?.retryInMs).toBe(7000);
    await pass(6900);
    expect(client.state).toBe("waiting");
    await pass(200);
    expect(client.state).toBe("ready");
  });

  test("can be tried again before the pause is over", async () => {
    const { server, client } = await ready();
    server.hangUp(4429, "retry in 30 s");
    client.retry();
    await pass(10);
    expect(client.state).toBe("ready");
  });

  test("is given up when nobody greets within five seconds", async () => {
    const server = serve();
    server.isDumb = true;
    const client = connect("ws://test");
    await pass(4900);
    expect(client.state).toBe("connecting");
    await pass(200);
    expect(client.fault).toMatchObject({ code: 4408 });
  });

  test("is given up when nothing is heard for ten seconds though it was asked", async () => {
    const { server, client } = await ready();
    await pass(5000);
    server.socket = null;
    await pass(9000);
    expect(client.state).toBe("ready");
    const faults: (number | undefined)[] = [];
    client.on("error", (fault) => faults.push(fault.code));
    await pass(6000);
    expect(faults).toEqual([1006]);
    expect([client.state, server.sockets]).toEqual(["ready", 2]);
  });

  test("that cannot even be tried says why", async () => {
    serve();
    const client = connect("no address");
    await pass(10);
    expect(client.state).toBe("ready");
    globalThis.WebSocket = class {
      constructor() {
        throw new SyntaxError("the URL is invalid");
      }
    } as unknown as typeof WebSocket;
    const other = connect("no address");
    expect([other.state, other.fault?.retryInMs]).toEqual(["closed", null]);
    expect(other.fault?.message).toContain("no address cannot be connected to: the URL is invalid");
    await expect(other.ready()).rejects.toThrow("the URL is invalid");
  });

  test("that is closed here ends its sessions and all that waits", async () => {
    const { client, session } = await open();
    const ends: unknown[] = [];
    session.on("closed", (end) => ends.push(end));
    client.close();
    expect([client.state, client.fault, session.isClosed]).toEqual(["closed", null, true]);
    expect(ends).toMatchObject([{ code: 1000 }]);
    await expect(client.open({ rate: RATE })).rejects.toMatchObject({ code: 1000 });
    await expect(session.say(numbered(1)).done).rejects.toThrow("closed");
  });

  test("another run of the server is told from the same one", async () => {
    const { server, client } = await ready();
    server.hangUp(1006);
    await pass(1100);
    expect(client.restarts).toBe(0);
    server.instance = "second";
    server.hangUp(1006);
    await pass(2100);
    expect([client.restarts, client.hello?.instance]).toEqual([1, "second"]);
  });
});

describe("a message of a newer server", () => {
  test("with an unknown state is refused and disturbs nothing", async () => {
    const { server, client, session } = await open();
    const errors: unknown[] = [];
    client.on("error", (error) => errors.push(error));
    const lost = { op: "utterance", sid: session.sid, u: 1, state: "lost", poses: 0, tUs: 0 };
    server.send(lost as unknown as Parameters<ScriptedServer["send"]>[0]);
    expect(errors).toMatchObject([{ code: 4422, field: "state" }]);
    expect([client.state, session.isClosed]).toEqual(["ready", false]);
  });

  test("that is none at all ends the connection", async () => {
    const { server, client } = await ready();
    server.sendBytes([0x91, 0x01]);
    expect([client.state, client.fault?.code]).toEqual(["closed", 4400]);
  });

  test("with rows that do not fit their layout is refused", async () => {
    const { server, client, session } = await open();
    const errors: unknown[] = [];
    client.on("error", (error) => errors.push(error));
    const { sid, opened } = session;
    server.send({ op: "rest", sid, layout: opened.layout, data: new Uint8Array(8) });
    server.send({ op: "rest", sid, layout: opened.layout + 1, data: new Uint8Array(8) });
    expect(errors).toMatchObject([{ code: 4422, field: "data" }]);
    expect([...session.restRow]).toEqual([0]);
  });

  test("is answered when it is a ping", async () => {
    const { server } = await ready();
    server.send({ op: "ping", id: 5, t: 7 });
    expect(server.of("pong")).toMatchObject([{ re: 5, t: 7 }]);
  });
});

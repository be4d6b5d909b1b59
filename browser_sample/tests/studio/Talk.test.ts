import { describe, expect, it, vi } from "vitest";
import { connect } from "../../src/index.js";
import { Sounds } from "../../studio/src/app/Sounds.js";
import { firstState, type SoundItem, type State } from "../../studio/src/app/State.js";
import { Talk } from "../../studio/src/app/Talk.js";
import { DEFAULTS } from "../../studio/src/logic/Settings.js";
import { Store } from "../../studio/src/logic/Store.js";
import { ScriptedServer } from "../shell/ScriptedServer.js";
import { pass, useTestClock } from "../shell/stage.js";
import { Devices, RATE_HZ } from "./devices.js";

/** The way from the server to the page. */
const WAY_MS = 200;
const SOUND = {
  sampleRate: RATE_HZ,
  numberOfChannels: 1,
  length: RATE_HZ,
  duration: 1,
  getChannelData: () => new Float32Array(RATE_HZ),
} as unknown as AudioBuffer;
const ITEM: SoundItem = { id: "a", name: "a", sound: SOUND, peaks: null };

class FarServer extends ScriptedServer {
  override send(message: Parameters<ScriptedServer["send"]>[0]): void {
    setTimeout(() => super.send(message), WAY_MS);
  }
}

/** A page whose server is far away, with a session that is open for files. */
async function page() {
  const server = new FarServer();
  vi.stubGlobal("WebSocket", server.WebSocket);
  const devices = new Devices();
  const client = connect("ws://far");
  const store = new Store<State>(firstState({ ...DEFAULTS, rig: "one" }));
  client.on("state", (state) => store.patch({ server: state, hello: client.hello }));
  const talk = new Talk(store, { client, sounds: new Sounds(store), rebind: () => undefined });
  store.patch({ items: [ITEM], chosen: ITEM.id });
  await pass(2000);
  const texts = (): string[] => store.state.notices.map(({ text }) => text);
  return { server, devices, client, store, talk, texts };
}

/** The same with a microphone that is on and heard. */
async function listening() {
  const there = await page();
  void there.talk.toggleMicrophone();
  await pass(10);
  there.devices.allow();
  await pass(1000);
  there.devices.hear(1);
  await pass(1000);
  expect([there.store.state.mic, there.talk.line?.state]).toEqual(["on", "started"]);
  return there;
}

useTestClock();

describe("a microphone", () => {
  it("keeps the session that it was opened for, however long that takes", async () => {
    const { server, devices, store, talk, texts } = await page();
    void talk.toggleMicrophone();
    await pass(10);
    devices.allow();
    await pass(1000);
    devices.hear(1);
    await pass(1000);
    expect(server.of("open").map(({ audio }) => audio?.source)).toEqual(["line", "mic"]);
    expect([store.state.mic, talk.line?.sentUs, texts()]).toEqual(["on", 1_000_000, []]);
    expect(talk.line?.posesUs).toBeGreaterThan(500_000);
  });

  it("is off, and says so, once the server has ended its line", async () => {
    const { server, devices, store, talk, texts } = await listening();
    server.send({ op: "utterance", sid: talk.session?.sid ?? 0, u: 1, state: "interrupted", poses: 0, tUs: 0 });
    await pass(1000);
    expect(devices.tracks.map(({ readyState }) => readyState)).toEqual(["ended"]);
    expect([store.state.mic, talk.ear.isOpen]).toEqual(["off", false]);
    expect(texts()).toEqual([
      "The microphone's line ended early: interrupted. Press Microphone to open it again.",
    ]);
    void talk.toggleMicrophone();
    expect(texts()).toEqual([]);
  });

  it("is off, and says so, once the server has ended its session", async () => {
    const { server, store, talk, texts } = await listening();
    server.send({ op: "closed", sid: talk.session?.sid ?? 0, code: 4403, reason: "not you" });
    await pass(1000);
    expect(store.state.mic).toBe("off");
    expect(texts()).toEqual([
      "The microphone's line ended early: not you. Press Microphone to open it again.",
    ]);
    expect(server.of("open").at(-1)?.audio?.source).toBe("line");
  });

  it("is off, and says so, when it is unplugged", async () => {
    const { devices, store, texts } = await listening();
    devices.tracks[0]?.unplug();
    await pass(1000);
    expect([store.state.mic, texts()]).toEqual([
      "off",
      ["The microphone went away. Press Microphone to open it again."],
    ]);
  });

  it("that is gone before it was open is told", async () => {
    const { devices, store, talk } = await page();
    void talk.toggleMicrophone();
    await pass(10);
    devices.allow();
    devices.tracks[0]?.unplug();
    await pass(2000);
    expect([store.state.mic, store.state.micFault, talk.lines]).toEqual(["off", "other", []]);
  });

  it("is off without a word where a person turns it off", async () => {
    const { store, talk, texts } = await listening();
    await talk.toggleMicrophone();
    await pass(2000);
    expect([store.state.mic, talk.line?.state, texts()]).toEqual(["off", "interrupted", []]);
  });

  it("is stopped where it was given up before it came, and the next one is heard", async () => {
    const { devices, store, talk } = await page();
    for (let presses = 0; presses < 3; presses += 1) {
      void talk.toggleMicrophone();
      await pass(10);
    }
    devices.allow();
    await pass(1000);
    expect(devices.tracks.map(({ readyState }) => readyState)).toEqual(["ended", "live"]);
    expect([store.state.mic, talk.lines.length]).toEqual(["on", 1]);
  });

  it("that is asked for and refused keeps no setting from the session", async () => {
    const { server, devices, store, talk } = await page();
    void talk.toggleMicrophone();
    await pass(10);
    store.patch({ settings: { ...store.state.settings, fps: "30" } });
    await pass(1000);
    expect(server.of("open").map(({ fps }) => fps)).toEqual([60, 30]);
    devices.refuse();
    await pass(1000);
    expect([store.state.mic, store.state.micFault]).toEqual(["off", "denied"]);
    expect(server.of("open")).toHaveLength(2);
  });

  it("that is given up while its session is opened leaves one for lines", async () => {
    const { server, devices, store, talk } = await page();
    void talk.toggleMicrophone();
    await pass(10);
    devices.allow();
    await pass(50);
    talk.interrupt();
    await pass(2000);
    expect(devices.tracks.map(({ readyState }) => readyState)).toEqual(["ended"]);
    expect(store.state.mic).toBe("off");
    expect(server.of("open").map(({ audio }) => audio?.source)).toEqual(["line", "mic", "line"]);
  });
});

describe("a session", () => {
  it("fits what was changed while it was opened", async () => {
    const { server, devices, store, talk } = await page();
    void talk.toggleMicrophone();
    await pass(10);
    devices.allow();
    await pass(50);
    store.patch({ settings: { ...store.state.settings, fps: "30" } });
    await pass(2000);
    expect(server.of("open").map(({ audio, fps }) => [audio?.source, fps])).toEqual([
      ["line", 60],
      ["mic", 60],
      ["mic", 30],
    ]);
    expect([store.state.mic, store.state.isPending]).toEqual(["on", false]);
  });
});

describe("a line", () => {
  it("is said once, however often Play was pressed and given up before", async () => {
    const { store, talk } = await page();
    store.patch({ settings: { ...store.state.settings, fps: "30" } });
    for (const press of ["play", "interrupt", "play"] as const) {
      void talk[press]();
      await pass(10);
    }
    await pass(1000);
    expect(talk.lines).toHaveLength(1);
    expect(store.state.play).not.toBe("idle");
  });
});

import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { connect } from "../../src/index.js";
import { Link, type LinkListener } from "../../studio/src/app/Link.js";
import { firstState, type State } from "../../studio/src/app/State.js";
import { DEFAULTS } from "../../studio/src/logic/Settings.js";
import { Store } from "../../studio/src/logic/Store.js";
import { ScriptedServer } from "../shell/ScriptedServer.js";

const NOBODY: LinkListener = {
  opened: () => undefined,
  poses: () => undefined,
  load: () => undefined,
  ended: () => undefined,
};
const LINE = { source: "line", rateHz: 48_000 } as const;

/** Refuses every `open` that has names, as a server does whose rigs drive none of them. */
class PickyServer extends ScriptedServer {
  readonly asked: { rig: string; have: readonly string[] | null; aheadUs: number | null }[] = [];

  override send(message: Parameters<ScriptedServer["send"]>[0]): void {
    const open = this.of("open").at(-1);
    const isAnswer = message.op === "opened" && open !== undefined;
    if (isAnswer) {
      const { rig = "", have = null, aheadUs = null } = open;
      this.asked.push({ rig, have, aheadUs });
      if (have !== null) {
        const text = "no curve of the rig has a name of the head";
        super.send({ op: "error", code: 4422, message: text, field: "have", re: open.id ?? 0 });
        return;
      }
    }
    super.send(message);
  }
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "setInterval", "clearInterval"] });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe("a session for a head that has no name of the rig", () => {
  it("is opened with the whole rig, so that sound, curves and match are there", async () => {
    const server = new PickyServer();
    vi.stubGlobal("WebSocket", server.WebSocket);
    const client = connect("ws://test");
    await vi.advanceTimersByTimeAsync(10);
    const store = new Store<State>(firstState({ ...DEFAULTS, rig: "one" }));
    const hello = client.hello;
    if (hello === null) throw new Error("nobody greeted");
    const head = {
      name: "odd.glb",
      kind: "other",
      have: ["Grin"],
      notes: [],
      dispose: () => undefined,
    } as const;
    store.patch({
      hello: { ...hello, capabilities: ["have", "auto"] },
      head: { ...head, have: [...head.have], notes: [] },
    });
    const fitting = new Link(store, client, NOBODY).fit(LINE);
    await vi.advanceTimersByTimeAsync(20);
    await fitting;
    expect(server.asked).toEqual([
      { rig: "one", have: ["Grin"], aheadUs: 500_000 },
      { rig: "one", have: null, aheadUs: 500_000 },
    ]);
    expect([store.state.openFault, store.state.opened?.curves]).toEqual([null, ["time"]]);
    client.close();
  });
});

describe("what the panels know of a session", () => {
  it("has the look-ahead of the newest rate, not only that of its opening", async () => {
    const server = new ScriptedServer();
    vi.stubGlobal("WebSocket", server.WebSocket);
    const client = connect("ws://test");
    await vi.advanceTimersByTimeAsync(10);
    const store = new Store<State>(firstState(DEFAULTS));
    const opened = vi.fn();
    const fitting = new Link(store, client, { ...NOBODY, opened }).fit(LINE);
    await vi.advanceTimersByTimeAsync(20);
    const { sid, opened: first } = await fitting;
    expect(store.state.opened?.lookAheadUs).toBe(first.lookAheadUs);
    const counters = { rate_hz: 30, look_ahead_us: first.lookAheadUs + 16_667 };
    const level = "warning" as const;
    server.send({ op: "status", sid, level, code: "rate", message: "30 per second", counters });
    expect(store.state.opened?.lookAheadUs).toBe(first.lookAheadUs + 16_667);
    expect(opened).toHaveBeenCalledTimes(1);
    client.close();
  });
});

describe("a rig that is checked by eye", () => {
  it.each([
    [["sweep"], "sweep"],
    [[], undefined],
  ])("opens the sweep where the server has it: %j", async (capabilities, wanted) => {
    const server = new ScriptedServer();
    vi.stubGlobal("WebSocket", server.WebSocket);
    const client = connect("ws://test");
    await vi.advanceTimersByTimeAsync(10);
    const store = new Store<State>(firstState({ ...DEFAULTS, model: "sweep" }));
    const hello = client.hello;
    if (hello === null) throw new Error("nobody greeted");
    store.patch({ hello: { ...hello, capabilities } });
    const fitting = new Link(store, client, NOBODY).fit(LINE);
    await vi.advanceTimersByTimeAsync(20);
    await fitting;
    expect(server.of("open").at(-1)?.model).toBe(wanted);
    client.close();
  });
});

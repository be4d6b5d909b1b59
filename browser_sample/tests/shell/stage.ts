/** A page in a test: a clock in the test's hand, a server, a sound device, frames. */

import { afterEach, beforeEach, vi } from "vitest";
import { type Client, connect, type OpenOptions, Playback, type Row, type Session } from "../../src/index.js";
import { FakeSink } from "../FakeSink.js";
import { ScriptedServer } from "./ScriptedServer.js";

export const RATE = 16_000;

/** Use a clock that only `pass` moves, for every test of a file. */
export function useTestClock(): void {
  beforeEach(() => {
    vi.useFakeTimers({
      toFake: ["setTimeout", "clearTimeout", "setInterval", "clearInterval", "performance"],
    });
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });
}

/** Let time pass, for promises too. */
export async function pass(ms: number): Promise<void> {
  await vi.advanceTimersByTimeAsync(ms);
}

export function serve(): ScriptedServer {
  const server = new ScriptedServer();
  vi.stubGlobal("WebSocket", server.WebSocket);
  return server;
}

export interface Frame {
  readonly us: number | null;
  readonly row: Row;
}

export class Stage {
  readonly frames: Frame[] = [];

  private constructor(
    readonly server: ScriptedServer,
    readonly session: Session,
    readonly sink: FakeSink,
    readonly playback: Playback,
  ) {}

  static async open(options: Partial<OpenOptions> = {}, sink = new FakeSink()): Promise<Stage> {
    const server = serve();
    const opening = connect("ws://test").open({ rig: "one", rate: RATE, keepUs: null, ...options });
    await pass(10);
    const session = await opening;
    await pass(5);
    const playback = new Playback(session, sink, { idle: { seed: 1, level: "off" } });
    return new Stage(server, session, sink, playback);
  }

  /** Show frames, 60 a second, for so long. */
  async show(ms: number): Promise<void> {
    for (let left = ms; left > 0; left -= 16) {
      await pass(Math.min(16, left));
      this.frames.push({ us: this.playback.playUs, row: this.playback.sample() });
    }
  }

  get last(): Frame {
    return this.frames.at(-1) as Frame;
  }
}

/** Sound whose every sample tells which one it is. */
export function numbered(seconds: number, from = 0): Float32Array {
  return Float32Array.from({ length: seconds * RATE }, (_, k) => ((from + k) % 30_000) / 32_768);
}

/** A client that has been greeted. */
export async function ready(): Promise<{ server: ScriptedServer; client: Client }> {
  const server = serve();
  const client = connect("ws://test", { name: "tests/1" });
  await pass(10);
  return { server, client };
}

/** A client with one session. */
export async function open(
  options: Partial<OpenOptions> = {},
): Promise<{ server: ScriptedServer; client: Client; session: Session }> {
  const { server, client } = await ready();
  const opening = client.open({ rig: "one", rate: RATE, ...options });
  await pass(10);
  return { server, client, session: await opening };
}

/** What a live source gives: pieces of 100 ms every `everyMs`. */
export async function* slowly(sound: Float32Array, everyMs: number) {
  for (let at = 0; at < sound.length; at += RATE / 10) {
    yield sound.subarray(at, at + RATE / 10);
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
}

import { expect } from "vitest";
import type { Locator, Page } from "playwright-core";
import type { Handle, HandleState } from "../studio/src/app/Handle.js";

/** One picture of the page: the time of its pose, and how wide the jaw of the mesh stood open. */
export interface Glance {
  shownUs: number;
  jawOpen: number;
}

declare global {
  interface Window {
    a2f: Handle;
    glances: Glance[];
  }
}

/** Longest waits, for a machine several times slower than one that builds pages. */
const STEP_MS = 60_000;
const LINE_MS = 90_000;

/** The studio in a page, by what a person can do and what its scripting handle tells. */
export class Studio {
  constructor(readonly page: Page) {}

  /** A control by its test id. */
  part(id: string): Locator {
    return this.page.getByTestId(id);
  }

  state(): Promise<HandleState> {
    return this.page.evaluate(() => window.a2f.state());
  }

  /** Wait until the handle's state is as wanted. */
  async until(what: string, isSo: (state: HandleState) => boolean, limitMs = STEP_MS): Promise<HandleState> {
    const end = Date.now() + limitMs;
    for (;;) {
      const state = await this.state();
      if (isSo(state)) return state;
      if (Date.now() > end) {
        throw new Error(`after ${limitMs} ms still not ${what}: ${JSON.stringify({ ...state, skewUs: [], curves: [] })}`);
      }
      await this.page.waitForTimeout(50);
    }
  }

  /** Until the head stands there and rows of its own curves can come. */
  async ready(): Promise<HandleState> {
    await this.page.waitForFunction(() => "a2f" in window);
    return this.until("ready", ({ verdict, head, rig }) => verdict.light === "green" && head !== null && rig !== null);
  }

  /** Note pose and jaw of every picture from now on. */
  async watch(): Promise<void> {
    await this.page.evaluate(() => {
      const kept: Glance[] = (window.glances = []);
      const look = (): void => {
        if (kept !== window.glances) return;
        const shownUs = window.a2f.session()?.player.shownUs ?? null;
        const isHeard = window.a2f.playback()?.playUs != null;
        if (isHeard && shownUs !== null) kept.push({ shownUs, jawOpen: window.a2f.stage?.value("jawOpen") ?? NaN });
        requestAnimationFrame(look);
      };
      requestAnimationFrame(look);
    });
  }

  /** Wait until so much time has passed in the page and what it then shows is drawn. */
  async shown(afterMs: number): Promise<void> {
    await this.page.evaluate(async (ms) => {
      await new Promise((resolve) => setTimeout(resolve, ms));
      for (let frames = 0; frames < 2; frames += 1) await new Promise(requestAnimationFrame);
    }, afterMs);
  }

  glances(): Promise<Glance[]> {
    return this.page.evaluate(() => window.glances);
  }

  /** Time and value of one curve in every pose that came for the last line. */
  poses(curve: string): Promise<{ tUs: number; value: number }[]> {
    return this.page.evaluate((name) => {
      const at = window.a2f.state().curves.indexOf(name);
      return window.a2f.poses().map(({ tUs, row }) => ({ tUs, value: row[at] ?? NaN }));
    }, curve);
  }

  /** Press play and wait until the line is over. */
  async playThrough(): Promise<HandleState> {
    await this.part("play").click();
    await this.until("playing", ({ play }) => play === "playing");
    return this.until("played out", ({ play, line }) => play === "idle" && line?.state === "poses_done", LINE_MS);
  }
}

/** Value of a curve at a time, linear between poses. */
export function valueAt(poses: readonly { tUs: number; value: number }[], tUs: number): number {
  const after = poses.findIndex((pose) => pose.tUs >= tUs);
  const right = poses[after];
  const left = poses[after - 1];
  if (right === undefined || left === undefined) return (right ?? poses.at(-1))?.value ?? NaN;
  return left.value + ((right.value - left.value) * (tUs - left.tUs)) / (right.tUs - left.tUs);
}

/** The value below which a share of the others lies. */
export function percentile(values: readonly number[], share: number): number {
  expect(values.length).toBeGreaterThan(0);
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(Math.floor(share * sorted.length), sorted.length - 1)] ?? NaN;
}

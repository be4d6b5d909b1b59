import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, beforeEach, expect, onTestFailed, test } from "vitest";
import { Server } from "../tests/live/server.js";
import { launch, visit, type Watched } from "./browser.js";
import { percentile, Studio, valueAt } from "./studio.js";

interface Report {
  issues: { numErrors: number };
  info: { animationCount: number };
}

const { validateBytes } = createRequire(import.meta.url)("gltf-validator") as {
  validateBytes(bytes: Uint8Array): Promise<Report>;
};

let server: Server;
let browser: Browser;
let watched: Watched;
let studio: Studio;
/** Whether the page is as the next test wants it; loading one anew costs a processor seconds. */
let isFit = false;

const page = (): string => `http://127.0.0.1:${server.port}/`;

beforeAll(async () => {
  [server, browser] = await Promise.all([Server.start(), launch()]);
});
afterAll(async () => {
  await Promise.all([server.stop(), browser.close()]);
});
beforeEach(async () => {
  if (!isFit) {
    await watched?.page.context().close();
    watched = await visit(browser, page());
    studio = new Studio(watched.page);
    isFit = true;
  }
  onTestFailed(() => {
    isFit = false;
  });
  await studio.ready();
  watched.errors.length = 0;
});

async function download(button: string): Promise<Buffer> {
  const coming = watched.page.waitForEvent("download");
  await studio.part(button).click();
  return readFile(await (await coming).path());
}

test("the page loads without an error and asks nobody but its own server", async () => {
  await watched.page.reload();
  await studio.ready();
  const { doctor, head } = await studio.state();
  expect(doctor).toContain("server ✓");
  expect(doctor).toMatch(/curves matched (\d+)\/\1/);
  expect(head?.have).toContain("jawOpen");
  expect(watched.errors).toEqual([]);
  expect(watched.strangers).toEqual([]);
});

test("the jaw of the head follows the poses at the time of the sound", async () => {
  await studio.watch();
  const { skewUs, line, lengthUs } = await studio.playThrough();
  const poses = await studio.poses("jawOpen");
  // All of them, less what a machine too slow for the moment had to drop.
  const { dropped } = (await studio.state()).health;
  expect(poses.length + dropped).toBeGreaterThanOrEqual(Math.ceil((lengthUs * 60) / 1e6) + 15);
  expect(dropped).toBeLessThan(poses.length / 4);
  expect(line?.state).toBe("poses_done");
  expect(Math.max(...poses.map(({ value }) => value))).toBeGreaterThan(0.3);
  expect(percentile(skewUs.map(Math.abs), 0.95)).toBeLessThanOrEqual(20_000);
  const glances = (await studio.glances()).filter(({ playUs }) => playUs > 200_000 && playUs < lengthUs);
  expect(glances.length).toBeGreaterThan(15);
  const off = glances.map(({ playUs, jawOpen }) => closest(poses, playUs, jawOpen));
  expect(percentile(off, 0.95)).toBeLessThan(0.02);
  expect(watched.errors).toEqual([]);
});

/** How far a value is from what the poses say within 20 ms of a time. */
function closest(poses: { tUs: number; value: number }[], playUs: number, value: number): number {
  const offsets = [-20, -15, -10, -5, 0, 5, 10, 15, 20];
  return Math.min(...offsets.map((ms) => Math.abs(valueAt(poses, playUs + ms * 1000) - value)));
}

test("an interrupted line closes the mouth and the next one plays to its end", async () => {
  await studio.part("play").click();
  await studio.until("well into the line", ({ playUs }) => (playUs ?? 0) > 1_200_000);
  await watched.page.keyboard.press("Escape");
  await studio.until("interrupted", ({ line }) => line?.state === "interrupted");
  await watched.page.waitForTimeout(600);
  const rest = await watched.page.evaluate(() => window.a2f.stage?.value("jawOpen"));
  expect(rest).toBeLessThan(0.02);
  const { lines } = await studio.playThrough();
  expect(lines.slice(-2).map(({ state }) => state)).toEqual(["interrupted", "poses_done"]);
});

test("what was played can be taken home as CSV, JSON and GLB", async () => {
  await studio.playThrough();
  const count = (await studio.poses("jawOpen")).length;
  await studio.part("tab-export").click();
  const csv = (await download("export-csv")).toString("utf8").trim().split("\n");
  expect(csv[0]).toMatch(/^Timecode,BlendshapeCount,EyeBlinkLeft,/);
  expect(csv.length).toBe(count + 1);
  expect(new Set(csv.map((line) => line.split(",").length)).size).toBe(1);
  const json = JSON.parse((await download("export-json")).toString("utf8")) as { curves: string[]; rows: number[][] };
  expect(json.curves).toContain("jawOpen");
  expect(json.rows.length).toBe(count);
  const report = await validateBytes(new Uint8Array(await download("export-glb")));
  expect(report.issues.numErrors).toBe(0);
  expect(report.info.animationCount).toBe(1);
});

test("a file that is no head is told in words and the head before stays", async () => {
  const bad = { name: "broken.glb", mimeType: "model/gltf-binary", buffer: Buffer.from("glTF? no.") };
  await studio.part("head-input").setInputFiles(bad);
  const { notices, head, verdict } = await studio.until("told", (state) => state.notices.length > 0);
  expect(notices.join()).toMatch(/^broken\.glb .+ The head before stays\.$/);
  expect(head?.name).toBe("head.glb");
  expect(verdict.light).toBe("green");
  const good = await readFile(new URL("../../engines/head.glb", import.meta.url));
  await studio.part("head-input").setInputFiles({ name: "mine.glb", mimeType: "model/gltf-binary", buffer: good });
  await studio.until("the new head", (state) => state.head?.name === "mine.glb" && state.notices.length === 0);
  await studio.playThrough();
});

test("a killed server is told with the time of the next try, and its successor is taken", async () => {
  await studio.part("play").click();
  await studio.until("playing", ({ playUs }) => (playUs ?? 0) > 800_000);
  await server.kill();
  const { verdict } = await studio.until("told", (state) => state.verdict.light === "red");
  expect(verdict.title).toBe("Server gone");
  expect(verdict.advice).toMatch(/Trying again/);
  server = await Server.start(server.port);
  await studio.until("back", (state) => state.server === "ready" && state.verdict.light === "green", 40_000);
  await studio.until("the line to go on to its end", ({ line, play }) => play === "idle" && line?.state === "poses_done", 40_000);
  await studio.playThrough();
});

test("everything can be done from the keyboard", async () => {
  await watched.page.keyboard.press("Space");
  await studio.until("playing", ({ play }) => play === "playing");
  await watched.page.keyboard.press("Space");
  await studio.until("paused", ({ play }) => play === "paused");
  await watched.page.keyboard.press("Escape");
  await studio.until("interrupted", ({ line }) => line?.state === "interrupted");
  const names = new Set<string>();
  for (let presses = 0; presses < 40; presses += 1) {
    await watched.page.keyboard.press("Tab");
    names.add(await watched.page.evaluate(() => document.activeElement?.getAttribute("data-testid") ?? ""));
  }
  for (const name of ["stage", "play", "loop", "timeline"]) expect(names).toContain(name);
  // One of the tabs, from which arrow keys lead to the others.
  expect([...names].filter((name) => name.startsWith("tab-"))).toHaveLength(1);
});

test("a view that was turned by hand is none of the three any more", async () => {
  const portrait = studio.part("camera-portrait");
  await portrait.click();
  expect(await portrait.getAttribute("aria-pressed")).toBe("true");
  const box = await studio.part("stage").boundingBox();
  const [x, y] = [(box?.x ?? 0) + (box?.width ?? 0) / 2, (box?.y ?? 0) + (box?.height ?? 0) / 2];
  await watched.page.waitForTimeout(1500);
  await watched.page.mouse.move(x, y);
  await watched.page.mouse.down();
  await watched.page.mouse.move(x + 120, y, { steps: 6 });
  await watched.page.mouse.up();
  await expect.poll(() => portrait.getAttribute("aria-pressed")).toBe("false");
  await portrait.click();
  await expect.poll(() => portrait.getAttribute("aria-pressed")).toBe("true");
});

test("a phone in portrait shows head and controls without scrolling sideways", async () => {
  const phone = await visit(browser, page(), { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
  const small = new Studio(phone.page);
  await small.ready();
  const wide = await phone.page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  expect(wide).toBe(0);
  for (const part of ["stage", "play", "tab-source"]) {
    const box = await small.part(part).boundingBox();
    expect(box?.x).toBeGreaterThanOrEqual(0);
    expect((box?.x ?? 0) + (box?.width ?? Infinity)).toBeLessThanOrEqual(390);
    expect(box?.height).toBeGreaterThanOrEqual(40);
  }
  await small.part("play").tap();
  await small.until("playing", ({ play }) => play === "playing");
  await phone.page.context().close();
});

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
  const off: number[] = [];
  // A machine that draws two pictures a second shows enough of them in a few lines.
  for (let lines = 0; lines < 5 && off.length <= 15; lines += 1) off.push(...(await followLine()));
  expect(off.length).toBeGreaterThan(15);
  expect(percentile(off, 0.9)).toBeLessThan(0.02);
  expect(watched.errors).toEqual([]);
});

/** Play the line, check its poses, and tell for every picture how far the jaw was from them. */
async function followLine(): Promise<number[]> {
  await studio.watch();
  const { dropped: before } = (await studio.state()).health;
  const { skewUs, line, lengthUs } = await studio.playThrough();
  const poses = await studio.poses("jawOpen");
  // All of them, less what a machine too slow for the moment had to drop: told once a second.
  const least = Math.ceil((lengthUs * 60) / 1e6) + 15;
  const { health } = await studio.until("all poses", (state) => poses.length + state.health.dropped - before >= least, 10_000);
  const dropped = health.dropped - before;
  expect(dropped).toBeLessThan(poses.length / 4);
  expect(line?.state).toBe("poses_done");
  expect(Math.max(...poses.map(({ value }) => value))).toBeGreaterThan(0.3);
  const glances = (await studio.glances()).filter(({ shownUs }) => shownUs > 200_000 && shownUs < lengthUs);
  // The time that a processor draws for is in it: no more than a small part of a slow picture's.
  const drawnUs = lengthUs / skewUs.length / 5;
  expect(percentile(skewUs.map(Math.abs), 0.95)).toBeLessThanOrEqual(Math.max(20_000, drawnUs));
  return glances.map(({ shownUs, jawOpen }) => closest(poses, shownUs, jawOpen));
}

/** How far a value is from what the poses say within 20 ms of a time. */
function closest(poses: { tUs: number; value: number }[], shownUs: number, value: number): number {
  const offsets = [-20, -15, -10, -5, 0, 5, 10, 15, 20];
  return Math.min(...offsets.map((ms) => Math.abs(valueAt(poses, shownUs + ms * 1000) - value)));
}

test("an interrupted line closes the mouth and the next one plays to its end", async () => {
  await studio.part("play").click();
  await studio.until("well into the line", ({ playUs }) => (playUs ?? 0) > 1_200_000);
  await watched.page.keyboard.press("Escape");
  await studio.until("interrupted", ({ line }) => line?.state === "interrupted");
  await studio.shown(600);
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
  const { notices, head } = await studio.until("told", (state) => state.notices.length > 0);
  expect(notices.join()).toMatch(/^broken\.glb .+ The head before stays\.$/);
  expect(head?.name).toBe("head.glb");
  await studio.ready();
  const good = await readFile(new URL("../../engines/head.glb", import.meta.url));
  await studio.part("head-input").setInputFiles({ name: "mine.glb", mimeType: "model/gltf-binary", buffer: good });
  await studio.until("the new head", (state) => state.head?.name === "mine.glb" && state.notices.length === 0);
  await studio.playThrough();
});

test("a killed server is told with the time of the next try, and its successor is taken", async () => {
  await studio.part("play").click();
  await studio.until("playing", ({ playUs }) => (playUs ?? 0) > 800_000);
  await server.kill();
  const { verdict } = await studio.until("told", (state) => state.verdict.title === "Server gone");
  expect(verdict.light).toBe("red");
  expect(verdict.advice).toMatch(/Trying again/);
  server = await Server.start(server.port);
  await studio.until("back", (state) => state.server === "ready" && state.verdict.light === "green");
  await studio.until("the line to go on to its end", ({ line, play }) => play === "idle" && line?.state === "poses_done");
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
  const pressed = (): Promise<string | null> => portrait.getAttribute("aria-pressed");
  await expect.poll(pressed, { timeout: 20_000 }).toBe("false");
  await portrait.click();
  await expect.poll(pressed, { timeout: 20_000 }).toBe("true");
});

test("a phone in portrait shows head and controls without scrolling sideways", async () => {
  // One page at a time: two of them draw half as often each.
  await watched.page.goto("about:blank");
  isFit = false;
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

import type { Browser } from "playwright-core";
import { afterEach, beforeAll, afterAll, expect, test } from "vitest";
import { Server } from "../tests/live/server.js";
import { launch, visit } from "./browser.js";
import { clipAsWav } from "./sound.js";
import { Studio } from "./studio.js";

let server: Server;
let browser: Browser;

beforeAll(async () => {
  server = await Server.start();
});
afterEach(() => browser.close());
afterAll(() => server.stop());

const page = (): string => `http://127.0.0.1:${server.port}/`;

test("the head follows a microphone", async () => {
  browser = await launch(
    "--use-fake-ui-for-media-stream",
    "--use-fake-device-for-media-stream",
    `--use-file-for-fake-audio-capture=${clipAsWav()}`,
  );
  const { page: tab, errors } = await visit(browser, page());
  const studio = new Studio(tab);
  await studio.ready();
  await studio.part("microphone").click();
  await studio.until("poses of five seconds", ({ line }) => (line?.posesUs ?? 0) > 5_000_000);
  expect((await studio.state()).mic).toBe("on");
  const jaw: number[] = [];
  const spread = (): number => Math.max(...jaw) - Math.min(...jaw);
  for (const end = Date.now() + 30_000; Date.now() < end && !(spread() > 0.15); ) {
    jaw.push((await tab.evaluate(() => window.a2f.stage?.value("jawOpen"))) ?? NaN);
    await tab.waitForTimeout(50);
  }
  expect(spread()).toBeGreaterThan(0.15);
  await studio.part("microphone").click();
  await studio.until("off", ({ mic }) => mic === "off");
  expect(errors).toEqual([]);
  await studio.playThrough();
});

test("a refused microphone is told in words, and allowing it mends it", async () => {
  // Without a person to ask, Chromium refuses.
  browser = await launch("--use-fake-device-for-media-stream");
  const { page: tab } = await visit(browser, page());
  const studio = new Studio(tab);
  await studio.ready();
  await studio.part("microphone").click();
  const { verdict } = await studio.until("refused", (state) => state.verdict.title === "No microphone permission");
  expect(verdict.light).toBe("red");
  await studio.playThrough();
  await tab.context().grantPermissions(["microphone"]);
  await studio.part("microphone").click();
  const { mic, verdict: now } = await studio.until("heard", ({ line }) => line?.state === "started" && line.posesUs > 1_000_000);
  expect(mic).toBe("on");
  expect(now.title).not.toBe(verdict.title);
});

/** What the client costs a page: `npm run bench` prints the table of ../bench/browser.md. */

import { build } from "esbuild";
import type { Page } from "playwright-core";
import { Server } from "../tests/live/server.js";
import { launch } from "./browser.js";

const ROUNDS = 3;
const CASES = [
  { rig: "browser/arkit", fps: 60 },
  { rig: "browser/arkit", fps: 30 },
  { rig: "browser/rpm", fps: 60 },
] as const;

interface Cost {
  cpuMs: number;
  inKb: number;
  outKb: number;
  frames: number;
}

const server = await Server.start();
const browser = await launch("--autoplay-policy=no-user-gesture-required");
try {
  const page = await blankPage();
  const idle = await idleCost(page);
  console.log("| rig, poses per second | CPU | received | sent | frames per second |");
  console.log("|---|---|---|---|---|");
  console.log(`| a page that only counts its frames | ${idle.cpuMs.toFixed(0)} ms/s | | | ${idle.frames.toFixed(0)} |`);
  for (const { rig, fps } of CASES) {
    const rounds: Cost[] = [];
    for (let round = 0; round < ROUNDS; round += 1) rounds.push(await lineCost(page, rig, fps));
    const { cpuMs, inKb, outKb, frames } = median(rounds);
    console.log(
      `| \`${rig}\`, ${fps} | ${cpuMs.toFixed(0)} ms/s | ${inKb.toFixed(1)} kB/s | ${outKb.toFixed(1)} kB/s | ${frames.toFixed(0)} |`,
    );
  }
} finally {
  await browser.close();
  await server.stop();
}

/** A page of the server's that has the probe and draws nothing. */
async function blankPage(): Promise<Page> {
  const probe = await build({
    entryPoints: [`${import.meta.dirname}/probe.ts`],
    bundle: true, format: "esm", minify: true, write: false, target: "es2022",
  });
  const page = await (await browser.newContext({ bypassCSP: true })).newPage();
  await page.goto(`http://127.0.0.1:${server.port}/healthz`);
  await page.addScriptTag({ type: "module", content: probe.outputFiles[0]?.text ?? "" });
  await page.waitForFunction(() => "probe" in window);
  return page;
}

/** Processor time of the page's process with all its threads, milliseconds since it began. */
async function spent(): Promise<{ cpuMs: number; atMs: number }> {
  const control = await browser.newBrowserCDPSession();
  const { processInfo } = await control.send("SystemInfo.getProcessInfo");
  await control.detach();
  const pages = processInfo.filter(({ type }) => type === "renderer");
  return { cpuMs: 1000 * pages.reduce((sum, { cpuTime }) => sum + cpuTime, 0), atMs: performance.now() };
}

async function lineCost(page: Page, rig: string, fps: number): Promise<Cost> {
  const url = `ws://127.0.0.1:${server.port}`;
  const before = await spent();
  const { bytesIn, bytesOut, frames } = await page.evaluate((options) => window.probe(options), { url, rig, fps });
  const after = await spent();
  const seconds = (after.atMs - before.atMs) / 1000;
  return {
    cpuMs: (after.cpuMs - before.cpuMs) / seconds,
    inKb: bytesIn / 1000 / seconds,
    outKb: bytesOut / 1000 / seconds,
    frames: frames / seconds,
  };
}

async function idleCost(page: Page): Promise<Cost> {
  const before = await spent();
  const frames = await page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        let count = 0;
        const end = performance.now() + 5000;
        const frame = (): void => {
          count += 1;
          if (performance.now() < end) requestAnimationFrame(frame);
          else resolve(count);
        };
        requestAnimationFrame(frame);
      }),
  );
  const after = await spent();
  const seconds = (after.atMs - before.atMs) / 1000;
  return {
    cpuMs: (after.cpuMs - before.cpuMs) / seconds,
    inKb: 0, outKb: 0, frames: frames / seconds,
  };
}

function median(costs: readonly Cost[]): Cost {
  const sorted = [...costs].sort((a, b) => a.cpuMs - b.cpuMs);
  const middle = sorted[Math.floor(sorted.length / 2)];
  if (middle === undefined) throw new Error("nothing was measured");
  return middle;
}

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
  scriptMs: number;
  inKb: number;
  outKb: number;
  frames: number;
}

const server = await Server.start();
const browser = await launch("--autoplay-policy=no-user-gesture-required");
try {
  const page = await blankPage();
  const idle = await idleCost(page);
  console.log("| rig, poses per second | CPU | of it script | received | sent | frames per second |");
  console.log("|---|---|---|---|---|---|");
  console.log(`| the page alone, frames counted | ${idle.cpuMs.toFixed(1)} ms/s | ${idle.scriptMs.toFixed(1)} ms/s | | | ${idle.frames.toFixed(0)} |`);
  for (const { rig, fps } of CASES) {
    const rounds: Cost[] = [];
    for (let round = 0; round < ROUNDS; round += 1) rounds.push(await lineCost(page, rig, fps));
    const { cpuMs, scriptMs, inKb, outKb, frames } = median(rounds);
    console.log(
      `| \`${rig}\`, ${fps} | ${cpuMs.toFixed(1)} ms/s | ${scriptMs.toFixed(1)} ms/s | ${inKb.toFixed(1)} kB/s | ${outKb.toFixed(1)} kB/s | ${frames.toFixed(0)} |`,
    );
  }
} finally {
  await browser.close();
  await server.stop();
}

/** A page of the server's origin that has the probe and nothing else. */
async function blankPage(): Promise<Page> {
  const probe = await build({
    entryPoints: [`${import.meta.dirname}/probe.ts`],
    bundle: true, format: "esm", minify: true, write: false, target: "es2022",
  });
  const page = await (await browser.newContext()).newPage();
  const address = `http://127.0.0.1:${server.port}`;
  await page.route(`${address}/probe`, (route) => route.fulfill({ contentType: "text/html", body: "<!doctype html>" }));
  await page.goto(`${address}/probe`);
  await page.addScriptTag({ type: "module", content: probe.outputFiles[0]?.text ?? "" });
  await page.waitForFunction(() => "probe" in window);
  return page;
}

/** Processor time of the page's thread, milliseconds since it began. */
async function spent(page: Page): Promise<{ cpuMs: number; scriptMs: number; atMs: number }> {
  const control = await page.context().newCDPSession(page);
  await control.send("Performance.enable", { timeDomain: "threadTicks" });
  const { metrics } = await control.send("Performance.getMetrics");
  await control.detach();
  const figure = (name: string): number => 1000 * (metrics.find((metric) => metric.name === name)?.value ?? NaN);
  return { cpuMs: figure("TaskDuration"), scriptMs: figure("ScriptDuration"), atMs: performance.now() };
}

async function lineCost(page: Page, rig: string, fps: number): Promise<Cost> {
  const url = `ws://127.0.0.1:${server.port}`;
  const before = await spent(page);
  const { bytesIn, bytesOut, frames } = await page.evaluate((options) => window.probe(options), { url, rig, fps });
  const after = await spent(page);
  const seconds = (after.atMs - before.atMs) / 1000;
  return {
    cpuMs: (after.cpuMs - before.cpuMs) / seconds,
    scriptMs: (after.scriptMs - before.scriptMs) / seconds,
    inKb: bytesIn / 1000 / seconds,
    outKb: bytesOut / 1000 / seconds,
    frames: frames / seconds,
  };
}

async function idleCost(page: Page): Promise<Cost> {
  const before = await spent(page);
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
  const after = await spent(page);
  const seconds = (after.atMs - before.atMs) / 1000;
  return {
    cpuMs: (after.cpuMs - before.cpuMs) / seconds,
    scriptMs: (after.scriptMs - before.scriptMs) / seconds,
    inKb: 0, outKb: 0, frames: frames / seconds,
  };
}

function median(costs: readonly Cost[]): Cost {
  const sorted = [...costs].sort((a, b) => a.cpuMs - b.cpuMs);
  const middle = sorted[Math.floor(sorted.length / 2)];
  if (middle === undefined) throw new Error("nothing was measured");
  return middle;
}

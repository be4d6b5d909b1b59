/** Pictures of the studio for people to look at, in shots/: `npm run shots`. */

import { mkdir } from "node:fs/promises";
import path from "node:path";
import type { BrowserContextOptions } from "playwright-core";
import { Server } from "../tests/live/server.js";
import { launch, visit } from "./browser.js";
import { Studio, valueAt } from "./studio.js";

const FOLDER = path.join(import.meta.dirname, "../shots");
/** The rendered stage settles: camera, blends of the player, idle life that is switched off. */
const SETTLE_MS = 2500;

await mkdir(FOLDER, { recursive: true });
const server = await Server.start();
const browser = await launch();
try {
  await desktop();
  await phone();
} finally {
  await browser.close();
  await server.stop();
}

async function open(options: BrowserContextOptions): Promise<Studio> {
  const { page } = await visit(browser, `http://127.0.0.1:${server.port}/`, options);
  const studio = new Studio(page);
  await studio.ready();
  await page.evaluate(() => {
    if (window.a2f.stage !== null) window.a2f.stage.quality = "full";
  });
  return studio;
}

async function shoot(studio: Studio, name: string): Promise<void> {
  await studio.page.waitForTimeout(SETTLE_MS);
  await studio.page.screenshot({ path: path.join(FOLDER, `${name}.png`) });
  console.log(path.join("shots", `${name}.png`));
}

async function desktop(): Promise<void> {
  const studio = await open({ viewport: { width: 1280, height: 720 }, colorScheme: "dark" });
  await studio.part("tab-face").click();
  await studio.part("idle-off").click();
  await shoot(studio, "neutral");
  await studio.part("tab-curves").click();
  await studio.playThrough();
  for (const [name, tUs] of Object.entries(await moments(studio))) {
    await showAt(studio, tUs);
    await shoot(studio, name);
  }
  await studio.page.keyboard.press("Escape");
  await studio.part("tab-emotion").click();
  for (const preset of ["joy", "angry", "sad"]) {
    await studio.part(`preset-${preset}`).click();
    await shoot(studio, preset);
  }
  await studio.part("preset-neutral").click();
  await halfBlink(studio);
  await shoot(studio, "blink");
  await studio.page.context().close();
}

/** A vowel with a wide jaw, and between vowels a moment in which the lips are sealed. */
async function moments(studio: Studio): Promise<{ vowel: number; sealed: number }> {
  const jaw = await studio.poses("jawOpen");
  const closed = await studio.poses("mouthClose");
  const gap = ({ tUs }: { tUs: number }): number => valueAt(jaw, tUs) - valueAt(closed, tUs);
  const inside = jaw.slice(Math.floor(jaw.length / 6), Math.floor((jaw.length * 5) / 6));
  const vowel = inside.reduce((best, pose) => (gap(pose) > gap(best) ? pose : best));
  const nearby = inside.filter(({ tUs }) => Math.abs(tUs - vowel.tUs) < 1_500_000);
  const sealed = nearby.reduce((best, pose) => (gap(pose) - pose.value / 2 < gap(best) - best.value / 2 ? pose : best));
  return { vowel: vowel.tUs, sealed: sealed.tUs };
}

/** Play the line again and hold it at a time. */
async function showAt(studio: Studio, tUs: number): Promise<void> {
  await studio.page.evaluate((us) => {
    const playback = window.a2f.playback();
    playback?.pause();
    playback?.seek(us);
  }, tUs);
}

/** Both lids half closed, by way of the server: what a blink looks like on its way. */
async function halfBlink(studio: Studio): Promise<void> {
  await studio.page.evaluate(() =>
    window.a2f.session()?.set({ curves: { eyeBlinkLeft: { offset: 0.5 }, eyeBlinkRight: { offset: 0.5 } } }),
  );
}

async function phone(): Promise<void> {
  const studio = await open({ viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, hasTouch: true, isMobile: true });
  await shoot(studio, "phone");
}

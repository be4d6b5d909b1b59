import { existsSync } from "node:fs";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";

/** Software rendering, so that WebGL 2 is there on any machine. */
const DRAWING = ["--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"];
const PLACES = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/** How long a page may take to do what it is asked, on a slow machine. */
const LIMIT_MS = 60_000;

/** Chromium, headless. A2F_CHROMIUM names another than the system's. */
export function launch(...flags: string[]): Promise<Browser> {
  const executablePath = process.env["A2F_CHROMIUM"] ?? PLACES.find((place) => existsSync(place));
  if (executablePath === undefined) {
    throw new Error(`no Chromium at ${PLACES.join(", ")}; set A2F_CHROMIUM`);
  }
  return chromium.launch({ executablePath, args: ["--no-sandbox", ...DRAWING, ...flags] });
}

/** A page with everything that it complained about or asked other hosts for. */
export interface Watched {
  page: Page;
  /** Errors of the console and uncaught ones. */
  errors: string[];
  /** Requests to anything but the page's own origin. */
  strangers: string[];
}

/** Open a page and watch it. */
export async function visit(browser: Browser, url: string, options: BrowserContextOptions = {}): Promise<Watched> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 720 }, ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(LIMIT_MS);
  const watched: Watched = { page, errors: [], strangers: [] };
  const { host } = new URL(url);
  page.on("console", (message) => {
    if (message.type() === "error") watched.errors.push(`${message.text()} ${message.location().url}`);
  });
  page.on("pageerror", (error) => watched.errors.push(String(error)));
  page.on("request", (request) => {
    const asked = new URL(request.url());
    if (!["blob:", "data:"].includes(asked.protocol) && asked.host !== host) watched.strangers.push(request.url());
  });
  await page.goto(url, { waitUntil: "commit" });
  return watched;
}

import { readFile } from "node:fs/promises";
import path from "node:path";
import { build } from "esbuild";
import { expect, test } from "vitest";
import { Server } from "../tests/live/server.js";
import { launch, visit } from "./browser.js";

const PACKAGE = path.join(import.meta.dirname, "..");

/** The example of the README as it stands there, but for the server's address, made into a page. */
async function example(url: string): Promise<string> {
  const readme = await readFile(path.join(PACKAGE, "README.md"), "utf8");
  const code = /```js\n(import [^`]+)```/.exec(readme)?.[1] ?? "";
  expect(code.split("ws://localhost:8765")).toHaveLength(2);
  const lines = code.replace("ws://localhost:8765", url).replace("const meshes = []", "const meshes = (window.meshes = [])");
  const bundle = await build({
    stdin: { contents: lines, resolveDir: PACKAGE },
    alias: { "@a2f-ws/client": path.join(PACKAGE, "src/index.ts") },
    bundle: true, format: "esm", write: false, target: "es2022",
  });
  return bundle.outputFiles[0]?.text ?? "";
}

test("the example of the README moves the head when it is clicked", async () => {
  const server = await Server.start();
  const browser = await launch();
  try {
    const address = `http://127.0.0.1:${server.port}`;
    const script = await example(server.url);
    const { page, errors, strangers } = await visit(browser, `${address}/healthz`, { bypassCSP: true });
    await page.evaluate(() => document.body.replaceChildren());
    await page.addScriptTag({ type: "module", content: script });
    const jaw = (): Promise<number> =>
      page.evaluate(() => {
        const { meshes } = window as unknown as { meshes: { morphTargetDictionary: Record<string, number>; morphTargetInfluences: number[] }[] };
        return Math.max(0, ...meshes.map((mesh) => mesh.morphTargetInfluences[mesh.morphTargetDictionary["jawOpen"] ?? -1] ?? 0));
      });
    await page.waitForFunction(() => document.body.onclick !== null, null, { timeout: 60_000 });
    expect(await jaw()).toBeLessThan(0.05);
    await page.mouse.click(100, 100);
    let widest = 0;
    for (const end = Date.now() + 30_000; Date.now() < end && widest < 0.3; ) {
      await page.waitForTimeout(100);
      widest = Math.max(widest, await jaw());
    }
    expect(widest).toBeGreaterThan(0.2);
    // The plain page that it stands in has no icon.
    expect(errors.filter((error) => !error.endsWith("/favicon.ico"))).toEqual([]);
    expect(strangers).toEqual([]);
  } finally {
    await browser.close();
    await server.stop();
  }
});

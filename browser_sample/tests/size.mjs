/** How many bytes a page loads: bundled, minified and gzipped, the worklet counted too. */

import { gzipSync } from "node:zlib";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const MOST_BYTES = 20_000;

/** @param {string} path */
async function sizeOf(path) {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL(`../src/${path}`, import.meta.url))],
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2022",
    write: false,
  });
  return gzipSync(outputFiles[0]?.contents ?? new Uint8Array(), { level: 9 }).length;
}

const library = await sizeOf("index.ts");
const worklet = await sizeOf("worklet/capture.js");
const total = library + worklet;
console.log(`library ${library} + worklet ${worklet} = ${total} bytes gzipped, at most ${MOST_BYTES}`);
process.exit(total > MOST_BYTES ? 1 : 0);

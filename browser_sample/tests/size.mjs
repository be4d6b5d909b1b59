/** How many bytes a page loads: bundled, minified and gzipped, the worklet counted too. */

import { gzipSync } from "node:zlib";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const MOST_BYTES = 20_000;

/**
 * Bytes of a module with all that it imports at once; what it loads at need comes later.
 *
 * @param {string} path
 */
async function sizeOf(path) {
  const { outputFiles, metafile } = await build({
    entryPoints: [fileURLToPath(new URL(`../src/${path}`, import.meta.url))],
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2022",
    splitting: true,
    metafile: true,
    outdir: "out",
    write: false,
  });
  const entry = Object.entries(metafile.outputs).find(([, { entryPoint }]) => entryPoint?.endsWith(path));
  const loaded = new Set([entry?.[0]]);
  for (const name of loaded) {
    for (const { path: other, kind } of metafile.outputs[name ?? ""]?.imports ?? []) {
      if (kind === "import-statement") loaded.add(other);
    }
  }
  const parts = outputFiles.filter(({ path: file }) => [...loaded].some((name) => file.endsWith(name ?? "?")));
  return gzipSync(Buffer.concat(parts.map(({ contents }) => contents)), { level: 9 }).length;
}

const library = await sizeOf("index.ts");
const worklet = await sizeOf("worklet/capture.js");
const total = library + worklet;
console.log(`library ${library} + worklet ${worklet} = ${total} bytes gzipped, at most ${MOST_BYTES}`);
process.exit(total > MOST_BYTES ? 1 : 0);

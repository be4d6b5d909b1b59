/** Run a script of this folder that is written in TypeScript: `node e2e/run.mjs shots`. */

import path from "node:path";
import { runnerImport } from "vite";

await runnerImport(path.join(import.meta.dirname, `${process.argv[2]}.ts`), { configFile: false, logLevel: "error" });

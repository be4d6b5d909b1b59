import { defineConfig } from "vitest/config";

/** Node has a WebSocket of its own from version 22 on, before that behind a flag. */
const hasSocket = Number.parseInt(process.versions.node, 10) >= 22;

export default defineConfig({
  test: {
    include: ["tests/**/*.test.ts"],
    globalSetup: ["tests/live/server.ts"],
    execArgv: hasSocket ? [] : ["--experimental-websocket"],
    testTimeout: 20_000,
    maxWorkers: 2,
  },
});

import { defineConfig } from "vitest/config";

/** Tests in a real browser against a real server; one file at a time, since both cores are busy with one page. */
export default defineConfig({
  test: {
    root: import.meta.dirname,
    include: ["**/*.test.ts"],
    fileParallelism: false,
    testTimeout: 240_000,
    hookTimeout: 120_000,
  },
});

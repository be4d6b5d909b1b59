import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const SOURCE = fileURLToPath(new URL("../../src", import.meta.url));
const files = readdirSync(SOURCE, { recursive: true, encoding: "utf8" })
  .filter((name) => /\.(ts|js)$/.test(name))
  .map((name) => ({ name, text: readFileSync(join(SOURCE, name), "utf8") }));
const core = files.filter(({ name }) => name.startsWith("core"));

test("the core imports nothing but the core and knows no page, socket or clock", () => {
  expect(core.length).toBeGreaterThan(15);
  for (const { name, text } of core) {
    const imports = [...text.matchAll(/from "(.*)"/g)].map(([, path]) => path);
    expect(imports.filter((path) => !/^\.\/\w+\.js$/.test(path as string)), name).toEqual([]);
    expect(text, name).not.toMatch(
      /\b(window|document|navigator|performance|Date|setTimeout|setInterval|fetch|WebSocket|AudioContext)\b[.(]/,
    );
  }
});

test("nothing at all is imported from other packages", () => {
  for (const { name, text } of files) {
    const imports = [...text.matchAll(/(?:from|import) "(.*)"/g)].map(([, path]) => path as string);
    expect(imports.filter((path) => !path.startsWith(".")), name).toEqual([]);
  }
});

test("no module is longer than three hundred lines", () => {
  for (const { name, text } of files) expect(text.split("\n").length - 1, name).toBeLessThanOrEqual(300);
});

import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Server } from "../tests/live/server.js";
import { launch, visit } from "./browser.js";
import { Studio } from "./studio.js";

const PASSWORD = "correct horse battery";

let server: Server;
let browser: Browser;

beforeAll(async () => {
  [server, browser] = await Promise.all([Server.start(0, [], { A2F_PASSWORD: PASSWORD }), launch()]);
});
afterAll(async () => {
  await Promise.all([server.stop(), browser.close()]);
});

test("the page asks for the password, by keyboard alone, until it is right, and once in a tab", async () => {
  const { page, errors } = await visit(browser, `http://127.0.0.1:${server.port}/`);
  const studio = new Studio(page);
  await studio.part("lock").waitFor();
  expect(await studio.part("lock").textContent()).toContain("This server wants a password");
  expect(await page.evaluate(() => document.activeElement?.id)).toBe("lock-secret");
  await page.keyboard.type("wrong horse battery");
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => document.querySelector("#lock-why")?.textContent?.includes("is wrong"));
  await page.keyboard.type(PASSWORD);
  await page.keyboard.press("Enter");
  await studio.ready();
  expect(await studio.part("lock").isVisible()).toBe(false);
  await page.reload();
  await studio.ready();
  expect(errors).toEqual([]);
  await page.context().close();
});

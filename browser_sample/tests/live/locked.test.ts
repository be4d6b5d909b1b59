import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Client, type ClientOptions, connect } from "../../src/index.js";
import { Server } from "./server.js";

const PASSWORD = "pässword 鍵 battery";
const TOKEN = "a2f_token-of-this-test";
const folder = mkdtempSync(path.join(tmpdir(), "a2f-"));
let server: Server;

beforeAll(async () => {
  const tokens = path.join(folder, "tokens.toml");
  const hash = createHash("sha256").update(TOKEN).digest("hex");
  writeFileSync(tokens, `[[token]]\nname = "page"\nhash = "sha256:${hash}"\nrights = ["speak"]\n`);
  server = await Server.start(0, ["--tokens", tokens], { A2F_PASSWORD: PASSWORD });
});
afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true });
});

async function met(options: ClientOptions): Promise<Client> {
  const client = connect(server.url, options);
  await client.ready().catch(() => undefined);
  return client;
}

test.each([[{ password: PASSWORD }], [{ token: TOKEN }], [{ password: PASSWORD, format: "json" as const }]])(
  "a server with a password lets in whoever shows %j",
  async (options) => {
    const client = await met(options);
    expect([client.state, client.fault]).toEqual(["ready", null]);
    expect(client.hello?.auth.kind).toBe("challenge");
    await (await client.open({ rig: "arkit", rate: 16_000 })).close();
    client.close();
  },
);

test.each([
  [{}, "found neither proof nor token"],
  [{ password: "wrong" }, "the password is wrong"],
  [{ password: "" }, "the password is wrong"],
  [{ token: "a2f_wrong" }, "not known here"],
])("a server with a password turns %j away, in words and for good", async (options, words) => {
  const client = await met(options);
  expect([client.state, client.fault?.code, client.fault?.retryInMs]).toEqual(["closed", 4401, null]);
  expect(client.fault?.message).toContain("The server wants a password or token");
  expect(client.fault?.message).toContain(words);
});

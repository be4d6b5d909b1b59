/** Starts `a2f-ws serve` for the tests: once for all of them, and again where a test kills it. */

import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { TestProject } from "vitest/node";

declare module "vitest" {
  export interface ProvidedContext {
    serverUrl: string;
  }
}

export const ROOT = fileURLToPath(new URL("../../..", import.meta.url));
export const PYTHON = process.env["A2F_PYTHON"] ?? "python3";

/** A server of a test's own, on a port of its choice (0 = any free one). */
export class Server {
  private constructor(
    readonly url: string,
    readonly port: number,
    private readonly process: ChildProcess,
  ) {}

  static async start(port = 0, words: string[] = [], environ: Record<string, string> = {}): Promise<Server> {
    const child = spawn(
      PYTHON,
      ["-m", "a2f_ws", "serve", "--port", `${port}`, "--announce", "--exit-with-stdin", ...words],
      { cwd: ROOT, env: { ...process.env, ...environ }, stdio: ["pipe", "pipe", "pipe"] },
    );
    let log = "";
    child.stderr.on("data", (text: Buffer) => {
      log = (log + text.toString()).slice(-4000);
    });
    const line = await new Promise<string>((resolve, reject) => {
      createInterface(child.stdout).once("line", resolve);
      child.once("error", reject);
      child.once("exit", (code) => reject(new Error(`the server ended with ${code}: ${log}`)));
    });
    const said = JSON.parse(line) as { url: string; port: number };
    return new Server(said.url, said.port, child);
  }

  /** Stop as a crash does: without a word to anybody. */
  async kill(): Promise<void> {
    await this.#end(() => this.process.kill("SIGKILL"));
  }

  /** Stop as it does at the end of a day. */
  async stop(): Promise<void> {
    await this.#end(() => this.process.stdin?.end());
  }

  async #end(by: () => void): Promise<void> {
    if (this.process.exitCode !== null || this.process.signalCode !== null) return;
    const gone = new Promise((resolve) => this.process.once("exit", resolve));
    by();
    await gone;
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await Server.start();
  project.provide("serverUrl", server.url);
  return () => server.stop();
}

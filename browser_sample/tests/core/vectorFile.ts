/** Reads the vectors of `protocol/vectors`, whose format is said in their README. */

import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";

const FOLDER = fileURLToPath(new URL("../../../protocol/vectors", import.meta.url));

export type Value = string | number | boolean | Uint8Array | Value[] | { [key: string]: Value };

export interface Block {
  /** File, line-independent title: for the name of a test. */
  readonly title: string;
  readonly from: string;
  readonly hex: Uint8Array | undefined;
  readonly json: string | undefined;
  /** Code and field of a refused frame. */
  readonly error: string | undefined;
  readonly close: string | undefined;
  readonly isIgnored: boolean;
  readonly fields: { [key: string]: Value };
}

export function vectorFiles(folder: string): string[] {
  return readdirSync(join(FOLDER, folder))
    .filter((name) => name.endsWith(".vec"))
    .sort()
    .map((name) => join(FOLDER, folder, name));
}

export function fromHex(text: string): Uint8Array {
  return Uint8Array.from(text.split(" ").filter(Boolean), (byte) => Number.parseInt(byte, 16));
}

const READ: Readonly<Record<string, (text: string) => Value>> = {
  str: decodeURIComponent,
  int: Number,
  float: Number,
  bool: (text) => text === "true",
  bin: fromHex,
  map: () => ({}),
  list: () => [],
};

export function readBlocks(path: string): Block[] {
  const blocks: Block[] = [];
  for (const block of readFileSync(path, "utf8").split("\n\n")) {
    const words = new Map<string, string>();
    const fields: { [key: string]: Value } = {};
    for (const line of block.split("\n")) {
      const [name = "", equals, kind = "", ...rest] = line.split(" ");
      if (equals !== "=") words.set(name, line.slice(name.length + 1));
      else place(fields, name.split(".").map(decodeURIComponent), READ[kind]?.(rest.join(" ")) ?? "");
    }
    const from = words.get("from");
    if (from === undefined) continue;
    const hex = words.get("hex");
    blocks.push({
      title: `${basename(path)}: ${words.get("#")}`,
      from,
      hex: hex === undefined ? undefined : fromHex(hex),
      json: words.get("json"),
      error: words.get("error"),
      close: words.get("close"),
      isIgnored: words.has("ignored"),
      fields,
    });
  }
  return blocks;
}

function place(fields: { [key: string]: Value }, way: string[], value: Value): void {
  let here: { [key: string]: Value } | Value[] = fields;
  for (const part of way.slice(0, -1)) {
    here = (here as { [key: string]: Value })[part] as { [key: string]: Value };
  }
  (here as { [key: string]: Value })[way.at(-1) as string] = value;
}

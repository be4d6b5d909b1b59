import { describe, expect, test } from "vitest";
import { decode, encode, toPlain } from "../../src/core/Codec.js";
import { ProtocolError } from "../../src/core/Fields.js";
import { type Plain, Real } from "../../src/core/Msgpack.js";
import type { Message } from "../../src/core/Requests.js";
import { readBlocks, type Value, vectorFiles } from "./vectorFile.js";

/** A message as the vectors write it: names of the wire, floats as plain numbers. */
function wire(plain: Plain): Value {
  if (plain instanceof Real) return plain.value;
  if (plain instanceof Uint8Array) return new Uint8Array(plain);
  if (Array.isArray(plain)) return plain.map(wire);
  if (plain === null || typeof plain !== "object") return plain as Value;
  return Object.fromEntries(Object.entries(plain as object).map(([k, v]) => [k, wire(v)]));
}

function refusal(frame: string | Uint8Array, isJson: boolean): ProtocolError {
  try {
    decode(frame, isJson);
  } catch (error) {
    if (error instanceof ProtocolError) return error;
    throw error;
  }
  throw new Error("it was taken");
}

const generated = vectorFiles("").flatMap(readBlocks);
const accepted = vectorFiles("accept").flatMap(readBlocks);
const rejected = vectorFiles("reject").flatMap(readBlocks);

describe("generated vectors", () => {
  test.each(generated.filter((block) => block.hex))(
    "bytes become fields and fields become bytes: $title",
    ({ hex, fields }) => {
      const message = decode(hex as Uint8Array, false) as Message;
      expect(wire(toPlain(message))).toEqual(fields);
      // What a rig table means as a float is not known here: 1.0 in it is written as 1.
      if (!("table" in fields)) expect(encode(message, false)).toEqual(hex);
      expect(decode(encode(message, false), false)).toEqual(message);
    },
  );

  test.each(generated.filter((block) => block.json))(
    "JSON says the same as bytes: $title",
    ({ json, hex, fields }) => {
      const message = decode(json as string, true) as Message;
      expect(wire(toPlain(message))).toEqual(fields);
      expect(JSON.parse(encode(message, true) as string)).toEqual(JSON.parse(json as string));
      if (hex) expect(message).toEqual(decode(hex, false));
    },
  );
});

describe("other legal forms", () => {
  test.each(accepted.filter((block) => !block.isIgnored))(
    "are read as the same message: $title",
    ({ hex, json, fields }) => {
      const message = decode(hex ?? (json as string), hex === undefined) as Message;
      expect(wire(toPlain(message))).toEqual(fields);
    },
  );

  test.each(accepted.filter((block) => block.isIgnored))(
    "of the future are ignored: $title",
    ({ hex, json }) => {
      expect(decode(hex ?? (json as string), hex === undefined)).toBeNull();
    },
  );
});

describe("frames to refuse", () => {
  const ofServer = rejected.filter((block) => block.from === "server");

  test.each(ofServer)("from a server are refused with code and field: $title", (block) => {
    const fault = refusal(block.hex ?? (block.json as string), block.hex === undefined);
    expect(fault.closes).toBe(block.close !== undefined);
    const found = fault.closes ? `${fault.code}` : `${fault.code} ${fault.field}`;
    expect(found).toBe(block.close ?? block.error);
  });

  test.each(rejected.filter((block) => block.close && block.hex))(
    "whose bytes are no message are refused from either side: $title",
    ({ hex }) => {
      expect(refusal(hex as Uint8Array, false)).toMatchObject({ code: 4400, closes: true });
    },
  );

  test("a text frame is refused where bytes are spoken and the other way round", () => {
    expect(refusal('{"op":"ok","re":1}', false)).toMatchObject({ code: 4400, closes: true });
    expect(refusal(new Uint8Array([0x80]), true)).toMatchObject({ code: 4400, closes: true });
  });
});

test("the vectors hold frames of every kind, so none of these tests runs over nothing", () => {
  expect(generated.filter((block) => block.hex).length).toBeGreaterThan(40);
  expect(accepted.length).toBeGreaterThan(20);
  expect(rejected.filter((block) => block.from === "server").length).toBeGreaterThan(14);
});

test("fields are in camelCase and names of the user's stay as they are", () => {
  const { hex } = generated.find((block) => block.title.includes("without authentication")) ?? {};
  const hello = decode(hex as Uint8Array, false);
  expect(hello).toMatchObject({
    op: "hello",
    models: [{ lookAheadUs: 120_000, fpsMax: 240, params: [{ name: "skin_strength" }] }],
    limits: { message_bytes: 4_194_304 },
  });
});

test("a key that JavaScript gives a meaning to is a key like any other", () => {
  const frame = '{"op":"status","level":"info","code":"x","message":"","counters":{"__proto__":7}}';
  const status = decode(frame, true) as Extract<Message, { op: "status" }>;
  expect(Object.entries(status.counters)).toEqual([["__proto__", 7]]);
});

test("a long message is written in one piece whatever its size", () => {
  const pcm = Uint8Array.from({ length: 100_000 }, (_, k) => k & 0xff);
  const message: Message = { op: "audio", sid: 1, u: 1, first: 2 ** 40, pcm };
  expect(decode(encode(message, false), false)).toEqual(message);
  expect(decode(encode(message, true), true)).toEqual(message);
});

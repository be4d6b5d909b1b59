import { describe, expect, test } from "vitest";
import { Clip, openClip } from "../../src/Clip.js";
import { toPlain } from "../../src/core/Codec.js";
import { ProtocolError } from "../../src/core/Fields.js";
import { Real } from "../../src/core/Msgpack.js";
import { PosePlayer } from "../../src/core/PosePlayer.js";
import { type Block, readBlocks, type Value, vectorFiles } from "./vectorFile.js";

const blocks = vectorFiles("clips").flatMap(readBlocks);
const good = blocks.filter(({ title }) => title.startsWith("clips.vec"));
const bad = blocks.filter(({ title }) => title.startsWith("refused.vec"));

interface Sample {
  readonly play_us: number;
  readonly now_us: number;
  readonly state: string;
  readonly row: number[];
}

interface Said {
  readonly head: Value;
  readonly opened: Value;
  readonly rest: number[];
  readonly rows: number[][];
  readonly first: number;
  readonly start_us: number;
  readonly sound_end_us: number;
  readonly end_us: number;
  readonly samples: Sample[];
}

const saidOf = ({ fields }: Block) => fields as unknown as Said;
const contentOf = ({ hex }: Block) => hex as Uint8Array;
const first = contentOf(good[0] as Block);

/** Values as the vectors write them. */
function wire(value: unknown): Value {
  if (value instanceof Real) return value.value;
  if (value instanceof Uint8Array) return new Uint8Array(value);
  if (Array.isArray(value)) return value.map(wire);
  if (typeof value !== "object" || value === null) return value as Value;
  const present = Object.entries(value).filter(([, one]) => one !== undefined);
  return Object.fromEntries(present.map(([key, one]) => [key, wire(one)]));
}

function near(found: Float32Array, wanted: readonly number[]): void {
  expect(found.length).toBe(wanted.length);
  wanted.forEach((value, k) => expect(Math.abs((found[k] as number) - value)).toBeLessThan(1e-5));
}

describe("clips", () => {
  test.each(good)("hold what their vector says: $title", (block) => {
    const said = saidOf(block);
    const clip = new Clip(contentOf(block));
    expect({ op: "clip", ...(wire(clip.head) as object) }).toEqual(said.head);
    expect(wire(toPlain(clip.opened))).toEqual(said.opened);
    near(clip.restRow, said.rest);
    near(clip.rows, said.rows.flat());
    const { first, startUs, soundEndUs, endUs } = clip;
    expect([first, startUs, soundEndUs, endUs]).toEqual(
      [said.first, said.start_us, said.sound_end_us, said.end_us],
    );
  });

  test.each(good)("show what their vector says: $title", (block) => {
    const player = new Clip(contentOf(block)).player();
    for (const sample of saidOf(block).samples) {
      near(player.sample(1, sample.play_us, sample.now_us), sample.row);
      expect(player.state).toBe(sample.state);
    }
  });

  test.each(bad)("are refused where they are none: $title", (block) => {
    expect(() => new Clip(contentOf(block))).toThrow(ProtocolError);
  });

  test("are refused wherever they are cut off", () => {
    for (let size = 0; size < first.length; size++) {
      expect(() => new Clip(first.subarray(0, size))).toThrow(ProtocolError);
    }
  });

  test("play one behind the other in one player", () => {
    const clip = new Clip(first);
    const player = new PosePlayer();
    clip.feed(player, 1);
    player.sample(1, 0, 0);
    const once = player.sample(1, 100_000, 100_000);
    clip.feed(player, 2);
    player.sample(2, 0, 900_000);
    expect(player.sample(2, 100_000, 1_000_000)).toEqual(once);
    expect(once[0]).toBeGreaterThan(0);
  });

  test("come out of memory and out of files", async () => {
    const copies = [first, first.slice().buffer, new Blob([first.slice()])];
    for (const copy of copies) expect((await openClip(copy)).head.source).toBe("silence.wav");
  });
});

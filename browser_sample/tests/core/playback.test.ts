import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { expect, test } from "vitest";
import * as Idle from "../../src/core/Idle.js";
import { PosePlayer } from "../../src/core/PosePlayer.js";
import { vectorFiles } from "./vectorFile.js";

const TOLERANCE = 1e-5;

/** One scenario on a player of its own; an answer is the words behind `=`. */
class Replay {
  readonly #player = new PosePlayer();
  readonly #roles: Record<string, readonly [number, number]> = {};
  readonly #widths = new Map<number, number>();

  step(nowUs: number, verb: string, words: readonly string[]): (string | number)[] | null {
    const player = this.#player;
    const [a = Number.NaN, b = Number.NaN, c = Number.NaN, d = Number.NaN] = words.map(Number);
    switch (verb) {
      case "opened":
        this.#opened(words.map(Number));
        return null;
      case "rest":
        player.rest(a, row(words, 1));
        return null;
      case "poses":
        player.poses(a, b, c, row(words, 3));
        return null;
      case "ramp":
        this.#ramp([a, b, c, d], row(words, 4));
        return null;
      case "utterance":
        player.utterance(a, words[1] as string, c, d);
        return null;
      case "interrupt":
        player.interrupt(a);
        return null;
      case "cue":
        player.cue(a, b);
        return null;
      case "listen":
        player.listen(a, b);
        return null;
      case "pace":
        player.rate = a;
        player.isPaused = b === 1;
        return null;
      case "visible":
        player.isVisible = a === 1;
        return null;
      case "av_offset_us":
        player.avOffsetUs = a;
        return null;
      case "keep_us":
        player.keepUs = words[0] === "all" ? null : a;
        return null;
      case "role":
        this.#roles[words[0] as string] = [b, c];
        return null;
      default:
        return this.#ask(nowUs, verb, words);
    }
  }

  #ask(nowUs: number, verb: string, words: readonly string[]): (string | number)[] {
    const player = this.#player;
    const u = Number(words[0]);
    const level = words[1] as Idle.Level;
    switch (verb) {
      case "sample": {
        const [, word = "-"] = words;
        const live = (): number | null => player.live(u, nowUs);
        const shown = player.sample(u, word === "live" ? live() : playHead(word), nowUs);
        return [player.state, player.layout.id, ...shown];
      }
      case "live":
        return [player.live(u, nowUs) ?? "-"];
      case "margin":
        return [player.gate.marginUs];
      case "rows":
        return [player.rows];
      case "offsets":
        return [...Idle.offsets(u, nowUs, level)];
      case "apply":
        return [...Idle.apply(row(words, 2), Idle.offsets(u, nowUs, level), this.#roles)];
      default:
        throw new Error(`no such verb: ${verb}`);
    }
  }

  #opened([layout = 0, curves = 0, transforms = 0, num = 0, den = 1, look = 0, ahead = 0]: number[]): void {
    this.#widths.set(layout, curves + 7 * transforms);
    const names = (count: number): string[] => Array.from({ length: count }, String);
    this.#player.opened(
      {
        layout,
        curves: names(curves),
        transforms: names(transforms),
        fps: [num, den],
        idle: {},
        lookAheadUs: look,
      },
      { aheadUs: ahead },
    );
  }

  #ramp([u, layout, i, n]: [number, number, number, number], two: Float32Array): void {
    const width = this.#widths.get(layout) as number;
    const rows = Float32Array.from({ length: n * width }, (_, at) => {
      const k = at % width;
      return (two[k] as number) + Math.floor(at / width) * (two[width + k] as number);
    });
    this.#player.poses(u, layout, i, rows);
  }
}

function row(words: readonly string[], from: number): Float32Array {
  return Float32Array.from(words.slice(from), Number);
}

function playHead(word: string): number | null {
  return word === "-" ? null : Number(word);
}

function isSame(found: string | number, wanted: string): boolean {
  return typeof found === "number"
    ? Math.abs(found - Number(wanted)) <= TOLERANCE
    : found === wanted;
}

test.each(vectorFiles("playback").map((path) => [basename(path, ".vec"), path] as const))(
  "the same face as every other client shows: %s",
  (_name, path) => {
    const replay = new Replay();
    let answer: (string | number)[] | null = null;
    let answers = 0;
    readFileSync(path, "utf8")
      .split("\n")
      .forEach((line, k) => {
        if (line === "" || line.startsWith("#")) return;
        if (line.startsWith("=")) {
          const wanted = line.split(" ").slice(1);
          const same = answer?.length === wanted.length &&
            answer.every((found, at) => isSame(found, wanted[at] as string));
          expect(same, `line ${k + 1}: found ${answer?.join(" ")}, wanted ${wanted.join(" ")}`).toBe(true);
          answers++;
        } else {
          const [nowUs = "", verb = "", ...words] = line.split(" ");
          answer = replay.step(Number(nowUs), verb, words);
        }
      });
    expect(answers).toBeGreaterThan(0);
  },
);

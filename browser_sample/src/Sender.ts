/** The sound of a session's lines on its way out: in order, no faster than the server's credit. */

import type { Opened, Utterance } from "./core/Messages.js";
import { toPcm } from "./core/Pcm.js";
import { PoseRate } from "./core/Rate.js";
import { AHEAD_US } from "./core/PosePlayer.js";
import { clockUs, Deferred } from "./Emitter.js";
import type { ServerError } from "./Fault.js";
import type { Line } from "./Line.js";
import type { Link } from "./Link.js";
import { type Pieces, piecesOf, type Sound } from "./Reel.js";
import type { Taken } from "./Return.js";
import type { Terms } from "./Terms.js";
import type { PoseBlock } from "./View.js";

/** Where the sound is, as told last. */
export interface PlayedHead {
  readonly u: number;
  readonly tUs: number;
  readonly rate: number;
  readonly paused: boolean;
}

/** Messages have 20 … 250 ms of sound (protocol §19: 20 … 500). */
const LEAST_PER_S = 50;
const MOST_PER_S = 4;
/** A source is read no further ahead of what was sent than this, s; a microphone is always read. */
const UNSENT_S = 2;
/** How much of a microphone's sound is kept, s: more than any model looks back. */
const MIC_KEPT_S = 10;
const FULL_MS = 10;
const TRUST_US = 1_000_000;
const INTERNAL = 4500;
/** Utterances that a server takes whose `hello.limits` does not say (protocol §14). */
export const UTTERANCES_MAX = 8;

export class Sender {
  readonly #lines = new Map<number, Line>();
  readonly #sources = new Map<number, Pieces>();
  /** Utterances that the server has begun on this connection. */
  readonly #started = new Set<number>();
  readonly #sid: number;
  readonly #terms: Terms;
  readonly #link: () => Link | null;
  readonly #most: () => number;
  #head: (PlayedHead & { readonly atUs: number }) | null = null;
  #moved = new Deferred<void>();
  #isWaiting = false;

  /** @param most - how many utterances may be alive at once. */
  constructor(sid: number, terms: Terms, link: () => Link | null, most: () => number) {
    this.#sid = sid;
    this.#terms = terms;
    this.#link = link;
    this.#most = most;
  }

  get head(): PlayedHead | null {
    return this.#head;
  }

  /** No utterance is alive. */
  get isIdle(): boolean {
    return this.#lines.size === 0;
  }

  add(line: Line, sound: Sound, creditUs: number): void {
    this.#lines.set(line.u, line);
    line.begin(0, 0, creditUs);
    if (sound instanceof Float32Array) {
      line.reel.append(sound);
      line.reel.isEnded = true;
      this.pump();
    } else {
      const pieces = piecesOf(sound);
      this.#sources.set(line.u, pieces);
      void this.#read(line, pieces);
    }
  }

  /** Send what may be sent now. */
  pump(): void {
    const link = this.#link();
    let begun = 0;
    for (const line of link ? [...this.#lines.values()] : []) {
      if (line.isHalted) continue;
      if (++begun > this.#most() || !this.#send(line, link as Link)) break;
    }
    this.#moved.resolve();
    this.#moved = new Deferred<void>();
  }

  /** Stop sending what is not over, up to `u`; true when the server knows one of them. */
  halt(u: number): boolean {
    let isKnown = false;
    for (const line of [...this.#lines.values()]) {
      if (line.u > u || line.isHalted) continue;
      line.isHalted = true;
      this.#cancel(line);
      if (line.hasBegun && this.#link()) isKnown = true;
      else this.#finish(line, () => line.tell("interrupted"));
    }
    this.pump();
    return isKnown;
  }

  /** Note where the sound is; true when the server knows that utterance. */
  hear(head: PlayedHead): boolean {
    this.#head = { ...head, atUs: clockUs() };
    for (const u of this.#started) if (u < head.u) this.#started.delete(u);
    return this.#started.has(head.u);
  }

  allow(u: number, toUs: number): void {
    this.#lines.get(u)?.allow(toUs);
    this.pump();
  }

  tell({ u, state }: Utterance): void {
    if (state === "started") this.#started.add(u);
    const line = this.#lines.get(u);
    if (!line) return;
    if (state === "poses_done" || state === "interrupted") {
      this.#cancel(line);
      this.#finish(line, () => line.tell(state));
      this.pump();
    } else line.tell(state);
  }

  /** Poses came: what has become poses counts as processed. Null when none of them is wanted. */
  arrived(block: PoseBlock, opened: Opened): PoseBlock | null {
    const line = this.#lines.get(block.u);
    if (!line) return block;
    const rate = new PoseRate(opened.fps);
    const lastUs = rate.timeUs(block.i + block.n - 1);
    line.arrived(lastUs, opened.lookAheadUs, clockUs());
    this.allow(block.u, lastUs + opened.creditUs);
    let skip = 0;
    while (skip < block.n && rate.timeUs(block.i + skip) < line.fromUs) skip++;
    if (skip === block.n || skip === 0) return skip ? null : block;
    const rows = block.rows.slice(skip * opened.row);
    const i = block.i + skip;
    return { ...block, i, tUs: rate.timeUs(i), n: block.n - skip, rows };
  }

  /** The server refused sound. */
  refused(error: ServerError): void {
    const line = [...this.#lines.values()].findLast((one) => one.hasBegun && !one.isHalted);
    if (line && error.code !== INTERNAL) this.#fail(line, error);
  }

  /** The connection is lost. */
  lose(): void {
    this.#started.clear();
    for (const line of [...this.#lines.values()]) {
      if (line.isHalted) this.#finish(line, () => line.tell("interrupted"));
    }
  }

  /** Nothing can be sent any more. */
  end(why: Error): void {
    for (const line of [...this.#lines.values()]) {
      this.#cancel(line);
      this.#finish(line, () => line.fail(why));
    }
    this.pump();
  }

  /** Another connection is there: take the lines up. */
  begin(opened: Opened, link: Link): Promise<Taken[]> {
    return import("./Return.js").then(({ goOn }) =>
      goOn([...this.#lines.values()], opened, this.#head, this.#terms.isMic, link),
    );
  }

  async #read(line: Line, pieces: Pieces): Promise<void> {
    const { reel } = line;
    try {
      for (let piece = await pieces.next(); piece; piece = await pieces.next()) {
        if (line.isHalted || line.isOver) return;
        reel.append(piece);
        this.pump();
        while (!this.#terms.isMic && reel.end - line.sent > UNSENT_S * reel.rate) {
          if (line.isHalted || line.isOver) return;
          await this.#moved.promise;
        }
      }
      reel.isEnded = true;
      this.pump();
    } catch (error) {
      this.#fail(line, error as Error);
    }
  }

  /** Send one line as far as possible; true when it is out and the next one may follow. */
  #send(line: Line, link: Link): boolean {
    const { reel } = line;
    while (!line.isEndSent) {
      if (link.isFull) return this.#wait();
      const left = reel.end - line.sent;
      const frames = Math.min(line.room, left, Math.floor(reel.rate / MOST_PER_S));
      if (reel.isEnded && left === 0) {
        line.isEndSent = line.hasBegun = true;
        link.send({ op: "end", sid: this.#sid, u: line.u });
        this.#mark(line);
      } else if (frames * LEAST_PER_S < reel.rate && !(reel.isEnded && frames === left)) {
        return false;
      } else {
        const samples = reel.read(line.sent, line.sent + frames);
        const pcm = toPcm(samples, this.#terms.format);
        link.send({ op: "audio", sid: this.#sid, u: line.u, first: line.sent, pcm });
        line.sent += frames;
        line.hasBegun = true;
        this.#mark(line);
        if (this.#terms.isMic) reel.forget(line.sent - MIC_KEPT_S * reel.rate);
      }
    }
    return true;
  }

  #mark(line: Line): void {
    const atUs = clockUs();
    const head = this.#head;
    let headUs = -Infinity;
    if (this.#terms.isBurst) headUs = Infinity;
    else if (!head) headUs = line.sinceFirstUs(atUs);
    else if (head.u === line.u) {
      headUs = head.tUs + (head.paused ? 0 : Math.min(atUs - head.atUs, TRUST_US) * head.rate);
    }
    line.mark(atUs, headUs + (this.#terms.aheadUs ?? AHEAD_US));
  }

  /** The socket is full: try again in a moment. */
  #wait(): false {
    if (!this.#isWaiting) {
      this.#isWaiting = true;
      setTimeout(() => {
        this.#isWaiting = false;
        this.pump();
      }, FULL_MS);
    }
    return false;
  }

  #fail(line: Line, why: Error): void {
    if (line.isOver) return;
    this.#cancel(line);
    if (line.hasBegun && !line.isEndSent) {
      this.#link()?.send({ op: "end", sid: this.#sid, u: line.u });
    }
    this.#finish(line, () => line.fail(why));
    this.pump();
  }

  #finish(line: Line, by: () => void): void {
    this.#lines.delete(line.u);
    by();
  }

  #cancel(line: Line): void {
    this.#sources.get(line.u)?.cancel();
    this.#sources.delete(line.u);
  }
}

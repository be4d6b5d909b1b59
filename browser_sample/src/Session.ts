/** One talking head. */

import type { Client } from "./Client.js";
import type { Row } from "./core/Layout.js";
import type { Closed, Opened, Poses } from "./core/Messages.js";
import type { PosePlayer } from "./core/PosePlayer.js";
import { usToFrames } from "./core/Rate.js";
import type { Reply, Request } from "./core/Requests.js";
import { Deferred, Emitter } from "./Emitter.js";
import { retryOf, ServerError, ServerGoneError } from "./Fault.js";
import { type Link, refusal } from "./Link.js";
import { Line } from "./Line.js";
import { Reel, type Sound } from "./Reel.js";
import { Sender, UTTERANCES_MAX } from "./Sender.js";
import { type EmotionOptions, type OpenOptions, type SetOptions, Terms } from "./Terms.js";
import { type Load, type SessionEvents, View } from "./View.js";

/** Pauses between tries to open a session again that the server gave up, ms. */
const REOPEN_LEAST_MS = 1000;
const REOPEN_MOST_MS = 30_000;
/** Longest wait for poses after a page is visible again, before they count as missing. */
const RETURN_MS = 1000;

/** Speaks lines and moves the face; survives the loss of its connection. `Client.open` makes it. */
export class Session extends Emitter<SessionEvents> {
  /** @internal */
  readonly terms: Terms;
  readonly #view = new View();
  readonly #sender: Sender;
  readonly #leave: () => void;
  #link: Link | null = null;
  #pending: Link | null = null;
  #whenOpen = new Deferred<void>();
  #isClosed = false;
  #isClosing = false;
  #isReturning = false;
  #newest = 0;
  #pauseMs = 0;

  /** @internal */
  constructor(
    readonly client: Client,
    readonly sid: number,
    options: OpenOptions,
    leave: () => void,
  ) {
    super();
    this.terms = new Terms(sid, options);
    const most = (): number => client.hello?.limits["utterances"] ?? UTTERANCES_MAX;
    this.#sender = new Sender(sid, this.terms, () => this.#link, most);
    this.#leave = leave;
    if (options.keepUs !== undefined) this.player.keepUs = options.keepUs;
  }

  /** What the server has settled, the newest: names, rate, look-ahead and more. */
  get opened(): Opened {
    const { opened } = this.#view;
    if (!opened) throw new Error(`session ${this.sid} is used before it was opened`);
    return opened;
  }

  /** Shows its poses; sampled by `Playback`, by `follow` or by the page itself. */
  get player(): PosePlayer {
    return this.#view.player;
  }

  /** The row of silence; empty until the server has sent it. */
  get restRow(): Row {
    return this.#view.restRow;
  }

  /** Nothing more will come. */
  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** The server's last `load`, once a second with `OpenOptions.status`. */
  get load(): Load | null {
    return this.#view.load;
  }

  /** Sample frames per second of its sound. */
  get rate(): number {
    return this.terms.rate;
  }

  /**
   * Say a line; lines are sent, and spoken, in the order in which they were said. A whole array is
   * used as it is until the line is over, not copied.
   *
   * @param options - `firstUs`: where in the utterance the sound begins; before it is silence.
   */
  say(sound: Sound, { firstUs = 0 }: { readonly firstUs?: number } = {}): Line {
    const line = new Line(++this.#newest, new Reel(this.rate, usToFrames(firstUs, this.rate)));
    if (this.#isClosed) line.fail(new ServerGoneError(1000, `session ${this.sid} is closed`));
    else this.#sender.add(line, sound, this.#view.opened?.creditUs ?? 0);
    return line;
  }

  /** Move the emotion to `values`, 0 … 1 by name; an absent name is 0. */
  async emotion(values: Readonly<Record<string, number>>, o: EmotionOptions = {}): Promise<void> {
    const message = { op: "emotion" as const, sid: this.sid, values, ...o };
    await this.request(message);
    this.terms.feel(message);
  }

  /** Change what is given; model, rig, have and fps only while no utterance is alive. */
  async set(o: SetOptions): Promise<void> {
    if (o.visible === false) this.player.isVisible = this.#isReturning = false;
    await this.request({ op: "set", sid: this.sid, ...o });
    this.terms.change(o);
    if (o.visible) this.#return();
  }

  /**
   * Drop utterances up to `u` (absent: all) now, sent or not.
   *
   * @param tUs - what was heard of it.
   */
  async interrupt(u: number = this.#newest, tUs?: number): Promise<void> {
    if (u < 1) return;
    this.player.interrupt(u);
    if (!this.#sender.halt(u) || !this.#link) return;
    const heard = tUs === undefined ? {} : { tUs: Math.max(0, Math.round(tUs)) };
    await this.#link
      .ask({ op: "interrupt", sid: this.sid, u, ...heard })
      .catch((error: ServerError) => {
        if (!(error instanceof ServerGoneError)) throw error;
      });
  }

  /** Tell where the sound is; at least four times a second while it runs, and at changes. */
  played(u: number, tUs: number, rate = 1, paused = false): void {
    const head = { u, tUs: Math.max(0, Math.round(tUs)), rate, paused };
    if (this.#sender.hear(head)) this.#tell({ op: "played", sid: this.sid, ...head });
  }

  /** Interrupt everything and end the session. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosing = true;
    const link = this.#link;
    if (link) await link.ask({ op: "close", sid: this.sid }).catch(() => undefined);
    this.end(new ServerGoneError(1000, "as asked"));
  }

  /** @internal */
  whenOpen(): Promise<void> {
    return this.#whenOpen.promise;
  }

  /** @internal A connection is ready: take up what was going on, or open it afresh. */
  attach(link: Link, resume: string | null | undefined = this.#view.opened?.resume): void {
    this.#pending = link;
    link
      .ask({ ...this.terms.open(this.#sender.head), resume } as Request)
      .then(() => this.#resume(link))
      .catch((error: ServerError) => {
        if (error instanceof ServerGoneError || this.#pending !== link) return;
        if (resume) this.attach(link, null);
        else if (!this.#view.opened || !this.#reopen(error.code, error.retryInMs)) this.end(error);
      });
  }

  /** @internal The connection is lost; another one may come. */
  detach(): void {
    this.#pending = null;
    if (!this.#link) return;
    this.#link = null;
    this.#whenOpen = new Deferred<void>();
    this.#sender.lose();
  }

  /** @internal Nothing more will come. */
  end(why: ServerError): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.detach();
    this.#whenOpen.reject(why);
    this.#sender.end(why);
    this.#leave();
    this.emit("closed", { code: why.code, reason: why.message });
  }

  /** @internal Take over what the server says. */
  take(message: Reply): void {
    switch (message.op) {
      case "opened":
        this.#view.take(message, this.terms.aheadUs);
        this.emit("opened", message);
        break;
      case "rest":
        if (this.#view.rest(message)) this.emit("rest", this.restRow);
        break;
      case "poses":
        this.#takePoses(message);
        break;
      case "utterance":
        this.player.utterance(message.u, message.state, message.poses, message.tUs);
        this.#sender.tell(message);
        if (this.#sender.isIdle) this.#returned();
        this.emit("utterance", message);
        break;
      case "credit":
        this.#sender.allow(message.u, message.toUs);
        this.emit("credit", message);
        break;
      case "status":
        this.#view.figures(message);
        this.emit("status", message);
        break;
      case "geometry":
      case "played":
        this.emit(message.op, message as never);
        break;
      case "error":
        this.#refused(refusal(message));
        break;
      case "closed":
        this.#closed(message);
        break;
    }
  }

  #takePoses(message: Poses): void {
    const { opened } = this.#view;
    const rows = this.#view.rows(message.layout, message.data, message.n);
    const block = opened && rows && this.#sender.arrived({ ...message, rows }, opened);
    if (!block) return;
    this.#view.poses(block);
    this.#returned();
    this.emit("poses", block);
  }

  /** An error that answers no request: only sound is sent without one. */
  #refused(error: ServerError): void {
    this.#sender.refused(error);
    this.emit("error", error);
  }

  #closed({ code, reason, retryS }: Closed): void {
    if (this.#isClosing || !this.#link) return;
    if (!this.#reopen(code, retryS ? retryS * 1000 : null)) this.end(new ServerError(code, reason));
  }

  /** Try again after a pause, where the code says so. */
  #reopen(code: number, retryInMs: number | null): boolean {
    if (!["yes", "later"].includes(retryOf(code))) return false;
    const link = this.#link ?? this.#pending;
    this.detach();
    this.#pending = link;
    this.#pauseMs = Math.min(REOPEN_MOST_MS, Math.max(REOPEN_LEAST_MS, 2 * this.#pauseMs));
    setTimeout(() => {
      if (link && this.#pending === link && !this.#isClosed) this.attach(link);
    }, retryInMs ?? this.#pauseMs);
    return true;
  }

  /** The server knows the session: tell what is in force and take up the lines. */
  async #resume(link: Link): Promise<void> {
    const taken = await this.#sender.begin(this.opened, link);
    if (this.#pending !== link || this.#isClosed) return;
    this.#link = link;
    for (const message of this.terms.rest(this.#sender.head)) this.#tell(message);
    for (const { u, fromUs } of taken) this.player.cue(u, fromUs);
    this.#sender.pump();
    this.#whenOpen.resolve();
  }

  /** Ask without waiting; a refusal is an event. */
  #tell(message: Request): void {
    this.#link?.ask(message).catch((error: ServerError) => {
      if (!(error instanceof ServerGoneError)) this.emit("error", error);
    });
  }

  /** @internal Ask, at once where that can be; what a lost connection swallowed is asked again. */
  async request(message: Request): Promise<void> {
    for (;;) {
      if (!this.#link) await this.#whenOpen.promise;
      try {
        return void (await this.#link?.ask(message));
      } catch (error) {
        if (!(error instanceof ServerGoneError) || this.#isClosed) throw error;
      }
    }
  }

  /** Visible again: poses count as missing only when the first of them have come. */
  #return(): void {
    this.#isReturning = true;
    if (this.#sender.isIdle) this.#returned();
    else setTimeout(() => this.#returned(), RETURN_MS);
  }

  #returned(): void {
    if (this.#isReturning) this.player.isVisible = this.terms.isVisible;
    this.#isReturning = false;
  }
}

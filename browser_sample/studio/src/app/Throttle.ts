/** Calls `then` at once, and while calls keep coming at most once per `everyMs`, the last one always. */
export class Throttle {
  readonly #everyMs: number;
  readonly #then: () => void;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #isWanted = false;

  constructor(everyMs: number, then: () => void) {
    this.#everyMs = everyMs;
    this.#then = then;
  }

  call(): void {
    if (this.#timer !== null) {
      this.#isWanted = true;
      return;
    }
    this.#then();
    this.#timer = setTimeout(() => {
      this.#timer = null;
      if (!this.#isWanted) return;
      this.#isWanted = false;
      this.call();
    }, this.#everyMs);
  }
}

/** Calls `then` once nothing was asked for `afterMs`. */
export class Debounce {
  readonly #afterMs: number;
  readonly #then: () => void;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(afterMs: number, then: () => void) {
    this.#afterMs = afterMs;
    this.#then = then;
  }

  call(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(this.#then, this.#afterMs);
  }
}

/** The page's state in one place: whoever shows a part of it is told when that part changes. */
export class Store<S extends object> {
  #state: S;
  readonly #watchers = new Set<() => void>();

  constructor(initial: S) {
    this.#state = initial;
  }

  /** What is so now; never changed in place. */
  get state(): S {
    return this.#state;
  }

  /** Replace some fields. Watchers run before this returns. */
  patch(part: Partial<S>): void {
    this.#state = { ...this.#state, ...part };
    for (const tell of [...this.#watchers]) tell();
  }

  /**
   * Call `then` now, and whenever what `pick` picks is another value (by identity).
   *
   * @returns Ends the watch.
   */
  watch<T>(pick: (state: S) => T, then: (value: T) => void): () => void {
    let last = pick(this.#state);
    const tell = (): void => {
      const value = pick(this.#state);
      if (Object.is(value, last)) return;
      last = value;
      then(value);
    };
    this.#watchers.add(tell);
    then(last);
    return () => this.#watchers.delete(tell);
  }
}

/** Events by name. */

/** Lets others listen; a listener that throws is reported and disturbs nobody else. */
export class Emitter<Events extends object> {
  readonly #listeners = new Map<keyof Events, Set<(event: never) => void>>();

  /** Call `fn` for every event of that name until the returned function is called. */
  on<Name extends keyof Events>(name: Name, fn: (event: Events[Name]) => void): () => void {
    const listeners = this.#listeners.get(name) ?? new Set();
    this.#listeners.set(name, listeners);
    listeners.add(fn);
    return () => listeners.delete(fn);
  }

  protected emit<Name extends keyof Events>(name: Name, event: Events[Name]): void {
    for (const fn of this.#listeners.get(name) ?? []) {
      try {
        (fn as (event: Events[Name]) => void)(event);
      } catch (error) {
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }
}

/** A promise and its two ends. */
export class Deferred<T> {
  readonly promise: Promise<T>;
  resolve!: (value: T) => void;
  reject!: (reason: Error) => void;

  constructor() {
    this.promise = new Promise<T>((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
    // Whoever does not ask is not to be told: a rejection that nobody awaits is no fault here.
    this.promise.catch(() => undefined);
  }
}

/** The client's clock: integer microseconds, steady. */
export function clockUs(): number {
  return Math.round(performance.now() * 1000);
}

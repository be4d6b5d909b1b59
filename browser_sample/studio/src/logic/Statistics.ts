/** The value below which a share of all values lies (nearest rank); null without values. */
export function quantile(values: readonly number[], share: number): number | null {
  if (values.length === 0) return null;
  const sorted = [...values].sort((a, b) => a - b);
  const rank = Math.ceil(share * sorted.length) - 1;
  return sorted[Math.min(Math.max(rank, 0), sorted.length - 1)] ?? null;
}

/** The last values of something that goes on and on. */
export class Recent {
  readonly #values: number[] = [];
  readonly #max: number;

  constructor(max: number) {
    this.#max = max;
  }

  get values(): readonly number[] {
    return this.#values;
  }

  add(value: number): void {
    this.#values.push(value);
    if (this.#values.length > this.#max) this.#values.shift();
  }

  clear(): void {
    this.#values.length = 0;
  }
}

/** How much of something comes per second, over the last stretch of time. */
export class Flow {
  readonly #spanMs: number;
  #events: { atMs: number; amount: number }[] = [];

  /** @param spanMs Length of the stretch, milliseconds. */
  constructor(spanMs: number) {
    this.#spanMs = spanMs;
  }

  add(amount: number, nowMs: number): void {
    this.#events.push({ atMs: nowMs, amount });
  }

  /** Sum over the stretch that ends now. */
  sum(nowMs: number): number {
    this.#events = this.#events.filter((event) => event.atMs > nowMs - this.#spanMs);
    return this.#events.reduce((sum, event) => sum + event.amount, 0);
  }

  /** Amount per second over the stretch that ends now. */
  perSecond(nowMs: number): number {
    return (this.sum(nowMs) * 1000) / this.#spanMs;
  }

  clear(): void {
    this.#events = [];
  }
}

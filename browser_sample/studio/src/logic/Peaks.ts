/** Lowest and highest sample of each stretch of 5 ms, for drawing a waveform of any length. */
export class Peaks {
  static readonly STRETCH_US = 5_000;
  #values = new Float32Array(2 * 400);
  #count = 0;
  /** Of the stretch that is not full: its lowest and highest sample; samples heard in all. */
  #low = 0;
  #high = 0;
  #heard = 0;

  /** The peaks of a whole sound: one array per channel, all of the same length. */
  static of(channels: readonly Float32Array[], rateHz: number): Peaks {
    const peaks = new Peaks();
    const length = channels[0]?.length ?? 0;
    const stretches = Math.ceil((length / rateHz) * (1e6 / Peaks.STRETCH_US));
    for (let k = 0; k < stretches; k += 1) {
      const from = Math.floor((k * Peaks.STRETCH_US * rateHz) / 1e6);
      const to = Math.min(Math.floor(((k + 1) * Peaks.STRETCH_US * rateHz) / 1e6), length);
      let low = 0;
      let high = 0;
      for (const channel of channels) {
        for (let i = from; i < to; i += 1) {
          const sample = channel[i] ?? 0;
          if (sample < low) low = sample;
          if (sample > high) high = sample;
        }
      }
      peaks.push(low, high);
    }
    return peaks;
  }

  /** Stretches so far. */
  get count(): number {
    return this.#count;
  }

  get lengthUs(): number {
    return this.#count * Peaks.STRETCH_US;
  }

  push(low: number, high: number): void {
    if (this.#count * 2 === this.#values.length) {
      const larger = new Float32Array(this.#values.length * 2);
      larger.set(this.#values);
      this.#values = larger;
    }
    this.#values[this.#count * 2] = low;
    this.#values[this.#count * 2 + 1] = high;
    this.#count += 1;
  }

  /** Take the next samples of a sound that comes piece by piece; a stretch shows when it is full. */
  hear(samples: Float32Array, rateHz: number): void {
    for (const sample of samples) {
      this.#low = Math.min(this.#low, sample);
      this.#high = Math.max(this.#high, sample);
      this.#heard += 1;
      if (this.#heard * 1e6 < (this.#count + 1) * Peaks.STRETCH_US * rateHz) continue;
      this.push(this.#low, this.#high);
      this.#low = this.#high = 0;
    }
  }

  /** The largest distance from zero, 0 where there is nothing. */
  get loudest(): number {
    let loudest = 0;
    for (let i = 0; i < this.#count * 2; i += 1) {
      loudest = Math.max(loudest, Math.abs(this.#values[i] ?? 0));
    }
    return loudest;
  }

  /** Lowest and highest sample between two times; zeros where there is nothing. */
  range(fromUs: number, toUs: number): [number, number] {
    const from = Math.max(Math.floor(fromUs / Peaks.STRETCH_US), 0);
    const to = Math.min(Math.max(Math.ceil(toUs / Peaks.STRETCH_US), from + 1), this.#count);
    let low = 0;
    let high = 0;
    for (let k = from; k < to; k += 1) {
      low = Math.min(low, this.#values[k * 2] ?? 0);
      high = Math.max(high, this.#values[k * 2 + 1] ?? 0);
    }
    return [low, high];
  }
}

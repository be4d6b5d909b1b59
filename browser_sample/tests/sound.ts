/** Sound for tests: something that moves a mouth, the same at every run. */

/** Syllables of a buzzing voice, 16-bit values, full scale about 0.5. */
export function voice(seconds: number, rate: number): Float32Array {
  let noise = 1;
  return Float32Array.from({ length: Math.round(seconds * rate) }, (_, k) => {
    const t = k / rate;
    noise = (Math.imul(noise, 1664525) + 1013904223) >>> 0;
    const syllable = Math.max(0, Math.sin(2 * Math.PI * 3.1 * t)) ** 2;
    let value = 0.02 * (noise / 2 ** 31 - 1);
    for (let h = 1; h <= 12; h++) {
      const formant = Math.exp(-(((h * 120 - 700 - 300 * Math.sin(2 * t)) / 400) ** 2));
      value += 0.25 * formant * Math.sin(2 * Math.PI * 120 * h * t);
    }
    return Math.round(32768 * Math.max(-0.9, Math.min(0.9, syllable * value))) / 32768;
  });
}

/** Pieces of `ms` each, at the pace of real time where `isLive`. */
export async function* pieces(sound: Float32Array, rate: number, ms: number, isLive = false) {
  const size = Math.round((ms / 1000) * rate);
  const begun = performance.now();
  for (let at = 0; at < sound.length; at += size) {
    if (isLive) await sleep(begun + (at / rate) * 1000 + ms - performance.now());
    yield sound.subarray(at, at + size);
  }
}

export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, Math.max(0, ms)));
}

/** Samples to the bytes of the wire. */

/** Sample formats that this client sends, both little endian as every browser's machine is. */
export type SampleFormat = "s16le" | "f32le";

/** Largest magnitude that a server takes in f32le. */
const FLOAT_PEAK_MAX = 16;

/**
 * The bytes of mono samples.
 *
 * @param samples - full scale −1 … 1; what is not a number becomes silence, what is beyond full
 * scale is held there (s16le) or at ±16 (f32le).
 */
export function toPcm(samples: Float32Array, format: SampleFormat): Uint8Array {
  if (format === "s16le") {
    const whole = new Int16Array(samples.length);
    for (let k = 0; k < samples.length; k++) {
      whole[k] = Math.max(-32768, Math.min(32767, Math.round((samples[k] as number) * 32768)));
    }
    return new Uint8Array(whole.buffer);
  }
  const held = samples.map((value) =>
    Number.isNaN(value) ? 0 : Math.max(-FLOAT_PEAK_MAX, Math.min(FLOAT_PEAK_MAX, value)),
  );
  return new Uint8Array(held.buffer);
}

/** The mean of channels of equal length; a single channel is returned as it is. */
export function toMono(channels: readonly Float32Array[]): Float32Array {
  const first = channels[0] ?? new Float32Array(0);
  if (channels.length < 2) return first;
  const mean = first.slice();
  for (const channel of channels.slice(1)) {
    for (let k = 0; k < mean.length; k++) mean[k] = (mean[k] as number) + (channel[k] as number);
  }
  return mean.map((value) => value / channels.length);
}

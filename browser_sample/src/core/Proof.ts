/**
 * The answer to a server's challenge: knowledge of the password, shown without sending it (protocol
 * §17). Loaded only where there is a password. The browser's own SHA-256 is kept from pages that
 * come over plain http from another machine, and those have servers with passwords too.
 */

import type { Hello } from "./Messages.js";

/** What `identify.proof` is to say; undefined where the server has asked for nothing. */
export function prove(password: string, { salt = "", challenge }: Hello["auth"]): string | undefined {
  return challenge === undefined ? undefined : proofOf(password, salt, challenge);
}

/** base64(SHA-256(base64(SHA-256(password + salt)) + challenge)). */
export function proofOf(password: string, salt: string, challenge: string): string {
  return digest(digest(password + salt) + challenge);
}

/** base64 of the SHA-256 of a text in UTF-8. */
function digest(text: string): string {
  return btoa(String.fromCharCode(...sha256(new TextEncoder().encode(text))));
}

const BLOCK = 64;

/** First 32 bits of the fractions of roots of the first primes. */
function fractions(count: number, power: number): Uint32Array {
  const found: number[] = [];
  for (let n = 2; found.length < count; n++) {
    let isPrime = true;
    for (let k = 2; k * k <= n; k++) if (n % k === 0) isPrime = false;
    if (isPrime) found.push((n ** power % 1) * 2 ** 32);
  }
  return Uint32Array.from(found);
}

const turned = (x: number, by: number): number => (x >>> by) | (x << (32 - by));

/** SHA-256 (FIPS 180-4, §6.2). */
export function sha256(bytes: Uint8Array): Uint8Array {
  const k = fractions(64, 1 / 3);
  const hash = fractions(8, 1 / 2);
  const blocks = Math.ceil((bytes.length + 9) / BLOCK);
  const padded = new DataView(new ArrayBuffer(blocks * BLOCK));
  bytes.forEach((byte, i) => padded.setUint8(i, byte));
  padded.setUint8(bytes.length, 0x80);
  padded.setUint32(blocks * BLOCK - 4, bytes.length * 8);
  const w = new Uint32Array(64);
  for (let at = 0; at < blocks * BLOCK; at += BLOCK) {
    for (let i = 0; i < 64; i++) w[i] = i < 16 ? padded.getUint32(at + 4 * i) : expanded(w, i);
    mix(hash, k, w);
  }
  const result = new DataView(new ArrayBuffer(32));
  hash.forEach((word, i) => result.setUint32(4 * i, word));
  return new Uint8Array(result.buffer);
}

/** Word i of the schedule, from those before it. */
function expanded(w: Uint32Array, i: number): number {
  const x = w[i - 15] as number;
  const y = w[i - 2] as number;
  const near = turned(x, 7) ^ turned(x, 18) ^ (x >>> 3);
  const far = turned(y, 17) ^ turned(y, 19) ^ (y >>> 10);
  return (w[i - 16] as number) + near + (w[i - 7] as number) + far;
}

/** Work one block into the hash. */
function mix(hash: Uint32Array, k: Uint32Array, w: Uint32Array): void {
  let [a, b, c, d, e, f, g, h] = hash as unknown as [number, number, number, number, number, number, number, number];
  for (let i = 0; i < 64; i++) {
    const s1 = turned(e, 6) ^ turned(e, 11) ^ turned(e, 25);
    const one = h + s1 + ((e & f) ^ (~e & g)) + (k[i] as number) + (w[i] as number);
    const s0 = turned(a, 2) ^ turned(a, 13) ^ turned(a, 22);
    const two = s0 + ((a & b) ^ (a & c) ^ (b & c));
    [h, g, f, e, d, c, b, a] = [g, f, e, (d + one) | 0, c, b, a, (one + two) | 0];
  }
  [a, b, c, d, e, f, g, h].forEach((word, i) => (hash[i] = (hash[i] as number) + word));
}

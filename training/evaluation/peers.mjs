// Runs one peer over raw 16 kHz 16-bit files: node peers.mjs PEER NODE_MODULES FILE...
// Prints one JSON line per file: [[seconds, name], ...], each name holding until the next.

import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const [peer, folder, ...files] = process.argv.slice(2);
const load = (path) => import(pathToFileURL(resolve(join(folder, path))));

function floats(file) {
  const bytes = readFileSync(file);
  const pcm = new Int16Array(bytes.buffer, bytes.byteOffset, bytes.length / 2);
  return Float32Array.from(pcm, (value) => value / 32768);
}

// Linear interpolation: its images lie above 8 kHz, where neither peer looks.
function tripled(samples) {
  const result = new Float32Array(samples.length * 3);
  for (let i = 0; i < result.length; i++) {
    const at = i / 3, first = Math.floor(at), next = Math.min(first + 1, samples.length - 1);
    result[i] = samples[first] + (samples[next] - samples[first]) * (at - first);
  }
  return result;
}

async function rhubarb() {
  const { Rhubarb } = await load("rhubarb-lip-sync-wasm/dist/index.js");
  return async (file) => {
    const { mouthCues } = await Rhubarb.getLipSync(Buffer.from(readFileSync(file)));
    return mouthCues.map((cue) => [Number(cue.start), cue.value]);
  };
}

async function headaudio() {
  const { Processor } = await load("@met4citizen/headaudio/modules/processor.mjs");
  const { Training } = await load("@met4citizen/headaudio/modules/training.mjs");
  const bytes = readFileSync(join(folder, "@met4citizen/headaudio/dist/model-en-mixed.bin"));
  globalThis.fetch = async () => ({ ok: true, arrayBuffer: async () => bytes.buffer.slice(
    bytes.byteOffset, bytes.byteOffset + bytes.length) });
  const names = ["aa", "E", "I", "O", "U", "PP", "SS", "TH", "DD", "FF", "KK", "DD", "RR", "CH",
    "sil"];
  return async (file) => {
    const events = [[0, "sil"]];
    let now = 0;
    const port = { onmessage: null, postMessage: (message) => {
      if (message.event === "viseme") events.push([now, names[message.viseme]]);
      if (message.event === "ended") events.push([now, "sil"]);
    } };
    const sampleRate = 48000;
    const processor = new Processor({ sampleRate, processorOptions: {}, parameterData: {} }, { port });
    const { model } = await new Training({ sampleRate }).loadModel("");
    processor._onmessage({ data: { event: "model", model, reset: true } });
    const samples = tripled(floats(file));
    for (let first = 0; first < samples.length; first += 128) {
      now = (first + 128) / sampleRate;
      processor.process(samples.subarray(first, first + 128));
    }
    return events;
  };
}

// AnalyserNode as the Web Audio specification describes it: Blackman, smoothing 0.8, -100 ... -30 dB.
class Analyser {
  constructor(size) {
    this.size = size;
    this.frequencyBinCount = size / 2;
    this.smoothed = new Float64Array(size / 2);
    this.window = Float64Array.from({ length: size }, (_, i) => 0.42
      - 0.5 * Math.cos((2 * Math.PI * i) / size) + 0.08 * Math.cos((4 * Math.PI * i) / size));
    this.time = new Float64Array(size);
  }

  getByteFrequencyData(bytes) {
    const real = this.time.map((value, i) => value * this.window[i]);
    const imaginary = new Float64Array(this.size);
    transform(real, imaginary);
    for (let i = 0; i < bytes.length; i++) {
      const level = Math.hypot(real[i], imaginary[i]) / this.size;
      this.smoothed[i] = 0.8 * this.smoothed[i] + 0.2 * level;
      const decibels = 20 * Math.log10(this.smoothed[i] + 1e-12);
      bytes[i] = Math.max(0, Math.min(255, Math.floor((255 / 70) * (decibels + 100))));
    }
  }
}

function transform(real, imaginary) {
  const size = real.length;
  for (let i = 1, j = 0; i < size; i++) {
    let bit = size >> 1;
    for (; j & bit; bit >>= 1) j ^= bit;
    j ^= bit;
    if (i < j) [real[i], real[j]] = [real[j], real[i]];
  }
  for (let length = 2; length <= size; length <<= 1) {
    const angle = (-2 * Math.PI) / length;
    for (let start = 0; start < size; start += length) {
      for (let k = 0; k < length / 2; k++) {
        const cos = Math.cos(angle * k), sin = Math.sin(angle * k);
        const a = start + k, b = a + length / 2;
        const x = real[b] * cos - imaginary[b] * sin, y = real[b] * sin + imaginary[b] * cos;
        [real[b], imaginary[b]] = [real[a] - x, imaginary[a] - y];
        [real[a], imaginary[a]] = [real[a] + x, imaginary[a] + y];
      }
    }
  }
}

async function wawa() {
  const sampleRate = 48000;
  let now = 0, analyser = null;
  globalThis.window = { AudioContext: class {
    sampleRate = sampleRate;
    createAnalyser() { analyser = new Analyser(2048); return analyser; }
  } };
  Object.defineProperty(globalThis, "performance", { value: { now: () => now * 1000 } });
  const { Lipsync } = await load("wawa-lipsync/dist/wawa-lipsync.es.js");
  return async (file) => {
    now = 0;
    const lipsync = new Lipsync();
    const samples = tripled(floats(file)), events = [];
    for (let frame = 0; frame / 60 < samples.length / sampleRate; frame++) {
      now = frame / 60;
      const end = Math.floor(now * sampleRate);
      analyser.time.fill(0);
      const first = Math.max(end - 2048, 0);
      analyser.time.set(samples.subarray(first, end), 2048 - (end - first));
      lipsync.processAudio();
      const name = lipsync.viseme.replace("viseme_", "");
      events.push([now, { kk: "KK", nn: "DD" }[name] ?? name]);
    }
    return events;
  };
}

const run = await { rhubarb, headaudio, wawa }[peer]();
for (const file of files) console.log(JSON.stringify(await run(file)));
process.exit(0);

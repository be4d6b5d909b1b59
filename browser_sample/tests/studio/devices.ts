/** The sound devices of a browser, in the hand of a test. */

import { vi } from "vitest";
import { FakeSink } from "../FakeSink.js";
// Loaded at need by the library; here before a test stops the clock.
import "../../src/Worklet.js";

export const RATE_HZ = 48_000;
const PIECE = 480;

/** A microphone's track, as `getUserMedia` gives it. */
class Track {
  onended: (() => void) | null = null;
  readyState: "live" | "ended" = "live";

  getSettings(): object {
    return {};
  }

  stop(): void {
    this.readyState = "ended";
  }

  /** Pull the plug. */
  unplug(): void {
    this.stop();
    this.onended?.();
  }
}

/** What a page's devices are replaced by: a person who answers when the test says so. */
export class Devices {
  readonly tracks: Track[] = [];
  readonly #asked: ((answer: Track | DOMException) => void)[] = [];
  readonly #taps: { port: { onmessage: ((event: { data: object }) => void) | null } }[] = [];
  #frame = 0;

  constructor() {
    const taps = this.#taps;
    const node = { connect: () => undefined, disconnect: () => undefined };
    const mediaDevices = {
      getUserMedia: () =>
        new Promise<object>((resolve, reject) => {
          this.#asked.push((answer) => {
            if (answer instanceof Track) resolve({ getAudioTracks: () => [answer], getTracks: () => [answer] });
            else reject(answer);
          });
        }),
      enumerateDevices: () => Promise.resolve([]),
    };
    vi.stubGlobal("navigator", { mediaDevices });
    vi.stubGlobal(
      "AudioContext",
      class extends FakeSink {
        readonly state = "running";
        readonly sampleRate = RATE_HZ;
        readonly audioWorklet = { addModule: () => Promise.resolve() };
        createMediaStreamSource = (): object => node;
        resume = (): Promise<void> => Promise.resolve();
      },
    );
    vi.stubGlobal(
      "AudioWorkletNode",
      class {
        readonly port = { onmessage: null, postMessage: () => undefined };
        connect = node.connect;
        disconnect = node.disconnect;

        constructor() {
          taps.push(this);
        }
      },
    );
  }

  /** Give a microphone to all who have asked. */
  allow(): void {
    for (const answer of this.#asked.splice(0)) {
      const track = new Track();
      this.tracks.push(track);
      answer(track);
    }
  }

  refuse(): void {
    for (const answer of this.#asked.splice(0)) answer(new DOMException("no", "NotAllowedError"));
  }

  /** Let every open microphone hear so much. */
  hear(seconds: number): void {
    for (let left = seconds * RATE_HZ; left > 0; left -= PIECE) {
      const data = { samples: new Float32Array(PIECE).fill(0.1), frame: this.#frame };
      for (const { port } of this.#taps) port.onmessage?.({ data });
      this.#frame += PIECE;
    }
  }
}

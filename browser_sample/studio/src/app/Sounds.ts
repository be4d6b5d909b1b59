import { Peaks } from "../logic/Peaks.js";
import type { SoundItem, StudioStore } from "./State.js";
import { notify, retract, words } from "./State.js";

/** Rate at which files are decoded and sent, samples per second. */
export const SOUND_RATE_HZ = 48_000;

const CLIP = { id: "clip", name: "Bundled clip", address: "/speech.flac" };

/** The audio device, and the sounds that can be spoken. */
export class Sounds {
  readonly #store: StudioStore;
  #context: AudioContext | null = null;
  #files = 0;

  constructor(store: StudioStore) {
    this.#store = store;
  }

  /** State of the audio device; "none" until something was played. */
  get state(): "none" | "suspended" | "running" | "closed" {
    if (this.#context === null) return "none";
    return this.#context.state === "running" || this.#context.state === "closed"
      ? this.#context.state
      : "suspended";
  }

  /** The audio device, opened at the first call: browsers let it run after a click or key only. */
  context(): AudioContext {
    this.#context ??= new AudioContext({ latencyHint: "interactive" });
    return this.#context;
  }

  /** Let the device run, if the browser allows it now. */
  async wake(): Promise<AudioContext> {
    const context = this.context();
    if (context.state === "suspended") {
      await Promise.race([context.resume(), new Promise((done) => setTimeout(done, 300))]);
    }
    return context;
  }

  /** Fetch the clip that comes with the server. */
  async loadClip(): Promise<void> {
    try {
      const answer = await fetch(CLIP.address);
      if (!answer.ok) throw new Error(`the server answered ${answer.status}`);
      await this.#add(CLIP.id, CLIP.name, await answer.arrayBuffer());
      retract(this.#store, "clip");
    } catch (error) {
      notify(this.#store, {
        key: "clip",
        level: "error",
        text: `The bundled clip is not available: ${words(error)}.`,
      });
    }
  }

  /**
   * Decode a file and choose it.
   *
   * @returns What was wrong, in words; null = nothing.
   */
  async loadFile(file: File): Promise<string | null> {
    try {
      this.#files += 1;
      const id = `file-${this.#files}`;
      await this.#add(id, file.name, await file.arrayBuffer());
      this.#store.patch({ chosen: id });
      return null;
    } catch {
      return `${file.name} is no sound that this browser can decode. Try wav, mp3, flac, ogg or m4a.`;
    }
  }

  /** The chosen sound, or null. */
  chosen(): SoundItem | null {
    const { items, chosen } = this.#store.state;
    return items.find((item) => item.id === chosen) ?? null;
  }

  async #add(id: string, name: string, bytes: ArrayBuffer): Promise<void> {
    const decoder = new OfflineAudioContext(1, 1, SOUND_RATE_HZ);
    const sound = await decoder.decodeAudioData(bytes);
    const channels = Array.from({ length: sound.numberOfChannels }, (_, at) =>
      sound.getChannelData(at),
    );
    const item: SoundItem = { id, name, sound, peaks: Peaks.of(channels, sound.sampleRate) };
    const { items, chosen } = this.#store.state;
    this.#store.patch({
      items: [...items.filter((kept) => kept.id !== id), item],
      chosen: chosen === "" ? id : chosen,
    });
  }
}

/** What is left of a sound from a time on, microseconds. */
export function rest(sound: AudioBuffer, fromUs: number): AudioBuffer {
  const first = Math.min(Math.floor((fromUs * sound.sampleRate) / 1e6), sound.length - 1);
  const { numberOfChannels, sampleRate } = sound;
  const part = new AudioBuffer({ length: sound.length - first, numberOfChannels, sampleRate });
  for (let at = 0; at < numberOfChannels; at += 1)
    part.copyToChannel(sound.getChannelData(at).subarray(first), at);
  return part;
}

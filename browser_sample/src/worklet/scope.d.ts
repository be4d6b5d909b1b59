/** What the scope of an AudioWorklet has and TypeScript does not know. */

declare class AudioWorkletProcessor {
  readonly port: MessagePort;
}

declare const sampleRate: number;
declare const currentFrame: number;
declare function registerProcessor(name: string, kind: typeof AudioWorkletProcessor): void;

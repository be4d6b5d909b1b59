/** The way into an AudioWorklet. Loaded when the first microphone or tap is opened, as its worklet is. */

import type { Captured, WorkletOptions } from "./Capture.js";

const loaded = new WeakMap<BaseAudioContext, Promise<void>>();

/**
 * A node that hands on what flows into it.
 *
 * @throws Error - the context has no worklets (the page is not secure), or the file is not there.
 */
export async function capture(
  context: AudioContext,
  take: (piece: Captured) => void,
  { worklet }: WorkletOptions,
): Promise<AudioWorkletNode> {
  if (!context.audioWorklet) throw new Error("AudioWorklet needs https or localhost");
  let loading = loaded.get(context);
  if (!loading) {
    const url = worklet ?? new URL("./worklet/capture.js?no-inline", import.meta.url);
    loading = context.audioWorklet.addModule(url);
    loaded.set(context, loading);
    loading.catch(() => loaded.delete(context));
  }
  await loading;
  const node = new AudioWorkletNode(context, "a2f-capture");
  node.port.onmessage = (event: MessageEvent<Captured>) => take(event.data);
  // Silent, but without a way to the destination no browser has to compute it.
  node.connect(context.destination);
  return node;
}

/** Sound that goes through an AudioWorklet, in pieces of 10 to 20 ms. */

/** A piece of it. */
export interface Captured {
  /** Mono samples. */
  readonly samples: Float32Array;
  /** The context's frame at which it began. */
  readonly frame: number;
}

export interface WorkletOptions {
  /**
   * Address of `worklet/capture.js` of this package, for pages that place it themselves; next to
   * this module unless set.
   */
  readonly worklet?: string | URL;
}

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

/** Stop handing on. */
export function release(node: AudioWorkletNode): void {
  node.port.onmessage = null;
  node.port.postMessage(null);
  node.disconnect();
}

/** Streams that pieces are put into. */
export class Streams {
  readonly #controllers = new Set<ReadableStreamDefaultController<Float32Array>>();

  open(): ReadableStream<Float32Array> {
    let mine: ReadableStreamDefaultController<Float32Array>;
    return new ReadableStream<Float32Array>({
      start: (controller) => {
        mine = controller;
        this.#controllers.add(mine);
      },
      cancel: () => void this.#controllers.delete(mine),
    });
  }

  put(samples: Float32Array): void {
    for (const controller of this.#controllers) controller.enqueue(samples);
  }

  end(): void {
    for (const controller of this.#controllers) controller.close();
    this.#controllers.clear();
  }
}

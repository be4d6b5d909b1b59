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

/** A node that hands on what flows into it; see `Worklet`. */
export async function capture(
  ...by: Parameters<typeof import("./Worklet.js").capture>
): Promise<AudioWorkletNode> {
  return (await import("./Worklet.js")).capture(...by);
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

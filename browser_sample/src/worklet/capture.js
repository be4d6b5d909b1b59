/**
 * AudioWorklet processor "a2f-capture": the mean of the input's channels in pieces of 10 to 20 ms.
 *
 * A file of its own without imports, as AudioWorklet wants it; plain JavaScript, so that compilers
 * and bundlers can leave it as it is. Each message is {samples: Float32Array, frame: number}: the
 * piece, and the context's frame at which it began.
 */

class Capture extends AudioWorkletProcessor {
  constructor() {
    super();
    this.size = Math.ceil((0.01 * sampleRate) / 128) * 128;
    this.samples = new Float32Array(this.size);
    this.filled = 0;
    this.isOpen = true;
    this.port.onmessage = () => {
      this.isOpen = false;
    };
  }

  /**
   * @param {Float32Array[][]} inputs
   * @returns {boolean}
   */
  process(inputs) {
    const channels = inputs[0] ?? [];
    for (const channel of channels) {
      for (let k = 0; k < channel.length; k++) {
        const at = this.filled + k;
        this.samples[at] = (this.samples[at] ?? 0) + (channel[k] ?? 0) / channels.length;
      }
    }
    this.filled += channels[0]?.length ?? 128;
    if (this.filled >= this.size) {
      const { samples } = this;
      const frame = currentFrame + 128 - this.filled;
      this.port.postMessage({ samples, frame }, [samples.buffer]);
      this.samples = new Float32Array(this.size);
      this.filled = 0;
    }
    return this.isOpen;
  }
}

registerProcessor("a2f-capture", Capture);

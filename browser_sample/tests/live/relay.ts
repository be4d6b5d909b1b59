/** A stretch of network between client and server that can be cut. */

import { createServer, connect as dial, type Server, type Socket } from "node:net";
import type { AddressInfo } from "node:net";

export class Relay {
  /** Connections so far. */
  joined = 0;
  readonly #sockets = new Set<Socket>();
  readonly #listener: Server;

  private constructor(to: number) {
    this.#listener = createServer((near) => {
      this.joined++;
      const far = dial(to, "127.0.0.1");
      for (const [one, other] of [
        [near, far],
        [far, near],
      ] as const) {
        this.#sockets.add(one);
        one.on("error", () => undefined);
        one.on("close", () => {
          this.#sockets.delete(one);
          other.destroy();
        });
        one.pipe(other);
      }
    });
  }

  /** One before the server at that address. */
  static async before(url: string): Promise<Relay> {
    const relay = new Relay(Number(new URL(url).port));
    await new Promise<void>((resolve) => relay.#listener.listen(0, "127.0.0.1", resolve));
    return relay;
  }

  get url(): string {
    return `ws://127.0.0.1:${(this.#listener.address() as AddressInfo).port}`;
  }

  /** Cut all that there is, without a word. */
  cut(): void {
    for (const socket of [...this.#sockets]) socket.resetAndDestroy();
  }

  close(): void {
    this.#listener.close();
    this.cut();
  }
}

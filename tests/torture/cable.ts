// The network between a client and the server, to be cut: both ends lose their sockets without a goodbye.

import { once } from 'node:events';
import type { Server, Socket } from 'node:net';
import { connect, createServer } from 'node:net';

export class Cable {
  readonly address: string;
  readonly #listener: Server;
  readonly #ends: Set<Socket>;

  private constructor(address: string, listener: Server, ends: Set<Socket>) {
    this.address = address;
    this.#listener = listener;
    this.#ends = ends;
  }

  /** A new cable to a port of this machine. */
  static async lay(port: number): Promise<Cable> {
    const ends = new Set<Socket>();
    const listener = createServer((near) => {
      const far = connect(port, '127.0.0.1');
      for (const end of [near, far]) {
        ends.add(end);
        end.once('close', () => ends.delete(end));
        // A socket that breaks is what the cable is for: its other end goes, too.
        end.on('error', () => end.destroy());
      }
      near.pipe(far);
      far.pipe(near);
    }).listen(0, '127.0.0.1');
    await once(listener, 'listening');
    const bound = listener.address();
    if (bound === null || typeof bound === 'string') throw new Error('the cable has no port');
    return new Cable(`127.0.0.1:${bound.port}`, listener, ends);
  }

  cut(): void {
    this.#listener.close();
    for (const end of this.#ends) end.resetAndDestroy();
  }
}

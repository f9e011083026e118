// Updates that nobody has accepted yet, and the clients that wait for updates of a run. In memory only: an update that was
// not accepted has had no effect, and after a crash its client asks again under the same update id.

import type { Request } from '@perdure/api/update';
import type { AdmittedUpdate, UpdateNews } from '@perdure/core';

/**
 * What a waiting client hears. `ended`: the run has closed or left the memory, or the server closes; whoever hears it
 * looks again.
 */
export type UpdateEvent = UpdateNews | { readonly kind: 'ended' };
export type UpdateListener = (event: UpdateEvent) => void;

interface Admitted extends AdmittedUpdate {
  readonly bytes: number;
  sent: boolean;
}

export class UpdateRegistry {
  /** In the order in which they were admitted. */
  readonly #admitted = new Map<string, Admitted>();
  readonly #listeners = new Map<string, Set<UpdateListener>>();
  #bytes = 0;

  get isEmpty(): boolean {
    return this.#admitted.size === 0 && this.#listeners.size === 0;
  }

  get admitted(): ReadonlyMap<string, AdmittedUpdate> {
    return this.#admitted;
  }

  /** Of the requests that are not accepted. */
  get bytes(): number {
    return this.#bytes;
  }

  admit(updateId: string, request: Request, bytes: number): void {
    this.#admitted.set(updateId, { request, bytes, sent: false });
    this.#bytes += bytes;
  }

  /** The updates that go with a task that is being handed out now. `again`: also those a worker was given before. */
  take(again: boolean): (readonly [string, Request])[] {
    const taken: (readonly [string, Request])[] = [];
    for (const [updateId, update] of this.#admitted) {
      if (update.sent && !again) continue;
      update.sent = true;
      taken.push([updateId, update.request]);
    }
    return taken;
  }

  /** A transition has decided on these: they go to no worker any more. Nobody hears of it yet. */
  decide(news: readonly UpdateNews[]): void {
    for (const { updateId } of news) {
      this.#bytes -= this.#admitted.get(updateId)?.bytes ?? 0;
      this.#admitted.delete(updateId);
    }
  }

  /** What was decided is durable. Of an update that went two stages at once, only the second one is told. */
  tell(news: readonly UpdateNews[]): void {
    for (const item of new Map(news.map((one) => [one.updateId, one])).values()) {
      for (const listener of [...(this.#listeners.get(item.updateId) ?? [])]) listener(item);
    }
  }

  /** No worker will see what is left. */
  end(): void {
    this.#admitted.clear();
    this.#bytes = 0;
    this.wake();
  }

  /** Everyone looks again. */
  wake(): void {
    for (const listeners of [...this.#listeners.values()]) {
      for (const listener of [...listeners]) listener({ kind: 'ended' });
    }
  }

  listen(updateId: string, listener: UpdateListener): void {
    const listeners = this.#listeners.get(updateId) ?? new Set();
    this.#listeners.set(updateId, listeners.add(listener));
  }

  unlisten(updateId: string, listener: UpdateListener): void {
    const listeners = this.#listeners.get(updateId);
    listeners?.delete(listener);
    if (listeners?.size === 0) this.#listeners.delete(updateId);
  }
}

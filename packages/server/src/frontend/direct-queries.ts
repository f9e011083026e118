// Queries that are tasks of their own: offered to a task queue, taken by a worker, answered by id.

import type { WorkflowQuery } from '@perdure/api/query';
import { QueueType } from '../matching/matching.ts';
import type { QueryTask } from '../matching/task.ts';
import type { QueryAnswer } from '../runtime/query-registry.ts';
import type { Run } from '../runtime/run.ts';
import type { FrontendContext } from './context.ts';

/** One offer of a query to one task queue. It can be withdrawn while nobody has taken it. */
interface Offer {
  state: 'open' | 'taken' | 'withdrawn';
  readonly taken: Promise<void>;
}

export class DirectQueries {
  readonly #waiting = new Map<string, (answer: QueryAnswer) => void>();

  add(id: string): Promise<QueryAnswer> {
    return new Promise((resolve) => this.#waiting.set(id, resolve));
  }

  remove(id: string): void {
    this.#waiting.delete(id);
  }

  /** False: nobody waits for it (any more). */
  answer(id: string, answer: QueryAnswer): boolean {
    const resolve = this.#waiting.get(id);
    if (resolve === undefined) return false;
    this.#waiting.delete(id);
    resolve(answer);
    return true;
  }

  offer(context: FrontendContext, run: Run, id: string, query: WorkflowQuery, queueName: string): Offer {
    const { promise: taken, resolve } = Promise.withResolvers<void>();
    const offer: Offer = { state: 'open', taken };
    const task: QueryTask = {
      id,
      query,
      isOver: () => offer.state !== 'open' || !this.#waiting.has(id),
      onTaken: () => {
        offer.state = 'taken';
        resolve();
      },
    };
    const { namespaceId, taskQueue, priority } = run.state;
    const sinceMs = context.clock.now();
    context.matching
      .queue(namespaceId, QueueType.WORKFLOW, queueName)
      .add({ kind: 'query', run: run.ref, normalQueue: taskQueue, query: task, priority, sinceMs });
    return offer;
  }

  /** Waits until a worker takes the offer; otherwise withdraws it. */
  async wasTaken(offer: Offer, ms: number): Promise<boolean> {
    const { promise: timeout, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, Math.max(0, ms));
    await Promise.race([offer.taken, timeout]);
    clearTimeout(timer);
    if (offer.state === 'open') offer.state = 'withdrawn';
    return offer.state === 'taken';
  }
}

// Queries that travel with workflow tasks, so that the answer reflects everything that happened before they were asked.
// In memory only: a query has no effect, and a client asks again after a crash.

import type { WorkflowQuery } from '@perdure/api/query';

export interface QueryAnswer {
  /** QueryResultType */
  readonly resultType: number;
  /** Encoded Payloads. */
  readonly answer: Uint8Array | undefined;
  readonly errorMessage: string;
  /** Encoded Failure. */
  readonly failure: Uint8Array | undefined;
}

/** direct: the workflow task ended without an answer and none follows; ask on its own. */
export type QueryOutcome = { readonly kind: 'answered'; readonly answer: QueryAnswer } | { readonly kind: 'direct' };

interface Buffered {
  readonly id: string;
  readonly query: WorkflowQuery;
  sent: boolean;
  readonly settle: (outcome: QueryOutcome) => void;
  readonly reject: (error: unknown) => void;
}

export class QueryRegistry {
  readonly #queries = new Map<string, Buffered>();

  get isEmpty(): boolean {
    return this.#queries.size === 0;
  }

  get size(): number {
    return this.#queries.size;
  }

  add(id: string, query: WorkflowQuery): Promise<QueryOutcome> {
    return new Promise((settle, reject) => {
      this.#queries.set(id, { id, query, sent: false, settle, reject });
    });
  }

  /** Nobody waits any more. */
  remove(id: string): void {
    this.#queries.delete(id);
  }

  /** The queries that go with a task that is being handed out now. */
  take(): ReadonlyMap<string, WorkflowQuery> {
    const taken = new Map<string, WorkflowQuery>();
    for (const query of this.#queries.values()) {
      query.sent = true;
      taken.set(query.id, query.query);
    }
    return taken;
  }

  answer(id: string, answer: QueryAnswer): void {
    const query = this.#queries.get(id);
    if (query === undefined) return;
    this.#queries.delete(id);
    query.settle({ kind: 'answered', answer });
  }

  /** No workflow task will carry them. */
  release(): void {
    for (const query of this.#queries.values()) query.settle({ kind: 'direct' });
    this.#queries.clear();
  }

  fail(error: unknown): void {
    for (const query of this.#queries.values()) query.reject(error);
    this.#queries.clear();
  }
}

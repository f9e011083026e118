// The store that keeps everything in the memory of this process: the default of the development server, and the model
// the other implementations are compared with.
//
// A commit is applied when it is called and acknowledged a moment later, in order. Nothing survives the process.
import { checkCommit, fencedError, isOpenStatus } from '../check.ts';
import type {
  Commit,
  HistoryRange,
  JournalRow,
  NamespaceRow,
  RunKey,
  RunListCursor,
  RunListQuery,
  RunLookup,
  RunRow,
  Store,
} from '../contract.ts';
import { EntityKind, StoreUnavailableError } from '../contract.ts';
import { compareListOrder } from '../order.ts';
import { sliceHistory } from './history.ts';
import { mergeSorted } from './merge.ts';
import type { RunList, Undo } from './tables.ts';
import { listKey, Tables, wakeKey, workflowIndexKey } from './tables.ts';

const workflowRuns: readonly EntityKind[] = [EntityKind.WORKFLOW_RUN];

export function createMemoryStore(): Store {
  return new MemoryStore();
}

class MemoryStore implements Store {
  readonly kind = 'memory';
  #tables = new Tables();
  readonly #epochs = new Map<number, number>();
  #closed = false;

  async acquireShard(shard: number, _owner: string): Promise<number> {
    this.#assertOpen();
    const epoch = (this.#epochs.get(shard) ?? 0) + 1;
    this.#epochs.set(shard, epoch);
    return epoch;
  }

  async commit(commit: Commit): Promise<void> {
    this.#assertOpen();
    checkCommit(commit);
    const epoch = this.#epochs.get(commit.shard) ?? 0;
    if (epoch === 0 || epoch !== commit.epoch) throw fencedError(commit.shard, commit.epoch, epoch);
    const undo: Undo[] = [];
    try {
      for (const write of commit.writes) undo.push(this.#tables.apply(write));
    } catch (error) {
      for (const step of undo.reverse()) step();
      throw error;
    }
  }

  async maxRunKey(): Promise<RunKey> {
    this.#assertOpen();
    return this.#tables.runKeyMax();
  }

  async findRuns(lookups: readonly RunLookup[]): Promise<(RunRow | undefined)[]> {
    this.#assertOpen();
    return lookups.map((lookup) => this.#findRun(lookup));
  }

  async readJournal(run: RunKey): Promise<JournalRow[]> {
    this.#assertOpen();
    return [...(this.#tables.runs.get(run)?.journal ?? [])];
  }

  async readHistory(range: HistoryRange): Promise<JournalRow[]> {
    this.#assertOpen();
    return sliceHistory(this.#tables.runs.get(range.run)?.journal ?? [], range);
  }

  async dueRuns(
    shard: number,
    kind: EntityKind,
    untilMs: number,
    after: { readonly wakeAtMs: number; readonly key: RunKey } | undefined,
    limit: number,
  ): Promise<RunRow[]> {
    this.#assertOpen();
    const found: RunRow[] = [];
    for (const row of this.#tables.wake.get(wakeKey(kind, shard))?.after(after) ?? []) {
      if (found.length >= limit || (row.wakeAtMs as number) > untilMs) break;
      found.push(row);
    }
    return found;
  }

  async nextWakeAt(shard: number, kind: EntityKind, afterMs: number): Promise<number | undefined> {
    this.#assertOpen();
    const position = { wakeAtMs: afterMs, key: Number.MAX_SAFE_INTEGER };
    for (const row of this.#tables.wake.get(wakeKey(kind, shard))?.after(position) ?? []) return row.wakeAtMs;
    return undefined;
  }

  async listRuns(query: RunListQuery): Promise<RunRow[]> {
    this.#assertOpen();
    const found: RunRow[] = [];
    for (const row of this.#candidates(query, query.after)) {
      if (found.length >= query.limit) break;
      if (matches(row, query)) found.push(row);
    }
    return found;
  }

  async countRuns(query: Omit<RunListQuery, 'after' | 'limit'>): Promise<number> {
    this.#assertOpen();
    let count = 0;
    for (const row of this.#candidates(query, undefined)) if (matches(row, query)) count++;
    return count;
  }

  async namespaces(): Promise<NamespaceRow[]> {
    this.#assertOpen();
    return [...this.#tables.namespaces.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
  }

  async sizeBytes(): Promise<number> {
    this.#assertOpen();
    return 0;
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#tables = new Tables();
  }

  #findRun(lookup: RunLookup): RunRow | undefined {
    const { namespaceId, workflowId, kind = EntityKind.WORKFLOW_RUN } = lookup;
    if (lookup.runId === '') {
      const keys = this.#tables.byWorkflow.get(workflowIndexKey(lookup));
      return this.#tables.runs.get(keys?.at(-1) ?? 0)?.row;
    }
    return this.#rows(this.#tables.byRunId.get(lookup.runId)).findLast(
      (row) => row.kind === kind && row.namespaceId === namespaceId && row.workflowId === workflowId,
    );
  }

  /** The runs after the cursor, in list order, among which those of a query are; by the narrowest index there is. */
  *#candidates(query: Omit<RunListQuery, 'limit'>, after: RunListCursor | undefined): Generator<RunRow> {
    const { namespaceId, runId, workflowId, status, kinds = workflowRuns } = query;
    const { byRunId, byWorkflow, open, closed } = this.#tables;
    if (runId !== undefined || workflowId !== undefined) {
      const keys =
        runId !== undefined
          ? byRunId.get(runId)
          : kinds.flatMap(
              (kind) => byWorkflow.get(workflowIndexKey({ kind, namespaceId, workflowId: workflowId ?? '' })) ?? [],
            );
      const rows = this.#rows(keys).sort(compareListOrder);
      yield* after === undefined ? rows : rows.filter((row) => compareListOrder(row, after) > 0);
      return;
    }
    const listed = (lists: Map<string, RunList>): Iterable<RunRow> =>
      mergeSorted(
        kinds.map((kind) => lists.get(listKey(kind, namespaceId))?.after(after) ?? []),
        compareListOrder,
      );
    const isPastOpen = after?.closeMs !== undefined;
    if (!isPastOpen && (status === undefined || isOpenStatus(status))) yield* listed(open);
    if (status === undefined || !isOpenStatus(status)) yield* listed(closed);
  }

  #rows(keys: readonly RunKey[] | undefined): RunRow[] {
    return (keys ?? []).flatMap((key) => this.#tables.runs.get(key)?.row ?? []);
  }

  #assertOpen(): void {
    if (this.#closed) throw new StoreUnavailableError('the store is closed');
  }
}

function matches(row: RunRow, query: Omit<RunListQuery, 'after' | 'limit'>): boolean {
  return (
    row.namespaceId === query.namespaceId &&
    (query.kinds ?? workflowRuns).includes(row.kind) &&
    (query.workflowId === undefined || row.workflowId === query.workflowId) &&
    (query.runId === undefined || row.runId === query.runId) &&
    (query.workflowType === undefined || row.workflowType === query.workflowType) &&
    (query.status === undefined || row.status === query.status)
  );
}

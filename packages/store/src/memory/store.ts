// The store that keeps everything in the memory of this process: the default of the development server, and the model
// the other implementations are compared with.
//
// A commit is applied when it is called and acknowledged a moment later, in order. Nothing survives the process.
import type { FilterValue } from '@perdure/core/visibility';
import { matches } from '@perdure/core/visibility';
import { checkCommit, fencedError } from '../check.ts';
import type {
  Commit,
  HistoryRange,
  JournalRow,
  NamespaceRecord,
  NamespaceRow,
  RecordKind,
  RunCount,
  RunCountQuery,
  RunKey,
  RunListCursor,
  RunListQuery,
  RunLookup,
  RunQuery,
  RunRow,
  Store,
} from '../contract.ts';
import { EntityKind, StoreUnavailableError } from '../contract.ts';
import { fieldsOf, listCursor, orderValue } from '../fields.ts';
import { compareInOrder, compareListOrder, sortedGroups } from '../order.ts';
import { endOf, steadyMs, TimeLimit } from '../time_limit.ts';
import { sliceHistory } from './history.ts';
import { mergeSorted } from './merge.ts';
import type { Undo } from './tables.ts';
import { listKey, Tables, wakeKey, workflowIndexKey } from './tables.ts';

const workflowRuns: readonly EntityKind[] = [EntityKind.WORKFLOW_RUN];

/** `nowMs`: the clock of time limits. */
export function createMemoryStore(nowMs: () => number = steadyMs): Store {
  return new MemoryStore(nowMs);
}

class MemoryStore implements Store {
  readonly kind = 'memory';
  #tables = new Tables();
  readonly #epochs = new Map<number, number>();
  readonly #nowMs: () => number;
  #closed = false;

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

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
    if (query.orderBy !== undefined) return this.#listOrdered(query);
    return take(this.#matching(query, query.after), query.limit);
  }

  async countRuns({ groupBy, groupsMax, ...query }: RunCountQuery): Promise<RunCount> {
    this.#assertOpen();
    let count = 0;
    const groups = new Map<FilterValue | undefined, number>();
    for (const row of this.#matching(query, undefined)) {
      count++;
      if (groupBy === undefined) continue;
      const value = orderValue(fieldsOf(row), groupBy);
      groups.set(value, (groups.get(value) ?? 0) + 1);
    }
    return { count, groups: sortedGroups(groups, groupsMax) };
  }

  async namespaces(): Promise<NamespaceRow[]> {
    this.#assertOpen();
    return [...this.#tables.namespaces.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
  }

  async records(namespaceId: string, kind: RecordKind): Promise<NamespaceRecord[]> {
    this.#assertOpen();
    return this.#tables.records(namespaceId, kind);
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

  #listOrdered({ orderBy, after, limit, ...query }: RunListQuery): RunRow[] {
    const compare = compareInOrder(orderBy);
    return Array.from(this.#matching(query, undefined), (row) => ({ row, cursor: listCursor(row, orderBy) }))
      .filter(({ cursor }) => after === undefined || compare(cursor, after) > 0)
      .sort((a, b) => compare(a.cursor, b.cursor))
      .slice(0, limit)
      .map(({ row }) => row);
  }

  /** The runs after the cursor that a query asks for, in list order. */
  *#matching(query: RunQuery, after: RunListCursor | undefined): Generator<RunRow> {
    const { namespaceId, filter, kinds = workflowRuns } = query;
    const { open, closed } = this.#tables;
    const limit = new TimeLimit(endOf(query, this.#nowMs), this.#nowMs);
    limit.check();
    for (const lists of after?.closeMs === undefined ? [open, closed] : [closed]) {
      const ofKinds = kinds.map((kind) => lists.get(listKey(kind, namespaceId))?.after(after) ?? []);
      for (const row of mergeSorted(ofKinds, compareListOrder)) {
        limit.checkAtRow();
        if (filter === undefined || matches(filter, fieldsOf(row))) yield row;
      }
    }
  }

  #rows(keys: readonly RunKey[] | undefined): RunRow[] {
    return (keys ?? []).flatMap((key) => this.#tables.runs.get(key)?.row ?? []);
  }

  #assertOpen(): void {
    if (this.#closed) throw new StoreUnavailableError('the store is closed');
  }
}

function take<T>(items: Iterable<T>, count: number): T[] {
  const taken: T[] = [];
  if (count <= 0) return taken;
  for (const item of items) if (taken.push(item) >= count) break;
  return taken;
}

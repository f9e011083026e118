// The tables of the memory store: run rows with their journals, and one index for every way a run is looked up.
//
// Every change goes through a method that returns how to undo it, so that a commit can be taken back as a whole.
// Nothing here is asynchronous, and nothing knows shard epochs.
import type {
  JournalRow,
  NamespaceRecord,
  NamespaceRow,
  RecordKind,
  RunKey,
  RunListCursor,
  RunLookup,
  RunRow,
  Write,
} from '../contract.ts';
import { EntityKind } from '../contract.ts';
import type { WakePosition } from '../order.ts';
import { compareListOrder, compareWakeOrder } from '../order.ts';
import { OrderedSet } from './ordered_set.ts';
import { own } from './own.ts';
import { Records } from './records.ts';

export type Undo = () => void;
export type RunList = OrderedSet<RunListCursor, RunRow>;
export type WakeList = OrderedSet<WakePosition, RunRow>;

interface Run {
  row: RunRow;
  journal: JournalRow[];
}

export class Tables {
  readonly runs = new Map<RunKey, Run>();
  /** Keys of the runs of one workflow id, ascending. */
  readonly byWorkflow = new Map<string, RunKey[]>();
  readonly byRunId = new Map<string, RunKey[]>();
  /** By kind and namespace id, `listKey`. */
  readonly open = new Map<string, RunList>();
  readonly closed = new Map<string, RunList>();
  /** By kind and shard, `wakeKey`: runs that have a wake-up time. */
  readonly wake = new Map<string, WakeList>();
  readonly namespaces = new Map<string, NamespaceRow>();
  readonly #records = new Records();

  /** Asked once, at a start. */
  runKeyMax(): RunKey {
    let max = 0;
    for (const key of this.runs.keys()) max = Math.max(max, key);
    return max;
  }

  records(namespaceId: string, kind: RecordKind): NamespaceRecord[] {
    return this.#records.all(namespaceId, kind);
  }

  /** @throws {Error} the write contradicts what is there; nothing was changed */
  apply(write: Write): Undo {
    switch (write.kind) {
      case 'insertRun':
        return this.#insertRun(write.row);
      case 'append':
        return this.#append(write);
      case 'updateRun':
        return this.#updateRun(write);
      case 'replaceJournal':
        return this.#replaceJournal(write.run, write.privateBytes);
      case 'deleteRun':
        return this.#deleteRun(write.run);
      case 'putNamespace':
        return this.#putNamespace(write.row);
      case 'deleteNamespace':
        return this.#deleteNamespace(write.id);
      case 'putRecord':
        return this.#records.put(write.record);
      case 'deleteRecord':
        return this.#records.delete(write.record);
    }
  }

  #insertRun(given: RunRow): Undo {
    if (this.runs.has(given.key)) throw new Error(`there is already a run ${given.key}`);
    const row = { ...given, memo: own(given.memo), searchAttributes: own(given.searchAttributes) };
    this.runs.set(row.key, { row, journal: [] });
    addKey(this.byWorkflow, workflowIndexKey(row), row.key);
    addKey(this.byRunId, row.runId, row.key);
    this.#index(row);
    return () => {
      this.runs.delete(row.key);
      deleteKey(this.byWorkflow, workflowIndexKey(row), row.key);
      deleteKey(this.byRunId, row.runId, row.key);
      this.#unindex(row);
    };
  }

  #append(write: Extract<Write, { kind: 'append' }>): Undo {
    const run = this.runs.get(write.run);
    if (run === undefined || run.journal.length + 1 !== write.seq) {
      throw new Error(`journal row ${write.seq} of run ${write.run} does not follow the last one`);
    }
    run.journal.push({
      seq: write.seq,
      firstEventId: write.firstEventId,
      eventCount: write.eventCount,
      publicBytes: own(write.publicBytes),
      privateBytes: own(write.privateBytes),
    });
    return () => run.journal.pop();
  }

  #replaceJournal(key: RunKey, privateBytes: Uint8Array): Undo {
    const run = this.runs.get(key);
    if (run === undefined) throw new Error(`journal row 1 of run ${key} does not follow the last one`);
    const before = run.journal;
    const row = { seq: 1, firstEventId: 1, eventCount: 0, publicBytes: own(new Uint8Array(0)) };
    run.journal = [{ ...row, privateBytes: own(privateBytes) }];
    return () => {
      run.journal = before;
    };
  }

  #updateRun(write: Extract<Write, { kind: 'updateRun' }>): Undo {
    const run = this.runs.get(write.run);
    if (run === undefined) throw new Error(`there is no run ${write.run} to update`);
    const before = run.row;
    const after: RunRow = {
      ...before,
      ...(write.status !== undefined && { status: write.status }),
      ...write.closed,
      ...(write.wakeAtMs !== undefined && { wakeAtMs: write.wakeAtMs ?? undefined }),
      ...(write.workflowType !== undefined && { workflowType: write.workflowType }),
      ...(write.taskQueue !== undefined && { taskQueue: write.taskQueue }),
      ...(write.memo !== undefined && { memo: own(write.memo) }),
      ...(write.searchAttributes !== undefined && { searchAttributes: own(write.searchAttributes) }),
    };
    this.#replace(run, after);
    return () => this.#replace(run, before);
  }

  #deleteRun(key: RunKey): Undo {
    const run = this.runs.get(key);
    if (run === undefined) return () => {};
    const { row } = run;
    const byWorkflow = workflowIndexKey(row);
    this.runs.delete(key);
    deleteKey(this.byWorkflow, byWorkflow, key);
    deleteKey(this.byRunId, row.runId, key);
    this.#unindex(row);
    return () => {
      this.runs.set(key, run);
      addKey(this.byWorkflow, byWorkflow, key);
      addKey(this.byRunId, row.runId, key);
      this.#index(row);
    };
  }

  #putNamespace(given: NamespaceRow): Undo {
    const before = this.namespaces.get(given.id);
    this.namespaces.set(given.id, { id: given.id, name: given.name, data: own(given.data) });
    return () => {
      if (before === undefined) this.namespaces.delete(given.id);
      else this.namespaces.set(given.id, before);
    };
  }

  #deleteNamespace(id: string): Undo {
    const before = this.namespaces.get(id);
    this.namespaces.delete(id);
    const keepRecords = this.#records.deleteNamespace(id);
    return () => {
      if (before !== undefined) this.namespaces.set(id, before);
      keepRecords();
    };
  }

  #replace(run: Run, row: RunRow): void {
    this.#unindex(run.row);
    run.row = row;
    this.#index(row);
  }

  #index(row: RunRow): void {
    this.#listOf(row).add(row);
    if (isWaiting(row))
      getOrMake(this.wake, wakeKey(row.kind, row.shard), () => new OrderedSet(compareWakeOrder)).add(row);
  }

  #unindex(row: RunRow): void {
    this.#listOf(row).delete(row);
    if (isWaiting(row)) this.wake.get(wakeKey(row.kind, row.shard))?.delete(row);
  }

  #listOf(row: RunRow): RunList {
    const lists = row.closeMs === undefined ? this.open : this.closed;
    return getOrMake(lists, listKey(row.kind, row.namespaceId), () => new OrderedSet(compareListOrder));
  }
}

export function workflowIndexKey({ kind, namespaceId, workflowId }: Omit<RunLookup, 'runId'>): string {
  return `${kind ?? EntityKind.WORKFLOW_RUN}\0${namespaceId}\0${workflowId}`;
}

export function listKey(kind: EntityKind, namespaceId: string): string {
  return `${kind}\0${namespaceId}`;
}

export function wakeKey(kind: EntityKind, shard: number): string {
  return `${kind}\0${shard}`;
}

function isWaiting(row: RunRow): boolean {
  return row.wakeAtMs !== undefined;
}

function getOrMake<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  let value = map.get(key);
  if (value === undefined) {
    value = make();
    map.set(key, value);
  }
  return value;
}

function addKey(index: Map<string, RunKey[]>, name: string, key: RunKey): void {
  const keys = getOrMake<string, RunKey[]>(index, name, () => []);
  let at = keys.length;
  while (at > 0 && (keys[at - 1] as RunKey) > key) at--;
  keys.splice(at, 0, key);
}

function deleteKey(index: Map<string, RunKey[]>, name: string, key: RunKey): void {
  const keys = index.get(name);
  if (keys === undefined) return;
  keys.splice(keys.lastIndexOf(key), 1);
  if (keys.length === 0) index.delete(name);
}

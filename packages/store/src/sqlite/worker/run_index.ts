// What lists find runs by besides the row itself: their groups, and their search attributes. The writer tells it of every
// change of a run's row, and gets from it the number of the group that belongs into the row.
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { op } from '../codec/commit.ts';
import type { Value } from '../codec/values.ts';
import { AttributeIndex, type IndexedRun } from './attribute_index.ts';
import type { Group } from './group_counts.ts';
import { GroupCounts } from './group_counts.ts';

/** Positions in the parameters of `insertRun`. */
const inserted = {
  key: 0,
  namespace: 2,
  workflowType: 5,
  taskQueue: 6,
  status: 7,
  startMs: 8,
  closeMs: 10,
  attributes: 15,
  kind: 19,
} as const;

export class RunIndex {
  readonly #groups: GroupCounts;
  readonly #attributes: AttributeIndex;
  readonly #row: StatementSync;

  constructor(db: DatabaseSync) {
    this.#groups = new GroupCounts(db);
    this.#attributes = new AttributeIndex(db);
    // A run that is hidden until its journal is gone (run_removal.ts) is in no group any more.
    this.#row = db.prepare(
      'SELECT group_number, start_ms, close_ms, search_attributes FROM run WHERE key = ? AND namespace > 0',
    );
    this.#row.setReturnArrays(true);
  }

  /** @param values those of the statement, as they are; it may need more, which are added */
  before(number: number, values: Value[]): void {
    if (number === op.append || number === op.setWakeAt) return;
    if (number === op.insertRun) this.#insert(values);
    else if (number === op.deleteRun) this.#delete(Number(values[0]));
    else if (number === op.setSearchAttributes) this.#setAttributes(Number(values[0]), values[1] as Uint8Array);
    else this.#regroup(number, values);
  }

  /** Before the transaction is committed. */
  flush(): void {
    this.#groups.flush();
  }

  /** After a rollback. */
  forget(): void {
    this.#groups.forget();
    this.#attributes.forget();
  }

  #insert(values: Value[]): void {
    const group: Group = {
      namespace: Number(values[inserted.namespace]),
      kind: Number(values[inserted.kind]),
      workflowType: String(values[inserted.workflowType]),
      taskQueue: String(values[inserted.taskQueue]),
      status: Number(values[inserted.status]),
    };
    const number = this.#groups.numberOf(group);
    this.#groups.change(number, 1);
    values.push(number);
    this.#attributes.add({
      key: Number(values[inserted.key]),
      namespace: group.namespace,
      kind: group.kind,
      startMs: Number(values[inserted.startMs]),
      closeMs: values[inserted.closeMs] as number | null,
      attributes: values[inserted.attributes] as Uint8Array,
    });
  }

  #delete(key: number): void {
    const found = this.#find(key);
    if (found === undefined) return;
    this.#groups.change(found.group, -1);
    this.#attributes.remove(found.run);
  }

  #setAttributes(key: number, attributes: Uint8Array): void {
    const found = this.#find(key);
    if (found === undefined) return;
    this.#attributes.remove(found.run);
    this.#attributes.add({ ...found.run, attributes });
  }

  /** Changes that bring a run into another group. */
  #regroup(number: number, values: Value[]): void {
    const change = changeOf(number, values);
    const found = change && this.#find(Number(values[0]));
    if (found === undefined) return;
    const group = this.#groups.numberOf({ ...this.#groups.group(found.group), ...change });
    this.#groups.change(found.group, -1);
    this.#groups.change(group, 1);
    values.push(group);
    if (number !== op.close && number !== op.closeAndSetWakeAt) return;
    this.#attributes.remove(found.run);
    this.#attributes.add({ ...found.run, closeMs: Number(values[2]) });
  }

  #find(key: number): { readonly group: number; readonly run: IndexedRun } | undefined {
    const row = this.#row.get(key) as unknown as Value[] | undefined;
    if (row === undefined) return undefined;
    const [group, startMs, closeMs, attributes] = row as [number, number, number | null, Uint8Array];
    const { namespace, kind } = this.#groups.group(group);
    return { group, run: { key, namespace, kind, startMs, closeMs, attributes } };
  }
}

/** What a statement changes of a run's group. */
function changeOf(number: number, values: readonly Value[]): Partial<Group> | undefined {
  switch (number) {
    case op.close:
    case op.closeAndSetWakeAt:
    case op.setStatus:
      return { status: Number(values[1]) };
    case op.setWorkflowType:
      return { workflowType: String(values[1]) };
    case op.setTaskQueue:
      return { taskQueue: String(values[1]) };
    default:
      return undefined;
  }
}

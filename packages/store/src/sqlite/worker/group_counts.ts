// The groups of runs, as the writer keeps them: every namespace, kind, type, task queue and status that occurs together has
// a number, and a count that is right with every commit.
//
// Counts are gathered while a transaction is made, and written at its end: a few rows, however many runs it changes.
import type { DatabaseSync, StatementSync } from 'node:sqlite';

export interface Group {
  readonly namespace: number;
  readonly kind: number;
  readonly workflowType: string;
  readonly taskQueue: string;
  readonly status: number;
}

/** Groups the writer remembers: types and task queues may have names that never come again. */
const groupsMax = 10_000;

export class GroupCounts {
  readonly #find: StatementSync;
  readonly #make: StatementSync;
  readonly #read: StatementSync;
  readonly #count: StatementSync;
  /** Only those that are committed, or will be with the transaction under way. */
  readonly #numbers = new Map<string, number>();
  readonly #groups = new Map<number, Group>();
  readonly #changes = new Map<number, number>();

  constructor(db: DatabaseSync) {
    // What nobody was in when the server stopped, perhaps nobody will be in again.
    db.exec('DELETE FROM run_group WHERE count = 0');
    const columns = 'namespace, kind, workflow_type, task_queue, status';
    this.#find = db.prepare(`SELECT number FROM run_group WHERE (${columns}) = (?, ?, ?, ?, ?)`);
    this.#make = db.prepare(`INSERT INTO run_group (${columns}, count) VALUES (?, ?, ?, ?, ?, 0) RETURNING number`);
    this.#read = db.prepare(`SELECT ${columns} FROM run_group WHERE number = ?`);
    this.#count = db.prepare('UPDATE run_group SET count = count + ? WHERE number = ?');
  }

  numberOf(group: Group): number {
    const { namespace, kind, workflowType, taskQueue, status } = group;
    const id = `${namespace} ${kind} ${status} ${workflowType.length} ${workflowType}${taskQueue}`;
    let number = this.#numbers.get(id);
    if (number === undefined) {
      const columns = [namespace, kind, workflowType, taskQueue, status] as const;
      const row = this.#find.get(...columns) ?? this.#make.get(...columns);
      number = Number(row?.['number']);
      if (this.#numbers.size >= groupsMax) this.forgetNames();
      this.#numbers.set(id, number);
      this.#groups.set(number, group);
    }
    return number;
  }

  group(number: number): Group {
    let group = this.#groups.get(number);
    if (group === undefined) {
      const row = this.#read.get(number);
      if (row === undefined) throw new Error(`the database has no group ${number}`);
      group = {
        namespace: Number(row['namespace']),
        kind: Number(row['kind']),
        workflowType: String(row['workflow_type']),
        taskQueue: String(row['task_queue']),
        status: Number(row['status']),
      };
      if (this.#groups.size >= groupsMax) this.forgetNames();
      this.#groups.set(number, group);
    }
    return group;
  }

  change(number: number, by: 1 | -1): void {
    this.#changes.set(number, (this.#changes.get(number) ?? 0) + by);
  }

  /** At the end of a transaction. */
  flush(): void {
    for (const [number, by] of this.#changes) if (by !== 0) this.#count.run(by, number);
    this.#changes.clear();
  }

  /** After a rollback. */
  forget(): void {
    this.forgetNames();
    this.#changes.clear();
  }

  forgetNames(): void {
    this.#numbers.clear();
    this.#groups.clear();
  }
}

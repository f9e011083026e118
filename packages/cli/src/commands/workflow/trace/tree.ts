// A run and its children, to any depth, kept up to date: what is closed is read once, what is open at each refresh.

import { type EventGroup, EventGroups, type WorkflowDescription } from '@perdure/ui-core';
import type { Client } from '../../../client/client.ts';
import { Concurrency } from '../../../concurrency.ts';
import { describeExecution, type Execution, isOpenStatus } from '../execution.ts';
import { historyOf } from '../history.ts';

export interface TraceOptions {
  readonly execution: Execution;
  /** Of children below the run; 0: none. */
  readonly depth: number;
  /** Histories that are fetched at once. */
  readonly concurrency: number;
  /** Children with these statuses are not looked into. */
  readonly folded: readonly EventGroup['status'][];
}

export interface TracedRun {
  readonly workflowId: string;
  readonly runId: string;
  readonly workflowType: string;
  /** `WORKFLOW_EXECUTION_STATUS_…` */
  readonly status: string;
  readonly isOpen: boolean;
  readonly startTime: string | undefined;
  readonly closeTime: string | undefined;
  readonly groups: readonly EventGroup[];
  /** By the id of the group that is the child, if it was looked into. */
  readonly children: ReadonlyMap<string, TracedRun>;
}

interface Means {
  readonly client: Client;
  readonly concurrency: Concurrency;
  readonly folded: readonly EventGroup['status'][];
}

export class Trace {
  readonly #root: Branch;

  constructor(client: Client, { execution, depth, concurrency, folded }: TraceOptions) {
    const means = { client, concurrency: new Concurrency(concurrency), folded };
    this.#root = new Branch(execution, client.namespace, depth, means);
  }

  /** @throws {StatusError} there is no such run */
  refresh(): Promise<TracedRun> {
    return this.#root.refresh();
  }
}

class Branch {
  readonly #execution: Execution;
  readonly #namespace: string;
  readonly #depth: number;
  readonly #means: Means;
  readonly #groups = new EventGroups();
  readonly #children = new Map<string, Branch>();
  #description: WorkflowDescription | undefined;
  #eventsRead = 0;

  constructor(execution: Execution, namespace: string, depth: number, means: Means) {
    this.#execution = execution;
    this.#namespace = namespace;
    this.#depth = depth;
    this.#means = means;
  }

  async refresh(): Promise<TracedRun> {
    const { status: before } = this.#description?.workflowExecutionInfo ?? {};
    if (before === undefined || isOpenStatus(before)) await this.#means.concurrency.run(() => this.#read());
    this.#addChildren();
    const children = await Promise.all(
      [...this.#children].map(async ([id, branch]) => [id, await branch.refresh()] as const),
    );
    const { execution, type, status = '', startTime, closeTime } = this.#description?.workflowExecutionInfo ?? {};
    return {
      workflowId: execution?.workflowId ?? '',
      runId: execution?.runId ?? '',
      workflowType: type?.name ?? '',
      status,
      isOpen: isOpenStatus(status),
      startTime,
      closeTime,
      groups: this.#groups.groups,
      children: new Map(children),
    };
  }

  async #read(): Promise<void> {
    const { client } = this.#means;
    // The run that was found the first time, also when a newer one has begun.
    const known = this.#description?.workflowExecutionInfo?.execution;
    const { value } = await describeExecution(client, { ...this.#execution, ...known }, this.#namespace);
    const run = { ...this.#execution, ...value.workflowExecutionInfo?.execution };
    // A long history is not read again for nothing.
    if (Number(value.workflowExecutionInfo?.historyLength ?? Number.POSITIVE_INFINITY) > this.#eventsRead) {
      const { events = [] } = (await historyOf(client, run, { namespace: this.#namespace })).value;
      this.#groups.ingest(events);
      this.#eventsRead = events.length;
    }
    this.#description = value;
    this.#groups.describe(value);
  }

  #addChildren(): void {
    if (this.#depth <= 0) return;
    for (const { id, kind, status, execution } of this.#groups.groups) {
      if (kind !== 'child' || this.#children.has(id) || this.#means.folded.includes(status)) continue;
      if (execution === undefined || execution.runId === '') continue;
      const { workflowId, runId, namespace } = execution;
      const where = namespace || this.#namespace;
      this.#children.set(id, new Branch({ workflowId, runId }, where, this.#depth - 1, this.#means));
    }
  }
}

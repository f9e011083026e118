// An explanation of a run, with those of the runs that it waits for, or failed of, in their places.
//
// The understanding of one run is that of ui-core; here it is given what it asks for, and what it names is followed.

import { code, StatusError } from '@perdure/api';
import {
  type Cause,
  EventGroups,
  type Explanation,
  explain,
  type GroupExecution,
  type HistoryEvent,
  isOpen,
  type TaskQueuePollers,
} from '@perdure/ui-core';
import type { Client } from '../../../client/client.ts';
import { describeExecution, type Execution } from '../execution.ts';
import { historyOf } from '../history.ts';

/** Deeper is not followed: workflows that wait for each other would be followed forever. */
const DEPTH_MAX = 10;

export interface Explained {
  readonly explanation: Explanation;
  readonly causes: readonly ExplainedCause[];
}

export interface ExplainedCause {
  readonly cause: Cause;
  readonly nowMs: number;
  /** Of the workflow that the cause names, if it could be looked at. */
  readonly followed: Explained | undefined;
  /** What lies below it in the same run; nothing if another run was looked at instead. */
  readonly causes: readonly ExplainedCause[];
}

export function explainedFile(events: readonly HistoryEvent[], nowMs: number): Explained {
  const explanation = explain({ description: {}, history: events, nowMs });
  const workflowId = events[0]?.workflowExecutionStartedEventAttributes?.workflowId ?? '';
  return { explanation: { ...explanation, workflowId }, causes: unfollowed(explanation.causes, nowMs) };
}

function unfollowed(causes: readonly Cause[], nowMs: number): ExplainedCause[] {
  return causes.map((cause) => ({ cause, nowMs, followed: undefined, causes: unfollowed(cause.causes, nowMs) }));
}

export class ExplainedTree {
  readonly #client: Client;
  readonly #nowMs: number;
  /** Workflows that wait for each other are shown once. */
  readonly #seen = new Set<string>();

  constructor(client: Client, nowMs: number) {
    this.#client = client;
    this.#nowMs = nowMs;
  }

  /** @throws {StatusError} there is no such run */
  async explain(execution: Execution, namespace = this.#client.namespace, depth = 0): Promise<Explained> {
    const described = (await describeExecution(this.#client, execution, namespace)).value;
    const { execution: run } = described.workflowExecutionInfo ?? {};
    this.#seen.add(`${namespace} ${run?.workflowId} ${run?.runId}`);
    const history = await historyOf(this.#client, { ...execution, ...run }, { namespace });
    const groups = new EventGroups();
    groups.ingest(history.value.events ?? []);
    groups.describe(described);
    const queue = described.workflowExecutionInfo?.taskQueue ?? '';
    const pollers = await this.#pollersOf(
      queuesOf(groups, queue, described.pendingWorkflowTask !== undefined),
      namespace,
    );
    const explanation = explain({ description: described, history: groups, nowMs: this.#nowMs, pollers });
    return { explanation, causes: await this.#followAll(explanation.causes, namespace, depth) };
  }

  async #followAll(causes: readonly Cause[], namespace: string, depth: number): Promise<ExplainedCause[]> {
    const all: ExplainedCause[] = [];
    for (const cause of causes) {
      const followed = 'follow' in cause ? await this.#follow(cause.follow, namespace, depth + 1) : undefined;
      const below = followed === undefined ? await this.#followAll(cause.causes, namespace, depth + 1) : [];
      all.push({ cause, nowMs: this.#nowMs, followed, causes: below });
    }
    return all;
  }

  async #follow(target: GroupExecution, namespace: string, depth: number): Promise<Explained | undefined> {
    const { workflowId, runId } = target;
    const where = target.namespace || namespace;
    if (depth > DEPTH_MAX || workflowId === '' || this.#seen.has(`${where} ${workflowId} ${runId}`)) return undefined;
    try {
      return await this.explain(runId === '' ? { workflowId } : { workflowId, runId }, where, depth);
    } catch (error) {
      // It is deleted, or of a namespace that may not be read: what the one before says of it is all there is.
      if (error instanceof StatusError && HIDDEN.includes(error.code)) return undefined;
      throw error;
    }
  }

  async #pollersOf(queues: readonly Queue[], namespace: string): Promise<TaskQueuePollers[]> {
    return Promise.all(
      queues.map(async ({ taskQueue, taskQueueKind }) => {
        const reply = await this.#client.call<{ pollers?: readonly unknown[] }>('DescribeTaskQueue', {
          namespace,
          taskQueue: { name: taskQueue },
          taskQueueType: taskQueueKind === 'workflow' ? 'TASK_QUEUE_TYPE_WORKFLOW' : 'TASK_QUEUE_TYPE_ACTIVITY',
        });
        return { taskQueue, taskQueueKind, count: reply.value.pollers?.length ?? 0 };
      }),
    );
  }
}

const HIDDEN: readonly number[] = [code.NOT_FOUND, code.PERMISSION_DENIED];

type Queue = Pick<TaskQueuePollers, 'taskQueue' | 'taskQueueKind'>;

/** Those where something waits for a worker. */
function queuesOf({ groups }: EventGroups, workflowTaskQueue: string, hasWorkflowTask: boolean): Queue[] {
  const names = groups
    .filter((group) => group.kind === 'activity' && isOpen(group) && group.status === 'scheduled')
    .map(({ taskQueue }) => taskQueue);
  const activityQueues = [...new Set(names)].map((taskQueue) => ({ taskQueue, taskQueueKind: 'activity' as const }));
  return hasWorkflowTask
    ? [{ taskQueue: workflowTaskQueue, taskQueueKind: 'workflow' }, ...activityQueues]
    : activityQueues;
}

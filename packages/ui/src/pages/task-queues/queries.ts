// Task queues: those that workflows name, and how one of them stands.
import { jsonValue } from '@perdure/ui-core';
import { queryOptions } from '@tanstack/react-query';
import { ApiError, api, GRPC, path } from '../../api/http.ts';
import type { CountWorkflowsReply, TaskQueueDescription } from '../../api/types.ts';
import { textOf } from '../../system/text.ts';
import { listPage } from '../workflows/queries.ts';
import type { TaskQueueSearch } from './search.ts';

export type TaskQueueType = NonNullable<TaskQueueSearch['type']>;

export interface NamedQueue {
  readonly name: string;
  /** undefined: only some of them were looked at. */
  readonly workflows: number | undefined;
}

const EVERY_MS = 5_000;

/** Whether the server counts workflows by their queue, as far as is known. */
let isCounted = true;

/** No API lists task queues. Our server counts workflows by their queue; others are asked for their latest workflows. */
export function taskQueuesQuery(namespace: string) {
  return queryOptions({
    queryKey: ['task-queues', namespace],
    refetchInterval: EVERY_MS,
    queryFn: async ({ signal }): Promise<readonly NamedQueue[]> => {
      if (isCounted) {
        try {
          return await countedQueues(namespace, signal);
        } catch (error) {
          if (!(error instanceof ApiError) || error.code !== GRPC.invalidArgument) throw error;
          isCounted = false;
        }
      }
      const { executions = [] } = await listPage(namespace, '', '', signal);
      return [...new Set(executions.map(({ taskQueue = '' }) => taskQueue))].map((name) => ({
        name,
        workflows: undefined,
      }));
    },
  });
}

/** @throws {ApiError} */
async function countedQueues(namespace: string, signal: AbortSignal): Promise<readonly NamedQueue[]> {
  const { groups = [] } = await api<CountWorkflowsReply>(path`namespaces/${namespace}/workflow-count`, {
    query: { query: 'GROUP BY TaskQueue' },
    signal,
  });
  return groups.map(({ groupValues, count }) => ({
    name: textOf(jsonValue(groupValues?.[0])),
    workflows: Number(count ?? 0),
  }));
}

export function taskQueueQuery(namespace: string, name: string, type: TaskQueueType) {
  return queryOptions({
    queryKey: ['task-queue', namespace, name, type],
    refetchInterval: EVERY_MS,
    queryFn: ({ signal }) =>
      api<TaskQueueDescription>(path`namespaces/${namespace}/task-queues/${name}`, {
        query: { taskQueueType: `TASK_QUEUE_TYPE_${type.toUpperCase()}`, reportStats: true },
        signal,
      }),
  });
}

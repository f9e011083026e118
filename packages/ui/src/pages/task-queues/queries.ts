// Task queues: those that workflows name, and how one of them stands.
import { queryOptions } from '@tanstack/react-query';
import { ApiError, api, GRPC, path } from '../../api/http.ts';
import { every } from '../../api/poll.ts';
import type { TaskQueueDescription } from '../../api/types.ts';
import { countWorkflows, listPage } from '../workflows/queries.ts';
import type { TaskQueueSearch } from './search.ts';

export type TaskQueueType = NonNullable<TaskQueueSearch['type']>;

export interface NamedQueue {
  readonly name: string;
  /** undefined: only some of them were looked at. */
  readonly workflows: number | undefined;
}

const EVERY_MS = 5_000;

/** No API lists task queues. Our server counts workflows by their queue; others are asked for their latest workflows. */
export function taskQueuesQuery(namespace: string, live: boolean) {
  return queryOptions({
    queryKey: ['task-queues', namespace],
    refetchInterval: live && every(EVERY_MS),
    queryFn: async ({ signal }): Promise<readonly NamedQueue[]> => {
      try {
        const { byValue } = await countWorkflows(namespace, '', { groupBy: 'TaskQueue', signal });
        return [...byValue].map(([name, workflows]) => ({ name, workflows }));
      } catch (error) {
        if (!(error instanceof ApiError) || error.code !== GRPC.invalidArgument) throw error;
        const { executions = [] } = await listPage(namespace, '', '', signal);
        return [...new Set(executions.map(({ taskQueue = '' }) => taskQueue))].map((name) => ({
          name,
          workflows: undefined,
        }));
      }
    },
  });
}

export function taskQueueQuery(namespace: string, name: string, type: TaskQueueType, live: boolean) {
  return queryOptions({
    queryKey: ['task-queue', namespace, name, type],
    refetchInterval: live && every(EVERY_MS),
    queryFn: ({ signal }) =>
      api<TaskQueueDescription>(path`namespaces/${namespace}/task-queues/${name}`, {
        query: { taskQueueType: `TASK_QUEUE_TYPE_${type.toUpperCase()}`, reportStats: true },
        signal,
      }),
  });
}

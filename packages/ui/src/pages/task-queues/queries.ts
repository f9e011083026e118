// Task queues: those that workflows name, and how one of them stands.
import { quoted, withField } from '@perdure/ui-core';
import { queryOptions } from '@tanstack/react-query';
import { ApiError, api, GRPC, path } from '../../api/http.ts';
import { every } from '../../api/poll.ts';
import type { TaskQueueDescription } from '../../api/types.ts';
import { countWorkflows, listPage } from '../workflows/queries.ts';
import type { TaskQueueSearch } from './search.ts';

export type TaskQueueType = NonNullable<TaskQueueSearch['type']>;

export interface NamedQueue {
  readonly name: string;
  /** undefined: the server did not count them with the queue. */
  readonly workflows: number | undefined;
}

const EVERY_MS = 5_000;

/** Whether the server counts workflows by their queue, as far as is known. */
let isCounted = true;

/** What was found so far on servers that do not count, by namespace. */
const found = new Map<string, Set<string>>();
const FOUND_MAX = 50;

/** No API lists task queues. Our server counts workflows by their queue; others are asked for workflows on yet others. */
export function taskQueuesQuery(namespace: string, live: boolean) {
  return queryOptions({
    queryKey: ['task-queues', namespace],
    refetchInterval: live && every(EVERY_MS),
    queryFn: async ({ signal }): Promise<readonly NamedQueue[]> => {
      if (isCounted) {
        try {
          return await countedQueues(namespace, signal);
        } catch (error) {
          if (!(error instanceof ApiError) || error.code !== GRPC.invalidArgument) throw error;
          isCounted = false;
        }
      }
      return (await foundQueues(namespace, signal)).map((name) => ({ name, workflows: undefined }));
    },
  });
}

/** @throws {ApiError} */
async function countedQueues(namespace: string, signal: AbortSignal): Promise<readonly NamedQueue[]> {
  const { byValue } = await countWorkflows(namespace, '', { groupBy: 'TaskQueue', signal });
  return [...byValue].map(([name, workflows]) => ({ name, workflows }));
}

/** Workflows are asked for until all are on queues that are known. @throws {ApiError} */
async function foundQueues(namespace: string, signal: AbortSignal): Promise<readonly string[]> {
  const names = found.get(namespace) ?? new Set();
  found.set(namespace, names);
  while (names.size < FOUND_MAX) {
    const others = { kind: 'field', field: 'TaskQueue', operator: 'NOT IN', values: [...names].map(quoted) } as const;
    const query = names.size === 0 ? '' : withField('', 'TaskQueue', others);
    const before = names.size;
    const { executions = [] } = await listPage(namespace, query, '', signal);
    for (const { taskQueue } of executions) if (taskQueue) names.add(taskQueue);
    if (names.size === before) break;
  }
  return [...names].toSorted();
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

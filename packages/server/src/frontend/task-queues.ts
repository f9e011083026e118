// DescribeTaskQueue: who polls a queue, and how much waits in it.

import { invalidArgument, unimplemented } from '@perdure/api';
import { DescribeTaskQueueMode, RateLimitSource, TaskQueueKind, TaskQueueType } from '@perdure/api/enums';
import { DescribeTaskQueueRequest, DescribeTaskQueueResponse } from '@perdure/api/workflowservice';
import type { LevelStats } from '../matching/backlog.ts';
import { QueueType } from '../matching/matching.ts';
import { PRIORITY_DEFAULT } from '../matching/task.ts';
import type { TaskQueue } from '../matching/task-queue.ts';
import type { FrontendContext } from './context.ts';
import { queueKey } from './namespaces/definition.ts';
import { rpc } from './rpc.ts';
import { taskQueueName } from './validate.ts';

export const taskQueueRpcs = [rpc('DescribeTaskQueue', DescribeTaskQueueRequest, DescribeTaskQueueResponse, describe)];

function describe(context: FrontendContext, request: DescribeTaskQueueRequest) {
  const namespace = context.namespaces.require(request.namespace);
  const name = taskQueueName(request.taskQueue, namespace.settings.limits);
  if (request.apiMode === DescribeTaskQueueMode.ENHANCED) {
    if (request.taskQueue?.kind === TaskQueueKind.STICKY) {
      throw invalidArgument(
        'Enhanced DescribeTaskQueue is not valid for a sticky queue, use api_mode=UNSPECIFIED or a normal queue.',
      );
    }
    throw unimplemented('DescribeTaskQueue with api_mode=ENHANCED is not implemented');
  }
  if (request.taskQueueType === TaskQueueType.NEXUS) return {};
  const type = request.taskQueueType === TaskQueueType.ACTIVITY ? QueueType.ACTIVITY : QueueType.WORKFLOW;
  const queue = context.matching.existing(namespace.id, type, name);
  const backlogCountHint = queue?.backlogCount ?? 0;
  return {
    pollers: context.matching.pollers(namespace.id, type, name).map(({ identity, lastAccessMs, ratePerSecond }) => ({
      identity,
      lastAccessTime: lastAccessMs,
      ratePerSecond,
    })),
    taskQueueStatus: request.includeTaskQueueStatus ? { backlogCountHint } : undefined,
    ...(request.reportStats ? statsOf(queue?.stats(), context.clock.now()) : {}),
    config: request.reportConfig ? namespace.queues.get(queueKey(type, name))?.config : undefined,
    effectiveRateLimit: effectiveRate(queue),
  };
}

function effectiveRate(queue: TaskQueue | undefined) {
  const rate = queue?.rate;
  if (rate === undefined) return undefined;
  const rateLimitSource = rate.configured ? RateLimitSource.API : RateLimitSource.WORKER;
  return { requestsPerSecond: rate.perSecond, rateLimitSource };
}

/** How much waits, and for how long the next of it has; in all, and by priority level. */
function statsOf(levels: ReadonlyMap<number, LevelStats> = new Map(), nowMs: number) {
  const statsByPriorityKey = new Map([[PRIORITY_DEFAULT, toStats({ count: 0, oldestMs: undefined }, nowMs)]]);
  let count = 0;
  let oldestMs: number | undefined;
  for (const [priority, level] of levels) {
    statsByPriorityKey.set(priority, toStats(level, nowMs));
    count += level.count;
    if (level.oldestMs !== undefined) oldestMs = Math.min(oldestMs ?? level.oldestMs, level.oldestMs);
  }
  return { stats: toStats({ count, oldestMs }, nowMs), statsByPriorityKey };
}

function toStats({ count, oldestMs }: LevelStats, nowMs: number) {
  return {
    approximateBacklogCount: count,
    approximateBacklogAge: oldestMs === undefined ? 0 : Math.max(0, nowMs - oldestMs),
  };
}

// DescribeTaskQueue: who polls a queue, and how much waits in it.

import { invalidArgument, unimplemented } from '@perdure/api';
import { DescribeTaskQueueMode, TaskQueueKind, TaskQueueType } from '@perdure/api/enums';
import { DescribeTaskQueueRequest, DescribeTaskQueueResponse } from '@perdure/api/workflowservice';
import { QueueType } from '../matching/matching.ts';
import type { FrontendContext } from './context.ts';
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
  const backlogCountHint = context.matching.existing(namespace.id, type, name)?.backlogCount ?? 0;
  return {
    pollers: context.matching.pollers(namespace.id, type, name).map(({ identity, lastAccessMs, ratePerSecond }) => ({
      identity,
      lastAccessTime: lastAccessMs,
      ratePerSecond,
    })),
    taskQueueStatus: request.includeTaskQueueStatus ? { backlogCountHint } : undefined,
    stats: request.reportStats ? { approximateBacklogCount: backlogCountHint } : undefined,
  };
}

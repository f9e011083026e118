// How many operations per second a batch operation does: many open workflows are terminated by one that finds them by a
// query. From the request to start it until it is described as complete.

import { BatchOperationState } from '@perdure/api/enums';
import { DescribeBatchOperationResponse } from '@perdure/api/workflowservice';
import { startWaiting } from './growth-open.ts';
import { describeBatch, terminateAll, uniqueName } from './messages.ts';
import { delay, Session, type Target } from './session.ts';

const lookEveryMs = 20;

export async function measureBatch(target: Target, { workflows }: { readonly workflows: number }): Promise<number> {
  const taskQueue = uniqueName('batch');
  await startWaiting(target, taskQueue, 0, workflows);
  const session = await Session.open(target);
  try {
    const startedAt = performance.now();
    await session.call('StartBatchOperation', terminateAll(session.namespace, taskQueue, taskQueue));
    await untilComplete(session, taskQueue, workflows);
    return (workflows / (performance.now() - startedAt)) * 1000;
  } finally {
    session.close();
  }
}

async function untilComplete(session: Session, jobId: string, workflows: number): Promise<void> {
  const request = describeBatch(session.namespace, jobId);
  for (;;) {
    const response = await session.call('DescribeBatchOperation', request);
    const { state, completeOperationCount } = DescribeBatchOperationResponse.decode(response);
    if (state === BatchOperationState.COMPLETED && completeOperationCount === workflows) return;
    if (state !== BatchOperationState.RUNNING) {
      throw new Error(`the batch operation ended with ${completeOperationCount} of ${workflows} done`);
    }
    await delay(lookEveryMs);
  }
}

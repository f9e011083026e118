// The world of the examples: a worker of the official SDK on the task queue `orders`, and the workflow `OrderId` in the state
// that a command wants to find it in.

import assert from 'node:assert/strict';
import { CompleteAsyncError } from '@temporalio/activity';
import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import proto from '@temporalio/proto';
import { atEnd, eventually, NAMESPACE } from '../../e2e/harness.ts';
import { RawClient } from '../../e2e/raw.ts';
import { bundle, connect, runWorker } from '../../e2e/sdk/worker.ts';
import { approve, Order, pay } from './workflows.ts';

const { BatchOperationState } = proto.temporal.api.enums.v1;

export type Orders = Awaited<ReturnType<typeof ordersOn>>;

export async function ordersOn(address: string) {
  const workflowBundle = await bundle(new URL('./workflows.ts', import.meta.url).href);
  const approval = () => {
    throw new CompleteAsyncError();
  };
  await runWorker(address, 'orders', { workflowBundle, activities: { approval } });
  const client = await connect(address);
  const raw = new RawClient(address);
  atEnd(async () => {
    raw.close();
    await client.connection.close();
  });
  return { ...states(client, raw), raw, bundleCode: workflowBundle.code };
}

function states(client: Client, raw: RawClient) {
  const order = (workflowId = 'OrderId') => client.workflow.getHandle(workflowId);
  const none = async () => {
    const query = "ExecutionStatus IN ('Running', 'Paused')";
    for await (const { workflowId, runId } of client.workflow.list({ query })) {
      await client.workflow
        .getHandle(workflowId, runId)
        .terminate('makes room')
        .catch((error: unknown) => {
          // It may have ended by itself since it was listed.
          if (!(error instanceof WorkflowNotFoundError)) throw error;
        });
    }
  };
  /** A new run, whose approval is wanted. */
  const running = async (workflowId = 'OrderId') => {
    const options = { workflowId, taskQueue: 'orders' };
    const { firstExecutionRunId: runId } = await client.workflow.start(Order, options);
    await eventually('the approval is wanted', async () => {
      const execution = { workflowId, runId };
      const { pendingActivities } = await raw.workflow.describeWorkflowExecution({ namespace: NAMESPACE, execution });
      return pendingActivities.some(({ lastStartedTime }) => lastStartedTime) || undefined;
    });
    return runId;
  };
  return {
    /** Nothing runs. */
    none,
    running,
    approve: () => order().signal(approve, {}),
    closed: async (workflowId?: string) => {
      const runId = await running(workflowId);
      await order(workflowId).signal(approve, {});
      await order(workflowId).result();
      return runId;
    },
    failed: async () => {
      await running();
      const activity = { workflowId: 'OrderId', activityId: '1' };
      await raw.workflow.respondActivityTaskFailedById({
        namespace: NAMESPACE,
        ...activity,
        failure: { message: 'refused', applicationFailureInfo: { nonRetryable: true } },
      });
      await assert.rejects(order().result());
    },
    paid: async () => {
      await running();
      await order().executeUpdate(pay, { args: [49900], updateId: 'UpdateId' });
    },
    paused: async () => {
      await running();
      await raw.workflow.pauseWorkflowExecution({ namespace: NAMESPACE, workflowId: 'OrderId', reason: 'test' });
    },
    /** What a batch job still does would meet the next example. */
    batchesDone: () =>
      eventually('the batch jobs are done', async () => {
        const { operationInfo } = await raw.workflow.listBatchOperations({ namespace: NAMESPACE });
        return (
          operationInfo.every(({ state }) => state !== BatchOperationState.BATCH_OPERATION_STATE_RUNNING) || undefined
        );
      }),
  };
}

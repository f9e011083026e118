// `activity cancel`, `activity terminate` and `activity delete`, of standalone activities: one, or all that a query finds.

import { randomUUID } from 'node:crypto';
import type { JsonObject } from '../../client/client.ts';
import type { Context } from '../../context.ts';

interface Ending {
  readonly method: string;
  readonly request: JsonObject;
  /** The member of a request that starts a batch operation. */
  readonly operation: JsonObject;
  readonly done: string;
}

export async function cancel(context: Context): Promise<undefined> {
  const { identity } = await context.client();
  const reason = context.given.last('reason');
  await end(context, {
    method: 'RequestCancelActivityExecution',
    request: { identity, reason, requestId: randomUUID() },
    operation: { cancelActivitiesOperation: { identity, reason } },
    done: 'Cancellation requested',
  });
}

export async function terminate(context: Context): Promise<undefined> {
  const { defaultReason } = await import('../batch/start.ts');
  const { identity } = await context.client();
  const reason = context.given.last('reason') ?? defaultReason();
  await end(context, {
    method: 'TerminateActivityExecution',
    request: { identity, reason, requestId: randomUUID() },
    operation: { terminateActivitiesOperation: { identity, reason } },
    done: 'Activity terminated',
  });
}

export async function deleteActivity(context: Context): Promise<undefined> {
  const activityId = context.given.last('activity-id');
  if (activityId !== undefined && !context.given.has('query')) {
    await context.confirm(`Delete activity ${activityId}?`);
  }
  await end(context, {
    method: 'DeleteActivityExecution',
    request: {},
    operation: { deleteActivitiesOperation: {} },
    done: 'Activity deleted',
  });
}

async function end(context: Context, { method, request, operation, done }: Ending): Promise<void> {
  const { given, out } = context;
  const [activityId, runId] = [given.last('activity-id'), given.last('run-id')];
  if ((activityId !== undefined) === given.has('query'))
    throw context.wrong('either --activity-id or --query must be given');
  if (activityId === undefined) {
    if (runId !== undefined) throw context.wrong('--run-id does not go with --query');
    const { confirmBatch, startBatch } = await import('../batch/start.ts');
    await confirmBatch(context, { count: 'CountActivityExecutions', what: 'activity' });
    return startBatch(context, operation);
  }
  if (given.has('rps')) throw context.wrong('--rps goes with --query only');
  const client = await context.client();
  const reply = await client.call(method, { ...request, namespace: client.namespace, activityId, runId });
  await out.object(reply, () => out.line(done));
}

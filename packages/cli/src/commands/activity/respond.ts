// `activity complete` and `activity fail`: answers in place of a worker.

import type { Context } from '../../context.ts';
import { jsonPayload } from '../inputs.ts';

export async function complete(context: Context): Promise<undefined> {
  const { given, out } = context;
  const result = { payloads: [jsonPayload(context, '--result', given.text('result'))] };
  const client = await context.client();
  const reply = await client.call('RespondActivityTaskCompletedById', {
    ...activityOf(context),
    namespace: client.namespace,
    identity: client.identity,
    result,
  });
  await out.object(reply, () => out.line(`Activity ${given.text('activity-id')} completed`));
}

/** For good: what people have given up is not tried again. */
export async function fail(context: Context): Promise<undefined> {
  const { given, out } = context;
  const detail = given.last('detail');
  const details = detail === undefined ? undefined : { payloads: [jsonPayload(context, '--detail', detail)] };
  const client = await context.client();
  const reply = await client.call('RespondActivityTaskFailedById', {
    ...activityOf(context),
    namespace: client.namespace,
    identity: client.identity,
    failure: {
      message: given.last('reason'),
      source: 'CLI',
      applicationFailureInfo: { nonRetryable: true, details },
    },
  });
  await out.object(reply, () => out.line(`Activity ${given.text('activity-id')} failed`));
}

function activityOf({ given }: Context) {
  return {
    workflowId: given.last('workflow-id'),
    runId: given.last('run-id'),
    activityId: given.text('activity-id'),
  };
}

// `schedule create`.

import { randomUUID } from 'node:crypto';
import type { JsonObject } from '../../client/client.ts';
import type { Context } from '../../context.ts';
import { namedPayloads } from '../inputs.ts';
import { startMembers } from '../start-options.ts';
import { OVERLAP_DEFAULT, policiesOf, specOf, stateOf } from './spec.ts';

export async function create(context: Context): Promise<undefined> {
  const { given, out } = context;
  const schedule = await newSchedule(context);
  const [memo, attributes] = [
    namedPayloads(context, 'schedule-memo'),
    namedPayloads(context, 'schedule-search-attribute'),
  ];
  const client = await context.client();
  const scheduleId = given.text('schedule-id');
  const reply = await client.call('CreateSchedule', {
    namespace: client.namespace,
    scheduleId,
    schedule,
    identity: client.identity,
    requestId: randomUUID(),
    memo: memo && { fields: memo },
    searchAttributes: attributes && { indexedFields: attributes },
  });
  await out.object(reply, () => out.line(`Schedule ${scheduleId} created`));
}

/** All that was given, and defaults for the rest. @throws {UsageError} */
export async function newSchedule(context: Context): Promise<JsonObject> {
  const action = await startMembers(context);
  const workflowId = `${context.given.text('schedule-id')}-workflow`;
  return {
    spec: specOf(context),
    action: { startWorkflow: { workflowId, ...action } },
    policies: { overlapPolicy: OVERLAP_DEFAULT, ...policiesOf(context) },
    state: stateOf(context),
  };
}

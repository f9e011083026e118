// `activity pause`, `activity unpause` and `activity reset`: what operators do to activities that are under way.

import { randomUUID } from 'node:crypto';
import type { Context } from '../../context.ts';
import { readTarget } from './target.ts';

export async function pause(context: Context): Promise<undefined> {
  const { given, out } = context;
  const client = await context.client();
  const target = await readTarget(context);
  const request = {
    namespace: client.namespace,
    identity: client.identity,
    reason: given.last('reason'),
    requestId: randomUUID(),
  };
  const reply = target.isStandalone
    ? await client.call('PauseActivityExecution', { ...request, ...target.standalone })
    : await client.call('PauseActivity', { ...request, ...target.ofWorkflow });
  await out.object(reply, () => out.line(`Activity ${given.text('activity-id')} paused`));
}

export async function unpause(context: Context): Promise<undefined> {
  const { given, out } = context;
  const client = await context.client();
  const jitter = given.duration('jitter');
  const target = await readTarget(context);
  if (target.startBatch !== undefined) {
    await target.startBatch({ unpauseActivitiesOperation: { identity: client.identity, jitter, matchAll: true } });
    return;
  }
  const request = { namespace: client.namespace, identity: client.identity, jitter };
  const reply = target.isStandalone
    ? await client.call('UnpauseActivityExecution', { ...request, reason: given.last('reason'), ...target.standalone })
    : await client.call('UnpauseActivity', { ...request, ...target.ofWorkflow });
  await out.object(reply, () => out.line(`Activity ${given.text('activity-id')} unpaused`));
}

export async function reset(context: Context): Promise<undefined> {
  const { given, out } = context;
  const client = await context.client();
  const target = await readTarget(context);
  const keepPaused = given.isOn('keep-paused');
  const operation = {
    identity: client.identity,
    keepPaused,
    jitter: given.duration('jitter'),
    restoreOriginalOptions: given.isOn('restore-original-options'),
  };
  if (target.startBatch !== undefined) {
    await target.startBatch({ resetActivitiesOperation: { ...operation, resetHeartbeat: true, matchAll: true } });
    return;
  }
  const request = { namespace: client.namespace, ...operation };
  if (target.isStandalone) await client.call('ResetActivityExecution', { ...request, ...target.standalone });
  else await client.call('ResetActivity', { ...request, ...target.ofWorkflow });
  await out.object({ keepPaused }, () =>
    out.line(`Activity ${given.text('activity-id')} reset${keepPaused ? ', and still paused' : ''}`),
  );
}

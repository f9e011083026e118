// `workflow rerun`: the start of a run, once more.

import { randomUUID } from 'node:crypto';
import type { JsonObject } from '../../client/client.ts';
import type { Context } from '../../context.ts';
import { CommandError, exitCode } from '../../exit.ts';
import { inputPayloads } from '../inputs.ts';
import { present } from '../start-options.ts';
import { showStarted } from './start.ts';

interface FirstPage {
  readonly history?: {
    readonly events?: readonly { readonly workflowExecutionStartedEventAttributes?: StartedAttributes }[];
  };
}

interface StartedAttributes extends JsonObject {
  readonly workflowType?: { readonly name?: string };
  readonly taskQueue?: { readonly name?: string };
}

/** What the first event tells of the start, by the names that the request has as well. */
const KEPT = [
  ...['input', 'workflowExecutionTimeout', 'workflowRunTimeout', 'workflowTaskTimeout', 'retryPolicy', 'cronSchedule'],
  ...['memo', 'searchAttributes', 'header', 'priority'],
];

export async function rerun(context: Context): Promise<undefined> {
  const { given } = context;
  const client = await context.client();
  const workflowId = given.text('workflow-id');
  const { value } = await client.call<FirstPage>('GetWorkflowExecutionHistory', {
    namespace: client.namespace,
    execution: { workflowId, runId: given.last('run-id') },
    maximumPageSize: 1,
  });
  const model = value.history?.events?.[0]?.workflowExecutionStartedEventAttributes;
  if (model === undefined) throw new CommandError(`the history of ${workflowId} has no beginning`, exitCode.FAILED);
  const type = given.last('type') ?? model.workflowType?.name ?? '';
  const taskQueue = given.last('task-queue') ?? model.taskQueue?.name ?? '';
  const newId = given.last('new-workflow-id') ?? workflowId;
  const reply = await client.call<{ runId?: string }>('StartWorkflowExecution', {
    namespace: client.namespace,
    identity: client.identity,
    requestId: randomUUID(),
    workflowId: newId,
    workflowType: { name: type },
    taskQueue: { name: taskQueue },
    ...Object.fromEntries(KEPT.map((name) => [name, model[name]])),
    ...present({ input: await inputPayloads(context) }),
  });
  const runId = reply.value.runId ?? '';
  await showStarted(context, { workflowId: newId, runId, type, namespace: client.namespace, taskQueue });
  return undefined;
}

// `workflow start` and `workflow signal-with-start`.

import { randomUUID } from 'node:crypto';
import { StatusError, unpackAny } from '@perdure/api';
import { WorkflowExecutionAlreadyStartedFailure } from '@perdure/api/errordetails';
import type { Client, JsonObject } from '../../client/client.ts';
import type { Context } from '../../context.ts';
import { enumJson } from '../../output/texts.ts';
import { inputPayloads } from '../inputs.ts';
import { present, startMembers } from '../start-options.ts';

export interface Started {
  readonly workflowId: string;
  readonly runId: string;
  readonly type: string;
  readonly namespace: string;
  readonly taskQueue: string;
}

/** All that the options say about the start. @throws {UsageError} */
export async function startRequest(context: Context, client: Client): Promise<JsonObject & { workflowId: string }> {
  const { given } = context;
  const failsIfRunning = given.knows('fail-existing') && given.isOn('fail-existing');
  const [reuse, conflict] = [given.last('id-reuse-policy'), given.last('id-conflict-policy')];
  return {
    namespace: client.namespace,
    identity: client.identity,
    requestId: randomUUID(),
    ...(await startMembers(context)),
    ...present({
      workflowIdReusePolicy: reuse && enumJson('WORKFLOW_ID_REUSE_POLICY', reuse),
      workflowIdConflictPolicy: conflict
        ? enumJson('WORKFLOW_ID_CONFLICT_POLICY', conflict)
        : failsIfRunning
          ? 'WORKFLOW_ID_CONFLICT_POLICY_FAIL'
          : undefined,
      workflowStartDelay: given.duration('start-delay'),
      cronSchedule: given.last('cron'),
    }),
    workflowId: given.last('workflow-id') ?? randomUUID(),
  };
}

export async function start(context: Context): Promise<undefined> {
  await showStarted(context, await startWorkflow(context));
  return undefined;
}

export async function startWorkflow(context: Context): Promise<Started> {
  const client = await context.client();
  const request = await startRequest(context, client);
  const { value } = await client
    .call<{ runId?: string }>('StartWorkflowExecution', request)
    .catch((error: unknown) => ({ value: { runId: existingRun(context, error) } }));
  return startedOf(context, client, request.workflowId, value.runId);
}

/**
 * The run that is there already is as good as a new one, unless --fail-existing asks for the difference.
 * @throws what was thrown, if it is anything else
 */
function existingRun({ given, out, terminal }: Context, error: unknown): string {
  if (!(error instanceof StatusError) || given.isOn('fail-existing') || given.has('id-conflict-policy')) throw error;
  for (const detail of error.details) {
    const found = unpackAny(WorkflowExecutionAlreadyStartedFailure, detail);
    if (found === undefined) continue;
    if (out.isText) terminal.stderr.write('It is running already: nothing was started.\n');
    return found.runId;
  }
  throw error;
}

export async function signalWithStart(context: Context): Promise<undefined> {
  const { given } = context;
  const client = await context.client();
  const request = await startRequest(context, client);
  const { value } = await client.call<{ runId?: string }>('SignalWithStartWorkflowExecution', {
    ...request,
    signalName: given.text('signal-name'),
    signalInput: await inputPayloads(context, 'signal-'),
  });
  await showStarted(context, startedOf(context, client, request.workflowId, value.runId));
  return undefined;
}

function startedOf({ given }: Context, { namespace }: Client, workflowId: string, runId: string | undefined): Started {
  return { workflowId, runId: runId ?? '', type: given.text('type'), namespace, taskQueue: given.text('task-queue') };
}

export async function showStarted({ out }: Context, shown: Started): Promise<void> {
  await out.object({ ...shown }, () => startedCard(out, shown));
}

export function startedCard(out: Context['out'], { workflowId, runId, type, namespace, taskQueue }: Started) {
  return out.card('Running execution', [
    ['WorkflowId', workflowId],
    ['RunId', runId],
    ['Type', type],
    ['Namespace', namespace],
    ['TaskQueue', taskQueue],
  ]);
}

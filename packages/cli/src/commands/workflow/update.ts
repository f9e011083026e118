// `workflow update ...`.

import { randomUUID } from 'node:crypto';
import { type Failure, type Payloads, payloadsOf } from '@perdure/ui-core';
import type { Client, JsonObject } from '../../client/client.ts';
import type { Context } from '../../context.ts';
import { CommandError, exitCode } from '../../exit.ts';
import type { Printable } from '../../output/json.ts';
import { enumText, payloadValue } from '../../output/texts.ts';
import { inputPayloads, namedPayloads } from '../inputs.ts';
import { payloadsText } from './closing.ts';
import { failureText } from './failure-text.ts';

export type Stage = 'ADMITTED' | 'ACCEPTED' | 'COMPLETED';

export interface UpdateReply {
  readonly updateRef?: {
    readonly updateId?: string;
    readonly workflowExecution?: { readonly workflowId?: string; readonly runId?: string | undefined };
  };
  readonly outcome?: Outcome;
  readonly stage?: string;
}

interface Outcome {
  readonly success?: Payloads;
  readonly failure?: Failure;
}

export async function startUpdate(context: Context): Promise<undefined> {
  await sendUpdate(context, 'ACCEPTED');
  return undefined;
}

export async function executeUpdate(context: Context): Promise<undefined> {
  await sendUpdate(context, 'COMPLETED');
  return undefined;
}

async function sendUpdate(context: Context, stage: Stage): Promise<void> {
  const { given } = context;
  const client = await context.client();
  const request = await updateRequest(context, client, stage, given.text('name'), '');
  await show(context, client, given.text('name'), await sent(client, request, stage), stage);
}

/** The server answers early when it takes long: the same update is asked for again until it is where it should be. */
export async function sent(client: Client, request: JsonObject, stage: Stage): Promise<UpdateReply> {
  for (;;) {
    const { value } = await client.poll<UpdateReply>('UpdateWorkflowExecution', request);
    if (hasReached(value, stage)) return value;
  }
}

export function hasReached({ stage, outcome }: UpdateReply, wanted: Stage): boolean {
  if (outcome !== undefined) return true;
  return wanted !== 'COMPLETED' && stage !== undefined && !/_(UNSPECIFIED|ADMITTED)$/.test(stage);
}

/** @param prefix of the options that others have as well */
export async function updateRequest(context: Context, client: Client, stage: Stage, name: string, prefix: string) {
  const { given } = context;
  return {
    namespace: client.namespace,
    workflowExecution: { workflowId: given.last('workflow-id'), runId: given.last('run-id') },
    firstExecutionRunId: given.last(`${prefix}first-execution-run-id`),
    waitPolicy: { lifecycleStage: `UPDATE_WORKFLOW_EXECUTION_LIFECYCLE_STAGE_${stage}` },
    request: {
      meta: { updateId: given.last('update-id') ?? randomUUID(), identity: client.identity },
      input: {
        name,
        args: await inputPayloads(context, prefix),
        header: prefix === '' ? { fields: namedPayloads(context, 'headers') } : undefined,
      },
    },
  };
}

async function show(context: Context, client: Client, name: string | undefined, reply: UpdateReply, stage: Stage) {
  const { out } = context;
  const { updateRef, outcome } = reply;
  const failure = outcome?.failure;
  const shown = {
    ...{ name, updateId: updateRef?.updateId, workflowId: updateRef?.workflowExecution?.workflowId },
    ...{ runId: updateRef?.workflowExecution?.runId, namespace: client.namespace },
    stage: enumText('UPDATE_WORKFLOW_EXECUTION_LIFECYCLE_STAGE', reply.stage),
    result: resultOf(outcome, out.payloadShorthand),
    failure: failure === undefined ? undefined : { message: failureText(failure) },
  };
  // Whoever only asks how it stands is told; whoever wanted it done has failed.
  if (stage !== 'ADMITTED') throwIfFailed(outcome, shown);
  await out.object(shown, () =>
    out.card('Update', [
      ['Name', name],
      ['UpdateId', shown.updateId],
      ['WorkflowId', shown.workflowId],
      ['RunId', shown.runId],
      ['Stage', shown.stage],
      ['Result', payloadsText(payloadsOf(outcome?.success))],
      ['Failure', failureText(failure)],
    ]),
  );
}

/** @param shown what else programs are told */
export function throwIfFailed(outcome: Outcome | undefined, shown: Readonly<Record<string, Printable>>): void {
  const failure = outcome?.failure;
  if (failure === undefined) return;
  throw new CommandError(`the update failed: ${failureText(failure)}`, exitCode.WORKFLOW_FAILED, {
    ...shown,
    result: undefined,
    failure,
  });
}

/** `workflow update result`: waits for it. */
export async function updateResult(context: Context): Promise<undefined> {
  const client = await context.client();
  for (;;) {
    const reply = await pollUpdate(context, client, 'COMPLETED');
    if (reply.outcome === undefined) continue;
    await show(context, client, undefined, reply, 'COMPLETED');
    return undefined;
  }
}

/** `workflow update describe`: as it is now. */
export async function describeUpdate(context: Context): Promise<undefined> {
  const client = await context.client();
  await show(context, client, undefined, await pollUpdate(context, client, undefined), 'ADMITTED');
  return undefined;
}

async function pollUpdate({ given }: Context, client: Client, stage: Stage | undefined): Promise<UpdateReply> {
  const workflowExecution = { workflowId: given.text('workflow-id'), runId: given.last('run-id') };
  const { value } = await client.poll<UpdateReply>('PollWorkflowExecutionUpdate', {
    namespace: client.namespace,
    identity: client.identity,
    updateRef: { workflowExecution, updateId: given.text('update-id') },
    waitPolicy: stage && { lifecycleStage: `UPDATE_WORKFLOW_EXECUTION_LIFECYCLE_STAGE_${stage}` },
  });
  return { updateRef: { workflowExecution, updateId: given.text('update-id') }, ...value };
}

/** One value as it is, several as an array; undefined: there is none. */
export function resultOf(outcome: Outcome | undefined, shorthand: boolean): Printable {
  const values = payloadsOf(outcome?.success).map((payload) => {
    return shorthand ? payloadValue(payload) : { metadata: { ...payload.metadata }, data: payload.data ?? '' };
  });
  return values.length > 1 ? values : values[0];
}

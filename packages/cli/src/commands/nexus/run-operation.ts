// `nexus operation start`, `execute` and `result`.

import { randomUUID } from 'node:crypto';
import type { Client } from '../../client/client.ts';
import type { Message } from '../../client/message.ts';
import type { Context } from '../../context.ts';
import { exitCode } from '../../exit.ts';
import { enumJson, type PayloadJson, payloadText } from '../../output/texts.ts';
import { inputPayloads, jsonPayload, namedPayloads } from '../inputs.ts';

interface Outcome {
  readonly runId?: string;
  readonly result?: PayloadJson;
  readonly failure?: { readonly message?: string };
}

export async function start(context: Context): Promise<undefined> {
  const { out } = context;
  const client = await context.client();
  const started = await startOperation(context, client);
  await out.object(started, () => showStarted(context, started));
  return undefined;
}

export async function execute(context: Context): Promise<number> {
  const client = await context.client();
  const started = await startOperation(context, client);
  if (context.out.isText) await showStarted(context, started);
  return showOutcome(context, client, started.operationId, started.runId);
}

export async function result(context: Context): Promise<number> {
  const { given } = context;
  return showOutcome(context, await context.client(), given.text('operation-id'), given.last('run-id'));
}

type Started = Awaited<ReturnType<typeof startOperation>>;

async function startOperation(context: Context, client: Client) {
  const { given } = context;
  const operation = {
    endpoint: given.text('endpoint'),
    service: given.text('service'),
    operation: given.text('operation'),
    operationId: given.text('operation-id'),
  };
  const { namespace, identity } = client;
  const { payloads = [] } = (await inputPayloads(context)) ?? {};
  if (payloads.length > 1) throw context.wrong(`an operation has one argument, there are ${payloads.length}`);
  const indexedFields = namedPayloads(context, 'search-attribute');
  const summary = given.last('static-summary');
  const reply = await client.call<{ readonly runId?: string }>('StartNexusOperationExecution', {
    ...{ namespace, identity, requestId: randomUUID(), ...operation },
    input: payloads[0],
    scheduleToCloseTimeout: given.duration('schedule-to-close-timeout'),
    scheduleToStartTimeout: given.duration('schedule-to-start-timeout'),
    startToCloseTimeout: given.duration('start-to-close-timeout'),
    idConflictPolicy: policy('NEXUS_OPERATION_ID_CONFLICT_POLICY', given.last('id-conflict-policy')),
    idReusePolicy: policy('NEXUS_OPERATION_ID_REUSE_POLICY', given.last('id-reuse-policy')),
    searchAttributes: indexedFields && { indexedFields },
    userMetadata:
      summary === undefined ? undefined : { summary: jsonPayload(context, 'the summary', JSON.stringify(summary)) },
  });
  return { ...operation, runId: reply.value.runId, namespace };
}

function policy(prefix: string, name: string | undefined): string | undefined {
  return name === undefined ? undefined : enumJson(prefix, name);
}

async function showStarted({ out }: Context, started: Started): Promise<void> {
  await out.card('Started Nexus Operation', [
    ['Endpoint', started.endpoint],
    ['Service', started.service],
    ['Operation', started.operation],
    ['OperationId', started.operationId],
    ['RunId', started.runId],
    ['Namespace', started.namespace],
  ]);
}

/** @returns the exit code */
async function showOutcome(
  context: Context,
  client: Client,
  operationId: string,
  runId: string | undefined,
): Promise<number> {
  const { out } = context;
  const reply = await outcomeOf(client, operationId, runId);
  const { value } = reply;
  const hasFailed = value.failure !== undefined;
  const status = hasFailed ? 'FAILED' : 'COMPLETED';
  const shown = {
    ...{ operationId, runId: runId ?? value.runId, status },
    result: reply.item('result'),
    failure: reply.item('failure'),
  };
  await out.object(shown, () =>
    out.card('Results', [
      ['Status', out.paint(hasFailed ? 'bad' : 'good', status)],
      ['Result', value.result && payloadText(value.result)],
      ['Failure', value.failure?.message],
    ]),
  );
  return hasFailed ? exitCode.WORKFLOW_FAILED : exitCode.OK;
}

async function outcomeOf(client: Client, operationId: string, runId: string | undefined): Promise<Message<Outcome>> {
  const waitStage = 'NEXUS_OPERATION_WAIT_STAGE_CLOSED';
  const { namespace } = client;
  for (;;) {
    const request = { namespace, operationId, runId, waitStage };
    const reply = await client.poll<Outcome>('PollNexusOperationExecution', request);
    if (reply.value.result !== undefined || reply.value.failure !== undefined) return reply;
  }
}

// `activity start`, `activity execute` and `activity result`, of standalone activities.

import { randomUUID } from 'node:crypto';
import type { JsonObject } from '../../client/client.ts';
import type { Message } from '../../client/message.ts';
import type { Context } from '../../context.ts';
import { exitCode } from '../../exit.ts';
import type { Printable } from '../../output/json.ts';
import { enumJson, type PayloadJson, payloadText, payloadValue } from '../../output/texts.ts';
import { commonMembers, present } from '../start-options.ts';

export async function start(context: Context): Promise<undefined> {
  const runId = await startActivity(context);
  const shown = await cardOf(context, runId);
  await context.out.object(shown, () => printCard(context, shown));
}

/** @returns the exit code */
export async function execute(context: Context): Promise<number> {
  const runId = await startActivity(context);
  if (context.out.isText) await printCard(context, await cardOf(context, runId));
  return showOutcome(context, runId);
}

/** @returns the exit code */
export function result(context: Context): Promise<number> {
  return showOutcome(context, context.given.last('run-id'));
}

async function startActivity(context: Context): Promise<string> {
  const { given } = context;
  const members = await commonMembers(context);
  const [reuse, conflict] = [given.last('id-reuse-policy'), given.last('id-conflict-policy')];
  const client = await context.client();
  const reply = await client.call<{ runId?: string }>('StartActivityExecution', {
    ...members,
    namespace: client.namespace,
    identity: client.identity,
    requestId: randomUUID(),
    activityId: given.text('activity-id'),
    activityType: { name: given.text('type') },
    scheduleToCloseTimeout: given.duration('schedule-to-close-timeout'),
    scheduleToStartTimeout: given.duration('schedule-to-start-timeout'),
    startToCloseTimeout: given.duration('start-to-close-timeout'),
    heartbeatTimeout: given.duration('heartbeat-timeout'),
    startDelay: given.duration('start-delay'),
    retryPolicy: retryPolicy(context),
    idReusePolicy: reuse && enumJson('ACTIVITY_ID_REUSE_POLICY', reuse),
    idConflictPolicy: conflict && enumJson('ACTIVITY_ID_CONFLICT_POLICY', conflict),
  });
  return reply.value.runId ?? '';
}

function retryPolicy({ given }: Context): JsonObject | undefined {
  const policy = present({
    initialInterval: given.duration('retry-initial-interval'),
    maximumInterval: given.duration('retry-maximum-interval'),
    backoffCoefficient: given.number('retry-backoff-coefficient'),
    maximumAttempts: given.number('retry-maximum-attempts'),
  });
  return Object.keys(policy).length === 0 ? undefined : policy;
}

interface Card {
  readonly [key: string]: string;
  readonly activityId: string;
  readonly runId: string;
  readonly namespace: string;
}

async function cardOf(context: Context, runId: string): Promise<Card> {
  const { namespace } = await context.client();
  return { activityId: context.given.text('activity-id'), runId, namespace };
}

function printCard({ out }: Context, { activityId, runId, namespace }: Card): Promise<void> {
  return out.card('Running execution', [
    ['ActivityId', activityId],
    ['RunId', runId],
    ['Namespace', namespace],
  ]);
}

interface Polled {
  readonly runId?: string;
  readonly outcome?: {
    readonly result?: { readonly payloads?: readonly PayloadJson[] };
    readonly failure?: { readonly message?: string };
  };
}

async function showOutcome(context: Context, runId: string | undefined): Promise<number> {
  const { given, out } = context;
  const activityId = given.text('activity-id');
  const reply = await untilClosed(context, runId);
  const { result: output, failure } = reply.value.outcome ?? {};
  const isFailed = failure !== undefined;
  const status = isFailed ? 'FAILED' : 'COMPLETED';
  const [payload] = output?.payloads ?? [];
  const shown: Record<string, Printable> = { activityId, runId: reply.value.runId ?? runId ?? '', status };
  if (isFailed) shown['failure'] = reply.item('outcome')?.item('failure');
  else shown['result'] = resultOf(context, reply, payload);
  await out.object(shown, () =>
    out.card('Results', [
      ['Status', out.paint(isFailed ? 'bad' : 'good', status)],
      ['Result', payload && payloadText(payload)],
      ['Failure', failure?.message],
    ]),
  );
  return isFailed ? exitCode.WORKFLOW_FAILED : exitCode.OK;
}

function resultOf({ out }: Context, reply: Message, payload: PayloadJson | undefined): Printable {
  if (!out.payloadShorthand) return reply.item('outcome')?.item('result');
  return payload === undefined ? null : payloadValue(payload);
}

async function untilClosed(context: Context, runId: string | undefined): Promise<Message<Polled>> {
  const client = await context.client();
  for (;;) {
    const reply = await client.poll<Polled>('PollActivityExecution', {
      namespace: client.namespace,
      activityId: context.given.text('activity-id'),
      runId,
    });
    if (reply.value.outcome !== undefined) return reply;
  }
}

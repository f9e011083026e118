// `nexus operation`: what is done with one that exists, and lists.

import { randomUUID } from 'node:crypto';
import type { Message } from '../../client/message.ts';
import type { Context } from '../../context.ts';
import { durationText } from '../../output/durations.ts';
import { toJson } from '../../output/json.ts';
import type { Row } from '../../output/output.ts';
import { enumText, type PayloadJson, payloadText } from '../../output/texts.ts';
import { defaultReason } from '../batch/start.ts';
import { countExecutions, listExecutions, NEXUS_OPERATIONS } from '../executions.ts';

const STATUS = 'NEXUS_OPERATION_EXECUTION_STATUS';

interface Info {
  readonly operationId?: string;
  readonly runId?: string;
  readonly endpoint?: string;
  readonly service?: string;
  readonly operation?: string;
  readonly status?: string;
  readonly state?: string;
  readonly attempt?: number;
  readonly scheduleToCloseTimeout?: string;
  readonly scheduleTime?: string;
  readonly closeTime?: string;
  readonly expirationTime?: string;
  readonly blockedReason?: string;
  readonly operationToken?: string;
  readonly identity?: string;
  readonly lastAttemptFailure?: { readonly message?: string };
  readonly userMetadata?: { readonly summary?: PayloadJson };
}

export async function describe(context: Context): Promise<undefined> {
  const { given, out } = context;
  const client = await context.client();
  const reply = await client.call('DescribeNexusOperationExecution', {
    namespace: client.namespace,
    ...reference(context),
  });
  const info = reply.item<Info>('info');
  const { payloadShorthand } = out;
  await out.object(info ?? {}, () => {
    if (given.isOn('raw')) return out.line(toJson(info ?? {}, { pretty: true, payloadShorthand }));
    return out.card('', rowsOf(context, info?.value ?? {}));
  });
  return undefined;
}

export async function cancel(context: Context): Promise<undefined> {
  const { given, out } = context;
  const reply = await end(context, 'RequestCancelNexusOperationExecution', given.last('reason'));
  await out.object(reply, () => out.line('Cancellation requested'));
  return undefined;
}

export async function terminate(context: Context): Promise<undefined> {
  const { given, out } = context;
  const reason = given.last('reason') ?? defaultReason();
  const reply = await end(context, 'TerminateNexusOperationExecution', reason);
  await out.object(reply, () => out.line('Nexus Operation terminated'));
  return undefined;
}

export async function list(context: Context): Promise<undefined> {
  const { out } = context;
  return listExecutions<Info>(context, NEXUS_OPERATIONS, [
    { name: 'Status', of: ({ value }) => out.status(enumText(STATUS, value.status)) },
    { name: 'OperationId', of: ({ value }) => value.operationId },
    { name: 'Endpoint', of: ({ value }) => value.endpoint },
    { name: 'Service', of: ({ value }) => value.service },
    { name: 'Operation', of: ({ value }) => value.operation },
    { name: 'StartTime', of: ({ value }) => out.time(value.scheduleTime) },
  ]);
}

export async function count(context: Context): Promise<undefined> {
  return countExecutions(context, NEXUS_OPERATIONS);
}

async function end(context: Context, method: string, reason: string | undefined): Promise<Message> {
  const client = await context.client();
  const { namespace, identity } = client;
  const request = { namespace, identity, ...reference(context), requestId: randomUUID(), reason };
  return client.call(method, request);
}

function reference({ given }: Context) {
  return { operationId: given.text('operation-id'), runId: given.last('run-id') };
}

function rowsOf({ out }: Context, info: Info): readonly Row[] {
  return [
    ['OperationId', info.operationId],
    ['RunId', info.runId],
    ['Endpoint', info.endpoint],
    ['Service', info.service],
    ['Operation', info.operation],
    ['Status', out.status(enumText(STATUS, info.status))],
    ['State', enumText('PENDING_NEXUS_OPERATION_STATE', info.state)],
    ['Attempt', info.attempt],
    ['ScheduleToCloseTimeout', durationText(info.scheduleToCloseTimeout)],
    ['ScheduledTime', out.time(info.scheduleTime)],
    ['CloseTime', out.time(info.closeTime)],
    ['ExpirationTime', out.time(info.expirationTime)],
    ['BlockedReason', info.blockedReason],
    ['LastAttemptFailure', info.lastAttemptFailure?.message],
    ['OperationToken', info.operationToken],
    ['Identity', info.identity],
    ['Summary', info.userMetadata?.summary && payloadText(info.userMetadata.summary)],
  ];
}

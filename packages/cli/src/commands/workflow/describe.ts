// `workflow describe`: what the server knows of a run without its history, and how it ended.

import type { HistoryEvent } from '@perdure/ui-core';
import type { Message } from '../../client/message.ts';
import type { Context } from '../../context.ts';
import { JsonNodeValue, type Printable, toJson } from '../../output/json.ts';
import { closingCard, resultOf } from './closing.ts';
import { callbackTable, infoCards } from './describe-info.ts';
import { pendingTables } from './describe-pending.ts';
import type { Description } from './description.ts';
import { describeExecution, type Execution, executionOf, isOpenStatus } from './execution.ts';
import { closingEventOf } from './history.ts';
import { waitsFor } from './waits-for.ts';

export async function describe(context: Context): Promise<undefined> {
  const { given, out } = context;
  const execution = executionOf(context);
  const client = await context.client();
  const description = await describeExecution<Description>(client, execution);
  if (given.isOn('reset-points')) return printResetPoints(context, description.value);
  const { execution: run, status } = description.value.workflowExecutionInfo ?? {};
  const isOpen = isOpenStatus(status);
  // The run that was described: by now there may be a newer one.
  const closing = isOpen ? undefined : await closingEventOf(client, { ...execution, ...run });
  const whole = withClosing(description, closing, out.payloadShorthand);
  await out.object(whole, async () => {
    if (given.isOn('raw')) return out.line(toJson(whole, { pretty: true, payloadShorthand: out.payloadShorthand }));
    await infoCards(out, client.namespace, description.value);
    await callbackTable(out, description.value.callbacks ?? []);
    if (isOpen) await printOpen(context, description.value, { ...execution, ...run });
    else if (closing !== undefined) await printClosing(context, description.value, closing);
  });
  return undefined;
}

async function printOpen(context: Context, description: Description, run: Execution): Promise<void> {
  const { historyLength = 0 } = description.workflowExecutionInfo ?? {};
  if (context.out.isText) await waitsFor(context, run, Number(historyLength));
  await pendingTables(context.out, description);
}

async function printClosing({ out }: Context, description: Description, closing: Message<HistoryEvent>): Promise<void> {
  await closingCard(out, closing.value, description.workflowExecutionInfo?.startTime);
}

/** The answer of the server, and after it the event that closed the run, and the result of one that completed. */
function withClosing(
  description: Message<Description>,
  closing: Message<HistoryEvent> | undefined,
  payloadShorthand: boolean,
): Printable {
  const node = description.node(payloadShorthand);
  if (closing === undefined || node.kind !== 'object') return new JsonNodeValue(node);
  const fields = node.members.map(({ key, value }) => [key, new JsonNodeValue(value)] as const);
  const result = resultOf(closing, payloadShorthand);
  return {
    ...Object.fromEntries(fields),
    closeEvent: new JsonNodeValue(closing.node(payloadShorthand)),
    ...(result === undefined ? {} : { result }),
  };
}

async function printResetPoints({ out }: Context, { workflowExecutionInfo: info }: Description): Promise<undefined> {
  const points = (info?.autoResetPoints?.points ?? []).map((point) => ({
    BinaryChecksum: point.binaryChecksum ?? '',
    BuildId: point.buildId ?? '',
    CreateTime: point.createTime ?? '',
    RunId: point.runId ?? '',
    EventId: Number(point.firstWorkflowTaskCompletedId ?? 0),
  }));
  await out.list(points, [
    { name: 'BinaryChecksum', of: ({ BinaryChecksum }) => BinaryChecksum },
    { name: 'BuildId', of: ({ BuildId }) => BuildId },
    { name: 'CreateTime', of: ({ CreateTime }) => out.time(CreateTime) },
    { name: 'RunId', of: ({ RunId }) => RunId },
    { name: 'EventId', of: ({ EventId }) => EventId },
  ]);
  return undefined;
}

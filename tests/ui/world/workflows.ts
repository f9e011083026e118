// Workflows that the pages are shown with: each has something to look at.

import {
  ApplicationFailure,
  condition,
  defineQuery,
  defineSignal,
  defineUpdate,
  executeChild,
  proxyActivities,
  proxyLocalActivities,
  setHandler,
  sleep,
} from '@temporalio/workflow';
import type * as activities from './activities.ts';

type Activities = typeof activities;

export interface OrderInput {
  readonly orderId: string;
  readonly items: readonly string[];
  readonly amount: number;
}

const { reserveStock, chargeCard, sendReceipt, refund } = proxyActivities<Activities>({
  startToCloseTimeout: '10s',
  retry: { initialInterval: '200ms', maximumAttempts: 4 },
});
const { validate } = proxyLocalActivities<Activities>({ startToCloseTimeout: '5s' });

export const approve = defineSignal<[string]>('approve');
export const status = defineQuery<string>('status');
export const addItem = defineUpdate<number, [string]>('addItem');

/** Runs to its end: a retried charge, a timer, a child, two activities side by side. */
export async function Order(input: OrderInput): Promise<{ readonly receipt: string; readonly total: bigint | number }> {
  let step = 'validating';
  setHandler(status, () => step);
  await validate(input.orderId);
  step = 'reserving';
  await Promise.all(input.items.map((item) => reserveStock(item)));
  step = 'charging';
  await chargeCard(input.orderId, input.amount);
  await sleep('300ms');
  step = 'shipping';
  await executeChild(Shipment, { args: [input.orderId], workflowId: `${input.orderId}-shipment` });
  const receipt = await sendReceipt(input.orderId);
  step = 'done';
  return { receipt, total: input.amount };
}

export async function Shipment(orderId: string): Promise<string> {
  await sleep('100ms');
  return reserveStock(`parcel for ${orderId}`);
}

/** Waits for somebody. */
export async function Approval(input: OrderInput): Promise<string> {
  let by = '';
  const items = [...input.items];
  setHandler(approve, (name) => {
    by = name;
  });
  setHandler(status, () => (by === '' ? 'waiting for approval' : `approved by ${by}`));
  setHandler(addItem, (item) => items.push(item), {
    validator: (item) => {
      if (item === '') throw ApplicationFailure.nonRetryable('an item needs a name', 'EmptyItem');
    },
  });
  await reserveStock(items[0] ?? '');
  await condition(() => by !== '', '30d');
  return `approved by ${by}: ${items.join(', ')}`;
}

/** Waits for two children, which wait for somebody. */
export async function Delivery(input: OrderInput): Promise<void> {
  const parcels = ['first', 'second'].map((parcel) => {
    return executeChild(Approval, { args: [input], workflowId: `${input.orderId}-${parcel}` });
  });
  await Promise.all(parcels);
}

/** Fails for a reason that lies two causes deep. */
export async function FailingOrder(input: OrderInput): Promise<void> {
  await reserveStock(input.items[0] ?? '');
  await refund(input.orderId, input.amount);
}

/** An activity that keeps failing, with long back-offs. */
export async function StuckOrder(input: OrderInput): Promise<void> {
  const { unreachable } = proxyActivities<Activities>({
    startToCloseTimeout: '10s',
    retry: { initialInterval: '10m', maximumAttempts: 10 },
  });
  await reserveStock(input.items[0] ?? '');
  await unreachable(input.orderId);
}

/** An activity that is at it for long. */
export async function PackedOrder(): Promise<void> {
  const { pack } = proxyActivities<Activities>({
    startToCloseTimeout: '1h',
    heartbeatTimeout: '10s',
    retry: { maximumAttempts: 1 },
  });
  await pack();
}

/** As an agent works: a model is asked, tools are called, the model answers. */
export async function SupportAgent(question: string): Promise<string> {
  const { callModel, callTool } = proxyActivities<Activities>({ startToCloseTimeout: '30s' });
  const first = await callModel({ model: 'large-1', messages: [{ role: 'user', content: question }] });
  const calls = first.message.tool_calls ?? [];
  const results = await Promise.all(calls.map((call) => callTool(call.function)));
  const messages = [
    { role: 'user', content: question },
    first.message,
    ...results.map((content, i) => ({ role: 'tool', tool_call_id: calls[i]?.id ?? '', content })),
  ];
  const last = await callModel({ model: 'large-1', messages });
  return last.message.content;
}

/** Many activities, for long histories. */
export async function Bulk(count: number): Promise<number> {
  for (let i = 0; i < count; i += 50) {
    await Promise.all(Array.from({ length: Math.min(50, count - i) }, (_, j) => reserveStock(`item ${i + j}`)));
  }
  return count;
}

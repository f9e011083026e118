// What the workflows of the world do outside; nothing leaves the process.

import { ApplicationFailure, activityInfo, cancelled, heartbeat } from '@temporalio/activity';

export async function validate(orderId: string): Promise<boolean> {
  return orderId !== '';
}

export async function reserveStock(item: string): Promise<string> {
  return `reserved ${item}`;
}

/** Succeeds at the third attempt. */
export async function chargeCard(
  orderId: string,
  amount: number,
): Promise<{ readonly charge: string; readonly amount: number }> {
  const { attempt } = activityInfo();
  heartbeat({ attempt });
  if (attempt < 3) throw ApplicationFailure.retryable(`payments answered 503 for ${orderId}`, 'PaymentsUnavailable');
  return { charge: `ch_${orderId}`, amount };
}

export async function sendReceipt(orderId: string): Promise<string> {
  return `# Receipt\n\nOrder **${orderId}** is paid.\n`;
}

export async function refund(orderId: string, amount: number): Promise<void> {
  const cause = new Error(`card of ${orderId} was closed`);
  throw ApplicationFailure.create({
    message: `refund of ${amount} refused`,
    type: 'RefundRefused',
    nonRetryable: true,
    cause,
  });
}

export async function unreachable(orderId: string): Promise<void> {
  throw ApplicationFailure.retryable(`no route to the warehouse of ${orderId}`, 'WarehouseUnreachable');
}

/** Goes on until somebody else decides. */
export async function pack(): Promise<never> {
  const beat = setInterval(heartbeat, 200);
  try {
    return await cancelled();
  } finally {
    clearInterval(beat);
  }
}

interface Message {
  readonly role: string;
  readonly content: string;
  readonly tool_calls?: readonly {
    readonly id: string;
    readonly function: { readonly name: string; readonly arguments: string };
  }[];
}

interface ModelReply {
  readonly message: Message;
  readonly usage: { readonly input_tokens: number; readonly output_tokens: number };
}

/** Asks for a tool first, answers when it has heard from the tool. */
export async function callModel(request: {
  readonly model: string;
  readonly messages: readonly Message[];
}): Promise<ModelReply> {
  const heard = request.messages.some(({ role }) => role === 'tool');
  const usage = { input_tokens: 120 * request.messages.length, output_tokens: 42 };
  if (heard) return { message: { role: 'assistant', content: 'Your order has left the warehouse.' }, usage };
  const call = { id: 'call_1', function: { name: 'find_order', arguments: '{"id":"order-1"}' } };
  return { message: { role: 'assistant', content: '', tool_calls: [call] }, usage };
}

export async function callTool(call: { readonly name: string; readonly arguments: string }): Promise<string> {
  return JSON.stringify({ tool: call.name, state: 'shipped' });
}

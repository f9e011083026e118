// Fills a server with the executions that the pages are looked at with.

import { Client, Connection } from '@temporalio/client';
import type { OrderInput } from './workflows.ts';

export const INPUT: OrderInput = { orderId: 'order-1', items: ['book', 'lamp'], amount: 129.5 };

export interface World {
  readonly client: Client;
  close(): Promise<void>;
}

export async function seed(address: string): Promise<World> {
  const connection = await Connection.connect({ address });
  const client = new Client({ connection, identity: 'ada@counter' });
  const start = (type: string, workflowId: string, ...args: unknown[]) =>
    client.workflow.start(type, { workflowId, taskQueue: 'orders', args, staticSummary: `Order of ${workflowId}` });
  const ended = await Promise.all([
    start('Order', 'order-1', INPUT),
    start('Order', 'order-2', { ...INPUT, orderId: 'order-2', items: ['chair'] }),
    start('FailingOrder', 'order-3', { ...INPUT, orderId: 'order-3' }),
    start('SupportAgent', 'agent-1', 'Where is my order?'),
  ]);
  await Promise.all([
    start('Approval', 'approval-1', { ...INPUT, orderId: 'approval-1' }),
    start('StuckOrder', 'stuck-1', { ...INPUT, orderId: 'stuck-1' }),
  ]);
  await Promise.allSettled(ended.map((handle) => handle.result()));
  return { client, close: () => connection.close() };
}

// Starts orders and talks to them: from the demo, or by hand:
//
//   node examples/order/src/client.ts start  order-1
//   node examples/order/src/client.ts status order-1
//   node examples/order/src/client.ts approve order-1 'Elsewhere 2, Bern'
//   node examples/order/src/client.ts result order-1

import type { WorkflowHandle } from '@temporalio/client';
import { Client, Connection } from '@temporalio/client';
import { ADDRESS, TASK_QUEUE } from './settings.ts';
import type { Order } from './workflows.ts';
import { approve, order, status } from './workflows.ts';

export type OrderHandle = WorkflowHandle<typeof order>;

export async function connect(address: string, connectTimeout = 10_000): Promise<Client> {
  return new Client({ connection: await Connection.connect({ address, connectTimeout }) });
}

export async function startOrder(client: Client, input: Order): Promise<OrderHandle> {
  return client.workflow.start(order, {
    // One workflow per order, by name: a second start of the same order is refused, not shipped twice.
    workflowId: input.id,
    taskQueue: TASK_QUEUE,
    args: [input],
    // How long a worker may think about one step. If it dies in the middle of that, the step is given to another
    // after this time (default 10 s).
    workflowTaskTimeout: '2s',
  });
}

async function main(command: string | undefined, id = 'order-1', address?: string): Promise<void> {
  const client = await connect(ADDRESS);
  const handle = client.workflow.getHandle<typeof order>(id);
  switch (command) {
    case 'start':
      await startOrder(client, {
        id,
        item: 'a bicycle',
        amountCents: 49_900,
        address: 'Main Street 1, Basel',
        coolingOffMs: 5_000,
      });
      return console.log(`started ${id}`);
    case 'status':
      return console.log(await handle.query(status));
    case 'approve':
      return handle.signal(approve, address === undefined ? {} : { address });
    case 'result':
      return console.log(await handle.result());
    default:
      throw new Error('usage: client.ts start|status|approve|result [order id] [address]');
  }
}

if (import.meta.main) await main(...(process.argv.slice(2) as [string?, string?, string?]));

// The order, as code that cannot be interrupted: whatever dies underneath, it continues on the line where it was.
// It may only decide (call activities, wait, answer queries); everything that touches the world is an activity.

import { condition, defineQuery, defineSignal, proxyActivities, setHandler, sleep } from '@temporalio/workflow';
import type * as activities from './activities.ts';

export interface Order {
  readonly id: string;
  readonly item: string;
  readonly amountCents: number;
  readonly address: string;
  /** How long the customer may think before anything is shipped. */
  readonly coolingOffMs: number;
}

export type Step = 'charging' | 'reserving' | 'cooling off' | 'awaiting approval' | 'shipping' | 'shipped';

export interface Status {
  readonly step: Step;
  readonly address: string;
}

export interface Receipt {
  readonly payment: string;
  readonly reservation: string;
  readonly parcel: string;
  readonly address: string;
}

export interface Approval {
  /** Where to ship, if not to the address of the order. */
  readonly address?: string;
}

export const approve = defineSignal<[Approval]>('approve');
export const status = defineQuery<Status>('status');

// The server notices a dead worker only by its silence: when an attempt runs longer than startToClose, or when a
// heartbeat stays away. So the heartbeat timeout is the time to recover, and start-to-close may stay generous.
const { charge, reserve, ship } = proxyActivities<typeof activities>({
  startToCloseTimeout: '10s',
  heartbeatTimeout: '1s',
  retry: { initialInterval: '300ms', backoffCoefficient: 1.5 },
});

export async function order(input: Order): Promise<Receipt> {
  let step: Step = 'charging';
  let address = input.address;
  let approved = false;

  setHandler(status, () => ({ step, address }));
  setHandler(approve, (approval) => {
    approved = true;
    address = approval.address ?? address;
  });

  const payment = await charge(input.id, input.amountCents);

  step = 'reserving';
  const reservation = await reserve(input.id, input.item);

  step = 'cooling off';
  await sleep(input.coolingOffMs);

  step = 'awaiting approval';
  await condition(() => approved);

  step = 'shipping';
  const parcel = await ship(input.id, address);

  step = 'shipped';
  return { payment, reservation, parcel, address };
}

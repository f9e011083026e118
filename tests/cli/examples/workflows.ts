// The workflow that the examples of the help tell of: an order that a person approves.

import { condition, defineQuery, defineSignal, defineUpdate, proxyActivities, setHandler } from '@temporalio/workflow';

export const approve = defineSignal<[unknown]>('approve');
export const pay = defineUpdate<string, [number]>('pay');
const status = defineQuery<string>('status');

interface Activities {
  /** Ends when someone says so who is not the worker. */
  approval(): Promise<void>;
}

const { approval } = proxyActivities<Activities>({ startToCloseTimeout: '1h', retry: { maximumAttempts: 1 } });

// The name is that of the workflow type.
export async function Order(): Promise<string> {
  let isApproved = false;
  setHandler(approve, () => {
    isApproved = true;
  });
  setHandler(status, () => (isApproved ? 'approved' : 'waits for approval'));
  setHandler(pay, (amount) => `paid ${amount}`);
  await Promise.race([condition(() => isApproved), approval()]);
  return 'shipped';
}

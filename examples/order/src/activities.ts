// What the order does to the world. An activity runs at least once: after a crash nobody can know whether the last
// attempt took effect. So each effect is recorded under an idempotency key, and a later attempt finds it done.

import { Context, heartbeat, sleep } from '@temporalio/activity';
import { recordOnce } from './ledger.ts';

const CONFIRMATION_POLLS = 5;

export async function charge(orderId: string, amountCents: number): Promise<string> {
  say(`charging ${(amountCents / 100).toFixed(2)}`);
  return recordOnce(`charge:${orderId}`, `${amountCents} cents`).key;
}

/** Reserves at once, then waits for the warehouse to confirm: the worst moment to die is in between. */
export async function reserve(orderId: string, item: string): Promise<string> {
  const effect = recordOnce(`reserve:${orderId}`, item);
  say(effect.repeated ? `${item} is already reserved, only the confirmation is missing` : `reserved ${item}`);
  for (let poll = 1; poll <= CONFIRMATION_POLLS; poll++) {
    heartbeat(poll);
    say(`waiting for the warehouse to confirm (${poll}/${CONFIRMATION_POLLS})`);
    await sleep(250);
  }
  return effect.key;
}

export async function ship(orderId: string, address: string): Promise<string> {
  if (Context.current().info.attempt <= 2) {
    say('the carrier does not answer');
    throw new Error('the carrier does not answer');
  }
  say(`shipping to ${address}`);
  return recordOnce(`ship:${orderId}`, address).key;
}

function say(text: string): void {
  const { activityType, attempt } = Context.current().info;
  console.log(`${activityType}, attempt ${attempt}: ${text}`);
}

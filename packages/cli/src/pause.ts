// Waiting until it is time to look again.

import { setTimeout as delay } from 'node:timers/promises';

/** The longest that a timer can wait. */
export const TIMER_MAX_MS = 2 ** 31 - 1;

/** @throws the reason of the signal, as soon as it is aborted */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await delay(Math.min(ms, TIMER_MAX_MS), undefined, { signal });
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  }
}

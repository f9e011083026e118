// Waiting until it is time to look again.

import { setTimeout as delay } from 'node:timers/promises';

/** @throws the reason of the signal, as soon as it is aborted */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await delay(ms, undefined, { signal });
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  }
}

// Time and randomness, injected once at the top: nothing below asks the machine itself.

import { randomUUID } from 'node:crypto';

export interface Clock {
  /** Epoch milliseconds. */
  now(): number;
}

export interface IdSource {
  /** A new random UUID. */
  uuid(): string;
}

export const systemClock: Clock = { now: () => Date.now() };
export const randomIds: IdSource = { uuid: () => randomUUID() };

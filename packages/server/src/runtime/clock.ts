// Time and randomness, injected once at the top: nothing below asks the machine itself.

import { randomFillSync, randomUUID } from 'node:crypto';

export interface Clock {
  /** Epoch milliseconds. */
  now(): number;
}

export interface IdSource {
  /** A new random UUID. */
  uuid(): string;
  /** A new UUID that begins with the time (version 7): ids made one after the other lie together in an index. */
  timeUuid(nowMs: number): string;
  /** A random number from 0 up to, but not including, 1. */
  fraction(): number;
}

export const systemClock: Clock = { now: () => Date.now() };
export const randomIds: IdSource = { uuid: () => randomUUID(), timeUuid, fraction: () => Math.random() };

/** Random bytes are made for many ids at once: a call into the generator costs more than an id. */
const random = new Uint8Array(10 * 256);
let randomUsed = random.length;

/** RFC 9562: 48 bits of time, version, 12 random bits, variant, 62 random bits. */
function timeUuid(nowMs: number): string {
  if (randomUsed === random.length) {
    randomFillSync(random);
    randomUsed = 0;
  }
  const at = randomUsed;
  randomUsed += 10;
  const byte = (i: number) => random[at + i] as number;
  const time = Math.floor(nowMs).toString(16).padStart(12, '0');
  const version = (0x70 | (byte(0) & 0x0f)).toString(16) + hex(byte(1));
  const variant = (0x80 | (byte(2) & 0x3f)).toString(16) + hex(byte(3));
  let node = '';
  for (let i = 4; i < 10; i++) node += hex(byte(i));
  return `${time.slice(0, 8)}-${time.slice(8)}-${version}-${variant}-${node}`;
}

function hex(byte: number): string {
  return byte.toString(16).padStart(2, '0');
}

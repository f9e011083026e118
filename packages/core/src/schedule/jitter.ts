// Jitter: how long after its nominal time a schedule acts. It looks random but is not: a hash of the nominal time and a
// seed, so that it is the same after a crash, and on another server.

import { SECOND_MS } from '../time/wall-clock.ts';
import { fingerprint32 } from './fingerprint.ts';

const utf8 = new TextEncoder();

/** Of times as Go writes them in binary: version, seconds since the year 1, nanoseconds, no offset from UTC. */
const TIME_BYTES = 15;
const VERSION = 1;
const YEAR_1_SECONDS = 62_135_596_800;
const NO_OFFSET = -1;
/** About 50 days. */
const JITTER_MAX_MS = 2 ** 32 - 1;

/** Whole ms, at least 0, less than `maxMs` (unless both are 0). */
export function jitterOf(nominalMs: number, seed: string, maxMs: number): number {
  const rangeMs = Math.min(Math.floor(maxMs), JITTER_MAX_MS);
  if (rangeMs <= 0) return 0;
  const hash = fingerprint32(hashInput(nominalMs, seed));
  // hash * rangeMs / 2^32, in two halves that are exact.
  const upper = Math.floor(hash / 2 ** 16) * rangeMs;
  const lower = (hash % 2 ** 16) * rangeMs;
  return Math.floor((upper + Math.floor(lower / 2 ** 16)) / 2 ** 16);
}

function hashInput(nominalMs: number, seed: string): Uint8Array {
  const seedBytes = utf8.encode(seed);
  const bytes = new Uint8Array(TIME_BYTES + seedBytes.length);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, VERSION);
  const seconds = Math.floor(nominalMs / SECOND_MS) + YEAR_1_SECONDS;
  view.setInt32(1, Math.floor(seconds / 2 ** 32));
  view.setUint32(5, seconds % 2 ** 32);
  view.setInt16(13, NO_OFFSET);
  bytes.set(seedBytes, TIME_BYTES);
  return bytes;
}

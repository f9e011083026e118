// google.protobuf.Timestamp and Duration as JSON has them: "2026-01-31T10:00:00.250Z" and "1.500s", to the nanosecond.

import { Reader, Writer } from '../wire.ts';
import { type JsonNode, NodeError } from './json-node.ts';
import { wrong } from './scalars.ts';

const NANOS = 1_000_000_000n;
const TIMESTAMP_SECONDS = { min: -62_135_596_800n, max: 253_402_300_799n };
const TIMESTAMP_SECONDS_MAX = Number(TIMESTAMP_SECONDS.max);
const DURATION_SECONDS_MAX = 315_576_000_000n;
const TIMESTAMP = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|([+-])(\d\d):(\d\d))$/i;
const DURATION = /^(-?)(\d{1,12})(?:\.(\d{1,9}))?s$/;

/** Beyond the years 1 to 9999 it is the first or the last moment of them: a list must not fail for one odd value. */
export function timestampToJson(message: Uint8Array): string {
  const { seconds, nanos } = partsOf(message);
  if (seconds >= 0 && seconds <= TIMESTAMP_SECONDS_MAX && nanos >= 0 && nanos < 1e9) {
    return `"${secondText(seconds)}${fraction(nanos)}Z"`;
  }
  return unusualTimestamp(BigInt(seconds) * NANOS + BigInt(nanos));
}

/** What follows each other in a history often happened within one second. */
let lastSecond = { seconds: -1, text: '' };

function secondText(seconds: number): string {
  if (lastSecond.seconds !== seconds) {
    lastSecond = { seconds, text: new Date(seconds * 1000).toISOString().slice(0, 19) };
  }
  return lastSecond.text;
}

function unusualTimestamp(totalNanos: bigint): string {
  const { min, max } = TIMESTAMP_SECONDS;
  const total = clamp(totalNanos, min * NANOS, (max + 1n) * NANOS - 1n);
  const nanos = ((total % NANOS) + NANOS) % NANOS;
  const date = new Date(Number(total / NANOS - (nanos > 0n && total < 0n ? 1n : 0n)) * 1000);
  return `"${date.toISOString().slice(0, 19)}${fraction(Number(nanos))}Z"`;
}

export function durationToJson(message: Uint8Array): string {
  const max = DURATION_SECONDS_MAX * NANOS;
  const { seconds, nanos } = partsOf(message);
  const total = clamp(BigInt(seconds) * NANOS + BigInt(nanos), -max, max);
  const size = total < 0n ? -total : total;
  return `"${total < 0n ? '-' : ''}${size / NANOS}${fraction(Number(size % NANOS))}s"`;
}

/** The encoded message. @throws {NodeError} */
export function timestampFromJson(node: JsonNode): Uint8Array {
  const [, local = '', digits = '', , sign, hours, minutes] =
    (node.kind === 'string' ? TIMESTAMP.exec(node.value) : null) ?? [];
  const utc = `${local.toUpperCase()}Z`;
  const localMs = Date.parse(utc);
  // Date.parse takes a 30th of February for the 2nd of March.
  if (Number.isNaN(localMs) || !new Date(localMs).toISOString().startsWith(utc.slice(0, -1))) {
    throw wrong(node, 'a time such as "2026-01-31T10:00:00.5Z"');
  }
  const offsetMinutes = sign === undefined ? 0 : Number(`${sign}1`) * (Number(hours) * 60 + Number(minutes));
  const seconds = BigInt(localMs / 1000 - offsetMinutes * 60);
  const { min, max } = TIMESTAMP_SECONDS;
  if (seconds < min || seconds > max) throw new NodeError('a time must be in the years 1 to 9999', node.at);
  return encode(seconds, nanosOf(digits));
}

/** The encoded message. @throws {NodeError} */
export function durationFromJson(node: JsonNode): Uint8Array {
  const match = node.kind === 'string' ? DURATION.exec(node.value) : null;
  if (match === null) throw wrong(node, 'a duration in seconds such as "1.5s"');
  const [, sign, whole = '', digits = ''] = match;
  const seconds = BigInt(whole);
  const nanos = nanosOf(digits);
  if (seconds * NANOS + nanos > DURATION_SECONDS_MAX * NANOS) {
    throw new NodeError(`a duration may have at most ${DURATION_SECONDS_MAX} seconds`, node.at);
  }
  return sign === '' ? encode(seconds, nanos) : encode(-seconds, -nanos);
}

function partsOf(message: Uint8Array): { readonly seconds: number; readonly nanos: number } {
  const reader = new Reader(message);
  let seconds = 0;
  let nanos = 0;
  while (reader.pos < reader.limit) {
    const tag = reader.tag();
    if (tag === 8) seconds = reader.int64();
    else if (tag === 16) nanos = reader.int32();
    else reader.skip(tag);
  }
  return { seconds, nanos };
}

function encode(seconds: bigint, nanos: bigint): Uint8Array {
  const writer = Writer.acquire();
  if (seconds !== 0n) writer.int64(8, Number(seconds));
  if (nanos !== 0n) writer.int32(16, Number(nanos));
  return writer.finish();
}

/** None, three, six or nine digits. */
function fraction(nanos: number): string {
  if (nanos === 0) return '';
  if (nanos % 1_000_000 === 0) return `.${String(nanos / 1_000_000).padStart(3, '0')}`;
  if (nanos % 1_000 === 0) return `.${String(nanos / 1_000).padStart(6, '0')}`;
  return `.${String(nanos).padStart(9, '0')}`;
}

function nanosOf(digits: string): bigint {
  return BigInt(digits.padEnd(9, '0'));
}

function clamp(value: bigint, min: bigint, max: bigint): bigint {
  if (value < min) return min;
  return value > max ? max : value;
}

// Time zone files (TZif, RFC 9636), as they are found in /usr/share/zoneinfo: when the clocks of a zone were and will be
// changed, and the rule for all years after that. Both come in two versions in one file; the older one, with times of
// 32 bits, is left aside where there is a newer one. Nothing in a file is trusted: it comes from clients.

import { parseTzString } from './tz-string.ts';
import { SECOND_MS } from './wall-clock.ts';
import { OFFSET_MAX_MS, type Period, type Zone } from './zone.ts';

const HEADER_BYTES = 44;
const MAGIC = 'TZif';
const TYPE_BYTES = 6;
/** Four times as many as the zone with the most has: each may have to be looked at. */
const CHANGES_MAX = 1000;
/** The longest rule, with all its parts, is far shorter. */
const FOOTER_BYTES_MAX = 256;

interface Header {
  readonly version: number;
  readonly counts: {
    readonly utcMarks: number;
    readonly standardMarks: number;
    readonly leapSeconds: number;
    readonly changes: number;
    readonly types: number;
    readonly nameBytes: number;
  };
}

/** The changes of a zone: `offsetsMs[i]` holds from `timesMs[i]` on, `firstMs` before the first of them. */
interface Changes {
  readonly timesMs: readonly number[];
  readonly offsetsMs: readonly number[];
  readonly firstMs: number;
}

/** undefined: the file is broken, or counts leap seconds. */
export function parseTimeZoneFile(bytes: Uint8Array): Zone | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const older = readHeader(view, 0);
  if (older === undefined) return undefined;
  if (older.version === 1) return toZone(readChanges(view, HEADER_BYTES, older, 4), '');
  const start = HEADER_BYTES + bodyBytes(older, 4);
  const newer = readHeader(view, start);
  const end = newer && start + HEADER_BYTES + bodyBytes(newer, 8);
  if (newer === undefined || end === undefined || end > bytes.length) return undefined;
  const footer = /^\n(?<rule>[^\n]*)\n/u.exec(asciiText(bytes.subarray(end, end + FOOTER_BYTES_MAX)))?.groups;
  if (footer === undefined) return undefined;
  return toZone(readChanges(view, start + HEADER_BYTES, newer, 8), footer['rule'] ?? '');
}

function readHeader(view: DataView, at: number): Header | undefined {
  if (at + HEADER_BYTES > view.byteLength) return undefined;
  const magic = [0, 1, 2, 3].map((i) => String.fromCharCode(view.getUint8(at + i))).join('');
  if (magic !== MAGIC) return undefined;
  const version = view.getUint8(at + 4);
  const count = (i: number) => view.getUint32(at + 20 + i * 4);
  return {
    // A zero byte, or the digit 2, 3, ...
    version: version === 0 ? 1 : version - 0x30,
    counts: {
      utcMarks: count(0),
      standardMarks: count(1),
      leapSeconds: count(2),
      changes: count(3),
      types: count(4),
      nameBytes: count(5),
    },
  };
}

function bodyBytes({ counts }: Header, timeBytes: number): number {
  const { changes, leapSeconds, nameBytes, standardMarks, types, utcMarks } = counts;
  const leapBytes = leapSeconds * (timeBytes + 4);
  return changes * (timeBytes + 1) + types * TYPE_BYTES + nameBytes + leapBytes + standardMarks + utcMarks;
}

function readChanges(view: DataView, at: number, header: Header, timeBytes: number): Changes | undefined {
  const { changes, leapSeconds, types } = header.counts;
  if (changes > CHANGES_MAX) return undefined;
  if (at + bodyBytes(header, timeBytes) > view.byteLength || types === 0 || leapSeconds > 0) return undefined;
  const indexesAt = at + changes * timeBytes;
  const typesAt = indexesAt + changes;
  const offsetMs = (type: number) => (type < types ? view.getInt32(typesAt + type * TYPE_BYTES) * SECOND_MS : NaN);
  const timesMs: number[] = [];
  const offsetsMs: number[] = [];
  for (let i = 0; i < changes; i++) {
    const timeAt = at + i * timeBytes;
    const time = timeBytes === 8 ? Number(view.getBigInt64(timeAt)) : view.getInt32(timeAt);
    timesMs.push(time * SECOND_MS);
    offsetsMs.push(offsetMs(view.getUint8(indexesAt + i)));
  }
  const firstMs = offsetMs(0);
  const ascending = timesMs.every((time, i) => i === 0 || time > (timesMs[i - 1] ?? Infinity));
  const inRange = [firstMs, ...offsetsMs].every((offset) => Math.abs(offset) <= OFFSET_MAX_MS);
  return ascending && inRange ? { timesMs, offsetsMs, firstMs } : undefined;
}

function toZone(changes: Changes | undefined, rule: string): Zone | undefined {
  if (changes === undefined) return undefined;
  const { firstMs, offsetsMs, timesMs } = changes;
  const lastMs = offsetsMs.at(-1) ?? firstMs;
  const forever: Period = { offsetMs: lastMs, untilMs: Infinity };
  const afterLast = rule === '' ? () => forever : parseTzString(rule);
  if (afterLast === undefined) return undefined;
  const periodAt = (atMs: number): Period => {
    const next = firstAfter(timesMs, atMs);
    const untilMs = timesMs[next];
    if (untilMs === undefined) return afterLast(atMs);
    return { offsetMs: offsetsMs[next - 1] ?? firstMs, untilMs };
  };
  return { offsetAt: (atMs) => periodAt(atMs).offsetMs, periodAt };
}

/** The index of the first time after that one; their number if there is none. */
function firstAfter(timesMs: readonly number[], atMs: number): number {
  let low = 0;
  let high = timesMs.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((timesMs[middle] ?? Infinity) > atMs) high = middle;
    else low = middle + 1;
  }
  return low;
}

function asciiText(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
}

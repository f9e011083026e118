// The bars of rows as numbers, for a canvas that draws them at every frame: one entry for each segment in the view, in
// arrays beside each other.
import type { TimeAxis } from '../axis/time-axis.ts';
import type { EventGroup, GroupStatus, SegmentKind } from '../groups/group.ts';
import type { Row } from './rows.ts';

/** A bar's `kind` is a place in this list. A moment has no length: a signal, a marker. */
export const BAR_KINDS = [
  'queued',
  'running',
  'retrying',
  'backingOff',
  'paused',
  'waiting',
  'moment',
] as const satisfies readonly (SegmentKind | 'moment')[];

/** A bar's `status` is a place in this list. */
export const BAR_STATUSES = [
  'scheduled',
  'running',
  'backingOff',
  'paused',
  'completed',
  'failed',
  'timedOut',
  'canceled',
  'terminated',
  'continuedAsNew',
  'abandoned',
] as const satisfies readonly GroupStatus[];

/** Bits of a bar's `flags`. */
export const BAR_FAILED = 1;
/** It goes on: its end is now. */
export const BAR_OPEN = 2;

/** Arrays beside each other: what is at a place in one belongs to what is there in the others. */
export interface Bars {
  /** Of all arrays. */
  readonly count: number;
  /** The row, counted from the first one asked for. */
  readonly row: Uint32Array;
  /** In pixels of the view. What is far outside is cut a little outside of the view. */
  readonly x0: Float32Array;
  readonly x1: Float32Array;
  readonly kind: Uint8Array;
  readonly status: Uint8Array;
  readonly flags: Uint8Array;
}

/** How far outside of the view bars are cut: more than any line is wide. */
const OUTSIDE_PX = 64;

/** The bars of the rows from `from` to before `to`, in their order, as far as they are in the axis' view. */
export function barsOf(rows: readonly Row[], range: { from: number; to: number }, axis: TimeAxis, nowMs: number): Bars {
  const shown = rows.slice(Math.max(0, range.from), Math.max(0, range.to));
  const most = shown.reduce((sum, { group }) => sum + Math.max(1, group.segments.length), 0);
  const writer = new Writer(most, axis);
  for (const [at, { group }] of shown.entries()) writer.add(at, group, nowMs);
  return writer.bars();
}

const KIND_CODES = codes(BAR_KINDS);
const STATUS_CODES = codes(BAR_STATUSES);

function codes<Name extends string>(names: readonly Name[]): Readonly<Record<Name, number>> {
  return Object.fromEntries(names.map((name, at) => [name, at])) as Record<Name, number>;
}

class Writer {
  readonly #axis: TimeAxis;
  readonly #arrays: Omit<Bars, 'count'>;
  #count = 0;

  constructor(most: number, axis: TimeAxis) {
    this.#axis = axis;
    this.#arrays = {
      row: new Uint32Array(most),
      x0: new Float32Array(most),
      x1: new Float32Array(most),
      kind: new Uint8Array(most),
      status: new Uint8Array(most),
      flags: new Uint8Array(most),
    };
  }

  add(row: number, group: EventGroup, nowMs: number): void {
    const status = STATUS_CODES[group.status];
    for (const { kind, fromMs, toMs, failed } of group.segments) {
      const flags = (failed ? BAR_FAILED : 0) | (toMs === undefined ? BAR_OPEN : 0);
      this.#write(row, fromMs, Math.max(fromMs, toMs ?? nowMs), { kind: KIND_CODES[kind], status, flags });
    }
    const atMs = group.segments.length === 0 ? (group.scheduledMs ?? group.startedMs ?? group.closedMs) : undefined;
    if (atMs === undefined) return;
    const flags = group.status === 'failed' || group.status === 'timedOut' ? BAR_FAILED : 0;
    this.#write(row, atMs, atMs, { kind: KIND_CODES.moment, status, flags });
  }

  #write(row: number, fromMs: number, toMs: number, look: { kind: number; status: number; flags: number }): void {
    const [first, last] = [-OUTSIDE_PX, this.#axis.widthPx + OUTSIDE_PX];
    const fromPx = this.#axis.positionOf(fromMs);
    if (fromPx > last) return;
    const toPx = this.#axis.positionOf(toMs);
    if (toPx < first) return;
    const { row: rows, x0, x1, kind, status, flags } = this.#arrays;
    const at = this.#count;
    rows[at] = row;
    x0[at] = Math.max(first, fromPx);
    x1[at] = Math.min(last, toPx);
    kind[at] = look.kind;
    status[at] = look.status;
    flags[at] = look.flags;
    this.#count += 1;
  }

  bars(): Bars {
    const { row, x0, x1, kind, status, flags } = this.#arrays;
    const count = this.#count;
    return {
      count,
      row: row.subarray(0, count),
      x0: x0.subarray(0, count),
      x1: x1.subarray(0, count),
      kind: kind.subarray(0, count),
      status: status.subarray(0, count),
      flags: flags.subarray(0, count),
    };
  }
}

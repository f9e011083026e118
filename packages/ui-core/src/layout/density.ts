// How much goes on along a time axis, pixel by pixel, and where something failed: what a minimap shows.
import type { TimeAxis } from '../axis/time-axis.ts';
import type { EventGroup } from '../groups/group.ts';
import type { Row } from './rows.ts';

/** One place for each pixel of the axis. */
export interface Density {
  /** How many rows have something there. */
  readonly active: Uint32Array;
  readonly failures: Uint32Array;
  /** The most of `active`. */
  readonly most: number;
}

/** The run itself, which is always there, does not count. @param axis one that shows the whole run */
export function densityOf(rows: readonly Row[], axis: TimeAxis, nowMs: number): Density {
  const width = Math.max(1, Math.ceil(axis.widthPx));
  const changes = new Int32Array(width + 1);
  const failures = new Uint32Array(width);
  const pixel = (ms: number) => Math.max(0, Math.min(width - 1, Math.floor(axis.positionOf(ms))));
  for (const { group } of rows) {
    if (group.kind === 'workflow') continue;
    const span = spanOf(group, nowMs);
    if (span === undefined) continue;
    const [from, to] = [pixel(span.fromMs), pixel(span.toMs)];
    changes[from] = (changes[from] ?? 0) + 1;
    changes[to + 1] = (changes[to + 1] ?? 0) - 1;
    for (const ms of failureTimes(group, span.toMs)) failures[pixel(ms)] = (failures[pixel(ms)] ?? 0) + 1;
  }
  const active = new Uint32Array(width);
  let [now, most] = [0, 0];
  for (let at = 0; at < width; at += 1) {
    now += changes[at] ?? 0;
    active[at] = now;
    most = Math.max(most, now);
  }
  return { active, failures, most };
}

/** The first row, but for the run itself, that has something in that time. -1: none has. */
export function firstRowWithin(
  rows: readonly Row[],
  within: { readonly fromMs: number; readonly toMs: number },
  nowMs: number,
): number {
  return rows.findIndex(({ group }) => {
    const span = group.kind === 'workflow' ? undefined : spanOf(group, nowMs);
    return span !== undefined && span.fromMs <= within.toMs && span.toMs >= within.fromMs;
  });
}

interface GroupSpan {
  readonly fromMs: number;
  readonly toMs: number;
}

/** From its first sign to its end, or to now. undefined: nothing says when it was. */
function spanOf({ scheduledMs, startedMs, closedMs, segments }: EventGroup, nowMs: number): GroupSpan | undefined {
  const fromMs = segments[0]?.fromMs ?? scheduledMs ?? startedMs ?? closedMs;
  if (fromMs === undefined) return undefined;
  const last = segments.at(-1);
  // A moment has no segments.
  const toMs = last === undefined ? fromMs : (last.toMs ?? nowMs);
  return { fromMs, toMs: Math.max(fromMs, toMs) };
}

/** Ends of attempts that failed; of a row without any, its own if it has failed. */
function failureTimes({ segments, status }: EventGroup, endMs: number): readonly number[] {
  const times = segments.flatMap(({ failed, toMs }) => (failed && toMs !== undefined ? [toMs] : []));
  if (times.length > 0) return times;
  return status === 'failed' || status === 'timedOut' ? [endMs] : [];
}

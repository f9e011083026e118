// When something happened in a run, as far as its groups tell: what is between is idle, and may be folded away.
import type { EventGroup, Segment } from '../groups/group.ts';

/** From a moment to a later one, or to the same. */
export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

/**
 * The spans in which something was in hand, and the moments at which something began or ended. Waiting for a time to
 * come (a timer, a back-off, a pause) is idle, and so is the run itself: it is always there.
 *
 * They are in order and apart from each other, so there are fewer of them the busier a run is.
 */
export function busySpans(groups: readonly EventGroup[], nowMs: number): Span[] {
  const spans: Span[] = [];
  for (const group of groups) {
    for (const atMs of [group.scheduledMs, group.startedMs, group.closedMs]) {
      if (atMs !== undefined) spans.push({ fromMs: atMs, toMs: atMs });
    }
    if (group.kind === 'workflow') continue;
    for (const segment of group.segments) spans.push(...segmentSpans(segment, nowMs));
  }
  return merged(spans);
}

function merged(spans: Span[]): Span[] {
  const apart: { fromMs: number; toMs: number }[] = [];
  for (const { fromMs, toMs } of spans.sort((a, b) => a.fromMs - b.fromMs)) {
    const last = apart.at(-1);
    if (last === undefined || fromMs > last.toMs) apart.push({ fromMs, toMs });
    else last.toMs = Math.max(last.toMs, toMs);
  }
  return apart;
}

const WAITS: readonly Segment['kind'][] = ['waiting', 'backingOff', 'paused'];

function segmentSpans({ kind, fromMs, toMs }: Segment, nowMs: number): Span[] {
  const endMs = Math.max(fromMs, toMs ?? nowMs);
  if (!WAITS.includes(kind)) return [{ fromMs, toMs: endMs }];
  const begin = { fromMs, toMs: fromMs };
  return toMs === undefined ? [begin] : [begin, { fromMs: endMs, toMs: endMs }];
}

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
  return spans;
}

const WAITS: readonly Segment['kind'][] = ['waiting', 'backingOff', 'paused'];

function segmentSpans({ kind, fromMs, toMs }: Segment, nowMs: number): Span[] {
  const endMs = Math.max(fromMs, toMs ?? nowMs);
  if (!WAITS.includes(kind)) return [{ fromMs, toMs: endMs }];
  const begin = { fromMs, toMs: fromMs };
  return toMs === undefined ? [begin] : [begin, { fromMs: endMs, toMs: endMs }];
}

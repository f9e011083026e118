// The time axis of a page, kept while groups change, and what the pointer and the keyboard do with it.
import { busySpans, type EventGroup, isOpen, TimeAxis } from '@perdure/ui-core';
import { useMemo, useState } from 'react';

export interface AxisControl {
  readonly axis: TimeAxis;
  readonly change: (change: (axis: TimeAxis) => TimeAxis) => void;
  readonly folding: 'auto' | 'none';
  readonly setFolding: (folding: 'auto' | 'none') => void;
}

/** A view and choices of folds, applied to whatever the groups and the width are now. */
export function useAxis(groups: readonly EventGroup[], nowMs: number, widthPx: number): AxisControl {
  const [folding, setFolding] = useState<'auto' | 'none'>('auto');
  const [kept, setKept] = useState<TimeAxis>();
  // A run that has ended does not grow with the clock.
  const open = groups.some((group) => group.kind === 'workflow' && isOpen(group));
  const endMs = open ? nowMs : undefined;
  const spans = useMemo(() => busySpans(groups, endMs ?? 0), [groups, endMs]);
  const axis = useMemo(() => {
    const options = { spans, folding, widthPx: Math.max(1, widthPx), ...(endMs === undefined ? {} : { nowMs: endMs }) };
    return kept === undefined ? TimeAxis.of(options) : kept.with(options);
  }, [spans, folding, widthPx, endMs, kept]);
  return { axis, folding, setFolding, change: (change) => setKept(change(axis)) };
}

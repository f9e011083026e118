// The time axis of a page, kept while groups change, and what the pointer and the keyboard do with it. The part of it that is
// in sight is in the URL.
import { busySpans, type EventGroup, isOpen, parseRange, rangeText, TimeAxis } from '@perdure/ui-core';
import { useMemo, useState } from 'react';
import { useUrlValue } from '../../../app/use-url-value.ts';

export interface AxisControl {
  readonly axis: TimeAxis;
  readonly change: (change: (axis: TimeAxis) => TimeAxis) => void;
  readonly folding: 'auto' | 'none';
  readonly setFolding: (folding: 'auto' | 'none') => void;
}

interface Options {
  readonly groups: readonly EventGroup[];
  readonly nowMs: number;
  readonly widthPx: number;
  /** As the URL has it; empty: the whole run. */
  readonly range: string;
  readonly onRange: (range: string) => void;
}

interface Kept {
  readonly axis: TimeAxis;
  /** What the URL says of it. As soon as it says something else, the axis is no longer the one that is meant. */
  readonly range: string;
}

/** A view and choices of folds, applied to whatever the groups and the width are now. */
export function useAxis({ groups, nowMs, widthPx, range, onRange }: Options): AxisControl {
  const [folding, setFolding] = useState<'auto' | 'none'>('auto');
  const [kept, setKept] = useState<Kept>();
  const { value: wanted, set: setWanted } = useUrlValue(range, onRange);
  // A run that has ended does not grow with the clock.
  const open = groups.some((group) => group.kind === 'workflow' && isOpen(group));
  const endMs = open ? nowMs : undefined;
  const spans = useMemo(() => busySpans(groups, endMs ?? 0), [groups, endMs]);
  const axis = useMemo(() => {
    const options = { spans, folding, widthPx: Math.max(1, widthPx), ...(endMs === undefined ? {} : { nowMs: endMs }) };
    if (kept?.range === wanted) return kept.axis.with(options);
    // Asked for again with each page of a history that comes in: before, the run may end too early to show it.
    const asked = parseRange(wanted);
    const whole = TimeAxis.of(options);
    return asked === undefined ? whole : whole.show(asked.fromMs, asked.toMs);
  }, [spans, folding, widthPx, endMs, kept, wanted]);
  const change = (make: (axis: TimeAxis) => TimeAxis) => {
    const next = make(axis);
    const text = next.isFitted ? '' : rangeText(next.visible);
    setKept({ axis: next, range: text });
    setWanted(text);
  };
  return { axis, folding, setFolding, change };
}

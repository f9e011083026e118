// A moment, a length of time, and the clock that lets them grow.
import { parseTimestamp } from '@perdure/ui-core';
import { useSyncExternalStore } from 'react';
import { timeZoneOf, usePreferences } from '../settings/preferences.ts';
import { durationWords, exactTime, shownTime } from './time.ts';

const TICK_MS = 1_000;
const listeners = new Set<() => void>();
let nowMs = Date.now();
let timer: number | undefined;

/** Epoch milliseconds, anew each second; one timer for the whole page, none while nobody looks. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, () => nowMs);
}

/** A moment in the chosen format; its exact value on hover. */
export function Time({ at }: { readonly at: string | number | undefined }) {
  const preferences = usePreferences();
  const now = useNow();
  const ms = typeof at === 'number' ? at : parseTimestamp(at);
  if (ms === undefined) return <span className="faint">–</span>;
  const exact = `${exactTime(ms, preferences, true)} ${timeZoneOf(preferences)}`;
  return (
    <time dateTime={new Date(ms).toISOString()} title={exact}>
      {shownTime(ms, now, preferences)}
    </time>
  );
}

interface DurationProps {
  readonly fromMs: number | undefined;
  /** undefined: it goes on. */
  readonly toMs: number | undefined;
}

export function Duration({ fromMs, toMs }: DurationProps) {
  const now = useNow();
  if (fromMs === undefined) return <span className="faint">–</span>;
  return <span>{durationWords(Math.max(0, (toMs ?? now) - fromMs))}</span>;
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= window.setInterval(tick, TICK_MS);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

function tick(): void {
  if (document.hidden) return;
  nowMs = Date.now();
  for (const listener of listeners) listener();
}

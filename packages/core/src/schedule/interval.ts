// Intervals: all times that are a phase and a multiple of the interval after the epoch. Whole seconds, no time zone.

import type { IntervalSpec } from '@perdure/api/schedule';
import { DAY_MS, dayOfDate, SECOND_MS } from '../time/wall-clock.ts';
import { YEAR_MAX } from './fields.ts';

export interface CompiledInterval {
  readonly intervalMs: number;
  readonly phaseMs: number;
}

const END_MS = dayOfDate(YEAR_MAX + 1, 1, 1) * DAY_MS;

/** What is wrong with an interval, or undefined. */
export function intervalProblem({ interval = 0, phase = 0 }: IntervalSpec): string | undefined {
  if (interval < SECOND_MS) return 'interval is too small';
  if (phase < 0) return 'phase is negative';
  return phase >= interval ? 'phase cannot be greater than Interval' : undefined;
}

/** Fractions of a second are cut off. */
export function compileInterval({ interval = 0, phase = 0 }: IntervalSpec): CompiledInterval {
  return { intervalMs: wholeSeconds(interval), phaseMs: wholeSeconds(phase) };
}

/** The first time after that one; undefined: it is beyond the years of schedules. */
export function nextOfInterval({ intervalMs, phaseMs }: CompiledInterval, afterMs: number): number | undefined {
  const nextMs = (Math.floor((afterMs - phaseMs) / intervalMs) + 1) * intervalMs + phaseMs;
  return nextMs < END_MS ? nextMs : undefined;
}

function wholeSeconds(durationMs: number): number {
  return Math.floor(durationMs / SECOND_MS) * SECOND_MS;
}

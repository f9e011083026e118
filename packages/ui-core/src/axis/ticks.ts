// The ticks of an axis: as many as have room for what is written at them, at round times, none in folded gaps.
import { type ClockFormat, clockLabels, offsetLabel } from './labels.ts';
import type { Span } from './spans.ts';
import { nextOffset, nextOnClock, type Step, stepFor } from './steps.ts';
import type { TimeAxis } from './time-axis.ts';

/** How ticks are placed and what is written at them. */
export interface TickOptions extends ClockFormat {
  /** Whose times are round: those since the start, or those of the clock. Default `clock`. */
  readonly by?: 'clock' | 'offset';
  /** What a label takes, with the room around it. Default: 7 pixels for each character, and 16. */
  readonly labelPx?: (text: string) => number;
}

/** A place on the axis, with what is written there. */
export interface Tick {
  readonly ms: number;
  readonly px: number;
  /** Since the start of the run: "1m 30s". */
  readonly offset: string;
  /** What a clock shows: "14:05:30". */
  readonly time: string;
  /** "29 Nov 2026": at the first tick, and wherever it changes. Empty elsewhere. */
  readonly date: string;
}

/**
 * Labels are centred at their ticks, dates on a line of their own, and no two of a line overlap.
 * @throws {RangeError} there is no such zone
 */
export function ticksOf(axis: TimeAxis, options: TickOptions): Tick[] {
  const { labelPx = usualWidth } = options;
  const step = stepWithRoom(axis, options, labelPx);
  const ticks: Tick[] = [];
  const times = new Line();
  const dates = new Line();
  let date = '';
  for (const piece of shownPieces(axis)) {
    if (axis.positionOf(piece.toMs) < times.freePx) continue;
    let ms = nextTick(axis, piece.fromMs, step, options);
    for (; ms <= piece.toMs; ms = nextTick(axis, ms + step.ms / 2, step, options)) {
      const tick = tickAt(axis, ms, step, options);
      if (!times.place(tick.px, widthOf(tick, labelPx))) continue;
      const showsDate = tick.date !== date && dates.place(tick.px, labelPx(tick.date));
      if (showsDate) date = tick.date;
      ticks.push(showsDate ? tick : { ...tick, date: '' });
    }
  }
  return ticks;
}

/** Where labels stand side by side, from left to right. */
class Line {
  freePx = Number.NEGATIVE_INFINITY;

  /** false: there is no room. */
  place(centerPx: number, widthPx: number): boolean {
    if (centerPx - widthPx / 2 < this.freePx) return false;
    this.freePx = centerPx + widthPx / 2;
    return true;
  }
}

function usualWidth(text: string): number {
  return text.length * 7 + 16;
}

function nextTick({ run }: TimeAxis, ms: number, step: Step, { by = 'clock', zone }: TickOptions): number {
  return by === 'clock' ? nextOnClock(ms, step, zone) : nextOffset(ms, step, run.fromMs);
}

function tickAt(axis: TimeAxis, ms: number, step: Step, options: TickOptions): Tick {
  // At times that are not round for a clock, a day or a month would say less than there is.
  const clockStep = options.by === 'offset' && step.ms >= DAY_MS ? MINUTES : step;
  const labels = clockLabels(ms, clockStep, options);
  return { ms, px: axis.positionOf(ms), offset: offsetLabel(ms - axis.run.fromMs, step), ...labels };
}

const DAY_MS = 86_400_000;
const MINUTES: Step = { unit: 'minute', count: 1, ms: 60_000 };

function widthOf({ offset, time }: Tick, labelPx: (text: string) => number): number {
  return Math.max(labelPx(offset), labelPx(time));
}

/** The smallest step at which labels like those at both ends have room. */
function stepWithRoom(axis: TimeAxis, options: TickOptions, labelPx: (text: string) => number): Step {
  const { fromMs, toMs } = axis.visible;
  let step = stepFor(0, options.by ?? 'clock');
  for (;;) {
    const ends = [fromMs, toMs].map((ms) => tickAt(axis, ms, step, options));
    const needMs = Math.max(...ends.map((tick) => widthOf(tick, labelPx))) / axis.pxPerMs;
    if (step.ms >= needMs) return step;
    const longer = stepFor(Math.max(needMs, step.ms + 1), options.by ?? 'clock');
    if (longer.ms <= step.ms) return step;
    step = longer;
  }
}

/** What is in the view, without folded gaps. */
function shownPieces(axis: TimeAxis): Span[] {
  const { fromMs, toMs } = axis.visible;
  const pieces: Span[] = [];
  let atMs = fromMs;
  for (const gap of axis.gaps) {
    if (!gap.folded || gap.toMs <= fromMs || gap.fromMs >= toMs) continue;
    if (gap.fromMs > atMs) pieces.push({ fromMs: atMs, toMs: gap.fromMs });
    atMs = gap.toMs;
  }
  return atMs < toMs ? [...pieces, { fromMs: atMs, toMs }] : pieces;
}

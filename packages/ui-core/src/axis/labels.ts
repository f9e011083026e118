// What is written at the ticks of an axis, as exact as the distance between them asks for.
import type { Step } from './steps.ts';

const UNITS: readonly (readonly [ms: number, name: string])[] = [
  [86_400_000, 'd'],
  [3_600_000, 'h'],
  [60_000, 'm'],
];

/** "0", "250ms", "1.25s", "3m 4s", "2d 3h"; before the beginning with a minus. Cut to what the step can tell. */
export function offsetLabel(offsetMs: number, step: Step): string {
  const precision = PRECISION_MS[step.unit];
  const ms = Math.floor(Math.round(Math.abs(offsetMs)) / precision) * precision;
  if (ms === 0) return '0';
  const sign = offsetMs < 0 ? '−' : '';
  if (ms < 1000) return `${sign}${ms}ms`;
  const parts: string[] = [];
  let rest = ms;
  for (const [unitMs, name] of UNITS) {
    const count = Math.floor(rest / unitMs);
    if (count > 0) parts.push(`${count}${name}`);
    rest -= count * unitMs;
  }
  if (rest > 0) parts.push(`${rest / 1000}s`);
  return sign + parts.join(' ');
}

const PRECISION_MS: Readonly<Record<Step['unit'], number>> = {
  ms: 1,
  second: 1000,
  minute: 1000,
  hour: 60_000,
  day: 3_600_000,
  month: 86_400_000,
  year: 86_400_000,
};

/** What a clock shows, in two lines. */
export interface ClockLabels {
  /** "14:05", "14:05:09.250", "29 Nov", "2026" */
  readonly time: string;
  /** "29 Nov 2026": what stays the same for many ticks. Empty if the time says it all. */
  readonly date: string;
}

/** Whose clock it is, and how it writes. */
export interface ClockFormat {
  readonly zone: string;
  /** BCP 47. Default `en-GB`: day before month, 24 hours. */
  readonly locale?: string;
  readonly hour12?: boolean;
}

/** @throws {RangeError} there is no such zone or locale */
export function clockLabels(ms: number, step: Step, format: ClockFormat): ClockLabels {
  const whole = Math.round(ms);
  switch (step.unit) {
    case 'year':
      return { time: formatted(whole, 'year', format), date: '' };
    case 'month':
      return { time: formatted(whole, 'month', format), date: '' };
    case 'day':
      return { time: formatted(whole, 'day', format), date: formatted(whole, 'year', format) };
    default:
      return { time: formatted(whole, step.unit, format), date: formatted(whole, 'date', format) };
  }
}

type Style = Step['unit'] | 'date';

const STYLES: Readonly<Record<Style, Intl.DateTimeFormatOptions>> = {
  ms: { hour: '2-digit', minute: '2-digit', second: '2-digit', fractionalSecondDigits: 3 },
  second: { hour: '2-digit', minute: '2-digit', second: '2-digit' },
  minute: { hour: '2-digit', minute: '2-digit' },
  hour: { hour: '2-digit', minute: '2-digit' },
  day: { day: 'numeric', month: 'short' },
  date: { day: 'numeric', month: 'short', year: 'numeric' },
  month: { month: 'short', year: 'numeric' },
  year: { year: 'numeric' },
};

const formats = new Map<string, Intl.DateTimeFormat>();

function formatted(ms: number, style: Style, { zone, locale = 'en-GB', hour12 = false }: ClockFormat): string {
  const key = `${style} ${zone} ${locale} ${hour12}`;
  let format = formats.get(key);
  if (format === undefined) {
    const cycle = hour12 ? ('h12' as const) : ('h23' as const);
    format = new Intl.DateTimeFormat(locale, { ...STYLES[style], timeZone: zone, hourCycle: cycle });
    formats.set(key, format);
  }
  return format.format(ms);
}

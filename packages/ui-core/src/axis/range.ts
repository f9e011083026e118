// A part of the time axis as an address holds it: epoch milliseconds, `from-to`.
import type { Span } from './spans.ts';

/** A shorter range is written with its fractions of milliseconds. */
const WHOLE_FROM_MS = 1000;
const FRACTION = 1000;

export function rangeText({ fromMs, toMs }: Span): string {
  const unit = toMs - fromMs < WHOLE_FROM_MS ? FRACTION : 1;
  const [from, to] = [fromMs, toMs].map((ms) => Math.round(ms * unit) / unit);
  return `${from}-${to}`;
}

const RANGE = /^(\d{1,15}(?:\.\d{1,3})?)-(\d{1,15}(?:\.\d{1,3})?)$/;

/** undefined: it is none, or has no length. */
export function parseRange(text: string): Span | undefined {
  const [, from, to] = RANGE.exec(text) ?? [];
  const span = { fromMs: Number(from), toMs: Number(to) };
  return span.fromMs < span.toMs ? span : undefined;
}

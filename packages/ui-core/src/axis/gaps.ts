// The idle gaps of a run, and which of them are folded.
import type { Span } from './spans.ts';

/** Which idle gaps are folded. */
export interface FoldOptions {
  /** `auto`: those that are long against what remains; `all`: every one that is long enough; default `auto`. */
  readonly folding?: 'auto' | 'all' | 'none';
  /** Of what remains when longer gaps are folded: a gap with a larger share is folded. Default 0.2. */
  readonly threshold?: number;
  /** A shorter gap is never folded by itself. Default one second. */
  readonly minimumGapMs?: number;
  /** What somebody chose for single gaps, by the moment at which they begin. It goes before all else. */
  readonly chosen?: ReadonlyMap<number, boolean>;
}

/** A span in which nothing happened. */
export interface Gap extends Span {
  readonly folded: boolean;
}

const THRESHOLD = 0.2;
const MINIMUM_GAP_MS = 1000;

/** The gaps between spans within [fromMs, toMs], in order. Spans may overlap, and come in any order. */
export function idleGaps(spans: readonly Span[], { fromMs, toMs }: Span): Span[] {
  const gaps: Span[] = [];
  let idleFromMs = fromMs;
  for (const span of [...spans].sort((a, b) => a.fromMs - b.fromMs)) {
    if (span.fromMs > idleFromMs) gaps.push({ fromMs: idleFromMs, toMs: Math.min(span.fromMs, toMs) });
    idleFromMs = Math.max(idleFromMs, span.toMs);
    if (idleFromMs >= toMs) return gaps;
  }
  return [...gaps, { fromMs: idleFromMs, toMs }];
}

/** Which gaps are folded. Never all of the range: something must be left to look at. */
export function foldGaps(gaps: readonly Span[], range: Span, options: FoldOptions): Gap[] {
  const { folding = 'auto', threshold = THRESHOLD, minimumGapMs = MINIMUM_GAP_MS, chosen = new Map() } = options;
  const folded = new Set<Span>();
  let leftMs = range.toMs - range.fromMs;
  const fold = (gap: Span): void => {
    if (lengthOf(gap) >= leftMs) return;
    folded.add(gap);
    leftMs -= lengthOf(gap);
  };
  for (const gap of gaps) if (chosen.get(gap.fromMs) === true) fold(gap);
  for (const gap of [...gaps].sort((a, b) => lengthOf(b) - lengthOf(a))) {
    if (folding === 'none' || lengthOf(gap) < minimumGapMs) break;
    if (chosen.has(gap.fromMs)) continue;
    if (folding === 'auto' && lengthOf(gap) <= threshold * leftMs) break;
    fold(gap);
  }
  return gaps.map((gap) => ({ ...gap, folded: folded.has(gap) }));
}

function lengthOf({ fromMs, toMs }: Span): number {
  return toMs - fromMs;
}

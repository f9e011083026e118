// A run cut at its folded gaps. The "world" is the whole run laid out in pixels from its beginning; before the first
// and after the last moment time goes on evenly.
import type { Gap } from './gaps.ts';
import type { Span } from './spans.ts';

interface Piece extends Span {
  readonly folded: boolean;
  /** Milliseconds that are not folded, and folded gaps, before it. */
  readonly evenMsBefore: number;
  readonly breaksBefore: number;
}

/** The pieces of a run, in order and without gaps between them. */
export interface Pieces {
  readonly all: readonly Piece[];
  readonly breakPx: number;
  /** Milliseconds that are not folded, in all. */
  readonly evenMs: number;
  readonly breaks: number;
}

/** @param gaps in order; those that are not folded do not count */
export function piecesOf(run: Span, gaps: readonly Gap[], breakPx: number): Pieces {
  const all: Piece[] = [];
  let [evenMs, breaks, atMs] = [0, 0, run.fromMs];
  for (const { fromMs, toMs } of gaps.filter(({ folded }) => folded)) {
    all.push({ fromMs: atMs, toMs: fromMs, folded: false, evenMsBefore: evenMs, breaksBefore: breaks });
    evenMs += fromMs - atMs;
    all.push({ fromMs, toMs, folded: true, evenMsBefore: evenMs, breaksBefore: breaks });
    breaks += 1;
    atMs = toMs;
  }
  all.push({ fromMs: atMs, toMs: run.toMs, folded: false, evenMsBefore: evenMs, breaksBefore: breaks });
  return { all, breakPx, evenMs: evenMs + run.toMs - atMs, breaks };
}

/** Where a moment is in the world. */
export function worldOfTime(pieces: Pieces, ms: number, pxPerMs: number): number {
  const piece = lastPiece(pieces.all, ({ fromMs }) => fromMs <= ms);
  const fromPx = worldOfPiece(pieces, piece, pxPerMs);
  if (!piece.folded) return fromPx + (ms - piece.fromMs) * pxPerMs;
  return fromPx + ((ms - piece.fromMs) / (piece.toMs - piece.fromMs)) * pieces.breakPx;
}

/** Which moment is at a place in the world. */
export function timeOfWorld(pieces: Pieces, px: number, pxPerMs: number): number {
  const piece = lastPiece(pieces.all, (one) => worldOfPiece(pieces, one, pxPerMs) <= px);
  const insidePx = px - worldOfPiece(pieces, piece, pxPerMs);
  if (!piece.folded) return piece.fromMs + insidePx / pxPerMs;
  return piece.fromMs + (insidePx / pieces.breakPx) * (piece.toMs - piece.fromMs);
}

function worldOfPiece({ breakPx }: Pieces, { evenMsBefore, breaksBefore }: Piece, pxPerMs: number): number {
  return evenMsBefore * pxPerMs + breaksBefore * breakPx;
}

/** Of those that begin before something, by halving. The first one if there is none. */
function lastPiece(pieces: readonly Piece[], isBefore: (piece: Piece) => boolean): Piece {
  let [low, high] = [0, pieces.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (isBefore(pieces[middle] as Piece)) low = middle;
    else high = middle - 1;
  }
  return pieces[low] as Piece;
}

// The time axis that everything on a run's page shares: which moment is at which pixel, and back.
//
// Time runs evenly, but for gaps that are folded: each of them takes the same few pixels, whatever the zoom. An axis is
// a value: zooming, panning and selecting make another one, which shares what did not change.
import { type FoldOptions, foldGaps, type Gap, idleGaps } from './gaps.ts';
import { type Pieces, piecesOf, timeOfWorld, worldOfTime } from './pieces.ts';
import type { Span } from './spans.ts';

/** What an axis is made of. */
export interface TimeAxisOptions extends FoldOptions {
  /** When things happened (`busySpans`). What is between them may be folded. */
  readonly spans: readonly Span[];
  /** The end of the axis; default: the end of the last span. */
  readonly nowMs?: number;
  /** Of the view. */
  readonly widthPx: number;
  /** Of a folded gap; less if folded gaps would take more than half of the view. Default 24. */
  readonly breakPx?: number;
}

/** A gap that is or may be folded, where it is in the view. */
export interface PlacedGap extends Gap {
  readonly fromPx: number;
  readonly toPx: number;
}

const BREAK_PX = 24;
const BREAK_SHARE_MAX = 0.5;
/** Left and right of the run, as a share of what is shown of it. */
const MARGIN_SHARE = 0.02;
const SPAN_MS_MIN = 1;
const UNSEEN_PX = 0.05;

interface View {
  readonly pxPerMs: number;
  /** How far the view is from the beginning of the run, in pixels. */
  readonly leftPx: number;
  readonly selection: Span | undefined;
}

/** An immutable time axis: `TimeAxis.of` makes one, and every change makes another one. */
export class TimeAxis {
  readonly #options: TimeAxisOptions;
  readonly #pieces: Pieces;
  readonly #view: View;
  /** The first and last moment of the run. */
  readonly run: Span;
  readonly gaps: readonly Gap[];

  private constructor(options: TimeAxisOptions, run: Span, gaps: readonly Gap[], pieces: Pieces, view: View) {
    this.#options = options;
    this.#pieces = pieces;
    this.#view = view;
    this.run = run;
    this.gaps = gaps;
  }

  /** An axis that shows the whole run. */
  static of(given: TimeAxisOptions): TimeAxis {
    // A view that has not been laid out yet has no width.
    const options = { ...given, widthPx: Math.max(1, given.widthPx) };
    const run = rangeOf(options);
    const gaps = foldGaps(idleGaps(options.spans, run), run, options);
    const breakPx = breakWidth(options, gaps);
    const pieces = piecesOf(run, gaps, breakPx);
    return new TimeAxis(options, run, gaps, pieces, { pxPerMs: 1, leftPx: 0, selection: undefined }).fit();
  }

  get widthPx(): number {
    return this.#options.widthPx;
  }

  get pxPerMs(): number {
    return this.#view.pxPerMs;
  }

  /** The moments at the left and right edge. */
  get visible(): Span {
    return { fromMs: this.timeAt(0), toMs: this.timeAt(this.widthPx) };
  }

  /** Left of the view it is negative. */
  positionOf(ms: number): number {
    return worldOfTime(this.#pieces, ms, this.pxPerMs) - this.#view.leftPx;
  }

  timeAt(px: number): number {
    return timeOfWorld(this.#pieces, px + this.#view.leftPx, this.pxPerMs);
  }

  /** Gaps that are folded or could be, as far as they are in the view. */
  get visibleGaps(): PlacedGap[] {
    const view = this.visible;
    return this.gaps
      .filter((gap) => gap.toMs > view.fromMs && gap.fromMs < view.toMs)
      .map(({ fromMs, toMs, folded }) => {
        return { fromMs, toMs, folded, fromPx: this.positionOf(fromMs), toPx: this.positionOf(toMs) };
      });
  }

  /** Does it show the whole run? Moments are only so exact, so what would be seen by nobody does not count. */
  get isFitted(): boolean {
    const hiddenPx = (this.pxPerMs - this.#scaleMin) * (this.#pieces.evenMs + 2 * this.#marginMs);
    return hiddenPx <= UNSEEN_PX;
  }

  fit(): TimeAxis {
    return this.#withView(this.#scaleMin, Number.NEGATIVE_INFINITY);
  }

  /** @param px to the right, as a hand drags the paper */
  pan(px: number): TimeAxis {
    return this.#withView(this.pxPerMs, this.#view.leftPx - px);
  }

  /** With that moment at the left edge, as far as the run has something to show there. */
  moveTo(ms: number): TimeAxis {
    return this.pan(-this.positionOf(ms));
  }

  /** What is at `aroundPx` stays there, unless the run would leave the view. @param factor above 1: nearer */
  zoom(factor: number, aroundPx = this.widthPx / 2): TimeAxis {
    const ms = this.timeAt(aroundPx);
    const pxPerMs = this.#clampScale(this.pxPerMs * factor);
    return this.#withView(pxPerMs, worldOfTime(this.#pieces, ms, pxPerMs) - aroundPx);
  }

  /** As near as possible with both moments in the view. */
  show(a: number, b: number): TimeAxis {
    const [fromMs, toMs] = [Math.min(a, b), Math.max(a, b)];
    // What breaks take does not depend on the scale.
    const takenPx = this.#breaksBetween(fromMs, toMs);
    const evenMs = worldOfTime(this.#pieces, toMs, 1) - worldOfTime(this.#pieces, fromMs, 1) - takenPx;
    const roomPx = this.widthPx - takenPx;
    const pxPerMs = this.#clampScale(roomPx > 0 ? roomPx / Math.max(evenMs, Number.MIN_VALUE) : 0);
    const lengthPx = takenPx + evenMs * pxPerMs;
    const leftPx = worldOfTime(this.#pieces, fromMs, pxPerMs) - Math.max(0, this.widthPx - lengthPx) / 2;
    return this.#withView(pxPerMs, leftPx);
  }

  /** Where it was, in time; one that showed everything still does, and one that was at the end stays there. */
  with(changes: Partial<TimeAxisOptions>): TimeAxis {
    const changed = TimeAxis.of({ ...this.#options, ...changes });
    const selected = this.selection === undefined ? changed : changed.select(this.selection);
    if (this.isFitted) return selected;
    const { fromMs, toMs } = this.visible;
    const isAtEnd = toMs >= this.run.toMs;
    const laterMs = isAtEnd ? Math.max(0, changed.run.toMs - this.run.toMs) : 0;
    return selected.show(fromMs + laterMs, toMs + laterMs);
  }

  /** @param gapFromMs where a gap begins */
  withFold(gapFromMs: number, folded: boolean): TimeAxis {
    return this.with({ chosen: new Map([...(this.#options.chosen ?? []), [gapFromMs, folded]]) });
  }

  get selection(): Span | undefined {
    return this.#view.selection;
  }

  /** A range within the run; undefined takes the selection away. */
  select(range: Span | undefined): TimeAxis {
    return this.#with({ ...this.#view, selection: range && this.#within(range) });
  }

  /** From one place in the view to another, whichever is left. */
  selectBetween(aPx: number, bPx: number): TimeAxis {
    return this.select({ fromMs: this.timeAt(Math.min(aPx, bPx)), toMs: this.timeAt(Math.max(aPx, bPx)) });
  }

  showSelection(): TimeAxis {
    return this.selection === undefined ? this : this.show(this.selection.fromMs, this.selection.toMs);
  }

  #within({ fromMs, toMs }: Span): Span {
    const clamp = (ms: number) => Math.min(this.run.toMs, Math.max(this.run.fromMs, ms));
    return { fromMs: clamp(fromMs), toMs: clamp(toMs) };
  }

  #breaksBetween(fromMs: number, toMs: number): number {
    const at = (ms: number) => worldOfTime(this.#pieces, ms, 0);
    return at(toMs) - at(fromMs);
  }

  get #marginMs(): number {
    return this.#pieces.evenMs * MARGIN_SHARE;
  }

  get #scaleMin(): number {
    const { evenMs, breakPx, breaks } = this.#pieces;
    return (this.widthPx - breaks * breakPx) / (evenMs + 2 * this.#marginMs);
  }

  #clampScale(pxPerMs: number): number {
    const max = Math.max(this.#scaleMin, this.widthPx / SPAN_MS_MIN);
    return Math.min(max, Math.max(this.#scaleMin, pxPerMs));
  }

  #withView(scale: number, leftPx: number): TimeAxis {
    const { evenMs, breakPx, breaks } = this.#pieces;
    const pxPerMs = this.#clampScale(scale);
    const first = -this.#marginMs * pxPerMs;
    const last = (evenMs + this.#marginMs) * pxPerMs + breaks * breakPx - this.widthPx;
    return this.#with({ ...this.#view, pxPerMs, leftPx: Math.max(first, Math.min(last, leftPx)) });
  }

  #with(view: View): TimeAxis {
    return new TimeAxis(this.#options, this.run, this.gaps, this.#pieces, view);
  }
}

function rangeOf({ spans, nowMs }: TimeAxisOptions): Span {
  let fromMs = Number.POSITIVE_INFINITY;
  let toMs = nowMs ?? Number.NEGATIVE_INFINITY;
  for (const span of spans) {
    fromMs = Math.min(fromMs, span.fromMs);
    toMs = Math.max(toMs, span.toMs);
  }
  const beginMs = Number.isFinite(fromMs) ? fromMs : Number.isFinite(toMs) ? toMs : 0;
  return { fromMs: beginMs, toMs: Math.max(toMs, beginMs + SPAN_MS_MIN) };
}

function breakWidth({ breakPx = BREAK_PX, widthPx }: TimeAxisOptions, gaps: readonly Gap[]): number {
  const folded = gaps.filter((gap) => gap.folded).length;
  return folded === 0 ? breakPx : Math.min(breakPx, (widthPx * BREAK_SHARE_MAX) / folded);
}

// What the pointer and the keyboard do with a minimap: its window is dragged and resized, a new one is drawn beside it, a
// click brings the window there, a double click shows everything.
import type { TimeAxis } from '@perdure/ui-core';
import { type KeyboardEvent, type RefObject, useEffect, useEffectEvent } from 'react';
import type { Extent } from './brush-parts.ts';
import type { AxisControl } from './use-axis.ts';

export type BrushPart = 'from' | 'window' | 'to';

interface Options {
  readonly control: AxisControl;
  /** The same axis as it shows everything: that of the minimap. */
  readonly whole: TimeAxis;
  /** Another part of the time is in sight, and stays there. */
  readonly onShown: (axis: TimeAxis) => void;
}

/** A hand that clicks moves this much. */
const CLICK_PX = 3;
/** What an arrow key moves, as a share of the minimap; with Shift five times as much. */
const KEY_SHARE = 0.01;
const SHIFT_FACTOR = 5;

export function windowOf(axis: TimeAxis, whole: TimeAxis): Extent {
  const { fromMs, toMs } = axis.visible;
  const within = (ms: number) => Math.max(0, Math.min(whole.widthPx, whole.positionOf(ms)));
  return { fromPx: within(fromMs), toPx: within(toMs) };
}

/** What keys do with a part. */
export function useBrush(ref: RefObject<HTMLElement | null>, { control, whole, onShown }: Options) {
  const drag = (strip: HTMLElement, { pointerId, clientX, target }: PointerEvent) => {
    const left = strip.getBoundingClientRect().left;
    const { axis: start, change } = control;
    const part = partOf(target);
    // A window that is everything cannot be moved: there a new one is drawn.
    const held = part === 'window' && start.isFitted ? undefined : part;
    let moved = false;
    let shown = start;
    strip.setPointerCapture(pointerId);
    const move = (now: PointerEvent) => {
      moved ||= Math.abs(now.clientX - clientX) > CLICK_PX;
      if (!moved) return;
      const at = { downPx: clientX - left, nowPx: now.clientX - left };
      shown = held === undefined ? brushed(start, whole, at) : dragged(start, whole, held, at.nowPx - at.downPx);
      change(() => shown);
    };
    const up = () => {
      strip.removeEventListener('pointermove', move);
      if (!moved && held === undefined && !start.isFitted) {
        shown = centered(start, whole, clientX - left);
        change(() => shown);
      }
      if (shown !== start) onShown(shown);
    };
    strip.addEventListener('pointermove', move);
    strip.addEventListener('lostpointercapture', up, { once: true });
  };
  const key = (part: BrushPart) => (event: KeyboardEvent) => {
    const stepPx = whole.widthPx * KEY_SHARE * (event.shiftKey ? SHIFT_FACTOR : 1);
    const byPx = {
      ArrowLeft: -stepPx,
      ArrowDown: -stepPx,
      ArrowRight: stepPx,
      ArrowUp: stepPx,
      Home: -whole.widthPx,
      End: whole.widthPx,
    }[event.key];
    if (byPx === undefined) return;
    event.preventDefault();
    const shown = dragged(control.axis, whole, part, byPx);
    control.change(() => shown);
    onShown(shown);
  };
  const press = useEffectEvent((event: PointerEvent) => {
    if (event.button === 0 && ref.current !== null) drag(ref.current, event);
  });
  const fit = useEffectEvent(() => control.change((axis) => axis.fit()));
  useEffect(() => {
    const abort = new AbortController();
    const { signal } = abort;
    ref.current?.addEventListener('pointerdown', (event) => press(event), { signal });
    ref.current?.addEventListener('dblclick', () => fit(), { signal });
    return () => abort.abort();
  }, [ref]);
  return key;
}

function partOf(target: EventTarget | null): BrushPart | undefined {
  const part = target instanceof HTMLElement ? target.dataset['part'] : undefined;
  return part === 'from' || part === 'window' || part === 'to' ? part : undefined;
}

interface Drag {
  readonly downPx: number;
  readonly nowPx: number;
}

function brushed(start: TimeAxis, whole: TimeAxis, { downPx, nowPx }: Drag): TimeAxis {
  return start.show(timeWithin(whole, downPx), timeWithin(whole, nowPx));
}

/** An edge that is dragged stops at the other one. */
function dragged(start: TimeAxis, whole: TimeAxis, part: BrushPart, byPx: number): TimeAxis {
  const { fromPx, toPx } = windowOf(start, whole);
  const { fromMs, toMs } = start.visible;
  if (part === 'window') return start.moveTo(timeWithin(whole, fromPx + byPx));
  if (part === 'from') return start.show(timeWithin(whole, Math.min(fromPx + byPx, toPx - 1)), toMs);
  return start.show(fromMs, timeWithin(whole, Math.max(toPx + byPx, fromPx + 1)));
}

function centered(start: TimeAxis, whole: TimeAxis, px: number): TimeAxis {
  const { fromPx, toPx } = windowOf(start, whole);
  return start.moveTo(timeWithin(whole, px - (toPx - fromPx) / 2));
}

function timeWithin(whole: TimeAxis, px: number): number {
  return whole.timeAt(Math.max(0, Math.min(whole.widthPx, px)));
}

// What the pointer does over the bars: the wheel with Ctrl (or a pinch) zooms around it, a sideways wheel and dragging
// pan, dragging with Shift selects a range, a double click fits, a click on a fold opens it, any other click selects.
import { type RefObject, useEffect, useEffectEvent, useState } from 'react';
import type { AxisControl } from './use-axis.ts';

interface Handlers {
  readonly control: AxisControl;
  /** undefined: it has left. */
  readonly onHover: (y: number | undefined) => void;
  readonly onClick: (y: number) => void;
}

const ZOOM_PER_PIXEL = 0.0025;
/** A hand that clicks moves this much. */
const CLICK_PX = 3;

/** Where the pointer is, from the left edge of the bars. */
export function usePointer(
  ref: RefObject<HTMLElement | null>,
  { control, onHover, onClick }: Handlers,
): number | undefined {
  const [pointerPx, setPointerPx] = useState<number>();
  const wheel = useEffectEvent((event: WheelEvent) => {
    if (event.ctrlKey || event.metaKey) {
      event.preventDefault();
      control.change((axis) => axis.zoom(Math.exp(-event.deltaY * ZOOM_PER_PIXEL), event.offsetX));
    } else if (Math.abs(event.deltaX) > Math.abs(event.deltaY) || event.shiftKey) {
      event.preventDefault();
      control.change((axis) => axis.pan(-(event.deltaX || event.deltaY)));
    }
  });
  const hover = useEffectEvent((event: PointerEvent) => {
    setPointerPx(event.offsetX);
    onHover(event.offsetY);
  });
  const leave = useEffectEvent(() => {
    setPointerPx(undefined);
    onHover(undefined);
  });
  const drag = (element: HTMLElement, down: PointerEvent) => {
    const began = control;
    const start = began.axis;
    let moved = false;
    element.setPointerCapture(down.pointerId);
    const move = ({ offsetX }: PointerEvent) => {
      moved ||= Math.abs(offsetX - down.offsetX) > CLICK_PX;
      if (!moved) return;
      began.change(() =>
        down.shiftKey ? start.selectBetween(down.offsetX, offsetX) : start.pan(offsetX - down.offsetX),
      );
    };
    const up = () => {
      element.removeEventListener('pointermove', move);
      if (moved) return;
      const fold = start.visibleGaps.find(
        ({ folded, fromPx, toPx }) => folded && down.offsetX >= fromPx && down.offsetX <= toPx,
      );
      if (fold !== undefined) began.change((axis) => axis.withFold(fold.fromMs, false));
      else onClick(down.offsetY);
    };
    element.addEventListener('pointermove', move);
    element.addEventListener('lostpointercapture', up, { once: true });
  };
  const press = useEffectEvent((event: PointerEvent) => {
    if (event.button === 0 && ref.current !== null) drag(ref.current, event);
  });
  const fit = useEffectEvent(() => control.change((axis) => axis.select(undefined).fit()));
  useEffect(() => {
    const element = ref.current;
    if (element === null) return undefined;
    const abort = new AbortController();
    const { signal } = abort;
    element.addEventListener('wheel', (event) => wheel(event), { passive: false, signal });
    element.addEventListener('pointermove', (event) => hover(event), { signal });
    element.addEventListener('pointerleave', () => leave(), { signal });
    element.addEventListener('pointerdown', (event) => press(event), { signal });
    element.addEventListener('dblclick', () => fit(), { signal });
    return () => abort.abort();
  }, [ref]);
  return pointerPx;
}

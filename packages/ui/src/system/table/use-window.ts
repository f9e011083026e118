// Which rows of a long list are in sight, where all rows have one height.
//
// Written here rather than taken from @tanstack/react-virtual: rows of one height need none of its measuring, and it would be
// a twelfth of the code of the first page.
import { type RefObject, useEffect, useLayoutEffect, useState } from 'react';

export interface Window {
  /** Index of the first row to draw. */
  readonly first: number;
  /** Index behind the last one. */
  readonly end: number;
  readonly totalPx: number;
  readonly scrollTo: (index: number) => void;
}

interface Options {
  readonly count: number;
  readonly rowPx: number;
  /** Rows that are drawn though they are just out of sight. */
  readonly overscan: number;
}

/** @param element that scrolls */
export function useWindow(element: RefObject<HTMLElement | null>, { count, rowPx, overscan }: Options): Window {
  const [top, setTop] = useState(0);
  const [height, setHeight] = useState(0);
  useLayoutEffect(() => {
    const scrolled = element.current;
    if (scrolled === null) return undefined;
    const observer = new ResizeObserver(() => setHeight(scrolled.clientHeight));
    observer.observe(scrolled);
    return () => observer.disconnect();
  }, [element]);
  useEffect(() => {
    const scrolled = element.current;
    const move = () => setTop(scrolled?.scrollTop ?? 0);
    scrolled?.addEventListener('scroll', move, { passive: true });
    return () => scrolled?.removeEventListener('scroll', move);
  }, [element]);
  const scrollTo = (index: number) => {
    const scrolled = element.current;
    if (scrolled === null) return;
    const below = (index + 1) * rowPx - scrolled.clientHeight;
    // A sticky head covers the first row's worth.
    scrolled.scrollTo({ top: Math.min(index * rowPx, Math.max(below + rowPx, scrolled.scrollTop)) });
  };
  const first = Math.min(Math.max(0, Math.floor(top / rowPx) - overscan), Math.max(0, count - 1));
  return {
    first,
    end: Math.min(count, Math.ceil((top + height) / rowPx) + overscan),
    totalPx: count * rowPx,
    scrollTo,
  };
}

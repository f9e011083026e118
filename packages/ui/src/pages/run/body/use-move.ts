// Walking the outline by keyboard, and keeping what is selected in sight.
import { type KeyboardEvent, type RefObject, useEffect } from 'react';
import type { Row } from './rows.ts';

interface Options {
  readonly rows: readonly Row[];
  readonly rowPx: number;
  readonly selectedKey: string | undefined;
  readonly onSelect: (row: Row) => void;
  readonly onToggleChild: (row: Row) => void;
  readonly scroll: RefObject<HTMLElement | null>;
}

/** Up and down move the selection; right opens the steps of a child, left closes them. */
export function useMove({ rows, rowPx, selectedKey, onSelect, onToggleChild, scroll }: Options) {
  useEffect(() => {
    const at = rows.findIndex(({ key }) => key === selectedKey);
    const element = scroll.current;
    if (at < 0 || element === null) return;
    reveal(element, at * rowPx, rowPx);
    // Only a new selection scrolls; a row that moves because others came above it does not.
  }, [selectedKey]); // oxlint-disable-line react/exhaustive-deps, react/exhaustive-effect-dependencies
  return (event: KeyboardEvent) => {
    const at = rows.findIndex(({ key }) => key === selectedKey);
    const to = {
      ArrowDown: at + 1,
      ArrowUp: at - 1,
      Home: 0,
      End: rows.length - 1,
      PageDown: at + 10,
      PageUp: at - 10,
    }[event.key];
    const current = rows[at];
    const turns = { ArrowRight: 'closed', ArrowLeft: 'open' }[event.key];
    if (
      turns !== undefined &&
      current?.inside !== undefined &&
      (current.inside === 'closed') === (turns === 'closed')
    ) {
      event.preventDefault();
      onToggleChild(current);
    }
    if (to === undefined) return;
    event.preventDefault();
    const row = rows[Math.max(0, Math.min(rows.length - 1, to))];
    if (row !== undefined) onSelect(row);
  };
}

function reveal(element: HTMLElement, y: number, rowPx: number): void {
  const below = y + rowPx - element.clientHeight;
  element.scrollTo({ top: Math.min(y, Math.max(below, element.scrollTop)) });
}

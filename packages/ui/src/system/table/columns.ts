// What a table shows, column by column.
import type { ReactNode } from 'react';

export interface Column<Row> {
  readonly id: string;
  readonly title: string;
  /** CSS pixels, until somebody drags it. */
  readonly width: number;
  /** Takes what room is left; one column does. */
  readonly grows?: boolean;
  readonly align?: 'start' | 'end';
  readonly sortable?: boolean;
  /** On screens too narrow for columns: stands in the first line, stands in the second, or is left out. */
  readonly narrow?: 'first' | 'second';
  readonly cell: (row: Row) => ReactNode;
}

export interface Sort {
  readonly column: string;
  readonly descending: boolean;
}

export interface Selection {
  readonly keys: ReadonlySet<string>;
  readonly onChange: (keys: ReadonlySet<string>) => void;
  /** @param isRange with all rows from the one that was toggled before */
  readonly onToggle: (key: string, isRange: boolean) => void;
}

export const CHECK_WIDTH = 36;
export const COLUMN_WIDTH_MIN = 56;

/** `grid-template-columns` */
export function template(
  columns: readonly Column<never>[],
  widths: ReadonlyMap<string, number>,
  checks: boolean,
): string {
  const sizes = columns.map(({ id, width, grows }) => {
    const chosen = widths.get(id);
    if (chosen !== undefined) return `${chosen}px`;
    return grows ? `minmax(${width}px, 1fr)` : `${width}px`;
  });
  return [...(checks ? [`${CHECK_WIDTH}px`] : []), ...sizes].join(' ');
}

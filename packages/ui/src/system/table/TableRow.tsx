// One row. It is drawn again only if its own row, or what is chosen of it, has changed.
import { type MouseEvent, memo } from 'react';
import type { Column, Selection } from './columns.ts';
import styles from './table.module.css';

interface Props<Row> {
  readonly row: Row;
  readonly rowKey: string;
  readonly index: number;
  /** CSS pixels. */
  readonly top: number;
  readonly height: number;
  readonly columns: readonly Column<Row>[];
  readonly narrow: boolean;
  readonly selection: Selection | undefined;
  readonly isCurrent: boolean;
  readonly onClick: ((row: Row) => void) | undefined;
}

/** The header is row 1. */
const FIRST_ROW_INDEX = 2;

function Row<Row>({ row, rowKey, index, top, height, columns, narrow, selection, isCurrent, onClick }: Props<Row>) {
  const selected = selection?.keys.has(rowKey) ?? false;
  const shown = narrow ? narrowOrder(columns) : columns;
  return (
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events -- each row has a link that does the same
    <div
      role="row"
      aria-rowindex={index + FIRST_ROW_INDEX}
      aria-selected={selection ? selected : undefined}
      className={`${styles['row']} ${isCurrent ? styles['current'] : ''}`}
      style={{ transform: `translateY(${top}px)`, height }}
      onClick={onClick && ((event) => isPlainClick(event) && onClick(row))}
    >
      {selection && (
        <div role="cell" className={styles['check']}>
          <input
            type="checkbox"
            aria-label={`Select row ${index + 1}`}
            checked={selected}
            onChange={({ nativeEvent }) => selection.onToggle(rowKey, (nativeEvent as globalThis.MouseEvent).shiftKey)}
          />
        </div>
      )}
      {shown.map(({ id, align, cell, narrow: place }) => (
        <div
          key={id}
          role="cell"
          className={`${styles['cell']} ${align === 'end' && !narrow ? styles['end'] : ''} ${narrow && place === 'first' ? styles['first'] : ''}`}
        >
          {cell(row)}
        </div>
      ))}
    </div>
  );
}

export const TableRow = memo(Row) as typeof Row;

function narrowOrder<Row>(columns: readonly Column<Row>[]): readonly Column<Row>[] {
  return [
    ...columns.filter(({ narrow }) => narrow === 'first'),
    ...columns.filter(({ narrow }) => narrow === 'second'),
  ];
}

/** Links, buttons and marked text keep their own meaning. */
function isPlainClick(event: MouseEvent<HTMLElement>): boolean {
  const { target } = event;
  if (target instanceof Element && target.closest('a, button, input, label') !== null) return false;
  return getSelection()?.isCollapsed !== false;
}

// A table of any length: only the rows in sight are in the document. Rows have one height, so that scrolling never
// jumps. On narrow screens a row becomes two lines.
import { type CSSProperties, type ReactNode, type Ref, useEffect, useImperativeHandle, useRef, useState } from 'react';
import { usePreferences } from '../../settings/preferences.ts';
import { type Column, type Selection, type Sort, template } from './columns.ts';
import { HeadCell } from './HeadCell.tsx';
import { TableRow } from './TableRow.tsx';
import styles from './table.module.css';
import { useWindow } from './use-window.ts';

export interface TableHandle {
  readonly scrollToTop: () => void;
  readonly scrollToRow: (index: number) => void;
}

interface Props<Row> {
  /** Of the whole table, for assistive technology. */
  readonly label: string;
  readonly rows: readonly Row[];
  readonly rowKey: (row: Row) => string;
  readonly columns: readonly Column<Row>[];
  readonly sort?: Sort | undefined;
  readonly onSort?: (sort: Sort) => void;
  readonly selection?: Selection;
  /** The row that the keyboard is on. */
  readonly currentKey?: string | undefined;
  readonly onRowClick?: (row: Row) => void;
  /** Called when the end comes into sight. */
  readonly onEnd?: () => void;
  /** Where more rows may be than are here; undefined: this is all. */
  readonly totalRows?: number | undefined;
  readonly footer?: ReactNode;
  readonly widths?: ReadonlyMap<string, number>;
  readonly onWidth?: (column: string, width: number) => void;
  /** Columns can be moved: their ids in the order that was chosen. */
  readonly onOrder?: (ids: string[]) => void;
  readonly ref?: Ref<TableHandle>;
}

const ROW_HEIGHTS = { comfortable: 32, compact: 26, narrow: 54 };
const NARROW_BELOW = 640;
const OVERSCAN = 12;
const NEAR_END = 20;

export function DataTable<Row>(props: Props<Row>) {
  const { rows, rowKey, columns, selection, onEnd, footer, totalRows, ref } = props;
  const scroll = useRef<HTMLDivElement>(null);
  const narrow = useIsNarrow(scroll);
  const { density } = usePreferences();
  const height = narrow ? ROW_HEIGHTS.narrow : ROW_HEIGHTS[density];
  const [ownWidths, setOwnWidths] = useState<ReadonlyMap<string, number>>(new Map());
  const widths = props.widths ?? ownWidths;
  const setWidth = props.onWidth ?? ((id: string, width: number) => setOwnWidths(new Map(ownWidths).set(id, width)));

  const { first, end, totalPx, scrollTo } = useWindow(scroll, {
    count: rows.length,
    rowPx: height,
    overscan: OVERSCAN,
  });
  useImperativeHandle(ref, () => ({
    scrollToTop: () => scroll.current?.scrollTo({ top: 0 }),
    scrollToRow: scrollTo,
  }));
  useEffect(() => {
    if (end > rows.length - NEAR_END) onEnd?.();
  }, [end, rows.length, onEnd]);

  const style = { '--columns': template(columns, widths, selection !== undefined) } as CSSProperties;
  return (
    <div ref={scroll} className={`${styles['scroll']} ${narrow ? styles['narrow'] : ''}`} style={style} tabIndex={-1}>
      <div role="table" aria-label={props.label} aria-rowcount={(totalRows ?? rows.length) + 1}>
        <Head {...props} widths={widths} onWidth={setWidth} />
        <div role="rowgroup" className={styles['body']} style={{ height: totalPx }}>
          {rows.slice(first, end).map((row, i) => (
            <TableRow
              key={rowKey(row)}
              row={row}
              rowKey={rowKey(row)}
              index={first + i}
              top={(first + i) * height}
              height={height}
              columns={columns}
              narrow={narrow}
              selection={selection}
              isCurrent={props.currentKey === rowKey(row)}
              onClick={props.onRowClick}
            />
          ))}
        </div>
      </div>
      {footer}
    </div>
  );
}

function Head<Row>({ columns, rows, rowKey, selection, sort, onSort, onWidth, onOrder }: Props<Row>) {
  const keys = selection && rows.map(rowKey);
  const all = keys !== undefined && keys.length > 0 && keys.every((key) => selection?.keys.has(key));
  return (
    <div role="rowgroup">
      <div role="row" aria-rowindex={1} className={styles['head']}>
        {selection && (
          <div role="columnheader" className={`${styles['headCell']} ${styles['check']}`}>
            <input
              type="checkbox"
              aria-label="Select all rows"
              checked={all}
              onChange={() => selection.onChange(new Set(all ? [] : keys))}
            />
          </div>
        )}
        {columns.map((column) => (
          <HeadCell
            key={column.id}
            column={column as Column<never>}
            sort={sort}
            onSort={onSort}
            onWidth={(width) => onWidth?.(column.id, width)}
            onOrder={onOrder}
          />
        ))}
      </div>
    </div>
  );
}

function useIsNarrow(scroll: { readonly current: HTMLElement | null }): boolean {
  const [narrow, setNarrow] = useState(() => innerWidth < NARROW_BELOW);
  useEffect(() => {
    const element = scroll.current;
    if (element === null) return undefined;
    const observer = new ResizeObserver(() => setNarrow(element.clientWidth < NARROW_BELOW));
    observer.observe(element);
    return () => observer.disconnect();
  }, [scroll]);
  return narrow;
}

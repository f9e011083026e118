// The head of a column: its title, its order, and the edge that changes its width by pointer or arrow keys.
import type { KeyboardEvent, PointerEvent } from 'react';
import { Icon } from '../Icon.tsx';
import { COLUMN_WIDTH_MIN, type Column, type Sort } from './columns.ts';
import styles from './table.module.css';

interface Props {
  readonly column: Column<never>;
  readonly sort: Sort | undefined;
  readonly onSort: ((sort: Sort) => void) | undefined;
  readonly onWidth: (width: number) => void;
}

const KEY_STEP = 16;

export function HeadCell({ column, sort, onSort, onWidth }: Props) {
  const { id, title, align, sortable } = column;
  const sorted = sort?.column === id ? (sort.descending ? 'descending' : 'ascending') : undefined;
  return (
    <div
      role="columnheader"
      aria-sort={sortable ? (sorted ?? 'none') : undefined}
      className={`${styles['headCell']} ${align === 'end' ? styles['end'] : ''}`}
    >
      {sortable && onSort ? (
        <button
          type="button"
          className={`${styles['sort']} ellipsis`}
          onClick={() => onSort({ column: id, descending: sorted !== 'descending' })}
        >
          {title}
          {sorted && <Icon name={sorted === 'descending' ? 'down' : 'up'} size={12} />}
        </button>
      ) : (
        <span className="ellipsis">{title}</span>
      )}
      <Resizer title={title} onWidth={onWidth} />
    </div>
  );
}

function Resizer({ title, onWidth }: { readonly title: string; readonly onWidth: (width: number) => void }) {
  const begin = (event: PointerEvent<HTMLElement>) => {
    const { currentTarget: edge, pointerId, clientX } = event;
    const start = edge.parentElement?.offsetWidth ?? 0;
    edge.setPointerCapture(pointerId);
    const move = (moved: globalThis.PointerEvent) =>
      onWidth(Math.max(COLUMN_WIDTH_MIN, start + moved.clientX - clientX));
    edge.addEventListener('pointermove', move);
    edge.addEventListener('lostpointercapture', () => edge.removeEventListener('pointermove', move), { once: true });
  };
  const press = (event: KeyboardEvent<HTMLElement>) => {
    const step = { ArrowLeft: -KEY_STEP, ArrowRight: KEY_STEP }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    onWidth(Math.max(COLUMN_WIDTH_MIN, (event.currentTarget.parentElement?.offsetWidth ?? 0) + step));
  };
  return (
    <button
      type="button"
      tabIndex={-1}
      aria-label={`Width of ${title}`}
      className={styles['resize']}
      style={{ background: 'none', borderWidth: '0 1px 0 0', padding: 0 }}
      onPointerDown={begin}
      onKeyDown={press}
    />
  );
}

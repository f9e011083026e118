// The head of a column: its title and order. By pointer it is dragged to another place, and its edge changes its width.
import type { PointerEvent } from 'react';
import { Icon } from '../Icon.tsx';
import type { Column, Sort } from './columns.ts';
import styles from './table.module.css';

interface Props {
  readonly column: Column<never>;
  readonly sort: Sort | undefined;
  readonly onSort: ((sort: Sort) => void) | undefined;
  readonly onWidth: (width: number) => void;
  readonly onOrder: ((ids: string[]) => void) | undefined;
}

const load = () => import('./edit-columns.ts');

export function HeadCell({ column, sort, onSort, onWidth, onOrder }: Props) {
  const { id, title, align, sortable } = column;
  const sorted = sort?.column === id ? (sort.descending ? 'descending' : 'ascending') : undefined;
  const begin = ({ currentTarget, nativeEvent }: PointerEvent<HTMLElement>) => {
    // A finger scrolls.
    if (onOrder === undefined || nativeEvent.pointerType === 'touch') return;
    void load().then(({ moveByPointer }) => moveByPointer(currentTarget, nativeEvent, onOrder));
  };
  return (
    <div
      role="columnheader"
      aria-sort={sortable ? (sorted ?? 'none') : undefined}
      className={`${styles['headCell']} ${align === 'end' ? styles['end'] : ''}`}
      data-column={id}
      onPointerDown={begin}
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
    const { currentTarget, nativeEvent } = event;
    event.stopPropagation();
    void load().then(({ resizeByPointer }) => resizeByPointer(currentTarget, nativeEvent, onWidth));
  };
  return (
    <button
      type="button"
      tabIndex={-1}
      aria-label={`Width of ${title}`}
      className={styles['resize']}
      onPointerDown={begin}
    />
  );
}

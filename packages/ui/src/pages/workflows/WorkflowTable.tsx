// The table of executions, with the row that the keyboard is on.
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useRef, useState } from 'react';
import { searchAttributesQuery } from '../../api/server.ts';
import { useKeys } from '../../app/shortcuts.ts';
import { workflows } from '../../messages/workflows.ts';
import { useStored } from '../../settings/stored.ts';
import { Button } from '../../system/Button.tsx';
import { Icon } from '../../system/Icon.tsx';
import type { Column, Sort } from '../../system/table/columns.ts';
import { DataTable, type TableHandle } from '../../system/table/DataTable.tsx';
import { toggled } from '../../system/table/select.ts';
import { DEFAULT_COLUMNS, WIDTHS_KEY, type WidthsById, workflowColumns } from './columns.tsx';
import type { Expansion, ListRow } from './rows.ts';
import styles from './workflows.module.css';

interface Props {
  readonly namespace: string;
  readonly rows: readonly ListRow[];
  readonly newRows: number;
  readonly expansion: Expansion;
  readonly selected: ReadonlySet<string>;
  readonly onSelected: (keys: ReadonlySet<string>) => void;
  readonly total: number | undefined;
  readonly hasMore: boolean;
  readonly onMore: () => void;
  readonly onNew: () => void;
  readonly sort: Sort | undefined;
  readonly onSort: ((sort: Sort, attribute: string) => void) | undefined;
}

export function WorkflowTable(props: Props) {
  const { namespace, rows, newRows, selected, onSelected, total, hasMore, onMore, onSort } = props;
  const table = useRef<TableHandle>(null);
  const [current, setCurrent] = useState<string>();
  const [widths, setWidths] = useStored<WidthsById>(WIDTHS_KEY, {});
  const [columns, setColumns] = useColumns(namespace, props.expansion);
  const open = useOpenRun(namespace);
  const at = rows.findIndex(({ key }) => key === current);
  const move = (step: number) => {
    const next = Math.max(0, Math.min(rows.length - 1, at + step));
    setCurrent(rows[next]?.key);
    table.current?.scrollToRow(next);
  };
  const toggledBefore = useRef<string>(undefined);
  const toggle = (key: string | undefined, isRange: boolean) => {
    if (key === undefined) return;
    onSelected(toggled(selected, rows.map(rowKey), key, isRange ? toggledBefore.current : undefined));
    toggledBefore.current = key;
  };
  useKeys({
    j: () => move(1),
    k: () => move(-1),
    Enter: () => at >= 0 && open(rows[at]),
    x: () => toggle(current, false),
    X: () => toggle(current, true),
    Escape: () => onSelected(new Set()),
  });
  const sortColumn = columns.find(({ attribute }) => attribute === props.sort?.column);
  return (
    <div className={styles['tableArea']}>
      {newRows > 0 && (
        <Button kind="primary" size="small" icon="up" className={styles['new'] ?? ''} onClick={props.onNew}>
          {workflows.newRows(newRows)}
        </Button>
      )}
      <DataTable
        ref={table}
        label={workflows.label}
        rows={rows}
        rowKey={rowKey}
        columns={columns}
        sort={sortColumn && props.sort ? { ...props.sort, column: sortColumn.id } : undefined}
        {...(onSort
          ? { onSort: (sort) => onSort(sort, columns.find(({ id }) => id === sort.column)?.attribute ?? '') }
          : {})}
        selection={{ keys: selected, onChange: onSelected, onToggle: toggle }}
        currentKey={current}
        onRowClick={open}
        totalRows={total}
        widths={new Map(Object.entries(widths))}
        onWidth={(column, width) => setWidths({ ...widths, [column]: width })}
        onOrder={setColumns}
        {...(hasMore ? { onEnd: onMore } : {})}
        footer={<div className={styles['foot']}>{hasMore ? workflows.more : workflows.end(rows.length)}</div>}
      />
    </div>
  );
}

function rowKey({ key }: ListRow): string {
  return key;
}

function useOpenRun(namespace: string) {
  const navigate = useNavigate();
  return (row: ListRow | undefined) => {
    const { workflowId = '', runId = '' } = row?.info.execution ?? {};
    if (workflowId !== '') {
      void navigate({
        to: '/namespaces/$namespace/workflows/$workflowId/$runId',
        params: { namespace, workflowId, runId },
      });
    }
  };
}

type RowColumn = Column<ListRow> & { readonly attribute?: string };

function useColumns(namespace: string, expansion: Expansion) {
  const { data } = useQuery(searchAttributesQuery(namespace));
  const [chosen, choose] = useStored<readonly string[]>(`columns.${namespace}`, DEFAULT_COLUMNS);
  const all = workflowColumns(namespace, Object.keys(data?.customAttributes ?? {}));
  const columns = chosen
    .flatMap((id) => all.find((column) => column.id === id) ?? [])
    .map(
      (column): RowColumn => ({
        ...column,
        cell: (row: ListRow) =>
          column.id === 'workflowId' ? (
            <IdCell row={row} expansion={expansion}>
              {column.cell(row.info)}
            </IdCell>
          ) : (
            column.cell(row.info)
          ),
      }),
    );
  return [columns, choose] as const;
}

interface IdCellProps {
  readonly row: ListRow;
  readonly expansion: Expansion;
  readonly children: React.ReactNode;
}

function IdCell({ row, expansion: { keys, toggle }, children }: IdCellProps) {
  const { key, depth, info } = row;
  const isOpen = keys.has(key);
  return (
    <span className={styles['idCell']} style={{ paddingLeft: depth * 22 }}>
      <button
        type="button"
        className={styles['expander']}
        aria-expanded={isOpen}
        aria-label={workflows.expand(info.execution?.workflowId ?? '')}
        onClick={() => toggle(row)}
      >
        <Icon name={isOpen ? 'down' : 'right'} size={12} />
      </button>
      {children}
    </span>
  );
}

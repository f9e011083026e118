// What a row has in the fields that filters and orders name.
import type { ColumnName, FilterField, FilterValue, Order, ReadField, StoredValue } from '@perdure/core/visibility';
import { readAttributes } from '@perdure/core/visibility';
import type { RunListCursor, RunRow } from './contract.ts';

const nsPerMs = 1_000_000n;

type Attributes = ReturnType<typeof readAttributes>;

/** Decodes the search attributes once, and only if they are asked for. */
export function fieldsOf(row: RunRow): ReadField {
  let attributes: Attributes | undefined;
  return (field) => {
    if (field.kind === 'column') return columnOf(row, field.column);
    attributes ??= readAttributes(row.searchAttributes);
    return attributeOf(attributes, field);
  };
}

/** Undefined also if what is stored under the name has another type. */
export function attributeOf(
  attributes: Attributes,
  field: Extract<FilterField, { kind: 'attribute' }>,
): StoredValue | undefined {
  const found = attributes.get(field.name);
  return found?.type === field.type ? found.value : undefined;
}

/** Counts and sizes, and how long it took, are known once a run is closed. */
function columnOf(row: RunRow, column: ColumnName): FilterValue | undefined {
  switch (column) {
    case 'workflowId':
    case 'runId':
    case 'workflowType':
    case 'taskQueue':
    case 'status':
    case 'rootWorkflowId':
    case 'rootRunId':
      return row[column];
    case 'parentWorkflowId':
    case 'parentRunId':
      return row[column] === '' ? undefined : row[column];
    case 'startTime':
      return row.startMs;
    case 'executionTime':
      return row.executionMs;
    case 'closeTime':
      return row.closeMs;
    case 'historyLength':
    case 'historySizeBytes':
    case 'stateTransitionCount':
      return row.closeMs === undefined ? undefined : row[column];
    case 'duration':
      return row.closeMs === undefined ? undefined : durationNs(row.closeMs - row.executionMs);
  }
}

function durationNs(ms: number): FilterValue {
  const ns = BigInt(Math.max(0, ms)) * nsPerMs;
  return ns <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(ns) : ns;
}

/** What rows are ordered by in a field: lists have no order. */
export function orderValue(read: ReadField, field: FilterField): FilterValue | undefined {
  const value = read(field);
  return Array.isArray(value) ? undefined : (value as FilterValue | undefined);
}

/** The position of a row in a list. */
export function listCursor(row: RunRow, orderBy?: Order): RunListCursor {
  const position = { closeMs: row.closeMs, startMs: row.startMs, key: row.key };
  if (orderBy === undefined) return position;
  const read = fieldsOf(row);
  return { ...position, values: orderBy.map(({ field }) => orderValue(read, field)) };
}

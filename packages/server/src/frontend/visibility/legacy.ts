// The lists of open and of closed runs, from before there was a filter language: their filters in that language's terms.

import { invalidArgument } from '@perdure/api';
import { WorkflowExecutionStatus } from '@perdure/api/enums';
import type { StartTimeFilter } from '@perdure/api/filter';
import type {
  ListClosedWorkflowExecutionsRequest,
  ListOpenWorkflowExecutionsRequest,
} from '@perdure/api/workflowservice';
import type { ColumnName, Comparison, FieldType, Filter, FilterField, FilterValue } from '@perdure/core';

const { PAUSED, RUNNING, UNSPECIFIED } = WorkflowExecutionStatus;

/** What a Go client sends for a time that is not set. */
const GO_ZERO_TIME_MS = Date.parse('0001-01-01T00:00:00Z');

/** By the status, which every store can tell at once. Whoever pauses a run has not ended it. */
const IS_OPEN: Filter = { op: 'in', field: column('status', 'int'), values: [RUNNING, PAUSED] };
const IS_CLOSED: Filter = { op: 'not', of: IS_OPEN };

type OpenFilters = Pick<ListOpenWorkflowExecutionsRequest, 'startTimeFilter' | 'executionFilter' | 'typeFilter'>;
type ClosedFilters = OpenFilters & Pick<ListClosedWorkflowExecutionsRequest, 'statusFilter'>;

/** @throws {StatusError} INVALID_ARGUMENT */
export function openFilter(request: OpenFilters): Filter {
  return { op: 'and', of: [IS_OPEN, ...startedWithin(request.startTimeFilter), ...named(request)] };
}

/** @throws {StatusError} INVALID_ARGUMENT */
export function closedFilter(request: ClosedFilters): Filter {
  const startTime = startedWithin(request.startTimeFilter);
  return { op: 'and', of: [IS_CLOSED, ...startTime, ...named(request), ...withStatus(request.statusFilter?.status)] };
}

function withStatus(status: number | undefined): Filter[] {
  if (status === UNSPECIFIED || status === RUNNING) {
    throw invalidArgument('StatusFilter must be specified and must be not Running.');
  }
  return status === undefined ? [] : [compare('status', 'int', '=', status)];
}

/** By workflow id, or else by type. */
function named({ executionFilter, typeFilter }: OpenFilters): Filter[] {
  if (executionFilter !== undefined) return [compare('workflowId', 'keyword', '=', executionFilter.workflowId)];
  return typeFilter === undefined ? [] : [compare('workflowType', 'keyword', '=', typeFilter.name)];
}

function startedWithin(filter: StartTimeFilter | undefined): Filter[] {
  // Clients that mean "from the beginning" send the epoch, or Go's zero time long before it.
  const earliestMs = Math.max(filter?.earliestTime ?? 0, 0);
  const latest = filter?.latestTime;
  const latestMs = latest === undefined || latest <= GO_ZERO_TIME_MS ? Infinity : latest;
  if (earliestMs > latestMs) {
    throw invalidArgument('EarliestTime in StartTimeFilter should not be larger than LatestTime.');
  }
  return [
    ...(earliestMs > 0 ? [compare('startTime', 'datetime', '>=', earliestMs)] : []),
    ...(latestMs < Infinity ? [compare('startTime', 'datetime', '<=', latestMs)] : []),
  ];
}

function compare(name: ColumnName, type: FieldType, comparison: Comparison, value: FilterValue): Filter {
  return { op: 'compare', field: column(name, type), comparison, value };
}

function column(name: ColumnName, type: FieldType): FilterField {
  return { kind: 'column', column: name, type };
}

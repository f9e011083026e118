// Which field a name in a list filter means.

import { IndexedValueType as Type } from '@perdure/api/enums';
import { PREDEFINED_ATTRIBUTES, type SearchAttributeSchema } from '../search-attributes/schema.ts';
import type { ColumnName, FieldType, FilterField } from './filter.ts';
import { invalid } from './problems.ts';

/** Says that a row is none of an ordinary workflow: of a schedule, a batch operation, a system workflow. */
export const NAMESPACE_DIVISION = 'TemporalNamespaceDivision';

/** Names that mean another one, unless the namespace has an attribute of that name. */
export type Aliases = ReadonlyMap<string, string>;

/** The row of a schedule has its id as the workflow id. */
export const SCHEDULE_ALIASES: Aliases = new Map([
  ['ScheduleId', 'WorkflowId'],
  ['TemporalScheduleId', 'WorkflowId'],
]);

const FIELD_TYPES: ReadonlyMap<number, FieldType> = new Map([
  [Type.TEXT, 'text'],
  [Type.KEYWORD, 'keyword'],
  [Type.INT, 'int'],
  [Type.DOUBLE, 'double'],
  [Type.BOOL, 'bool'],
  [Type.DATETIME, 'datetime'],
  [Type.KEYWORD_LIST, 'keywordList'],
]);

/** Of the system's own attributes. */
const COLUMNS: ReadonlyMap<string, { readonly column: ColumnName; readonly type: FieldType }> = new Map([
  ['WorkflowId', { column: 'workflowId', type: 'keyword' }],
  ['RunId', { column: 'runId', type: 'keyword' }],
  ['WorkflowType', { column: 'workflowType', type: 'keyword' }],
  ['TaskQueue', { column: 'taskQueue', type: 'keyword' }],
  ['ExecutionStatus', { column: 'status', type: 'int' }],
  ['StartTime', { column: 'startTime', type: 'datetime' }],
  ['ExecutionTime', { column: 'executionTime', type: 'datetime' }],
  ['CloseTime', { column: 'closeTime', type: 'datetime' }],
  ['HistoryLength', { column: 'historyLength', type: 'int' }],
  ['HistorySizeBytes', { column: 'historySizeBytes', type: 'int' }],
  ['StateTransitionCount', { column: 'stateTransitionCount', type: 'int' }],
  ['ExecutionDuration', { column: 'duration', type: 'int' }],
  ['ParentWorkflowId', { column: 'parentWorkflowId', type: 'keyword' }],
  ['ParentRunId', { column: 'parentRunId', type: 'keyword' }],
  ['RootWorkflowId', { column: 'rootWorkflowId', type: 'keyword' }],
  ['RootRunId', { column: 'rootRunId', type: 'keyword' }],
]);

const PREFIX = 'Temporal';

/** @throws INVALID_ARGUMENT there is no such attribute */
export function resolveName(name: string, schema: SearchAttributeSchema, aliases: Aliases): FilterField {
  const otherName = name.startsWith(PREFIX) ? name.slice(PREFIX.length) : PREFIX + name;
  const field =
    attributeOf(name, schema.custom) ??
    serverField(name) ??
    serverField(aliases.get(name) ?? '') ??
    serverField(otherName);
  if (field === undefined) throw invalid(`column name '${name}' is not a valid search attribute`);
  return field;
}

function serverField(name: string): FilterField | undefined {
  const column = COLUMNS.get(name);
  return column === undefined ? attributeOf(name, PREDEFINED_ATTRIBUTES) : { kind: 'column', ...column };
}

function attributeOf(name: string, types: ReadonlyMap<string, number>): FilterField | undefined {
  const type = FIELD_TYPES.get(types.get(name) ?? Type.UNSPECIFIED);
  return type === undefined ? undefined : { kind: 'attribute', name, type };
}

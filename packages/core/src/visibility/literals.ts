// From the values in a list filter to values of the field that they are compared with.

import type { StatusError } from '@perdure/api';
import { WorkflowExecutionStatus, WorkflowExecutionStatusNames } from '@perdure/api/enums';
import { parseDuration } from '../duration.ts';
import { fromEpochNanos, parseRfc3339 } from '../search-attributes/datetime.ts';
import type { FieldType, FilterValue } from './filter.ts';
import { invalid } from './problems.ts';
import { exactNumber } from './stored-value.ts';
import type { Literal } from './syntax.ts';
import { textWords } from './words.ts';

/** As the service reads values: whole numbers of 64 bits are exact, all others are floating. */
type Value = string | bigint | number | boolean;

/** The types as error texts name them. */
export const TYPE_NAMES: Readonly<Record<FieldType, string>> = {
  keyword: 'Keyword',
  text: 'Text',
  int: 'Int',
  double: 'Double',
  bool: 'Bool',
  datetime: 'Datetime',
  keywordList: 'KeywordList',
};

/** @throws INVALID_ARGUMENT it is no value of this type; `name` is the attribute's as the query has it */
export function valueOfType(literal: Literal, type: FieldType, name: string): FilterValue {
  const value = convert(read(literal), type, name);
  if (value === undefined) throw wrongType(literal, type, name);
  return value;
}

export function wrongType(literal: Literal, type: FieldType, name: string): StatusError {
  const value = read(literal);
  const shown = `${typeof value === 'string' ? JSON.stringify(value) : value} (type: ${typeName(value)})`;
  return invalid(`invalid value type for search attribute ${name} of type ${TYPE_NAMES[type]}: ${shown}`);
}

/** undefined: the value is of another type. */
function convert(value: Value, type: FieldType, name: string): FilterValue | undefined {
  switch (type) {
    case 'keyword':
    case 'keywordList':
      return typeof value === 'string' ? value : undefined;
    case 'text':
      return typeof value === 'string' ? searchable(value, name) : undefined;
    case 'bool':
      return typeof value === 'boolean' ? value : undefined;
    case 'int':
      return typeof value === 'bigint' ? exactNumber(value) : number(value);
    case 'double':
      return typeof value === 'bigint' ? Number(value) : number(value);
    case 'datetime':
      if (typeof value === 'string') return moment(value);
      return typeof value === 'bigint' ? fromEpochNanos(value) : undefined;
  }
}

function number(value: Value): number | undefined {
  return typeof value === 'number' ? value : undefined;
}

function searchable(text: string, name: string): string {
  if (textWords(text).length > 0) return text;
  throw invalid(`no tokens found filtering on Text type search attribute ${name}`);
}

function moment(text: string): number {
  const timeMs = parseRfc3339(text);
  if (timeMs === undefined) throw invalid(`unable to parse datetime '${text}'`);
  return timeMs;
}

/** `Running`, `WORKFLOW_EXECUTION_STATUS_RUNNING` or its number. */
export function statusValue(literal: Literal): number {
  const value = read(literal);
  if (typeof value === 'bigint') {
    const status = Number(value);
    // A number without a name is shown as it is.
    if (WorkflowExecutionStatusNames.name(status) !== String(value)) return status;
    throw invalid(`invalid ExecutionStatus value ${value}`);
  }
  if (typeof value !== 'string') throw unexpected(value, 'ExecutionStatus');
  const shouted = value.replaceAll(/(?<=[a-z])(?=[A-Z])/g, '_').toUpperCase();
  const status = WorkflowExecutionStatusNames.parse(shouted);
  if (status !== undefined && status !== WorkflowExecutionStatus.UNSPECIFIED) return status;
  throw invalid(`invalid ExecutionStatus value '${value}'`);
}

/** Nanoseconds, as a number or a text; a duration such as `1h30m` or `2d`; or `hh:mm:ss`. */
export function durationValue(literal: Literal): FilterValue {
  const value = read(literal);
  if (typeof value === 'bigint') return exactNumber(value);
  if (typeof value !== 'string') throw unexpected(value, 'ExecutionDuration');
  const nanos = integer(value) ?? nanosOf(parseDuration(value) ?? clockDuration(value));
  if (nanos !== undefined) return exactNumber(nanos);
  throw invalid(`invalid duration value for search attribute ExecutionDuration: ${value}`);
}

function unexpected(value: Value, name: string): StatusError {
  return invalid(`unexpected value type ${typeName(value)} for search attribute ${name}`);
}

function nanosOf(durationMs: number | undefined): bigint | undefined {
  if (durationMs === undefined) return undefined;
  const wholeMs = Math.trunc(durationMs);
  const nanos = BigInt(wholeMs) * 1_000_000n + BigInt(Math.round((durationMs - wholeMs) * 1e6));
  return isInt64(nanos) ? nanos : undefined;
}

const CLOCK = /^(\d{1,9}):([0-5]\d):([0-5]\d)$/;

function clockDuration(text: string): number | undefined {
  const [match, hours, minutes, seconds] = CLOCK.exec(text) ?? [];
  return match === undefined ? undefined : ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000;
}

function read(literal: Literal): Value {
  if (literal.kind === 'string') return literal.text;
  if (literal.kind === 'bool') return literal.value;
  const value = integer(literal.text) ?? Number(literal.text);
  if (typeof value === 'bigint' || Number.isFinite(value)) return value;
  throw invalid(`unable to parse value "${literal.text}"`);
}

/** More digits than 64 bits can have are not worth counting. */
const INTEGER = /^[+-]?\d{1,30}$/;

function integer(text: string): bigint | undefined {
  if (!INTEGER.test(text)) return undefined;
  const value = BigInt(text);
  return isInt64(value) ? value : undefined;
}

function isInt64(value: bigint): boolean {
  return BigInt.asIntN(64, value) === value;
}

/** As the service calls it. */
function typeName(value: Value): string {
  if (typeof value === 'bigint') return 'int64';
  if (typeof value === 'number') return 'float64';
  return typeof value === 'boolean' ? 'bool' : 'string';
}

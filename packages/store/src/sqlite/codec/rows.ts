// The rows a read brings back, from SQL values to the rows of the contract.
import type { FieldType, FilterValue } from '@perdure/core/visibility';
import { isEntityKind } from '../../check.ts';
import type { EntityKind, JournalRow, NamespaceRecord, NamespaceRow, RunRow } from '../../contract.ts';
import { ByteReader, ByteWriter } from './bytes.ts';
import type { Row, Value } from './values.ts';
import { readRow, writeRow } from './values.ts';

export function encodeRows(rows: Iterable<Row>): ArrayBuffer {
  const writer = new ByteWriter(1024);
  for (const row of rows) writeRow(writer, row);
  return writer.finish();
}

export function decodeRows<T>(buffer: ArrayBuffer, decode: (row: Row) => T): T[] {
  const reader = new ByteReader(buffer);
  const rows: T[] = [];
  while (!reader.isAtEnd) rows.push(decode(readRow(reader)));
  return rows;
}

/** In the order of `runColumns` in worker/reads.ts; an empty row stands for a run that was not found. */
export function decodeRun(row: Row): RunRow | undefined {
  if (row.length === 0) return undefined;
  return {
    key: number(row[0]),
    shard: number(row[1]),
    namespaceId: text(row[2]),
    workflowId: text(row[3]),
    runId: text(row[4]),
    workflowType: text(row[5]),
    taskQueue: text(row[6]),
    status: number(row[7]),
    startMs: number(row[8]),
    executionMs: number(row[9]),
    closeMs: optionalNumber(row[10]),
    wakeAtMs: optionalNumber(row[11]),
    historyLength: number(row[12]),
    historySizeBytes: number(row[13]),
    memo: bytes(row[14]),
    searchAttributes: bytes(row[15]),
    firstRunId: text(row[16]),
    parentWorkflowId: text(row[17]),
    parentRunId: text(row[18]),
    kind: kind(row[19]),
    stateTransitionCount: number(row[20]),
    rootWorkflowId: text(row[21]),
    rootRunId: text(row[22]),
  };
}

export function decodeFoundRun(row: Row): RunRow {
  const run = decodeRun(row);
  if (run === undefined) throw new TypeError('an empty row in a list of runs');
  return run;
}

export function decodeJournal(row: Row): JournalRow {
  return {
    seq: number(row[0]),
    firstEventId: number(row[1]),
    eventCount: number(row[2]),
    publicBytes: bytes(row[3]),
    privateBytes: bytes(row[4]),
  };
}

export function decodeNamespace(row: Row): NamespaceRow {
  return { id: text(row[0]), name: text(row[1]), data: bytes(row[2]) };
}

export function decodeRecord(of: Pick<NamespaceRecord, 'namespaceId' | 'kind'>, row: Row): NamespaceRecord {
  return { ...of, key: text(row[0]), value: bytes(row[1]) };
}

export function decodeNumber(row: Row): number | undefined {
  return optionalNumber(row[0]);
}

/** A group of a count, and how many more are counted by the way: a row may stand for groups that are left out. */
export interface CountedGroup {
  readonly value: FilterValue | undefined;
  readonly size: number;
  readonly countOfAll: number;
}

export function decodeGroup(row: Row, type: FieldType | undefined): CountedGroup {
  const [value, size, countOfAll] = row;
  if (value instanceof Uint8Array) throw new TypeError('the database holds bytes where a value belongs');
  return {
    value: type === 'bool' && typeof value === 'number' ? value !== 0 : (value ?? undefined),
    size: number(size),
    countOfAll: number(countOfAll),
  };
}

function kind(value: Value | undefined): EntityKind {
  if (!isEntityKind(value)) throw new TypeError(`the database holds an entity of kind ${String(value)}`);
  return value;
}

function number(value: Value | undefined): number {
  if (typeof value !== 'number') throw new TypeError('the database holds no number where one belongs');
  return value;
}

function optionalNumber(value: Value | undefined): number | undefined {
  return value === null ? undefined : number(value);
}

function text(value: Value | undefined): string {
  if (typeof value !== 'string') throw new TypeError('the database holds no text where one belongs');
  return value;
}

function bytes(value: Value | undefined): Uint8Array {
  if (!(value instanceof Uint8Array)) throw new TypeError('the database holds no bytes where some belong');
  return value;
}

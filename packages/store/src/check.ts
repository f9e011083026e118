// Checks on a commit that every implementation makes before it touches anything.
//
// What fails here is a mistake of the caller, not of the disk: a plain Error that rejects the commit, nothing written.
// It never looks at event bytes.

import type { Commit, EntityKind as Kind, NamespaceRecord, RunRow, Write } from './contract.ts';
import { EntityKind, FencedError, RecordKind } from './contract.ts';

/** Run keys fit in 39 bits and journal positions in 24: together the 63 bits of a positive SQLite integer. */
export const runKeyMax = 2 ** 39 - 1;
export const seqMax = 2 ** 24 - 1;

const running = 1;
const paused = 8;

/** Whether a `WorkflowExecutionStatus` is one of an open run. A run is open exactly while it has no close time. */
export function isOpenStatus(status: number): boolean {
  return status === running || status === paused;
}

export function isEntityKind(value: unknown): value is Kind {
  return Object.values<unknown>(EntityKind).includes(value);
}

/** @throws {Error} naming the write that breaks the contract */
export function checkCommit(commit: Commit): void {
  assertInteger('commit.shard', commit.shard, 0, Number.MAX_SAFE_INTEGER);
  assertInteger('commit.epoch', commit.epoch, 0, Number.MAX_SAFE_INTEGER);
  for (const write of commit.writes) checkWrite(commit, write);
}

function checkWrite(commit: Commit, write: Write): void {
  switch (write.kind) {
    case 'append':
      assertInteger('append.run', write.run, 1, runKeyMax);
      assertInteger('append.seq', write.seq, 1, seqMax);
      assertInteger('append.firstEventId', write.firstEventId, 1, Number.MAX_SAFE_INTEGER);
      assertInteger('append.eventCount', write.eventCount, 0, 0xffff_ffff);
      return;
    case 'insertRun':
      checkRow(commit, write.row);
      return;
    case 'updateRun':
      assertInteger('updateRun.run', write.run, 1, runKeyMax);
      if (write.status !== undefined && (!isOpenStatus(write.status) || write.closed !== undefined)) {
        throw new Error(`run ${write.run} changes to status ${write.status}: it must be one of an open run`);
      }
      if (write.wakeAtMs != null) assertTime('updateRun.wakeAtMs', write.wakeAtMs);
      if (write.closed !== undefined) {
        assertTime('updateRun.closed.closeMs', write.closed.closeMs);
        if (isOpenStatus(write.closed.status)) {
          throw new Error(`run ${write.run} is closed with status ${write.closed.status}, which is one of an open run`);
        }
      }
      return;
    case 'replaceJournal':
      assertInteger('replaceJournal.run', write.run, 1, runKeyMax);
      return;
    case 'deleteRun':
      assertInteger('deleteRun.run', write.run, 1, runKeyMax);
      return;
    case 'putRecord':
    case 'deleteRecord':
      checkRecord(write.kind, write.record);
      return;
    case 'putNamespace':
    case 'deleteNamespace':
      return;
  }
}

function checkRecord(name: string, { kind, key }: Omit<NamespaceRecord, 'value'>): void {
  if (!Object.values<unknown>(RecordKind).includes(kind)) {
    throw new Error(`${name}.kind is ${String(kind)}, which is no kind of record`);
  }
  if (key === '' || key.includes('\0') || !key.isWellFormed()) {
    throw new Error(`${name}.key must be text that is not empty, without zero characters: ${JSON.stringify(key)}`);
  }
}

function checkRow(commit: Commit, row: RunRow): void {
  assertInteger('insertRun.key', row.key, 1, runKeyMax);
  if (!isEntityKind(row.kind)) throw new Error(`insertRun.kind is ${String(row.kind)}, which is no kind of entity`);
  if (row.shard !== commit.shard) {
    throw new Error(`run ${row.key} belongs to shard ${row.shard}, but the commit is one of shard ${commit.shard}`);
  }
  if (isOpenStatus(row.status) !== (row.closeMs === undefined)) {
    throw new Error(`run ${row.key} has status ${row.status} and closeMs ${row.closeMs}: they contradict each other`);
  }
  assertTime('insertRun.startMs', row.startMs);
  assertTime('insertRun.executionMs', row.executionMs);
  if (row.closeMs !== undefined) assertTime('insertRun.closeMs', row.closeMs);
  if (row.wakeAtMs !== undefined) assertTime('insertRun.wakeAtMs', row.wakeAtMs);
}

/** Whole milliseconds: a fraction would be kept by one engine and cut by another. */
function assertTime(name: string, value: number): void {
  assertInteger(name, value, -Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER);
}

function assertInteger(name: string, value: number, min: number, max: number): void {
  if (!Number.isInteger(value) || value < min || value > max) {
    throw new Error(`${name} must be an integer from ${min} to ${max}, not ${value}`);
  }
}

/** The error of a commit under an epoch that is not the shard's; `epoch` 0: nobody has acquired the shard yet. */
export function fencedError(shard: number, commitEpoch: number, epoch: number): FencedError {
  return new FencedError(`shard ${shard} has epoch ${epoch}, but the commit was made under epoch ${commitEpoch}`);
}

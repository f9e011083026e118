// A commit as one block of bytes: who commits, then every write as the number of a statement and its parameters.
//
// The main thread writes it, the writer thread binds the parameters without looking at them. So what a write means in
// SQL is said twice only by position: here and in worker/statements.ts.
import type { Commit, RunRow, Write } from '../../contract.ts';
import { ByteWriter } from './bytes.ts';
import { writeRow, writeValue } from './values.ts';

const noBytes = new Uint8Array(0);

/** Numbers of the statements a commit is made of. */
export const op = {
  append: 0,
  insertRun: 1,
  putNamespace: 2,
  touchRun: 3,
  setWakeAt: 4,
  close: 5,
  closeAndSetWakeAt: 6,
  setMemo: 7,
  setSearchAttributes: 8,
  deleteRun: 9,
  deleteJournal: 10,
  setStatus: 11,
  setWorkflowType: 12,
  setTaskQueue: 13,
  deleteNamespace: 14,
  putRecord: 15,
  deleteRecord: 16,
  deleteRecords: 17,
} as const;

/** Header: shard, epoch. Then until the end: op, row of parameters. */
export function encodeCommit(commit: Commit): ArrayBuffer {
  let capacity = 16;
  for (const write of commit.writes) capacity += estimateBytes(write);
  const writer = new ByteWriter(capacity);
  writer.f64(commit.shard);
  writer.f64(commit.epoch);
  for (const write of commit.writes) encodeWrite(writer, write);
  return writer.finish();
}

function estimateBytes(write: Write): number {
  return write.kind === 'append' ? 48 + write.publicBytes.length + write.privateBytes.length : 1024;
}

function encodeWrite(writer: ByteWriter, write: Write): void {
  switch (write.kind) {
    case 'append':
      writer.u8(op.append);
      writer.u8(6);
      writeValue(writer, write.run);
      writeValue(writer, write.seq);
      writeValue(writer, write.firstEventId);
      writeValue(writer, write.eventCount);
      writeValue(writer, write.publicBytes);
      writeValue(writer, write.privateBytes);
      return;
    case 'insertRun':
      writer.u8(op.insertRun);
      encodeRun(writer, write.row);
      return;
    case 'updateRun':
      encodeUpdate(writer, write);
      return;
    case 'replaceJournal':
      writer.u8(op.deleteJournal);
      writeRow(writer, [write.run]);
      writer.u8(op.append);
      writeRow(writer, [write.run, 1, 1, 0, noBytes, write.privateBytes]);
      return;
    case 'deleteRun':
      writer.u8(op.deleteRun);
      writeRow(writer, [write.run]);
      return;
    case 'putNamespace':
      writer.u8(op.putNamespace);
      writeRow(writer, [write.row.id, write.row.name, write.row.data]);
      return;
    case 'deleteNamespace':
      writer.u8(op.deleteRecords);
      writeRow(writer, [write.id]);
      writer.u8(op.deleteNamespace);
      writeRow(writer, [write.id]);
      return;
    case 'putRecord': {
      const { namespaceId, kind, key, value } = write.record;
      writer.u8(op.putRecord);
      writeRow(writer, [namespaceId, kind, key, value]);
      return;
    }
    case 'deleteRecord': {
      const { namespaceId, kind, key } = write.record;
      writer.u8(op.deleteRecord);
      writeRow(writer, [namespaceId, kind, key]);
      return;
    }
  }
}

function encodeUpdate(writer: ByteWriter, write: Extract<Write, { kind: 'updateRun' }>): void {
  const { run, wakeAtMs, status, closed, workflowType, taskQueue, memo, searchAttributes } = write;
  const ops: [number, (string | number | Uint8Array | null)[]][] = [];
  if (closed !== undefined) {
    const { closeMs, historyLength, historySizeBytes, stateTransitionCount } = closed;
    const values = [run, closed.status, closeMs, historyLength, historySizeBytes, stateTransitionCount];
    if (wakeAtMs === undefined) ops.push([op.close, values]);
    else ops.push([op.closeAndSetWakeAt, [...values, wakeAtMs]]);
  } else if (wakeAtMs !== undefined) {
    ops.push([op.setWakeAt, [run, wakeAtMs]]);
  }
  if (status !== undefined) ops.push([op.setStatus, [run, status]]);
  if (workflowType !== undefined) ops.push([op.setWorkflowType, [run, workflowType]]);
  if (taskQueue !== undefined) ops.push([op.setTaskQueue, [run, taskQueue]]);
  if (memo !== undefined) ops.push([op.setMemo, [run, memo]]);
  if (searchAttributes !== undefined) ops.push([op.setSearchAttributes, [run, searchAttributes]]);
  if (ops.length === 0) ops.push([op.touchRun, [run]]);
  for (const [number, values] of ops) {
    writer.u8(number);
    writeRow(writer, values);
  }
}

/** In the order of the columns of the table `run`. */
function encodeRun(writer: ByteWriter, row: RunRow): void {
  writeRow(writer, [
    row.key,
    row.shard,
    row.namespaceId,
    row.workflowId,
    row.runId,
    row.workflowType,
    row.taskQueue,
    row.status,
    row.startMs,
    row.executionMs,
    row.closeMs ?? null,
    row.wakeAtMs ?? null,
    row.historyLength,
    row.historySizeBytes,
    row.memo,
    row.searchAttributes,
    row.firstRunId,
    row.parentWorkflowId,
    row.parentRunId,
    row.kind,
    row.stateTransitionCount,
    row.rootWorkflowId === row.workflowId ? null : row.rootWorkflowId,
    row.rootRunId === row.runId ? null : row.rootRunId,
  ]);
}

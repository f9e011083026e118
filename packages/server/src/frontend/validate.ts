// Checks that many requests share, with the texts that clients know. Each throws INVALID_ARGUMENT.

import { invalidArgument } from '@perdure/api';
import type { WorkflowExecution } from '@perdure/api/common';
import type { TaskQueue } from '@perdure/api/taskqueue';
import {
  byteLength,
  capDuration,
  checkTaskQueueName,
  type Limits,
  searchAttributeProblem,
  setAttributes,
  withTypes,
} from '@perdure/core';
import type { RunRef } from '../matching/task.ts';
import type { Namespace } from './namespaces/registry.ts';

const UUID = /^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$/;

/** The run that a request means; an empty run id means the current one. */
export function executionRef(namespace: Namespace, execution: WorkflowExecution | undefined): RunRef {
  if (execution === undefined) throw invalidArgument('Execution is not set on request.');
  if (execution.workflowId === '') throw invalidArgument('WorkflowId is not set on request.');
  checkLength(execution.workflowId, namespace.settings.limits, 'WorkflowId length exceeds limit.');
  if (execution.runId !== '' && !UUID.test(execution.runId)) throw invalidArgument('Invalid RunId.');
  return { namespaceId: namespace.id, workflowId: execution.workflowId, runId: execution.runId.toLowerCase() };
}

export function checkRunId(runId: string): void {
  if (runId !== '' && !UUID.test(runId)) throw invalidArgument('Invalid RunId.');
}

export function checkLength(text: string, limits: Limits, message: string): void {
  // A UTF-16 unit is at most three bytes.
  if (text.length * 3 > limits.idLengthMax && byteLength(text) > limits.idLengthMax) throw invalidArgument(message);
}

export function checkIdentity(identity: string, limits: Limits): void {
  checkLength(identity, limits, 'Identity length exceeds limit.');
}

export function checkRequestId(requestId: string, limits: Limits): void {
  checkLength(requestId, limits, 'RequestId length exceeds limit.');
}

export function checkBlobSize(limits: Limits, ...blobs: (Uint8Array | undefined)[]): void {
  let size = 0;
  for (const blob of blobs) size += blob?.length ?? 0;
  if (size > limits.blobSizeMax) throw invalidArgument('Blob data size exceeds limit.');
}

export function checkMemo(memo: Uint8Array | undefined, limits: Limits): void {
  if ((memo?.length ?? 0) > limits.memoSizeMax) throw invalidArgument('Memo size exceeds limit.');
}

/** Search attributes as a new run has them: with their types, without nulls. */
export function checkedSearchAttributes(encoded: Uint8Array | undefined, namespace: Namespace): Uint8Array | undefined {
  if (encoded === undefined || encoded.length === 0) return undefined;
  const problem = searchAttributeProblem(encoded, namespace.searchAttributes, namespace.settings.limits);
  if (problem !== undefined) throw invalidArgument(problem);
  return setAttributes(withTypes(encoded, namespace.searchAttributes));
}

/** The name of a task queue that a user may use. */
export function taskQueueName(taskQueue: TaskQueue | undefined, limits: Limits): string {
  if (taskQueue === undefined) throw invalidArgument('taskQueue is not set');
  const { name } = taskQueue;
  const problem = checkTaskQueueName(name, limits.idLengthMax);
  if (problem !== undefined) throw invalidArgument(problem);
  return name;
}

/** A duration in ms, capped; absent is 0. */
export function duration(value: number | undefined, message: string): number {
  if (value !== undefined && value < 0) throw invalidArgument(`${message} cause: negative duration`);
  return capDuration(value);
}

/** Without a run id the current run was meant. */
export function executionNotFoundText(ref: RunRef): string {
  return ref.runId === ''
    ? `workflow not found for ID: ${ref.workflowId}`
    : `workflow execution not found for workflow ID "${ref.workflowId}" and run ID "${ref.runId}"`;
}

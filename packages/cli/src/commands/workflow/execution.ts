// One run of a workflow: how options name it, and what the server says of it.

import type { WorkflowDescription } from '@perdure/ui-core';
import type { Client } from '../../client/client.ts';
import type { Message } from '../../client/message.ts';
import type { Context } from '../../context.ts';

export interface Execution {
  readonly workflowId: string;
  /** Undefined: the newest run. */
  readonly runId?: string | undefined;
}

/** @throws {UsageError} a workflow is named besides a file */
export function checkOneSource(context: Context): void {
  const { given } = context;
  const other = ['workflow-id', 'run-id'].find((name) => given.has(name));
  if (given.has('file') && other !== undefined) throw context.wrong(`--${other} does not go with --file`);
}

/** @throws {UsageError} no workflow is named */
export function executionOf(context: Context): Execution {
  const { given } = context;
  const workflowId = given.last('workflow-id');
  if (workflowId === undefined) {
    throw context.wrong(`--workflow-id ID${given.knows('file') ? ' or --file FILE' : ''} must be given`);
  }
  return { workflowId, runId: given.last('run-id') };
}

export function describeExecution<T = WorkflowDescription>(
  client: Client,
  execution: Execution,
  namespace = client.namespace,
): Promise<Message<T>> {
  return client.call<T>('DescribeWorkflowExecution', { namespace, execution: { ...execution } });
}

/** `WORKFLOW_EXECUTION_STATUS_TIMED_OUT` is not running; a paused one is open as well. */
export function isOpenStatus(status: string | undefined): boolean {
  return status === 'WORKFLOW_EXECUTION_STATUS_RUNNING' || status === 'WORKFLOW_EXECUTION_STATUS_PAUSED';
}

/** What a run is called in texts. */
export function executionText({ workflowId, runId }: Execution, type?: string): string {
  return [type, workflowId, runId === undefined ? '' : `(${runId})`].filter(Boolean).join(' ');
}

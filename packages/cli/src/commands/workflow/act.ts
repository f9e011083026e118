// Commands that act on one workflow, or by a batch operation on all that a query finds.

import { randomUUID } from 'node:crypto';
import type { Client, JsonObject } from '../../client/client.ts';
import type { Context } from '../../context.ts';
import { confirmBatch, defaultReason, startBatch } from '../batch/start.ts';
import { inputPayloads, namedPayloads } from '../inputs.ts';
import { executionText } from './execution.ts';

const WORKFLOWS = { count: 'CountWorkflowExecutions', what: 'workflow' } as const;

interface Action {
  readonly method: string;
  /** Besides the namespace, the execution and the identity. */
  readonly request: JsonObject;
  /** What the request calls its execution. */
  readonly executionName?: 'execution' | 'workflowExecution';
  /** The member of StartBatchOperation that does the same. */
  readonly batch: (client: Client) => JsonObject;
  /** Of the options that go with --query, those that have a meaning without it too. */
  readonly alsoOfOne?: readonly BatchOption[];
  /** What people are told. */
  readonly done: string;
}

type BatchOption = 'reason' | 'yes' | 'rps';
const BATCH_OPTIONS: readonly BatchOption[] = ['reason', 'yes', 'rps'];

/** @throws {UsageError} neither one workflow nor a query, or both */
export async function act(context: Context, action: Action): Promise<void> {
  const { given, out } = context;
  if (isBatch(context, action.alsoOfOne)) {
    await confirmBatch(context, WORKFLOWS);
    return startBatch(context, action.batch(await context.client()));
  }
  const client = await context.client();
  const { executionName = 'workflowExecution' } = action;
  const reply = await client.call(action.method, {
    namespace: client.namespace,
    [executionName]: { workflowId: given.last('workflow-id'), runId: given.last('run-id') },
    identity: client.identity,
    ...action.request,
  });
  await out.object(reply, () => out.line(action.done));
}

/**
 * @param alsoOfOne options that do not need --query
 * @throws {UsageError} an option would have no effect
 */
export function isBatch(context: Context, alsoOfOne: readonly BatchOption[] = []): boolean {
  const { given } = context;
  const [id, query] = [given.has('workflow-id'), given.has('query')];
  if (id === query) throw context.wrong('either --workflow-id or --query must be given');
  const others = query ? ['run-id'] : BATCH_OPTIONS.filter((name) => !alsoOfOne.includes(name));
  const wrong = others.find((name) => given.has(name));
  if (wrong !== undefined) throw context.wrong(`--${wrong} does not go with --${query ? 'query' : 'workflow-id'}`);
  return query;
}

export async function signal(context: Context): Promise<undefined> {
  const { given } = context;
  const input = await inputPayloads(context);
  const fields = namedPayloads(context, 'headers');
  const header = fields && { fields };
  const name = given.text('name');
  await act(context, {
    method: 'SignalWorkflowExecution',
    request: { signalName: name, input, header, requestId: randomUUID() },
    batch: ({ identity }) => ({ signalOperation: { signal: name, input, header, identity } }),
    done: 'Signal sent',
  });
  return undefined;
}

export async function cancel(context: Context): Promise<undefined> {
  await act(context, {
    method: 'RequestCancelWorkflowExecution',
    request: { requestId: randomUUID(), reason: context.given.last('reason') },
    batch: ({ identity }) => ({ cancellationOperation: { identity } }),
    alsoOfOne: ['reason'],
    done: 'Cancellation requested',
  });
  return undefined;
}

export async function terminate(context: Context): Promise<undefined> {
  await act(context, {
    method: 'TerminateWorkflowExecution',
    request: { reason: context.given.last('reason') ?? defaultReason() },
    batch: ({ identity }) => ({ terminationOperation: { identity } }),
    alsoOfOne: ['reason'],
    done: 'Workflow terminated',
  });
  return undefined;
}

export async function remove(context: Context): Promise<undefined> {
  const { given, out } = context;
  if (isBatch(context, ['yes'])) {
    await confirmBatch(context, WORKFLOWS);
    const { identity } = await context.client();
    await startBatch(context, { deletionOperation: { identity } });
    return undefined;
  }
  const workflowExecution = { workflowId: given.text('workflow-id'), runId: given.last('run-id') };
  await context.confirm(`Delete workflow ${executionText(workflowExecution)}?`);
  const client = await context.client();
  const request = { namespace: client.namespace, workflowExecution };
  const reply = await client.call('DeleteWorkflowExecution', request);
  await out.object(reply, () => out.line('Deletion requested'));
  return undefined;
}

/** `pause` and `unpause`. */
export async function setPaused(context: Context, isPaused: boolean): Promise<undefined> {
  const { given, out } = context;
  const client = await context.client();
  const reply = await client.call(isPaused ? 'PauseWorkflowExecution' : 'UnpauseWorkflowExecution', {
    namespace: client.namespace,
    workflowId: given.text('workflow-id'),
    runId: given.last('run-id'),
    identity: client.identity,
    reason: given.last('reason'),
    requestId: randomUUID(),
  });
  await out.object(reply, () => out.line(isPaused ? 'Workflow paused' : 'Workflow unpaused'));
  return undefined;
}

/** The versioning override is all that can be changed from outside. */
export async function updateOptions(context: Context): Promise<undefined> {
  const change = {
    workflowExecutionOptions: { versioningOverride: versioningOverride(context) },
    updateMask: 'versioningOverride',
  };
  await act(context, {
    method: 'UpdateWorkflowExecutionOptions',
    request: change,
    batch: ({ identity }) => ({ updateWorkflowOptionsOperation: { identity, ...change } }),
    done: 'Workflow options updated',
  });
  return undefined;
}

/** Undefined: what there was is taken away. @throws {UsageError} */
export function versioningOverride(context: Context): JsonObject | undefined {
  const { given } = context;
  const behavior = given.text('versioning-override-behavior');
  const deploymentName = given.last('versioning-override-deployment-name');
  const buildId = given.last('versioning-override-build-id');
  const isPinned = behavior === 'pinned' || behavior === 'one_time';
  if (isPinned !== (deploymentName !== undefined && buildId !== undefined)) {
    const what = '--versioning-override-deployment-name and --versioning-override-build-id';
    throw context.wrong(`${what} must be given with pinned and one_time, and with nothing else`);
  }
  if (behavior === 'unspecified') return undefined;
  if (behavior === 'auto_upgrade') return { autoUpgrade: true };
  const version = { deploymentName, buildId };
  if (behavior === 'one_time') return { oneTime: { targetDeploymentVersion: version } };
  return { pinned: { version, behavior: 'PINNED_OVERRIDE_BEHAVIOR_PINNED' } };
}

// StartWorkflowExecution and SignalWithStartWorkflowExecution: checks in the order clients see, then the policies for an
// id that is in use, then a new run.

import { invalidArgument, unimplemented } from '@perdure/api';
import {
  WorkflowIdConflictPolicy as Conflict,
  EventType,
  WorkflowIdReusePolicy as Reuse,
  WorkflowExecutionStatus as Status,
} from '@perdure/api/enums';
import {
  SignalWithStartWorkflowExecutionRequest,
  SignalWithStartWorkflowExecutionResponse,
  StartWorkflowExecutionRequest,
  StartWorkflowExecutionResponse,
} from '@perdure/api/workflowservice';
import {
  type Attachment,
  attachToRun,
  beginFirstTask,
  byteLength,
  checkCron,
  checkPriority,
  checkRetryPolicy,
  decideStart,
  eagerTask,
  recordSignal,
  releaseFirstTask,
  type Signal,
  type StartDecision,
  type StartWorkflow,
  setMemo,
  signalRun,
  startRun,
  type Transition,
  withRetryDefaults,
  workflowTimeouts,
} from '@perdure/core';
import type { Engine } from '../runtime/engine.ts';
import type { NewRun } from '../runtime/engine-types.ts';
import type { Run } from '../runtime/run.ts';
import { type IdPolicies, terminateReplaced } from '../runtime/start-run.ts';
import { withRun } from '../runtime/with-run.ts';
import { checkCallbacks } from './check-callbacks.ts';
import { checkLinks } from './check-links.ts';
import type { FrontendContext } from './context.ts';
import { eventLink, requestLink } from './links.ts';
import type { Namespace } from './namespaces/registry.ts';
import { rpc } from './rpc.ts';
import { workflowTaskResponse } from './task-response.ts';
import {
  checkBlobSize,
  checkedSearchAttributes,
  checkIdentity,
  checkLength,
  checkMemo,
  checkRequestId,
  duration,
  taskQueueName,
} from './validate.ts';

type StartRequest = StartWorkflowExecutionRequest | SignalWithStartWorkflowExecutionRequest;

export const startRpcs = [
  rpc('StartWorkflowExecution', StartWorkflowExecutionRequest, StartWorkflowExecutionResponse, startWorkflowExecution),
  rpc(
    'SignalWithStartWorkflowExecution',
    SignalWithStartWorkflowExecutionRequest,
    SignalWithStartWorkflowExecutionResponse,
    signalWithStart,
  ),
];

async function startWorkflowExecution(context: FrontendContext, request: StartWorkflowExecutionRequest) {
  const namespace = context.namespaces.requireActive(request.namespace);
  const { start, policies } = checkStart(context, namespace, request);
  const attachment = attachmentOf(request, start);
  const found = await startOrFind(context, namespace, request.workflowId, start, policies, {
    useExisting: attachment && ((tx) => attachToRun(tx, attachment)),
  });
  const { run, started, status } = found;
  return {
    eagerWorkflowTask:
      started && start.eager === true ? await eagerWorkflowTask(context, namespace, run, start) : undefined,
    runId: run.state.runId,
    started,
    status,
    firstExecutionRunId: run.state.firstRunId,
    link: run.state.requestIds.has(start.requestId)
      ? requestLink(namespace.name, run, start.requestId, EventType.WORKFLOW_EXECUTION_OPTIONS_UPDATED)
      : eventLink(namespace.name, run, 1, EventType.WORKFLOW_EXECUTION_STARTED),
  };
}

/** @throws INVALID_ARGUMENT, UNIMPLEMENTED */
export function checkStart(context: FrontendContext, namespace: Namespace, request: StartWorkflowExecutionRequest) {
  checkWorkflowId(request.workflowId, namespace.settings.limits.idLengthMax);
  const start = normaliseStart(context, namespace, request);
  const policies = idPolicies(request, Conflict.FAIL);
  refuseUnbuilt(request);
  return { start, policies };
}

/** What the request leaves with a run that is open already; undefined: nothing. */
function attachmentOf(request: StartWorkflowExecutionRequest, start: StartWorkflow): Attachment | undefined {
  const options = request.onConflictOptions;
  if (options === undefined) return undefined;
  if (options.attachCompletionCallbacks && !options.attachRequestId) {
    throw invalidArgument('attaching request ID is required for attaching completion callbacks');
  }
  return {
    requestId: options.attachRequestId ? start.requestId : '',
    callbacks: options.attachCompletionCallbacks ? (start.completionCallbacks ?? []) : [],
    links: options.attachLinks ? start.links : [],
  };
}

/** What the starter takes of a run that it has just started, now or with an answer that was lost. */
async function eagerWorkflowTask(context: FrontendContext, namespace: Namespace, run: Run, start: StartWorkflow) {
  const task = eagerTask(run.state, start.requestId);
  if (task === undefined) return undefined;
  const taken = { kind: 'workflow', run, task, previousStartedEventId: 0, sticky: false } as const;
  return workflowTaskResponse(context, taken, namespace.settings.taskHistoryPageSizeMax, 0);
}

async function signalWithStart(context: FrontendContext, request: SignalWithStartWorkflowExecutionRequest) {
  const namespace = context.namespaces.requireActive(request.namespace);
  const { limits } = namespace.settings;
  checkWorkflowId(request.workflowId, limits.idLengthMax);
  checkSignal(request, limits.idLengthMax);
  if (request.workflowIdConflictPolicy === Conflict.FAIL) {
    throw invalidArgument(
      'Invalid WorkflowIDConflictPolicy: WORKFLOW_ID_CONFLICT_POLICY_FAIL is not supported for this operation.',
    );
  }
  const start = normaliseStart(context, namespace, request);
  const policies = idPolicies(request, Conflict.USE_EXISTING);
  refuseUnbuilt(request);
  checkBlobSize(limits, request.signalInput);
  const signal: Signal = {
    signalName: request.signalName,
    input: request.signalInput,
    identity: request.identity,
    header: request.header,
    requestId: start.requestId,
    links: request.links,
  };
  const { run, started } = await startOrFind(context, namespace, request.workflowId, start, policies, {
    useExisting: (tx) => signalExisting(tx, signal),
    alsoNew: (tx) => recordSignal(tx, signal),
  });
  return {
    runId: run.state.runId,
    started,
    firstExecutionRunId: run.state.firstRunId,
    signalLink: requestLink(namespace.name, run, signal.requestId, EventType.WORKFLOW_EXECUTION_SIGNALED),
  };
}

function checkSignal(request: SignalWithStartWorkflowExecutionRequest, lengthMax: number): void {
  if (request.signalName === '') throw invalidArgument('signal not set');
  checkLengthText(request.signalName, lengthMax, 'signal name');
  if (!request.workflowType?.name) throw invalidArgument('workflow type not set');
  checkLengthText(request.workflowType.name, lengthMax, 'workflow type name');
}

function checkWorkflowId(workflowId: string, lengthMax: number): void {
  if (workflowId === '') throw invalidArgument('WorkflowId is not set on request.');
  checkLengthText(workflowId, lengthMax, 'WorkflowId');
}

function checkLengthText(text: string, lengthMax: number, name: string): void {
  const length = byteLength(text);
  if (length > lengthMax) throw invalidArgument(`${name} exceeds maximum allowed length (${length}/${lengthMax})`);
}

/** @throws INVALID_ARGUMENT */
export function normaliseStart(
  context: Pick<FrontendContext, 'clock' | 'ids'>,
  namespace: Namespace,
  request: StartRequest,
): StartWorkflow {
  const { limits } = namespace.settings;
  const retryProblem = checkRetryPolicy(request.retryPolicy);
  if (retryProblem !== undefined) throw invalidArgument(retryProblem);
  if (request.cronSchedule !== '' && request.workflowStartDelay !== undefined) {
    throw invalidArgument('CronSchedule and WorkflowStartDelay may not be used together.');
  }
  const firstTaskBackoffMs = duration(
    request.workflowStartDelay,
    'An invalid WorkflowStartDelaySeconds is set on request.',
  );
  const cronProblem = checkCron(request.cronSchedule, context.clock.now());
  if (cronProblem !== undefined) throw invalidArgument(cronProblem);
  const workflowType = request.workflowType?.name ?? '';
  if (workflowType === '') throw invalidArgument('WorkflowType is not set on request.');
  checkLength(workflowType, limits, 'WorkflowType length exceeds limit.');
  const taskQueue = taskQueueName(request.taskQueue, limits);
  const timeout = (value: number | undefined, name: string) =>
    duration(value, `An invalid Workflow${name}TimeoutSeconds is set on request.`);
  const timeouts = workflowTimeouts(
    {
      workflowExecutionTimeout: timeout(request.workflowExecutionTimeout, 'Execution'),
      workflowRunTimeout: timeout(request.workflowRunTimeout, 'Run'),
      workflowTaskTimeout: timeout(request.workflowTaskTimeout, 'Task'),
    },
    limits,
  );
  checkIdentity(request.identity, limits);
  checkRequestId(request.requestId, limits);
  const priorityProblem = checkPriority(request.priority);
  if (priorityProblem !== undefined) throw invalidArgument(priorityProblem);
  const completion = checkCallbacks('completionCallbacks' in request ? request.completionCallbacks : [], namespace);
  checkLinks([...request.links, ...completion.links], namespace);
  const searchAttributes = checkedSearchAttributes(request.searchAttributes, namespace);
  checkBlobSize(limits, request.input);
  checkMemo(request.memo, limits);
  return {
    requestId: request.requestId || context.ids.uuid(),
    workflowType,
    taskQueue,
    input: request.input,
    ...timeouts,
    firstTaskBackoffMs,
    identity: request.identity,
    header: request.header,
    memo: setMemo(request.memo),
    searchAttributes,
    userMetadata: request.userMetadata,
    links: request.links.filter((link) => !completion.links.some((other) => isEqual(link, other))),
    completionCallbacks: completion.callbacks,
    priority: request.priority,
    eager: 'requestEagerExecution' in request && request.requestEagerExecution && namespace.settings.eagerWorkflowStart,
    retryPolicy: request.retryPolicy && withRetryDefaults(request.retryPolicy, limits.workflowRetryDefaults),
    cronSchedule: request.cronSchedule,
    ...('lastCompletionResult' in request
      ? { lastCompletionResult: request.lastCompletionResult, continuedFailure: request.continuedFailure }
      : {}),
  };
}

/** A link that a callback carries is not said twice. */
function isEqual(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

function idPolicies(request: StartRequest, conflictDefault: number): IdPolicies {
  const { workflowIdReusePolicy: reuse, workflowIdConflictPolicy: conflict } = request;
  if (reuse === Reuse.TERMINATE_IF_RUNNING) {
    if (conflict !== Conflict.UNSPECIFIED) {
      throw invalidArgument(
        'Invalid WorkflowIDReusePolicy: WORKFLOW_ID_REUSE_POLICY_TERMINATE_IF_RUNNING cannot be used together with a WorkflowIDConflictPolicy',
      );
    }
    return { reuse: Reuse.ALLOW_DUPLICATE, conflict: Conflict.TERMINATE_EXISTING };
  }
  if (conflict === Conflict.TERMINATE_EXISTING && reuse === Reuse.REJECT_DUPLICATE) {
    throw invalidArgument(
      'Invalid WorkflowIDReusePolicy: WORKFLOW_ID_REUSE_POLICY_REJECT_DUPLICATE cannot be used together with WorkflowIdConflictPolicy WORKFLOW_ID_CONFLICT_POLICY_TERMINATE_EXISTING',
    );
  }
  return { reuse: reuse || Reuse.ALLOW_DUPLICATE, conflict: conflict || conflictDefault };
}

/** What changes the meaning of a start and does not exist yet must not be ignored. */
export function refuseUnbuilt(request: StartRequest): void {
  const refuse = (what: string) => unimplemented(`starting a workflow with ${what} is not implemented`);
  if (request.versioningOverride !== undefined) throw refuse('a versioning override');
  if (request.timeSkippingConfig !== undefined) throw refuse('time skipping');
}

export interface Started {
  readonly run: Run;
  readonly started: boolean;
  /** WorkflowExecutionStatus of the run when this was decided. */
  readonly status: number;
}

/** What a request does besides starting a run. */
interface Besides {
  /** To the run that it uses because it is open. */
  readonly useExisting?: ((tx: Transition) => void) | undefined;
  /** To the run that it starts: a signal, before the first workflow task. */
  readonly alsoNew?: ((tx: Transition) => void) | undefined;
  /** The same, for what is in memory only. */
  readonly prepare?: ((run: Run) => void) | undefined;
}

/** The run that is started, or found running or just started by the same request. */
async function startOrFind(
  context: FrontendContext,
  namespace: Namespace,
  workflowId: string,
  start: StartWorkflow,
  policies: IdPolicies,
  besides: Besides,
): Promise<Started> {
  const { engine } = context;
  const ref = { namespaceId: namespace.id, workflowId };
  const create = newRun(context, ref, start, besides);
  return withRun(engine, { ...ref, runId: '' }, (existing) =>
    startAfter(engine, existing, create, start.requestId, policies, besides),
  );
}

/** From here until the decision is made nothing is awaited. */
export async function startAfter(
  engine: Engine,
  existing: Run | undefined,
  create: NewRun,
  requestId: string,
  policies: IdPolicies,
  { useExisting, alsoNew }: Besides,
): Promise<Started> {
  if (existing === undefined) return begun(engine.createRun(create));
  const { status } = existing.state;
  const isRepeated = existing.state.startRequestId === requestId;
  if (isRepeated || existing.state.requestIds.has(requestId)) {
    await engine.settled(existing);
    // Of a signal-with-start only the first one counts as a start.
    return { run: existing, started: isRepeated && alsoNew === undefined, status };
  }
  let decision: StartDecision;
  try {
    decision = decideStart(existing.state, policies.reuse, policies.conflict);
  } catch (error) {
    // A refusal tells of a run: it must be durable before anyone hears of it.
    await engine.settled(existing);
    throw error;
  }
  if (decision === 'use') {
    if (useExisting !== undefined) await engine.transact(existing, useExisting);
    else await engine.settled(existing);
    return { run: existing, started: false, status };
  }
  if (decision === 'start') return begun(engine.createRun(create));
  const terminate = (tx: Transition) => terminateReplaced(tx, create.runId);
  return begun(engine.createRun(create, { run: existing, decide: terminate }));
}

export function newRun(
  context: Pick<FrontendContext, 'clock' | 'ids'>,
  ref: Pick<NewRun, 'namespaceId' | 'workflowId'>,
  start: StartWorkflow,
  { alsoNew, prepare }: Besides,
): NewRun {
  const decide = (tx: Transition) => {
    startRun(tx, start);
    alsoNew?.(tx);
    beginFirstTask(tx, start);
  };
  return { ...ref, runId: context.ids.timeUuid(context.clock.now()), decide, ...(prepare && { prepare }) };
}

async function begun(run: Promise<Run>): Promise<Started> {
  return { run: await run, started: true, status: Status.RUNNING };
}

/** A signal-with-start ends the delay of a first task, other than a plain signal. */
function signalExisting(tx: Transition, signal: Signal): void {
  signalRun(tx, signal);
  releaseFirstTask(tx);
}

// What clients do to a run that exists: signal, request cancellation, terminate.

import { invalidArgument, notFound } from '@perdure/api';
import { EventType } from '@perdure/api/enums';
import {
  RequestCancelWorkflowExecutionRequest,
  RequestCancelWorkflowExecutionResponse,
  SignalWorkflowExecutionRequest,
  SignalWorkflowExecutionResponse,
  TerminateWorkflowExecutionRequest,
  TerminateWorkflowExecutionResponse,
} from '@perdure/api/workflowservice';
import {
  type CancelRequest,
  isClosing,
  requestCancelRun,
  type Signal,
  signalRun,
  type Termination,
  type Transition,
  terminateRun,
} from '@perdure/core';
import type { RunRef } from '../matching/task.ts';
import type { Run } from '../runtime/run.ts';
import type { RpcCall } from '../transport/rpc.ts';
import { checkLinks } from './check-links.ts';
import { type Caller, closing, nextChange } from './closing.ts';
import type { FrontendContext } from './context.ts';
import { requestLink } from './links.ts';
import { rpc } from './rpc.ts';
import {
  checkBlobSize,
  checkIdentity,
  checkLength,
  checkRequestId,
  checkRunId,
  executionNotFoundText,
  executionRef,
} from './validate.ts';

/** How long a signal waits for a workflow that tries to close. */
const CLOSING_WAIT_MS = 5000;
/** Not every end of a task is announced: look again after this long. */
const RECHECK_MS = 100;
/** The refusal goes out before the client gives up. */
const ANSWER_MARGIN_MS = 1000;

export const actionRpcs = [
  rpc('SignalWorkflowExecution', SignalWorkflowExecutionRequest, SignalWorkflowExecutionResponse, signalWorkflow),
  rpc(
    'RequestCancelWorkflowExecution',
    RequestCancelWorkflowExecutionRequest,
    RequestCancelWorkflowExecutionResponse,
    requestCancel,
  ),
  rpc('TerminateWorkflowExecution', TerminateWorkflowExecutionRequest, TerminateWorkflowExecutionResponse, terminate),
];

/** @throws NOT_FOUND */
export async function findRun(context: Pick<FrontendContext, 'engine'>, ref: RunRef): Promise<Run> {
  const run = context.engine.loader.inMemory(ref) ?? (await context.engine.loader.find(ref));
  if (run === undefined) throw notFound(executionNotFoundText(ref));
  return run;
}

/**
 * The run, when it does not try to close at the moment.
 * @throws NOT_FOUND, RESOURCE_EXHAUSTED
 */
export async function findUnlessClosing(
  context: Pick<FrontendContext, 'engine' | 'clock' | 'matching'>,
  ref: RunRef,
  untilMs: number,
  call: Caller,
): Promise<Run> {
  const endMs = Math.min(untilMs, (call.deadlineMs ?? Number.POSITIVE_INFINITY) - ANSWER_MARGIN_MS);
  for (;;) {
    const run = await findRun(context, ref);
    if (!isClosing(run.state)) return run;
    const leftMs = endMs - context.clock.now();
    if (leftMs <= 0 || call.cancelled || context.matching.closed) throw closing();
    await nextChange(run, Math.min(RECHECK_MS, leftMs), call);
  }
}

async function signalWorkflow(context: FrontendContext, request: SignalWorkflowExecutionRequest, call: RpcCall) {
  const namespace = context.namespaces.require(request.namespace);
  const { limits } = namespace.settings;
  const ref = executionRef(namespace, request.workflowExecution);
  if (request.signalName === '') throw invalidArgument('SignalName is not set on request.');
  checkLength(request.signalName, limits, 'SignalName length exceeds limit.');
  checkRequestId(request.requestId, limits);
  checkIdentity(request.identity, limits);
  checkLinks(request.links, namespace);
  checkBlobSize(limits, request.input);
  const requestId = request.requestId || context.ids.uuid();
  const { signalName, input, identity, header, links } = request;
  const signal = { signalName, input, identity, header, requestId, links };
  const run = await signalExecution(context, ref, signal, call);
  return { link: requestLink(namespace.name, run, requestId, EventType.WORKFLOW_EXECUTION_SIGNALED) };
}

/** Waits for a workflow that tries to close. @throws NOT_FOUND, RESOURCE_EXHAUSTED */
export async function signalExecution(
  context: Pick<FrontendContext, 'engine' | 'clock' | 'matching'>,
  ref: RunRef,
  signal: Signal,
  caller: Caller,
): Promise<Run> {
  const run = await findUnlessClosing(context, ref, context.clock.now() + CLOSING_WAIT_MS, caller);
  await context.engine.transact(run, (tx) => {
    requireOpen(tx);
    if (isClosing(tx.state)) throw closing();
    signalRun(tx, signal);
  });
  return run;
}

async function requestCancel(context: FrontendContext, request: RequestCancelWorkflowExecutionRequest) {
  const namespace = context.namespaces.require(request.namespace);
  const ref = executionRef(namespace, request.workflowExecution);
  checkIdentity(request.identity, namespace.settings.limits);
  checkRequestId(request.requestId, namespace.settings.limits);
  checkLinks(request.links, namespace);
  const { reason, identity, requestId, links } = request;
  await cancelExecution(context, ref, { reason, identity, requestId, links }, request.firstExecutionRunId);
  return {};
}

/** @param firstRunId of the chain that the run must belong to, or empty. @throws NOT_FOUND */
export async function cancelExecution(
  context: Pick<FrontendContext, 'engine'>,
  ref: RunRef,
  request: CancelRequest,
  firstRunId = '',
): Promise<void> {
  const run = await findInChain(context, ref, firstRunId);
  await context.engine.transact(run, (tx) => {
    // Asking for what has happened already is not an error.
    if (run.isOpen) requestCancelRun(tx, request);
  });
}

async function terminate(context: FrontendContext, request: TerminateWorkflowExecutionRequest) {
  const namespace = context.namespaces.require(request.namespace);
  const ref = executionRef(namespace, request.workflowExecution);
  checkIdentity(request.identity, namespace.settings.limits);
  checkLinks(request.links, namespace);
  checkBlobSize(namespace.settings.limits, request.details);
  const { reason, details, identity, links } = request;
  await terminateExecution(context, ref, { reason, details, identity, links }, request.firstExecutionRunId);
  return {};
}

/** @param firstRunId of the chain that the run must belong to, or empty. @throws NOT_FOUND */
export async function terminateExecution(
  context: Pick<FrontendContext, 'engine'>,
  ref: RunRef,
  termination: Termination,
  firstRunId = '',
): Promise<void> {
  const run = await findInChain(context, ref, firstRunId);
  await context.engine.transact(run, (tx) => {
    requireOpen(tx);
    terminateRun(tx, {
      ...termination,
      reason: termination.reason || 'terminated by user via frontend',
      identity: termination.identity || 'frontend-service',
    });
  });
}

/** @throws NOT_FOUND if the run belongs to another chain than the caller thinks */
async function findInChain(context: Pick<FrontendContext, 'engine'>, ref: RunRef, firstRunId: string): Promise<Run> {
  checkRunId(firstRunId);
  const run = await findRun(context, ref);
  if (firstRunId !== '' && run.state.firstRunId !== firstRunId) throw notFound('workflow execution not found');
  return run;
}

export function requireOpen(tx: Transition): void {
  if (tx.state.status !== 1) throw notFound('workflow execution already completed');
}

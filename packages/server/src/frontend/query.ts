// QueryWorkflow and its answer. A query has no effect and leaves no event. If a workflow task is pending, the query
// travels with it, so that it sees everything that happened before; otherwise it is a task of its own, first for the
// worker that has the workflow in its cache, then for any.

import {
  deadlineExceeded,
  failedPrecondition,
  invalidArgument,
  notFound,
  queryFailed,
  resourceExhausted,
  unavailable,
  workflowNotReady,
} from '@perdure/api';
import {
  QueryResultType,
  QueryRejectCondition as Reject,
  ResourceExhaustedCause,
  ResourceExhaustedScope,
  WorkflowExecutionStatus as Status,
} from '@perdure/api/enums';
import type { WorkflowQuery } from '@perdure/api/query';
import {
  QueryWorkflowRequest,
  QueryWorkflowResponse,
  RespondQueryTaskCompletedRequest,
  RespondQueryTaskCompletedResponse,
} from '@perdure/api/workflowservice';
import { shownStatus } from '@perdure/core';
import { QueueType } from '../matching/matching.ts';
import { type QueryAnswer, QueryRegistry } from '../runtime/query-registry.ts';
import type { Run } from '../runtime/run.ts';
import type { RpcCall } from '../transport/rpc.ts';
import type { FrontendContext } from './context.ts';
import type { DirectQueries } from './direct-queries.ts';
import { runLink } from './links.ts';
import type { Namespace } from './namespaces/registry.ts';
import { rpc } from './rpc.ts';
import { tokenNamespace } from './token-target.ts';
import { TokenKind } from './tokens.ts';
import { checkBlobSize, executionRef } from './validate.ts';
import { findRun } from './workflow-actions.ts';

/** From this attempt on the workflow task is taken to be broken, and queries would wait in vain. */
const BROKEN_TASK_ATTEMPT = 3;
/** A query without a deadline is given up after this long. */
const QUERY_TIME_MS = 60_000;
/** The error goes out before the client's own deadline. */
const ANSWER_MARGIN_MS = 200;

const TIMED_OUT = 'query timed out before a worker could process it';

export const queryRpcs = (direct: DirectQueries) => [
  rpc('QueryWorkflow', QueryWorkflowRequest, QueryWorkflowResponse, (context, request, call) =>
    queryWorkflow(context, direct, request, call),
  ),
  rpc(
    'RespondQueryTaskCompleted',
    RespondQueryTaskCompletedRequest,
    RespondQueryTaskCompletedResponse,
    (context, request) => respondQuery(context, direct, request),
  ),
];

async function queryWorkflow(
  context: FrontendContext,
  direct: DirectQueries,
  request: QueryWorkflowRequest,
  call: RpcCall,
) {
  const namespace = context.namespaces.require(request.namespace);
  const ref = executionRef(namespace, request.execution);
  const { query } = request;
  if (query === undefined) throw invalidArgument('WorkflowQuery is not set on request.');
  if (query.queryType === '') throw invalidArgument('QueryType is not set on request.');
  checkBlobSize(namespace.settings.limits, query.queryArgs);
  const run = await findRun(context, ref);
  const status = shownStatus(run.state);
  await context.engine.settled(run);
  if (isRejected(status, request.queryRejectCondition)) {
    return { queryRejected: { status }, link: runLink(namespace.name, run, 'Query rejected') };
  }
  const deadlineMs =
    Math.min(call.deadlineMs ?? Number.POSITIVE_INFINITY, context.clock.now() + QUERY_TIME_MS) - ANSWER_MARGIN_MS;
  checkReady(run, deadlineMs);
  const answer = await ask(context, direct, { namespace, run, query, call, deadlineMs });
  if (answer.resultType === QueryResultType.ANSWERED) {
    const link = runLink(namespace.name, run, 'Query processed');
    return { queryResult: answer.answer ?? new Uint8Array(0), link };
  }
  throw queryFailed(answer.errorMessage, answer.failure);
}

function isRejected(status: number, condition: number): boolean {
  // Nobody would answer.
  if (status === Status.PAUSED) return true;
  if (condition === Reject.NOT_OPEN) return status !== Status.RUNNING;
  if (condition === Reject.NOT_COMPLETED_CLEANLY) return status !== Status.RUNNING && status !== Status.COMPLETED;
  return false;
}

/** @throws FAILED_PRECONDITION with WorkflowNotReadyFailure */
function checkReady(run: Run, deadlineMs: number): void {
  const { task, previousStartedEventId, firstTaskAtMs, taskAttempt } = run.state;
  if (!run.isOpen && previousStartedEventId === 0) {
    throw workflowNotReady('Workflow execution closed before WorkflowTaskStarted event');
  }
  // An update may have called for a task before the first one is due.
  if (task === undefined && firstTaskAtMs > deadlineMs) throw workflowNotReady('Workflow task is not scheduled yet.');
  if (run.isOpen && (task?.attempt ?? taskAttempt) >= BROKEN_TASK_ATTEMPT) {
    throw workflowNotReady('Unable to query workflow due to Workflow Task in failed state.');
  }
}

interface Asked {
  readonly namespace: Namespace;
  readonly run: Run;
  readonly query: WorkflowQuery;
  readonly call: RpcCall;
  readonly deadlineMs: number;
}

async function ask(context: FrontendContext, direct: DirectQueries, asked: Asked): Promise<QueryAnswer> {
  const { run } = asked;
  const waitsForTask = run.isOpen && (run.state.task !== undefined || run.state.previousStartedEventId === 0);
  if (waitsForTask) {
    const outcome = await askWithTask(context, asked);
    if (outcome !== undefined) return outcome;
  }
  return askDirectly(context, direct, asked);
}

/** Undefined: the task ended without an answer. */
async function askWithTask(context: FrontendContext, asked: Asked): Promise<QueryAnswer | undefined> {
  const { run, query, deadlineMs, call } = asked;
  if (run.dropped) throw unavailable('the state of the workflow is being read back, please retry');
  run.queries ??= new QueryRegistry();
  const registry = run.queries;
  if (registry.size >= asked.namespace.settings.bufferedQueriesMax) {
    throw resourceExhausted(
      'consistent query buffer is full, this may be caused by too many queries and workflow not able to process query fast enough',
      ResourceExhaustedCause.BUSY_WORKFLOW,
      ResourceExhaustedScope.NAMESPACE,
    );
  }
  const id = context.ids.uuid();
  const outcome = await untilDeadline(registry.add(id, query), deadlineMs - context.clock.now(), call, () =>
    registry.remove(id),
  );
  return outcome.kind === 'answered' ? outcome.answer : undefined;
}

async function askDirectly(context: FrontendContext, direct: DirectQueries, asked: Asked): Promise<QueryAnswer> {
  const { run, query, deadlineMs, call, namespace } = asked;
  const { matching, clock } = context;
  const { sticky, taskQueue, namespaceId } = run.state;
  const id = context.ids.uuid();
  const answer = direct.add(id);
  if (sticky !== undefined && matching.isStickyAlive(namespaceId, sticky.taskQueue)) {
    const taken = direct.offer(context, run, id, query, sticky.taskQueue);
    const stickyMs = Math.min(sticky.scheduleToStartTimeoutMs, deadlineMs - clock.now());
    if (await direct.wasTaken(taken, stickyMs)) {
      return untilDeadline(answer, deadlineMs - clock.now(), call, () => direct.remove(id));
    }
  }
  if (!matching.wasPolled(namespaceId, QueueType.WORKFLOW, taskQueue, namespace.settings.queryPollerWindowMs)) {
    direct.remove(id);
    throw failedPrecondition('no poller seen for task queue recently, worker may be down');
  }
  direct.offer(context, run, id, query, taskQueue);
  return untilDeadline(answer, deadlineMs - clock.now(), call, () => direct.remove(id));
}

/** @throws DEADLINE_EXCEEDED */
function untilDeadline<T>(result: Promise<T>, ms: number, call: RpcCall, giveUp: () => void): Promise<T> {
  return new Promise((resolve, reject) => {
    const fail = () => {
      giveUp();
      settle();
      reject(deadlineExceeded(TIMED_OUT));
    };
    const timer = setTimeout(fail, Math.max(0, ms));
    const settle = () => {
      clearTimeout(timer);
      call.onCancel = undefined;
    };
    call.onCancel = fail;
    result.then(resolve, reject).finally(settle);
  });
}

function respondQuery(context: FrontendContext, direct: DirectQueries, request: RespondQueryTaskCompletedRequest) {
  const { token, namespace } = tokenNamespace(context, request, TokenKind.QUERY);
  const tooLarge = (request.queryResult?.length ?? 0) > namespace.settings.limits.blobSizeMax;
  const answer: QueryAnswer = tooLarge
    ? {
        resultType: QueryResultType.FAILED,
        answer: undefined,
        errorMessage: 'Query result exceeds size limit.',
        failure: undefined,
      }
    : {
        resultType: request.completedType,
        answer: request.queryResult,
        errorMessage: request.errorMessage,
        failure: request.failure,
      };
  if (!direct.answer(token.queryId, answer)) throw notFound('query task not found, or already expired');
  return {};
}

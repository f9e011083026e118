// Reading histories: forward in pages, waiting for new events, only the closing event, and backward. Only what is
// durable is read: `committedNextEventId` and `closedDurably` say how far that is.

import { invalidArgument } from '@perdure/api';
import { HistoryEventFilterType as Filter } from '@perdure/api/enums';
import {
  GetWorkflowExecutionHistoryRequest,
  GetWorkflowExecutionHistoryResponse,
  GetWorkflowExecutionHistoryReverseRequest,
  GetWorkflowExecutionHistoryReverseResponse,
} from '@perdure/api/workflowservice';
import { transientEvents } from '@perdure/core';
import type { RunRef } from '../matching/task.ts';
import { readHistory, readHistoryReverse } from '../runtime/history-reader.ts';
import { concat } from '../runtime/history-tail.ts';
import type { Run } from '../runtime/run.ts';
import type { RpcCall } from '../transport/rpc.ts';
import { nextChange } from './closing.ts';
import type { FrontendContext } from './context.ts';
import { decodeHistoryToken, encodeHistoryToken, type HistoryToken } from './history-token.ts';
import type { Namespace } from './namespaces/registry.ts';
import { asContinuedAsNew, followsNextRun } from './next-run.ts';
import { rpc } from './rpc.ts';
import { executionRef } from './validate.ts';
import { findRun } from './workflow-actions.ts';

export const historyRpcs = [
  rpc(
    'GetWorkflowExecutionHistory',
    GetWorkflowExecutionHistoryRequest,
    GetWorkflowExecutionHistoryResponse,
    getHistory,
  ),
  rpc(
    'GetWorkflowExecutionHistoryReverse',
    GetWorkflowExecutionHistoryReverseRequest,
    GetWorkflowExecutionHistoryReverseResponse,
    getHistoryReverse,
  ),
];

const PAGE_BYTES_MAX = 2 * 1024 * 1024;
/** The empty answer of a wait goes out this long before the client gives up. */
const ANSWER_MARGIN_MS = 1000;
const NO_BYTES = new Uint8Array(0);
/** These clients show histories and do not replay them, so they get no events that are not there. Nor does a tool without a name. */
const SHOWING_CLIENTS = new Set(['', 'temporal-cli', 'temporal-ui', 'perdure-cli', 'perdure-ui']);

async function getHistory(context: FrontendContext, request: GetWorkflowExecutionHistoryRequest, call: RpcCall) {
  const namespace = context.namespaces.require(request.namespace);
  const { run, token } = await target(
    context,
    namespace,
    executionRef(namespace, request.execution),
    request.nextPageToken,
  );
  const from = token?.nextEventId ?? 1;
  if (request.historyEventFilterType === Filter.CLOSE_EVENT) return closeEvent(context, namespace, run, request, call);
  const caughtUp = () => from >= run.committedNextEventId && !run.closedDurably;
  if (request.waitNewEvent && caughtUp()) {
    const changed = await waitForChange(context, namespace, run, caughtUp, call);
    if (!changed) return { history: NO_BYTES, nextPageToken: tokenAt(run, from) };
  }
  return page(context, namespace, run, token, request, call);
}

/** The run that the token pins, or that the request names. */
async function target(
  context: FrontendContext,
  namespace: Namespace,
  ref: RunRef,
  tokenBytes: Uint8Array,
): Promise<{ readonly run: Run; readonly token: HistoryToken | undefined }> {
  if (tokenBytes.length === 0) return { run: await findRun(context, ref), token: undefined };
  const token = decodeHistoryToken(tokenBytes);
  if (ref.runId !== '' && ref.runId !== token.runId) {
    throw invalidArgument('RunId in the request does not match the NextPageToken.');
  }
  return { run: await findRun(context, { ...ref, runId: token.runId }), token };
}

async function page(
  context: FrontendContext,
  namespace: Namespace,
  run: Run,
  token: HistoryToken | undefined,
  request: GetWorkflowExecutionHistoryRequest,
  call: RpcCall,
) {
  const from = token?.nextEventId ?? 1;
  const closed = run.closedDurably;
  const end = Math.min(token?.endEventId || Number.POSITIVE_INFINITY, run.committedNextEventId);
  const eventsMax = pageSize(request.maximumPageSize, namespace);
  const slice = await readHistory(context.store, run, { from, to: end, eventsMax, bytesMax: PAGE_BYTES_MAX });
  const { nextEventId } = slice;
  if (nextEventId < end) {
    const { endEventId = 0, transient = false } = token ?? {};
    return {
      history: slice.bytes,
      nextPageToken: encodeHistoryToken({ runId: run.state.runId, nextEventId, endEventId, transient }),
    };
  }
  if (request.waitNewEvent) {
    return { history: slice.bytes, nextPageToken: closed ? NO_BYTES : tokenAt(run, nextEventId) };
  }
  const history = withTransient(run, slice.bytes, nextEventId, call);
  // The transient task is read from the newest state.
  await context.engine.settled(run);
  return { history, nextPageToken: NO_BYTES };
}

/** A worker that replays must see the started events of its transient task, although they are not in the history yet. */
function withTransient(run: Run, bytes: Uint8Array, nextEventId: number, call: RpcCall): Uint8Array {
  const { task } = run.state;
  const client = call.metadata.get('client-name') ?? '';
  if (task === undefined || !task.transient || task.scheduledEventId !== nextEventId || SHOWING_CLIENTS.has(client))
    return bytes;
  return concat([bytes, ...transientEvents(run.state, task)]);
}

async function closeEvent(
  context: FrontendContext,
  namespace: Namespace,
  run: Run,
  request: GetWorkflowExecutionHistoryRequest,
  call: RpcCall,
) {
  if (!run.closedDurably && request.waitNewEvent) {
    await waitForChange(context, namespace, run, () => !run.closedDurably, call);
  }
  if (!run.closedDurably) {
    const nextPageToken = request.waitNewEvent ? tokenAt(run, run.committedNextEventId) : NO_BYTES;
    return { history: NO_BYTES, nextPageToken };
  }
  const to = run.committedNextEventId;
  const slice = await readHistory(context.store, run, { from: to - 1, to, eventsMax: 1, bytesMax: PAGE_BYTES_MAX });
  const hidesNextRun = run.state.successorRunId !== '' && !followsNextRun(call.metadata);
  return { history: hidesNextRun ? asContinuedAsNew(slice.bytes) : slice.bytes, nextPageToken: NO_BYTES };
}

/**
 * Waits while `unchanged` holds, for as long as a long poll may last. False: it still holds, or the run's state was
 * lost: the client asks again.
 */
async function waitForChange(
  context: FrontendContext,
  namespace: Namespace,
  run: Run,
  unchanged: () => boolean,
  call: RpcCall,
): Promise<boolean> {
  const nowMs = context.clock.now();
  const untilDeadline = (call.deadlineMs ?? Number.POSITIVE_INFINITY) - nowMs - ANSWER_MARGIN_MS;
  const endMs = nowMs + Math.min(namespace.settings.historyPollIntervalMs, Math.max(0, untilDeadline));
  while (unchanged()) {
    const leftMs = endMs - context.clock.now();
    if (leftMs <= 0 || call.cancelled || context.matching.closed || run.dropped) return false;
    await nextChange(run, leftMs, call);
  }
  return true;
}

async function getHistoryReverse(context: FrontendContext, request: GetWorkflowExecutionHistoryReverseRequest) {
  const namespace = context.namespaces.require(request.namespace);
  const { run, token } = await target(
    context,
    namespace,
    executionRef(namespace, request.execution),
    request.nextPageToken,
  );
  const before = Math.min(token?.nextEventId ?? run.committedNextEventId, run.committedNextEventId);
  const eventsMax = pageSize(request.maximumPageSize, namespace);
  const { events, nextBefore } = await readHistoryReverse(context.store, run, before, eventsMax, PAGE_BYTES_MAX);
  return { history: concat(events), nextPageToken: nextBefore > 1 ? tokenAt(run, nextBefore) : NO_BYTES };
}

function tokenAt(run: Run, nextEventId: number): Uint8Array {
  return encodeHistoryToken({ runId: run.state.runId, nextEventId, endEventId: 0, transient: false });
}

function pageSize(asked: number, namespace: Namespace): number {
  const max = namespace.settings.historyPageSizeMax;
  return asked <= 0 ? max : Math.min(asked, max);
}

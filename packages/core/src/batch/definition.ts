// A batch operation as an entity: its events, and what each of them does to the state.

import type { Init } from '@perdure/api/wire';
import {
  type BatchClosed,
  type BatchCreated,
  type BatchEvent,
  BatchEvents,
  type BatchPageBegun,
  type BatchSnapshot,
  type BatchProgress as WireProgress,
  type BatchTarget as WireTarget,
} from '../../generated/batch-journal.js';
import { own } from '../bytes.ts';
import type { EntityDefinition, EntityShown } from '../entity/entity.ts';
import { BATCH_TASK_QUEUE, BATCH_WORKFLOW_TYPE, batchMemo, batchSearchAttributes } from './shown.ts';
import {
  addProgress,
  type BatchPage,
  type BatchProgress,
  type BatchState,
  type BatchTarget,
  FIRST_CURSOR,
  NEW_BATCH,
} from './state.ts';

const RUNNING = 1;
const NO_BYTES = new Uint8Array(0);

/** Exactly one of its members is set. */
export type BatchChange = Init<BatchEvent>;

export const BATCH: EntityDefinition<BatchState, BatchChange> = {
  initial: NEW_BATCH,
  evolve,
  encode: (events) => BatchEvents.encode({ events }),
  decode: (bytes) => BatchEvents.decode(bytes).events,
  snapshot: (state) => ({ snapshot: snapshotOf(state) }),
  shown,
};

function evolve(state: BatchState, event: BatchChange): BatchState {
  if (event.created !== undefined) return evolveCreated(event.created);
  if (event.pageBegun !== undefined) return { ...state, page: pageOf(event.pageBegun) };
  if (event.pageEnded !== undefined) return evolvePageEnded(state, progressOf(event.pageEnded.progress));
  if (event.closed !== undefined) return evolveClosed(state, event.closed);
  if (event.snapshot !== undefined) return evolveSnapshot(event.snapshot);
  throw new Error('an event of a batch operation that this version does not know');
}

function evolveCreated(event: Init<BatchCreated>): BatchState {
  const { operationType = 0, reason = '', identity = '', query = '', rateMax = 0, startMs = 0, total = 0 } = event;
  const state: BatchState = {
    ...NEW_BATCH,
    operation: own(event.operation) ?? NO_BYTES,
    ...{ operationType, reason, identity, query, rateMax, startMs, total },
    targets: (event.targets ?? []).map(targetOf),
    status: RUNNING,
  };
  return { ...state, memo: batchMemo(state), searchAttributes: batchSearchAttributes(state) };
}

function evolvePageEnded(state: BatchState, progress: BatchProgress): BatchState {
  const counted = withProgress(state, progress);
  return { ...counted, page: undefined, cursor: state.page?.nextCursor ?? state.cursor };
}

function withProgress(state: BatchState, more: BatchProgress): BatchState {
  const next = { ...state, progress: addProgress(state.progress, more) };
  return next.progress.failures === state.progress.failures ? next : { ...next, memo: batchMemo(next) };
}

function evolveClosed(state: BatchState, event: Init<BatchClosed>): BatchState {
  const { status = RUNNING, closeMs = 0, reason = '', identity = '' } = event;
  const next = { ...state, page: undefined, status, closeMs, closeReason: reason, closedBy: identity };
  return { ...next, memo: batchMemo(next) };
}

function evolveSnapshot({ created, progress, cursor, page, closed }: Init<BatchSnapshot>): BatchState {
  const begun = evolveCreated(created ?? {});
  const state = { ...withProgress(begun, progressOf(progress)), cursor: cursor ?? FIRST_CURSOR };
  if (closed !== undefined) return evolveClosed(state, closed);
  return page === undefined ? state : { ...state, page: pageOf(page) };
}

function snapshotOf(state: BatchState): Init<BatchSnapshot> {
  const { operation, operationType, reason, identity, query, targets, rateMax, startMs, total } = state;
  const { progress, cursor, page, status, closeMs, closeReason, closedBy } = state;
  return {
    created: { operation, operationType, reason, identity, query, targets, rateMax, startMs, total },
    ...{ progress, cursor, page },
    closed: closeMs === undefined ? undefined : { status, closeMs, reason: closeReason, identity: closedBy },
  };
}

function pageOf({ targets = [], nextCursor }: Init<BatchPageBegun>): BatchPage {
  return { targets: targets.map(targetOf), nextCursor };
}

function progressOf({ completed = 0, failed = 0, failures = [] }: Init<WireProgress> = {}): BatchProgress {
  return {
    ...{ completed, failed },
    failures: failures.map(({ target, message = '' }) => ({ target: targetOf(target ?? {}), message })),
  };
}

function targetOf({ workflowId = '', runId = '' }: Init<WireTarget>): BatchTarget {
  return { workflowId, runId };
}

function shown(state: BatchState): EntityShown {
  const { status, startMs, closeMs, memo, searchAttributes } = state;
  return {
    ...{ status, startMs, closeMs, memo, searchAttributes },
    workflowType: BATCH_WORKFLOW_TYPE,
    taskQueue: BATCH_TASK_QUEUE,
    // It always has something to do: whoever has lost it must read it back at once.
    wakeAtMs: closeMs === undefined ? startMs : undefined,
  };
}

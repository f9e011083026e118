// What each event of a schedule's journal makes of its state. Nothing is decided here.

import { jsonPayload } from '@perdure/api';
import { SearchAttributes } from '@perdure/api/common';
import { WorkflowExecutionStatus as Status } from '@perdure/api/enums';
import type {
  Advanced,
  BackfillAdvanced,
  Buffered,
  EndingRequested,
  PauseChanged,
  Renamed,
  ScheduleCreated,
  ScheduleEntity,
  ScheduleEvent,
  ScheduleUpdated,
  Started,
  WorkflowClosed,
} from '../../generated/schedule-journal.js';
import { ScheduleDefinition, StartOrigin } from '../../generated/schedule-journal.js';
import type { EntityTransition } from '../entity/entity.ts';
import { attributeFields } from '../search-attributes/fields.ts';
import { type Definition, RECENT_MAX, REQUESTS_MAX, type RecentAction, type Schedule } from './state.ts';

/** One of its fields is set. */
export type ScheduleChange = Partial<ScheduleEvent>;
export type ScheduleTransition = EntityTransition<Schedule, ScheduleChange>;

const NO_BYTES = new Uint8Array(0);
const FIRST_TOKEN = 1;

/** Complete, with nothing in it. */
const EMPTY_DEFINITION = ScheduleDefinition.decode(
  ScheduleDefinition.encode({ spec: {}, action: {}, policies: {}, state: {} }),
) as Definition;

export const NO_SCHEDULE: Schedule = {
  definition: EMPTY_DEFINITION,
  memo: NO_BYTES,
  searchAttributes: NO_BYTES,
  rowAttributes: NO_BYTES,
  createRequestId: '',
  requestIds: [],
  jitterSeed: '',
  ...{ createMs: 0, updateMs: 0, conflictToken: 0, doneMs: 0, nextMs: 0, lastStartId: 0 },
  ...{ buffer: [], backfills: [], running: [], recent: [] },
  ...{ actionCount: 0, missedCatchupWindow: 0, overlapSkipped: 0, bufferDropped: 0 },
  lastResult: NO_BYTES,
  lastFailure: NO_BYTES,
  ...{ triggerSecondMs: 0, triggerCount: 0 },
};

export function evolveSchedule(schedule: Schedule, change: ScheduleChange): Schedule {
  if (change.snapshot) return evolveSnapshot(change.snapshot);
  if (change.created) return evolveCreated(schedule, change.created);
  if (change.updated) return evolveUpdated(schedule, change.updated);
  if (change.pauseChanged) return evolvePauseChanged(schedule, change.pauseChanged);
  if (change.advanced) return evolveAdvanced(schedule, change.advanced);
  if (change.buffered) return evolveBuffered(schedule, change.buffered);
  if (change.triggerRequested) return evolveTriggerRequested(schedule, change.triggerRequested.secondMs);
  if (change.backfillRequested?.backfill) {
    return { ...schedule, backfills: [...schedule.backfills, change.backfillRequested.backfill] };
  }
  if (change.backfillAdvanced) return evolveBackfillAdvanced(schedule, change.backfillAdvanced);
  if (change.renamed) return evolveRenamed(schedule, change.renamed);
  if (change.started) return evolveStarted(schedule, change.started);
  if (change.endingRequested) return evolveEndingRequested(schedule, change.endingRequested);
  if (change.workflowClosed) return evolveWorkflowClosed(schedule, change.workflowClosed);
  if (change.requestSeen) {
    const requestIds = [...schedule.requestIds, change.requestSeen.requestId].slice(-REQUESTS_MAX);
    return { ...schedule, requestIds };
  }
  throw new Error('an event of a schedule that this version does not know');
}

function evolveSnapshot(snapshot: ScheduleEntity): Schedule {
  return withRow({ ...NO_SCHEDULE, ...snapshot, definition: definitionOf(snapshot.definition) });
}

function evolveCreated(schedule: Schedule, created: ScheduleCreated): Schedule {
  const { memo, searchAttributes, requestId, jitterSeed, atMs, nextMs } = created;
  return withRow({
    ...schedule,
    ...{ definition: definitionOf(created.definition), memo, searchAttributes, jitterSeed, nextMs },
    createRequestId: requestId,
    createMs: atMs,
    doneMs: atMs,
    conflictToken: FIRST_TOKEN,
  });
}

function evolveUpdated(schedule: Schedule, updated: ScheduleUpdated): Schedule {
  const { doneMs, nextMs } = updated;
  return withRow({
    ...schedule,
    ...{ definition: definitionOf(updated.definition), doneMs, nextMs },
    memo: updated.memo ?? schedule.memo,
    searchAttributes: updated.searchAttributes ?? schedule.searchAttributes,
    updateMs: updated.atMs,
    conflictToken: schedule.conflictToken + 1,
  });
}

function evolvePauseChanged(schedule: Schedule, { paused, notes, doneMs, nextMs }: PauseChanged): Schedule {
  const { definition, conflictToken } = schedule;
  return withRow({
    ...schedule,
    definition: { ...definition, state: { ...definition.state, paused, notes } },
    conflictToken: conflictToken + 1,
    ...{ doneMs, nextMs },
  });
}

function evolveAdvanced(schedule: Schedule, { doneMs, nextMs, missed }: Advanced): Schedule {
  return { ...schedule, doneMs, nextMs, missedCatchupWindow: schedule.missedCatchupWindow + missed };
}

function evolveBuffered(schedule: Schedule, { added, removedIds, skipped, dropped }: Buffered): Schedule {
  const { buffer, overlapSkipped, bufferDropped, lastStartId } = schedule;
  const removed = new Set(removedIds);
  const left = removed.size === 0 ? buffer : buffer.filter(({ id }) => !removed.has(id));
  return {
    ...schedule,
    buffer: [...left, ...added],
    lastStartId: added.reduce((last, { id }) => Math.max(last, id), lastStartId),
    overlapSkipped: overlapSkipped + skipped,
    bufferDropped: bufferDropped + dropped,
  };
}

function evolveTriggerRequested(schedule: Schedule, secondMs: number): Schedule {
  const triggerCount = secondMs === schedule.triggerSecondMs ? schedule.triggerCount + 1 : 1;
  return { ...schedule, triggerSecondMs: secondMs, triggerCount };
}

function evolveBackfillAdvanced(schedule: Schedule, { id, startMs }: BackfillAdvanced): Schedule {
  const backfills = schedule.backfills
    .map((backfill) => (backfill.id === id ? { ...backfill, startMs } : backfill))
    .filter((backfill) => backfill.startMs <= backfill.endMs);
  return { ...schedule, backfills };
}

function evolveRenamed(schedule: Schedule, { startId, copy }: Renamed): Schedule {
  return { ...schedule, buffer: schedule.buffer.map((start) => (start.id === startId ? { ...start, copy } : start)) };
}

function evolveStarted(schedule: Schedule, { startId, workflowId, runId, atMs, exclusive }: Started): Schedule {
  const start = schedule.buffer.find(({ id }) => id === startId);
  if (start === undefined) throw new Error('a workflow was started that was not in the buffer');
  const action = { dueMs: start.dueMs, startedMs: atMs, workflowId, runId, status: Status.RUNNING };
  const started: Schedule = {
    ...schedule,
    buffer: schedule.buffer.filter((other) => other !== start),
    running: exclusive ? [...schedule.running, { workflowId, firstRunId: runId, asked: 0 }] : schedule.running,
    recent: [...schedule.recent, action].slice(-RECENT_MAX),
    actionCount: schedule.actionCount + 1,
  };
  const { definition } = schedule;
  const { state } = definition;
  if (!state.limitedActions || start.origin !== StartOrigin.SPEC) return started;
  // A client may be about to change the number that remains.
  return {
    ...started,
    definition: { ...definition, state: { ...state, remainingActions: state.remainingActions - 1 } },
    conflictToken: schedule.conflictToken + 1,
  };
}

function evolveEndingRequested(schedule: Schedule, { firstRunIds, ending }: EndingRequested): Schedule {
  const running = schedule.running.map((workflow) =>
    firstRunIds.includes(workflow.firstRunId) ? { ...workflow, asked: ending } : workflow,
  );
  return { ...schedule, running };
}

function evolveWorkflowClosed(schedule: Schedule, { firstRunId, status, result, failure }: WorkflowClosed): Schedule {
  const { lastResult, lastFailure, running, recent } = schedule;
  const outcome =
    status === Status.COMPLETED
      ? { lastResult: result, lastFailure: NO_BYTES }
      : { lastResult, lastFailure: failure.length > 0 ? failure : lastFailure };
  return {
    ...schedule,
    ...outcome,
    running: running.filter((workflow) => workflow.firstRunId !== firstRunId),
    recent: recent.map((action) => (action.runId === firstRunId ? withStatus(action, status) : action)),
  };
}

function withStatus(action: RecentAction, status: number): RecentAction {
  return { ...action, status };
}

function definitionOf(definition: ScheduleEntity['definition']): Definition {
  return { ...EMPTY_DEFINITION, ...definition } as Definition;
}

/** What schedules have in the lists of all executions, apart from workflows. */
const DIVISION = { name: 'TemporalNamespaceDivision', value: 'TemporalScheduler' };
const PAUSED = 'TemporalSchedulePaused';

function withRow(schedule: Schedule): Schedule {
  const indexedFields = new Map(attributeFields(schedule.searchAttributes));
  indexedFields.set(DIVISION.name, jsonPayload(DIVISION.value, { type: 'Keyword' }));
  indexedFields.set(PAUSED, jsonPayload(schedule.definition.state.paused, { type: 'Bool' }));
  return { ...schedule, rowAttributes: SearchAttributes.encode({ indexedFields }) };
}

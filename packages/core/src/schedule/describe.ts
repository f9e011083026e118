// What clients see of a schedule.

import type { Schedule as ApiSchedule, ScheduleInfo, ScheduleListInfo } from '@perdure/api/schedule';
import type { Init } from '@perdure/api/wire';
import { ScheduleEntity } from '../../generated/schedule-journal.js';
import { withoutDueTimes } from './advance.ts';
import { actsBySpec, type RecentAction, type Schedule, timesBetween } from './state.ts';

const FUTURE_TIMES = 10;
const LISTED = 5;
const TOKEN_BYTES = 8;

export function describeSchedule({ definition }: Schedule): Init<ApiSchedule> {
  const { spec, action, policies, state } = definition;
  return { spec, action: { startWorkflow: action }, policies, state };
}

export function describeInfo(schedule: Schedule, nowMs: number): Init<ScheduleInfo> {
  const { actionCount, missedCatchupWindow, overlapSkipped, bufferDropped, running, recent } = schedule;
  return {
    ...{ actionCount, missedCatchupWindow, overlapSkipped, bufferDropped },
    bufferSize: schedule.buffer.length,
    runningWorkflows: running.map(({ workflowId, firstRunId }) => ({ workflowId, runId: firstRunId })),
    recentActions: recent.map(actionResult),
    futureActionTimes: futureTimes(schedule, nowMs, FUTURE_TIMES),
    createTime: schedule.createMs,
    updateTime: schedule.updateMs || undefined,
    stateSizeBytes: ScheduleEntity.encode(schedule).length,
  };
}

export function describeListInfo(schedule: Schedule, nowMs: number): Init<ScheduleListInfo> {
  const { definition, recent } = schedule;
  return {
    spec: { ...definition.spec, timezoneData: new Uint8Array(0) },
    workflowType: definition.action.workflowType,
    notes: definition.state.notes,
    paused: definition.state.paused,
    recentActions: recent.slice(-LISTED).map(actionResult),
    futureActionTimes: futureTimes(schedule, nowMs, LISTED),
    stateSizeBytes: ScheduleEntity.encode(schedule).length,
  };
}

function actionResult({ dueMs, startedMs, workflowId, runId, status }: RecentAction) {
  return {
    scheduleTime: dueMs,
    actualTime: startedMs,
    startWorkflowResult: { workflowId, runId },
    startWorkflowStatus: status,
  };
}

/** Of a paused one: the times at which it would act. */
function futureTimes(schedule: Schedule, nowMs: number, limit: number): number[] {
  const { limitedActions, remainingActions } = schedule.definition.state;
  const count = limitedActions ? Math.min(limit, Math.max(0, remainingActions)) : limit;
  const { doneMs } = actsBySpec(schedule) ? schedule : withoutDueTimes(schedule, nowMs);
  const { times } = timesBetween(schedule, doneMs + 1, Number.POSITIVE_INFINITY, count);
  return times.map(({ nextMs }) => nextMs);
}

/** A counter of changes, as 8 bytes, the highest first. */
export function conflictTokenBytes({ conflictToken }: Pick<Schedule, 'conflictToken'>): Uint8Array {
  const bytes = new Uint8Array(TOKEN_BYTES);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(conflictToken));
  return bytes;
}

/** What no token says is 0, which no schedule has. */
export function conflictTokenOf(bytes: Uint8Array): number {
  if (bytes.length !== TOKEN_BYTES) return 0;
  return Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0));
}

// A schedule as an entity: how its journal is encoded, what its row shows, and when it must be woken.

import { ScheduleEvents } from '../../generated/schedule-journal.js';
import type { EntityDefinition, EntityShown } from '../entity/entity.ts';
import { hasRoomForBackfill } from './backfill.ts';
import { endingToRequest, planStarts } from './buffer.ts';
import { evolveSchedule, NO_SCHEDULE, type ScheduleChange } from './evolve.ts';
import { actsBySpec, type Schedule } from './state.ts';

const RUNNING = 1;

export const scheduleDefinition: EntityDefinition<Schedule, ScheduleChange> = {
  initial: NO_SCHEDULE,
  evolve: evolveSchedule,
  encode: (events) => ScheduleEvents.encode({ events }),
  // A copy: the rows of a journal share one block of memory, which the state must not keep alive.
  decode: (bytes) => ScheduleEvents.decode(bytes.slice()).events,
  snapshot: (schedule) => ({ snapshot: schedule }),
  shown,
};

function shown(schedule: Schedule): EntityShown {
  const { action } = schedule.definition;
  return {
    status: RUNNING,
    workflowType: action.workflowType?.name ?? '',
    taskQueue: action.taskQueue?.name ?? '',
    startMs: schedule.createMs,
    closeMs: undefined,
    memo: schedule.memo,
    searchAttributes: schedule.rowAttributes,
    wakeAtMs: wakeAt(schedule),
    // A workflow may have closed since.
    readAtStart: schedule.running.length > 0,
  };
}

/** Epoch ms; in the past: there is something to do now. */
function wakeAt(schedule: Schedule): number | undefined {
  if (hasWork(schedule)) return schedule.createMs;
  return actsBySpec(schedule) && schedule.nextMs > 0 ? schedule.nextMs : undefined;
}

/** Whether there is something to do that does not depend on the time. */
function hasWork(schedule: Schedule): boolean {
  if (hasRoomForBackfill(schedule)) return true;
  if (schedule.buffer.length === 0) return false;
  const plan = planStarts(schedule);
  return plan.ready.length > 0 || plan.lapsed.length > 0 || endingToRequest(schedule, plan) > 0;
}

// The state of a schedule: what the user asked for, how far time has been dealt with, and what was started.
//
//   due ──▶ buffer ──its turn──▶ started ──closed──▶ forgotten, but for its result, and among the ten recent actions
//             │        └─ not its turn: it waits, or the running one is cancelled or terminated to make room
//             └─ dropped: overlap (skipped), no room (dropped); or missed, if its catch-up window was over
//
// The buffer takes what the spec makes due, triggers, and backfills, page by page. What may start is a function of the
// buffer, the overlap policies and the workflows that run (buffer.ts). A start leaves the buffer in the transaction in
// which its workflow begins. So for each due time exactly one of these is counted: a start, a skip, a drop or a miss.
//
// A state is never changed in place. It is what a snapshot holds (packages/core/proto/schedule-journal.proto), and what
// the row of the schedule shows.

import type { SchedulePolicies, ScheduleSpec, ScheduleState } from '@perdure/api/schedule';
import type { NewWorkflowExecutionInfo } from '@perdure/api/workflow';
import {
  type PendingStart,
  type RecentAction,
  type ScheduleDefinition,
  type ScheduleEntity,
  StartOrigin,
  StopRequest,
} from '../../generated/schedule-journal.js';
import { type CompiledSpec, compileSpec, type ScheduledTime, SearchGivenUpError } from './spec.ts';

export type { PendingStart, RecentAction };
export { StartOrigin, StopRequest };

/** What the user asked for, canonical and complete. */
export interface Definition extends ScheduleDefinition {
  readonly spec: ScheduleSpec;
  readonly action: NewWorkflowExecutionInfo;
  readonly policies: SchedulePolicies;
  readonly state: ScheduleState;
}

export interface Schedule extends Omit<Readonly<ScheduleEntity>, 'definition'> {
  readonly definition: Definition;
  /** Search attributes of its row: those of the user and the server's own. */
  readonly rowAttributes: Uint8Array;
}

/** Actions that may wait for their turn. */
export const BUFFER_MAX = 1000;
export const RECENT_MAX = 10;
/** Backfills that may be under way. */
export const BACKFILLS_MAX = 100;
/** Requests that are known when they are repeated. */
export const REQUESTS_MAX = 20;

const compiled = new WeakMap<ScheduleSpec, CompiledSpec>();

/** Of a canonical spec. */
export function timesOf(spec: ScheduleSpec): CompiledSpec {
  let times = compiled.get(spec);
  if (times === undefined) compiled.set(spec, (times = compileSpec(spec)));
  return times;
}

/** What a search has found. */
export interface FoundTimes {
  readonly times: readonly ScheduledTime[];
  /** It was given up, because too much is excluded: up to here there are no others. Where it goes on. */
  readonly reachedMs: number | undefined;
}

/** The first times, at most `limit`, from one to another, both included. */
export function timesBetween(schedule: Schedule, startMs: number, endMs: number, limit: number): FoundTimes {
  const { definition, jitterSeed } = schedule;
  try {
    return { times: timesOf(definition.spec).between(startMs, endMs, limit, jitterSeed), reachedMs: undefined };
  } catch (error) {
    if (error instanceof SearchGivenUpError) return { times: error.found, reachedMs: error.reachedMs };
    throw error;
  }
}

/** As far as a search for it goes. */
export function nextTime(schedule: Schedule, afterMs: number): ScheduledTime | undefined {
  return timesBetween(schedule, afterMs + 1, Number.POSITIVE_INFINITY, 1).times[0];
}

/** The times of its spec lead to actions. */
export function actsBySpec({ definition: { state } }: Schedule): boolean {
  return !state.paused && !(state.limitedActions && state.remainingActions <= 0);
}

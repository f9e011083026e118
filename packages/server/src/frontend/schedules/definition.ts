// A schedule as a request gives it: checked, and made canonical and complete.

import { code, invalidArgument, StatusError } from '@perdure/api';
import { ScheduleOverlapPolicy as Overlap } from '@perdure/api/enums';
import { Schedule, type SchedulePatch, type SchedulePolicies } from '@perdure/api/schedule';
import { byteLength, canonicalSpec, type Definition } from '@perdure/core';
import type { FrontendContext } from '../context.ts';
import type { Namespace } from '../namespaces/registry.ts';
import { checkAction } from './action.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
const CATCHUP_WINDOW_DEFAULT_MS = 365 * DAY_MS;
const CATCHUP_WINDOW_MIN_MS = 10_000;
const NOTES_BYTES_MAX = 1000;
/** What is left out is empty: encoded messages that follow each other are one. */
const EMPTY = Schedule.encode({ spec: {}, policies: {}, state: {} });
type CompleteSchedule = Schedule & Pick<Definition, 'spec' | 'policies' | 'state'>;

/** @throws INVALID_ARGUMENT, UNIMPLEMENTED */
export function checkDefinition(
  context: FrontendContext,
  namespace: Namespace,
  schedule: Schedule | undefined,
): Definition {
  // A copy: it is kept for longer than the request that it is part of.
  const { spec, action, policies, state } = Schedule.decode(
    Buffer.concat([EMPTY, Schedule.encode(schedule ?? {})]),
  ) as CompleteSchedule;
  const checkedAction = checkAction(context, namespace, action?.startWorkflow);
  checkNotes(state.notes);
  const canonical = explained(() => canonicalSpec(spec));
  return { spec: canonical, action: checkedAction, policies: completePolicies(policies), state };
}

/** What is wrong with a spec, as clients know it. */
export function explained<T>(use: () => T): T {
  try {
    return use();
  } catch (error) {
    if (error instanceof StatusError && error.code === code.INVALID_ARGUMENT) {
      throw invalidArgument(`Invalid schedule spec: ${error.message}`);
    }
    throw error;
  }
}

function completePolicies(policies: SchedulePolicies): SchedulePolicies {
  const { overlapPolicy, catchupWindow = CATCHUP_WINDOW_DEFAULT_MS } = policies;
  return {
    ...policies,
    overlapPolicy: overlapPolicy || Overlap.SKIP,
    catchupWindow: Math.max(CATCHUP_WINDOW_MIN_MS, catchupWindow),
  };
}

/** @throws INVALID_ARGUMENT */
export function checkPatch(patch: SchedulePatch): void {
  checkNotes(patch.pause);
  checkNotes(patch.unpause);
}

function checkNotes(notes: string): void {
  if (byteLength(notes) > NOTES_BYTES_MAX) throw invalidArgument('Schedule notes exceeds limit.');
}

// What a schedule does at a time when what it started before is still running.
import { schedules } from '../../messages/schedules.ts';
import type { Choice } from '../../system/Field.tsx';

const PREFIX = 'SCHEDULE_OVERLAP_POLICY_';
/** As the API names them, and as the command line does. */
const POLICIES = {
  SKIP: 'Skip',
  BUFFER_ONE: 'BufferOne',
  BUFFER_ALL: 'BufferAll',
  CANCEL_OTHER: 'CancelOther',
  TERMINATE_OTHER: 'TerminateOther',
  ALLOW_ALL: 'AllowAll',
} as const;

type Policy = keyof typeof POLICIES;

/** The values are those of the API. */
export const OVERLAP_CHOICES: readonly Choice<string>[] = (Object.keys(POLICIES) as Policy[]).map((policy) => ({
  value: PREFIX + policy,
  words: schedules.overlap[policy],
}));

export const OVERLAP_DEFAULT = `${PREFIX}SKIP`;
/** Lets the schedule decide. */
export const OVERLAP_UNSPECIFIED = `${PREFIX}UNSPECIFIED`;

export function overlapWords(policy = OVERLAP_DEFAULT): string {
  return OVERLAP_CHOICES.find(({ value }) => value === policy)?.words ?? policy.replace(PREFIX, '');
}

/** undefined: as the schedule says. */
export function overlapOption(policy: string): (typeof POLICIES)[Policy] | undefined {
  return POLICIES[policy.replace(PREFIX, '') as Policy];
}

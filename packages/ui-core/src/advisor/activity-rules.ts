// Advice about timeouts and retries of activities.
import { type EventGroup, isOpen } from '../groups/group.ts';
import { attributesOf } from '../history/event.ts';
import { failureType, rootFailure } from '../history/failures.ts';
import { parseDuration } from '../time/timestamp.ts';
import { durationWords } from '../time/words.ts';
import type { Rule } from './rule.ts';

export const LONG_ATTEMPT_MS = 5 * 60_000;
export const MANY_ATTEMPTS = 10;
export const SOME_ATTEMPTS = 3;
export const LONG_QUEUE_MS = 30_000;

/** Of failures that another attempt does not heal: the code or its input is wrong. */
const PERMANENT =
  /^(TypeError|ReferenceError|SyntaxError|RangeError|ValueError|KeyError|AttributeError|NullPointerException|IllegalArgumentException)$|(Validation|InvalidArgument|Unauthorized|Forbidden|NotFound)/;

interface Limits {
  readonly scheduleToCloseMs: number;
  readonly startToCloseMs: number;
  readonly heartbeatMs: number;
  /** 0: no limit. */
  readonly attempts: number;
  readonly initialMs: number;
  readonly coefficient: number;
  readonly maximumMs: number;
}

/** undefined: it is no activity, or its first event did not come yet. */
function limitsOf({ kind, events, maximumAttempts }: EventGroup): Limits | undefined {
  const [scheduled] = events;
  if (kind !== 'activity' || scheduled?.eventType !== 'EVENT_TYPE_ACTIVITY_TASK_SCHEDULED') return undefined;
  const { retryPolicy, ...attributes } = attributesOf(scheduled);
  const initialMs = parseDuration(retryPolicy?.initialInterval) ?? 1_000;
  return {
    scheduleToCloseMs: parseDuration(attributes.scheduleToCloseTimeout) ?? 0,
    startToCloseMs: parseDuration(attributes.startToCloseTimeout) ?? 0,
    heartbeatMs: parseDuration(attributes.heartbeatTimeout) ?? 0,
    attempts: maximumAttempts,
    initialMs,
    coefficient: retryPolicy?.backoffCoefficient ?? 2,
    maximumMs: parseDuration(retryPolicy?.maximumInterval) || initialMs * 100,
  };
}

function activities(groups: readonly EventGroup[], fits: (limits: Limits, group: EventGroup) => boolean) {
  return groups.filter((group) => {
    const limits = limitsOf(group);
    return limits !== undefined && fits(limits, group);
  });
}

/** The least that passes before the last attempt begins. */
function backoffMs({ attempts, initialMs, coefficient, maximumMs, scheduleToCloseMs }: Limits): number {
  let sumMs = 0;
  let nextMs = initialMs;
  for (let attempt = 1; attempt < attempts && sumMs <= scheduleToCloseMs; attempt += 1) {
    sumMs += Math.min(nextMs, maximumMs);
    nextMs *= coefficient;
  }
  return sumMs;
}

function isEndless({ attempts, scheduleToCloseMs }: Limits, group: EventGroup): boolean {
  if (!isOpen(group) || attempts > 0 || scheduleToCloseMs > 0) return false;
  const root = rootFailure(group.lastFailure);
  const isPermanent = root !== undefined && PERMANENT.test(failureType(root));
  return group.attempt >= (isPermanent ? SOME_ATTEMPTS : MANY_ATTEMPTS);
}

export const ACTIVITY_RULES: readonly Rule[] = [
  {
    id: 'endless-retries',
    severity: 'warning',
    title: 'It is retried without end',
    explanation: (found) =>
      `${names(found)} failed again and again, and nothing limits the attempts: the run may wait for ever.`,
    advice:
      'Heal what fails. If another attempt cannot help, throw a non-retryable failure, or list its type in the retry policy; else set a schedule-to-close timeout or a maximum of attempts.',
    find: ({ groups }) => activities(groups, isEndless),
  },
  {
    id: 'no-heartbeat',
    severity: 'info',
    title: 'A lost attempt is noticed late',
    explanation: (found) =>
      `An attempt of ${names(found)} may take ${durationWords(LONG_ATTEMPT_MS)} or more, and there is no heartbeat timeout: if its worker dies, nobody knows before that time is over.`,
    advice: 'Set a heartbeat timeout, and heartbeat more often than that.',
    find: ({ groups }) =>
      activities(groups, ({ startToCloseMs, heartbeatMs }) => startToCloseMs >= LONG_ATTEMPT_MS && heartbeatMs === 0),
  },
  {
    id: 'no-second-attempt',
    severity: 'warning',
    title: 'There is no time for a second attempt',
    explanation: (found) =>
      `One attempt of ${names(found)} may take as long as all of them together. If its worker dies, all the time is over when that is noticed.`,
    advice: 'Set a start-to-close timeout for what one attempt takes, shorter than the schedule-to-close timeout.',
    find: ({ groups }) =>
      activities(groups, ({ scheduleToCloseMs, startToCloseMs, heartbeatMs, attempts }) => {
        const usesAll = startToCloseMs === 0 || startToCloseMs >= scheduleToCloseMs;
        return scheduleToCloseMs > 0 && usesAll && heartbeatMs === 0 && attempts !== 1;
      }),
  },
  {
    id: 'retries-cut-short',
    severity: 'info',
    title: 'Not all attempts fit into the time',
    explanation: (found) =>
      `The waits between the attempts of ${names(found)} take longer than its schedule-to-close timeout, so the last ones never begin.`,
    advice: 'Raise the schedule-to-close timeout, shorten the intervals, or ask for fewer attempts.',
    find: ({ groups }) =>
      activities(groups, (limits) => limits.scheduleToCloseMs > 0 && backoffMs(limits) >= limits.scheduleToCloseMs),
  },
  {
    id: 'long-queue-wait',
    severity: 'warning',
    title: 'It waits long for a worker',
    explanation: (found) =>
      `${names(found)} was in a task queue for ${durationWords(LONG_QUEUE_MS)} or more before it began: there are no workers, or too few for the load.`,
    advice: 'Look at the task queue: start workers, or raise how many tasks each may have at a time.',
    find: ({ groups, nowMs }) =>
      groups.filter((group) => isWork(group) && group.segments.some((each) => isLongWait(each, nowMs))),
  },
];

/** A history does not tell when a retry came into its queue. */
function isWork({ kind, attempt }: EventGroup): boolean {
  return (kind === 'activity' || kind === 'workflowTask') && attempt <= 1;
}

function isLongWait({ kind, fromMs, toMs }: EventGroup['segments'][number], nowMs: number): boolean {
  return kind === 'queued' && (toMs ?? nowMs) - fromMs >= LONG_QUEUE_MS;
}

const NAMES_MAX = 3;

/** "chargeCard, sendReceipt and 2 more" */
export function names(found: readonly EventGroup[]): string {
  const all = [...new Set(found.map(({ name }) => name))];
  const more = all.length - NAMES_MAX;
  return `${all.slice(0, NAMES_MAX).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

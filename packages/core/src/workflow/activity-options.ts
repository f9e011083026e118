// The options of an activity: what they must be, what follows from them, and how they are changed from outside.

import { invalidArgument } from '@perdure/api';
import type { ActivityOptions as WireOptions } from '@perdure/api/activity';
import type { RetryPolicy as WireRetryPolicy } from '@perdure/api/common';
import { TaskQueueKind } from '@perdure/api/enums';
import type { Init } from '@perdure/api/wire';
import { checkRetryPolicy, fromWireRetryPolicy, toWireRetryPolicy, withRetryDefaults } from '../retry.ts';
import { capDuration, checkDuration, checkTaskQueueName } from './checks.ts';
import { fromWirePriority } from './priority.ts';
import type { Activity, ActivityOptions } from './state.ts';

/** As commands and options carry them, ms. */
export interface Timeouts {
  readonly scheduleToCloseTimeout: number | undefined;
  readonly scheduleToStartTimeout: number | undefined;
  readonly startToCloseTimeout: number | undefined;
  readonly heartbeatTimeout: number | undefined;
}

const TIMEOUTS = [
  'scheduleToCloseTimeout',
  'scheduleToStartTimeout',
  'startToCloseTimeout',
  'heartbeatTimeout',
] as const satisfies readonly (keyof Timeouts)[];

/** What is wrong with the timeouts (texts that clients know), or undefined. */
export function checkTimeouts(timeouts: Timeouts, activityId: string, activityType: string): string | undefined {
  const ids = `ActivityId=${activityId} ActivityType=${activityType}`;
  for (const name of TIMEOUTS) {
    const negative = checkDuration(timeouts[name]);
    if (negative !== undefined) return `invalid ${name.charAt(0).toUpperCase()}${name.slice(1)}: ${negative}`;
  }
  if (!timeouts.scheduleToCloseTimeout && !timeouts.startToCloseTimeout) {
    return `a valid StartToCloseTimeout or ScheduleToCloseTimeout must be set on the activity. ${ids}`;
  }
  return undefined;
}

/** What is not given follows from what is; nothing outlives the run. 0 = no limit. */
export function normaliseTimeouts(a: Timeouts, runTimeoutMs: number) {
  let scheduleToClose = capDuration(a.scheduleToCloseTimeout);
  let scheduleToStart = capDuration(a.scheduleToStartTimeout);
  let startToClose = capDuration(a.startToCloseTimeout);
  if (scheduleToClose > 0) {
    scheduleToStart = scheduleToStart > 0 ? Math.min(scheduleToStart, scheduleToClose) : scheduleToClose;
    startToClose = startToClose > 0 ? Math.min(startToClose, scheduleToClose) : scheduleToClose;
  } else {
    scheduleToClose = runTimeoutMs;
    scheduleToStart = scheduleToStart > 0 ? scheduleToStart : runTimeoutMs;
  }
  const withinRun = (ms: number) => (runTimeoutMs > 0 ? Math.min(ms, runTimeoutMs) : ms);
  startToClose = withinRun(startToClose);
  return {
    scheduleToCloseTimeout: withinRun(scheduleToClose),
    scheduleToStartTimeout: withinRun(scheduleToStart),
    startToCloseTimeout: startToClose,
    heartbeatTimeout: Math.min(withinRun(capDuration(a.heartbeatTimeout)), startToClose),
  };
}

export function optionsOf(activity: ActivityOptions): ActivityOptions {
  const { taskQueue, scheduleToCloseMs, scheduleToStartMs, startToCloseMs, heartbeatMs, retryPolicy, priority } =
    activity;
  return { taskQueue, scheduleToCloseMs, scheduleToStartMs, startToCloseMs, heartbeatMs, retryPolicy, priority };
}

export function toWireOptions(options: ActivityOptions): Init<WireOptions> {
  return {
    taskQueue: { name: options.taskQueue, kind: TaskQueueKind.NORMAL },
    scheduleToCloseTimeout: options.scheduleToCloseMs,
    scheduleToStartTimeout: options.scheduleToStartMs,
    startToCloseTimeout: options.startToCloseMs,
    heartbeatTimeout: options.heartbeatMs,
    retryPolicy: options.retryPolicy === undefined ? undefined : toWireRetryPolicy(options.retryPolicy),
    priority: options.priority,
  };
}

/** Options as an event or a change has them: complete, with all that follows filled in. */
export function fromWireOptions(wire: Init<WireOptions>): ActivityOptions {
  return {
    taskQueue: wire.taskQueue?.name ?? '',
    scheduleToCloseMs: wire.scheduleToCloseTimeout ?? 0,
    scheduleToStartMs: wire.scheduleToStartTimeout ?? 0,
    startToCloseMs: wire.startToCloseTimeout ?? 0,
    heartbeatMs: wire.heartbeatTimeout ?? 0,
    retryPolicy: fromWireRetryPolicy(wire.retryPolicy),
    priority: fromWirePriority(wire.priority),
  };
}

/** What a request changes: the fields of `given` that `fields` names, as paths in camel case. */
export interface OptionsChange {
  readonly given: WireOptions;
  readonly fields: ReadonlySet<string>;
}

/** How to name the queue: the API's own path, the whole message, and what Temporal's command line sends. */
const QUEUE_FIELDS = ['taskQueue', 'taskQueue.name', 'taskQueueName'];
const PRIORITY_FIELDS = ['priorityKey', 'fairnessKey', 'fairnessWeight'] as const;
const RETRY_FIELDS = ['initialInterval', 'backoffCoefficient', 'maximumInterval', 'maximumAttempts'] as const;
const FIELDS: ReadonlySet<string> = new Set([
  ...QUEUE_FIELDS,
  ...TIMEOUTS,
  'priority',
  ...PRIORITY_FIELDS.map((name) => `priority.${name}`),
  'retryPolicy',
  ...RETRY_FIELDS.map((name) => `retryPolicy.${name}`),
]);

/** The options of the activity after the change. @throws INVALID_ARGUMENT */
export function changeOptions(activity: Activity, change: OptionsChange, idLengthMax: number): ActivityOptions {
  const { given, fields } = change;
  for (const field of fields) {
    if (!FIELDS.has(field)) throw invalidArgument(`${field} is not an option of an activity that can be updated.`);
  }
  const taskQueue = QUEUE_FIELDS.some((field) => fields.has(field))
    ? required(given, 'taskQueue').name
    : activity.taskQueue;
  const timeouts = { ...toWireTimeouts(activity) };
  for (const name of TIMEOUTS) if (fields.has(name)) timeouts[name] = given[name];
  const problem =
    checkTaskQueueName(taskQueue, idLengthMax) ?? checkTimeouts(timeouts, activity.activityId, activity.activityType);
  if (problem !== undefined) throw invalidArgument(problem);
  const normal = normaliseTimeouts(timeouts, 0);
  return {
    taskQueue,
    scheduleToCloseMs: normal.scheduleToCloseTimeout,
    scheduleToStartMs: normal.scheduleToStartTimeout,
    startToCloseMs: normal.startToCloseTimeout,
    heartbeatMs: normal.heartbeatTimeout,
    retryPolicy: changeRetryPolicy(activity, change),
    priority: changePriority(activity, change),
  };
}

function toWireTimeouts(options: ActivityOptions): { -readonly [K in keyof Timeouts]: Timeouts[K] } {
  const { scheduleToCloseTimeout, scheduleToStartTimeout, startToCloseTimeout, heartbeatTimeout } =
    toWireOptions(options);
  return { scheduleToCloseTimeout, scheduleToStartTimeout, startToCloseTimeout, heartbeatTimeout };
}

function changePriority(activity: Activity, { given, fields }: OptionsChange): ActivityOptions['priority'] {
  const priority = { ...(fields.has('priority') ? fromWirePriority(given.priority) : activity.priority) };
  for (const name of PRIORITY_FIELDS) {
    if (fields.has(`priority.${name}`)) Object.assign(priority, { [name]: required(given, 'priority')[name] });
  }
  return Object.keys(priority).length === 0 ? undefined : fromWirePriority(priority);
}

/** Which failures are never tried again is not changed: the API has no path for it but the whole policy. */
function changeRetryPolicy(activity: Activity, { given, fields }: OptionsChange): ActivityOptions['retryPolicy'] {
  const before = activity.retryPolicy === undefined ? undefined : toWireRetryPolicy(activity.retryPolicy);
  const whole = fields.has('retryPolicy');
  const changed: Partial<WireRetryPolicy> = { ...(whole ? required(given, 'retryPolicy') : before) };
  const single = RETRY_FIELDS.filter((name) => fields.has(`retryPolicy.${name}`));
  if (!whole && single.length === 0) return activity.retryPolicy;
  for (const name of single) Object.assign(changed, { [name]: required(given, 'retryPolicy')[name] });
  const policy: WireRetryPolicy = {
    initialInterval: changed.initialInterval,
    backoffCoefficient: changed.backoffCoefficient ?? 0,
    maximumInterval: changed.maximumInterval,
    maximumAttempts: changed.maximumAttempts ?? 0,
    nonRetryableErrorTypes: [...(before?.nonRetryableErrorTypes ?? [])],
  };
  const problem = checkRetryPolicy(policy);
  if (problem !== undefined) throw invalidArgument(problem);
  return withRetryDefaults(policy);
}

const NAMES = { taskQueue: 'TaskQueue', priority: 'Priority', retryPolicy: 'RetryPolicy' } as const;

function required<K extends keyof typeof NAMES>(given: WireOptions, name: K): NonNullable<WireOptions[K]> {
  const value = given[name];
  if (value === undefined || value === null) throw invalidArgument(`${NAMES[name]} is not provided`);
  return value;
}

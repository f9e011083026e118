// `activity update-options`.

import { parseJson } from '@perdure/api/json';
import type { JsonObject } from '../../client/client.ts';
import type { Message } from '../../client/message.ts';
import type { Context } from '../../context.ts';
import { durationText } from '../../output/durations.ts';
import { JsonNodeValue } from '../../output/json.ts';
import { type ActivityTarget, readTarget } from './target.ts';

/** Options of the command, and the fields of the API that they set. */
const DURATIONS = {
  'schedule-to-close-timeout': 'schedule_to_close_timeout',
  'schedule-to-start-timeout': 'schedule_to_start_timeout',
  'start-to-close-timeout': 'start_to_close_timeout',
  'heartbeat-timeout': 'heartbeat_timeout',
  'start-delay': 'start_delay',
  'retry-initial-interval': 'retry_policy.initial_interval',
  'retry-maximum-interval': 'retry_policy.maximum_interval',
} as const;
const NUMBERS = {
  'retry-backoff-coefficient': 'retry_policy.backoff_coefficient',
  'retry-maximum-attempts': 'retry_policy.maximum_attempts',
} as const;

interface Options {
  readonly taskQueue?: { readonly name?: string };
  readonly scheduleToCloseTimeout?: string;
  readonly scheduleToStartTimeout?: string;
  readonly startToCloseTimeout?: string;
  readonly heartbeatTimeout?: string;
  readonly startDelay?: string;
  readonly retryPolicy?: {
    readonly initialInterval?: string;
    readonly backoffCoefficient?: number;
    readonly maximumInterval?: string;
    readonly maximumAttempts?: number;
  };
}

export async function updateOptions(context: Context): Promise<undefined> {
  const { given } = context;
  if (given.has('start-delay') && (given.has('workflow-id') || given.has('query'))) {
    throw context.wrong('--start-delay is for standalone activities: it does not go with --workflow-id or --query');
  }
  const client = await context.client();
  const target = await readTarget(context);
  const change = { identity: client.identity, ...changeOf(context) };
  if (target.startBatch !== undefined) {
    await target.startBatch({ updateActivityOptionsOperation: { ...change, matchAll: true } });
    return;
  }
  const reply = await update(context, target, change);
  await show(context, reply.value.activityOptions ?? {});
}

async function update(
  context: Context,
  target: ActivityTarget,
  change: JsonObject,
): Promise<Message<{ activityOptions?: Options }>> {
  const client = await context.client();
  const request = { namespace: client.namespace, ...change };
  return target.isStandalone
    ? client.call('UpdateActivityExecutionOptions', { ...request, ...target.standalone })
    : client.call('UpdateActivityOptions', { ...request, ...target.ofWorkflow });
}

/** The new values, and which they are. */
function changeOf(context: Context): JsonObject {
  const { given } = context;
  const values = new Map<string, string | number>();
  if (given.has('task-queue')) values.set('task_queue.name', given.text('task-queue'));
  for (const [name, path] of Object.entries(DURATIONS)) {
    const duration = given.duration(name);
    if (duration !== undefined) values.set(path, duration);
  }
  for (const [name, path] of Object.entries(NUMBERS)) {
    const number = given.number(name);
    if (number !== undefined) values.set(path, number);
  }
  const restoreOriginal = given.isOn('restore-original-options');
  if (values.size === 0 && !restoreOriginal) {
    throw context.wrong('there is nothing to change: give an option of the activity, or --restore-original-options');
  }
  const paths = [...values.keys()];
  // Proto JSON has masks as one text, in its own spelling of names.
  const updateMask = paths.length === 0 ? undefined : paths.map(camelCase).join(',');
  return { activityOptions: nested(values), updateMask, restoreOriginal };
}

function nested(values: ReadonlyMap<string, string | number>): JsonObject {
  const options: Record<string, string | number | Record<string, string | number>> = {};
  for (const [path, value] of values) {
    const [name = '', member] = path.split('.').map(camelCase);
    if (member === undefined) options[name] = value;
    else options[name] = { ...(options[name] as Record<string, string | number> | undefined), [member]: value };
  }
  return options;
}

function camelCase(name: string): string {
  return name.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

/** For programs: names and nanoseconds, as other command lines have them. */
async function show({ out }: Context, options: Options): Promise<void> {
  const { retryPolicy = {} } = options;
  const durations = {
    ScheduleToCloseTimeout: options.scheduleToCloseTimeout,
    ScheduleToStartTimeout: options.scheduleToStartTimeout,
    StartToCloseTimeout: options.startToCloseTimeout,
    HeartbeatTimeout: options.heartbeatTimeout,
    StartDelay: options.startDelay,
  };
  const { initialInterval, backoffCoefficient = 0, maximumInterval, maximumAttempts = 0 } = retryPolicy;
  const taskQueue = options.taskQueue?.name ?? '';
  const shown = {
    TaskQueue: taskQueue,
    ...Object.fromEntries(Object.entries(durations).map(([name, duration]) => [name, nanoseconds(duration)])),
    InitialInterval: nanoseconds(initialInterval),
    BackoffCoefficient: backoffCoefficient,
    MaximumInterval: nanoseconds(maximumInterval),
    MaximumAttempts: maximumAttempts,
  };
  await out.object(shown, () =>
    out.card('', [
      ['TaskQueue', taskQueue],
      ...Object.entries(durations).map(([name, duration]) => [name, durationText(duration)] as const),
      ['InitialInterval', durationText(initialInterval)],
      ['BackoffCoefficient', backoffCoefficient],
      ['MaximumInterval', durationText(maximumInterval)],
      ['MaximumAttempts', maximumAttempts === 0 ? 'unlimited' : maximumAttempts],
    ]),
  );
}

function nanoseconds(duration = '0s'): JsonNodeValue {
  const [seconds = '0', fraction = ''] = duration.slice(0, -1).split('.');
  return new JsonNodeValue(parseJson(String(BigInt(`${seconds}${fraction.padEnd(9, '0')}`))));
}

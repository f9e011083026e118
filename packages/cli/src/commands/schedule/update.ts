// `schedule update`: changes what is given, and leaves the rest as it is; --replace makes it anew.

import { randomUUID } from 'node:crypto';
import { code, StatusError } from '@perdure/api';
import type { JsonObject } from '../../client/client.ts';
import type { Message } from '../../client/message.ts';
import type { Context } from '../../context.ts';
import { startMembers } from '../start-options.ts';
import { newSchedule } from './create.ts';
import { policiesOf, saysWhen, specOf, stateOf } from './spec.ts';

/** Of others who change the schedule at the same time. */
const ATTEMPTS_MAX = 10;

/** As the API tells it, and takes it back. */
interface Schedule extends JsonObject {
  readonly spec?: JsonObject;
  readonly action?: { readonly startWorkflow?: JsonObject };
  readonly policies?: JsonObject;
  readonly state?: JsonObject;
}

interface Described {
  readonly schedule?: Schedule;
  readonly conflictToken?: string;
}

export async function update(context: Context): Promise<undefined> {
  const { given, out } = context;
  const reply = given.isOn('replace') ? await replace(context) : await change(context);
  await out.object(reply, () => out.line(`Schedule ${given.text('schedule-id')} updated`));
}

async function replace(context: Context): Promise<Message> {
  const missing = ['type', 'task-queue'].filter((name) => !context.given.has(name));
  if (missing.length > 0) {
    throw context.wrong(`with --replace, ${missing.map((name) => `--${name}`).join(' and ')} must be given`);
  }
  return write(context, await newSchedule(context), undefined);
}

/** What others have changed meanwhile is kept: it is read again. */
async function change(context: Context): Promise<Message> {
  const edit = await editOf(context);
  const client = await context.client();
  for (let attempt = 1; ; attempt++) {
    const { value } = await client.call<Described>('DescribeSchedule', {
      namespace: client.namespace,
      scheduleId: context.given.text('schedule-id'),
    });
    try {
      return await write(context, edit(value.schedule ?? {}), value.conflictToken);
    } catch (error) {
      const isConflict = error instanceof StatusError && error.code === code.FAILED_PRECONDITION;
      if (!isConflict || attempt === ATTEMPTS_MAX) throw error;
    }
  }
}

async function write(context: Context, schedule: JsonObject, conflictToken: string | undefined): Promise<Message> {
  const client = await context.client();
  return client.call('UpdateSchedule', {
    namespace: client.namespace,
    scheduleId: context.given.text('schedule-id'),
    schedule,
    conflictToken,
    identity: client.identity,
    requestId: randomUUID(),
  });
}

/** @throws {UsageError} nothing was given, or something is wrong */
async function editOf(context: Context): Promise<(schedule: Schedule) => Schedule> {
  const action = await startMembers(context);
  const [spec, policies, state] = [specOf(context), policiesOf(context), stateOf(context)];
  const isEmpty = [action, spec, policies, state].every((part) => Object.keys(part).length === 0);
  if (isEmpty) throw context.wrong('there is nothing to change: give an option of the schedule or of its workflow');
  return (before) => ({
    spec: { ...(saysWhen(context) ? withoutCalendars(before.spec) : before.spec), ...spec },
    action: { startWorkflow: mergedAction(before.action?.startWorkflow ?? {}, action) },
    policies: { ...before.policies, ...policies },
    state: { ...before.state, ...state },
  });
}

/** The new spec says all the rest of when; calendars and cron texts come back as structured ones. Exclusions stay. */
function withoutCalendars(spec: JsonObject = {}): JsonObject {
  return { ...spec, structuredCalendar: undefined };
}

/** Of what is kept under names, such as a memo, other names stay. */
function mergedAction(before: JsonObject, action: JsonObject): JsonObject {
  const merged: Record<string, JsonObject[string]> = { ...before, ...action };
  for (const [member, field] of [
    ['memo', 'fields'],
    ['searchAttributes', 'indexedFields'],
    ['header', 'fields'],
  ] as const) {
    if (action[member] === undefined) continue;
    const [old, given] = [before, action].map((one) => asObject(asObject(one[member])[field]));
    merged[member] = { [field]: { ...old, ...given } };
  }
  for (const member of ['userMetadata', 'priority']) {
    if (action[member] !== undefined) merged[member] = { ...asObject(before[member]), ...asObject(action[member]) };
  }
  return merged;
}

function asObject(value: JsonObject[string]): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {};
}

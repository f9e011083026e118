// From the options to the parts of a schedule. Each says only what was given: an update leaves the rest as it is.

import type { JsonObject } from '../../client/client.ts';
import type { Context } from '../../context.ts';
import { enumJson } from '../../output/texts.ts';
import { durationJson, parseDurationMs } from '../../table/values.ts';
import { present } from '../start-options.ts';

const CALENDAR_FIELDS = ['second', 'minute', 'hour', 'dayOfMonth', 'month', 'year', 'dayOfWeek', 'comment'];

/** Options that say when: what is given of them stands for all of them. */
const WHEN = ['calendar', 'cron', 'interval'];

export function saysWhen({ given }: Context): boolean {
  return WHEN.some((name) => given.has(name));
}

/** @throws {UsageError} */
export function specOf(context: Context): JsonObject {
  const { given } = context;
  return {
    ...(saysWhen(context) ? whenOf(context) : {}),
    ...present({
      startTime: given.time('start-time'),
      endTime: given.time('end-time'),
      jitter: given.duration('jitter'),
      timezoneName: given.last('time-zone'),
    }),
  };
}

function whenOf(context: Context): JsonObject {
  const { given } = context;
  return {
    calendar: given.all('calendar').map((text) => calendarOf(context, text)),
    cronString: given.all('cron'),
    interval: given.all('interval').map((text) => intervalOf(context, text)),
  };
}

function calendarOf(context: Context, text: string): JsonObject {
  const fields = fieldsOf(text);
  if (fields === undefined) {
    throw context.wrong(`--calendar must be a JSON object like {"dayOfWeek":"Fri","hour":"17","minute":"5"}: ${text}`);
  }
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => {
      const known = CALENDAR_FIELDS.find((one) => one === camelCase(name));
      if (known === undefined) {
        throw context.wrong(`--calendar has no "${name}"; there are ${CALENDAR_FIELDS.join(', ')}`);
      }
      if (typeof value !== 'string' && typeof value !== 'number') {
        throw context.wrong(`"${name}" of --calendar must be text like "9-17" or "*/5"`);
      }
      return [known, String(value)];
    }),
  );
}

function fieldsOf(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value = JSON.parse(text) as unknown;
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Proto JSON knows both spellings of a field. */
function camelCase(name: string): string {
  return name.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

/** `45m`, or `6h/5h` with a phase. */
function intervalOf(context: Context, text: string): JsonObject {
  const [every, phase, ...more] = text.split('/').map(parseDurationMs);
  const isWrong = every === undefined || more.length > 0 || (text.includes('/') && phase === undefined);
  if (isWrong) throw context.wrong(`--interval must be a duration like 45m, or two like 6h/5h with the shift: ${text}`);
  return present({ interval: durationJson(every), phase: phase === undefined ? undefined : durationJson(phase) });
}

export function policiesOf(context: Context): JsonObject {
  const { given } = context;
  return present({
    overlapPolicy: overlapPolicyOf(context),
    catchupWindow: given.duration('catchup-window'),
    pauseOnFailure: given.has('pause-on-failure') ? given.isOn('pause-on-failure') : undefined,
  });
}

export function stateOf({ given }: Context): JsonObject {
  const remaining = given.number('remaining-actions');
  return present({
    notes: given.last('notes'),
    paused: given.has('paused') ? given.isOn('paused') : undefined,
    limitedActions: remaining === undefined ? undefined : remaining > 0,
    remainingActions: remaining,
  });
}

/** Undefined: none was given. */
export function overlapPolicyOf({ given }: Context): string | undefined {
  const policy = given.last('overlap-policy');
  return policy === undefined ? undefined : enumJson('SCHEDULE_OVERLAP_POLICY', policy);
}

export const OVERLAP_DEFAULT = 'SCHEDULE_OVERLAP_POLICY_SKIP';

// The form as a command of `perdure`: all of it to create a schedule, what was changed to update one.
import type { Action } from '@perdure/ui-core';
import { objectOf } from '../../../payloads/payload-text.ts';
import { milliseconds } from '../../../system/problem.ts';
import { workflowOptions } from '../../start/workflow-form.ts';
import { instantText } from '../local-time.ts';
import { overlapOption } from '../overlap.ts';
import type { ScheduleForm } from './form.ts';
import type { CalendarPart } from './parts.ts';

type Create = Extract<Action, { readonly command: 'schedule create' }>;
type Parameters = Omit<Create, 'command' | 'scheduleId'>;

/** @throws {FieldError} */
export function createCommand(scheduleId: string, form: ScheduleForm, zone: string): Action {
  const { overlapPolicy = 'Skip', ...parameters } = parametersOf(form, zone);
  // What goes without saying is not said.
  const policy = overlapPolicy === 'Skip' ? {} : { overlapPolicy };
  const own = { scheduleMemo: objectOf(form.ownMemo), scheduleSearchAttribute: objectOf(form.ownSearchAttributes) };
  return { command: 'schedule create', scheduleId: scheduleId || 'ID', ...parameters, ...policy, ...own };
}

/** undefined: nothing was changed that the command can change. @throws {FieldError} */
export function updateCommand(
  scheduleId: string,
  form: ScheduleForm,
  before: ScheduleForm,
  zone: string,
): Action | undefined {
  const [now, then] = [parametersOf(form, zone), parametersOf(before, zone)];
  const changed = Object.entries(now).filter(([name, value]) => !isSame(value, then[name as keyof Parameters]));
  if (changed.length === 0) return undefined;
  // Whichever of these is given stands for all three.
  const { calendar = [], interval = [], cron = [] } = now;
  const saysWhen = changed.some(([name]) => ['calendar', 'interval', 'cron'].includes(name));
  const when = saysWhen ? { calendar, interval, cron } : {};
  return { command: 'schedule update', scheduleId, ...Object.fromEntries(changed), ...when };
}

/**
 * Is there something that the command cannot do: what it has no options for, or what it can set, but not take away?
 * @param before undefined: it is a new schedule
 * @throws {FieldError}
 */
export function beyondCommand(form: ScheduleForm, before: ScheduleForm | undefined, zone: string): boolean {
  if (before === undefined) return form.retry || form.except.length > 0;
  if (!isSame(withoutOptions(form), withoutOptions(before))) return true;
  const [now, then] = [parametersOf(form, zone), parametersOf(before, zone)];
  if (form.parts.length === 0 && before.parts.length > 0) return true;
  // Of these, any takes the place of all.
  const { calendar: _, interval: __, cron: ___, ...rest } = then;
  return Object.entries(rest).some(([name, value]) => takesAway(value, now[name as keyof Parameters]));
}

function withoutOptions(form: ScheduleForm) {
  const { retry, retryAttempts, retryInitial, retryCoefficient, retryMaximum, except, ownMemo, ownSearchAttributes } =
    form;
  return [retry, retryAttempts, retryInitial, retryCoefficient, retryMaximum, except, ownMemo, ownSearchAttributes];
}

/** A switch that is off, an empty list, or a name that is gone, is not on the command line. */
function takesAway(before: unknown, now: unknown): boolean {
  if (before === true) return now !== true;
  if (Array.isArray(before)) return before.length > 0 && isSame(now, []);
  if (typeof before !== 'object' || before === null) return before !== false && now === undefined;
  return Object.keys(before).some((name) => !Object.hasOwn(now as object, name));
}

function parametersOf(form: ScheduleForm, zone: string): Parameters {
  const { parts } = form;
  const all = {
    ...workflowOptions(form),
    workflowId: text(form.workflowId),
    calendar: parts.flatMap((part) => (part.kind === 'calendar' ? [calendarJson(part)] : [])),
    interval: parts.flatMap((part) => (part.kind === 'interval' ? [intervalText(part.every, part.phase)] : [])),
    cron: parts.flatMap((part) => (part.kind === 'cron' ? [part.text.trim()] : [])),
    timeZone: text(form.timeZone),
    startTime: form.start === '' ? undefined : instantText(form.start, zone),
    endTime: form.end === '' ? undefined : instantText(form.end, zone),
    jitterMs: milliseconds(form.jitter),
    ...policiesOf(form),
    overlapPolicy: overlapOption(form.overlapPolicy),
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)) as unknown as Parameters;
}

function policiesOf(form: ScheduleForm) {
  return {
    catchupWindowMs: milliseconds(form.catchupWindow),
    pauseOnFailure: form.pauseOnFailure,
    paused: form.paused,
    notes: text(form.notes),
    remainingActions: form.remaining.trim() === '' ? undefined : Number(form.remaining),
  };
}

/** Calendars as text, as the command takes them. */
function calendarJson({ time, dayOfWeek, dayOfMonth, month, year, comment }: CalendarPart): string {
  const [hour = '', minute = '', second = ''] = time.split(':').map((part) => part.trim());
  const fields = Object.entries({ second, minute, hour, dayOfMonth, month, dayOfWeek, year, comment });
  return JSON.stringify(Object.fromEntries(fields.filter(([, each]) => each.trim() !== '')));
}

/** `6h30m/15m` */
function intervalText(every: string, phase: string): string {
  const [first, second] = [every, phase].map((each) => each.replaceAll(/\s/g, ''));
  return second === '' ? (first ?? '') : `${first}/${second}`;
}

function text(value: string): string | undefined {
  return value.trim() === '' ? undefined : value.trim();
}

function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

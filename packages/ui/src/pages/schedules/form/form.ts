// A schedule as a form has it: texts and switches. `formOf` fills it in, `scheduleOf` reads it; of a schedule that exists,
// everything that the form does not have, or that was left alone, is kept as the server has it.
import {
  durationJson,
  durationTextOf,
  FieldError,
  parseTimestamp,
  payloadsOf,
  type ScheduleSpec,
  type StructuredCalendar,
} from '@perdure/ui-core';
import { instantText, localText } from '../local-time.ts';
import type { RetryPolicy, Schedule, StartWorkflow } from '../types.ts';
import {
  type CalendarPart,
  calendarOf,
  calendarPart,
  cronOf,
  durationMs,
  intervalOf,
  type Part,
  partsOf,
} from './parts.ts';
import { type ArgumentForm, argumentOf, argumentPayload, fieldsOf, fieldsText } from './payload-text.ts';

export interface ScheduleForm {
  readonly type: string;
  readonly taskQueue: string;
  /** Empty: made from the id of the schedule. */
  readonly workflowId: string;
  readonly input: readonly ArgumentForm[];
  readonly executionTimeout: string;
  readonly runTimeout: string;
  readonly taskTimeout: string;
  readonly retry: boolean;
  readonly retryAttempts: string;
  readonly retryInitial: string;
  readonly retryCoefficient: string;
  readonly retryMaximum: string;
  /** JSON objects. */
  readonly memo: string;
  readonly searchAttributes: string;
  readonly parts: readonly Part[];
  readonly except: readonly CalendarPart[];
  readonly timeZone: string;
  /** Local times, in the zone of whoever looks. */
  readonly start: string;
  readonly end: string;
  readonly jitter: string;
  readonly overlapPolicy: string;
  readonly catchupWindow: string;
  readonly pauseOnFailure: boolean;
  readonly paused: boolean;
  readonly notes: string;
  /** Empty: no limit. */
  readonly remaining: string;
}

/** @param zone of whoever looks */
export function formOf(schedule: Schedule, zone: string): ScheduleForm {
  return {
    ...actionForm(schedule.action?.startWorkflow ?? {}),
    ...specForm(schedule.spec ?? {}, zone),
    ...policyForm(schedule),
  };
}

function actionForm(action: StartWorkflow) {
  const { retryPolicy: retry } = action;
  return {
    type: action.workflowType?.name ?? '',
    taskQueue: action.taskQueue?.name ?? '',
    workflowId: action.workflowId ?? '',
    input: payloadsOf(action.input).map((payload, at) => argumentOf(payload, `input ${at}`)),
    executionTimeout: durationTextOf(action.workflowExecutionTimeout),
    runTimeout: durationTextOf(action.workflowRunTimeout),
    taskTimeout: durationTextOf(action.workflowTaskTimeout),
    retry: retry !== undefined,
    retryAttempts: String(retry?.maximumAttempts ?? ''),
    retryInitial: durationTextOf(retry?.initialInterval),
    retryCoefficient: String(retry?.backoffCoefficient ?? ''),
    retryMaximum: durationTextOf(retry?.maximumInterval),
    memo: fieldsText(action.memo?.fields),
    searchAttributes: fieldsText(action.searchAttributes?.indexedFields),
  };
}

function specForm(spec: ScheduleSpec, zone: string) {
  return {
    parts: partsOf(spec),
    except: (spec.excludeStructuredCalendar ?? []).map((calendar, at) => calendarPart(calendar, `except ${at}`)),
    timeZone: spec.timezoneName ?? '',
    start: localText(parseTimestamp(spec.startTime), zone),
    end: localText(parseTimestamp(spec.endTime), zone),
    jitter: durationTextOf(spec.jitter),
  };
}

function policyForm({ policies = {}, state = {} }: Schedule) {
  return {
    overlapPolicy: policies.overlapPolicy ?? 'SCHEDULE_OVERLAP_POLICY_SKIP',
    catchupWindow: durationTextOf(policies.catchupWindow),
    pauseOnFailure: policies.pauseOnFailure ?? false,
    paused: state.paused ?? false,
    notes: state.notes ?? '',
    remaining: state.limitedActions ? (state.remainingActions ?? '0') : '',
  };
}

/**
 * @param base what it is now; an empty one, if it is new
 * @throws {FieldError} something is not as it must be
 */
export function scheduleOf(form: ScheduleForm, base: Schedule, zone: string): Schedule {
  const { policies = {}, state = {} } = base;
  return {
    ...base,
    spec: specOf(form, base.spec ?? {}, zone),
    action: { ...base.action, startWorkflow: actionOf(form, base.action?.startWorkflow ?? {}) },
    policies: {
      ...policies,
      overlapPolicy: form.overlapPolicy,
      ...changed('catchupWindow', durationTextOf(policies.catchupWindow), form.catchupWindow),
      pauseOnFailure: form.pauseOnFailure,
    },
    state: { ...state, paused: form.paused, notes: form.notes, ...remainingOf(form.remaining) },
  };
}

/** @throws {FieldError} */
export function specOf(form: ScheduleForm, base: ScheduleSpec, zone: string): ScheduleSpec {
  const { parts } = form;
  const calendars: readonly StructuredCalendar[] = parts.flatMap((part) =>
    part.kind === 'calendar' ? calendarOf(part) : [],
  );
  return {
    ...base,
    structuredCalendar: calendars,
    cronString: parts.flatMap((part) => (part.kind === 'cron' ? cronOf(part) : [])),
    interval: parts.flatMap((part) => (part.kind === 'interval' ? intervalOf(part) : [])),
    excludeStructuredCalendar: form.except.map(calendarOf),
    ...zoneOf(form.timeZone, base),
    ...timeOf('startTime', base.startTime, form.start, zone),
    ...timeOf('endTime', base.endTime, form.end, zone),
    ...changed('jitter', durationTextOf(base.jitter), form.jitter),
  };
}

/** A zone that is named takes the place of one that came as data. */
function zoneOf(timezoneName: string, base: ScheduleSpec): ScheduleSpec {
  if (timezoneName === (base.timezoneName ?? '')) return {};
  return { timezoneName, timezoneData: undefined as never };
}

function timeOf(name: 'startTime' | 'endTime', base: string | undefined, text: string, zone: string): ScheduleSpec {
  if (text === localText(parseTimestamp(base), zone)) return {};
  if (text === '') return { [name]: undefined };
  const instant = instantText(text, zone);
  if (instant === undefined) throw new FieldError(`"${text}" is no time`);
  return { [name]: instant };
}

/** Nothing, if the text is what it was; an empty text takes the field away. */
function changed(name: string, before: string, text: string): Readonly<Record<string, string | undefined>> {
  if (text === before) return {};
  return { [name]: text.trim() === '' ? undefined : durationJson(durationMs(text)) };
}

function actionOf(form: ScheduleForm, base: StartWorkflow): StartWorkflow {
  const payloads = form.input.flatMap((argument) => argumentPayload(argument) ?? []);
  const [memo, attributes] = [
    fieldsOf(form.memo, base.memo?.fields),
    fieldsOf(form.searchAttributes, base.searchAttributes?.indexedFields),
  ];
  if (form.type.trim() === '' || form.taskQueue.trim() === '')
    throw new FieldError('A workflow type and a task queue are needed');
  return {
    ...base,
    workflowId: form.workflowId.trim(),
    workflowType: { ...base.workflowType, name: form.type.trim() },
    taskQueue: { ...base.taskQueue, name: form.taskQueue.trim() },
    ...optional('input', payloads.length === 0 ? undefined : { payloads }),
    ...changed('workflowExecutionTimeout', durationTextOf(base.workflowExecutionTimeout), form.executionTimeout),
    ...changed('workflowRunTimeout', durationTextOf(base.workflowRunTimeout), form.runTimeout),
    ...changed('workflowTaskTimeout', durationTextOf(base.workflowTaskTimeout), form.taskTimeout),
    ...optional('retryPolicy', form.retry ? retryOf(form, base.retryPolicy ?? {}) : undefined),
    ...optional('memo', memo && { ...base.memo, fields: memo }),
    ...optional('searchAttributes', attributes && { ...base.searchAttributes, indexedFields: attributes }),
  };
}

/** JSON leaves out what is undefined, so that it takes away what the base has. */
function optional(name: string, value: object | undefined): Readonly<Record<string, object | undefined>> {
  return { [name]: value };
}

function retryOf(form: ScheduleForm, base: RetryPolicy): RetryPolicy {
  return {
    ...base,
    ...changed('initialInterval', durationTextOf(base.initialInterval), form.retryInitial),
    ...changed('maximumInterval', durationTextOf(base.maximumInterval), form.retryMaximum),
    maximumAttempts: numberOf(form.retryAttempts, 'attempts') ?? 0,
    ...(form.retryCoefficient.trim() === ''
      ? { backoffCoefficient: undefined as never }
      : { backoffCoefficient: coefficientOf(form.retryCoefficient) }),
  };
}

function coefficientOf(text: string): number {
  const value = Number(text);
  if (!(value >= 1)) throw new FieldError('A backoff coefficient is a number of at least 1');
  return value;
}

function remainingOf(text: string) {
  const count = numberOf(text, 'starts');
  return count === undefined
    ? { limitedActions: false, remainingActions: '0' }
    : { limitedActions: true, remainingActions: String(count) };
}

function numberOf(text: string, what: string): number | undefined {
  if (text.trim() === '') return undefined;
  if (!/^\d{1,9}$/.test(text.trim())) throw new FieldError(`The number of ${what} is a whole number`);
  return Number(text);
}

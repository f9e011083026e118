// A schedule as a form has it: texts and switches. `formOf` fills it in, `scheduleOf` reads it; of a schedule that exists,
// everything that the form does not have, or that was left alone, is kept as the server has it.
import {
  durationTextOf,
  FieldError,
  parseTimestamp,
  type ScheduleSpec,
  type StructuredCalendar,
} from '@perdure/ui-core';
import { fieldsOf, fieldsText, type Reading } from '../../../payloads/payload-text.ts';
import { changedDuration } from '../../../system/problem.ts';
import { numberOf, type WorkflowForm, workflowForm, workflowOf } from '../../start/workflow-form.ts';
import { instantText, localText } from '../local-time.ts';
import type { Schedule, ScheduleDescription } from '../types.ts';
import { type CalendarPart, calendarOf, calendarPart, cronOf, intervalOf, type Part, partsOf } from './parts.ts';

/** An empty workflow id is made from the id of the schedule. */
export interface ScheduleForm extends WorkflowForm {
  /** Of the schedule itself. JSON objects. */
  readonly ownMemo: string;
  readonly ownSearchAttributes: string;
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

/** What there is already, and how its data is read; nothing, if the schedule is new. */
export interface ScheduleBase extends Pick<ScheduleDescription, 'schedule' | 'memo' | 'searchAttributes'> {
  readonly read: Reading;
}

/** @param zone of whoever looks */
export function formOf({ schedule = {}, memo, searchAttributes, read }: ScheduleBase, zone: string): ScheduleForm {
  return {
    ...workflowForm(schedule.action?.startWorkflow ?? {}, read),
    ownMemo: fieldsText(memo?.fields, read),
    ownSearchAttributes: fieldsText(searchAttributes?.indexedFields),
    ...specForm(schedule.spec ?? {}, zone),
    ...policyForm(schedule),
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

/** The parts of a request that creates a schedule or changes one. */
export interface ScheduleRequest {
  readonly schedule: Schedule;
  /** Of the schedule itself. Absent: as they are. */
  readonly memo?: ScheduleDescription['memo'];
  readonly searchAttributes?: ScheduleDescription['searchAttributes'];
}

/** @throws {FieldError} something is not as it must be */
export function requestOf(form: ScheduleForm, base: ScheduleBase, zone: string): ScheduleRequest {
  const { schedule = {}, memo: { fields } = {}, searchAttributes: { indexedFields } = {}, read } = base;
  return {
    schedule: scheduleOf(form, schedule, read, zone),
    // What is sent takes the place of all that there is, also if it is empty.
    ...(form.ownMemo !== fieldsText(fields, read) && {
      memo: { fields: fieldsOf(form.ownMemo, fields, read) ?? {} },
    }),
    ...(form.ownSearchAttributes !== fieldsText(indexedFields) && {
      searchAttributes: { indexedFields: fieldsOf(form.ownSearchAttributes, indexedFields) ?? {} },
    }),
  };
}

function scheduleOf(form: ScheduleForm, base: Schedule, read: Reading, zone: string): Schedule {
  const { policies = {}, state = {} } = base;
  return {
    ...base,
    spec: specOf(form, base.spec ?? {}, zone),
    action: { ...base.action, startWorkflow: workflowOf(form, base.action?.startWorkflow ?? {}, read) },
    policies: {
      ...policies,
      overlapPolicy: form.overlapPolicy,
      ...changedDuration('catchupWindow', policies.catchupWindow, form.catchupWindow),
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
    ...changedDuration('jitter', base.jitter, form.jitter),
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

function remainingOf(text: string) {
  const count = numberOf(text, 'starts');
  return count === undefined
    ? { limitedActions: false, remainingActions: '0' }
    : { limitedActions: true, remainingActions: String(count) };
}

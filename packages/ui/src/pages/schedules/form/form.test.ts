import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FieldError } from '@perdure/ui-core';
import { payloadOf } from '../../../payloads/encode.ts';
import { AS_STORED } from '../../../payloads/payload-text.ts';
import type { Schedule } from '../types.ts';
import { formOf, requestOf, type ScheduleBase, type ScheduleForm } from './form.ts';
import { newPart } from './parts.ts';

const ZONE = 'Europe/Berlin';
const encrypted = { metadata: { encoding: 'YmluYXJ5L2VuY3J5cHRlZA==' }, data: 'AAECAw==' };
const typed = { metadata: { encoding: 'anNvbi9wbGFpbg==', type: 'S2V5d29yZA==' }, data: 'InNob3Ai' };

/** With fields that the form knows nothing of, on each level, and values in forms that it would write otherwise. */
const whole = {
  future: { of: 'the API' },
  spec: {
    structuredCalendar: [
      {
        second: [{ step: 1 }],
        minute: [{ start: 30, end: 30, step: 1 }],
        hour: [{ start: 9 }, { start: 9 }],
        unknown: 1,
      },
    ],
    interval: [{ interval: '2700.0005s', phase: '0s', unknown: 2 }],
    excludeStructuredCalendar: [{ dayOfWeek: [{ start: 0, step: 1 }], comment: 'rest' }],
    startTime: '2026-01-01T00:00:00.123456789Z',
    endTime: '2027-01-01T00:00:00Z',
    jitter: '1.0000001s',
    timezoneData: 'VFppZg==',
    unknown: 3,
  },
  action: {
    startWorkflow: {
      workflowId: 'w',
      workflowType: { name: 'T' },
      taskQueue: { name: 'q', kind: 'TASK_QUEUE_KIND_NORMAL' },
      input: { payloads: [encrypted, payloadOf('{"id":12345678901234567890}')] },
      workflowRunTimeout: '60.5s',
      retryPolicy: { maximumAttempts: 3, nonRetryableErrorTypes: ['Bad'] },
      memo: { fields: { secret: encrypted, team: payloadOf('"shop"') } },
      searchAttributes: { indexedFields: { Shop: typed } },
      header: { fields: { h: encrypted } },
      priority: { priorityKey: 2 },
    },
  },
  policies: {
    overlapPolicy: 'SCHEDULE_OVERLAP_POLICY_SKIP',
    catchupWindow: '31536000s',
    keepOriginalWorkflowId: true,
    pauseOnFailure: false,
  },
  state: { paused: false, notes: '', limitedActions: true, remainingActions: '5' },
} as object as Schedule;

const NEW: ScheduleBase = { read: AS_STORED };
const base: ScheduleBase = { schedule: whole, read: AS_STORED };
const scheduleOf = (form: ScheduleForm, from = base) => requestOf(form, from, ZONE).schedule;

/** As it goes over the wire. */
const sent = (schedule: object): Schedule => JSON.parse(JSON.stringify(schedule)) as Schedule;

describe('the form of a schedule', () => {
  it('sends back a schedule that nobody has changed as it was, with fields that it does not know', () => {
    assert.deepEqual(sent(scheduleOf(formOf(base, ZONE))), {
      ...whole,
      spec: { ...whole.spec, cronString: [] },
    });
  });

  it('changes what was changed, and nothing else', () => {
    const form = formOf(base, ZONE);
    const changes = {
      executionTimeout: '1h 30m',
      notes: 'n',
      jitter: '',
      start: '2026-07-01T12:00',
      retryAttempts: '4',
      remaining: '',
    };
    const schedule = sent(scheduleOf({ ...form, ...changes }));
    const { spec, action, state } = schedule;
    const { jitter: _, ...restOfSpec } = whole.spec ?? {};
    assert.deepEqual(spec, { ...restOfSpec, cronString: [], startTime: '2026-07-01T10:00:00Z' });
    assert.deepEqual(action?.startWorkflow, {
      ...whole.action?.startWorkflow,
      workflowExecutionTimeout: '5400s',
      retryPolicy: { maximumAttempts: 4, nonRetryableErrorTypes: ['Bad'] },
    });
    assert.deepEqual(state, { paused: false, notes: 'n', limitedActions: false, remainingActions: '0' });
    assert.deepEqual(schedule.policies, whole.policies);
  });

  it('keeps arguments and names that cannot be read, and the metadata of those that change', () => {
    const form = formOf(base, ZONE);
    assert.deepEqual(
      form.input.map(({ text }) => text),
      [undefined, '{\n  "id": 12345678901234567890\n}'],
    );
    const input = form.input.map((each) => (each.text === undefined ? each : { ...each, text: '[1]' }));
    const changes = { input, memo: '{"by": 12345678901234567890}', searchAttributes: '{"Shop": "other"}' };
    const { startWorkflow } = scheduleOf({ ...form, ...changes }).action ?? {};
    assert.deepEqual(startWorkflow?.input?.payloads, [encrypted, payloadOf('[1]')]);
    assert.deepEqual(startWorkflow?.memo?.fields, { secret: encrypted, by: payloadOf('12345678901234567890') });
    assert.deepEqual(startWorkflow?.searchAttributes?.indexedFields?.['Shop'], { ...typed, data: btoa('"other"') });
  });

  it('sends what the schedule itself carries only if it was changed, and then all of it', () => {
    const own = {
      memo: { fields: { team: payloadOf('"shop"'), secret: encrypted } },
      searchAttributes: { indexedFields: { Shop: typed } },
    };
    const from = { ...base, ...own };
    const form = formOf(from, ZONE);
    assert.deepEqual(Object.keys(requestOf(form, from, ZONE)), ['schedule']);
    const changed = requestOf({ ...form, ownMemo: '{"team": "post"}' }, from, ZONE);
    assert.deepEqual(changed.memo, { fields: { secret: encrypted, team: payloadOf('"post"') } });
    assert.equal(changed.searchAttributes, undefined);
    const without = requestOf({ ...form, ownSearchAttributes: '' }, from, ZONE);
    assert.deepEqual([without.memo, without.searchAttributes], [undefined, { indexedFields: {} }]);
    assert.deepEqual(sent(changed.schedule).action, whole.action);
  });

  it('says what the started workflow is for', () => {
    const { startWorkflow } = scheduleOf({ ...formOf(base, ZONE), summary: 'Nightly', details: '# Why' }).action ?? {};
    assert.deepEqual(startWorkflow?.userMetadata, { summary: payloadOf('"Nightly"'), details: payloadOf('"# Why"') });
  });

  it('lets a named time zone take the place of one that came as data', () => {
    const { spec } = sent(scheduleOf({ ...formOf(base, ZONE), timeZone: 'Asia/Tokyo' }));
    assert.equal(spec?.timezoneName, 'Asia/Tokyo');
    assert.equal(spec?.timezoneData, undefined);
  });

  it('makes a new schedule of calendars, intervals and cron', () => {
    const parts = [
      { ...newPart('calendar', '1'), time: '9-17/4:30:15', dayOfWeek: 'Mon-Fri', comment: 'c' },
      { ...newPart('interval', '2'), every: '6h', phase: '30m' },
      { ...newPart('cron', '3'), text: ' @daily ' },
    ] as never;
    const { spec } = sent(scheduleOf({ ...formOf(NEW, ZONE), type: 'T', taskQueue: 'q', parts }, NEW));
    assert.deepEqual(spec?.structuredCalendar?.[0], {
      second: [{ start: 15, end: 15, step: 1 }],
      minute: [{ start: 30, end: 30, step: 1 }],
      hour: [{ start: 9, end: 17, step: 4 }],
      dayOfWeek: [{ start: 1, end: 5, step: 1 }],
      ...{ dayOfMonth: [], month: [], year: [], comment: 'c' },
    });
    assert.deepEqual(spec?.interval, [{ interval: '21600s', phase: '1800s' }]);
    assert.deepEqual(spec?.cronString, ['@daily']);
  });

  const wrong = {
    'no type': { type: ' ' },
    'no task queue': { taskQueue: '' },
    'no duration': { jitter: '5' },
    'no number': { remaining: '1.5' },
    'a memo that is a list': { memo: '[]' },
    'a memo that is no JSON': { memo: '{' },
    'a coefficient below 1': { retry: true, retryCoefficient: '0.9' },
    'a time without minutes': { parts: [{ ...newPart('calendar', '1'), time: '9' }] },
    'a time of four parts': { parts: [{ ...newPart('calendar', '1'), time: '9:00:00:00' }] },
    'a shift as long as its interval': { parts: [{ ...newPart('interval', '1'), every: '1h', phase: '60m' }] },
    'cron that is none': { parts: [{ ...newPart('cron', '1'), text: 'daily' }] },
  };
  for (const [what, change] of Object.entries(wrong)) {
    it(`refuses ${what}`, () => {
      const form = { ...formOf(NEW, ZONE), type: 'T', taskQueue: 'q', ...change } as ReturnType<typeof formOf>;
      assert.throws(() => scheduleOf(form, NEW), FieldError);
    });
  }
});

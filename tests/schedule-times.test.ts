// User interfaces compute the times of a schedule that nobody has created yet. They must be those at which the server
// would act.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ScheduleSpec as Message } from '@perdure/api/schedule';
import type { Init } from '@perdure/api/wire';
import { canonicalSpec, compileSpec } from '@perdure/core';
import {
  nextTimes,
  parseDuration,
  parseRanges,
  parseTimestamp,
  type Range,
  rangesText,
  type ScheduleSpec,
} from '@perdure/ui-core';
import fc from 'fast-check';

const COUNT = 12;
const FROM_MS = Date.parse('2024-01-01T00:00:00Z');
const TO_MS = Date.parse('2040-01-01T00:00:00Z');
const LIMITS = [
  ['second', 0, 59],
  ['minute', 0, 59],
  ['hour', 0, 23],
  ['dayOfMonth', 1, 31],
  ['month', 1, 12],
  ['dayOfWeek', 0, 6],
] as const;
const ZONES = [
  '',
  'UTC',
  'Europe/Berlin',
  'America/New_York',
  'Australia/Lord_Howe',
  'Africa/Casablanca',
  'Asia/Kolkata',
];

const ranges = (min: number, max: number) =>
  fc.array(
    fc
      .tuple(fc.integer({ min, max }), fc.integer({ min, max }), fc.integer({ min: 0, max: 9 }))
      .map(([a, b, step]): Range => ({ start: Math.min(a, b), end: Math.max(a, b), step })),
    { maxLength: 2 },
  );
const calendar = fc.record(Object.fromEntries(LIMITS.map(([name, min, max]) => [name, ranges(min, max)])));
const anyInterval = fc
  .tuple(fc.integer({ min: 1, max: 200_000 }), fc.nat())
  .map(([every, phase]) => ({ interval: `${every}s`, phase: `${phase % every}s` }));
const cron = fc.constantFrom(
  ...['@daily', '@weekly', '@every 90m', '@every 8h/15m', '30 12 * * MON-FRI', '*/20 9-17 1,15 * *', '0 0 29 2 *'],
  ...['30 2 * 3,10 sun', '15 30 2 * * 5-7 2027-2031/2', '0 5/7 * jan-jun * # in winter', '0 0 31 2 *', '0 4 * * 7'],
);
const spec = fc.record({
  structuredCalendar: fc.array(calendar, { maxLength: 2 }),
  cronString: fc.array(cron, { maxLength: 2 }),
  interval: fc.array(anyInterval, { maxLength: 1 }),
  excludeStructuredCalendar: fc.array(calendar, { maxLength: 1 }),
  timezoneName: fc.constantFrom(...ZONES),
});
const moment = fc.integer({ min: FROM_MS, max: TO_MS });

test('user interfaces tell the times of any schedule as the server does', () => {
  fc.assert(
    fc.property(spec, moment, (given, afterMs) => {
      const { times, problem } = nextTimes(given, afterMs, COUNT);
      fc.pre(problem === undefined);
      assert.deepEqual(times, serverTimes(given, afterMs));
    }),
    { numRuns: 400 },
  );
});

test('they do so around the changes of clocks', () => {
  const fine: ScheduleSpec = {
    structuredCalendar: [{ hour: [{ start: 0, end: 4 }], minute: [{ end: 59, step: 15 }] }],
  };
  for (const zone of ZONES) {
    for (const day of [
      '2026-03-08',
      '2026-03-29',
      '2026-04-04',
      '2026-10-04',
      '2026-10-25',
      '2026-11-01',
      '2026-02-15',
    ]) {
      const [given, afterMs] = [{ ...fine, timezoneName: zone }, Date.parse(`${day}T00:00:00Z`) - 43_200_000];
      assert.deepEqual(nextTimes(given, afterMs, 60).times, serverTimes(given, afterMs, 60), `${zone} ${day}`);
    }
  }
});

test('they keep to the start and the end of a schedule', () => {
  const given = {
    interval: [{ interval: '60s' }],
    startTime: '2026-01-01T00:00:00Z',
    endTime: '2026-01-01T00:03:00.5Z',
  };
  const { times } = nextTimes(given, Date.parse('2025-01-01T00:00:00Z'), COUNT);
  assert.deepEqual(times, serverTimes(given, Date.parse('2025-01-01T00:00:00Z')));
  assert.equal(times.length, 4);
});

test('they read the fields of calendars as the server does', () => {
  const texts = fc.constantFrom(
    '*',
    '*/3',
    '1',
    '1-5',
    '2-6/2',
    '5/2',
    '1,3-4',
    'mon-fri',
    'FRI-7',
    '7',
    '5-7/2',
    'su',
    '0-7',
  );
  fc.assert(
    fc.property(texts, (text) => {
      const server = canonicalSpec(message({ calendar: [{ dayOfWeek: text }] })).structuredCalendar[0]?.dayOfWeek;
      assert.deepEqual(parseRanges('dayOfWeek', text), server);
    }),
  );
});

test('a field that was written is read as it was', () => {
  for (const [name, min, max] of LIMITS) {
    fc.assert(
      fc.property(ranges(min, max), (given) => {
        const again = parseRanges(name, rangesText(name, given));
        const day = { structuredCalendar: [{ [name]: again }] };
        assert.deepEqual(serverTimes(day, FROM_MS), serverTimes({ structuredCalendar: [{ [name]: given }] }, FROM_MS));
      }),
      { numRuns: 40 },
    );
  }
});

function serverTimes(given: ScheduleSpec, afterMs: number, count = COUNT): readonly number[] {
  const times = compileSpec(message(given)).between(afterMs + 1, Infinity, count, '');
  return times.map(({ nominalMs }) => nominalMs);
}

/** The same as a message, whose times are milliseconds. */
function message({
  interval = [],
  startTime,
  endTime,
  ...rest
}: ScheduleSpec & Pick<Init<Message>, 'calendar'>): Message {
  const intervals = interval.map((each) => ({
    interval: parseDuration(each.interval),
    phase: parseDuration(each.phase),
  }));
  const [start, end] = [parseTimestamp(startTime), parseTimestamp(endTime)];
  const init = {
    ...rest,
    interval: intervals,
    startTime: start,
    endTime: end,
    jitter: undefined,
    timezoneData: undefined,
  };
  return Message.decode(Message.encode(init));
}

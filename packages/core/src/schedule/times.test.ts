// When specs act: by hand around changes of the clocks, and against a naive search that looks at every second.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Range, ScheduleSpec, type StructuredCalendarSpec } from '@perdure/api/schedule';
import type { Init } from '@perdure/api/wire';
import fc from 'fast-check';
import { compileSpec, EXCLUDED_TIMES_MAX } from './spec.ts';

const at = (text: string) => Date.parse(text);
const iso = (ms: number | undefined) =>
  ms === undefined ? undefined : new Date(ms).toISOString().replace('.000Z', 'Z');
const compile = (init: Init<ScheduleSpec>, excludedTimesMax = EXCLUDED_TIMES_MAX) =>
  compileSpec(ScheduleSpec.decode(ScheduleSpec.encode(init)), excludedTimesMax);

const DAY_MS = 86_400_000;

/** The nominal times after `from`, of which there may be fewer. */
function times(init: Init<ScheduleSpec>, from: string, count: number): (string | undefined)[] {
  const { next } = compile(init);
  const found: (string | undefined)[] = [];
  let time = next(at(from), '');
  while (time !== undefined && found.length < count) {
    found.push(iso(time.nominalMs));
    time = next(time.nominalMs, '');
  }
  return found;
}

/** Zone, cron string, a time before, and the times that follow. */
const CHANGES_OF_CLOCKS: readonly (readonly [string, string, string, readonly string[]])[] = [
  // 2024-03-31 02:00 becomes 03:00; 2024-10-27 03:00 becomes 02:00.
  ['Europe/Berlin', '30 2 * * *', '2024-03-30T00:00:00Z', ['2024-03-30T01:30:00Z', '2024-04-01T00:30:00Z']],
  ['Europe/Berlin', '0 3 * * *', '2024-03-31T00:00:00Z', ['2024-03-31T01:00:00Z', '2024-04-01T01:00:00Z']],
  [
    ...(['Europe/Berlin', '30 2 * * *', '2024-10-26T12:00:00Z'] as const),
    ['2024-10-27T00:30:00Z', '2024-10-27T01:30:00Z', '2024-10-28T01:30:00Z'],
  ],
  [
    ...(['Europe/Berlin', '0 * * * *', '2024-10-26T23:30:00Z'] as const),
    ['2024-10-27T00:00:00Z', '2024-10-27T01:00:00Z', '2024-10-27T02:00:00Z'],
  ],
  // 2025-03-09 02:00 becomes 03:00; 2025-11-02 02:00 becomes 01:00.
  ['America/New_York', '30 2 * * *', '2025-03-08T00:00:00Z', ['2025-03-08T07:30:00Z', '2025-03-10T06:30:00Z']],
  [
    ...(['America/New_York', '30 1 * * *', '2025-11-01T12:00:00Z'] as const),
    ['2025-11-02T05:30:00Z', '2025-11-02T06:30:00Z', '2025-11-03T06:30:00Z'],
  ],
  // Between the two passes.
  ['America/New_York', '30 1 * * *', '2025-11-02T06:29:59Z', ['2025-11-02T06:30:00Z', '2025-11-03T06:30:00Z']],
  // By half an hour: 2024-04-07 02:00 becomes 01:30; 2024-10-06 02:00 becomes 02:30.
  [
    ...(['Australia/Lord_Howe', '45 1 * * *', '2024-04-06T00:00:00Z'] as const),
    ['2024-04-06T14:45:00Z', '2024-04-06T15:15:00Z', '2024-04-07T15:15:00Z'],
  ],
  ['Australia/Lord_Howe', '15 2 * * *', '2024-10-04T12:00:00Z', ['2024-10-04T15:45:00Z', '2024-10-06T15:15:00Z']],
  // At midnight: 2018-11-04 00:00 becomes 01:00, 2019-02-17 00:00 becomes 23:00 of the day before; never again since.
  ['America/Sao_Paulo', '30 0 * * *', '2018-11-03T00:00:00Z', ['2018-11-03T03:30:00Z', '2018-11-05T02:30:00Z']],
  [
    ...(['America/Sao_Paulo', '30 23 * * *', '2019-02-16T12:00:00Z'] as const),
    ['2019-02-17T01:30:00Z', '2019-02-17T02:30:00Z', '2019-02-18T02:30:00Z'],
  ],
  ['America/Sao_Paulo', '30 0 * * *', '2019-11-02T12:00:00Z', ['2019-11-03T03:30:00Z', '2019-11-04T03:30:00Z']],
  ['America/Santiago', '@daily', '2024-09-06T12:00:00Z', ['2024-09-07T04:00:00Z', '2024-09-09T03:00:00Z']],
  // 1986-01-01 00:00 became 00:15.
  ['Asia/Kathmandu', '0 9 * * *', '2024-01-01T00:00:00Z', ['2024-01-01T03:15:00Z', '2024-01-02T03:15:00Z']],
  ['Asia/Kathmandu', '5 0 1 1 *', '1985-12-31T00:00:00Z', ['1986-12-31T18:20:00Z']],
  // During Ramadan an hour less: 2024-03-10 03:00 becomes 02:00; 2024-04-14 02:00 becomes 03:00.
  [
    ...(['Africa/Casablanca', '30 2 * * *', '2024-03-09T12:00:00Z'] as const),
    ['2024-03-10T01:30:00Z', '2024-03-10T02:30:00Z', '2024-03-11T02:30:00Z'],
  ],
  ['Africa/Casablanca', '30 2 * * *', '2024-04-13T12:00:00Z', ['2024-04-15T01:30:00Z', '2024-04-16T01:30:00Z']],
  // From the east of the date line to its west: there was no 2011-12-30.
  [
    ...(['Pacific/Apia', '0 12 * * *', '2011-12-29T00:00:00Z'] as const),
    ['2011-12-29T22:00:00Z', '2011-12-30T22:00:00Z', '2011-12-31T22:00:00Z'],
  ],
  ['Pacific/Apia', '0 12 30 * *', '2011-12-01T00:00:00Z', ['2012-01-29T22:00:00Z']],
];

test('local times that a change of the clocks skips do not occur, those that are passed twice occur twice', () => {
  for (const [timezoneName, cron, from, expected] of CHANGES_OF_CLOCKS) {
    const found = times({ timezoneName, cronString: [cron] }, from, expected.length);
    assert.deepEqual(found, expected, `${cron} in ${timezoneName} from ${from}`);
  }
});

test('a time zone that comes with the spec', () => {
  const header = (version: string, types: number) => {
    const bytes = Buffer.alloc(44);
    bytes.write(`TZif${version}`);
    bytes.writeUInt32BE(types, 36);
    return bytes;
  };
  const body = [header('2', 0), header('2', 1), Buffer.alloc(6), Buffer.from('\nAAA3BBB,M3.5.0,M10.5.0\n')];
  const timezoneData = Buffer.concat(body);
  assert.deepEqual(times({ timezoneData, cronString: ['30 2 * * *'] }, '2024-03-30T00:00:00Z', 2), [
    '2024-03-30T05:30:00Z',
    '2024-04-01T04:30:00Z',
  ]);
});

test('a day matches both fields for days', () => {
  const fridays = times({ cronString: ['0 0 13 * FRI'] }, '2024-01-01T00:00:00Z', 2);
  assert.deepEqual(fridays, ['2024-09-13T00:00:00Z', '2024-12-13T00:00:00Z']);
});

test('rare days are found, across a year without a leap day', () => {
  const cronString = ['TZ=Europe/Berlin 0 0 29 2 MON'];
  assert.deepEqual(times({ cronString }, '2024-03-01T00:00:00Z', 3), ['2044-02-28T23:00:00Z', '2072-02-28T23:00:00Z']);
  assert.deepEqual(times({ cronString: ['0 0 29 2 * 2099-2100'] }, '2024-03-01T00:00:00Z', 1), []);
  assert.deepEqual(times({ cronString: ['0 0 30 2 *'], timezoneName: 'Europe/Berlin' }, '2024-01-01', 1), []);
});

test('the last time is in the year 2100, the first of chosen years in 2000', () => {
  assert.deepEqual(times({ cronString: ['* * * * * * *'] }, '2100-12-31T23:59:58Z', 3), ['2100-12-31T23:59:59Z']);
  assert.deepEqual(times({ interval: [{ interval: DAY_MS }] }, '2100-12-30T00:00:00Z', 3), ['2100-12-31T00:00:00Z']);
  const late = { cronString: ['0 23 31 12 *'], timezoneName: 'America/New_York' };
  assert.deepEqual(times(late, '2100-12-30T00:00:00Z', 2), ['2101-01-01T04:00:00Z']);
  const years = { cronString: ['0 0 1 1 * 2000,2050,2100'] };
  const expected = ['2000-01-01T00:00:00Z', '2050-01-01T00:00:00Z', '2100-01-01T00:00:00Z'];
  assert.deepEqual(times(years, '1970-01-01T00:00:00Z', 4), expected);
  assert.deepEqual(times(years, '0001-01-01T00:00:00Z', 4), expected);
});

test('intervals count from the epoch, in whole seconds', () => {
  assert.deepEqual(
    times({ interval: [{ interval: 3_600_999, phase: 19 * 60_000 + 500 }] }, '2024-01-01T00:00:00Z', 2),
    ['2024-01-01T00:19:00Z', '2024-01-01T01:19:00Z'],
  );
  const days = 28 * DAY_MS;
  assert.deepEqual(times({ interval: [{ interval: days }] }, '2022-02-01T00:00:00Z', 1), ['2022-02-17T00:00:00Z']);
  const phase = 3 * DAY_MS + 5 * 3_600_000 + 23 * 60_000;
  const shifted = times({ interval: [{ interval: days, phase }] }, '2022-02-01T00:00:00Z', 1);
  assert.deepEqual(shifted, ['2022-02-20T05:23:00Z']);
  assert.deepEqual(times({ interval: [{ interval: 5000 }] }, '1969-12-31T23:59:54Z', 3), [
    '1969-12-31T23:59:55Z',
    '1970-01-01T00:00:00Z',
    '1970-01-01T00:00:05Z',
  ]);
});

test('the times of a spec are those of all its parts, each once', () => {
  const init = { cronString: ['*/20 * * * *', '0 * * * *'], interval: [{ interval: 1_800_000, phase: 600_000 }] };
  assert.deepEqual(times(init, '2024-01-01T00:00:00.5Z', 5), [
    '2024-01-01T00:10:00Z',
    '2024-01-01T00:20:00Z',
    '2024-01-01T00:40:00Z',
    '2024-01-01T01:00:00Z',
    '2024-01-01T01:10:00Z',
  ]);
  assert.deepEqual(times({}, '2024-01-01T00:00:00Z', 1), []);
});

test('start and end are times of the schedule; without a fraction of a second', () => {
  const every = { cronString: ['* * * * * * *'] };
  const spec = { ...every, startTime: at('2024-01-01T00:00:10Z'), endTime: at('2024-01-01T00:00:11Z') };
  const expected = ['2024-01-01T00:00:10Z', '2024-01-01T00:00:11Z'];
  assert.deepEqual(times(spec, '2020-01-01T00:00:00Z', 5), expected);
  assert.deepEqual(times(spec, '2024-01-01T00:00:10Z', 5), expected.slice(1));
  const fractions = { startTime: at('2024-01-01T00:00:09.001Z'), endTime: at('2024-01-01T00:00:11.999Z') };
  assert.deepEqual(times({ ...every, ...fractions }, '2020-01-01T00:00:00Z', 5), expected);
});

test('what is excluded does not occur, in the time zone of the spec', () => {
  const init = {
    ...{ timezoneName: 'America/New_York', cronString: ['0 */8 * * *'] },
    excludeCalendar: [
      { hour: '*', dayOfWeek: 'sat,sun' },
      { hour: '8', dayOfMonth: '5' },
    ],
  };
  // 2024-01-05 is a Friday.
  assert.deepEqual(times(init, '2024-01-05T04:00:00Z', 3), [
    '2024-01-05T05:00:00Z',
    '2024-01-05T21:00:00Z',
    '2024-01-08T05:00:00Z',
  ]);
  const all = { second: '*', minute: '*', hour: '*' };
  // A Sunday of 23 hours, which is followed by a Monday that is not excluded.
  const sundays = { timezoneName: 'Europe/Berlin', excludeCalendar: [{ ...all, dayOfWeek: 'sun' }] };
  assert.deepEqual(times({ ...sundays, cronString: ['30 0 * * *'] }, '2024-03-30T12:00:00Z', 1), [
    '2024-03-31T22:30:00Z',
  ]);
  assert.deepEqual(times({ cronString: ['* * * * * * *'], excludeCalendar: [all] }, '2024-01-01T00:00:00Z', 1), []);
});

test('a search among exclusions is given up after so many of them', () => {
  const init = {
    cronString: ['* * * * * * *'],
    excludeCalendar: [
      { second: '10-19/2', minute: '*' },
      { second: '11-19/2', minute: '*' },
    ],
  };
  const after = at('2024-01-01T00:00:09Z');
  assert.equal(iso(compile(init, 10).next(after, '')?.nominalMs), '2024-01-01T00:00:20Z');
  const message = 'the schedule calendar specification has too many exclusions. Please modify the specification.';
  assert.throws(() => compile(init, 9).next(after, ''), { code: 3, message });
  // No further than to the end.
  assert.deepEqual(
    compile(init, 1)
      .between(after, after + 1000, 9, '')
      .map(({ nominalMs }) => nominalMs),
    [after],
  );
  // Those of all times together.
  const [untilMs, twoMinutes] = [after + 120_000, 100];
  assert.equal(compile(init, 20).between(after, untilMs, twoMinutes, '').length, twoMinutes);
  assert.throws(() => compile(init, 19).between(after, untilMs, twoMinutes, ''), { code: 3, message });
});

test('the times between two, both included', () => {
  const { between } = compile({ cronString: ['*/10 * * * *'], jitter: 60_000 });
  const [start, end] = [at('2024-01-01T00:10:00Z'), at('2024-01-01T00:40:00Z')];
  const nominal = (startMs: number, endMs: number, limit: number) =>
    between(startMs, endMs, limit, 'seed').map(({ nominalMs }) => iso(nominalMs)?.slice(14, 16));
  assert.deepEqual(nominal(start, end, 10), ['10', '20', '30', '40']);
  assert.deepEqual(nominal(start, end, 4), ['10', '20', '30', '40']);
  assert.deepEqual(nominal(start, end, 3), ['10', '20', '30']);
  assert.deepEqual(nominal(start, end, 0), []);
  assert.deepEqual(nominal(start + 1, end - 1, 10), ['20', '30']);
  assert.deepEqual(nominal(end, start, 10), []);
  assert.deepEqual(nominal(start, start, 10), ['10']);
});

const ZONES = [
  ...['UTC', 'Europe/Berlin', 'America/New_York', 'America/Santiago', 'Australia/Lord_Howe', 'Asia/Kathmandu'],
  ...['America/St_Johns', 'Africa/Casablanca', 'Pacific/Apia', 'America/Sao_Paulo', 'Asia/Gaza', 'Europe/Dublin'],
];
const QUARTER_MS = 900_000;
const FOUND_MAX = 40;

/** What the clocks of a zone show, as if it were UTC. All changes of clocks are made at a quarter of an hour. */
function clocks(timeZone: string): (atMs: number) => number {
  const format = new Intl.DateTimeFormat('en-US', {
    ...{ timeZone, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric' },
    ...{ hour: 'numeric', minute: 'numeric' },
  });
  return (atMs) => {
    const parts = new Map(format.formatToParts(atMs).map(({ type, value }) => [type, Number(value)]));
    const part = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? NaN;
    return Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'));
  };
}

const inRanges = (chosen: readonly Range[], value: number) =>
  chosen.some(({ end, start, step }) => value >= start && value <= end && (value - start) % step === 0);

/** Looks at every second of the quarters of an hour whose date and hour match. */
function naive(zone: string, calendar: StructuredCalendarSpec, afterMs: number, untilMs: number): number[] {
  const show = clocks(zone);
  const found: number[] = [];
  for (let quarterMs = Math.floor(afterMs / QUARTER_MS) * QUARTER_MS; quarterMs <= untilMs; quarterMs += QUARTER_MS) {
    const shown = new Date(show(quarterMs));
    const hourMatches =
      inRanges(calendar.hour, shown.getUTCHours()) &&
      inRanges(calendar.dayOfMonth, shown.getUTCDate()) &&
      inRanges(calendar.dayOfWeek, shown.getUTCDay()) &&
      inRanges(calendar.month, shown.getUTCMonth() + 1) &&
      (calendar.year.length === 0 || inRanges(calendar.year, shown.getUTCFullYear()));
    if (!hourMatches) continue;
    for (let second = 0; second < QUARTER_MS / 1000; second++) {
      const ms = quarterMs + second * 1000;
      const minute = shown.getUTCMinutes() + Math.floor(second / 60);
      const matches = inRanges(calendar.minute, minute) && inRanges(calendar.second, second % 60);
      if (matches && ms > afterMs && ms <= untilMs) found.push(ms);
      if (found.length === FOUND_MAX) return found;
    }
  }
  return found;
}

function ranges(min: number, max: number, wholeWeight: number): fc.Arbitrary<Range[]> {
  const value = fc.integer({ min, max });
  const single = value.map((start) => ({ start, end: start, step: 1 }));
  const several = fc
    .tuple(value, value, fc.integer({ min: 1, max: 7 }))
    .map(([a, b, step]) => ({ start: Math.min(a, b), end: Math.max(a, b), step }));
  return fc.oneof(
    { weight: wholeWeight, arbitrary: fc.constant<Range[]>([{ start: min, end: max, step: 1 }]) },
    { weight: 2, arbitrary: fc.array(fc.oneof(single, several), { minLength: 1, maxLength: 3 }) },
  );
}

const CALENDARS = fc.record({
  ...{
    second: fc.oneof(fc.constant<Range[]>([{ start: 0, end: 0, step: 1 }]), ranges(0, 59, 1)),
    minute: ranges(0, 59, 1),
  },
  ...{ hour: ranges(0, 23, 2), dayOfMonth: ranges(1, 31, 3), month: ranges(1, 12, 3) },
  ...{
    year: fc.oneof(fc.constant<Range[]>([]), ranges(2023, 2027, 0)),
    dayOfWeek: ranges(0, 6, 3),
    comment: fc.constant(''),
  },
});

/** Shortly before changes of clocks, most of the time. */
const STARTS = fc
  .tuple(
    fc.oneof(
      fc.constantFrom(
        ...['2024-03-30', '2024-10-26', '2024-03-08', '2024-11-02', '2024-09-07', '2024-04-06', '2024-10-05'].map(at),
        ...['2011-12-29', '2024-02-28', '2024-12-31', '2024-03-09', '2024-04-13', '2018-11-03', '2019-02-16'].map(at),
      ),
      fc.integer({ min: at('2000-01-01'), max: at('2037-01-01') }),
    ),
    fc.nat({ max: DAY_MS }),
  )
  .map(([day, inDay]) => day + inDay);

test('finds what a look at every second finds, and nothing else', () => {
  fc.assert(
    fc.property(
      ...[fc.constantFrom(...ZONES), CALENDARS, STARTS, fc.constantFrom(3, 3, 3, 400)],
      (timezoneName, calendar, afterMs, days) => {
        const untilMs = afterMs + days * DAY_MS;
        const { between } = compile({ timezoneName, structuredCalendar: [calendar] });
        const found = between(afterMs + 1, untilMs, FOUND_MAX, '').map(({ nominalMs }) => iso(nominalMs));
        assert.deepEqual(found, naive(timezoneName, calendar, afterMs, untilMs).map(iso));
      },
    ),
    { numRuns: 120 },
  );
});

test('acts at all times of its parts that are not times of its exclusions', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...ZONES),
      CALENDARS,
      CALENDARS,
      STARTS,
      (timezoneName, calendar, excluded, afterMs) => {
        const untilMs = afterMs + DAY_MS;
        const structuredCalendar = [calendar, { second: [{ start: 0, end: 59, step: 30 }] }];
        const included = { timezoneName, structuredCalendar, interval: [{ interval: 600_000 }] };
        const { between } = compile({ ...included, excludeStructuredCalendar: [excluded] });
        const minusExclusions = between(afterMs, untilMs, 200, '').map(({ nominalMs }) => nominalMs);
        const { next } = compile({ timezoneName, structuredCalendar: [excluded] });
        const all = compile(included);
        const expected = all
          .between(afterMs, minusExclusions.at(199) ?? untilMs, 1_000_000, '')
          .filter(({ nominalMs }) => next(nominalMs - 1, '')?.nominalMs !== nominalMs);
        assert.deepEqual(
          minusExclusions,
          expected.map(({ nominalMs }) => nominalMs),
        );
      },
    ),
    { numRuns: 100 },
  );
});

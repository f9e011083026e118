// What is accepted as a spec and what it becomes: the canonical form, and the texts of errors.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { StatusError } from '@perdure/api';
import { type CalendarSpec, type Range, ScheduleSpec, StructuredCalendarSpec } from '@perdure/api/schedule';
import type { Init } from '@perdure/api/wire';
import fc from 'fast-check';
import { canonicalSpec, compileSpec } from './spec.ts';

const spec = (init: Init<ScheduleSpec>) => ScheduleSpec.decode(ScheduleSpec.encode(init));
const calendar = (init: Init<StructuredCalendarSpec>) =>
  StructuredCalendarSpec.decode(StructuredCalendarSpec.encode(init));
const range = (start: number, end = start, step = 1): Range => ({ start, end, step });

const ZERO = [range(0)];
const DEFAULTS = {
  ...{ second: ZERO, minute: ZERO, hour: ZERO, dayOfMonth: [range(1, 31)], month: [range(1, 12)] },
  ...{ year: [], dayOfWeek: [range(0, 6)], comment: '' },
};

const cron = (...cronString: string[]) => canonicalSpec(spec({ cronString }));
const onlyCalendar = ({ structuredCalendar }: ScheduleSpec) => {
  assert.equal(structuredCalendar.length, 1);
  return structuredCalendar[0];
};

function problem(init: Init<ScheduleSpec>): string | undefined {
  try {
    canonicalSpec(spec(init));
  } catch (error) {
    assert.ok(error instanceof StatusError);
    assert.equal(error.code, 3);
    return error.message;
  }
  return undefined;
}

test('calendars of text, cron strings and exclusions become structured calendars; the rest stays', () => {
  const canonical = canonicalSpec(
    spec({
      calendar: [{ hour: '9-17/2', dayOfWeek: 'mon-FRI', comment: 'office' }],
      cronString: ['30 12 1,15 jan *', '@every 8h/15m'],
      structuredCalendar: [{ minute: [{ start: 5 }] }],
      interval: [{ interval: 60_000 }],
      excludeCalendar: [{ month: 'Dec', dayOfMonth: '24-26', hour: '*' }],
      excludeStructuredCalendar: [{ year: [{ start: 2030 }] }],
      ...{ startTime: 1000, endTime: 2000, jitter: 3000, timezoneName: 'Europe/Berlin' },
    }),
  );
  assert.deepEqual(canonical, {
    ...spec({ startTime: 1000, endTime: 2000, jitter: 3000, timezoneName: 'Europe/Berlin' }),
    structuredCalendar: [
      { ...DEFAULTS, minute: [range(5)] },
      { ...DEFAULTS, hour: [range(9, 17, 2)], dayOfWeek: [range(1, 5)], comment: 'office' },
      { ...DEFAULTS, minute: [range(30)], hour: [range(12)], dayOfMonth: [range(1), range(15)], month: [range(1)] },
    ],
    interval: [
      { interval: 60_000, phase: undefined },
      { interval: 8 * 3_600_000, phase: 15 * 60_000 },
    ],
    excludeStructuredCalendar: [
      { ...DEFAULTS, year: [range(2030)] },
      { ...DEFAULTS, hour: [range(0, 23)], dayOfMonth: [range(24, 26)], month: [range(12)] },
    ],
  });
});

test('ranges get an end and a step', () => {
  const second = [{ start: 7 }, { start: 3, end: 5 }, { start: 0, end: 59, step: 20 }, { start: 9, end: 0, step: 2 }];
  const canonical = canonicalSpec(spec({ structuredCalendar: [{ second }] }));
  assert.deepEqual(onlyCalendar(canonical)?.second, [range(7), range(3, 5), range(0, 59, 20), range(9, 9, 2)]);
});

test('cron strings of five, six and seven fields, and their comments', () => {
  const minute = [range(1)];
  assert.deepEqual(onlyCalendar(cron('1 * * * *')), { ...DEFAULTS, minute, hour: [range(0, 23)] });
  assert.deepEqual(onlyCalendar(cron(' 1  2\t3 4 5 2030 # at\n# night ')), {
    ...{ ...DEFAULTS, minute, hour: [range(2)], dayOfMonth: [range(3)], month: [range(4)] },
    ...{ dayOfWeek: [range(5)], year: [range(2030)], comment: 'at\n# night' },
  });
  assert.deepEqual(onlyCalendar(cron('*/10 1 2 3 4 5 2030-2040/5'))?.second, [range(0, 59, 10)]);
  assert.deepEqual(onlyCalendar(cron('0 0 1 1 * *'))?.year, []);
});

test('short names of cron strings', () => {
  const always = { ...DEFAULTS };
  assert.deepEqual(onlyCalendar(cron('@hourly')), { ...always, hour: [range(0, 23)] });
  assert.deepEqual(onlyCalendar(cron('@daily')), always);
  assert.deepEqual(onlyCalendar(cron('@midnight')), always);
  assert.deepEqual(onlyCalendar(cron('@weekly #x')), { ...always, dayOfWeek: [range(0)], comment: 'x' });
  assert.deepEqual(onlyCalendar(cron('@monthly')), { ...always, dayOfMonth: [range(1)] });
  const yearly = { ...always, dayOfMonth: [range(1)], month: [range(1)] };
  for (const name of ['@yearly', '@annually']) assert.deepEqual(onlyCalendar(cron(name)), yearly);
  assert.deepEqual(cron('@every 1d/1h30m').interval, [{ interval: 86_400_000, phase: 5_400_000 }]);
  assert.deepEqual(cron('TZ=Europe/Berlin @every 90s # x').interval, [{ interval: 90_000, phase: undefined }]);
});

test('fields of text', () => {
  const dayOfWeek = (text: string) => onlyCalendar(canonicalSpec(spec({ calendar: [{ dayOfWeek: text }] })))?.dayOfWeek;
  assert.deepEqual(dayOfWeek('7'), [range(0)]);
  assert.deepEqual(dayOfWeek('su,Tues,saturday'), [range(0), range(2), range(6)]);
  assert.deepEqual(dayOfWeek('5-7'), [range(5, 6), range(0)]);
  assert.deepEqual(dayOfWeek('3-7/2'), [range(3, 6, 2), range(0)]);
  assert.deepEqual(dayOfWeek('4-7/2'), [range(4, 6, 2)]);
  assert.deepEqual(dayOfWeek('0-7'), [range(0, 6)]);
  assert.deepEqual(dayOfWeek('7/2'), [range(0)]);
  assert.deepEqual(dayOfWeek('*/2'), [range(0, 6, 2)]);
  assert.deepEqual(dayOfWeek('2/3'), [range(2, 6, 3)]);
  const month = (text: string) => onlyCalendar(canonicalSpec(spec({ calendar: [{ month: text }] })))?.month;
  assert.deepEqual(month('janu, 03 ,sep-Dec/3'), [range(1), range(3), range(9, 12, 3)]);
  const year = (text: string) => onlyCalendar(canonicalSpec(spec({ calendar: [{ year: text }] })))?.year;
  assert.deepEqual(year('*'), []);
  assert.deepEqual(year('2000,*'), []);
  assert.deepEqual(year('2000-2100'), [range(2000, 2100)]);
  assert.deepEqual(year('*/50'), [range(2000, 2100, 50)]);
  assert.deepEqual(year('2050/25'), [range(2050, 2100, 25)]);
});

test('the time zone of cron strings becomes that of the spec', () => {
  assert.equal(cron('CRON_TZ=Europe/Berlin @daily', 'TZ=Europe/Berlin 0 1 * * *').timezoneName, 'Europe/Berlin');
  const zoned = { cronString: ['CRON_TZ=Europe/Berlin @daily'] };
  assert.equal(canonicalSpec(spec({ ...zoned, timezoneName: 'Europe/Berlin' })).timezoneName, 'Europe/Berlin');
  const unzoned = { cronString: ['@daily'] };
  assert.equal(canonicalSpec(spec({ ...unzoned, timezoneName: 'Europe/Berlin' })).timezoneName, 'Europe/Berlin');
  const conflict = 'conflicting timezone names';
  assert.equal(problem({ ...zoned, timezoneName: 'Europe/Paris' }), conflict);
  assert.equal(problem({ cronString: [...zoned.cronString, '@daily'] }), conflict);
  assert.equal(problem({ cronString: ['@daily', ...zoned.cronString] }), conflict);
  assert.equal(problem({ cronString: [...zoned.cronString, 'TZ=Europe/Paris @daily'] }), conflict);
  assert.equal(problem({ ...zoned, timezoneData: new Uint8Array(1) }), conflict);
});

test('time zones that are unknown or broken are refused', () => {
  assert.equal(problem({ timezoneName: 'Mars/Base' }), 'unknown time zone Mars/Base');
  assert.equal(problem({ cronString: ['TZ=+01:00 @daily'] }), 'unknown time zone +01:00');
  assert.equal(problem({ timezoneData: new Uint8Array(50) }), 'malformed time zone information');
});

test('values outside of their ranges are refused, those at their ends are not', () => {
  const bounds: readonly (readonly [keyof CalendarSpec, string, number, number])[] = [
    ['second', 'Second', 0, 59],
    ['minute', 'Minute', 0, 59],
    ['hour', 'Hour', 0, 23],
    ['dayOfMonth', 'DayOfMonth', 1, 31],
    ['month', 'Month', 1, 12],
    ['year', 'Year', 2000, 2100],
    ['dayOfWeek', 'DayOfWeek', 0, 6],
  ];
  for (const [name, label, min, max] of bounds) {
    const of = (start: number, end: number, step = 0) => ({ structuredCalendar: [{ [name]: [{ start, end, step }] }] });
    assert.equal(problem(of(min, max, 1)), undefined);
    assert.equal(problem(of(max, 0)), undefined);
    const start = `invalid calendar spec: ${label} Start is not in range [${min}-${max}]`;
    const end = `${label} End is before Start or not in range [${min}-${max}]`;
    assert.equal(problem(of(min - 1, 0)), start);
    assert.equal(problem(of(max + 1, 0)), start);
    assert.equal(problem(of(min, max + 1)), `invalid calendar spec: ${end}`);
    assert.equal(problem(of(max, max - 1)), `invalid calendar spec: ${end}`);
    assert.equal(problem(of(min, max, -1)), `invalid calendar spec: ${label} has invalid Step`);
    assert.equal(problem(of(max + 1, max)), `${start}, ${end}`);
    const exclude = { excludeStructuredCalendar: of(max + 1, 0).structuredCalendar };
    assert.equal(problem(exclude), start);

    const textMax = name === 'dayOfWeek' ? 7 : max;
    const text = (value: string) => problem({ calendar: [{ [name]: value }] });
    assert.equal(text(`${min}-${textMax}`), undefined);
    assert.equal(text(`${textMax}`), undefined);
    for (const wrong of [`${textMax + 1}`, 'x', '', '1.5', '?', ' '].map((value) => `${min},${value}`)) {
      assert.equal(text(wrong), `${label} is not in range [${min}-${textMax}]`, wrong);
    }
    if (min > 0) assert.equal(text(`${min - 1}`), `${label} is not in range [${min}-${textMax}]`);
    assert.equal(text(`${textMax + 1}-${textMax}`), `${label} Start is not in range [${min}-${textMax}]`);
    for (const wrong of [`${min}-${textMax + 1}`, `${min + 1}-${min}`, `${min}-`]) {
      assert.equal(text(wrong), `${label} End is before Start or not in range [${min}-${textMax}]`, wrong);
    }
    for (const wrong of ['*/0', '*/-1', '*/', '*/x', `${min}/2147483648`]) {
      assert.equal(text(wrong), `${label} has invalid Step`, wrong);
    }
    assert.equal(text(`${min}/2/3`), `${label} has too many slashes`);
    assert.equal(text(`${min}-${max}-${max}`), `${label} has too many dashes`);
    assert.equal(problem({ excludeCalendar: [{ [name]: '1/2/3' }] }), `${label} has too many slashes`);
  }
});

test('names are long enough, and of their own field', () => {
  const bad = (field: 'dayOfWeek' | 'month' | 'hour', text: string) => problem({ calendar: [{ [field]: text }] });
  for (const text of ['ma', 'marchy', 'mon']) assert.equal(bad('month', text), 'Month is not in range [1-12]', text);
  for (const text of ['m', 'mond-', 'jan']) assert.match(bad('dayOfWeek', text) ?? '', /not in range \[0-7\]/u, text);
  assert.equal(bad('hour', 'mon'), 'Hour is not in range [0-23]');
});

test('a comment has at most 200 bytes', () => {
  const comment = (text: string) => problem({ structuredCalendar: [{ comment: text }] });
  assert.equal(comment('é'.repeat(100)), undefined);
  assert.equal(comment(`${'é'.repeat(100)}x`), 'invalid calendar spec: comment is too long');
  assert.equal(problem({ cronString: [`@daily # ${'x'.repeat(201)}`] }), 'invalid calendar spec: comment is too long');
});

test('intervals are at least a second, and longer than their phase', () => {
  const interval = (ms?: number, phase?: number) => problem({ interval: [{ interval: ms, phase }] });
  assert.equal(interval(1000), undefined);
  assert.equal(interval(1000, 999), undefined);
  assert.equal(interval(999), 'interval is too small');
  assert.equal(interval(), 'interval is too small');
  assert.equal(interval(-5000), 'interval is too small');
  assert.equal(interval(1000, -1), 'phase is negative');
  assert.equal(interval(1000, 1000), 'phase cannot be greater than Interval');
});

test('cron strings that are none', () => {
  const fields = 'CronString does not have 5-7 fields';
  for (const text of ['', '#', '* * * *', '* * * * * * * *', '@reboot', '@Daily', '* * TZ=UTC *', 'valueOf']) {
    assert.equal(problem({ cronString: [text] }), fields, text);
  }
  for (const text of ['TZ=UTC', 'CRON_TZ=UTC #']) {
    assert.equal(problem({ cronString: [text] }), 'CronString has time zone but missing fields', text);
  }
  for (const text of ['@every', '@every ', '@every5s', '@every /5s']) {
    assert.equal(problem({ cronString: [text] }), 'CronString does not have interval after @every', text);
  }
  assert.equal(problem({ cronString: ['@every 5'] }), 'time: invalid duration "5"');
  assert.equal(problem({ cronString: ['@every 5m/x'] }), 'time: invalid duration "x"');
  assert.equal(problem({ cronString: ['@every 5m/1s/1s'] }), 'time: invalid duration "1s/1s"');
  assert.equal(problem({ cronString: [`@every ${'9'.repeat(400)}h`] }), `time: invalid duration "${'9'.repeat(400)}h"`);
  assert.equal(problem({ cronString: ['@every 500ms'] }), 'interval is too small');
  assert.equal(problem({ cronString: ['60 24 * * *'] }), 'Minute is not in range [0-59], Hour is not in range [0-23]');
});

/** Characters that have a meaning somewhere, and some that have none. */
const textOf = (characters: string) => fc.string({ unit: fc.constantFrom(...characters.split('')), maxLength: 12 });
const NOISE = fc.oneof(textOf('0123456789*/-,? #@='), textOf('0157*/-,'), textOf('monjansu-,/*7'), fc.string());

test('arbitrary text is refused with a text or becomes a spec that has times, and never crashes', () => {
  const fields = fc.array(NOISE, { minLength: 4, maxLength: 8 }).map((parts) => parts.join(' '));
  const prefixes = fc.constantFrom('', '@every ', 'TZ=Europe/Berlin ', 'CRON_TZ=');
  const cronStrings = fc.tuple(prefixes, fields).map(([prefix, text]) => prefix + text);
  fc.assert(
    fc.property(fc.oneof(cronStrings, NOISE), NOISE, NOISE, (cronString, hour, dayOfWeek) => {
      for (const init of [{ cronString: [cronString] }, { calendar: [{ hour, dayOfWeek, month: hour }] }]) {
        const wrong = problem(init);
        if (wrong === undefined) compileSpec(spec(init)).next(0, '');
        else assert.notEqual(wrong, '');
      }
    }),
    { numRuns: 3000 },
  );
});

test('what is canonical stays as it is', () => {
  const ranges = (min: number, max: number) =>
    fc.array(
      fc
        .record({ start: fc.integer({ min, max }), length: fc.nat({ max: 9 }), step: fc.nat({ max: 9 }) })
        .map(({ length, start, step }) => ({ start, end: Math.min(max, start + length), step })),
      { maxLength: 3 },
    );
  const calendars = fc.array(
    fc.record({
      ...{ second: ranges(0, 59), minute: ranges(0, 59), hour: ranges(0, 23), dayOfMonth: ranges(1, 31) },
      ...{ month: ranges(1, 12), year: ranges(2000, 2100), dayOfWeek: ranges(0, 6), comment: NOISE },
    }),
    { maxLength: 2 },
  );
  const cronStrings = fc.subarray(['@daily', '*/7 1-5 * feb 5-7 # x', '@every 1h/3m', '0 0 1 1 7 *']);
  fc.assert(
    fc.property(calendars, calendars, cronStrings, (structuredCalendar, excludeStructuredCalendar, cronString) => {
      const once = canonicalSpec(spec({ structuredCalendar, excludeStructuredCalendar, cronString }));
      assert.deepEqual(canonicalSpec(once), once);
      assert.deepEqual(once.structuredCalendar.map(calendar), once.structuredCalendar);
    }),
  );
});

test('the spec that is given is left as it was', () => {
  const given = spec({ cronString: ['@daily'], structuredCalendar: [{ hour: [{ start: 3 }] }] });
  const copy = structuredClone(given);
  const canonical = canonicalSpec(given);
  assert.deepEqual(given, copy);
  assert.notEqual(canonical.structuredCalendar, given.structuredCalendar);
});

test('a spec may have so many parts', () => {
  const parts = (count: number) => spec({ interval: Array.from({ length: count }, () => ({ interval: 1000 })) });
  assert.equal(canonicalSpec(parts(1000)).interval.length, 1000);
  assert.throws(() => canonicalSpec(parts(1001)), {
    code: 3,
    message: 'more than 1000 calendars, intervals and exclusions',
  });
});

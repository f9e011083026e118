import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { checkCron, cronBackoff, parseCron } from './cron.ts';

const at = (text: string) => Date.parse(text);
const iso = (ms: number | undefined) => (ms === undefined ? undefined : new Date(ms).toISOString());

function nextTimes(spec: string, from: string, count = 3): (string | undefined)[] {
  const cron = parseCron(spec);
  assert.ok(cron, spec);
  const times: (string | undefined)[] = [];
  for (let ms: number | undefined = at(from); times.length < count && ms !== undefined; ) {
    ms = cron(ms, ms);
    times.push(iso(ms));
  }
  return times;
}

test('five fields, in UTC', () => {
  assert.deepEqual(nextTimes('30 9 * * 1-5', '2024-03-01T09:30:00Z'), [
    '2024-03-04T09:30:00.000Z',
    '2024-03-05T09:30:00.000Z',
    '2024-03-06T09:30:00.000Z',
  ]);
  assert.deepEqual(nextTimes('*/20 * * * *', '2024-12-31T23:25:00.5Z', 2), [
    '2024-12-31T23:40:00.000Z',
    '2025-01-01T00:00:00.000Z',
  ]);
  assert.deepEqual(nextTimes('0 12 29 FEB ?', '2024-03-01T00:00:00Z', 1), ['2028-02-29T12:00:00.000Z']);
  assert.deepEqual(nextTimes('5/15 0 1,15 jan-feb *', '2024-01-15T00:49:00Z', 2), [
    '2024-01-15T00:50:00.000Z',
    '2024-02-01T00:05:00.000Z',
  ]);
});

test('a day matches either field for days when both choose, both when one is a star', () => {
  assert.deepEqual(nextTimes('0 0 13 * fri', '2024-09-01T00:00:00Z'), [
    '2024-09-06T00:00:00.000Z',
    '2024-09-13T00:00:00.000Z',
    '2024-09-20T00:00:00.000Z',
  ]);
  assert.deepEqual(nextTimes('0 0 13 * *', '2024-09-01T00:00:00Z', 2), [
    '2024-09-13T00:00:00.000Z',
    '2024-10-13T00:00:00.000Z',
  ]);
  // A star with a step chooses.
  assert.deepEqual(nextTimes('0 0 */30 * sun', '2024-09-01T00:00:00Z', 2), [
    '2024-09-08T00:00:00.000Z',
    '2024-09-15T00:00:00.000Z',
  ]);
});

test('names of schedules', () => {
  const from = '2024-05-15T10:20:30Z';
  const first = (spec: string) => nextTimes(spec, from, 1)[0];
  assert.equal(first('@yearly'), '2025-01-01T00:00:00.000Z');
  assert.equal(first('@annually'), '2025-01-01T00:00:00.000Z');
  assert.equal(first('@monthly'), '2024-06-01T00:00:00.000Z');
  assert.equal(first('@weekly'), '2024-05-19T00:00:00.000Z');
  assert.equal(first('@daily'), '2024-05-16T00:00:00.000Z');
  assert.equal(first('@midnight'), '2024-05-16T00:00:00.000Z');
  assert.equal(first('@hourly'), '2024-05-15T11:00:00.000Z');
});

test('intervals count whole seconds from the time before', () => {
  assert.deepEqual(nextTimes('@every 1m30.9s', '2024-05-15T10:20:30.700Z', 2), [
    '2024-05-15T10:22:00.000Z',
    '2024-05-15T10:23:30.000Z',
  ]);
  assert.deepEqual(nextTimes('@every 5ms', '2024-05-15T10:20:30Z', 1), ['2024-05-15T10:20:31.000Z']);
});

test('time zones: a time that does not exist is left out, one that exists twice occurs twice', () => {
  const berlin = 'CRON_TZ=Europe/Berlin 30 2 * * *';
  assert.deepEqual(nextTimes(berlin, '2024-03-29T12:00:00Z', 2), [
    '2024-03-30T01:30:00.000Z',
    '2024-04-01T00:30:00.000Z',
  ]);
  assert.deepEqual(nextTimes(berlin, '2024-10-26T12:00:00Z'), [
    '2024-10-27T00:30:00.000Z',
    '2024-10-27T01:30:00.000Z',
    '2024-10-28T01:30:00.000Z',
  ]);
  // Clocks are changed on the way to the day: its first hour must not be stepped over.
  assert.deepEqual(nextTimes('CRON_TZ=Europe/Berlin 30 0 1 4 *', '2024-03-31T00:10:00Z', 1), [
    '2024-03-31T22:30:00.000Z',
  ]);
  // Midnight itself is skipped there.
  assert.deepEqual(nextTimes('TZ=America/Santiago @daily', '2024-09-06T12:00:00Z', 2), [
    '2024-09-07T04:00:00.000Z',
    '2024-09-09T03:00:00.000Z',
  ]);
  // Clocks are changed by half an hour.
  assert.deepEqual(nextTimes('TZ=Australia/Lord_Howe 45 1 * * *', '2024-04-06T00:00:00Z'), [
    '2024-04-06T14:45:00.000Z',
    '2024-04-06T15:15:00.000Z',
    '2024-04-07T15:15:00.000Z',
  ]);
});

test('what is no schedule is refused, and what never occurs', () => {
  const now = at('2024-05-15T10:20:30Z');
  const wrong = [
    ...[' ', '* * * *', '* * * * * *', '60 * * * *', '* 24 * * *', '* * 0 * *', '* * 32 * *', '* * * 13 *'],
    ...['* * * * 7', '5-1 * * * *', '*/0 * * * *', '1-2-3 * * * *', '1/2/3 * * * *', 'a * * * *', '-1 * * * *'],
    ...['* * * foo *', '1.5 * * * *', '@every', '@every x', '@every 1d', '@reboot', 'TZ=Europe/Berlin'],
    ...['valueOf', '__proto__', '@every 2562048h', `@every ${'9'.repeat(400)}h`],
    ...['TZ=Mars/Base * * * * *', 'CRON_TZ=+01:00 * * * * *', 'CRON_TZ=Europe/Berlin'],
  ];
  for (const spec of wrong) assert.equal(checkCron(spec, now), 'invalid CronSchedule.', spec);
  const never = 'invalid CronSchedule, no time can be found to satisfy the schedule';
  for (const spec of ['0 0 30 2 *', '0 0 31 4,6 *', ', * * * *']) assert.equal(checkCron(spec, now), never, spec);
  for (const spec of ['', '* * * * *', '@every 1h', '@every 2562047h', 'TZ= 1,,2 * ? * *'])
    assert.equal(checkCron(spec, now), undefined);
});

test('the back-off ends at the next time that has not passed, rounded up to a second', () => {
  const since = at('2024-05-15T10:00:00Z');
  const backoff = (spec: string, now: string) => cronBackoff(spec, since, at(now));
  assert.equal(backoff('*/5 * * * *', '2024-05-15T10:01:00.300Z'), 239_000 + 1000);
  assert.equal(backoff('*/5 * * * *', '2024-05-15T10:17:30Z'), 150_000);
  assert.equal(backoff('*/5 * * * *', '2024-05-15T10:20:00Z'), 0);
  assert.equal(backoff('@every 7s', '2024-05-15T10:00:16Z'), 5000);
  assert.equal(backoff('@every 7s', '2024-05-15T10:00:21Z'), 0);
  assert.equal(backoff('@every 7s', '2024-05-15T10:00:00Z'), 7000);
  assert.equal(backoff('@every 7s', '2024-05-15T09:59:50.5Z'), 10_000);
  assert.equal(backoff('0 0 30 2 *', '2024-05-15T10:00:15Z'), undefined);
  assert.equal(backoff('nonsense', '2024-05-15T10:00:15Z'), undefined);
});

const ZONES = [
  ...['UTC', 'Europe/Berlin', 'America/New_York', 'America/Santiago', 'Australia/Lord_Howe', 'Asia/Kathmandu'],
  ...['America/St_Johns', 'Africa/Casablanca', 'Pacific/Apia', 'Asia/Tehran'],
];

interface Choice {
  readonly text: string;
  readonly values: readonly number[];
  readonly star: boolean;
}

function choice(min: number, max: number): fc.Arbitrary<Choice> {
  const value = fc.integer({ min, max });
  const listed = fc.uniqueArray(value, { minLength: 1, maxLength: 4 });
  const all = Array.from({ length: max - min + 1 }, (_, i) => min + i);
  const range = fc.tuple(value, value, fc.integer({ min: 1, max: 7 })).map(([a, b, step]) => {
    const [from, to] = [Math.min(a, b), Math.max(a, b)];
    const values = all.filter((v) => v >= from && v <= to && (v - from) % step === 0);
    return { text: `${from}-${to}/${step}`, values, star: false };
  });
  return fc.oneof(
    { weight: 3, arbitrary: fc.constant({ text: '*', values: all, star: true }) },
    { weight: 2, arbitrary: listed.map((values) => ({ text: values.join(','), values, star: false })) },
    { weight: 1, arbitrary: range },
  );
}

/** Looks at every minute and asks the platform's calendar what the clocks show. */
function naive(zone: string, choices: readonly Choice[], afterMs: number, untilMs: number): number | undefined {
  const [minute, hour, dayOfMonth, month, dayOfWeek] = choices as [Choice, Choice, Choice, Choice, Choice];
  const format = new Intl.DateTimeFormat('en-US', {
    ...{ timeZone: zone, hourCycle: 'h23', weekday: 'short', month: 'numeric' },
    ...{ day: 'numeric', hour: 'numeric', minute: 'numeric' },
  });
  for (let ms = Math.floor(afterMs / 60_000) * 60_000 + 60_000; ms <= untilMs; ms += 60_000) {
    const parts = new Map(format.formatToParts(ms).map(({ type, value }) => [type, value]));
    const shows = (type: Intl.DateTimeFormatPartTypes, { values }: Choice) => values.includes(Number(parts.get(type)));
    const weekday = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'].indexOf(parts.get('weekday') ?? '');
    const days = [shows('day', dayOfMonth), dayOfWeek.values.includes(weekday)];
    const onDay = dayOfMonth.star || dayOfWeek.star ? days.every(Boolean) : days.some(Boolean);
    if (onDay && shows('month', month) && shows('hour', hour) && shows('minute', minute)) return ms;
  }
  return undefined;
}

test('finds what a look at every minute finds', () => {
  const days = 5;
  /** Around changes of the clocks, most of the time. */
  const from = fc.oneof(
    fc.constantFrom(
      ...['2024-03-29', '2024-10-25', '2024-03-09', '2024-11-01', '2024-09-06', '2024-04-05', '2024-10-04'].map(at),
      ...['2011-12-29', '2025-02-27', '2024-12-30', '2022-03-20', '2022-09-20'].map(at),
    ),
    fc.integer({ min: at('2000-01-01'), max: at('2037-01-01') }),
  );
  const fields = fc.tuple(choice(0, 59), choice(0, 23), choice(1, 31), choice(1, 12), choice(0, 6));
  fc.assert(
    fc.property(fc.constantFrom(...ZONES), fields, from, fc.nat({ max: 86_400_000 }), (zone, choices, day, ms) => {
      const afterMs = day + ms;
      const untilMs = afterMs + days * 86_400_000;
      const found = parseCron(`CRON_TZ=${zone} ${choices.map(({ text }) => text).join(' ')}`)?.(afterMs, afterMs);
      const expected = naive(zone, choices, afterMs, untilMs);
      if (expected === undefined) assert.ok(found === undefined || found > untilMs, iso(found));
      else assert.equal(iso(found), iso(expected));
    }),
    { numRuns: 150 },
  );
});

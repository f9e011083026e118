import assert from 'node:assert/strict';
import { describe, it, test } from 'node:test';
import { durationText, durationTextOf, parseDurationText } from '../time/duration-text.ts';
import { parseCron } from './cron.ts';
import { FieldError, parseRanges, rangesText } from './ranges-text.ts';
import { nextTimes } from './times.ts';
import { calendarWords, specLine, specWords } from './words.ts';

describe('calendars in words, of the cron that means them', () => {
  const cases: readonly (readonly [cron: string, words: string])[] = [
    ['@daily', 'every day at 00:00'],
    ['30 9 * * *', 'every day at 09:30'],
    ['15 30 9 * * * *', 'every day at 09:30:15'],
    ['0 9-17/4 * * *', 'every day at 09:00, 13:00, 17:00'],
    ['30 9 * * 1-5', 'Mon-Fri at 09:30'],
    ['5 17 * * fri # after work', 'Fri at 17:05 (after work)'],
    ['0 0 1,15 * *', 'day 1, 15 of the month at 00:00'],
    ['0 0 1-31/7 * *', 'day 1, 8, 15, 22, 29 of the month at 00:00'],
    ['0 0 1-31/4 * *', 'day 1-31 by 4 of the month at 00:00'],
    ['0 8 13 * 5', 'Fri that is day 13 of the month at 08:00'],
    ['0 0 * 6-8,12 *', 'every day in Jun-Aug, Dec at 00:00'],
    ['0 0 1 1 * 2030', 'day 1 of the month in Jan in 2030 at 00:00'],
    ['*/15 * * * *', 'every 15 minutes'],
    ['* * * * *', 'every minute'],
    ['* * * * 1-5', 'Mon-Fri every minute'],
    ['* * * * * * *', 'every second'],
    ['*/10 * * * * * *', 'every 10 seconds of every minute'],
    ['5 * * * *', 'minute 5 of every hour'],
    ['*/20 9-17 * * *', 'every 20 minutes of hour 9-17'],
    // From 49 it is eleven minutes to the next hour.
    ['*/7 * * * *', 'minute 0-59 by 7 of every hour'],
  ];
  for (const [cron, words] of cases) {
    it(`${cron} is ${words}`, () => assert.equal(calendarWords(parseCron(cron).calendar ?? {}), words));
  }
  it('takes no fields at all as midnight', () => assert.equal(calendarWords({}), 'every day at 00:00'));
});

test('a spec in words tells calendars, cron strings as stored, intervals, exclusions, jitter and zone', () => {
  const spec = {
    structuredCalendar: [{ hour: [{ start: 1 }] }],
    cronString: ['0 12 * * *'],
    interval: [{ interval: '2700s' }, { interval: '93784s', phase: '300s' }],
    excludeStructuredCalendar: [{ dayOfWeek: [{ start: 0 }] }],
    jitter: '90s',
    timezoneName: 'Europe/Paris',
  };
  assert.deepEqual(specWords(spec), {
    when: [
      'every day at 01:00',
      'every day at 12:00, cron 0 12 * * *',
      'every 45m',
      'every 1d 2h 3m 4s, shifted by 5m',
    ],
    except: ['Sun at 00:00'],
    jitter: 'up to 1m 30s later',
    zone: 'Europe/Paris',
  });
  assert.equal(
    specLine({ ...spec, cronString: [], interval: [] }),
    'every day at 01:00, except Sun at 00:00, up to 1m 30s later (Europe/Paris)',
  );
  assert.equal(specLine({}), 'only when triggered');
  const crons = specWords({ cronString: ['@every 8h', 'TZ=Asia/Tokyo @daily', 'nonsense'] });
  assert.deepEqual(crons.when, [
    'every 8h, cron @every 8h',
    'every day at 00:00, cron TZ=Asia/Tokyo @daily',
    'cron nonsense',
  ]);
  assert.equal(crons.zone, 'Asia/Tokyo');
});

test('durations are read as people write them, and written so that nothing is lost', () => {
  assert.deepEqual(['90s', '1h30m', '1h 30m', '1.5m', '250ms', '0', ' 2d '].map(parseDurationText), [
    ...[90_000, 5_400_000, 5_400_000, 90_000, 250, 0, 172_800_000],
  ]);
  assert.deepEqual(['', '5', 'm', '-5m', '5 minutes', '1h,2m'].map(parseDurationText), Array(6).fill(undefined));
  assert.equal(durationText(93_784_005), '1d 2h 3m 4s 5ms');
  assert.equal(durationText(0), '0s');
  assert.equal(durationTextOf('5400s'), '1h 30m');
  assert.equal(durationTextOf(undefined), '');
});

test('what is no calendar field says what is wrong with it', () => {
  for (const text of ['60', '5-2', 'x', '1/0', '1/2/3', '1-2-3', '1,', '*/x']) {
    assert.throws(() => parseRanges('minute', text), FieldError, text);
  }
  assert.throws(() => parseRanges('dayOfMonth', '0'), /0 is not from 1 to 31/);
  assert.throws(() => parseRanges('dayOfWeek', '8'), FieldError);
  assert.deepEqual(parseRanges('minute', '59'), [{ start: 59, end: 59, step: 1 }]);
  assert.equal(rangesText('dayOfWeek', parseRanges('dayOfWeek', '1-5,su')), 'Mon-Fri,Sun');
  assert.equal(rangesText('minute', parseRanges('minute', '*/15')), '*/15');
});

test('cron that is none says so', () => {
  for (const text of [
    '',
    '* * * *',
    '* * * * * * * *',
    '@every',
    '@every 5',
    '@every5m',
    'CRON_TZ=Europe/Paris',
    '@noon',
  ]) {
    assert.throws(() => parseCron(text), FieldError, text);
  }
  assert.deepEqual(parseCron('@every 8h/15m'), { interval: { interval: '28800s', phase: '900s' } });
  assert.equal(parseCron('CRON_TZ=Europe/Paris 0 12 * * *').timezoneName, 'Europe/Paris');
});

test('what cannot be told is a problem, not a wrong time', () => {
  const problemOf = (spec: object) => nextTimes(spec, 0, 1).problem;
  assert.match(problemOf({ timezoneData: 'AAAA', interval: [{ interval: '60s' }] }) ?? '', /only the server/);
  assert.match(problemOf({ timezoneName: 'Mars/Base', interval: [{ interval: '60s' }] }) ?? '', /no time zone Mars/);
  assert.match(problemOf({ cronString: ['nonsense'] }) ?? '', /5 fields/);
  assert.match(problemOf({ interval: [{ interval: '0.5s' }] }) ?? '', /at least a second/);
  assert.match(problemOf({ interval: [{ interval: '60s', phase: '60s' }] }) ?? '', /shorter/);
  assert.match(problemOf({ timezoneName: 'Asia/Tokyo', cronString: ['TZ=Asia/Seoul @daily'] }) ?? '', /contradict/);
  const everySecondButNever = { second: [{ end: 59 }], minute: [{ end: 59 }], hour: [{ end: 23 }] };
  const spec = { structuredCalendar: [everySecondButNever], excludeStructuredCalendar: [everySecondButNever] };
  assert.match(problemOf(spec) ?? '', /excluded/);
  assert.deepEqual(nextTimes({}, 0, 1), { times: [] });
});

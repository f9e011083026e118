import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Calendar, calendarText, skipTexts, specTexts } from './spec-text.ts';

const all = { second: [{}], minute: [{ end: 59 }], hour: [{ end: 23 }] };
const at = (hour: number, minute = 0, second = 0) => ({
  ...{ second: [{ start: second }], minute: [{ start: minute }], hour: [{ start: hour }] },
});

describe('calendarText', () => {
  const cases: readonly (readonly [Calendar, string])[] = [
    [{}, 'at 00:00'],
    [at(9, 30), 'at 09:30'],
    [at(9, 30, 15), 'at 09:30:15'],
    [{ ...at(9), hour: [{ start: 9, end: 17, step: 4 }] }, 'at 09:00, 13:00, 17:00'],
    [{ ...at(9), hour: [{ start: 9, end: 14 }] }, 'at 09:00, 10:00, 11:00, 12:00, 13:00, 14:00'],
    [{ ...at(9), hour: [{ start: 9, end: 15 }] }, 'minute 0 of hour 9-15'],
    [{ ...at(9, 5), hour: [{ end: 23 }] }, 'minute 5 of every hour'],
    [all, 'every minute'],
    [{ ...all, second: [{ end: 59 }] }, 'every second'],
    [{ ...all, second: [{ end: 59, step: 10 }] }, 'second */10 of every minute'],
    [{ ...all, minute: [{ end: 59, step: 15 }] }, 'every 15 minutes'],
    [{ ...all, minute: [{ end: 30, step: 15 }, { start: 45 }] }, 'minute 0-30/15,45 of every hour'],
    [{ ...all, hour: [{ start: 9, end: 17 }] }, 'minute * of hour 9-17'],
    [{ ...at(17, 5), dayOfWeek: [{ start: 5 }] }, 'at 17:05 on Fri'],
    [{ ...at(17, 5), dayOfWeek: [{ start: 1, end: 5 }], comment: 'after work' }, 'at 17:05 on Mon-Fri (after work)'],
    [
      { ...at(0), dayOfWeek: [{ end: 6 }], dayOfMonth: [{ start: 1, end: 31 }], month: [{ start: 1, end: 12 }] },
      'at 00:00',
    ],
    [
      {
        ...at(0),
        dayOfMonth: [{ start: 1 }, { start: 15 }],
        month: [{ start: 1, end: 12, step: 3 }],
        year: [{ start: 2030 }],
      },
      'at 00:00 on day 1,15 of the month in */3 in 2030',
    ],
    [{ ...at(0), month: [{ start: 6, end: 8 }, { start: 12 }] }, 'at 00:00 in Jun-Aug,Dec'],
  ];
  for (const [calendar, text] of cases) it(text, () => assert.equal(calendarText(calendar), text));
});

describe('specTexts', () => {
  it('tells calendars first, then what was left as it was written, then intervals', () => {
    const spec = {
      structuredCalendar: [at(1), at(2)],
      cronString: ['@daily'],
      interval: [{ interval: '2700s' }, { interval: '86400s', phase: '300s' }, { interval: '60s', phase: '0s' }],
      excludeStructuredCalendar: [at(3)],
    };
    assert.deepEqual(specTexts(spec), [
      ...['at 01:00', 'at 02:00', 'cron @daily'],
      ...['every 45m', 'every 1d, shifted by 5m', 'every 1m'],
    ]);
    assert.deepEqual(skipTexts(spec), ['at 03:00']);
    assert.deepEqual(specTexts({}), []);
  });
});

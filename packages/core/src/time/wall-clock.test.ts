import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { DAY_MS, dateOfDay, dayOfDate, dayOfWeek, daysInMonth, isLeapYear, wallTime } from './wall-clock.ts';

test('days and dates are those of the platform', () => {
  const days = fc.integer({ min: -1_000_000, max: 1_000_000 });
  fc.assert(
    fc.property(days, fc.nat({ max: DAY_MS - 1 }), (day, inDayMs) => {
      const date = new Date(day * DAY_MS + inDayMs);
      const { year, month, day: ofMonth } = dateOfDay(day);
      assert.deepEqual([year, month, ofMonth], [date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate()]);
      assert.equal(dayOfDate(year, month, ofMonth), day);
      assert.equal(dayOfWeek(day), date.getUTCDay());
      assert.equal(daysInMonth(year, month), lastDay(year, month));
      const wall = wallTime(date.getTime());
      assert.deepEqual([wall.hour, wall.minute, wall.dayMs], [date.getUTCHours(), date.getUTCMinutes(), day * DAY_MS]);
    }),
    { numRuns: 1000 },
  );
});

function lastDay(year: number, month: number): number {
  const date = new Date(0);
  date.setUTCFullYear(year, month, 0);
  return date.getUTCDate();
}

test('a year of a century is a leap year once in four', () => {
  assert.deepEqual([1900, 2000, 2023, 2024, 2100].map(isLeapYear), [false, true, false, true, false]);
});

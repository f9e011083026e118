import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { namedZone, type Zone } from './zone.ts';

const at = (text: string) => Date.parse(text);
const HOUR_MS = 3_600_000;

function zone(name: string): Zone {
  const found = namedZone(name);
  assert.ok(found, name);
  return found;
}

function clocks(timeZone: string): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat('en-US', {
    ...{ timeZone, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric' },
    ...{ hour: 'numeric', minute: 'numeric', second: 'numeric' },
  });
}

/** What the platform's clocks show, as if it were UTC. */
function shown(format: Intl.DateTimeFormat, atMs: number): number {
  const parts = new Map(format.formatToParts(atMs).map(({ type, value }) => [type, Number(value)]));
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? NaN;
  const date = [part('year'), part('month') - 1, part('day')] as const;
  return Date.UTC(...date, part('hour'), part('minute'), part('second'));
}

test('the table of a zone says what the platform says', () => {
  const names = Intl.supportedValuesOf('timeZone');
  const seconds = fc.integer({ min: at('1900-01-01') / 1000, max: at('2101-01-01') / 1000 });
  fc.assert(
    fc.property(fc.constantFrom(...names), fc.array(seconds, { minLength: 5, maxLength: 5 }), (name, times) => {
      const format = clocks(name);
      for (const time of times) {
        const text = `${name} ${new Date(time * 1000).toISOString()}`;
        assert.equal(time * 1000 + zone(name).offsetAt(time * 1000), shown(format, time * 1000), text);
      }
    }),
    { numRuns: 300 },
  );
});

test('a period ends with the change of the clocks', () => {
  const berlin = zone('Europe/Berlin');
  const summer = at('2024-03-31T01:00:00Z');
  const winter = at('2024-10-27T01:00:00Z');
  assert.equal(berlin.offsetAt(summer - 1), HOUR_MS);
  assert.equal(berlin.offsetAt(summer), 2 * HOUR_MS);
  assert.equal(berlin.offsetAt(winter - 1), 2 * HOUR_MS);
  assert.equal(berlin.offsetAt(winter), HOUR_MS);
  const change = (afterMs: number) => {
    let period = berlin.periodAt(afterMs);
    while (berlin.offsetAt(period.untilMs) === period.offsetMs) period = berlin.periodAt(period.untilMs);
    return period.untilMs;
  };
  assert.equal(change(at('2024-01-01')), summer);
  assert.equal(change(summer), winter);
});

test('no change is missed, however short a time it is for', () => {
  // The clocks of Casablanca are an hour behind during Ramadan.
  const casablanca = zone('Africa/Casablanca');
  assert.equal(casablanca.offsetAt(at('2024-03-10T01:59:59Z')), HOUR_MS);
  assert.equal(casablanca.offsetAt(at('2024-03-10T02:00:00Z')), 0);
  assert.equal(casablanca.offsetAt(at('2024-04-14T01:59:59Z')), 0);
  assert.equal(casablanca.offsetAt(at('2024-04-14T02:00:00Z')), HOUR_MS);
  const format = clocks('Africa/Casablanca');
  for (let ms = at('2008-01-01'); ms < at('2088-01-01'); ms += 7 * 24 * HOUR_MS) {
    assert.equal(ms + casablanca.offsetAt(ms), shown(format, ms), new Date(ms).toISOString());
  }
});

test('names are found in any case; what is no name is not', () => {
  assert.equal(namedZone('europe/BERLIN'), namedZone('Europe/Berlin'));
  for (const name of ['', 'UTC', 'Local']) assert.equal(namedZone(name)?.periodAt(0).untilMs, Infinity, name);
  for (const name of ['Mars/Base', '+01:00', ' ', 'Europe/Berlin ', '../etc/passwd', 'é']) {
    assert.equal(namedZone(name), undefined, name);
  }
});

test('times far outside of all years have an answer', () => {
  const berlin = zone('Europe/Berlin');
  for (const ms of [-1e18, -8.64e15, 8.64e15, 1e18]) assert.ok(Number.isFinite(berlin.offsetAt(ms)));
  assert.equal(berlin.periodAt(1e18).untilMs, Infinity);
});

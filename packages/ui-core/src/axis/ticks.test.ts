import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { Span } from './spans.ts';
import { type TickOptions, ticksOf } from './ticks.ts';
import { TimeAxis } from './time-axis.ts';
import { dateOf, dayNumber, instantOf, localOf } from './zone.ts';

const at = (text: string): number => new Date(text).getTime();
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

function axisOf(from: string, lengthMs: number, widthPx = 1000): TimeAxis {
  return TimeAxis.of({ spans: [{ fromMs: at(from), toMs: at(from) + lengthMs }], widthPx });
}

function times(axis: TimeAxis, options: TickOptions): string[] {
  return ticksOf(axis, options).map(({ date, time }) => (date === '' ? time : `${time} ${date}`));
}

describe('the ticks of an axis', () => {
  it('are at round times of the clock in the zone', () => {
    const axis = axisOf('2026-11-29T11:07:00Z', HOUR, 560);
    const expected = ['12:15', '12:30', '12:45', '13:00'];
    const shown = times(axis, { zone: 'Europe/Berlin' });
    assert.deepEqual(shown, [`${expected[0]} 29 Nov 2026`, ...expected.slice(1)]);
    // Of a zone whose clocks are at a quarter to, when those of others strike.
    assert.match(times(axis, { zone: 'Asia/Kathmandu' })[0] ?? '', /^17:00 /);
  });

  it('are at round times since the start, if wanted', () => {
    const ticks = ticksOf(axisOf('2026-11-29T11:07:13.250Z', 95_000), { zone: 'UTC', by: 'offset' });
    assert.deepEqual(
      ticks.map((tick) => tick.offset),
      ['0', '10s', '20s', '30s', '40s', '50s', '1m', '1m 10s', '1m 20s', '1m 30s'],
    );
    assert.equal(ticks[1]?.time, '11:07:23');
  });

  it('tell milliseconds apart, when there is room for them', () => {
    const ticks = ticksOf(axisOf('2026-11-29T11:07:13.250Z', 20), { zone: 'UTC' });
    assert.deepEqual(
      ticks.map(({ time, offset }) => [time, offset]),
      [
        ['11:07:13.250', '0'],
        ['11:07:13.255', '5ms'],
        ['11:07:13.260', '10ms'],
        ['11:07:13.265', '15ms'],
        ['11:07:13.270', '20ms'],
      ],
    );
  });

  it('are midnights, Mondays, first days of months and years', () => {
    const zone = 'America/New_York';
    assert.deepEqual(
      times(axisOf('2026-03-06T12:00:00Z', 5 * DAY, 600), { zone }),
      ['7 Mar 2026', '8 Mar', '9 Mar', '10 Mar', '11 Mar'].map((text, index) => (index === 0 ? '7 Mar 2026' : text)),
    );
    const weeks = ticksOf(axisOf('2026-03-01T00:00:00Z', 30 * DAY, 500), { zone });
    assert.deepEqual(
      weeks.map(({ time }) => time),
      ['2 Mar', '9 Mar', '16 Mar', '23 Mar', '30 Mar'],
    );
    assert.ok(weeks.every(({ ms }) => localOf(ms, zone) % DAY === 0));
    assert.deepEqual(times(axisOf('2026-01-15T00:00:00Z', 150 * DAY, 600), { zone }), [
      'Feb 2026',
      'Mar 2026',
      'Apr 2026',
      'May 2026',
      'Jun 2026',
    ]);
    assert.deepEqual(times(axisOf('2020-06-01T00:00:00Z', 5 * 365 * DAY, 700), { zone }), [
      '2021',
      '2022',
      '2023',
      '2024',
      '2025',
    ]);
  });

  it('go on when clocks are changed', () => {
    // 2026-03-29 in Berlin: 02:00 is 03:00. 2026-10-25: 03:00 is 02:00 again.
    const zone = 'Europe/Berlin';
    const spring = times(axisOf('2026-03-28T23:30:00Z', 4 * HOUR, 900), { zone });
    assert.deepEqual(spring.slice(1), ['01:00', '01:30', '03:00', '03:30', '04:00', '04:30', '05:00', '05:30']);
    const autumn = times(axisOf('2026-10-24T22:30:00Z', 5 * HOUR, 900), { zone });
    assert.ok(autumn.filter((time) => time === '02:00').length === 2, autumn.join());
    const sixHours = times(axisOf('2026-10-24T20:00:00Z', 30 * HOUR, 700), { zone });
    const hours = sixHours.map((time) => time.slice(0, 5));
    assert.deepEqual(hours, ['00:00', '06:00', '12:00', '18:00', '00:00']);
  });

  it('are not in folded gaps, and say the date after them', () => {
    const start = at('2026-11-29T11:00:00Z');
    const spans = [0, 3 * DAY].map((ms) => ({ fromMs: start + ms, toMs: start + ms + 10_000 }));
    const axis = TimeAxis.of({ spans, widthPx: 1000 });
    const ticks = ticksOf(axis, { zone: 'UTC' });
    assert.deepEqual(ticks.map(({ date }) => date).filter(Boolean), ['29 Nov 2026', '2 Dec 2026']);
    assert.ok(ticks.every(({ ms }) => ms < start + 10_001 || ms >= start + 3 * DAY));
  });

  it('want a zone that exists', () => {
    assert.throws(() => ticksOf(axisOf('2026-11-29T11:00:00Z', HOUR), { zone: 'Mars/Olympus' }), RangeError);
  });

  it('are few, in order, in the view, and do not overlap', () => {
    const options = fc.record({
      zone: fc.constantFrom('UTC', 'Europe/Berlin', 'America/St_Johns', 'Asia/Kathmandu', 'Australia/Lord_Howe'),
      by: fc.constantFrom('clock' as const, 'offset' as const),
      hour12: fc.boolean(),
    });
    const axis = fc
      .record({
        starts: fc.array(fc.integer({ min: 0, max: 3e10 }), { minLength: 1, maxLength: 8 }),
        lengthMs: fc.integer({ min: 1, max: 1e9 }),
        widthPx: fc.integer({ min: 300, max: 2500 }),
        zoom: fc.double({ min: 1, max: 1e7, noNaN: true }),
      })
      .map(({ starts, lengthMs, widthPx, zoom }) => {
        const spans: Span[] = starts.map((ms) => ({ fromMs: 1.77e12 + ms, toMs: 1.77e12 + ms + lengthMs }));
        return TimeAxis.of({ spans, widthPx }).zoom(zoom, 100);
      });
    fc.assert(
      fc.property(axis, options, (one, format) => {
        const ticks = ticksOf(one, format);
        assert.ok(ticks.length <= one.widthPx / 23, `${ticks.length} ticks`);
        ticks.reduce(
          (before, tick) => {
            assert.ok(tick.px >= -0.01 && tick.px <= one.widthPx + 0.01, `${tick.px}`);
            assert.ok(tick.px - before.px >= (widest(before) + widest(tick)) / 2 - 0.01 || before.px < 0);
            return tick;
          },
          { px: Number.NEGATIVE_INFINITY, time: '', offset: '' },
        );
      }),
    );
  });
});

function widest({ time, offset }: { readonly time: string; readonly offset: string }): number {
  return Math.max(time.length, offset.length) * 7 + 16;
}

describe('time zones', () => {
  it('lead from what a clock shows to the moment and back', () => {
    const zone = fc.constantFrom('UTC', 'Europe/Berlin', 'America/Sao_Paulo', 'Pacific/Apia', 'Asia/Kolkata');
    const ms = fc.integer({ min: at('1970-01-02T00:00:00Z'), max: at('2100-01-01T00:00:00Z') });
    fc.assert(
      fc.property(zone, ms, (name, moment) => {
        const local = localOf(moment, name);
        // What the clock shows twice leads to the earlier moment.
        assert.equal(localOf(instantOf(local, name), name), local);
        assert.ok(instantOf(local, name) <= moment);
      }),
    );
  });

  it('count days as calendars do', () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date('0100-01-01'), max: new Date('9999-12-31'), noInvalidDate: true }),
        (date) => {
          const { year, month, day } = dateOf(date.getTime());
          assert.deepEqual([year, month, day], [date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate()]);
          assert.equal(dayNumber(year, month, day), Math.floor(date.getTime() / DAY));
        },
      ),
    );
  });
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { activity, event, started } from '../../test/events.ts';
import { EventGroups } from '../groups/event-groups.ts';
import { busySpans, type Span } from './spans.ts';
import { TimeAxis, type TimeAxisOptions } from './time-axis.ts';

const START = 1_700_000_000_000;
const HOUR = 3_600_000;
const span = (fromMs: number, toMs: number): Span => ({ fromMs: START + fromMs, toMs: START + toMs });

/** A second of work, three idle days, a second of work. */
const IDLE_DAYS: TimeAxisOptions = { spans: [span(0, 1000), span(72 * HOUR, 72 * HOUR + 1000)], widthPx: 1000 };

function close(actual: number, expected: number, tolerance = 1e-6): void {
  assert.ok(Math.abs(actual - expected) <= tolerance, `${actual} is not ${expected}`);
}

describe('a time axis', () => {
  it('shows the whole run and a little around it', () => {
    const axis = TimeAxis.of({ spans: [span(0, 10_000)], widthPx: 1040 });
    close(axis.positionOf(START), 20);
    close(axis.positionOf(START + 10_000), 1020);
    close(axis.timeAt(520), START + 5000, 1e-3);
    assert.ok(axis.isFitted);
  });

  it('goes to now if something is open', () => {
    const axis = TimeAxis.of({ spans: [span(0, 10)], nowMs: START + 500, widthPx: 100 });
    assert.equal(axis.run.toMs, START + 500);
  });

  it('has a length even if nothing took any time, or nothing happened', () => {
    assert.deepEqual(TimeAxis.of({ spans: [span(5, 5)], widthPx: 100 }).run, span(5, 6));
    assert.deepEqual(TimeAxis.of({ spans: [], nowMs: START, widthPx: 100 }).run, span(0, 1));
    assert.deepEqual(TimeAxis.of({ spans: [], widthPx: 100 }).run, { fromMs: 0, toMs: 1 });
  });

  it('can have no width yet', () => {
    const axis = TimeAxis.of({ ...IDLE_DAYS, widthPx: 0 });
    assert.equal(axis.widthPx, 1);
    assert.ok(Number.isFinite(axis.positionOf(START + 500)) && Number.isFinite(axis.timeAt(0)));
    assert.ok(axis.with({ widthPx: 1000 }).isFitted);
  });

  it('moves a moment to its left edge, if the run goes on far enough behind it', () => {
    const axis = TimeAxis.of({ spans: [span(0, 10_000)], widthPx: 1000 }).zoom(4);
    close(axis.moveTo(START + 3000).visible.fromMs, START + 3000, 1e-2);
    close(axis.moveTo(START + 3000).pxPerMs, axis.pxPerMs);
    const end = axis.moveTo(START + 9900).visible;
    assert.ok(end.fromMs < START + 8000 && end.toMs >= START + 10_000);
  });

  it('shows the whole run when the moments at its edges are asked for, and not a little less', () => {
    for (const lengthMs of [50, 53, 1733]) {
      const axis = TimeAxis.of({ spans: [span(0.3, lengthMs)], widthPx: 487 });
      const { fromMs, toMs } = axis.visible;
      assert.ok(axis.zoom(4).show(fromMs, toMs).isFitted, String(lengthMs));
    }
    const axis = TimeAxis.of({ spans: [span(0, 50)], widthPx: 500 });
    assert.ok(!axis.zoom(1.001).isFitted);
  });

  it('folds a long idle gap into a few pixels', () => {
    const axis = TimeAxis.of(IDLE_DAYS);
    assert.deepEqual(axis.gaps, [{ ...span(1000, 72 * HOUR), folded: true }]);
    close(axis.positionOf(START + 72 * HOUR) - axis.positionOf(START + 1000), 24);
    const [gap] = axis.visibleGaps;
    assert.ok(gap);
    close(gap.toPx - gap.fromPx, 24);
    const unfolded = axis.withFold(START + 1000, false);
    assert.ok(unfolded.positionOf(START + 72 * HOUR) - unfolded.positionOf(START + 1000) > 950);
    assert.equal(unfolded.withFold(START + 1000, true).gaps[0]?.folded, true);
    assert.equal(TimeAxis.of({ ...IDLE_DAYS, folding: 'none' }).gaps[0]?.folded, false);
  });

  it('folds what is long against what remains, and no more', () => {
    const spans = [
      span(0, 1000),
      span(3000, 4000),
      span(4900, 5000),
      span(2 * HOUR, 2 * HOUR),
      span(90 * HOUR, 90 * HOUR),
    ];
    const folded = (options: Partial<TimeAxisOptions>) =>
      TimeAxis.of({ spans, widthPx: 1000, ...options }).gaps.map((gap) => gap.folded);
    assert.deepEqual(folded({}), [true, false, true, true]);
    assert.deepEqual(folded({ threshold: 0.6 }), [false, false, true, true]);
    assert.deepEqual(folded({ minimumGapMs: 2001 }), [false, false, true, true]);
    assert.deepEqual(folded({ folding: 'all', minimumGapMs: 900 }), [true, true, true, true]);
    assert.deepEqual(folded({ folding: 'all', minimumGapMs: 901 }), [true, false, true, true]);
  });

  it('never folds everything', () => {
    const axis = TimeAxis.of({ spans: [span(0, 0), span(HOUR, HOUR)], widthPx: 100 });
    assert.deepEqual(
      axis.gaps.map((gap) => gap.folded),
      [false],
    );
  });

  it('gives folded gaps at most half of the view', () => {
    const spans = Array.from({ length: 101 }, (_, at) => span(at * HOUR, at * HOUR + 10));
    const axis = TimeAxis.of({ spans, widthPx: 1000, folding: 'all' });
    const [gap] = axis.visibleGaps;
    assert.ok(gap);
    close(gap.toPx - gap.fromPx, 5);
  });

  it('zooms around a point, down to a millisecond and out to the whole run', () => {
    const axis = TimeAxis.of({ spans: [span(0, 100_000)], widthPx: 1000 });
    const zoomed = axis.zoom(4, 700);
    close(zoomed.timeAt(700), axis.timeAt(700), 1e-3);
    close(zoomed.pxPerMs, axis.pxPerMs * 4);
    const near = axis.zoom(1e12, 500).visible;
    close(near.toMs - near.fromMs, 1, 1e-3);
    assert.ok(axis.zoom(1e12, 500).zoom(1e-12).isFitted);
  });

  it('pans, but not away from the run', () => {
    const axis = TimeAxis.of({ spans: [span(0, 100_000)], widthPx: 1000 }).zoom(10, 500);
    close(axis.pan(100).positionOf(START + 50_000), axis.positionOf(START + 50_000) + 100);
    close(axis.pan(1e9).visible.fromMs, START - 2000, 1e-3);
    close(axis.pan(-1e9).visible.toMs, START + 102_000, 1e-3);
  });

  it('selects a range, and shows it', () => {
    const axis = TimeAxis.of({ spans: [span(0, 100_000)], widthPx: 1000 });
    const selected = axis.selectBetween(axis.positionOf(START + 30_000), axis.positionOf(START + 20_000));
    close(selected.selection?.fromMs ?? 0, START + 20_000, 1e-3);
    const shown = selected.showSelection();
    close(shown.visible.fromMs, START + 20_000, 1e-3);
    close(shown.visible.toMs, START + 30_000, 1e-3);
    assert.deepEqual(axis.select({ fromMs: START - 5, toMs: START + 5 }).selection, span(0, 5));
    assert.equal(selected.select(undefined).selection, undefined);
    assert.equal(axis.selection, undefined);
  });

  it('stays where it was while the run goes on, and at the end if it was there', () => {
    const axis = TimeAxis.of({ spans: [span(0, 100_000)], nowMs: START + 100_000, widthPx: 1000 });
    const later = { nowMs: START + 110_000 };
    assert.ok(axis.with(later).isFitted);
    const inside = axis.show(START + 10_000, START + 20_000);
    close(inside.with(later).visible.fromMs, START + 10_000, 1e-3);
    const end = axis.show(START + 90_000, START + 101_000).with(later).visible;
    close(end.toMs, START + 111_000, 1e-2);
  });

  const offset = fc.integer({ min: 0, max: 200_000_000 });
  const anyAxis = fc
    .record({
      spans: fc.array(
        fc.tuple(offset, fc.integer({ min: 0, max: 50_000 })).map(([at, length]) => span(at, at + length)),
        { minLength: 1, maxLength: 20 },
      ),
      widthPx: fc.integer({ min: 200, max: 3000 }),
      folding: fc.constantFrom('auto' as const, 'all' as const, 'none' as const),
      zooms: fc.array(fc.tuple(fc.double({ min: 0.1, max: 50, noNaN: true }), fc.nat({ max: 200 })), { maxLength: 6 }),
    })
    .map(({ zooms, ...options }) =>
      zooms.reduce((axis, [by, at]) => axis.zoom(by, at).pan(at - 100), TimeAxis.of(options)),
    );

  it('never turns back, and keeps the order across folded gaps', () => {
    fc.assert(
      fc.property(anyAxis, fc.array(offset, { minLength: 2 }), (axis, offsets) => {
        const times = offsets.map((ms) => START + ms).sort((a, b) => a - b);
        const places = times.map((ms) => axis.positionOf(ms));
        places.forEach((px, at) => {
          if (at === 0) return;
          const before = places[at - 1] ?? 0;
          assert.ok((times[at] ?? 0) > (times[at - 1] ?? 0) ? px > before : px === before);
        });
      }),
    );
  });

  it('leads from a moment to a place and back', () => {
    fc.assert(
      fc.property(anyAxis, offset, fc.nat({ max: 3000 }), (axis, ms, px) => {
        const found = axis.timeAt(axis.positionOf(START + ms));
        const fold = axis.gaps.find((gap) => gap.folded && START + ms >= gap.fromMs && START + ms <= gap.toMs);
        // Epoch milliseconds as doubles are about 0.0003 ms apart. A fold may hold years in a few pixels, where the smallest
        // step of a far place is hours: then the moment is in the same fold.
        if (fold === undefined) close(found, START + ms, 1e-2);
        else assert.ok(found >= fold.fromMs - 1e-2 && found <= fold.toMs + 1e-2, `${found}`);
        close(axis.positionOf(axis.timeAt(px)), px, 1e-3 + axis.pxPerMs * 1e-3);
      }),
    );
  });

  it('shows what it is asked to show', () => {
    fc.assert(
      fc.property(anyAxis, offset, offset, (axis, a, b) => {
        const { fromMs, toMs } = axis.run;
        const inside = [a, b].map((ms) => Math.min(toMs, Math.max(fromMs, START + ms)));
        const shown = axis.show(inside[0] ?? 0, inside[1] ?? 0);
        for (const ms of inside) {
          const px = shown.positionOf(ms);
          assert.ok(px >= -0.5 && px <= axis.widthPx + 0.5, `${px}`);
        }
      }),
    );
  });
});

describe('busy spans', () => {
  it('are what was in hand; a timer only begins and ends', () => {
    const groups = new EventGroups();
    const timer = [
      event(8, 'TIMER_STARTED', { timerId: '1' }),
      event(9, 'TIMER_FIRED', { startedEventId: '8' }, 99_000),
    ];
    groups.ingest([started(), ...activity(2, 'charge'), ...timer]);
    assert.deepEqual(busySpans(groups.groups, 100_000), [
      { fromMs: 1000, toMs: 1000 },
      { fromMs: 2000, toMs: 4000 },
      { fromMs: 8000, toMs: 8000 },
      { fromMs: 99_000, toMs: 99_000 },
    ]);
  });
});

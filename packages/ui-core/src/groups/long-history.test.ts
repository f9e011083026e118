// What a page, and one more event, cost in a history of 50,000 events. What counts is the time of the processor, and the
// best of some rounds: usually less than half of the limits. What grows with the square of the length
// is far beyond them.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { event } from '../../test/events.ts';
import { longHistory } from '../../test/long-history.ts';
import type { HistoryEvent } from '../history/event.ts';
import { EventGroups } from './event-groups.ts';

const PAGE = 1000;
const OPENED_MS_MAX = 600;
const APPENDED_MS_MAX = 5;

describe('a history of 50,000 events', () => {
  const events = longHistory(50_000);

  it('is grouped page by page, with a look after each', (t) => {
    const ms = bestOf(5, () => paged(events));
    t.diagnostic(`${ms.toFixed(0)} ms`);
    assert.ok(ms < OPENED_MS_MAX, `${ms} ms`);
  });

  it('is grouped from its end too', () => {
    const backwards = pagesOf(events).reverse();
    const groups = new EventGroups();
    const ms = bestOf(1, () => {
      for (const page of backwards) {
        groups.ingest(page);
        assert.ok(groups.groups.length > 0);
      }
    });
    assert.ok(ms < 3 * OPENED_MS_MAX, `${ms} ms`);
    assert.equal(groups.groups.length, paged(events).groups.length);
  });

  it('takes one more event at once', (t) => {
    const groups = paged(events);
    let id = events.length;
    const ms = bestOf(20, () => {
      id += 1;
      groups.ingest([event(id, 'WORKFLOW_EXECUTION_SIGNALED', { signalName: 'pay' })]);
      assert.equal(groups.groups.at(-1)?.firstEventId, id);
    });
    t.diagnostic(`${ms.toFixed(2)} ms`);
    assert.ok(ms < APPENDED_MS_MAX, `${ms} ms`);
  });

  it('builds nothing again for one more event', () => {
    const groups = paged(events);
    const before = groups.groups;
    groups.ingest([event(events.length + 1, 'WORKFLOW_EXECUTION_SIGNALED', { signalName: 'pay' })]);
    assert.deepEqual(groups.groups.length, before.length + 1);
    assert.ok(before.every((group, at) => group === groups.groups[at]));
  });
});

function pagesOf(events: readonly HistoryEvent[]): HistoryEvent[][] {
  const count = Math.ceil(events.length / PAGE);
  return Array.from({ length: count }, (_, at) => events.slice(at * PAGE, (at + 1) * PAGE));
}

function paged(events: readonly HistoryEvent[]): EventGroups {
  const groups = new EventGroups();
  for (const page of pagesOf(events)) {
    groups.ingest(page);
    assert.ok(groups.groups.length > 0);
  }
  return groups;
}

function bestOf(rounds: number, act: () => unknown): number {
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < rounds; round += 1) {
    const before = process.cpuUsage();
    act();
    const { user, system } = process.cpuUsage(before);
    best = Math.min(best, (user + system) / 1000);
  }
  return best;
}

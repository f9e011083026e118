// The time that a list or a count may take.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { QueryTimeoutError } from '../contract.ts';
import { acquire, closedRow, insertRun, keysOf, runRow } from './fixtures.ts';
import type { OpenForTest } from './index.ts';

export function registerTimeLimits(open: OpenForTest): void {
  test('a list or a count whose time is over is refused, and the next one is answered', async (t) => {
    const store = await open(t);
    await (await acquire(store)).commit(insertRun(runRow(1)), insertRun(closedRow(2, 5)));
    const namespaceId = 'ns-1';
    const over = { namespaceId, timeoutMs: -1 };
    await assert.rejects(store.listRuns({ ...over, limit: 9 }), QueryTimeoutError);
    await assert.rejects(store.listRuns({ ...over, limit: 9, upkeep: true }), QueryTimeoutError);
    await assert.rejects(store.countRuns(over), QueryTimeoutError);
    const inTime = { namespaceId, timeoutMs: 60_000 };
    assert.deepEqual(keysOf(await store.listRuns({ ...inTime, limit: 9 })), [1, 2]);
    assert.equal((await store.countRuns(inTime)).count, 2);
  });
}

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { EntityKind, type RunListQuery, type RunRow } from '@perdure/store';
import { Retention } from './retention.ts';

const NOW = 1_000_000;

function row(key: number, closeMs: number, more: Partial<RunRow> = {}): RunRow {
  const bytes = new Uint8Array(0);
  const names = { namespaceId: 'n', workflowId: `w${key}`, runId: `r${key}`, workflowType: '', taskQueue: '' };
  const parent = { firstRunId: '', parentWorkflowId: '', parentRunId: '', rootWorkflowId: '', rootRunId: '' };
  const times = { startMs: 0, executionMs: 0, closeMs, wakeAtMs: undefined };
  const sizes = {
    historyLength: 10,
    historySizeBytes: 100,
    stateTransitionCount: 4,
    memo: bytes,
    searchAttributes: bytes,
  };
  return { key, kind: EntityKind.WORKFLOW_RUN, shard: 1, status: 2, ...names, ...parent, ...times, ...sizes, ...more };
}

/** A store with these closed runs, newest first, in one namespace that keeps them for 1000 ms. */
function retention(rows: RunRow[]) {
  const commits: number[][] = [];
  const sweeper = new Retention({
    store: {
      listRuns: async ({ after, limit, kinds }: RunListQuery) =>
        rows
          .filter(({ kind }) => kinds?.includes(kind))
          .filter((each) => (each.closeMs ?? 0) <= (after?.closeMs ?? 0) && each.key !== after?.key)
          .filter((each) => (after?.key === 0 ? each.closeMs !== after.closeMs : each.key < (after?.key ?? 0)))
          .slice(0, limit),
    },
    engine: {
      removeClosed: async (given) => {
        commits.push(given.map(({ key }) => key));
      },
    },
    clock: { now: () => NOW },
    log: { isEnabled: () => true, debug: assert.fail, info: assert.fail, warn: assert.fail, error: assert.fail },
    namespaces: () => [{ id: 'n', retentionMs: 1000 }],
  });
  return { sweeper, commits };
}

describe('retention', () => {
  it('ends for what was closed longer ago than it lasts', async () => {
    const { sweeper, commits } = retention([row(3, NOW - 999), row(2, NOW - 1000), row(1, NOW - 1001)]);
    assert.equal(await sweeper.sweep(), false);
    assert.deepEqual(commits, [[1]]);
  });

  it('leaves a run that still has something to do', async () => {
    const { sweeper, commits } = retention([row(2, 0, { wakeAtMs: NOW }), row(1, 0)]);
    await sweeper.sweep();
    assert.deepEqual(commits, [[1]]);
  });

  it('ends for batch operations as for runs of workflows', async () => {
    const { sweeper, commits } = retention([row(2, 0, { kind: EntityKind.BATCH_OPERATION }), row(1, 0)]);
    await sweeper.sweep();
    assert.deepEqual(commits, [[2, 1]]);
  });

  it('goes through all of them in pages, and then from the beginning', async () => {
    const rows = Array.from({ length: 120 }, (_, i) => row(120 - i, 0));
    const { sweeper, commits } = retention(rows);
    const more = [await sweeper.sweep(), await sweeper.sweep(), await sweeper.sweep(), await sweeper.sweep()];
    assert.deepEqual(more, [true, true, false, true]);
    assert.deepEqual(
      commits.map((keys) => keys.length),
      [50, 50, 20, 50],
    );
    assert.deepEqual(commits[0], commits[3]);
  });

  it('removes large runs one by one', async () => {
    const { sweeper, commits } = retention([1, 2, 3].map((i) => row(4 - i, 0, { historyLength: 5001 })));
    assert.deepEqual([await sweeper.sweep(), await sweeper.sweep(), await sweeper.sweep()], [true, true, false]);
    assert.deepEqual(commits, [[3], [2], [1]]);
  });
});

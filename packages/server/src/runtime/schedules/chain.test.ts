import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Engine } from '../engine.ts';
import { newestOfChain } from './chain.ts';

const FIRST = { namespaceId: 'n', workflowId: 'w', runId: 'first' };

/** Runs of one workflow id, the newest last: their ids, the first runs of their chains, and what follows each. */
function engineWith(...runs: readonly (readonly [string, string, string])[]): Engine {
  const found = runs.map(([runId, firstRunId, successorRunId]) => ({ state: { runId, firstRunId, successorRunId } }));
  const find = async ({ runId }: { runId: string }) =>
    runId === '' ? found.at(-1) : found.find(({ state }) => state.runId === runId);
  return { loader: { find } } as unknown as Engine;
}

async function newestIn(...runs: readonly (readonly [string, string, string])[]): Promise<string | undefined> {
  return (await newestOfChain(engineWith(...runs), FIRST))?.state.runId;
}

test('the newest run of a chain is the last one that there is, of this chain', async () => {
  assert.equal(await newestIn(['first', 'first', 'second'], ['second', 'first', '']), 'second');
  assert.equal(await newestIn(['first', 'first', 'second'], ['second', 'first', ''], ['other', 'other', '']), 'second');
  assert.equal(await newestIn(['other', 'other', '']), undefined);
  assert.equal(await newestIn(), undefined);
});

test('a chain whose last run was removed is gone, also when runs before it are still there', async () => {
  assert.equal(await newestIn(['first', 'first', 'second']), undefined);
  assert.equal(await newestIn(['first', 'first', 'second'], ['second', 'first', 'third']), undefined);
});

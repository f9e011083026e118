// For measurements: fills a store with many runs, as a namespace has them after a while: types, states and search attributes that are common
// or rare. They have no journals: lists do not look at them, and nothing is due.
import { randomUUID } from 'node:crypto';
import { jsonPayload } from '@perdure/api';
import { SearchAttributes } from '@perdure/api/common';
import type { RunRow, Store, Write } from './contract.ts';
import { EntityKind } from './contract.ts';

export interface Seed {
  readonly namespaceId: string;
  readonly closed: number;
  readonly open: number;
  /** No time is later. */
  readonly untilMs: number;
  /** Names under which two keywords are stored: of the first each third has the same, of the second each its own. */
  readonly commonKeyword: string;
  readonly uniqueKeyword: string;
}

const regions = ['eu', 'us', 'asia'] as const;
const types = 20;
const rowsPerCommit = 1000;
const startEveryMs = 5;
const durationMsMax = 60_000;
const nobytes = new Uint8Array(0);
const status = { running: 1, completed: 2, failed: 3 } as const;
/** One in so many fails. */
const failures = 50;

/** Run keys go on from those that the store has. */
export async function seedRuns(store: Store, given: Seed): Promise<void> {
  const epoch = await store.acquireShard(1, 'seed');
  const firstKey = (await store.maxRunKey()) + 1;
  const count = given.closed + given.open;
  const commits: Promise<void>[] = [];
  for (let from = 0; from < count; from += rowsPerCommit) {
    const length = Math.min(rowsPerCommit, count - from);
    const writes = Array.from(
      { length },
      (_, i): Write => ({ kind: 'insertRun', row: row(given, firstKey, from + i) }),
    );
    commits.push(store.commit({ shard: 1, epoch, writes }));
    if (commits.length > 2) await commits.shift();
  }
  await Promise.all(commits);
}

function row(seed: Seed, firstKey: number, i: number): RunRow {
  const runId = randomUUID();
  const workflowId = `order-${i}`;
  const count = seed.open + seed.closed;
  // Open runs are spread among the closed ones.
  const isOpen = Math.floor((i * seed.open) / count) !== Math.floor(((i + 1) * seed.open) / count);
  const startMs = seed.untilMs - durationMsMax - (count - i) * startEveryMs;
  return {
    key: firstKey + i,
    kind: EntityKind.WORKFLOW_RUN,
    shard: 1,
    namespaceId: seed.namespaceId,
    workflowId,
    runId,
    workflowType: `Type${i % types}`,
    taskQueue: `queue-${i % 3}`,
    status: isOpen ? status.running : i % failures === 0 ? status.failed : status.completed,
    startMs,
    executionMs: startMs,
    closeMs: isOpen ? undefined : startMs + ((i * 7919) % durationMsMax),
    wakeAtMs: undefined,
    historyLength: 11,
    historySizeBytes: 2400,
    stateTransitionCount: 4,
    memo: nobytes,
    searchAttributes: SearchAttributes.encode({
      indexedFields: new Map([
        [seed.commonKeyword, jsonPayload(regions[i % regions.length], { type: 'Keyword' })],
        [seed.uniqueKeyword, jsonPayload(`customer-${i}`, { type: 'Keyword' })],
      ]),
    }),
    firstRunId: runId,
    parentWorkflowId: '',
    parentRunId: '',
    rootWorkflowId: workflowId,
    rootRunId: runId,
  };
}

// Measures lists and counts over many runs, while others are being executed.
// Run: node packages/store/scripts/measure_lists.ts [closed runs] [open runs] [workflows per second] [database to keep]
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Filter, FilterField } from '@perdure/core';
import type { RunListQuery, Store, Write } from '../src/index.ts';
import { openSqliteStore } from '../src/index.ts';
import { seedRuns } from '../src/seeding.ts';

const [closed = 1_000_000, open = 100_000, workflowsPerSecond = 1000] = process.argv.slice(2, 5).map(Number);
const kept = process.argv[5];
const namespaceId = '32049b68-7872-4094-8e63-d0dd59896a83';
const asked = 40;
const tickMs = 20;
const publicBytes = new Uint8Array(540).fill(7);
const privateBytes = new Uint8Array(60).fill(3);

const region = { kind: 'attribute', name: 'Keyword01', type: 'keyword' } as const;
const customer = { kind: 'attribute', name: 'Keyword02', type: 'keyword' } as const;
const status = { kind: 'column', column: 'status', type: 'int' } as const;
const workflowType = { kind: 'column', column: 'workflowType', type: 'keyword' } as const;
const startTime = { kind: 'column', column: 'startTime', type: 'datetime' } as const;
const closeTime = { kind: 'column', column: 'closeTime', type: 'datetime' } as const;
const workflowId = { kind: 'column', column: 'workflowId', type: 'keyword' } as const;

function is(field: FilterField, value: string | number): Filter {
  return { op: 'compare', field, comparison: '=', value };
}
function and(...of: Filter[]): Filter {
  return { op: 'and', of };
}
const untilMs = Date.parse('2026-01-01T00:00:00Z');
const middleMs = untilMs - ((closed + open) / 2) * 5;

const lists: [string, Partial<RunListQuery>][] = [
  ['all', {}],
  ['type and running', { filter: and(is(workflowType, 'Type7'), is(status, 1)) }],
  ['failed', { filter: is(status, 3) }],
  ['task queue', { filter: is({ ...workflowType, column: 'taskQueue' }, 'queue-1') }],
  ['common keyword', { filter: is(region, 'eu') }],
  ['rare keyword', { filter: is(customer, 'customer-1000') }],
  ['no such keyword', { filter: is(customer, 'nobody') }],
  ['common keyword and failed', { filter: and(is(region, 'us'), is(status, 3)) }],
  ['two common keywords that exclude each other', { filter: and(is(region, 'us'), is(region, 'eu')) }],
  ['workflow id', { filter: is(workflowId, 'order-500') }],
  ['workflow id prefix, few', { filter: { op: 'startsWith', field: workflowId, prefix: 'order-5000' } }],
  ['workflow id prefix, many', { filter: { op: 'startsWith', field: workflowId, prefix: 'order-1' } }],
  ['keyword prefix', { filter: { op: 'startsWith', field: customer, prefix: 'customer-77' } }],
  ['started in a minute', { filter: { op: 'between', field: startTime, low: middleMs, high: middleMs + 60_000 } }],
  ['started before the middle', { filter: { op: 'compare', field: startTime, comparison: '<', value: middleMs } }],
  ['closed before the middle', { filter: { op: 'compare', field: closeTime, comparison: '<', value: middleMs } }],
  ['without an attribute nobody has', { filter: { op: 'isNull', field: { ...region, name: 'Division' } } }],
];
const counts: [string, Filter | undefined, FilterField | undefined][] = [
  ['all', undefined, undefined],
  ['by status', undefined, status],
  ['by type', undefined, workflowType],
  ['running, by type', is(status, 1), workflowType],
  ['common keyword', is(region, 'eu'), undefined],
  ['common keyword by status', is(region, 'eu'), status],
];

const directory = kept === undefined ? await mkdtemp(join(tmpdir(), 'perdure-lists-')) : undefined;
const store = await openSqliteStore({ filename: kept ?? join(directory ?? '', 'perdure.db') });
if ((await store.maxRunKey()) === 0) {
  const began = performance.now();
  await seedRuns(store, {
    namespaceId,
    closed,
    open,
    untilMs,
    commonKeyword: region.name,
    uniqueKeyword: customer.name,
  });
  console.log(`seeded in ${((performance.now() - began) / 1000).toFixed(1)} s, ${(await store.sizeBytes()) >> 20} MiB`);
}
await store.startReaders();
const load = startLoad(store);
for (const [name, query] of lists) {
  await measure(`list ${name}`, () => store.listRuns({ namespaceId, limit: 100, ...query }));
}
for (const [name, filter, groupBy] of counts) {
  await measure(`count ${name}`, () =>
    store.countRuns({ namespaceId, ...(filter && { filter }), ...(groupBy && { groupBy }) }),
  );
}
console.log(`${await load.stop()} workflows/s meanwhile`);
await store.close();
if (directory !== undefined) await rm(directory, { recursive: true });

async function measure(name: string, ask: () => Promise<unknown>): Promise<void> {
  const times: number[] = [];
  const began = performance.now();
  while (times.length < asked && performance.now() - began < 5000) {
    const start = performance.now();
    await ask();
    times.push(performance.now() - start);
  }
  times.sort((a, b) => a - b);
  const at = (q: number): string => (times[Math.floor(q * times.length)] ?? 0).toFixed(1).padStart(7);
  console.log(`${name.padEnd(50)} p50 ${at(0.5)} ms  p90 ${at(0.9)} ms`);
}

/** Runs of four transitions each, started at a steady rate in the seeded namespace. */
function startLoad(target: Store): { stop(): Promise<number> } {
  const stop = new AbortController();
  const began = performance.now();
  const executed = execute(target, stop.signal);
  return {
    stop: async () => {
      stop.abort();
      return Math.round((await executed) / ((performance.now() - began) / 1000));
    },
  };
}

async function execute(target: Store, stop: AbortSignal): Promise<number> {
  const epoch = await target.acquireShard(1, 'load');
  let key = await target.maxRunKey();
  let done = 0;
  let due = 0;
  for (let last = performance.now(); !stop.aborted; ) {
    await new Promise((resolve) => setTimeout(resolve, tickMs));
    due += ((performance.now() - last) / 1000) * workflowsPerSecond;
    last = performance.now();
    const keys = Array.from({ length: Math.floor(due) }, () => ++key);
    due -= keys.length;
    for (let seq = 1; seq <= 4 && keys.length > 0; seq++) {
      await target.commit({ shard: 1, epoch, writes: keys.flatMap((each) => transition(each, seq)) });
    }
    done += keys.length;
  }
  return done;
}

function transition(key: number, seq: number): Write[] {
  const nowMs = Date.now();
  const firstEventId = seq * 2 - 1;
  const append = { kind: 'append', run: key, seq, firstEventId, eventCount: 2, publicBytes, privateBytes } as const;
  if (seq === 1) return [{ kind: 'insertRun', row: loadRow(key, nowMs) }, append];
  if (seq < 4) return [append];
  const closing = { status: 2, closeMs: nowMs, historyLength: 11, historySizeBytes: 2400, stateTransitionCount: 4 };
  return [append, { kind: 'updateRun', run: key, wakeAtMs: null, closed: closing }];
}

function loadRow(key: number, nowMs: number) {
  const ids = { workflowId: `load-${key}`, runId: `load-run-${key}` };
  const none = new Uint8Array(0);
  return {
    key,
    kind: 0,
    shard: 1,
    namespaceId,
    ...ids,
    workflowType: 'Load',
    taskQueue: 'load',
    status: 1,
    startMs: nowMs,
    executionMs: nowMs,
    closeMs: undefined,
    wakeAtMs: nowMs,
    historyLength: 2,
    historySizeBytes: 700,
    stateTransitionCount: 1,
    memo: none,
    searchAttributes: none,
    firstRunId: ids.runId,
    parentWorkflowId: '',
    parentRunId: '',
    rootWorkflowId: ids.workflowId,
    rootRunId: ids.runId,
  } as const;
}

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { Run } from './run.ts';
import { RunCache } from './run-cache.ts';

const nextTurn = promisify(setImmediate);

const NOW_MS = 1000;
/** DeadlineKind.RUN_TIMEOUT */
const RUN_TIMEOUT = 1;

interface Bench {
  readonly cache: RunCache;
  readonly evicted: Run[];
  /** Wake-ups on their way to the store; call to make them durable. */
  readonly writes: (() => void)[];
}

function bench(bytesMax: number, storesWakeUps = false): Bench {
  const evicted: Run[] = [];
  const writes: (() => void)[] = [];
  const cache = new RunCache({
    now: () => NOW_MS,
    bytesMax,
    beforeEvict: () => (storesWakeUps ? new Promise((resolve) => writes.push(resolve)) : undefined),
    onEvicted: (run) => evicted.push(run),
  });
  return { cache, evicted, writes };
}

function openRun(n: number): Run {
  const run = new Run(n, 'namespace', `workflow-${n}`, `run-${n}`);
  run.state.status = 1;
  return run;
}

function closedRun(n: number): Run {
  const run = openRun(n);
  run.state.status = 2;
  return run;
}

/** Enough turns for everything that was put off. */
async function turns(): Promise<void> {
  for (let i = 0; i < 5; i++) await nextTurn();
}

test('a run that was just found stays until the turn of the event loop ends', async () => {
  const { cache, evicted } = bench(1);
  cache.add(openRun(1), true);
  for (let i = 0; i < 100; i++) await Promise.resolve();
  assert.equal(cache.size, 1);
  await turns();
  assert.equal(cache.size, 0);
  assert.equal(cache.bytes, 0);
  assert.equal(evicted.length, 1);
  assert.equal(cache.current('namespace', 'workflow-1'), undefined);
});

test('the least recently used leave first, and only as many as must', async () => {
  const one = openRun(0).bytes;
  const { cache, evicted } = bench(one * 3);
  const runs = [0, 1, 2, 3, 4].map(openRun);
  for (const run of runs) cache.add(run, true);
  cache.touch(runs[0] as Run);
  await turns();
  assert.deepEqual(evicted, [runs[1], runs[2]]);
});

test('while all runs are in use, few are looked at for each that is used', async () => {
  const { cache, evicted } = bench(1);
  let looks = 0;
  for (let n = 0; n < 5000; n++) {
    const run = openRun(n);
    run.pendingCommits = 1;
    const { isEvictable } = run;
    run.isEvictable = (nowMs) => {
      looks++;
      return isEvictable.call(run, nowMs);
    };
    cache.add(run, true);
  }
  await turns();
  looks = 0;
  for (let n = 0; n < 10; n++) {
    cache.touch(cache.get(`run-${n}`) as Run);
    await turns();
  }
  assert(looks <= 10 * 256, `${looks} looks`);
  assert.equal(evicted.length, 0);
});

test('runs behind those that are in use are found in the end', async () => {
  const { cache, evicted } = bench(1);
  const inUse = Array.from({ length: 2000 }, (_, n) => openRun(n));
  for (const run of inUse) {
    run.pendingCommits = 1;
    cache.add(run, true);
  }
  cache.add(openRun(5000), true);
  for (let n = 0; n < 20; n++) {
    cache.touch(inUse[n] as Run);
    await turns();
  }
  assert.equal(evicted.length, 1);
});

test('an open run leaves when its wake-up is durable, unless it was used meanwhile', async () => {
  const { cache, evicted, writes } = bench(1, true);
  const [idle, used] = [openRun(1), openRun(2)];
  cache.add(idle, true);
  cache.add(used, true);
  await turns();
  assert.equal(writes.length, 2);
  assert.equal(cache.size, 2);
  used.seq++;
  for (const durable of writes) durable();
  await turns();
  assert.deepEqual(evicted, [idle]);
  assert.equal(cache.get('run-2'), used);
});

test('a run that is due stays: it is about to be woken', async () => {
  const { cache, evicted } = bench(1);
  const [due, later] = [openRun(1), openRun(2)];
  for (const [run, atMs] of [
    [due, NOW_MS],
    [later, NOW_MS + 1],
  ] as const) {
    run.state.runExpirationMs = atMs;
    run.state.deadlines.add(atMs, RUN_TIMEOUT, 0);
    cache.add(run, true);
  }
  await turns();
  assert.deepEqual(evicted, [later]);
});

test('whoever waits for a run keeps it', async () => {
  const { cache, evicted } = bench(1);
  const run = openRun(1);
  const waiter = () => {};
  run.addWaiter(waiter);
  cache.add(run, true);
  await turns();
  assert.equal(evicted.length, 0);
  run.removeWaiter(waiter);
  cache.touch(run);
  await turns();
  assert.equal(evicted.length, 1);
});

test('of closed runs the latest thousand stay', async () => {
  const { cache } = bench(Number.POSITIVE_INFINITY);
  for (let n = 0; n < 3000; n++) cache.add(closedRun(n), true);
  cache.touch(cache.get('run-0') as Run);
  await turns();
  assert.equal(cache.size, 1000);
  assert(cache.get('run-0'));
  assert.equal(cache.get('run-2000'), undefined);
  assert(cache.get('run-2001'));
});

test('a closed run that still has something to do leaves when its wake-up is durable', async () => {
  const { cache, evicted, writes } = bench(Number.POSITIVE_INFINITY, true);
  for (let n = 0; n < 1002; n++) cache.add(closedRun(n), true);
  await turns();
  assert.equal(writes.length, 2);
  assert.equal(cache.size, 1002);
  const used = cache.get('run-1') as Run;
  used.seq++;
  for (const durable of writes) durable();
  await turns();
  assert.deepEqual(
    evicted.map((run) => run.key),
    [0],
  );
  assert.equal(cache.get('run-1'), used);
});

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { silentLogger } from '../logging/logger.ts';
import { Matching } from '../matching/matching.ts';
import { startMetrics } from './start.ts';
import { testMetrics } from './testing/metrics.ts';
import { parsePage } from './testing/parse-page.ts';

const nextTurn = promisify(setImmediate);

/** Metrics that are served, until the test ends. */
async function serving(t: { after(cleanUp: () => Promise<void>): void }) {
  const metrics = testMetrics();
  const matching = new Matching({
    now: () => 0,
    configOf: () => undefined,
    start: async () => false,
    stillWaits: () => true,
    metrics: metrics.matching,
  });
  const cache = () => ({ runs: 3, bytes: 9000 });
  const rest = { matching, nowMs: () => 0, cache, cacheBytesMax: 1000 };
  const served = await startMetrics({ host: '127.0.0.1', port: 0, log: silentLogger, metrics, ...rest });
  t.after(async () => {
    matching.close();
    await served.close();
  });
  const page = async () => parsePage(await (await fetch(`http://127.0.0.1:${served.address.port}/metrics`)).text());
  return { metrics, page };
}

/** `name type label label`, of every row of every table. */
function documented(): string[] {
  const text = readFileSync(new URL('../../../../docs/metrics.md', import.meta.url), 'utf8');
  const rows = text.matchAll(/^\| `(\w+)` \| (\w+) \|((?: `\w+`,?)*) \|/gm);
  return [...rows].map(([, name, type, labels = '']) => [name, type, ...(labels.match(/\w+/g) ?? [])].join(' '));
}

test('docs/metrics.md lists every metric with its type and its labels, and no other', async (t) => {
  const { metrics, page } = await serving(t);
  const families = metrics.registry.families.map(({ name, type, labels }) => [name, type, ...labels].join(' '));
  const optional = process.platform === 'linux' ? [] : ['process_open_fds gauge'];
  assert.deepEqual([...families, ...optional].toSorted(), documented().toSorted());
  // And the page shows them all.
  assert.deepEqual(
    [...(await page()).keys()],
    metrics.registry.families.map(({ name }) => name),
  );
});

test('the page says how the process is', async (t) => {
  const { page } = await serving(t);
  await page();
  const families = await page();
  const value = (name: string) => families.get(name)?.samples[0]?.value ?? Number.NaN;
  for (const name of ['process_resident_memory_bytes', 'memory_heap', 'memory_heapinuse', 'process_uptime_seconds']) {
    assert(value(name) > 0, name);
  }
  assert(Math.abs(value('process_start_time_seconds') + process.uptime() - Date.now() / 1000) < 5);
  const cpuSeconds = (process.cpuUsage().user + process.cpuUsage().system) / 1e6;
  const counted = value('process_cpu_user_seconds_total') + value('process_cpu_system_seconds_total');
  assert(counted > 0 && counted <= cpuSeconds);
  if (process.platform === 'linux') assert(value('process_open_fds') > 3);
  assert.deepEqual([value('cached_runs'), value('cache_usage'), value('cache_size')], [3, 9000, 1000]);
  const utilization = value('nodejs_eventloop_utilization');
  assert(utilization >= 0 && utilization <= 1);
});

/** Blocks the event loop for this long, and leaves much for the garbage collector. */
function block(ms: number): void {
  const untilMs = performance.now() + ms;
  let garbage: unknown[] = [];
  for (let n = 0; n < 5000 || performance.now() < untilMs; n++) garbage = new Array(n < 5000 ? 1000 : 0);
  assert.equal(garbage.length, 0);
}

test('a blocked event loop and garbage collection are seen', async (t) => {
  const { page } = await serving(t);
  let longest = 0;
  let collections = 0;
  // A delay is the time between two looks: on a busy machine the first of them may come when the block is over.
  for (let tries = 0; tries < 20 && (longest < 0.2 || collections === 0); tries++) {
    for (const turnedAt = performance.now(); performance.now() - turnedAt < 100; ) await nextTurn();
    block(250);
    const families = await page();
    const delays = families.get('nodejs_eventloop_delay_seconds')?.samples ?? [];
    longest = Math.max(longest, ...delays.map(({ value }) => value));
    const pauses = families.get('nodejs_gc_duration_seconds')?.samples ?? [];
    collections = pauses.reduce((sum, { name, value }) => sum + (name.endsWith('_count') ? value : 0), 0);
  }
  assert(longest >= 0.2, `${longest} s`);
  assert(collections > 0);
});

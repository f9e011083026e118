// Measures what a transition costs: CPU of the main thread, of the storage threads, and time from commit to acknowledgement.
// Run: node packages/store/scripts/measure.ts [sqlite|memory] [filename prefix]
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RunRow, Store, Write } from '../src/index.ts';
import { createMemoryStore, EntityKind, openSqliteStore } from '../src/index.ts';

const publicBytes = new Uint8Array(540).fill(7);
const privateBytes = new Uint8Array(60).fill(3);
const activeRuns = 1000;

/** Makes the writes of consecutive transitions. */
type Source = () => Write[];

function runRow(key: number): RunRow {
  const runId = randomUUID();
  const workflowId = `order-${randomUUID()}`;
  return {
    key,
    kind: EntityKind.WORKFLOW_RUN,
    shard: 1,
    namespaceId: '32049b68-7872-4094-8e63-d0dd59896a83',
    workflowId,
    runId,
    workflowType: 'OrderWorkflow',
    taskQueue: 'orders',
    status: 1,
    startMs: 1_700_000_000_000 + key,
    executionMs: 1_700_000_000_000 + key,
    closeMs: undefined,
    wakeAtMs: 1_800_000_000_000 + key,
    historyLength: 2,
    historySizeBytes: 700,
    stateTransitionCount: 1,
    memo: new Uint8Array(0),
    searchAttributes: new Uint8Array(0),
    firstRunId: runId,
    parentWorkflowId: '',
    parentRunId: '',
    rootWorkflowId: workflowId,
    rootRunId: runId,
  };
}

function appendTo(run: number, seq: number): Write {
  return { kind: 'append', run, seq, firstEventId: seq * 2 - 1, eventCount: 2, publicBytes, privateBytes };
}

/** One append per transition, spread over runs that were inserted before. */
function appends(): Source {
  const seqs = new Uint32Array(activeRuns + 1);
  let run = 0;
  return () => {
    run = (run % activeRuns) + 1;
    seqs[run] = (seqs[run] ?? 0) + 1;
    return [appendTo(run, seqs[run] ?? 0)];
  };
}

/** Whole workflows of four transitions, 100 of them side by side: the first inserts the run, the last closes it. */
function workflows(): Source {
  const slots = Array.from({ length: 100 }, () => ({ run: 0, seq: 4 }));
  let next = activeRuns;
  let turn = 0;
  return () => {
    const slot = slots[turn++ % slots.length] as { run: number; seq: number };
    if (slot.seq === 4) {
      slot.run = ++next;
      slot.seq = 1;
      return [{ kind: 'insertRun', row: runRow(slot.run) }, appendTo(slot.run, 1)];
    }
    slot.seq++;
    const writes = [appendTo(slot.run, slot.seq)];
    if (slot.seq < 4) return writes;
    const closed = {
      status: 2,
      closeMs: 1_700_000_000_000 + next,
      historyLength: 11,
      historySizeBytes: 2400,
      stateTransitionCount: 4,
    };
    return [...writes, { kind: 'updateRun', run: slot.run, wakeAtMs: null, closed }];
  };
}

interface Case {
  readonly name: string;
  readonly source: () => Source;
  readonly transitionsPerCommit: number;
  /** Commits under way at the same time. */
  readonly inFlight: number;
}

async function measure(store: Store, { name, source, transitionsPerCommit, inFlight }: Case): Promise<void> {
  const epoch = await store.acquireShard(1, 'measure');
  const next = source();
  if (source === appends) {
    const writes = Array.from({ length: activeRuns }, (_, i): Write => ({ kind: 'insertRun', row: runRow(i + 1) }));
    await store.commit({ shard: 1, epoch, writes });
  }
  const latenciesMs: number[] = [];
  const makeCommit = (): Write[] => Array.from({ length: transitionsPerCommit }, next).flat();
  const runFor = async (count: number): Promise<void> => {
    let left = count;
    const lane = async (): Promise<void> => {
      while (left-- > 0) {
        const writes = makeCommit();
        const start = performance.now();
        await store.commit({ shard: 1, epoch, writes });
        latenciesMs.push(performance.now() - start);
      }
    };
    await Promise.all(Array.from({ length: inFlight }, lane));
  };
  const commits = Math.max(600, Math.floor(60_000 / transitionsPerCommit / (transitionsPerCommit === 1 ? 10 : 1)));
  await runFor(Math.ceil(commits / 5));
  latenciesMs.length = 0;
  const startCpu = process.cpuUsage();
  const startMain = process.threadCpuUsage();
  const start = performance.now();
  await runFor(commits);
  const elapsedMs = performance.now() - start;
  const main = process.threadCpuUsage(startMain);
  const all = process.cpuUsage(startCpu);
  const transitions = commits * transitionsPerCommit;
  const mainUs = (main.user + main.system) / transitions;
  latenciesMs.sort((a, b) => a - b);
  const quantile = (q: number): string => (latenciesMs[Math.floor(q * latenciesMs.length)] ?? 0).toFixed(2);
  console.log(
    `${store.kind} ${name.padEnd(34)} main ${mainUs.toFixed(2).padStart(6)} µs  others ${((all.user + all.system) / transitions - mainUs).toFixed(2).padStart(6)} µs  ` +
      `${Math.round(transitions / (elapsedMs / 1000))
        .toString()
        .padStart(
          7,
        )} transitions/s  commit p50 ${quantile(0.5)} p90 ${quantile(0.9)} p99 ${quantile(0.99)} max ${quantile(0.99999)} ms`,
  );
}

const cases: Case[] = [
  { name: 'appends, 1 per commit', source: appends, transitionsPerCommit: 1, inFlight: 1 },
  { name: 'appends, 1 per commit, 64 in flight', source: appends, transitionsPerCommit: 1, inFlight: 64 },
  { name: 'appends, 10 per commit', source: appends, transitionsPerCommit: 10, inFlight: 1 },
  { name: 'appends, 100 per commit', source: appends, transitionsPerCommit: 100, inFlight: 1 },
  { name: 'workflows, 1 per commit', source: workflows, transitionsPerCommit: 1, inFlight: 1 },
  { name: 'workflows, 10 per commit', source: workflows, transitionsPerCommit: 10, inFlight: 1 },
  { name: 'workflows, 100 per commit', source: workflows, transitionsPerCommit: 100, inFlight: 1 },
];

for (const each of cases) {
  const directory = await mkdtemp(join(tmpdir(), 'perdure-measure-'));
  const store =
    process.argv[2] === 'memory'
      ? createMemoryStore()
      : await openSqliteStore({ filename: join(directory, 'perdure.db') });
  await measure(store, each);
  await store.close();
  await rm(directory, { recursive: true });
}

// Retention with a real server on a file: what is over is gone from lists, descriptions, histories and the disk, also
// over kills; and the file does not grow without end.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Client, Connection } from '@temporalio/client';
import { completeWorkflow, Hand, payloads, seconds } from './hand.ts';
import { atEnd, eventually, type ServerOptions, TestServer } from './harness.ts';
import { Code, failure, RawClient } from './raw.ts';

const SHORT_RETENTION = ['--dynamic-config-value', 'system.namespaceMinRetentionLocal=1ms'];
const WITHIN_MS = 60_000;
/** For the time in which a test needs its runs. */
const LONG = seconds(3600);
const OVER = seconds(0.001);

async function newServer(options: ServerOptions = {}) {
  const server = await TestServer.start({ onFile: true, args: SHORT_RETENTION, ...options });
  const raw = new RawClient(server.address);
  const connection = await Connection.connect({ address: server.address });
  const { workflowService } = new Client({ connection });
  atEnd(async () => {
    await connection.close();
    raw.close();
    await server.dispose();
  });
  const namespace = 'short';
  await workflowService.registerNamespace({ namespace, workflowExecutionRetentionPeriod: LONG });
  /** Whoever asks while the server is being started again asks once more. */
  const count = async (query = '') =>
    Number((await workflowService.countWorkflowExecutions({ namespace, query })).count);
  return {
    server,
    raw,
    count,
    newHand: () => Object.assign(new Hand(raw), { namespace }),
    retain: (workflowExecutionRetentionTtl: typeof LONG) =>
      workflowService.updateNamespace({ namespace, config: { workflowExecutionRetentionTtl } }),
    listed: async () => {
      const { executions } = await workflowService.listWorkflowExecutions({ namespace, pageSize: 1000 });
      return executions.map(({ execution }) => execution?.workflowId ?? '');
    },
  };
}

type Server = Awaited<ReturnType<typeof newServer>>;

async function closedRuns({ newHand }: Server, count: number, input = 'x'): Promise<Hand[]> {
  const all = Array.from({ length: count }, () => newHand());
  for (let at = 0; at < count; at += 50) {
    await Promise.all(
      all.slice(at, at + 50).map(async (w) => {
        await w.start({ input: payloads(input) });
        await w.step(completeWorkflow());
      }),
    );
  }
  return all;
}

async function gone({ listed }: Server, all: readonly Hand[]): Promise<void> {
  await eventually(
    'the runs are gone from the list',
    async () => {
      const left = new Set(await listed());
      return all.some(({ workflowId }) => left.has(workflowId)) ? undefined : true;
    },
    WITHIN_MS,
  );
}

describe('a run whose retention is over', () => {
  it('is gone from lists, counts, descriptions and histories, and others are not', async () => {
    const server = await newServer();
    const closed = await closedRuns(server, 15);
    const open = server.newHand();
    await open.start();
    const runIds = await Promise.all(
      closed.map(async (w) => (await w.describe()).workflowExecutionInfo?.execution?.runId),
    );
    await server.retain(OVER);
    await gone(server, closed);
    assert.equal(await server.count(), 1);
    for (const [i, w] of closed.entries()) {
      assert.equal((await failure(w.describe())).code, Code.NOT_FOUND);
      assert.equal((await failure(w.history(runIds[i] ?? ''))).code, Code.NOT_FOUND);
    }
    assert.equal((await open.history()).length, 2);
    await server.server.kill();
    await server.server.launch();
    assert.deepEqual(await server.listed(), [open.workflowId]);
    await open.step(completeWorkflow());
    await gone(server, [open]);
  });

  it('is gone or readable, never half, when the server is killed in the middle of a purge', async () => {
    const server = await newServer();
    const closed = await closedRuns(server, 300);
    await server.retain(OVER);
    for (let kill = 0; kill < 3; kill++) {
      await eventually(
        'the purge is under way',
        async () => ((await server.count()) < 280 - kill * 80 ? true : undefined),
        WITHIN_MS,
      );
      await server.server.kill();
      await server.server.launch();
      // From now on nothing goes, so that what is listed can be looked at.
      await server.retain(LONG);
      const listed = new Set(await server.listed());
      for (const w of closed) {
        if (listed.has(w.workflowId)) assert.equal((await w.history()).length, 5);
        else assert.equal((await failure(w.describe())).code, Code.NOT_FOUND);
      }
      await server.retain(OVER);
    }
    await gone(server, closed);
    assert.equal(await server.count(), 0);
  });
});

describe('the file of a server with retention', () => {
  it('levels off under a load that starts and closes the same every time', async () => {
    const server = await newServer();
    const sizes: number[] = [];
    for (let cycle = 1; cycle <= 6; cycle++) {
      const closed = await closedRuns(server, 100, 'x'.repeat(20_000));
      await server.retain(OVER);
      await gone(server, closed);
      await server.retain(LONG);
      // What is still in the log goes into the file when the server stops.
      await server.server.kill('SIGTERM');
      sizes.push(server.server.databaseBytes());
      await server.server.launch();
    }
    const [, second = 0, , , , sixth = 0] = sizes;
    assert.ok(second > 2_000_000, `the load is worth measuring: ${sizes.join(', ')}`);
    assert.ok(sixth <= second * 1.3, `bytes after each cycle: ${sizes.join(', ')}`);
  });
});

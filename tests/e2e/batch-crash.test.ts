// Batch operations and a server that is killed in the middle of them: they go on by themselves, nothing is left out, and
// nothing is done twice.

import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { type Batch, countsOf, Group, type StartBatch } from './batch-hand.ts';
import { EventType, type Hand } from './hand.ts';
import { NAMESPACE, TestServer } from './harness.ts';
import { RawClient } from './raw.ts';

const MANY = 3000;

class Crash {
  readonly server: TestServer;
  raw: RawClient;
  readonly group: Group;

  private constructor(server: TestServer) {
    this.server = server;
    this.raw = this.#connect();
    this.group = new Group(this.raw);
  }

  static async server(): Promise<Crash> {
    const server = await TestServer.start({ onFile: true });
    after(() => server.dispose());
    return new Crash(server);
  }

  /** Kills the server when the job has come so far, and starts it again. */
  async during(batch: Batch, completed: number): Promise<void> {
    const described = await batch.untilCompleted(completed);
    assert(Number(described.completeOperationCount) < Number(described.totalOperationCount), 'it is too late');
    await this.server.kill();
    await this.server.launch();
    this.raw = this.#connect();
    batch.raw = this.raw;
  }

  async events(w: Hand, runId = '') {
    const execution = { workflowId: w.workflowId, runId };
    const { history } = await this.raw.workflow.getWorkflowExecutionHistory({ namespace: NAMESPACE, execution });
    return history?.events ?? [];
  }

  async runsOf(w: Hand) {
    const query = `WorkflowId = '${w.workflowId}'`;
    return (await this.raw.workflow.listWorkflowExecutions({ namespace: NAMESPACE, query })).executions;
  }

  #connect(): RawClient {
    const raw = new RawClient(this.server.address);
    after(() => raw.close());
    return raw;
  }
}

async function inTurn<T>(items: readonly T[], use: (item: T) => Promise<void>): Promise<void> {
  for (let at = 0; at < items.length; at += 200) await Promise.all(items.slice(at, at + 200).map(use));
}

const SIGNAL: StartBatch = { signalOperation: { signal: 'once' } };

describe('a batch operation, and a server that is killed', () => {
  it('signals every workflow exactly once', async () => {
    const crash = await Crash.server();
    const all = await crash.group.addMany(MANY);
    const batch = await crash.group.batch({ ...SIGNAL, maxOperationsPerSecond: 2000 });
    await crash.during(batch, 700);
    await crash.during(batch, 1600);
    assert.deepEqual(await batch.counts(), [MANY, MANY, 0]);
    await inTurn(all, async (w) => {
      const events = await crash.events(w);
      const signals = events.filter(({ eventType }) => eventType === EventType.EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED);
      assert.equal(signals.length, 1, w.workflowId);
    });
  });

  it('resets every workflow exactly once', async () => {
    const crash = await Crash.server();
    const all = await crash.group.addMany(600);
    await inTurn(all, async (w) => void (await w.step()));
    const resetOperation = { options: { firstWorkflowTask: {} } };
    const batch = await crash.group.batch({ resetOperation, maxOperationsPerSecond: 400 });
    await crash.during(batch, 250);
    assert.deepEqual(await batch.counts(), [600, 600, 0]);
    await inTurn(all, async (w) => assert.equal((await crash.runsOf(w)).length, 2, w.workflowId));
  });

  it('terminates every workflow, and counts every one once', async () => {
    const crash = await Crash.server();
    await crash.group.addMany(1200);
    const batch = await crash.group.batch({ terminationOperation: {}, maxOperationsPerSecond: 1000 });
    await crash.during(batch, 300);
    await crash.during(batch, 800);
    assert.deepEqual(await batch.counts(), [1200, 1200, 0]);
    const query = `${crash.group.query} AND ExecutionStatus = 'Running'`;
    const { count } = await crash.raw.workflow.countWorkflowExecutions({ namespace: NAMESPACE, query });
    assert.equal(Number(count), 0);
  });

  it('stays stopped', async () => {
    const crash = await Crash.server();
    await crash.group.addMany(100);
    const batch = await crash.group.batch({ ...SIGNAL, maxOperationsPerSecond: 50 });
    await batch.untilCompleted(10);
    await batch.stop();
    const stopped = await batch.describe();
    await crash.server.kill();
    await crash.server.launch();
    batch.raw = crash.raw;
    assert.deepEqual(countsOf(await batch.untilClosed()), countsOf(stopped));
  });
});

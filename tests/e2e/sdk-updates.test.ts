// Updates through the official SDK: what its users see of the stages, of validators, and of workflows that go on or end.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { WithStartWorkflowOperation, WorkflowHandle } from '@temporalio/client';
import {
  ApplicationFailure,
  WithStartWorkflowOperation as WithStart,
  WorkflowExecutionAlreadyStartedError,
  WorkflowUpdateFailedError,
  WorkflowUpdateStage,
} from '@temporalio/client';
import { atEnd, TestServer, unique } from './harness.ts';
import { connect, runWorker, sharedClient, sharedTaskQueue, start } from './sdk/worker.ts';
import { account, accountInChapters, add, addLater, go, neverAnswers, total } from './sdk/workflows.ts';

const { ACCEPTED } = WorkflowUpdateStage;

async function failure(update: Promise<unknown>): Promise<ApplicationFailure> {
  const error = await update.then(
    () => assert.fail('it succeeded'),
    (reason: unknown) => reason,
  );
  assert(error instanceof WorkflowUpdateFailedError, String(error));
  assert(error.cause instanceof ApplicationFailure, String(error.cause));
  return error.cause;
}

async function count(handle: WorkflowHandle, type: 'Accepted' | 'Completed'): Promise<number> {
  const events = (await handle.fetchHistory()).events ?? [];
  return events.filter((event) => event[`workflowExecutionUpdate${type}EventAttributes`]).length;
}

describe('an update', { concurrency: true }, () => {
  it('has a result', async () => {
    const handle = await start(account, []);
    assert.equal(await handle.executeUpdate(add, { args: [5] }), 5);
    assert.equal(await handle.executeUpdate(addLater, { args: [7] }), 12);
    assert.equal(await handle.query(total), 12);
    await handle.signal(go);
    assert.equal(await handle.result(), 12);
  });

  it('may be started, and asked for its result later and elsewhere', async () => {
    const handle = await start(account, []);
    const started = await handle.startUpdate(addLater, { args: [3], waitForStage: ACCEPTED, updateId: 'mine' });
    assert.equal(started.updateId, 'mine');
    assert.equal(await handle.getUpdateHandle<number>('mine').result(), 3);
    assert.equal(await started.result(), 3);
    // The same id is the same update.
    assert.equal(await handle.executeUpdate(add, { args: [100], updateId: 'mine' }), 3);
    await handle.signal(go);
    assert.equal(await handle.result(), 3);
    assert.equal(await handle.getUpdateHandle<number>('mine').result(), 3);
  });

  it('that the validator refuses leaves no trace', async () => {
    const handle = await start(account, []);
    assert.equal(await handle.executeUpdate(add, { args: [1] }), 1);
    const { length } = (await handle.fetchHistory()).events ?? [];
    for (let i = 0; i < 3; i++) {
      const { message, type } = await failure(handle.executeUpdate(add, { args: [-1] }));
      assert.deepEqual([message, type], ['only deposits', 'Refused']);
    }
    assert.equal((await handle.fetchHistory()).events?.length, length);
    assert.equal(await handle.executeUpdate(add, { args: [2] }), 3);
    await handle.signal(go);
    assert.equal(await handle.result(), 3);
    assert.equal(await count(handle, 'Completed'), 2);
  });

  it('that nobody handles is rejected', async () => {
    const handle = await start(account, []);
    const { message } = await failure(handle.executeUpdate('unknown'));
    assert.match(message, /unknown/);
    await handle.terminate();
  });

  it('goes with others, and with signals, without losing any', async () => {
    const handle = await start(account, []);
    const results: Promise<unknown>[] = [];
    for (let i = 0; i < 30; i += 3) {
      results.push(handle.executeUpdate(add, { args: [1] }), handle.executeUpdate(addLater, { args: [1] }));
      results.push(failure(handle.executeUpdate(add, { args: [-1] })));
      // At most ten may be under way.
      if (results.length >= 9) await Promise.all(results.splice(0));
    }
    await Promise.all(results);
    await handle.signal(go);
    assert.equal(await handle.result(), 20);
    assert.equal(await count(handle, 'Accepted'), 20);
  });

  it('is applied once, however many runs the workflow takes', async () => {
    const handle = await start(accountInChapters, [0, 1]);
    for (let i = 0; i < 10; i++) {
      await Promise.all([handle.executeUpdate(add, { args: [1] }), handle.executeUpdate(addLater, { args: [10] })]);
    }
    await handle.signal(go);
    const [sum, chapters = 0] = await handle.result();
    assert.equal(sum, 110);
    assert(chapters > 3, `${chapters} chapters`);
  });

  it('that was accepted fails when the workflow ends', async () => {
    const handle = await start(neverAnswers, []);
    const update = await handle.startUpdate(add, { args: [1], waitForStage: ACCEPTED });
    const failed = failure(update.result());
    await handle.signal(go);
    assert.equal((await failed).type, 'AcceptedUpdateCompletedWorkflow');
    await handle.result();
  });
});

describe('an update with a start', { concurrency: true }, () => {
  async function withStart(workflowId: string, conflict: 'FAIL' | 'USE_EXISTING') {
    return new WithStart(account, {
      workflowId,
      args: [],
      taskQueue: await sharedTaskQueue(),
      workflowIdConflictPolicy: conflict,
    });
  }

  async function execute(operation: WithStartWorkflowOperation<typeof account>, amount: number): Promise<number> {
    const { workflow } = await sharedClient();
    return workflow.executeUpdateWithStart(add, { args: [amount], startWorkflowOperation: operation });
  }

  it('starts the workflow once', async () => {
    const workflowId = unique('with-start');
    const first = await withStart(workflowId, 'USE_EXISTING');
    assert.equal(await execute(first, 1), 1);
    const second = await withStart(workflowId, 'USE_EXISTING');
    assert.equal(await execute(second, 2), 3);
    const handle = await second.workflowHandle();
    const { runId } = (await handle.describe()) as { runId: string };
    assert.equal(runId, (await (await first.workflowHandle()).describe()).runId);
    await handle.signal(go);
    assert.equal(await handle.result(), 3);
  });

  it('is refused with the start', async () => {
    const workflowId = unique('with-start');
    assert.equal(await execute(await withStart(workflowId, 'FAIL'), 1), 1);
    const again = await withStart(workflowId, 'FAIL');
    await assert.rejects(execute(again, 1), WorkflowExecutionAlreadyStartedError);
    await (await sharedClient()).workflow.getHandle(workflowId).terminate();
  });

  it('may be rejected although the workflow starts', async () => {
    const workflowId = unique('with-start');
    const operation = await withStart(workflowId, 'FAIL');
    assert.equal((await failure(execute(operation, -1))).message, 'only deposits');
    const handle = await operation.workflowHandle();
    await handle.signal(go);
    assert.equal(await handle.result(), 0);
  });
});

describe('after a crash of the server', { concurrency: true }, () => {
  it('updates go on where they were', async () => {
    const server = await TestServer.start({ onFile: true });
    // Its histories are replayed before.
    atEnd(() => server.dispose());
    const taskQueue = unique('crash');
    await runWorker(server.address, taskQueue);
    const client = await connect(server.address);
    const options = { workflowId: unique('crash'), taskQueue, args: [] as [] };
    const handle = await client.workflow.start(account, options);
    assert.equal(await handle.executeUpdate(add, { args: [1], updateId: 'before' }), 1);
    const asked = Array.from({ length: 6 }, (_, i) =>
      handle.executeUpdate(i % 2 === 0 ? add : addLater, { args: [1], updateId: `u${i}` }),
    );
    await asked[0];
    await server.kill();
    await server.launch();
    // The SDK asks again by itself: under the same ids, so nothing counts twice.
    await Promise.all(asked);
    assert.equal(await handle.executeUpdate(add, { args: [100], updateId: 'before' }), 1);
    assert.equal(await handle.executeUpdate(add, { args: [1] }), 8);
    await handle.signal(go);
    assert.equal(await handle.result(), 8);
    await client.connection.close();
  });
});

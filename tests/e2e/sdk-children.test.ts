// Children and other workflows through the official SDK.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { WorkflowFailedError } from '@temporalio/client';
import { ChildWorkflowCancellationType, ParentClosePolicy, WorkflowIdReusePolicy } from '@temporalio/workflow';
import { atEnd, eventually, TestServer, unique } from './harness.ts';
import {
  cancelsChild,
  failures,
  generations,
  household,
  leaves,
  manyChildren,
  meddles,
  parentOfOne,
  restarts,
  waitForWord,
  word,
} from './sdk/family-workflows.ts';
import { connect, runWorker, sharedClient, start } from './sdk/worker.ts';

describe('children through the SDK', { concurrency: true }, () => {
  it('know their parent and the root', async () => {
    const handle = await start(parentOfOne, ['child']);
    assert.equal(await handle.result(), `child of ${handle.workflowId} of ${handle.workflowId}`);
  });

  it('have children of their own', async () => {
    const handle = await start(generations, [5]);
    assert.equal(await handle.result(), 6);
  });

  it('may be a hundred at once', async () => {
    const handle = await start(manyChildren, [100]);
    assert.equal(await handle.result(), 100);
    assert.deepEqual((await handle.describe()).raw.pendingChildren ?? [], []);
  });

  it('fail, or cannot start, as errors that the parent can handle', async () => {
    const taken = await start(waitForWord, []);
    const handle = await start(failures, [taken.workflowId]);
    assert.deepEqual(await handle.result(), ['no luck', 'WorkflowExecutionAlreadyStartedError']);
    await taken.terminate();
  });

  for (const type of [
    ChildWorkflowCancellationType.WAIT_CANCELLATION_COMPLETED,
    ChildWorkflowCancellationType.WAIT_CANCELLATION_REQUESTED,
    ChildWorkflowCancellationType.TRY_CANCEL,
    ChildWorkflowCancellationType.ABANDON,
  ]) {
    it(`are cancelled: ${type}`, async () => {
      const handle = await start(cancelsChild, [type]);
      assert.equal(await handle.result(), 'cancelled');
    });
  }

  it('go on, are asked to cancel or are terminated when their parent has closed', async () => {
    const client = await sharedClient();
    const childOf = async (policy: ParentClosePolicy) => {
      const handle = await start(leaves, [policy]);
      return client.workflow.getHandle(await handle.result());
    };
    const abandoned = await childOf(ParentClosePolicy.ABANDON);
    await abandoned.signal(word, 'still here');
    assert.equal(await abandoned.result(), 'still here');
    const statusOf = async (policy: ParentClosePolicy) => {
      const child = await childOf(policy);
      await assert.rejects(child.result(), WorkflowFailedError);
      return (await child.describe()).status.name;
    };
    assert.equal(await statusOf(ParentClosePolicy.REQUEST_CANCEL), 'CANCELLED');
    assert.equal(await statusOf(ParentClosePolicy.TERMINATE), 'TERMINATED');
  });

  it('take the place of a running workflow of their id', async () => {
    const running = await start(waitForWord, []);
    const policy = WorkflowIdReusePolicy.TERMINATE_IF_RUNNING;
    const handle = await start(restarts, [running.workflowId, policy]);
    assert.equal(await handle.result(), 'to the new one');
    await assert.rejects(running.result(), WorkflowFailedError);
  });

  it('are signalled and cancelled by strangers', async () => {
    const [listener, victim] = [await start(waitForWord, []), await start(waitForWord, [])];
    const handle = await start(meddles, [listener.workflowId, victim.workflowId]);
    const [message] = await handle.result();
    assert.match(message ?? '', /Unable to signal external workflow because it was not found/);
    assert.equal(await listener.result(), 'hello');
    await assert.rejects(victim.result(), WorkflowFailedError);
  });
});

describe('a killed server', () => {
  it('leaves every family as it would have been', async () => {
    const server = await TestServer.start({ onFile: true });
    atEnd(() => server.dispose());
    const taskQueue = unique('families');
    const worker = await runWorker(server.address, taskQueue);
    const client = await connect(server.address);
    const [families, children] = [20, 5];
    const ids = Array.from({ length: families }, () => unique('family'));
    const results = Promise.all(
      ids.map((workflowId) =>
        client.workflow
          .start(household, { taskQueue, workflowId, args: [children], workflowTaskTimeout: '2s' })
          .then((handle) => handle.result()),
      ),
    );
    const count = (query: string) => client.workflow.count(query).then(({ count: n }) => n);
    // Killed whenever so many more workflows have closed: in the middle of whatever is under way.
    for (const closed of [0, 10, 40, 80]) {
      await eventually(`${closed} have closed`, async () => {
        const begun = await count("ExecutionStatus = 'Running'").catch(() => 0);
        const done = await count("ExecutionStatus = 'Completed'").catch(() => 0);
        return done >= closed && begun + done > 0 ? true : undefined;
      });
      await server.kill();
      await server.launch();
    }
    for (const answers of await results) assert.equal(answers[0], 'done');
    for (const workflowId of ids) {
      const { events = [] } = await client.workflow.getHandle(workflowId).fetchHistory();
      const started = events?.filter((event) => event.childWorkflowExecutionStartedEventAttributes);
      const completed = events?.filter((event) => event.childWorkflowExecutionCompletedEventAttributes);
      assert.equal(started?.length, children);
      assert.equal(completed?.length, children);
    }
    // Each child ran once: there is no other run of its id.
    assert.equal(await count("ExecutionStatus = 'Completed'"), families * (children + 1));
    assert.equal(await count("ExecutionStatus = 'Running'"), 0);
    await worker.stop();
    await client.connection.close();
  });
});

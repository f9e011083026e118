// Updates and a server that is killed: what was accepted stays accepted, what was not is asked for again under the same
// id, and in the end there is one event of each, as if nothing had happened.

import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { completeWorkflow, eventNames, Hand, seconds, type WorkflowTask } from './hand.ts';
import { atEnd, eventually, TestServer } from './harness.ts';
import { Code, RawClient, RpcFailure } from './raw.ts';
import {
  ACCEPTED,
  accept,
  answer,
  type Message,
  pollUpdate,
  reject,
  respond,
  told,
  update,
  updateIds,
  updateRequest,
} from './update-hand.ts';

const UPDATE = ['WorkflowExecutionUpdateAccepted', 'WorkflowExecutionUpdateCompleted'];

/** A crash takes time: tasks that workers have should outlive it. */
const LONG = seconds(120);

class Crash {
  readonly server: TestServer;
  w: Hand;

  constructor(server: TestServer) {
    this.server = server;
    this.w = new Hand(this.#connect());
  }

  /** A workflow that waits for something to happen. */
  static async idle(): Promise<Crash> {
    const server = await TestServer.start({ onFile: true });
    atEnd(() => server.dispose());
    const crash = new Crash(server);
    await crash.w.start({ workflowTaskTimeout: LONG });
    await crash.w.step();
    return crash;
  }

  async crash(): Promise<void> {
    await this.server.kill();
    await this.server.launch();
    // Of a new connection: the old one may wait for a while before it tries again.
    const { workflowId, taskQueue } = this.w;
    this.w = Object.assign(new Hand(this.#connect()), { workflowId, taskQueue });
  }

  #connect(): RawClient {
    const raw = new RawClient(this.server.address);
    after(() => raw.close());
    return raw;
  }

  /** As SDKs do: until there is an outcome. */
  repeated(updateId: string): Promise<string> {
    const ask = async () => {
      try {
        const answered = await this.w.raw.workflow.updateWorkflowExecution(updateRequest(this.w, updateId));
        return answered.outcome ? told(answered) : undefined;
      } catch (error) {
        if (!(error instanceof RpcFailure) || error.code !== Code.UNAVAILABLE) throw error;
        return undefined;
      }
    };
    return eventually(`update ${updateId} is answered`, ask, 100_000);
  }

  /** Tasks until one carries this update: a task of before the crash may come first, without it. */
  async taskWith(updateId: string) {
    for (;;) {
      const task = await this.w.workflowTask();
      if (updateIds(task).includes(updateId)) return task;
      await answer(this.w, task, []);
    }
  }

  /** Answers a task of before the crash. A server may have forgotten it; then the next one is answered. */
  async answerLate(task: WorkflowTask, updateId: string, messagesOf: (task: WorkflowTask) => Message[]) {
    try {
      await answer(this.w, task, messagesOf(task));
    } catch (error) {
      if (!(error instanceof RpcFailure) || error.code !== Code.NOT_FOUND) throw error;
      const next = await this.taskWith(updateId);
      await answer(this.w, next, messagesOf(next));
    }
  }

  /** A crash takes time, so that tasks may time out; but of an update there is one event of each kind. */
  async expectUpdateEvents(...names: string[]): Promise<void> {
    const all = eventNames(await this.w.history());
    assert.deepEqual(
      all.filter((name) => name.includes('Update')),
      names,
    );
  }

  async finish(): Promise<void> {
    await this.w.signal();
    await this.w.step(completeWorkflow());
  }
}

describe('a server that is killed', { concurrency: 3 }, () => {
  it('with an update that no worker has: it is asked for again', async () => {
    const crash = await Crash.idle();
    const asked = crash.repeated('u');
    await untilKnown(crash.w, 'u');
    await crash.crash();
    const task = await crash.taskWith('u');
    await answer(crash.w, task, [accept(task, 'u'), respond(task, 'u')]);
    assert.equal(await asked, 'completed: out');
    await crash.expectUpdateEvents(...UPDATE);
  });

  it('with an update that a worker has: what the worker says counts', async () => {
    const crash = await Crash.idle();
    const asked = crash.repeated('u');
    const task = await crash.w.workflowTask();
    await crash.crash();
    // The worker has the request, and repeats it.
    await crash.answerLate(task, 'u', (own) => [accept(own, 'u'), respond(own, 'u')]);
    assert.equal(await asked, 'completed: out');
    await crash.expectUpdateEvents(...UPDATE);
  });

  it('with an update that a worker has: it may be rejected as well', async () => {
    const crash = await Crash.idle();
    const asked = crash.repeated('u');
    const task = await crash.w.workflowTask();
    await crash.crash();
    await untilKnown(crash.w, 'u');
    await crash.answerLate(task, 'u', (own) => [reject(own, 'u')]);
    assert.equal(await asked, 'failed: no');
    await crash.expectUpdateEvents();
  });

  it('with an update that was accepted: it is completed later', async () => {
    const crash = await Crash.idle();
    const asked = update(crash.w, 'u', ACCEPTED);
    const task = await crash.w.workflowTask();
    await answer(crash.w, task, [accept(task, 'u')]);
    assert.equal(told(await asked), 'accepted');
    await crash.crash();
    assert.equal(told(await pollUpdate(crash.w, 'u')), 'accepted');
    const result = crash.repeated('u');
    await crash.w.signal();
    const next = await crash.w.workflowTask();
    assert.deepEqual(updateIds(next), []);
    await answer(crash.w, next, [respond(next, 'u')]);
    assert.equal(await result, 'completed: out');
  });

  it('with an update that was completed: its outcome is known, also when the workflow has closed', async () => {
    const crash = await Crash.idle();
    const asked = update(crash.w, 'u');
    const open = update(crash.w, 'v', ACCEPTED);
    const task = await crash.taskWith('u');
    await answer(crash.w, task, [...updateIds(task).map((id) => accept(task, id)), respond(task, 'u')]);
    assert.equal(told(await asked), 'completed: out');
    if (!updateIds(task).includes('v')) {
      const next = await crash.taskWith('v');
      await answer(crash.w, next, [accept(next, 'v')]);
    }
    await open;
    await crash.crash();
    assert.equal(told(await update(crash.w, 'u')), 'completed: out');
    await crash.finish();
    await crash.crash();
    assert.equal(told(await update(crash.w, 'u')), 'completed: out');
    assert.equal(told(await pollUpdate(crash.w, 'u')), 'completed: out');
    assert.match(told(await update(crash.w, 'v')), /^failed: Workflow Update failed because the Workflow completed/);
  });

  it('in the middle of an update with a start: it starts once', async () => {
    const server = await TestServer.start({ onFile: true });
    atEnd(() => server.dispose());
    const crash = new Crash(server);
    const { w } = crash;
    const operations = [
      { startWorkflow: w.startRequest({ workflowIdConflictPolicy: 1, workflowTaskTimeout: LONG }) },
      { updateWorkflow: updateRequest(w, 'u') },
    ];
    const execute = () => crash.w.raw.workflow.executeMultiOperation({ namespace: w.namespace, operations });
    const first = execute();
    const lost = first.then(
      () => assert.fail('it was answered'),
      (error: unknown) => error,
    );
    const task = await w.workflowTask();
    await crash.crash();
    await lost;
    // The same request again: the same run, which takes the update although it has not heard of it.
    const again = execute();
    await untilKnown(crash.w, 'u');
    await answer(crash.w, task, [accept(task, 'u'), respond(task, 'u')]);
    const [started, updated] = (await again).responses;
    assert.equal(started?.startWorkflow?.runId, task.workflowExecution?.runId);
    const { outcome, stage } = updated?.updateWorkflow ?? {};
    assert.equal(told({ outcome, stage: stage ?? 0 }), 'completed: out');
    await crash.expectUpdateEvents(...UPDATE);
  });
});

/** The request is on its way; an event would not tell of it. */
async function untilKnown(w: Hand, updateId: string): Promise<void> {
  const ask = async () => {
    try {
      return await pollUpdate(w, updateId);
    } catch (error) {
      if (!(error instanceof RpcFailure) || error.code !== Code.NOT_FOUND) throw error;
      return undefined;
    }
  };
  await eventually(`update ${updateId} is known`, ask, 60_000);
}

// Recovery through the official SDK: workers killed, servers killed, workflow code that is broken, fixed or changed.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { WorkflowHandle } from '@temporalio/client';
import proto from '@temporalio/proto';
import { atEnd, eventually, sharedServer, TestServer, unique } from './harness.ts';
import { replay } from './sdk/replay.ts';
import { bundle, connect, runWorker, start } from './sdk/worker.ts';
import { buggy, changing, go, heard, listen, runActivity, sleepFor } from './sdk/workflows.ts';

const { WorkflowTaskFailedCause, TimeoutType, PendingActivityState } = proto.temporal.api.enums.v1;
const RUNNING = PendingActivityState.PENDING_ACTIVITY_STATE_STARTED;

/** A worker process; resolves when it polls. */
async function workerProcess(address: string, taskQueue: string): Promise<{ kill(): Promise<void> }> {
  const script = fileURLToPath(new URL('./sdk/worker-process.ts', import.meta.url));
  const child = spawn(process.execPath, [script, address, taskQueue, 'workflows.ts'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  const kill = async (): Promise<void> => {
    child.kill('SIGKILL');
    await exited;
  };
  atEnd(kill);
  await Promise.race([
    once(child.stdout, 'data'),
    exited.then(([code]) => assert.fail(`the worker ended with ${code} before it was ready`)),
  ]);
  return { kill };
}

async function eventsOf(handle: WorkflowHandle) {
  return (await handle.fetchHistory()).events ?? [];
}

describe('a killed worker', { concurrency: true }, () => {
  it('that had the workflow in memory: another one takes over from the history', async () => {
    const { address } = await sharedServer();
    const taskQueue = unique('killed');
    const first = await workerProcess(address, taskQueue);
    const handle = await start(listen, ['stop'], { taskQueue });
    await handle.signal(go, 'one');
    await eventually('the signal is handled', async () => ((await handle.query(heard)).length > 0 ? true : undefined));
    await first.kill();
    const second = await runWorker(address, taskQueue);
    await handle.signal(go, 'stop');
    assert.deepEqual(await handle.result(), ['one', 'stop']);
    const timedOut = (await eventsOf(handle)).flatMap((event) => event.workflowTaskTimedOutEventAttributes ?? []);
    assert(timedOut.every((attributes) => attributes.timeoutType === TimeoutType.TIMEOUT_TYPE_SCHEDULE_TO_START));
    await second.stop();
  });

  it('that ran an activity: it is tried again when the heartbeats stay away', async () => {
    const { address } = await sharedServer();
    const taskQueue = unique('killed');
    const first = await workerProcess(address, taskQueue);
    const options = { startToCloseTimeout: '1m', heartbeatTimeout: '1s', retry: { initialInterval: 50 } } as const;
    const handle = await start(runActivity, ['untilCancelled', options, 'nobody'], { taskQueue });
    await eventually('it runs', async () =>
      (await handle.describe()).raw.pendingActivities?.[0]?.state === RUNNING ? true : undefined,
    );
    await first.kill();
    const second = await runWorker(address, taskQueue);
    const [pending] = await eventually('it is tried again', async () => {
      const { raw } = await handle.describe();
      const activity = raw.pendingActivities?.[0];
      return activity?.state === RUNNING && activity.attempt === 2 ? [activity] : undefined;
    });
    assert.equal(pending?.lastFailure?.timeoutFailureInfo?.timeoutType, TimeoutType.TIMEOUT_TYPE_HEARTBEAT);
    await handle.terminate();
    await second.stop();
  });
});

describe('workflow code', { concurrency: true }, () => {
  it('with a bug waits for the fix, and shows the bug once', async () => {
    const { address } = await sharedServer();
    const taskQueue = unique('buggy');
    const first = await runWorker(address, taskQueue);
    // The worker reports the first failure only; later attempts must time out. Long enough for a busy machine.
    const handle = await start(buggy, [], { taskQueue, workflowTaskTimeout: '5s' });
    await eventually(
      'the task failed twice',
      async () => (((await handle.describe()).raw.pendingWorkflowTask?.attempt ?? 0) > 2 ? true : undefined),
      30_000,
    );
    await first.stop();
    const second = await runWorker(address, taskQueue, { workflowBundle: await bundle('workflows-changed.ts') });
    assert.equal(await handle.result(), 'fixed');
    const events = await eventsOf(handle);
    const failures = events.flatMap((event) => event.workflowTaskFailedEventAttributes ?? []);
    assert.equal(failures.length, 1);
    assert.equal(failures[0]?.failure?.message, 'a bug, not a failure of the workflow');
    assert.equal(
      failures[0].cause,
      WorkflowTaskFailedCause.WORKFLOW_TASK_FAILED_CAUSE_WORKFLOW_WORKER_UNHANDLED_FAILURE,
    );
    assert(
      (events.findLast((event) => event.workflowTaskScheduledEventAttributes)?.workflowTaskScheduledEventAttributes
        ?.attempt ?? 0) > 2,
    );
    await second.stop();
  });

  it('that no longer fits the history is refused, and the old code can go on', async () => {
    const { address } = await sharedServer();
    const taskQueue = unique('changing');
    const first = await runWorker(address, taskQueue);
    const handle = await start(changing, [], { taskQueue });
    await eventually('the timer fired', async () =>
      (await eventsOf(handle)).some((event) => event.timerFiredEventAttributes) ? true : undefined,
    );
    await first.stop();

    const second = await runWorker(address, taskQueue, { workflowBundle: await bundle('workflows-changed.ts') });
    await handle.signal(go);
    const failed = await eventually('the task failed', async () =>
      (await eventsOf(handle)).find((event) => event.workflowTaskFailedEventAttributes),
    );
    assert.equal(
      failed.workflowTaskFailedEventAttributes?.cause,
      WorkflowTaskFailedCause.WORKFLOW_TASK_FAILED_CAUSE_NON_DETERMINISTIC_ERROR,
    );
    await second.stop();

    const third = await runWorker(address, taskQueue);
    assert.equal(await handle.result(), 'as before');
    await third.stop();

    const { workflowId } = handle;
    const history = await handle.fetchHistory();
    const changed = await bundle('workflows-changed.ts');
    assert.equal(await replay(await bundle('workflows.ts'), [{ workflowId, history }]), 1);
    await assert.rejects(replay(changed, [{ workflowId, history }]), /cannot be replayed/);
  });
});

describe('a killed server', () => {
  it('comes back with every workflow where it was; clients and workers just wait', async () => {
    const server = await TestServer.start({ onFile: true });
    atEnd(() => server.dispose());
    const taskQueue = unique('restart');
    const worker = await runWorker(server.address, taskQueue);
    const client = await connect(server.address);
    const startHere = { taskQueue, workflowId: '' };
    const listening = await client.workflow.start(listen, {
      ...startHere,
      workflowId: unique('listen'),
      args: ['stop'],
    });
    const sleeping = await client.workflow.start(sleepFor, {
      ...startHere,
      workflowId: unique('sleep'),
      args: [3_000],
    });
    const retry = { initialInterval: 2_000, backoffCoefficient: 1 };
    const retrying = await client.workflow.start(runActivity, {
      ...{ ...startHere, workflowId: unique('retry') },
      args: ['failUntil', { startToCloseTimeout: '10s', retry }, 2],
    });
    await listening.signal(go, 'before');
    await eventually('all are under way', async () => {
      const timer = (await eventsOf(sleeping)).some((event) => event.timerStartedEventAttributes);
      const failed = ((await retrying.describe()).raw.pendingActivities?.[0]?.attempt ?? 0) > 1;
      return timer && failed ? true : undefined;
    });
    const results = [sleeping.result(), retrying.result()] as const;

    await server.kill();
    await server.launch();

    await listening.signal(go, 'after');
    assert.deepEqual(await listening.query(heard), ['before', 'after']);
    await listening.signal(go, 'stop');
    assert.deepEqual(await listening.result(), ['before', 'after', 'stop']);
    const [slept, attempts] = await Promise.all(results);
    assert(slept >= 3_000);
    assert.equal(attempts, 2);
    await worker.stop();
    await client.connection.close();
  });
});

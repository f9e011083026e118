import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { code, StatusError } from '@perdure/api';
import type { Poller, StartedTask, TaskRef } from '../matching/task.ts';
import { TaskQueue } from '../matching/task-queue.ts';
import type { RpcCall } from '../transport/rpc.ts';
import { checkPollDeadline, pollQueue } from './poll.ts';

const NOW_MS = 1_000_000;
const TASK = { kind: 'activity' } as unknown as StartedTask;

function callUntil(deadlineMs: number | undefined): RpcCall & { onCancel: (() => void) | undefined } {
  return {
    path: '/test',
    metadata: { get: () => undefined },
    body: new Uint8Array(0),
    deadlineMs,
    peer: 'test',
    cancelled: false,
    onCancel: undefined,
  };
}

function poll(t: TestContext, deadlineInMs: number, intervalMs = 60_000) {
  t.mock.timers.enable({ apis: ['setTimeout', 'Date'], now: NOW_MS });
  const pollers: Poller[] = [];
  const queue = new TaskQueue('queue', (_, __, poller) => pollers.push(poller), Date.now);
  const call = callUntil(NOW_MS + deadlineInMs);
  const state: { outcome: unknown } = { outcome: 'waits' };
  pollQueue({
    queue,
    call,
    identity: 'worker',
    requestId: 'request',
    sticky: false,
    intervalMs,
    nowMs: NOW_MS,
    deadlineMs: NOW_MS + deadlineInMs,
  }).then(
    (task) => (state.outcome = task),
    (error: unknown) => (state.outcome = error),
  );
  const tick = async (ms: number) => {
    t.mock.timers.tick(ms);
    await Promise.resolve();
  };
  return { queue, call, state, pollers, tick };
}

test('a poll needs a deadline, at least two seconds away', () => {
  const refusal = (deadlineMs: number | undefined) => {
    try {
      checkPollDeadline(callUntil(deadlineMs), NOW_MS);
      return undefined;
    } catch (error) {
      return error instanceof StatusError ? error.code : error;
    }
  };
  assert.equal(refusal(undefined), code.INVALID_ARGUMENT);
  assert.equal(refusal(NOW_MS - 1), code.FAILED_PRECONDITION);
  assert.equal(refusal(NOW_MS + 1999), code.FAILED_PRECONDITION);
  assert.equal(refusal(NOW_MS + 2000), undefined);
});

test('it ends empty a second before the deadline', async (t) => {
  const { queue, state, tick } = poll(t, 5000);
  await tick(3999);
  assert.equal(state.outcome, 'waits');
  await tick(1);
  assert.equal(state.outcome, undefined);
  assert.equal(queue.hasWaiting, false);
});

test('it ends empty after the longest time a poll may last', async (t) => {
  const { state, tick } = poll(t, 3_600_000, 60_000);
  await tick(59_999);
  assert.equal(state.outcome, 'waits');
  await tick(1);
  assert.equal(state.outcome, undefined);
});

test('a client that goes leaves nothing behind', async (t) => {
  const { queue, call, state, tick } = poll(t, 60_000);
  call.onCancel?.();
  await tick(0);
  assert.equal(queue.hasWaiting, false);
  assert.equal(state.outcome, undefined);
  assert.equal(call.onCancel, undefined);
});

test('while it is being given a task it waits for it, also past its time', async (t) => {
  const { queue, state, pollers, tick } = poll(t, 5000);
  queue.add({} as TaskRef);
  await tick(4500);
  assert.equal(state.outcome, 'waits');
  pollers[0]?.deliver(TASK);
  await tick(0);
  assert.equal(state.outcome, TASK);
});

test('when the task turns out to be gone it ends soon after its time', async (t) => {
  const { queue, state, pollers, tick } = poll(t, 5000);
  queue.add({} as TaskRef);
  await tick(4500);
  queue.poll(pollers[0] as Poller);
  await tick(50);
  assert.equal(state.outcome, undefined);
});

test('it fails as the task did', async (t) => {
  const { queue, state, pollers, tick } = poll(t, 5000);
  queue.add({} as TaskRef);
  const error = new Error('not durable');
  pollers[0]?.fail(error);
  await tick(0);
  assert.equal(state.outcome, error);
});

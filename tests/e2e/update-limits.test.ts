// The limits of updates, at each and one past it, on a server where they are small.

import assert from 'node:assert/strict';
import { after, it } from 'node:test';
import { Hand } from './hand.ts';
import { eventually, TestServer } from './harness.ts';
import { Code, fails, RawClient } from './raw.ts';
import {
  ACCEPTED,
  accept,
  answer,
  pollUpdate,
  respond,
  told,
  update,
  updateIds,
  updateRequest,
} from './update-hand.ts';

const LIMITS = {
  'history.maxTotalUpdates': '10',
  'history.maxInFlightUpdates': '3',
  'history.maxInFlightUpdatePayloads': '2000',
  'history.longPollExpirationInterval': '"500ms"',
};
const args = Object.entries(LIMITS).flatMap(([key, value]) => ['--dynamic-config-value', `${key}=${value}`]);
const server = await TestServer.start({ args });
const raw = new RawClient(server.address);
after(async () => {
  raw.close();
  await server.dispose();
});

async function idle(): Promise<Hand> {
  const w = new Hand(raw);
  await w.start();
  await w.step();
  return w;
}

async function known(w: Hand, updateId: string) {
  return eventually(`update ${updateId} is known`, async () => {
    try {
      return await pollUpdate(w, updateId);
    } catch (error) {
      if (!String(error).includes('not found')) throw error;
      return undefined;
    }
  });
}

async function perform(w: Hand, updateId: string) {
  const asked = update(w, updateId);
  const task = await w.workflowTask();
  await answer(w, task, [accept(task, updateId), respond(task, updateId)]);
  assert.equal(told(await asked), 'completed: out');
  return task;
}

it('the total of a run: told to continue as new at nine tenths, refused past the limit', async () => {
  const w = await idle();
  for (let i = 1; i <= 10; i++) {
    const task = await perform(w, `u${i}`);
    const started = task.history?.events?.at(-1)?.workflowTaskStartedEventAttributes;
    assert.equal(started?.suggestContinueAsNew, i >= 9, `the ${i}th update`);
  }
  const text = /^The limit on the total number of distinct updates in this workflow has been reached \(10\)\. /;
  await fails(update(w, 'u11'), Code.FAILED_PRECONDITION, text);
  // One that is there already is no new one.
  assert.equal(told(await update(w, 'u1')), 'completed: out');
});

it('those that are under way', async () => {
  const w = await idle();
  for (let i = 1; i <= 3; i++) {
    const asked = update(w, `u${i}`, ACCEPTED);
    const task = await w.workflowTask();
    await answer(w, task, [accept(task, `u${i}`)]);
    assert.equal(told(await asked), 'accepted');
  }
  const text = 'limit on number of concurrent in-flight updates has been reached (3)';
  await fails(update(w, 'u4'), Code.RESOURCE_EXHAUSTED, text, 'ResourceExhaustedFailure');
  await w.signal();
  const task = await w.workflowTask();
  await answer(w, task, [respond(task, 'u1')]);
  await perform(w, 'u4');
});

it('the bytes of those that are not accepted', async () => {
  const w = await idle();
  const large = (updateId: string, bytes: number) =>
    w.raw.workflow.updateWorkflowExecution(updateRequest(w, updateId, ACCEPTED, 'x'.repeat(bytes)));
  const first = large('a', 1000);
  await known(w, 'a');
  const text = /^limit on total payload size of in-flight updates has been reached/;
  await fails(large('b', 1000), Code.RESOURCE_EXHAUSTED, text, 'ResourceExhaustedFailure');
  const task = await w.workflowTask();
  assert.deepEqual(updateIds(task), ['a']);
  await answer(w, task, [accept(task, 'a')]);
  assert.equal(told(await first), 'accepted');
  const second = large('b', 1000);
  const next = await w.workflowTask();
  await answer(w, next, [accept(next, 'b')]);
  assert.equal(told(await second), 'accepted');
});

it('a wait: the answer is the stage that was reached', async () => {
  const w = await idle();
  assert.equal(told(await update(w, 'u')), 'admitted');
  const asked = update(w, 'u');
  const task = await w.workflowTask();
  await answer(w, task, [accept(task, 'u')]);
  // It may have come just before its time was over, or just after.
  assert.match(told(await asked), /^(admitted|accepted)$/);
  assert.equal(told(await update(w, 'u')), 'accepted');
  assert.equal(told(await pollUpdate(w, 'u', 3)), 'accepted');
  // The client's own deadline is shorter.
  const gone = update(w, 'u', 3, { deadlineMs: 100 });
  await fails(gone, Code.DEADLINE_EXCEEDED, /./);
});

// What waits when the server is killed is there again as soon as it is back.

import assert from 'node:assert/strict';
import { it } from 'node:test';
import { completeWorkflow, Hand, scheduleActivity, seconds } from './hand.ts';
import { atEnd, TestServer } from './harness.ts';
import { RawClient } from './raw.ts';

const server = await TestServer.start({ onFile: true });
const raw = new RawClient(server.address);
atEnd(async () => {
  raw.close();
  await server.dispose();
});

it('an activity that no worker has taken is given out at once, not when some timeout would have come', async () => {
  const w = new Hand(raw);
  // The worker waits already, so that the workflow task never does.
  const poll = w.workflowTask();
  await w.start({ workflowTaskTimeout: seconds(60) });
  await w.complete(await poll, [scheduleActivity(w.taskQueue)]);
  await server.kill();
  await server.launch();
  const task = await w.activityTask();
  assert.equal(task.activityId, 'a1');
  await w.completeActivity(task);
  await w.step(completeWorkflow());
  await w.expectHistory(
    'WorkflowExecutionStarted',
    'WorkflowTaskScheduled',
    'WorkflowTaskStarted',
    'WorkflowTaskCompleted',
    'ActivityTaskScheduled',
    'ActivityTaskStarted',
    'ActivityTaskCompleted',
    'WorkflowTaskScheduled',
    'WorkflowTaskStarted',
    'WorkflowTaskCompleted',
    'WorkflowExecutionCompleted',
  );
});

// The build id that a worker says it has: in the history, for the workflow code to read, and in the description.

import assert from 'node:assert/strict';
import { it } from 'node:test';
import { hand, IDENTITY } from './hand.ts';

it('the build id of the worker that completed a workflow task is kept with it, and listed', async () => {
  const w = await hand();
  await w.start();
  const buildIds = ['unversioned'];
  for (const buildId of ['1.0', '1.1']) {
    const task = await w.raw.as({ deadlineMs: 15_000 }).pollWorkflowTaskQueue({
      namespace: w.namespace,
      taskQueue: { name: w.taskQueue },
      identity: IDENTITY,
      workerVersionCapabilities: { buildId },
    });
    const deploymentOptions = { deploymentName: 'orders', buildId };
    await w.complete(task, [], { workerVersionStamp: { buildId }, deploymentOptions });
    const completed = (await w.history()).at(-1)?.workflowTaskCompletedEventAttributes;
    assert.equal(completed?.workerVersion?.buildId, buildId);
    assert.equal(completed?.workerVersion?.useVersioning, false);
    assert.equal(completed?.workerDeploymentName, 'orders');
    assert.equal(completed?.deploymentVersion ?? null, null);
    const { workflowExecutionInfo: info } = await w.raw.workflow.describeWorkflowExecution(w.execution);
    assert.equal(info?.mostRecentWorkerVersionStamp?.buildId, buildId);
    const listed = info?.searchAttributes?.indexedFields?.['BuildIds'];
    assert.equal(String(listed?.metadata?.['type']), 'KeywordList');
    buildIds.push(`unversioned:${buildId}`);
    assert.deepEqual(JSON.parse(String(listed?.data)), buildIds);
    await w.signal();
  }
});

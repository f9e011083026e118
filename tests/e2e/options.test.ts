// Options that change while a workflow runs.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { temporal } from '@temporalio/proto';
import { completeWorkflow, type Hand, hand, scheduleActivity } from './hand.ts';
import { unique } from './harness.ts';
import { Code, fails, failure } from './raw.ts';

type Options = temporal.api.workflow.v1.IWorkflowExecutionOptions;

function change(w: Hand, workflowExecutionOptions: Options | undefined, ...paths: string[]) {
  return w.raw.workflow.updateWorkflowExecutionOptions({
    namespace: w.namespace,
    workflowExecution: { workflowId: w.workflowId },
    ...(workflowExecutionOptions && { workflowExecutionOptions }),
    updateMask: { paths },
  });
}

describe('changing options', { concurrency: true }, () => {
  it('is recorded, shown, and obeyed by what follows', async () => {
    const w = await hand();
    await w.start({ priority: { priorityKey: 4 } });
    await w.step();
    const priority = { priorityKey: 2, fairnessKey: 'gold', fairnessWeight: 2 };
    const { workflowExecutionOptions } = await change(
      w,
      { priority },
      'priority.priority_key',
      'priority.fairness_key',
    );
    assert.equal(workflowExecutionOptions?.priority?.priorityKey, 2);
    const shown = (await w.describe()).workflowExecutionInfo?.priority;
    assert.deepEqual([shown?.priorityKey, shown?.fairnessKey, shown?.fairnessWeight ?? 0], [2, 'gold', 0]);
    const event = (await w.history()).at(-1);
    assert.equal(event?.workflowExecutionOptionsUpdatedEventAttributes?.priority?.priorityKey, 2);
    assert.equal(event?.workerMayIgnore, true);
    await w.signal();
    await w.step(scheduleActivity(w.taskQueue));
    const task = await w.activityTask();
    assert.equal(task.priority?.priorityKey, 2);
    await w.completeActivity(task);
    await w.step(completeWorkflow());
  });

  it('takes and removes an override', async () => {
    const w = await hand();
    await w.start();
    await w.step();
    const override = async () => (await w.describe()).workflowExecutionInfo?.versioningInfo?.versioningOverride;
    await change(w, { versioningOverride: { autoUpgrade: true } }, 'versioning_override');
    assert.equal((await override())?.autoUpgrade, true);
    await change(w, {}, 'versioning_override');
    assert.equal((await override()) ?? undefined, undefined);
    await w.signal();
    await w.step(completeWorkflow());
  });

  it('to what they are changes nothing', async () => {
    const w = await hand();
    await w.start({ priority: { priorityKey: 4 } });
    const before = (await w.history()).length;
    await change(w, { priority: { priorityKey: 4 } }, 'priority.priority_key');
    assert.equal((await w.history()).length, before);
  });

  it('says what is wrong', async () => {
    const w = await hand();
    const none = { namespace: w.namespace, workflowExecution: { workflowId: w.workflowId } };
    const call = (request: object) => w.raw.workflow.updateWorkflowExecutionOptions({ ...none, ...request });
    await fails(call({ workflowExecutionOptions: {} }), Code.INVALID_ARGUMENT, 'UpdateMask is required');
    await fails(call({ updateMask: {} }), Code.INVALID_ARGUMENT, 'WorkflowExecutionOptions is required');
    assert.match((await failure(change(w, {}, 'nonsense'))).text, /^error parsing UpdateMask: /);
    const long = { priority: { fairnessKey: 'k'.repeat(65) } };
    await fails(change(w, long, 'priority'), Code.INVALID_ARGUMENT, 'fairness key length exceeds limit');
    assert.equal((await failure(change(w, { priority: {} }, 'priority'))).code, Code.NOT_FOUND);
    await w.start();
    await change(w, { priority: { fairnessKey: 'k'.repeat(64) } }, 'priority');
    const version = { deploymentName: unique('none'), buildId: 'b' };
    const pinned = { versioningOverride: { pinned: { behavior: 1, version } } };
    assert.equal((await failure(change(w, pinned, 'versioning_override'))).code, Code.FAILED_PRECONDITION);
    await w.step(completeWorkflow());
    const closed = change(w, { priority: {} }, 'priority');
    assert.equal((await failure(closed)).code, Code.NOT_FOUND);
  });
});

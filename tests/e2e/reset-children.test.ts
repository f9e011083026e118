// Resetting a workflow that has gone on as another run: what becomes of the children of the runs in between.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import proto from '@temporalio/proto';
import { startChild } from './children-commands.ts';
import { type Command, CommandType, completeWorkflow, EventType, type Hand, hand, long } from './hand.ts';
import { eventually, NAMESPACE, unique } from './harness.ts';
import { Code, failure } from './raw.ts';

const { ParentClosePolicy, WorkflowExecutionStatus } = proto.temporal.api.enums.v1;

const CONTINUE: Command = {
  commandType: CommandType.COMMAND_TYPE_CONTINUE_AS_NEW_WORKFLOW_EXECUTION,
  continueAsNewWorkflowExecutionCommandAttributes: { workflowType: { name: 'by-hand' } },
};

async function statusOf(w: Hand): Promise<number> {
  return (await w.describe()).workflowExecutionInfo?.status ?? 0;
}

/** A run that has started `first` (event 5) and seen it begin, and its successor, which has done the same with `second`. */
async function chain(): Promise<{ parent: Hand; first: Hand; second: Hand; runId: string }> {
  const [parent, first, second] = [await hand(), await hand(), await hand()];
  const runId = await parent.start();
  await parent.step(startChild(first, { parentClosePolicy: ParentClosePolicy.PARENT_CLOSE_POLICY_ABANDON }));
  await parent.event(EventType.EVENT_TYPE_CHILD_WORKFLOW_EXECUTION_STARTED);
  await parent.step(CONTINUE);
  await parent.step(startChild(second));
  await parent.event(EventType.EVENT_TYPE_CHILD_WORKFLOW_EXECUTION_STARTED);
  return { parent, first, second, runId };
}

/** To the workflow task that saw the first child begin. */
function reset(parent: Hand, runId: string) {
  return parent.raw.workflow.resetWorkflowExecution({
    namespace: NAMESPACE,
    workflowExecution: { workflowId: parent.workflowId, runId },
    reason: 'bad build',
    workflowTaskFinishEventId: long(9),
    requestId: unique('reset'),
  });
}

describe('a reset to before a continue-as-new', { concurrency: true }, () => {
  it('applies the close policy to the children of the run that it ends', async () => {
    const { parent, second, runId } = await chain();
    await reset(parent, runId);
    const terminated: number = WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_TERMINATED;
    await eventually('the child is terminated', async () => (await statusOf(second)) === terminated || undefined);
  });

  // The official server (1.30) goes by the id of the event alone, and records the result of the wrong child.
  it('does not take the children of a later run for those of the one that is copied', async () => {
    const { parent, first, second, runId } = await chain();
    await second.step(completeWorkflow('of the second'));
    await parent.event(EventType.EVENT_TYPE_CHILD_WORKFLOW_EXECUTION_COMPLETED);
    await reset(parent, runId);
    await first.step(completeWorkflow('of the first'));
    const { childWorkflowExecutionCompletedEventAttributes: completed } = await parent.event(
      EventType.EVENT_TYPE_CHILD_WORKFLOW_EXECUTION_COMPLETED,
    );
    assert.equal(completed?.workflowExecution?.workflowId, first.workflowId);
  });
});

describe('a reset', () => {
  it('brings the new run what its children report to the run before, also when that has been deleted', async () => {
    const [parent, child] = [await hand(), await hand()];
    const runId = await parent.start();
    await parent.step(startChild(child));
    await parent.event(EventType.EVENT_TYPE_CHILD_WORKFLOW_EXECUTION_STARTED);
    await parent.step();
    await reset(parent, runId);
    const workflowExecution = { workflowId: parent.workflowId, runId };
    await parent.raw.workflow.deleteWorkflowExecution({ namespace: NAMESPACE, workflowExecution });
    await eventually('the first run is deleted', async () => {
      const request = { namespace: NAMESPACE, execution: workflowExecution };
      return (
        (await failure(parent.raw.workflow.describeWorkflowExecution(request))).code === Code.NOT_FOUND || undefined
      );
    });
    await child.step(completeWorkflow('in the end'));
    await parent.event(EventType.EVENT_TYPE_CHILD_WORKFLOW_EXECUTION_COMPLETED);
  });
});

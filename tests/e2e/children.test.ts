// Children by hand: the exact events of parent and child, every way in which a child can begin and close, and what its
// parent's end means for it.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import proto from '@temporalio/proto';
import { startChild } from './children-commands.ts';
import {
  type Command,
  CommandType,
  cancelWorkflow,
  completeWorkflow,
  EventType,
  failWorkflow,
  type Hand,
  type HistoryEvent,
  hand,
  IDENTITY,
  millis,
  payloads,
  RetryState,
  seconds,
  texts,
  type WorkflowTask,
  WorkflowTaskFailedCause,
} from './hand.ts';
import { eventually, NAMESPACE, sharedServer, unique } from './harness.ts';
import { Code, fails } from './raw.ts';

const { ParentClosePolicy, WorkflowIdReusePolicy, StartChildWorkflowExecutionFailedCause, WorkflowExecutionStatus } =
  proto.temporal.api.enums.v1;
const { PARENT_CLOSE_POLICY_ABANDON, PARENT_CLOSE_POLICY_REQUEST_CANCEL, PARENT_CLOSE_POLICY_TERMINATE } =
  ParentClosePolicy;

interface Family {
  readonly parent: Hand;
  readonly child: Hand;
  readonly parentRunId: string;
  readonly childRunId: string;
}

/** A parent that has seen its child start. */
async function family(attributes: Parameters<typeof startChild>[1] = {}): Promise<Family> {
  const [parent, child] = [await hand(), await hand()];
  const parentRunId = await parent.start();
  await parent.step(startChild(child, attributes));
  const started = await parent.event(EventType.EVENT_TYPE_CHILD_WORKFLOW_EXECUTION_STARTED);
  const childRunId = started.childWorkflowExecutionStartedEventAttributes?.workflowExecution?.runId ?? '';
  assert(childRunId);
  await parent.step();
  return { parent, child, parentRunId, childRunId };
}

function terminate(w: Hand) {
  return w.raw.workflow.terminateWorkflowExecution({
    namespace: NAMESPACE,
    workflowExecution: { workflowId: w.workflowId },
    reason: 'enough',
    identity: IDENTITY,
  });
}

function continueAsNew(): Command {
  return {
    commandType: CommandType.COMMAND_TYPE_CONTINUE_AS_NEW_WORKFLOW_EXECUTION,
    continueAsNewWorkflowExecutionCommandAttributes: { workflowType: { name: 'child-by-hand' } },
  };
}

async function statusOf(w: Hand): Promise<number> {
  return (await w.describe()).workflowExecutionInfo?.status ?? 0;
}

function last(events: readonly HistoryEvent[]): HistoryEvent {
  const event = events.at(-1);
  assert(event);
  return event;
}

describe('a child by hand', { concurrency: true }, () => {
  it('begins, completes, and its parent hears of both', async () => {
    const [parent, child] = [await hand(), await hand()];
    const parentRunId = await parent.start();
    await parent.step(
      startChild(child, {
        input: payloads('in'),
        control: 'mine',
        workflowRunTimeout: seconds(50),
        workflowTaskTimeout: seconds(7),
        retryPolicy: { maximumAttempts: 1 },
        memo: { fields: { note: { data: Buffer.from('"m"') } } },
        header: { fields: { trace: { data: Buffer.from('h') } } },
      }),
    );
    const task = await child.step(completeWorkflow('out'));
    await parent.event(EventType.EVENT_TYPE_CHILD_WORKFLOW_EXECUTION_COMPLETED);
    const { runId } = task.workflowExecution ?? {};

    const events = await parent.history();
    const initiated = events[4]?.startChildWorkflowExecutionInitiatedEventAttributes;
    assert.equal(initiated?.workflowId, child.workflowId);
    assert.equal(initiated.namespace, NAMESPACE);
    assert(initiated.namespaceId);
    assert.equal(initiated.workflowType?.name, 'child-by-hand');
    assert.equal(initiated.taskQueue?.name, child.taskQueue);
    assert.equal(Number(initiated.workflowTaskCompletedEventId), 4);
    assert.equal(initiated.parentClosePolicy, PARENT_CLOSE_POLICY_TERMINATE);
    assert.equal(initiated.workflowIdReusePolicy, WorkflowIdReusePolicy.WORKFLOW_ID_REUSE_POLICY_ALLOW_DUPLICATE);
    assert.equal(millis(initiated.workflowExecutionTimeout), 0);
    assert.equal(millis(initiated.workflowRunTimeout), 50_000);
    assert.equal(millis(initiated.workflowTaskTimeout), 7000);
    assert.equal(millis(initiated.retryPolicy?.initialInterval), 1000);
    assert.equal(initiated.control, 'mine');
    assert.deepEqual(texts(initiated.input), ['in']);

    const started = events[5]?.childWorkflowExecutionStartedEventAttributes;
    assert.equal(Number(started?.initiatedEventId), 5);
    assert.deepEqual({ ...started?.workflowExecution }, { workflowId: child.workflowId, runId });
    assert.equal(started?.workflowType?.name, 'child-by-hand');
    assert.equal(started.namespace, NAMESPACE);
    assert.equal(Buffer.from(started.header?.fields?.['trace']?.data ?? []).toString(), 'h');

    const completed = events.find((event) => event.childWorkflowExecutionCompletedEventAttributes);
    const closed = completed?.childWorkflowExecutionCompletedEventAttributes;
    assert.deepEqual(texts(closed?.result), ['out']);
    assert.equal(Number(closed?.initiatedEventId), 5);
    assert.equal(Number(closed?.startedEventId), 6);
    assert.deepEqual({ ...closed?.workflowExecution }, { workflowId: child.workflowId, runId });
    assert.equal(closed?.workflowType?.name, 'child-by-hand');
    assert.equal(closed.namespace, NAMESPACE);

    const own = (await child.history())[0]?.workflowExecutionStartedEventAttributes;
    assert.deepEqual({ ...own?.parentWorkflowExecution }, { workflowId: parent.workflowId, runId: parentRunId });
    assert.deepEqual({ ...own?.rootWorkflowExecution }, { workflowId: parent.workflowId, runId: parentRunId });
    assert.equal(Number(own?.parentInitiatedEventId), 5);
    assert.equal(own?.parentWorkflowNamespace, NAMESPACE);
    assert.equal(own.parentWorkflowNamespaceId, initiated.namespaceId);
    assert.equal(own.identity, '');
    assert.equal(own.firstExecutionRunId, runId);
    assert.equal(own.attempt, 1);
    assert.equal(millis(own.workflowRunTimeout), 50_000);
    assert.deepEqual(texts(own.input), ['in']);
    assert(own.memo?.fields?.['note']);
    assert(own.header?.fields?.['trace']);
  });

  it('is shown by Describe, as pending and as a child', async () => {
    const { parent, child, parentRunId, childRunId } = await family();
    const { pendingChildren } = await parent.describe();
    assert.equal(pendingChildren?.length, 1);
    assert.equal(pendingChildren[0]?.workflowId, child.workflowId);
    assert.equal(pendingChildren[0].runId, childRunId);
    assert.equal(pendingChildren[0].workflowTypeName, 'child-by-hand');
    assert.equal(Number(pendingChildren[0].initiatedId), 5);
    assert.equal(pendingChildren[0].parentClosePolicy, PARENT_CLOSE_POLICY_TERMINATE);
    const info = (await child.describe()).workflowExecutionInfo;
    assert.deepEqual({ ...info?.parentExecution }, { workflowId: parent.workflowId, runId: parentRunId });
    assert.deepEqual({ ...info?.rootExecution }, { workflowId: parent.workflowId, runId: parentRunId });
    assert(info?.parentNamespaceId);
    const own = (await parent.describe()).workflowExecutionInfo;
    assert.deepEqual({ ...own?.rootExecution }, { workflowId: parent.workflowId, runId: parentRunId });
    assert.equal(own?.parentExecution?.workflowId ?? '', '');
    const listed = await eventually('the child is listed', async () => {
      const { executions } = await parent.raw.workflow.listWorkflowExecutions({
        namespace: NAMESPACE,
        query: `WorkflowId = '${child.workflowId}'`,
      });
      return executions[0];
    });
    assert.deepEqual({ ...listed.parentExecution }, { workflowId: parent.workflowId, runId: parentRunId });
    await child.step(completeWorkflow());
    await parent.event(EventType.EVENT_TYPE_CHILD_WORKFLOW_EXECUTION_COMPLETED);
    assert.deepEqual((await parent.describe()).pendingChildren ?? [], []);
  });

  it('has the defaults of a workflow, and the task queue of its parent', async () => {
    const [parent, child] = [await hand(), await hand()];
    await parent.start();
    await parent.step(startChild(child, { taskQueue: null, workflowExecutionTimeout: seconds(100) }));
    const task = await parent.workflowTask();
    const other = await parent.workflowTask();
    const childTask = [task, other].find((t) => t.workflowExecution?.workflowId === child.workflowId);
    assert(childTask);
    const [started] = childTask.history?.events ?? [];
    const a = started?.workflowExecutionStartedEventAttributes;
    assert.equal(a?.taskQueue?.name, parent.taskQueue);
    assert.equal(millis(a.workflowExecutionTimeout), 100_000);
    assert.equal(millis(a.workflowRunTimeout), 100_000);
    assert.equal(millis(a.workflowTaskTimeout), 10_000);
    assert.equal(a.retryPolicy ?? undefined, undefined);
    assert(a.workflowExecutionExpirationTime);
  });

  it('begins and closes while its parent has a task: both wait, the start before the close', async () => {
    const [parent, child] = [await hand(), await hand()];
    await parent.start();
    const first = await parent.workflowTask();
    const { workflowTask: second } = await parent.complete(first, [startChild(child)], {
      forceCreateNewWorkflowTask: true,
      returnNewWorkflowTask: true,
    });
    assert(second);
    await child.step(completeWorkflow('out'));
    await eventually('the child has closed', async () => ((await statusOf(child)) === 2 ? true : undefined));
    await parent.signal('late');
    await parent.complete(second as WorkflowTask, []);
    const events = await parent.expectHistory(
      'WorkflowExecutionStarted',
      'WorkflowTaskScheduled',
      'WorkflowTaskStarted',
      'WorkflowTaskCompleted',
      'StartChildWorkflowExecutionInitiated',
      'WorkflowTaskScheduled',
      'WorkflowTaskStarted',
      'WorkflowTaskCompleted',
      'ChildWorkflowExecutionStarted',
      'WorkflowExecutionSignaled',
      'ChildWorkflowExecutionCompleted',
      'WorkflowTaskScheduled',
    );
    const closed = events[10]?.childWorkflowExecutionCompletedEventAttributes;
    assert.equal(Number(closed?.startedEventId), 9);
  });
});

describe('a child that closes', { concurrency: true }, () => {
  it('by failing', async () => {
    const { parent, child } = await family();
    await child.step(failWorkflow('no luck'));
    const event = await parent.event(EventType.EVENT_TYPE_CHILD_WORKFLOW_EXECUTION_FAILED);
    const failed = event.childWorkflowExecutionFailedEventAttributes;
    assert.equal(failed?.failure?.message, 'no luck');
    assert.equal(failed.retryState, RetryState.RETRY_STATE_RETRY_POLICY_NOT_SET);
    assert.equal(Number(failed.startedEventId), 6);
    await parent.step(completeWorkflow());
    assert.equal(await statusOf(parent), WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_COMPLETED);
  });

  it('by being cancelled', async () => {
    const { parent, child } = await family();
    await child.step(cancelWorkflow());
    const event = await parent.event(EventType.EVENT_TYPE_CHILD_WORKFLOW_EXECUTION_CANCELED);
    assert.equal(Number(event.childWorkflowExecutionCanceledEventAttributes?.initiatedEventId), 5);
  });

  it('by its timeout', async () => {
    const { parent } = await family({ workflowRunTimeout: seconds(1) });
    const event = await parent.event(EventType.EVENT_TYPE_CHILD_WORKFLOW_EXECUTION_TIMED_OUT);
    const timedOut = event.childWorkflowExecutionTimedOutEventAttributes;
    assert.equal(timedOut?.retryState, RetryState.RETRY_STATE_RETRY_POLICY_NOT_SET);
  });

  it('by being terminated', async () => {
    const { parent, child } = await family();
    await terminate(child);
    const event = await parent.event(EventType.EVENT_TYPE_CHILD_WORKFLOW_EXECUTION_TERMINATED);
    assert.equal(Number(event.childWorkflowExecutionTerminatedEventAttributes?.startedEventId), 6);
  });

  it('at the end of its chain of runs, which keeps its parent', async () => {
    const { parent, child, parentRunId, childRunId } = await family();
    await child.step(continueAsNew());
    const task = await child.workflowTask();
    const started = task.history?.events?.[0]?.workflowExecutionStartedEventAttributes;
    assert.equal(started?.continuedExecutionRunId, childRunId);
    assert.deepEqual({ ...started?.parentWorkflowExecution }, { workflowId: parent.workflowId, runId: parentRunId });
    assert.deepEqual({ ...started?.rootWorkflowExecution }, { workflowId: parent.workflowId, runId: parentRunId });
    assert.equal(Number(started?.parentInitiatedEventId), 5);
    await child.complete(task, [completeWorkflow('in the end')]);
    const event = await parent.event(EventType.EVENT_TYPE_CHILD_WORKFLOW_EXECUTION_COMPLETED);
    const completed = event.childWorkflowExecutionCompletedEventAttributes;
    assert.deepEqual(texts(completed?.result), ['in the end']);
    assert.equal(completed?.workflowExecution?.runId, task.workflowExecution?.runId);
  });

  it('after its retries', async () => {
    const retryPolicy = { initialInterval: seconds(0.05), maximumAttempts: 2 };
    const { parent, child } = await family({ retryPolicy });
    await child.step(failWorkflow('first'));
    await child.step(failWorkflow('second'));
    const event = await parent.event(EventType.EVENT_TYPE_CHILD_WORKFLOW_EXECUTION_FAILED);
    const failed = event.childWorkflowExecutionFailedEventAttributes;
    assert.equal(failed?.failure?.message, 'second');
    assert.equal(failed.retryState, RetryState.RETRY_STATE_MAXIMUM_ATTEMPTS_REACHED);
  });
});

describe('a child whose id is in use', { concurrency: true }, () => {
  const ALREADY_EXISTS =
    StartChildWorkflowExecutionFailedCause.START_CHILD_WORKFLOW_EXECUTION_FAILED_CAUSE_WORKFLOW_ALREADY_EXISTS;

  it('by a running workflow is not started', async () => {
    const [parent, child] = [await hand(), await hand()];
    const runId = await child.start();
    await parent.start();
    await parent.step(startChild(child, { control: 'mine' }));
    await parent.event(EventType.EVENT_TYPE_START_CHILD_WORKFLOW_EXECUTION_FAILED);
    const events = await parent.expectHistory(
      'WorkflowExecutionStarted',
      'WorkflowTaskScheduled',
      'WorkflowTaskStarted',
      'WorkflowTaskCompleted',
      'StartChildWorkflowExecutionInitiated',
      'StartChildWorkflowExecutionFailed',
      'WorkflowTaskScheduled',
    );
    const failed = events[5]?.startChildWorkflowExecutionFailedEventAttributes;
    assert.equal(failed?.cause, ALREADY_EXISTS);
    assert.equal(Number(failed.initiatedEventId), 5);
    assert.equal(failed.workflowId, child.workflowId);
    assert.equal(failed.workflowType?.name, 'child-by-hand');
    assert.equal(failed.control, 'mine');
    assert.equal(failed.namespace, NAMESPACE);
    const { workflowExecutionInfo, pendingChildren } = await parent.describe();
    assert.deepEqual(pendingChildren ?? [], []);
    assert.equal(workflowExecutionInfo?.status, 1);
    assert.equal((await child.describe()).workflowExecutionInfo?.execution?.runId, runId);
  });

  const reuse = WorkflowIdReusePolicy;
  const cases = [
    ['completed', reuse.WORKFLOW_ID_REUSE_POLICY_ALLOW_DUPLICATE, true],
    ['completed', reuse.WORKFLOW_ID_REUSE_POLICY_ALLOW_DUPLICATE_FAILED_ONLY, false],
    ['failed', reuse.WORKFLOW_ID_REUSE_POLICY_ALLOW_DUPLICATE_FAILED_ONLY, true],
    ['failed', reuse.WORKFLOW_ID_REUSE_POLICY_REJECT_DUPLICATE, false],
    ['running', reuse.WORKFLOW_ID_REUSE_POLICY_TERMINATE_IF_RUNNING, true],
  ] as const;
  for (const [before, policy, allowed] of cases) {
    it(`by a ${before} one: ${reuse[policy]} ${allowed ? 'starts' : 'refuses'}`, async () => {
      const [parent, child] = [await hand(), await hand()];
      const runId = await child.start();
      if (before === 'completed') await child.step(completeWorkflow());
      if (before === 'failed') await child.step(failWorkflow());
      await parent.start();
      await parent.step(startChild(child, { workflowIdReusePolicy: policy }));
      if (!allowed) {
        const event = await parent.event(EventType.EVENT_TYPE_START_CHILD_WORKFLOW_EXECUTION_FAILED);
        assert.equal(event.startChildWorkflowExecutionFailedEventAttributes?.cause, ALREADY_EXISTS);
        return;
      }
      const event = await parent.event(EventType.EVENT_TYPE_CHILD_WORKFLOW_EXECUTION_STARTED);
      assert.notEqual(event.childWorkflowExecutionStartedEventAttributes?.workflowExecution?.runId, runId);
      if (before !== 'running') return;
      const ended = last(await child.history(runId)).workflowExecutionTerminatedEventAttributes;
      assert.equal(ended?.reason, 'TerminateIfRunning WorkflowIdReusePolicy');
    });
  }
});

describe('a child whose parent closes', { concurrency: true }, () => {
  const closings: Readonly<Record<string, (parent: Hand) => Promise<unknown>>> = {
    completes: async (parent) => {
      await parent.signal();
      await parent.step(completeWorkflow());
    },
    fails: async (parent) => {
      await parent.signal();
      await parent.step(failWorkflow());
    },
    'continues as new': async (parent) => {
      await parent.signal();
      await parent.step(continueAsNew());
    },
    'is cancelled': async (parent) => {
      await parent.signal();
      await parent.step(cancelWorkflow());
    },
    'is terminated': terminate,
  };
  for (const [name, close] of Object.entries(closings)) {
    it(`${name}: is terminated by default`, async () => {
      const { parent, child, childRunId } = await family();
      await close(parent);
      await child.event(EventType.EVENT_TYPE_WORKFLOW_EXECUTION_TERMINATED);
      const ended = last(await child.history(childRunId)).workflowExecutionTerminatedEventAttributes;
      assert.equal(ended?.reason, 'by parent close policy');
      assert.equal(ended.identity, 'history-service');
    });

    it(`${name}: is asked to cancel by REQUEST_CANCEL`, async () => {
      const { parent, child, parentRunId } = await family({ parentClosePolicy: PARENT_CLOSE_POLICY_REQUEST_CANCEL });
      await close(parent);
      const event = await child.event(EventType.EVENT_TYPE_WORKFLOW_EXECUTION_CANCEL_REQUESTED);
      const request = event.workflowExecutionCancelRequestedEventAttributes;
      assert.equal(request?.cause, '');
      assert.equal(request.identity, 'history-service');
      assert.deepEqual({ ...request.externalWorkflowExecution }, { workflowId: parent.workflowId, runId: parentRunId });
      assert.equal(Number(request.externalInitiatedEventId), 0);
      assert.equal(await statusOf(child), 1);
    });

    it(`${name}: goes on by ABANDON`, async () => {
      const { parent, child } = await family({ parentClosePolicy: PARENT_CLOSE_POLICY_ABANDON });
      await close(parent);
      await child.step(completeWorkflow());
      assert.equal(await statusOf(child), WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_COMPLETED);
      await child.expectHistory(
        'WorkflowExecutionStarted',
        'WorkflowTaskScheduled',
        'WorkflowTaskStarted',
        'WorkflowTaskCompleted',
        'WorkflowExecutionCompleted',
      );
    });
  }

  it('in its later runs as well', async () => {
    const { parent, child } = await family();
    await child.step(continueAsNew());
    const task = await child.workflowTask();
    await terminate(parent);
    await child.event(EventType.EVENT_TYPE_WORKFLOW_EXECUTION_TERMINATED);
    const events = await child.history(task.workflowExecution?.runId ?? '');
    assert.equal(last(events).workflowExecutionTerminatedEventAttributes?.reason, 'by parent close policy');
  });

  it('times out: is terminated', async () => {
    const [parent, child] = [await hand(), await hand()];
    await parent.start({ workflowRunTimeout: seconds(1) });
    await parent.step(startChild(child));
    await child.workflowTask();
    await child.event(EventType.EVENT_TYPE_WORKFLOW_EXECUTION_TERMINATED);
  });

  it('is tried again: is terminated, and the next attempt starts its own', async () => {
    const [parent, child] = [await hand(), await hand()];
    await parent.start({ retryPolicy: { initialInterval: seconds(0.05), maximumAttempts: 2 } });
    await parent.step(startChild(child));
    const first = await child.workflowTask();
    await parent.step(failWorkflow());
    await child.event(EventType.EVENT_TYPE_WORKFLOW_EXECUTION_TERMINATED);
    await parent.step(startChild(child));
    await parent.event(EventType.EVENT_TYPE_CHILD_WORKFLOW_EXECUTION_STARTED);
    const second = await child.workflowTask();
    assert.notEqual(second.workflowExecution?.runId, first.workflowExecution?.runId);
  });

  it('takes its own children with it', async () => {
    const { parent, child } = await family();
    const grandchild = await hand();
    await child.step(startChild(grandchild));
    const task = await grandchild.workflowTask();
    const started = task.history?.events?.[0]?.workflowExecutionStartedEventAttributes;
    assert.equal(started?.parentWorkflowExecution?.workflowId, child.workflowId);
    assert.equal(started?.rootWorkflowExecution?.workflowId, parent.workflowId);
    await terminate(parent);
    await grandchild.event(EventType.EVENT_TYPE_WORKFLOW_EXECUTION_TERMINATED);
    assert.equal(await statusOf(child), WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_TERMINATED);
  });
});

describe('a command to start a child', { concurrency: true }, () => {
  const cases: Readonly<Record<string, [Parameters<typeof startChild>[1], string]>> = {
    'without an id': [
      { workflowId: '' },
      `BadStartChildExecutionAttributes: Required field WorkflowId is not set on StartChildWorkflowExecutionCommand. WorkflowType=child-by-hand Namespace=${NAMESPACE}`,
    ],
    'without a type': [
      { workflowId: 'c', workflowType: null },
      `BadStartChildExecutionAttributes: Required field WorkflowType is not set on StartChildWorkflowExecutionCommand. WorkflowId=c Namespace=${NAMESPACE}`,
    ],
    'with a negative timeout': [
      { workflowId: 'c', workflowRunTimeout: seconds(-1) },
      `BadStartChildExecutionAttributes: Invalid WorkflowRunTimeout on StartChildWorkflowExecutionCommand: negative duration. WorkflowId=c WorkflowType=child-by-hand Namespace=${NAMESPACE}`,
    ],
  };
  for (const [name, [attributes, text]] of Object.entries(cases)) {
    it(`${name} fails the task`, async () => {
      const w = await hand();
      await w.start();
      await fails(w.complete(await w.workflowTask(), [startChild(w, attributes)]), Code.INVALID_ARGUMENT, text);
      const failed = (await w.history())[3]?.workflowTaskFailedEventAttributes;
      assert.equal(
        failed?.cause,
        WorkflowTaskFailedCause.WORKFLOW_TASK_FAILED_CAUSE_BAD_START_CHILD_EXECUTION_ATTRIBUTES,
      );
      assert.equal(failed.failure?.message, text);
    });
  }

  it('in a namespace that does not exist', async () => {
    const w = await hand();
    await w.start();
    const command = startChild(await hand(), { namespace: 'nowhere' });
    const text = 'Namespace nowhere is not found.';
    await fails(w.complete(await w.workflowTask(), [command]), Code.NOT_FOUND, text, 'NamespaceNotFoundFailure');
  });

  it('with a wrong retry policy', async () => {
    const w = await hand();
    await w.start();
    const command = startChild(w, { workflowId: 'c', retryPolicy: { backoffCoefficient: 0.5 } });
    const text =
      'invalid WorkflowRetryPolicy on StartChildWorkflowExecutionCommand: BackoffCoefficient cannot be less than 1 on retry policy.. WorkflowId=c WorkflowType=child-by-hand Namespace=default';
    await fails(w.complete(await w.workflowTask(), [command]), Code.INVALID_ARGUMENT, new RegExp(`${text}$`));
  });

  it('in another namespace is refused', async () => {
    const w = await hand();
    await w.start();
    await sharedServer();
    const other = unique('ns');
    await w.raw.workflow.registerNamespace({ namespace: other, workflowExecutionRetentionPeriod: seconds(86_400) });
    const text = 'BadStartChildExecutionAttributes: cross namespace commands are not allowed';
    const command = startChild(await hand(), { namespace: other });
    await eventually('the namespace is known', async () => {
      const error = await w.complete(await w.workflowTask(), [command]).then(
        () => undefined,
        (e: Error) => e,
      );
      assert(error);
      return error.message.includes(text) ? true : undefined;
    });
  });
});

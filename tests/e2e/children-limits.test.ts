// Limits on what a workflow may have pending with others, and commands into other namespaces, on a server that is
// configured for it.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { cancelExternal, signalExternal, startChild } from './children-commands.ts';
import { type Command, completeWorkflow, EventType, Hand, seconds, texts, WorkflowTaskFailedCause } from './hand.ts';
import { atEnd, eventually, TestServer, unique } from './harness.ts';
import { Code, fails, RawClient } from './raw.ts';

const SETTINGS = [
  'limit.numPendingChildExecutions.error=2',
  'limit.numPendingSignals.error=2',
  'limit.numPendingCancelRequests.error=2',
  'system.enableCrossNamespaceCommands=true',
];
const server = await TestServer.start({ args: SETTINGS.flatMap((pair) => ['--dynamic-config-value', pair]) });
const raw = new RawClient(server.address);
atEnd(async () => {
  raw.close();
  await server.dispose();
});

describe('what a workflow may have pending with others', { concurrency: true }, () => {
  const cases = [
    [
      (target: Hand) => startChild(target),
      'PendingChildWorkflowsLimitExceeded: the number of pending child workflow executions, 2,',
      WorkflowTaskFailedCause.WORKFLOW_TASK_FAILED_CAUSE_PENDING_CHILD_WORKFLOWS_LIMIT_EXCEEDED,
    ],
    [
      (target: Hand) => signalExternal(target),
      'PendingSignalsLimitExceeded: the number of pending signals to external workflows, 2,',
      WorkflowTaskFailedCause.WORKFLOW_TASK_FAILED_CAUSE_PENDING_SIGNALS_LIMIT_EXCEEDED,
    ],
    [
      (target: Hand) => cancelExternal(target),
      'PendingRequestCancelLimitExceeded: the number of pending requests to cancel external workflows, 2,',
      WorkflowTaskFailedCause.WORKFLOW_TASK_FAILED_CAUSE_PENDING_REQUEST_CANCEL_LIMIT_EXCEEDED,
    ],
  ] as const;
  for (const [command, text, cause] of cases) {
    const commands = (count: number): Command[] => Array.from({ length: count }, () => command(new Hand(raw)));

    it(`${text.split(':')[0]}: as many as the limit says`, async () => {
      const w = new Hand(raw);
      await w.start();
      await w.step(...commands(2));
    });

    it(`${text.split(':')[0]}: one more is refused`, async () => {
      const w = new Hand(raw);
      await w.start();
      const call = w.complete(await w.workflowTask(), commands(3));
      const whole = `${text} has reached the per-workflow limit of 2`;
      await fails(call, Code.INVALID_ARGUMENT, whole);
      const failed = (await w.history())[3]?.workflowTaskFailedEventAttributes;
      assert.equal(failed?.cause, cause);
      assert.equal(failed.failure?.message, whole);
    });
  }
});

describe('commands into another namespace', () => {
  it('start, signal and cancel there', async () => {
    const namespace = unique('ns');
    await raw.workflow.registerNamespace({ namespace, workflowExecutionRetentionPeriod: seconds(86_400) });
    const [parent, child] = [new Hand(raw), new Hand(raw)];
    child.namespace = namespace;
    await eventually('the namespace is known', () =>
      child.start({ workflowId: unique('probe') }).then(
        () => true,
        () => undefined,
      ),
    );
    await child.step(completeWorkflow());
    await parent.start();
    await parent.step(startChild(child, { namespace }));
    const started = await parent.event(EventType.EVENT_TYPE_CHILD_WORKFLOW_EXECUTION_STARTED);
    assert.equal(started.childWorkflowExecutionStartedEventAttributes?.namespace, namespace);
    await parent.step(signalExternal(child, { namespace }), cancelExternal(child, { namespace }));
    const signaled = await parent.event(EventType.EVENT_TYPE_EXTERNAL_WORKFLOW_EXECUTION_SIGNALED);
    assert.equal(signaled.externalWorkflowExecutionSignaledEventAttributes?.namespace, namespace);
    await parent.event(EventType.EVENT_TYPE_EXTERNAL_WORKFLOW_EXECUTION_CANCEL_REQUESTED);
    await child.event(EventType.EVENT_TYPE_WORKFLOW_EXECUTION_CANCEL_REQUESTED);
    const task = await child.step(completeWorkflow('from afar'));
    const own = task.history?.events?.[0]?.workflowExecutionStartedEventAttributes;
    assert.equal(own?.parentWorkflowNamespace, parent.namespace);
    const event = await parent.event(EventType.EVENT_TYPE_CHILD_WORKFLOW_EXECUTION_COMPLETED);
    const completed = event.childWorkflowExecutionCompletedEventAttributes;
    assert.equal(completed?.namespace, namespace);
    assert.deepEqual(texts(completed.result), ['from afar']);
  });
});

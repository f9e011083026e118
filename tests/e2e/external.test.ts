// Signals and cancel requests from one workflow to another, by hand: the exact events of sender and receiver, and every
// answer that the sender can get.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import proto from '@temporalio/proto';
import { cancelExternal, signalExternal, startChild } from './children-commands.ts';
import { type Command, completeWorkflow, EventType, type Hand, hand, payloads, texts } from './hand.ts';
import { NAMESPACE } from './harness.ts';
import { Code, fails } from './raw.ts';

const { SignalExternalWorkflowExecutionFailedCause, CancelExternalWorkflowExecutionFailedCause } =
  proto.temporal.api.enums.v1;
const NO_SUCH_RECEIVER =
  SignalExternalWorkflowExecutionFailedCause.SIGNAL_EXTERNAL_WORKFLOW_EXECUTION_FAILED_CAUSE_EXTERNAL_WORKFLOW_EXECUTION_NOT_FOUND;
const NO_SUCH_TARGET =
  CancelExternalWorkflowExecutionFailedCause.CANCEL_EXTERNAL_WORKFLOW_EXECUTION_FAILED_CAUSE_EXTERNAL_WORKFLOW_EXECUTION_NOT_FOUND;
const NO_RUN = '00000000-0000-4000-8000-000000000000';

/** A workflow that carries out these commands. */
async function doing(...commands: Command[]): Promise<Hand> {
  const w = await hand();
  await w.start();
  await w.step(...commands);
  return w;
}

async function signalFailure(sender: Hand) {
  const event = await sender.event(EventType.EVENT_TYPE_SIGNAL_EXTERNAL_WORKFLOW_EXECUTION_FAILED);
  return event.signalExternalWorkflowExecutionFailedEventAttributes;
}

async function cancelFailure(sender: Hand) {
  const event = await sender.event(EventType.EVENT_TYPE_REQUEST_CANCEL_EXTERNAL_WORKFLOW_EXECUTION_FAILED);
  return event.requestCancelExternalWorkflowExecutionFailedEventAttributes;
}

describe('a signal to another workflow', { concurrency: true }, () => {
  it('arrives, and the sender hears so', async () => {
    const target = await hand();
    const targetRunId = await target.start();
    await target.step();
    const sender = await hand();
    const senderRunId = await sender.start();
    await sender.step(
      signalExternal(target, {
        signalName: 'hello',
        input: payloads('you'),
        control: 'mine',
        header: { fields: { trace: { data: Buffer.from('h') } } },
      }),
    );
    await sender.event(EventType.EVENT_TYPE_EXTERNAL_WORKFLOW_EXECUTION_SIGNALED);
    const events = await sender.expectHistory(
      'WorkflowExecutionStarted',
      'WorkflowTaskScheduled',
      'WorkflowTaskStarted',
      'WorkflowTaskCompleted',
      'SignalExternalWorkflowExecutionInitiated',
      'ExternalWorkflowExecutionSignaled',
      'WorkflowTaskScheduled',
    );
    const initiated = events[4]?.signalExternalWorkflowExecutionInitiatedEventAttributes;
    assert.equal(initiated?.workflowExecution?.workflowId, target.workflowId);
    assert.equal(initiated.workflowExecution.runId, '');
    assert.equal(initiated.signalName, 'hello');
    assert.equal(initiated.control, 'mine');
    assert.equal(Number(initiated.workflowTaskCompletedEventId), 4);
    assert(initiated.namespaceId);
    const arrived = events[5]?.externalWorkflowExecutionSignaledEventAttributes;
    assert.equal(Number(arrived?.initiatedEventId), 5);
    assert.equal(arrived?.namespace, NAMESPACE);
    assert.equal(arrived.workflowExecution?.workflowId, target.workflowId);
    assert.equal(arrived.control, 'mine');

    const received = await target.expectHistory(
      'WorkflowExecutionStarted',
      'WorkflowTaskScheduled',
      'WorkflowTaskStarted',
      'WorkflowTaskCompleted',
      'WorkflowExecutionSignaled',
      'WorkflowTaskScheduled',
    );
    const signal = received[4]?.workflowExecutionSignaledEventAttributes;
    assert.equal(signal?.signalName, 'hello');
    assert.deepEqual(texts(signal.input), ['you']);
    assert.equal(signal.identity, 'history-service');
    assert.deepEqual({ ...signal.externalWorkflowExecution }, { workflowId: sender.workflowId, runId: senderRunId });
    assert(signal.header?.fields?.['trace']);
    assert.equal((await target.describe()).workflowExecutionInfo?.execution?.runId, targetRunId);
  });

  it('reaches the run that it names', async () => {
    const target = await hand();
    const runId = await target.start();
    const sender = await doing(signalExternal(target, { execution: { workflowId: target.workflowId, runId } }));
    const event = await sender.event(EventType.EVENT_TYPE_EXTERNAL_WORKFLOW_EXECUTION_SIGNALED);
    assert.equal(event.externalWorkflowExecutionSignaledEventAttributes?.workflowExecution?.runId, runId);
    const other = await doing(signalExternal(target, { execution: { workflowId: target.workflowId, runId: NO_RUN } }));
    assert.equal((await signalFailure(other))?.cause, NO_SUCH_RECEIVER);
  });

  it('fails if there is no such workflow', async () => {
    const sender = await doing(signalExternal(await hand(), { control: 'mine' }));
    const failed = await signalFailure(sender);
    assert.equal(failed?.cause, NO_SUCH_RECEIVER);
    assert.equal(Number(failed.initiatedEventId), 5);
    assert.equal(failed.control, 'mine');
    assert.equal(failed.namespace, NAMESPACE);
  });

  it('fails if it has closed', async () => {
    const target = await doing(completeWorkflow());
    assert.equal((await signalFailure(await doing(signalExternal(target))))?.cause, NO_SUCH_RECEIVER);
  });

  it('fails if it is to itself', async () => {
    const w = await hand();
    await w.start();
    await w.step(signalExternal(w));
    assert.equal((await signalFailure(w))?.cause, NO_SUCH_RECEIVER);
  });

  it('only to a child: is refused by others', async () => {
    const target = await hand();
    await target.start();
    const sender = await doing(signalExternal(target, { childWorkflowOnly: true }));
    assert.equal((await signalFailure(sender))?.cause, NO_SUCH_RECEIVER);
    const child = await hand();
    const parent = await doing(startChild(child));
    await parent.step(signalExternal(child, { childWorkflowOnly: true }));
    await parent.event(EventType.EVENT_TYPE_EXTERNAL_WORKFLOW_EXECUTION_SIGNALED);
    await child.event(EventType.EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED);
  });

  const cases: Readonly<Record<string, [Parameters<typeof signalExternal>[1], string]>> = {
    'without a target': [
      { execution: null },
      'BadSignalWorkflowExecutionAttributes: Execution is not set on SignalExternalWorkflowExecutionCommand.',
    ],
    'without an id': [
      { execution: {} },
      'BadSignalWorkflowExecutionAttributes: WorkflowId is not set on SignalExternalWorkflowExecutionCommand. Namespace= RunId= SignalName=ping',
    ],
    'with a wrong run id': [
      { execution: { workflowId: 'w', runId: 'no' } },
      'BadSignalWorkflowExecutionAttributes: Invalid RunId set on SignalExternalWorkflowExecutionCommand. WorkflowId=w Namespace= RunId=no SignalName=ping',
    ],
    'without a name': [
      { execution: { workflowId: 'w' }, signalName: '' },
      'BadSignalWorkflowExecutionAttributes: SignalName is not set on SignalExternalWorkflowExecutionCommand. WorkflowId=w Namespace= RunId=',
    ],
  };
  for (const [name, [attributes, text]] of Object.entries(cases)) {
    it(`${name}: the command is refused`, async () => {
      const w = await hand();
      await w.start();
      await fails(w.complete(await w.workflowTask(), [signalExternal(w, attributes)]), Code.INVALID_ARGUMENT, text);
    });
  }
});

describe('a request to cancel another workflow', { concurrency: true }, () => {
  it('arrives, and the sender hears so', async () => {
    const target = await hand();
    await target.start();
    await target.step();
    const sender = await hand();
    const senderRunId = await sender.start();
    await sender.step(cancelExternal(target, { reason: 'why not', control: 'mine' }));
    await sender.event(EventType.EVENT_TYPE_EXTERNAL_WORKFLOW_EXECUTION_CANCEL_REQUESTED);
    const events = await sender.expectHistory(
      'WorkflowExecutionStarted',
      'WorkflowTaskScheduled',
      'WorkflowTaskStarted',
      'WorkflowTaskCompleted',
      'RequestCancelExternalWorkflowExecutionInitiated',
      'ExternalWorkflowExecutionCancelRequested',
      'WorkflowTaskScheduled',
    );
    const initiated = events[4]?.requestCancelExternalWorkflowExecutionInitiatedEventAttributes;
    assert.equal(initiated?.workflowExecution?.workflowId, target.workflowId);
    assert.equal(initiated.reason, 'why not');
    const arrived = events[5]?.externalWorkflowExecutionCancelRequestedEventAttributes;
    assert.equal(Number(arrived?.initiatedEventId), 5);
    assert.equal(arrived?.namespace, NAMESPACE);
    assert.equal(arrived.workflowExecution?.workflowId, target.workflowId);

    const request = (await target.history())[4]?.workflowExecutionCancelRequestedEventAttributes;
    assert.equal(request?.cause, 'why not');
    assert.equal(request.identity, 'history-service');
    assert.equal(Number(request.externalInitiatedEventId), 5);
    assert.deepEqual({ ...request.externalWorkflowExecution }, { workflowId: sender.workflowId, runId: senderRunId });
  });

  it('of one that has closed, or was asked before, is no failure', async () => {
    const closed = await doing(completeWorkflow());
    const sender = await doing(cancelExternal(closed));
    await sender.event(EventType.EVENT_TYPE_EXTERNAL_WORKFLOW_EXECUTION_CANCEL_REQUESTED);
    const target = await hand();
    await target.start();
    const twice = await doing(cancelExternal(target), cancelExternal(target));
    await twice.event(EventType.EVENT_TYPE_EXTERNAL_WORKFLOW_EXECUTION_CANCEL_REQUESTED);
    const events = await target.history();
    assert.equal(events.filter((event) => event.workflowExecutionCancelRequestedEventAttributes).length, 1);
  });

  it('of one that does not exist, of itself, or of one that is no child, fails', async () => {
    const nobody = await doing(cancelExternal(await hand()));
    assert.equal((await cancelFailure(nobody))?.cause, NO_SUCH_TARGET);
    const w = await hand();
    await w.start();
    await w.step(cancelExternal(w));
    assert.equal((await cancelFailure(w))?.cause, NO_SUCH_TARGET);
    const target = await hand();
    await target.start();
    const sender = await doing(cancelExternal(target, { childWorkflowOnly: true }));
    const failed = await cancelFailure(sender);
    assert.equal(failed?.cause, NO_SUCH_TARGET);
    assert.equal(Number(failed.initiatedEventId), 5);
  });

  it('cancels a child', async () => {
    const child = await hand();
    const parent = await doing(startChild(child));
    await parent.step(cancelExternal(child, { childWorkflowOnly: true }));
    await child.event(EventType.EVENT_TYPE_WORKFLOW_EXECUTION_CANCEL_REQUESTED);
  });

  it('of a child in the task that starts it is refused', async () => {
    const w = await hand();
    await w.start();
    const commands = [startChild(w, { workflowId: 'c' }), cancelExternal(w, { workflowId: 'c' })];
    const text =
      'BadRequestCancelExternalWorkflowExecutionAttributes: Start and RequestCancel for child workflow is not allowed in same workflow task. WorkflowId=c RunId= Namespace=';
    await fails(w.complete(await w.workflowTask(), commands), Code.INVALID_ARGUMENT, text);
  });

  it('without an id, or with a wrong run id, is refused', async () => {
    const cases = [
      [{ workflowId: '' }, 'WorkflowId is not set on RequestCancelExternalWorkflowExecutionCommand. Namespace= RunId='],
      [
        { workflowId: 'w', runId: 'no' },
        'Invalid RunId set on RequestCancelExternalWorkflowExecutionCommand. WorkflowId=w RunId=no Namespace=',
      ],
    ] as const;
    for (const [attributes, text] of cases) {
      const w = await hand();
      await w.start();
      const call = w.complete(await w.workflowTask(), [cancelExternal(w, attributes)]);
      await fails(call, Code.INVALID_ARGUMENT, `BadRequestCancelExternalWorkflowExecutionAttributes: ${text}`);
    }
  });
});

// Updates by hand: what a worker is given, what each of its answers writes, and what the client is told when.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  CommandType,
  completeWorkflow,
  EventType,
  eventNames,
  failWorkflow,
  type Hand,
  hand,
  seconds,
  startTimer,
  WorkflowTaskFailedCause,
} from './hand.ts';
import { eventually } from './harness.ts';
import { Code, fails } from './raw.ts';
import {
  ACCEPTED,
  ADMITTED,
  accept,
  answer,
  COMPLETED,
  inOrder,
  pollUpdate,
  reject,
  requestIn,
  respond,
  told,
  update,
  updateIds,
  updateRequest,
} from './update-hand.ts';

const FIRST_TASK = [
  'WorkflowExecutionStarted',
  'WorkflowTaskScheduled',
  'WorkflowTaskStarted',
  'WorkflowTaskCompleted',
];
const TASK = ['WorkflowTaskScheduled', 'WorkflowTaskStarted', 'WorkflowTaskCompleted'];
const UNPROCESSED =
  "failed: Workflow Update is rejected because it wasn't processed by worker. Probably, Workflow Update is not supported by the worker.";
const CLOSED = 'failed: Workflow Update failed because the Workflow completed before the Update completed.';

/** A workflow that waits for something to happen. */
async function idle(): Promise<Hand> {
  const w = await hand();
  await w.start();
  await w.step();
  return w;
}

async function workflowHas(w: Hand, ...names: string[]) {
  const events = await w.history();
  assert.deepEqual(eventNames(events), [...FIRST_TASK, ...names]);
  return events;
}

describe('an update of an idle workflow', { concurrency: true }, () => {
  it('is accepted and completed by the task that carries it', async () => {
    const w = await idle();
    const asked = update(w, 'u');
    const task = await w.workflowTask();
    const [message] = task.messages;
    assert(message);
    assert.deepEqual([message.id, message.protocolInstanceId, Number(message.eventId)], ['u/request', 'u', 5]);
    assert.equal(requestIn(message).input?.name, 'change');
    assert.deepEqual([Number(task.startedEventId), Number(task.previousStartedEventId), task.attempt], [6, 3, 1]);
    assert.deepEqual(eventNames(task.history?.events ?? []).slice(4), TASK.slice(0, 2));
    await workflowHas(w);
    const { resetHistoryEventId } = await answer(w, task, [accept(task, 'u'), respond(task, 'u')]);
    assert.equal(Number(resetHistoryEventId), 0);
    const { updateRef, outcome, stage } = await asked;
    assert.equal(told({ outcome, stage }), 'completed: out');
    assert.equal(stage, COMPLETED);
    assert.deepEqual([updateRef?.workflowExecution?.workflowId, updateRef?.updateId], [w.workflowId, 'u']);
    const events = await workflowHas(w, ...TASK, 'WorkflowExecutionUpdateAccepted', 'WorkflowExecutionUpdateCompleted');
    const accepted = events[7]?.workflowExecutionUpdateAcceptedEventAttributes;
    assert.equal(Number(accepted?.acceptedRequestSequencingEventId), 5);
    assert.deepEqual([accepted?.protocolInstanceId, accepted?.acceptedRequestMessageId], ['u', 'u/request']);
    assert.equal(accepted?.acceptedRequest?.meta?.updateId, 'u');
    assert.equal(Number(events[8]?.workflowExecutionUpdateCompletedEventAttributes?.acceptedEventId), 8);
  });

  it('that is rejected leaves no events', async () => {
    const w = await idle();
    const asked = update(w, 'u', ACCEPTED);
    const task = await w.workflowTask();
    const { resetHistoryEventId } = await answer(w, task, [reject(task, 'u', 'not now')]);
    assert.equal(Number(resetHistoryEventId), 3);
    assert.equal(told(await asked), 'failed: not now');
    await workflowHas(w);
    // It may be asked for again, and is a new one.
    await fails(pollUpdate(w, 'u'), Code.NOT_FOUND, 'update "u" not found', 'NotFoundFailure');
    const again = update(w, 'u');
    const next = await w.workflowTask();
    await answer(w, next, [accept(next, 'u'), respond(next, 'u')]);
    assert.equal(told(await again), 'completed: out');
  });

  it('is rejected for a worker that says nothing to it', async () => {
    const w = await idle();
    const asked = update(w, 'u');
    await w.step(startTimer('t', 100));
    const told1 = await asked;
    assert.equal(told(told1), UNPROCESSED);
    assert.equal(told1.outcome?.failure?.applicationFailureInfo?.type, 'UnprocessedUpdate');
    await workflowHas(w, ...TASK, 'TimerStarted');
  });

  it('is accepted now and completed later', async () => {
    const w = await idle();
    const accepted = update(w, 'u', ACCEPTED);
    const completed = update(w, 'u');
    const task = await w.workflowTask();
    assert.deepEqual(updateIds(task), ['u']);
    await answer(w, task, [accept(task, 'u')]);
    assert.equal(told(await accepted), 'accepted');
    assert.equal(told(await pollUpdate(w, 'u')), 'accepted');
    const polled = pollUpdate(w, 'u', COMPLETED);
    await w.signal();
    const next = await w.workflowTask();
    assert.deepEqual(updateIds(next), []);
    await answer(w, next, [respond(next, 'u')]);
    assert.equal(told(await completed), 'completed: out');
    assert.equal(told(await polled), 'completed: out');
    assert.equal(told(await pollUpdate(w, 'u')), 'completed: out');
  });

  it('tells a client that waits for acceptance the outcome, if it is there already', async () => {
    const w = await idle();
    const asked = update(w, 'u', ACCEPTED);
    const task = await w.workflowTask();
    await answer(w, task, [accept(task, 'u'), respond(task, 'u')]);
    assert.equal(told(await asked), 'completed: out');
  });

  it('goes with others, each with an answer of its own, in the order of the commands', async () => {
    const w = await idle();
    const first = update(w, 'a', ACCEPTED);
    let task = await w.workflowTask();
    assert.deepEqual(updateIds(task), ['a']);
    const second = update(w, 'b', ACCEPTED, {});
    const third = update(w, 'c');
    // They wait for the task to end: the next one carries them.
    assert.equal(told(await pollUpdateUntilKnown(w, 'c')), 'admitted');
    assert.equal(told(await pollUpdateUntilKnown(w, 'b')), 'admitted');
    const { workflowTask } = await w.complete(task, inOrder(accept(task, 'a')), {
      messages: [accept(task, 'a')],
      returnNewWorkflowTask: true,
      stickyAttributes: { workerTaskQueue: { name: w.taskQueue } },
    });
    assert.equal(told(await first), 'accepted');
    assert(workflowTask);
    task = workflowTask as typeof task;
    assert.deepEqual(updateIds(task).toSorted(), ['b', 'c']);
    const [b, c, a] = [accept(task, 'b'), reject(task, 'c'), respond(task, 'a')];
    await w.complete(task, [...inOrder(b), startTimer('t', 100), ...inOrder(a)], { messages: [a, c, b] });
    assert.equal(told(await second), 'accepted');
    assert.equal(told(await third), 'failed: no');
    const types = ['WorkflowExecutionUpdateAccepted', 'TimerStarted', 'WorkflowExecutionUpdateCompleted'];
    await workflowHas(w, ...TASK, 'WorkflowExecutionUpdateAccepted', ...TASK, ...types);
  });

  it('comes with the first workflow task if there was none', async () => {
    const w = await hand();
    await w.start();
    const asked = update(w, 'u');
    await pollUpdateUntilKnown(w, 'u');
    const task = await w.workflowTask();
    assert.deepEqual([updateIds(task), Number(task.messages[0]?.eventId)], [['u'], 2]);
    await answer(w, task, [accept(task, 'u'), respond(task, 'u')]);
    assert.equal(told(await asked), 'completed: out');
    const types = ['WorkflowExecutionUpdateAccepted', 'WorkflowExecutionUpdateCompleted'];
    const events = await workflowHas(w, ...types);
    const sequencing = events[4]?.workflowExecutionUpdateAcceptedEventAttributes?.acceptedRequestSequencingEventId;
    assert.equal(Number(sequencing), 2);
  });
});

/** A server may have to forget an update first, and be asked again: until then a task comes without it. */
async function taskWithUpdate(w: Hand) {
  for (;;) {
    const task = await w.workflowTask();
    if (task.messages.length > 0) return task;
    await w.complete(task);
  }
}

/** The request is on its way; an event would not tell of it. */
function pollUpdateUntilKnown(w: Hand, updateId: string) {
  const ask = async () => {
    try {
      return await pollUpdate(w, updateId);
    } catch (error) {
      if (!String(error).includes('not found')) throw error;
      return undefined;
    }
  };
  return eventually(`update ${updateId} is known`, ask);
}

describe('the same update id', { concurrency: true }, () => {
  it('is one update, also after it is completed and after the workflow has closed', async () => {
    const w = await idle();
    const asked = [update(w, 'u'), update(w, 'u')];
    const task = await w.workflowTask();
    assert.deepEqual(updateIds(task), ['u']);
    await answer(w, task, [accept(task, 'u'), respond(task, 'u', 'once')]);
    for (const reply of asked) assert.equal(told(await reply), 'completed: once');
    assert.equal(told(await update(w, 'u')), 'completed: once');
    assert.equal(told(await pollUpdate(w, 'u', ACCEPTED)), 'completed: once');
    await w.signal();
    await w.step(completeWorkflow());
    assert.equal(told(await update(w, 'u')), 'completed: once');
    assert.equal(told(await pollUpdate(w, 'u')), 'completed: once');
    await fails(update(w, 'v'), Code.NOT_FOUND, 'workflow execution already completed', 'NotFoundFailure');
    await fails(pollUpdate(w, 'v'), Code.NOT_FOUND, 'update "v" not found', 'NotFoundFailure');
  });

  it('is chosen by the server if the client does not', async () => {
    const w = await idle();
    const asked = update(w, '');
    const task = await w.workflowTask();
    const [id] = updateIds(task);
    assert(id);
    await answer(w, task, [accept(task, id), respond(task, id)]);
    assert.equal((await asked).updateRef?.updateId, id);
  });
});

describe('what an update request must say', { concurrency: true }, () => {
  const cases: [what: string, change: object, code: Code, text: string, ...details: string[]][] = [
    ['the workflow', { workflowExecution: null }, Code.INVALID_ARGUMENT, 'Execution is not set on request.'],
    ['its meta', { request: { input: { name: 'n' } } }, Code.INVALID_ARGUMENT, 'Update meta is not set on request.'],
    ['its input', { request: { meta: {} } }, Code.INVALID_ARGUMENT, 'Update input is not set on request.'],
    ['its name', { request: { meta: {}, input: {} } }, Code.INVALID_ARGUMENT, 'Update name is not set on request.'],
    [
      'a short id',
      { request: { meta: { updateId: 'x'.repeat(1001) }, input: { name: 'n' } } },
      Code.INVALID_ARGUMENT,
      'UpdateId length exceeds limit.',
    ],
    [
      'a stage that it can wait for',
      { waitPolicy: { lifecycleStage: ADMITTED } },
      Code.PERMISSION_DENIED,
      'UpdateWorkflowExecution issued asynchronously and waiting on update admitted is not supported.',
      'PermissionDeniedFailure',
    ],
    [
      'a run of the chain',
      { firstExecutionRunId: '11111111-1111-4111-8111-111111111111' },
      Code.NOT_FOUND,
      'workflow execution not found',
      'NotFoundFailure',
    ],
  ];
  for (const [what, change, code, text, ...details] of cases) {
    it(what, async () => {
      const w = await idle();
      const request = { ...updateRequest(w, 'u'), ...change };
      await fails(w.raw.workflow.updateWorkflowExecution(request), code, text, ...details);
    });
  }

  it('a stage that exists, or it does not wait', async () => {
    const w = await idle();
    assert.equal(told(await update(w, 'u', 99)), 'admitted');
    const task = await w.workflowTask();
    await answer(w, task, [accept(task, 'u'), respond(task, 'u')]);
    assert.equal(told(await pollUpdate(w, 'u', 99)), 'completed: out');
    assert.equal(told(await update(w, 'u', 99)), 'completed: out');
  });

  it('an update that is known, when it is polled', async () => {
    const w = await hand();
    const { raw, namespace } = w;
    const nothing = raw.workflow.pollWorkflowExecutionUpdate({ namespace });
    await fails(nothing, Code.INVALID_ARGUMENT, 'UpdateRef is not set on request.');
    const text = `workflow not found for ID: ${w.workflowId}`;
    await fails(pollUpdate(w, 'u'), Code.NOT_FOUND, text, 'NotFoundFailure');
    await fails(update(w, 'u'), Code.NOT_FOUND, text, 'NotFoundFailure');
  });
});

describe('a speculative task', { concurrency: true }, () => {
  it('becomes an ordinary one when something else happens first', async () => {
    const w = await idle();
    const asked = update(w, 'u');
    await pollUpdateUntilKnown(w, 'u');
    await w.signal();
    await workflowHas(w, 'WorkflowTaskScheduled', 'WorkflowExecutionSignaled');
    const task = await w.workflowTask();
    assert.equal(Number(task.messages[0]?.eventId), 6);
    await answer(w, task, [reject(task, 'u')]);
    assert.equal(told(await asked), 'failed: no');
    await workflowHas(w, 'WorkflowTaskScheduled', 'WorkflowExecutionSignaled', ...TASK.slice(1));
  });

  it('is written when something happened while a worker had it', async () => {
    const w = await idle();
    const asked = update(w, 'u');
    const task = await w.workflowTask();
    await w.signal();
    const { resetHistoryEventId } = await answer(w, task, [reject(task, 'u')]);
    assert.equal(Number(resetHistoryEventId), 0);
    assert.equal(told(await asked), 'failed: no');
    await workflowHas(w, ...TASK, 'WorkflowExecutionSignaled', 'WorkflowTaskScheduled');
  });

  it('becomes an ordinary one when no worker comes for five seconds', async () => {
    const w = await idle();
    const asked = update(w, 'u');
    await w.event(EventType.EVENT_TYPE_WORKFLOW_TASK_TIMED_OUT);
    const task = await w.workflowTask();
    assert.deepEqual([updateIds(task), Number(task.messages[0]?.eventId), task.attempt], [['u'], 7, 1]);
    await answer(w, task, [accept(task, 'u'), respond(task, 'u')]);
    assert.equal(told(await asked), 'completed: out');
  });

  it('that the worker fails is tried again, with its updates', async () => {
    const w = await idle();
    const asked = update(w, 'u');
    await w.failTask(await w.workflowTask());
    await workflowHas(w, ...TASK.slice(0, 2), 'WorkflowTaskFailed');
    const task = await w.workflowTask();
    assert.deepEqual([updateIds(task), task.attempt, Number(task.startedEventId)], [['u'], 2, 9]);
    await answer(w, task, [accept(task, 'u'), respond(task, 'u')]);
    assert.equal(told(await asked), 'completed: out');
  });

  it('that the worker does not answer in time is tried again, with its updates', async () => {
    const w = await hand();
    await w.start({ workflowTaskTimeout: seconds(1) });
    await w.step();
    const asked = update(w, 'u');
    await w.workflowTask();
    const task = await w.workflowTask();
    assert.deepEqual([updateIds(task), task.attempt], [['u'], 2]);
    await workflowHas(w, ...TASK.slice(0, 2), 'WorkflowTaskTimedOut');
    await answer(w, task, [accept(task, 'u'), respond(task, 'u')]);
    assert.equal(told(await asked), 'completed: out');
  });

  it('that only extends its time is written, and its worker goes on with the updates that it has', async () => {
    const w = await idle();
    const asked = update(w, 'u');
    const task = await w.workflowTask();
    const late = update(w, 'late');
    await pollUpdateUntilKnown(w, 'late');
    const extend = { forceCreateNewWorkflowTask: true, returnNewWorkflowTask: true };
    const { workflowTask } = await w.complete(task, [], extend);
    // Not the first one again: the worker has it.
    assert.deepEqual(updateIds(workflowTask as typeof task), ['late']);
    const next = Object.assign(task, workflowTask, { messages: [...task.messages, ...(workflowTask?.messages ?? [])] });
    await answer(w, next, [accept(next, 'u'), respond(next, 'u'), reject(next, 'late')]);
    assert.equal(told(await asked), 'completed: out');
    assert.equal(told(await late), 'failed: no');
    await workflowHas(w, ...TASK, ...TASK, 'WorkflowExecutionUpdateAccepted', 'WorkflowExecutionUpdateCompleted');
  });

  // Temporal 1.30 does not show it yet.
  it('is shown to those who replay, not to those who look', async () => {
    const w = await idle();
    const asked = update(w, 'u');
    const task = await w.workflowTask();
    const metadata = { 'client-name': 'temporal-typescript', 'client-version': '1.24.0' };
    const replayed = await w.raw.as({ metadata }).getWorkflowExecutionHistory(w.execution);
    assert.deepEqual(eventNames(replayed.history?.events ?? []).slice(4), TASK.slice(0, 2));
    await workflowHas(w);
    await answer(w, task, [reject(task, 'u')]);
    await asked;
  });

  it('does not end the start delay of a workflow unless something comes of it', async () => {
    const w = await hand();
    await w.start({ workflowStartDelay: seconds(60) });
    const refused = update(w, 'u');
    let task = await w.workflowTask();
    await answer(w, task, [reject(task, 'u')]);
    assert.equal(told(await refused), 'failed: no');
    assert.deepEqual(eventNames(await w.history()), FIRST_TASK.slice(0, 1));
    const accepted = update(w, 'v');
    task = await w.workflowTask();
    await answer(w, task, [accept(task, 'v'), respond(task, 'v')]);
    assert.equal(told(await accepted), 'completed: out');
    await workflowHas(w, 'WorkflowExecutionUpdateAccepted', 'WorkflowExecutionUpdateCompleted');
  });
});

describe('what a worker may not say', { concurrency: true }, () => {
  const CAUSE = WorkflowTaskFailedCause.WORKFLOW_TASK_FAILED_CAUSE_BAD_UPDATE_WORKFLOW_EXECUTION_MESSAGE;
  const TASK_FAILED = 'Unable to perform workflow execution update due to unexpected workflow task failure.';

  it('fails the task, and with it the updates that it carried', async () => {
    const w = await idle();
    const asked = update(w, 'u');
    const task = await w.workflowTask();
    const other = update(w, 'v');
    await pollUpdateUntilKnown(w, 'v');
    await fails(
      w.complete(task, [], { messages: [respond(task, 'unknown')] }),
      Code.INVALID_ARGUMENT,
      "BadUpdateWorkflowExecutionMessage: update unknown wasn't found on the server. This is most likely a transient error which will be resolved automatically by retries",
    );
    await fails(asked, Code.FAILED_PRECONDITION, TASK_FAILED, 'WorkflowNotReadyFailure');
    const events = await workflowHas(w, ...TASK.slice(0, 2), 'WorkflowTaskFailed');
    assert.equal(events[6]?.workflowTaskFailedEventAttributes?.cause, CAUSE);
    // One that no worker had seen is not harmed.
    const next = await taskWithUpdate(w);
    assert.deepEqual(updateIds(next), ['v']);
    await answer(w, next, [accept(next, 'v'), respond(next, 'v')]);
    assert.equal(told(await other), 'completed: out');
  });

  it('a result before it accepts', async () => {
    const w = await idle();
    void update(w, 'u');
    const task = await w.workflowTask();
    await fails(
      w.complete(task, [], { messages: [respond(task, 'u')] }),
      Code.INVALID_ARGUMENT,
      'BadUpdateWorkflowExecutionMessage: invalid state transition attempted for Update u: received *update.Response message while in state Sent',
    );
  });

  it('an acceptance that does not say of what', async () => {
    const w = await idle();
    void update(w, 'u');
    const task = await w.workflowTask();
    const message = { ...accept(task, 'u'), body: { type_url: 'x/temporal.api.update.v1.Acceptance' } };
    await fails(
      w.complete(task, [], { messages: [message] }),
      Code.INVALID_ARGUMENT,
      'BadUpdateWorkflowExecutionMessage: invalid *update.Acceptance: accepted_request_sequencing_event_id is not set',
    );
  });

  it('a command for a message that it does not send', async () => {
    const w = await idle();
    void update(w, 'u');
    const task = await w.workflowTask();
    await fails(
      w.complete(task, inOrder(accept(task, 'u'))),
      Code.INVALID_ARGUMENT,
      'BadUpdateWorkflowExecutionMessage: ProtocolMessageCommand referenced absent message ID u/Acceptance',
    );
  });

  it('nothing at all, which changes nothing', async () => {
    const w = await idle();
    void update(w, 'u');
    const task = await w.workflowTask();
    const messages = [{ id: 'm', protocolInstanceId: 'u' }];
    await fails(w.complete(task, [], { messages }), Code.INVALID_ARGUMENT, 'nil message body');
  });
});

describe('a workflow whose tasks fail again and again', { concurrency: true }, () => {
  it('takes no updates', async () => {
    const w = await hand();
    await w.start();
    await w.failTask(await w.workflowTask());
    await w.failTask(await w.workflowTask());
    const text = 'Unable to perform workflow execution update due to Workflow Task in failed state.';
    await w.workflowTask();
    await fails(update(w, 'u'), Code.FAILED_PRECONDITION, text, 'WorkflowNotReadyFailure');
  });
});

describe('the end of a workflow', { concurrency: true }, () => {
  it('is the end of updates that it accepted', async () => {
    const w = await idle();
    const accepted = update(w, 'a');
    let task = await w.workflowTask();
    await answer(w, task, [accept(task, 'a')]);
    const both = update(w, 'b');
    task = await w.workflowTask();
    await answer(w, task, [accept(task, 'b')], [completeWorkflow()]);
    assert.equal(told(await accepted), CLOSED);
    const { outcome, stage } = await both;
    assert.equal(outcome?.failure?.applicationFailureInfo?.type, 'AcceptedUpdateCompletedWorkflow');
    assert.equal(stage, COMPLETED);
    assert.equal(told(await update(w, 'a')), CLOSED);
    assert.equal(told(await pollUpdate(w, 'b')), CLOSED);
  });

  it('refuses those that it did not accept', async () => {
    const w = await idle();
    const asked = update(w, 'u');
    const task = await w.workflowTask();
    const late = update(w, 'late');
    await pollUpdateUntilKnown(w, 'late');
    await w.complete(task, [failWorkflow()]);
    const text = 'workflow update was aborted by closing workflow';
    await fails(asked, Code.NOT_FOUND, text, 'NotFoundFailure');
    await fails(late, Code.NOT_FOUND, text, 'NotFoundFailure');
  });

  it('is none if it goes on as another run: that takes those that were not accepted', async () => {
    const w = await idle();
    const accepted = update(w, 'accepted');
    let task = await w.workflowTask();
    await answer(w, task, [accept(task, 'accepted')]);
    const asked = update(w, 'u');
    task = await w.workflowTask();
    const { runId } = (await pollUpdate(w, 'accepted')).updateRef?.workflowExecution ?? {};
    const attributes = { workflowType: { name: 'by-hand' }, taskQueue: {} };
    await w.complete(task, [
      {
        commandType: CommandType.COMMAND_TYPE_CONTINUE_AS_NEW_WORKFLOW_EXECUTION,
        continueAsNewWorkflowExecutionCommandAttributes: attributes,
      },
    ]);
    assert.equal(told(await accepted), CLOSED);
    const next = await taskWithUpdate(w);
    assert.deepEqual(updateIds(next), ['u']);
    await answer(w, next, [accept(next, 'u'), respond(next, 'u')]);
    const { outcome, stage, updateRef } = await asked;
    assert.equal(told({ outcome, stage }), 'completed: out');
    assert.notEqual(updateRef?.workflowExecution?.runId, runId);
  });

  it('by force is no different', async () => {
    const w = await idle();
    const asked = update(w, 'u');
    await w.workflowTask();
    const workflowExecution = { workflowId: w.workflowId };
    await w.raw.workflow.terminateWorkflowExecution({ namespace: w.namespace, workflowExecution });
    await fails(asked, Code.NOT_FOUND, 'workflow update was aborted by closing workflow', 'NotFoundFailure');
    await workflowHas(w, ...TASK.slice(0, 2), 'WorkflowTaskFailed', 'WorkflowExecutionTerminated');
  });

  it('by deletion is no different', async () => {
    const w = await idle();
    const accepted = update(w, 'accepted');
    const task = await w.workflowTask();
    await answer(w, task, [accept(task, 'accepted')]);
    const asked = update(w, 'u');
    await w.workflowTask();
    const workflowExecution = { workflowId: w.workflowId };
    const [closed] = await Promise.all([
      accepted,
      fails(asked, Code.NOT_FOUND, 'workflow update was aborted by closing workflow', 'NotFoundFailure'),
      w.raw.workflow.deleteWorkflowExecution({ namespace: w.namespace, workflowExecution }),
    ]);
    assert.equal(told(closed), CLOSED);
  });

  it('that was put off because of something new is near: what comes now has to wait', async () => {
    const w = await hand();
    await w.start();
    const task = await w.workflowTask();
    await w.signal();
    await fails(w.complete(task, [completeWorkflow()]), Code.INVALID_ARGUMENT, 'UnhandledCommand');
    const last = await w.workflowTask();
    const text = 'workflow operation can not be applied because workflow is closing';
    const refused = update(w, 'u', COMPLETED, { deadlineMs: 2500 });
    await assert.rejects(refused, (error: Error) => error.message.includes(text) || /DEADLINE/.test(error.message));
    const waiting = fails(w.signal('late'), Code.NOT_FOUND, 'workflow execution already completed', 'NotFoundFailure');
    await w.complete(last, [completeWorkflow()]);
    await waiting;
  });
});

it('no more than ten updates are under way at a time', async () => {
  const w = await idle();
  const asked = Array.from({ length: 10 }, (_, i) => update(w, `u${i}`, ACCEPTED));
  for (let i = 0; i < 10; i++) await pollUpdateUntilKnown(w, `u${i}`);
  const task = await w.workflowTask();
  assert.equal(task.messages.length, 10);
  await answer(
    w,
    task,
    updateIds(task).map((id) => accept(task, id)),
  );
  for (const reply of asked) assert.equal(told(await reply), 'accepted');
  const text = 'limit on number of concurrent in-flight updates has been reached (10)';
  await fails(update(w, 'more'), Code.RESOURCE_EXHAUSTED, text, 'ResourceExhaustedFailure');
  await w.signal();
  const next = await w.workflowTask();
  await answer(w, next, [respond(next, 'u0')]);
  const eleventh = update(w, 'more');
  const last = await w.workflowTask();
  assert.deepEqual(updateIds(last), ['more']);
  await answer(w, last, [reject(last, 'more')]);
  assert.equal(told(await eleventh), 'failed: no');
});

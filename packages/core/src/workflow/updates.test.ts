// Updates and the speculative tasks that carry them: what each answer of a worker writes, and when nothing is written.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { WorkflowTaskFailedCause as Cause, EventType, SuggestContinueAsNewReason as Reason } from '@perdure/api/enums';
import { Failure } from '@perdure/api/failure';
import { CheckedRun } from '../../test/checked-run.ts';
import * as c from '../../test/run.ts';
import {
  checkUpdatesTotal,
  isClosing,
  releaseFirstTask,
  scheduleTask,
  terminateRun,
  transientEvents,
} from '../index.ts';

const sticky = { taskQueue: 'sticky-1', scheduleToStartTimeoutMs: 7000 };
const TASK = ['5 WORKFLOW_TASK_SCHEDULED', '6 WORKFLOW_TASK_STARTED', '7 WORKFLOW_TASK_COMPLETED'];

/** A workflow that waits for something to happen: four events. */
function idle(limits = {}): CheckedRun {
  const run = new CheckedRun(limits).start();
  run.step();
  return run;
}

const kinds = (run: c.Run) => run.updateNews.map(({ updateId, kind }) => `${updateId} ${kind}`);

describe('an update of an idle workflow', () => {
  it('that is accepted and completed at once is written with the task that carried it', () => {
    const run = idle();
    run.update('u');
    assert.deepEqual(run.namesFrom(5), []);
    run.poll();
    assert.deepEqual(run.namesFrom(5), []);
    run.complete([], { messages: [c.acceptance('u'), c.response('u')] });
    const events = ['8 WORKFLOW_EXECUTION_UPDATE_ACCEPTED', '9 WORKFLOW_EXECUTION_UPDATE_COMPLETED'];
    assert.deepEqual(run.namesFrom(5), [...TASK, ...events]);
    const accepted = run.event(8).workflowExecutionUpdateAcceptedEventAttributes;
    assert.equal(accepted?.acceptedRequest?.input?.name, 'change');
    assert.equal(accepted?.acceptedRequestMessageId, 'u/request');
    assert.equal(run.event(9).workflowExecutionUpdateCompletedEventAttributes?.acceptedEventId, 8);
    assert.deepEqual(kinds(run), ['u accepted', 'u completed']);
    assert.deepEqual(run.state.updates.get('u'), { acceptedEventId: 8, completedEventId: 9 });
    assert.equal(run.state.openUpdates, 0);
  });

  it('that is rejected leaves nothing in the history', () => {
    const run = idle();
    run.update('u');
    run.poll();
    const { discarded } = run.complete([], { messages: [c.rejection('u', 'not now')] });
    assert.equal(discarded, true);
    assert.deepEqual(run.namesFrom(5), []);
    const [news] = run.updateNews;
    assert.equal(news?.kind === 'rejected' && Failure.decode(news.failure ?? new Uint8Array()).message, 'not now');
    assert.equal(run.state.previousStartedEventId, 3);
    assert.equal(run.state.updates.size, 0);
  });

  it('is rejected for a worker that does not know updates', () => {
    const run = idle();
    run.update('u');
    run.poll();
    run.complete();
    const [news] = run.updateNews;
    assert.equal(news?.kind, 'rejected');
    const failure = Failure.decode((news?.kind === 'rejected' && news.failure) || new Uint8Array());
    assert.equal(failure.applicationFailureInfo?.type, 'UnprocessedUpdate');
  });

  it('shows the worker a task that is not in the history', () => {
    const run = idle();
    run.update('u');
    const task = run.poll();
    assert.equal(transientEvents(run.state, task).length, 2);
    assert.deepEqual([task.scheduledEventId, task.startedEventId, task.attempt], [5, 6, 1]);
  });

  it('may be completed by a later task', () => {
    const run = idle();
    run.update('u');
    run.poll();
    run.complete([], { messages: [c.acceptance('u')] });
    assert.equal(run.state.openUpdates, 1);
    run.signal();
    run.poll();
    run.complete([], { messages: [c.response('u')] });
    assert.equal(run.event().workflowExecutionUpdateCompletedEventAttributes?.acceptedEventId, 8);
    assert.equal(run.state.openUpdates, 0);
  });

  it('takes effect where its command is among the others', () => {
    const run = idle();
    run.update('u');
    run.poll();
    const commands = [c.startTimer('t', 1000), c.protocolMessage('u/Acceptance'), c.startTimer('v', 1000)];
    run.complete(commands, { messages: [c.acceptance('u'), c.rejection('nobody', 'no', c.updateRequest('nobody'))] });
    const types = ['TIMER_STARTED', 'WORKFLOW_EXECUTION_UPDATE_ACCEPTED', 'TIMER_STARTED'];
    assert.deepEqual(
      run.namesFrom(8),
      types.map((type, i) => `${8 + i} ${type}`),
    );
  });
});

describe('a speculative task', () => {
  it('becomes an ordinary one when something happens before a worker has it', () => {
    const run = idle();
    run.update('u');
    run.signal();
    assert.deepEqual(run.namesFrom(5), ['5 WORKFLOW_TASK_SCHEDULED', '6 WORKFLOW_EXECUTION_SIGNALED']);
    assert.equal(run.state.task?.speculative, false);
    run.step();
    assert.equal(run.namesFrom(7).length, 2);
  });

  it('is written when something happened while a worker had it', () => {
    const run = idle();
    run.update('u');
    run.poll();
    run.signal();
    assert.equal(run.complete([], { messages: [c.rejection('u')] }).discarded, false);
    assert.deepEqual(run.namesFrom(5), [...TASK, '8 WORKFLOW_EXECUTION_SIGNALED', '9 WORKFLOW_TASK_SCHEDULED']);
  });

  it('is written when it brings a command, or extends its time', () => {
    const run = idle();
    run.update('u');
    run.poll();
    run.complete([c.startTimer('t', 1000)]);
    assert.deepEqual(run.namesFrom(5), [...TASK, '8 TIMER_STARTED']);
    run.update('v');
    run.poll();
    run.complete([], { forceCreateNewTask: true });
    assert.equal(run.names.length, 12);
    assert.equal(run.admitted.get('v')?.sent, true, 'the worker goes on with it');
  });

  for (const [events, forgetsEvents, discarded] of [
    [0, false, true],
    [1, false, false],
    [10, true, true],
    [11, true, false],
  ] as const) {
    it(`that showed ${events} events is ${discarded ? '' : 'not '}discarded if the worker ${forgetsEvents ? 'forgets' : 'keeps'} them`, () => {
      const run = new CheckedRun().start();
      run.step(Array.from({ length: events }, (_, i) => c.recordMarker(`m${i}`)));
      run.update('u');
      run.poll();
      assert.equal(run.complete([], { messages: [c.rejection('u')], forgetsEvents }).discarded, discarded);
    });
  }

  it('becomes an ordinary one when no worker takes it within five seconds', () => {
    const run = idle();
    run.update('u');
    run.pass(4999);
    assert.deepEqual(run.namesFrom(5), []);
    run.pass(1);
    const types = ['WORKFLOW_TASK_SCHEDULED', 'WORKFLOW_TASK_TIMED_OUT', 'WORKFLOW_TASK_SCHEDULED'];
    assert.deepEqual(
      run.namesFrom(5),
      types.map((type, i) => `${5 + i} ${type}`),
    );
    assert.equal(run.state.task?.attempt, 1);
  });

  it('waits for the worker of a sticky queue as long as that asks', () => {
    const run = new CheckedRun().start();
    run.step([], { sticky });
    run.update('u');
    assert.equal(run.state.task?.taskQueue, 'sticky-1');
    run.pass(6999);
    assert.deepEqual(run.namesFrom(5), []);
    run.pass(1);
    assert.equal(run.event(5).workflowTaskScheduledEventAttributes?.taskQueue?.name, 'sticky-1');
    assert.equal(run.event(7).workflowTaskScheduledEventAttributes?.taskQueue?.name, 'orders');
  });

  it('is written when the worker takes too long, or answers that it failed', () => {
    const run = idle();
    run.update('u');
    run.poll();
    run.pass(10_000);
    assert.deepEqual(run.namesFrom(5), [...TASK.slice(0, 2), '7 WORKFLOW_TASK_TIMED_OUT']);
    assert.equal(run.state.task?.attempt, 2);
    const other = idle();
    other.update('u');
    other.poll();
    other.failTask(Cause.WORKFLOW_WORKER_UNHANDLED_FAILURE);
    assert.deepEqual(other.namesFrom(5), [...TASK.slice(0, 2), '7 WORKFLOW_TASK_FAILED']);
  });

  it('does not outlive its run', () => {
    const termination = { reason: 'r', details: undefined, identity: 'i', links: [] };
    const run = idle();
    run.update('u');
    run.transition((tx) => terminateRun(tx, termination));
    assert.deepEqual(run.namesFrom(5), ['5 WORKFLOW_EXECUTION_TERMINATED']);
    const other = idle();
    other.update('u');
    other.poll();
    other.transition((tx) => terminateRun(tx, termination));
    const types = ['7 WORKFLOW_TASK_FAILED', '8 WORKFLOW_EXECUTION_TERMINATED'];
    assert.deepEqual(other.namesFrom(5), [...TASK.slice(0, 2), ...types]);
  });

  it('that follows a discarded one is told apart from it', () => {
    const run = idle();
    run.update('u');
    const first = run.poll();
    run.complete();
    run.update('v');
    const second = run.poll();
    assert.equal(second.startedEventId, first.startedEventId);
    assert(second.startedMs > first.startedMs);
  });

  it('does not end the back-off of the first task if nothing comes of it', () => {
    const run = new CheckedRun().start({ firstTaskBackoffMs: 30_000 });
    run.update('u');
    run.poll();
    assert.equal(run.complete([], { messages: [c.rejection('u')] }).discarded, true);
    assert.deepEqual(run.names, ['1 WORKFLOW_EXECUTION_STARTED']);
    run.pass(30_000);
    assert.deepEqual(run.namesFrom(2), ['2 WORKFLOW_TASK_SCHEDULED']);
  });

  it('stays if the back-off ends meanwhile: no other task would begin the workflow', () => {
    const run = new CheckedRun().start({ firstTaskBackoffMs: 30_000 });
    run.update('u');
    run.poll();
    run.transition(releaseFirstTask);
    assert.equal(run.complete([], { messages: [c.rejection('u')] }).discarded, false);
    assert.equal(run.names.length, 4);
    const other = new CheckedRun().start({ firstTaskBackoffMs: 30_000 });
    other.update('u');
    other.transition(releaseFirstTask);
    assert.deepEqual(other.namesFrom(2), ['2 WORKFLOW_TASK_SCHEDULED']);
  });

  it('follows for an update that came while a worker was busy', () => {
    const run = idle();
    run.update('u');
    run.poll();
    run.update('v');
    const { newTask } = run.complete([], { messages: [c.acceptance('u')], returnNewTask: true });
    assert.deepEqual([newTask?.speculative, newTask?.scheduledEventId], [true, 9]);
    const other = idle();
    other.signal();
    other.poll();
    other.update('v');
    other.complete();
    assert.equal(
      other.state.task?.speculative,
      false,
      'a worker that wants no task in the answer gets an ordinary one',
    );
  });
});

describe('an update taken over by a reset', () => {
  function takenOver(): CheckedRun {
    const run = idle();
    run.transition((tx) => {
      tx.add(EventType.WORKFLOW_EXECUTION_UPDATE_ADMITTED, {
        workflowExecutionUpdateAdmittedEventAttributes: { request: c.updateRequest('u') },
      });
      scheduleTask(tx);
    });
    run.poll();
    return run;
  }

  it('is accepted without its request, which the history has already', () => {
    const run = takenOver();
    run.complete([], { messages: [c.acceptance('u'), c.response('u')] });
    assert.equal(run.event(9).workflowExecutionUpdateAcceptedEventAttributes?.acceptedRequest, undefined);
    assert.equal(run.state.updates.get('u')?.completedEventId, 10);
  });

  it('may be rejected, and then asked for again', () => {
    const run = takenOver();
    run.complete([], { messages: [c.rejection('u')] });
    assert.deepEqual(kinds(run), ['u rejected']);
    assert.equal(run.state.updates.has('u'), false);
    const unprocessed = takenOver();
    unprocessed.complete();
    assert.deepEqual(kinds(unprocessed), ['u rejected']);
  });
});

describe('what a worker may not say', () => {
  const refused: readonly [what: string, messages: Parameters<CheckedRun['complete']>[1], text: RegExp][] = [
    ['an answer to an unknown update', { messages: [c.response('x')] }, /update x wasn't found on the server/],
    [
      'an answer before it accepts',
      { messages: [c.response('u')] },
      /received \*update.Response message while in state Sent/,
    ],
    [
      'two acceptances',
      { messages: [c.acceptance('u'), { ...c.acceptance('u'), id: 'again' }] },
      /received \*update.Acceptance message while in state Accepted/,
    ],
    [
      'a rejection of what is done',
      { messages: [c.acceptance('u'), c.response('u'), c.rejection('u')] },
      /received \*update.Rejection message while in state Completed/,
    ],
    ['a large message', { messages: [c.rejection('u', 'x'.repeat(201))] }, /exceeds size limit/],
  ];
  for (const [what, options, text] of refused) {
    it(what, () => {
      const run = idle({ blobSizeMax: 200 });
      run.update('u');
      run.poll();
      const { error, failedCause } = run.complete([], options);
      assert.match(error?.message ?? '', text);
      assert.equal(failedCause, Cause.BAD_UPDATE_WORKFLOW_EXECUTION_MESSAGE);
      assert.equal(run.event(7).workflowTaskFailedEventAttributes?.cause, failedCause);
      assert.deepEqual(kinds(run), ['u failed'], 'the client does not wait for the same failure again');
    });
  }

  it('a command for a message that is not there', () => {
    const run = idle();
    run.update('u');
    run.poll();
    const { error } = run.complete([c.protocolMessage('nothing')]);
    assert.match(error?.message ?? '', /ProtocolMessageCommand referenced absent message ID nothing/);
  });

  it('a message without a body, which changes nothing', () => {
    const run = idle();
    run.update('u');
    run.poll();
    assert.throws(() => run.complete([], { messages: [{ ...c.response('u'), body: undefined }] }), /nil message body/);
    assert.equal(run.state.task?.speculative, true);
  });
});

describe('what a crash forgets', () => {
  it('is brought back by the worker, which repeats the request', () => {
    const run = idle();
    run.signal();
    run.poll();
    run.complete([], { messages: [c.acceptance('u', c.updateRequest('u')), c.response('u')] });
    const accepted = run.event(9).workflowExecutionUpdateAcceptedEventAttributes;
    assert.equal(accepted?.acceptedRequest?.meta?.updateId, 'u');
    assert.equal(run.state.updates.get('u')?.completedEventId, 10);
  });

  it('counts like any other', () => {
    const run = idle({ updatesMax: 1 });
    run.signal();
    run.poll();
    const messages = ['u', 'v'].map((id) => c.acceptance(id, c.updateRequest(id)));
    assert.throws(() => run.complete([], { messages }), /limit on the total number of distinct updates/);
    run.complete([], { messages: messages.slice(0, 1) });
    assert.equal(run.state.updates.size, 1);
  });

  it('leaves a task without updates, which comes to nothing', () => {
    const run = idle();
    run.update('u');
    run.admitted.clear();
    run.reload();
    run.poll();
    assert.equal(run.complete().discarded, true);
    assert.deepEqual(run.namesFrom(5), []);
  });
});

describe('the end of a workflow', () => {
  it('comes before what its last task says to updates', () => {
    const run = idle();
    run.update('u');
    run.update('v');
    run.poll();
    run.complete([c.completeRun()], { messages: [c.acceptance('u'), c.rejection('v')] });
    assert.deepEqual(run.namesFrom(8), ['8 WORKFLOW_EXECUTION_COMPLETED']);
    assert.deepEqual(kinds(run), ['v rejected']);
  });

  it('is near when it was refused once because of something new', () => {
    const run = idle();
    run.signal();
    run.poll();
    run.signal();
    run.complete([c.completeRun()]);
    assert.equal(isClosing(run.state), false);
    run.poll();
    assert.equal(isClosing(run.state), true);
    run.complete([c.completeRun()]);
    assert.equal(isClosing(run.state), false);
  });
});

describe('many updates', () => {
  const LIMITS = { updatesMax: 10 };

  function done(run: CheckedRun, count: number): void {
    for (let i = 0; i < count; i++) {
      run.update(`u${i}`);
      run.poll();
      run.complete([], { messages: [c.acceptance(`u${i}`), c.response(`u${i}`)] });
    }
  }

  it('are reason to continue as new, at nine tenths of the limit', () => {
    const run = idle(LIMITS);
    done(run, 8);
    run.signal();
    assert.deepEqual(run.poll().suggestContinueAsNewReasons, []);
    run.complete();
    run.update('u8');
    assert.deepEqual(run.poll().suggestContinueAsNewReasons, [Reason.TOO_MANY_UPDATES], 'the one under way counts');
    run.complete([], { messages: [c.acceptance('u8')] });
    const started = run.history.findLast(
      (e) => e.workflowTaskStartedEventAttributes,
    )?.workflowTaskStartedEventAttributes;
    assert.equal(started?.suggestContinueAsNew, true);
    assert.deepEqual(started?.suggestContinueAsNewReasons, [Reason.TOO_MANY_UPDATES]);
  });

  it('are refused from the limit on', () => {
    const run = idle(LIMITS);
    checkUpdatesTotal(9, run.limits);
    assert.throws(() => checkUpdatesTotal(10, run.limits), /limit on the total number of distinct updates .*\(10\)/);
    checkUpdatesTotal(100, { ...run.limits, updatesMax: 0 });
  });
});

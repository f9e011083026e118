// Children and other workflows: what a parent records, what a closing run leaves to be told, what a receiver does with
// a message, once and again.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { StatusError } from '@perdure/api';
import {
  CancelExternalWorkflowExecutionFailedCause as CancelFailed,
  WorkflowTaskFailedCause as Cause,
  ParentClosePolicy as Policy,
  SignalExternalWorkflowExecutionFailedCause as SignalFailed,
} from '@perdure/api/enums';
import { CheckedRun } from '../../test/checked-run.ts';
import * as m from '../../test/messages.ts';
import * as c from '../../test/run.ts';
import {
  adoptChild,
  type CancelMessage,
  type Child,
  hasChild,
  type Limits,
  type Message,
  type ParentClosedMessage,
  receiveCancel,
  receiveParentClosed,
  receiveSignal,
  type SignalMessage,
  terminateRun,
} from '../index.ts';

const PARENT = {
  namespaceId: 'namespace-1',
  namespace: 'shop',
  workflowId: 'parent-1',
  runId: 'parent-run',
  initiatedEventId: 5,
};
const SENDER = { workflowId: PARENT.workflowId, runId: PARENT.runId };
const ROOT = { workflowId: 'top', runId: 'top-run' };

function begun(limits: Partial<Limits> = {}): CheckedRun {
  return new CheckedRun(limits).start();
}

function onlyMessage(run: c.Run): Message {
  const [message, ...others] = m.outbox(run);
  assert.ok(message);
  assert.equal(others.length, 0);
  return message;
}

function onlyChild(run: c.Run): Child {
  const [child] = run.state.children.values();
  assert.ok(child);
  return child;
}

/** A parent whose child runs. */
function family(more: Parameters<typeof m.startChild>[1] = {}): CheckedRun {
  const run = begun();
  run.step([m.startChild('child-1', more)]);
  m.answer(run, onlyMessage(run));
  return run;
}

function terminate(run: c.Run): void {
  run.transition((tx) => terminateRun(tx, { reason: 'r', details: undefined, identity: 'i', links: [] }));
}

describe('a child', () => {
  it('begins with what its parent says, and has the rest of its parent', () => {
    const run = new CheckedRun().start({
      parent: PARENT,
      root: ROOT,
      priority: { priorityKey: 2, fairnessKey: 'k', fairnessWeight: 0 },
    });
    run.step([
      m.startChild('child-1', { workflowRunTimeout: 7000, priority: { priorityKey: 1 }, cronSchedule: '@every 5s' }),
    ]);
    m.answer(run, onlyMessage(run));
    const [birth] = run.births;
    assert.equal(birth?.workflowId, 'child-1');
    assert.equal(birth.namespaceId, run.state.namespaceId);
    const { start } = birth;
    assert.equal(start.requestId, 'run-1:5');
    assert.equal(start.taskQueue, 'orders');
    assert.equal(start.runTimeoutMs, 7000);
    assert.equal(start.workflowTaskTimeoutMs, 7000);
    assert.equal(start.cronSchedule, '@every 5s');
    assert.deepEqual(start.priority, { priorityKey: 1, fairnessKey: 'k', fairnessWeight: 0 });
    assert.deepEqual(start.root, ROOT);
    assert.deepEqual(start.parent, {
      ...{ namespaceId: 'namespace-1', namespace: 'shop', workflowId: 'workflow-1', runId: 'run-1' },
      initiatedEventId: 5,
    });
  });

  it('keeps its parent and its root in the runs that follow', () => {
    const run = new CheckedRun().start({ parent: PARENT, root: ROOT });
    run.step([c.continueAsNew()]);
    assert.deepEqual(run.successor?.start.parent, PARENT);
    assert.deepEqual(run.successor?.start.root, ROOT);
  });

  it('that was started before is adopted: nothing begins', () => {
    const run = begun();
    run.step([m.startChild('child-1')]);
    run.transition((tx) => adoptChild(tx, 5, 'there-already'));
    assert.equal(run.births.length, 0);
    assert.equal(onlyChild(run).startedRunId, 'there-already');
    run.transition((tx) => adoptChild(tx, 5, 'again'));
    assert.equal(onlyChild(run).startedRunId, 'there-already');
  });

  it('that closes before the parent knows of its start is recorded as started first', () => {
    const run = begun();
    run.step([m.startChild('child-1')]);
    assert.equal(m.closeChild(run, onlyChild(run), m.CLOSINGS[0] ?? {}), true);
    assert.deepEqual(run.namesFrom(6), [
      '6 CHILD_WORKFLOW_EXECUTION_STARTED',
      '7 WORKFLOW_TASK_SCHEDULED',
      '8 CHILD_WORKFLOW_EXECUTION_COMPLETED',
    ]);
    assert.equal(run.state.outbox.size, 0);
  });

  it('is known by its first run, once it has begun', () => {
    const run = begun();
    run.step([m.startChild('child-1')]);
    const { initiatedEventId, workflowId } = onlyChild(run);
    const closed = (firstRunId: string) => ({
      ...{ kind: 'childClosed' as const, key: 0, namespaceId: '', workflowId: '', runId: '', event: {} },
      ...{ initiatedEventId, child: { workflowId, runId: 'last', firstRunId } },
    });
    const itsRunId = m.childRunId(initiatedEventId);
    assert(!hasChild(run.state, closed(itsRunId)));
    m.answer(run, onlyMessage(run));
    assert(hasChild(run.state, closed(itsRunId)));
    assert(!hasChild(run.state, closed('another')));
  });

  it('closes once: a second report, or one of another run, changes nothing', () => {
    const run = family();
    const child = onlyChild(run);
    assert.equal(m.closeChild(run, { ...child, workflowId: 'other' }, {}), false);
    assert.equal(m.closeChild(run, { ...child, initiatedEventId: 99 }, {}), false);
    const before = run.state.nextEventId;
    assert.equal(m.closeChild(run, child, {}), true);
    assert.equal(run.event(before).childWorkflowExecutionTerminatedEventAttributes?.startedEventId, 6);
    assert.equal(m.closeChild(run, child, {}), false);
    assert.equal(run.state.nextEventId, before + 1);
  });

  it('begins and closes while a worker has the task: the ids are right when both come to rest', () => {
    const run = begun();
    run.step([m.startChild('child-1')], { forceCreateNewTask: true, returnNewTask: true });
    m.answer(run, onlyMessage(run));
    m.closeChild(run, onlyChild(run), m.CLOSINGS[1] ?? {});
    run.signal();
    run.complete();
    assert.deepEqual(run.namesFrom(9), [
      '9 CHILD_WORKFLOW_EXECUTION_STARTED',
      '10 WORKFLOW_EXECUTION_SIGNALED',
      '11 CHILD_WORKFLOW_EXECUTION_FAILED',
      '12 WORKFLOW_TASK_SCHEDULED',
    ]);
    assert.equal(run.event(11).childWorkflowExecutionFailedEventAttributes?.startedEventId, 9);
  });

  it('whose start came to rest from the buffer closes with the right id later', () => {
    const run = begun();
    run.step([m.startChild('child-1')], { forceCreateNewTask: true, returnNewTask: true });
    m.answer(run, onlyMessage(run));
    run.complete();
    run.reload();
    m.closeChild(run, onlyChild(run), {});
    assert.equal(run.event().childWorkflowExecutionTerminatedEventAttributes?.startedEventId, 9);
  });
});

describe('what a closing run leaves', () => {
  const closings: Readonly<Record<string, (run: CheckedRun) => void>> = {
    completes: (run) => void run.step([c.completeRun()]),
    fails: (run) => void run.step([c.failRun(new Uint8Array(0))]),
    'continues as new': (run) => void run.step([c.continueAsNew()]),
    'is cancelled': (run) => void run.step([c.cancelRun()]),
    'is terminated': terminate,
    'times out': (run) => run.pass(60_000),
    'is tried again': (run) => void run.step([c.failRun(new Uint8Array(0))]),
  };
  const retryPolicy = {
    ...{ initialIntervalMs: 1000, backoffCoefficient: 1, maximumIntervalMs: 1000, maximumAttempts: 0 },
    nonRetryableErrorTypes: [],
  };
  for (const [name, close] of Object.entries(closings)) {
    it(`when it ${name}: its policy for each child that runs, and nothing for others`, () => {
      const again = name === 'is tried again' ? { retryPolicy } : {};
      const run = new CheckedRun().start({ runTimeoutMs: 50_000, ...again });
      const policies = [Policy.TERMINATE, Policy.ABANDON, Policy.REQUEST_CANCEL, Policy.UNSPECIFIED, Policy.TERMINATE];
      run.step([
        ...policies.map((parentClosePolicy, i) => m.startChild(`child-${i}`, { parentClosePolicy })),
        m.signalExternal('other'),
        m.cancelExternal('other'),
      ]);
      const starts = m.outbox(run).filter(({ kind }) => kind === 'startChild');
      for (const message of starts.slice(0, 4)) m.answer(run, message);
      close(run);
      const farewells = m.outbox(run) as ParentClosedMessage[];
      assert.deepEqual(
        farewells.map(({ kind, workflowId, policy, firstRunId, key }) => [kind, workflowId, policy, firstRunId, key]),
        [
          ['parentClosed', 'child-0', Policy.TERMINATE, m.childRunId(5), 5],
          ['parentClosed', 'child-2', Policy.REQUEST_CANCEL, m.childRunId(7), 7],
          ['parentClosed', 'child-3', Policy.TERMINATE, m.childRunId(8), 8],
        ],
      );
      run.reload();
      for (const message of farewells) m.answer(run, message);
      assert.equal(run.state.outbox.size, 0);
      const rows = run.rows.length;
      for (const message of farewells) m.answer(run, message);
      assert.equal(run.rows.length, rows, 'what has arrived is not noted again');
    });

    it(`when it ${name}: ${name === 'continues as new' || name === 'is tried again' ? 'no' : 'a'} report to its parent`, () => {
      const again = name === 'is tried again' ? { retryPolicy } : {};
      const run = new CheckedRun().start({ runTimeoutMs: 50_000, parent: PARENT, root: ROOT, ...again });
      close(run);
      if (run.successor !== undefined) {
        assert.equal(run.state.outbox.size, 0);
        return;
      }
      const report = onlyMessage(run);
      assert.equal(report.kind, 'childClosed');
      assert.equal(report.workflowId, PARENT.workflowId);
      assert.equal(report.initiatedEventId, 5);
      assert.deepEqual(report.child, { workflowId: 'workflow-1', runId: 'run-1', firstRunId: 'run-1' });
    });
  }

  it('of what it had not been answered is nothing, and an answer that comes late is none', () => {
    const run = begun();
    run.step([m.startChild('child-1'), m.signalExternal('other'), m.cancelExternal('other')]);
    const asked = m.outbox(run);
    terminate(run);
    const rows = run.rows.length;
    for (const message of asked) m.answer(run, message);
    assert.equal(run.rows.length, rows);
    assert.equal(run.births.length, 0);
  });
});

describe('a message that comes twice', () => {
  const signal: SignalMessage = {
    kind: 'signal',
    key: 7,
    namespaceId: 'namespace-1',
    workflowId: 'workflow-1',
    runId: '',
    childWorkflowOnly: true,
    signalName: 'go',
    input: undefined,
    header: undefined,
    control: '',
  };
  const cancel: CancelMessage = {
    kind: 'cancel',
    key: 8,
    namespaceId: 'namespace-1',
    workflowId: 'workflow-1',
    runId: '',
    childWorkflowOnly: true,
    reason: 'why',
  };
  const closed: ParentClosedMessage = {
    kind: 'parentClosed',
    key: 5,
    namespaceId: 'namespace-1',
    workflowId: 'workflow-1',
    firstRunId: 'run-1',
    policy: Policy.TERMINATE,
  };
  const child = () => new CheckedRun().start({ parent: PARENT, root: ROOT });

  it('is one signal', () => {
    const run = child();
    const receive = () => run.transition((tx) => receiveSignal(tx, signal, SENDER));
    assert.equal(receive(), 0);
    assert.equal(receive(), 0);
    run.reload();
    assert.equal(receive(), 0);
    assert.equal(run.state.signalCount, 1);
    const a = run.event().workflowExecutionSignaledEventAttributes;
    assert.equal(a?.requestId, 'parent-run:7');
    assert.deepEqual({ ...a.externalWorkflowExecution }, SENDER);
  });

  it('is one cancel request', () => {
    const run = child();
    const receive = () => run.transition((tx) => receiveCancel(tx, cancel, SENDER));
    assert.equal(receive(), 0);
    const events = run.state.nextEventId;
    assert.equal(receive(), 0);
    assert.equal(run.state.nextEventId, events);
    assert.equal(run.event().workflowExecutionCancelRequestedEventAttributes?.externalInitiatedEventId, 8);
  });

  it('ends a child once, and nobody else’s', () => {
    const stranger = begun();
    stranger.transition((tx) => receiveParentClosed(tx, closed, SENDER));
    assert.equal(stranger.state.status, 1);
    const run = child();
    run.transition((tx) => receiveParentClosed(tx, { ...closed, firstRunId: 'run-0' }, SENDER));
    assert.equal(run.state.status, 1);
    run.transition((tx) => receiveParentClosed(tx, closed, SENDER));
    assert.equal(run.event().workflowExecutionTerminatedEventAttributes?.reason, 'by parent close policy');
    const rows = run.rows.length;
    run.transition((tx) => receiveParentClosed(tx, closed, SENDER));
    assert.equal(run.rows.length, rows);
  });

  it('that is for a child only is refused by others; a signal also by a run that has closed', () => {
    const stranger = begun();
    const notFound = SignalFailed.EXTERNAL_WORKFLOW_EXECUTION_NOT_FOUND;
    assert.equal(
      stranger.transition((tx) => receiveSignal(tx, signal, SENDER)),
      notFound,
    );
    assert.equal(
      stranger.transition((tx) => receiveCancel(tx, cancel, SENDER)),
      CancelFailed.EXTERNAL_WORKFLOW_EXECUTION_NOT_FOUND,
    );
    terminate(stranger);
    assert.equal(
      stranger.transition((tx) => receiveSignal(tx, { ...signal, childWorkflowOnly: false }, SENDER)),
      notFound,
    );
    assert.equal(
      stranger.transition((tx) => receiveCancel(tx, cancel, SENDER)),
      0,
    );
  });

  it('finds the number of signals exhausted', () => {
    const run = new CheckedRun({ signalsMax: 1 }).start({ parent: PARENT, root: ROOT });
    assert.equal(
      run.transition((tx) => receiveSignal(tx, signal, SENDER)),
      0,
    );
    const next = { ...signal, key: 9 };
    assert.equal(
      run.transition((tx) => receiveSignal(tx, next, SENDER)),
      SignalFailed.SIGNAL_COUNT_LIMIT_EXCEEDED,
    );
  });
});

describe('limits', () => {
  const cases = [
    [
      'pendingChildrenMax',
      m.startChild,
      'the number of pending child workflow executions, 2,',
      Cause.PENDING_CHILD_WORKFLOWS_LIMIT_EXCEEDED,
    ],
    [
      'pendingSignalsMax',
      m.signalExternal,
      'the number of pending signals to external workflows, 2,',
      Cause.PENDING_SIGNALS_LIMIT_EXCEEDED,
    ],
    [
      'pendingCancelsMax',
      m.cancelExternal,
      'the number of pending requests to cancel external workflows, 2,',
      Cause.PENDING_REQUEST_CANCEL_LIMIT_EXCEEDED,
    ],
  ] as const;
  for (const [limit, command, text, cause] of cases) {
    it(`${limit}: as many as it says, and not one more`, () => {
      const run = begun({ [limit]: 2 });
      assert.equal(run.step([command('a'), command('b')], { forceCreateNewTask: true }).error, undefined);
      const refused = run.step([command('c')]);
      assert.equal(refused.failedCause, cause);
      assert.ok(
        refused.error?.message.includes(`${text} has reached the per-workflow limit of 2`),
        refused.error?.message,
      );
      const [first] = m.outbox(run);
      assert.ok(first);
      m.answer(run, first, 1);
      assert.equal(run.step([command('c')]).error, undefined);
      const unlimited = begun({ [limit]: 0 });
      assert.equal(unlimited.step([command('a'), command('b'), command('c')]).error, undefined);
    });
  }

  it('another namespace is allowed only if commands may go there', () => {
    const refused = begun().step([m.startChild('child-1', { namespace: 'bank' })]);
    assert.ok(refused.error?.message.includes('cross namespace commands are not allowed'));
    const run = begun({ crossNamespaceCommands: true });
    run.step([m.startChild('child-1', { namespace: 'bank' }), m.signalExternal('other', { namespace: 'bank' })]);
    assert.deepEqual(
      m.outbox(run).map(({ namespaceId }) => namespaceId),
      ['namespace-2', 'namespace-2'],
    );
    const [start] = m.outbox(run);
    assert.ok(start);
    m.answer(run, start);
    assert.equal(run.births[0]?.namespaceId, 'namespace-2');
    assert.equal(run.births[0].start.parent?.namespace, 'shop');
    assert.throws(
      () => run.step([m.startChild('child-2', { namespace: 'nowhere' })]),
      (error) => error instanceof StatusError && error.message === 'Namespace nowhere is not found.',
    );
  });

  it('inputs that are too large end the parent', () => {
    for (const command of [m.startChild, m.signalExternal]) {
      const run = begun({ blobSizeMax: 10 });
      run.step([command('a', { input: new Uint8Array(10) })], { forceCreateNewTask: true });
      assert.equal(run.state.status, 1);
      run.step([command('b', { input: new Uint8Array(11) })]);
      assert.ok(run.event().workflowExecutionTerminatedEventAttributes?.reason.includes('Input exceeds size limit.'));
    }
  });
});

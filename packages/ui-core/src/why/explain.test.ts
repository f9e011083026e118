import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { activity, event, started, time, workflowTask } from '../../test/events.ts';
import type { PendingActivity, WorkflowDescription } from '../groups/description.ts';
import type { Failure, HistoryEvent } from '../history/event.ts';
import type { Cause } from './cause.ts';
import { explain, type TaskQueuePollers } from './explain.ts';
import { explanationLines } from './lines.ts';

const NOW_MS = 100_000;
const DECLINED: Failure = { message: 'no funds', applicationFailureInfo: { type: 'Declined' } };

function why(
  history: readonly HistoryEvent[],
  more: WorkflowDescription = {},
  pollers: readonly TaskQueuePollers[] = [],
) {
  const info = { execution: { workflowId: 'order-7', runId: 'r1' }, type: { name: 'order' }, taskQueue: 'orders' };
  const description = { ...more, workflowExecutionInfo: { ...info, ...more.workflowExecutionInfo } };
  const explanation = explain({ description, history, nowMs: NOW_MS, pollers });
  const [title, ...lines] = explanationLines(explanation);
  return { ...explanation, title, lines };
}

describe('an open run', () => {
  const [scheduled] = activity(5, 'charge');
  assert.ok(scheduled);
  const begun = [started(), ...workflowTask(2), scheduled];
  const waits = (pending: PendingActivity) =>
    why(begun, { pendingActivities: [{ activityId: '5', ...pending }] }).lines;

  it('waits for a signal when nothing is pending', () => {
    const { title, lines, causes } = why([started(), ...workflowTask(2)]);
    assert.equal(title, 'order order-7 is running and waits for:');
    assert.deepEqual(lines, ['  a signal or an update; nothing else is pending']);
    assert.deepEqual(causes, [{ kind: 'message', causes: [] }]);
  });

  it('waits for an activity, whatever that does', () => {
    assert.deepEqual(
      waits({ state: 'PENDING_ACTIVITY_STATE_STARTED', lastStartedTime: time(40_000), lastWorkerIdentity: 'w1' }),
      ['  activity charge, running, for 1m, on w1'],
    );
    const failing = { attempt: 4, maximumAttempts: 10, lastFailure: { message: 'outer', cause: DECLINED } };
    assert.deepEqual(
      waits({ ...failing, state: 'PENDING_ACTIVITY_STATE_SCHEDULED', nextAttemptScheduleTime: time(112_000) }),
      ['  activity charge, attempt 4 of 10, next attempt in 12 seconds; last failure: Declined: no funds'],
    );
    assert.deepEqual(waits({ state: 'PENDING_ACTIVITY_STATE_PAUSED' }), ['  activity charge, paused']);
  });

  it('waits for a worker, of which there may be none', () => {
    const queued = event(5, 'ACTIVITY_TASK_SCHEDULED', {
      activityId: '5',
      activityType: { name: 'charge' },
      taskQueue: { name: 'pay' },
    });
    const pollers = (count: number): TaskQueuePollers[] => [{ taskQueue: 'pay', taskQueueKind: 'activity', count }];
    const text = '  activity charge, not taken by a worker of pay, for 1m 35s';
    assert.deepEqual(why([started(), queued], {}, pollers(0)).lines, [
      text,
      '    no activity worker polls the task queue pay',
    ]);
    assert.deepEqual(why([started(), queued], {}, pollers(1)).lines, [text]);
    assert.deepEqual(why([started(), queued]).lines, [text]);
  });

  it('waits for a workflow worker', () => {
    const task = { attempt: 1, scheduledTime: time(99_000) };
    const pollers: TaskQueuePollers[] = [{ taskQueue: 'orders', taskQueueKind: 'workflow', count: 0 }];
    assert.deepEqual(why([started()], { pendingWorkflowTask: task }, pollers).lines, [
      '  a workflow worker of orders, for 1s',
      '    no workflow worker polls the task queue orders',
    ]);
    const taken = { ...task, startedTime: time(99_500) };
    assert.deepEqual(why([started()], { pendingWorkflowTask: taken }, pollers).lines, [
      '  a workflow worker, which has its task, for 500ms',
    ]);
  });

  it('waits in vain when its workflow task keeps failing', () => {
    const failed = [
      started(),
      event(2, 'WORKFLOW_TASK_SCHEDULED'),
      event(3, 'WORKFLOW_TASK_STARTED', { scheduledEventId: '2' }),
      event(4, 'WORKFLOW_TASK_FAILED', {
        scheduledEventId: '2',
        cause: 'WORKFLOW_TASK_FAILED_CAUSE_NON_DETERMINISTIC_ERROR',
        failure: { message: 'no such timer' },
      }),
    ];
    const pendingWorkflowTask = { attempt: 7, originalScheduledTime: time(40_000), scheduledTime: time(99_000) };
    assert.deepEqual(why(failed, { pendingWorkflowTask }).lines, [
      '  its workflow task, which keeps failing: attempt 7, for 1m, non deterministic error: no such timer',
    ]);
  });

  it('waits for a timer, a child, an update, another workflow', () => {
    const events = [
      started(),
      event(2, 'TIMER_STARTED', { timerId: '1', startToFireTimeout: '3600s' }),
      event(3, 'TIMER_STARTED', { timerId: '2', startToFireTimeout: '60s' }),
      event(4, 'START_CHILD_WORKFLOW_EXECUTION_INITIATED', { workflowId: 'ship-7', workflowType: { name: 'ship' } }),
      event(5, 'CHILD_WORKFLOW_EXECUTION_STARTED', {
        initiatedEventId: '4',
        workflowExecution: { workflowId: 'ship-7', runId: 'r2' },
      }),
      event(6, 'WORKFLOW_EXECUTION_UPDATE_ACCEPTED', {
        protocolInstanceId: 'u1',
        acceptedRequest: { input: { name: 'add' } },
      }),
      event(7, 'SIGNAL_EXTERNAL_WORKFLOW_EXECUTION_INITIATED', {
        signalName: 'go',
        workflowExecution: { workflowId: 'other' },
      }),
    ];
    const { lines, causes } = why(events);
    assert.deepEqual(lines, [
      '  child workflow ship ship-7, for 1m 35s',
      '  update add, whose handler has not ended, for 1m 34s',
      '  an answer of other to a signal',
      '  timer 1m, due now',
      '  timer 1h, fires in 58 minutes',
    ]);
    const [child] = causes;
    assert.ok(child?.kind === 'child');
    assert.deepEqual(child.follow, { namespace: '', workflowId: 'ship-7', runId: 'r2' });
  });

  it('puts what is in trouble before what is not', () => {
    const [other] = activity(6, 'mail');
    assert.ok(other);
    const pendingActivities = [{ activityId: '6', state: 'PENDING_ACTIVITY_STATE_SCHEDULED', attempt: 2 }];
    const { causes } = why([...begun, other], { pendingActivities });
    assert.deepEqual(
      causes.map((cause) => cause.kind === 'activity' && cause.group.name),
      ['mail', 'charge'],
    );
  });

  it('waits because somebody paused it', () => {
    const pauseInfo = { identity: 'ann', reason: 'audit', pausedTime: time(40_000) };
    const info = { status: 'WORKFLOW_EXECUTION_STATUS_PAUSED' };
    const { title, lines } = why([started()], { workflowExecutionInfo: info, workflowExtendedInfo: { pauseInfo } });
    assert.equal(title, 'order order-7 is paused and waits for:');
    assert.deepEqual(lines, ['  someone to unpause it, paused by ann, for 1m, audit']);
  });

  it('waits for its time to start', () => {
    const workflowExecutionInfo = { executionTime: time(NOW_MS + 3_600_000) };
    assert.deepEqual(why([started()], { workflowExecutionInfo }).lines, ['  its start, in 1 hour']);
    const past = { executionTime: time(NOW_MS) };
    assert.equal(why([started()], { workflowExecutionInfo: past }).causes[0]?.kind, 'message');
  });

  it('waits for a Nexus operation that is blocked', () => {
    const scheduledOperation = event(5, 'NEXUS_OPERATION_SCHEDULED', { service: 'pay', operation: 'charge' });
    const pending = { scheduledEventId: '5', attempt: 2, blockedReason: 'circuit open', lastAttemptFailure: DECLINED };
    assert.deepEqual(why([started(), scheduledOperation], { pendingNexusOperations: [pending] }).lines, [
      '  Nexus operation pay.charge, attempt 2, circuit open; last failure: Declined: no funds',
    ]);
  });
});

describe('a failed run', () => {
  function failedWith(failure: Failure, events: readonly HistoryEvent[] = []) {
    const closing = event(99, 'WORKFLOW_EXECUTION_FAILED', { failure, workflowTaskCompletedEventId: '10' });
    return why([started(), ...events, closing]);
  }
  const kinds = (causes: readonly Cause[]): string[] => causes.flatMap((cause) => [cause.kind, ...kinds(cause.causes)]);
  const charge = activity(5, 'charge', 'ACTIVITY_TASK_FAILED', { attempt: 3, closing: { failure: DECLINED } });

  it('names the activity, its attempts and what it said', () => {
    const { title, lines, causes } = failedWith(
      {
        message: 'Activity task failed',
        activityFailureInfo: {
          scheduledEventId: '5',
          activityId: '5',
          activityType: { name: 'charge' },
          retryState: 'RETRY_STATE_MAXIMUM_ATTEMPTS_REACHED',
        },
        cause: DECLINED,
      },
      charge,
    );
    assert.equal(title, 'order order-7 failed');
    assert.deepEqual(lines, [
      '  activity charge failed after 3 attempts, maximum attempts reached',
      '    Declined: no funds',
    ]);
    assert.deepEqual(kinds(causes), ['failed', 'activityFailed', 'failure']);
  });

  it('names the child to follow', () => {
    const execution = { workflowId: 'ship-7', runId: 'r2' };
    const info = {
      namespace: 'default',
      workflowExecution: execution,
      workflowType: { name: 'ship' },
      initiatedEventId: '5',
    };
    const wrapped = {
      message: 'could not ship',
      cause: { message: 'child', childWorkflowExecutionFailureInfo: info, cause: DECLINED },
    };
    const { lines, causes } = failedWith(wrapped);
    assert.deepEqual(lines, [
      '  could not ship',
      '    child workflow ship ship-7 failed, run r2',
      '      Declined: no funds',
    ]);
    const child = causes[0]?.causes[0];
    assert.ok(child?.kind === 'childFailed');
    assert.deepEqual(child.follow, { namespace: 'default', ...execution });
    assert.ok(child.named);
  });

  it('suspects what failed just before, if its failure names nothing', () => {
    const events = [...workflowTask(2), ...charge, ...workflowTask(8)];
    assert.deepEqual(failedWith({ message: 'payment failed' }, events).lines, [
      '  payment failed',
      '    perhaps because activity charge failed after 3 attempts',
      '      Declined: no funds',
    ]);
  });

  it('does not suspect what it has known for longer, nor what worked', () => {
    const before = [...charge, ...workflowTask(8)];
    const later = event(99, 'WORKFLOW_EXECUTION_FAILED', { failure: DECLINED, workflowTaskCompletedEventId: '13' });
    assert.deepEqual(why([started(), ...before, ...workflowTask(11), later]).lines, ['  Declined: no funds']);
    const worked = [...workflowTask(2), ...activity(5, 'charge'), ...workflowTask(8)];
    assert.deepEqual(failedWith(DECLINED, worked).lines, ['  Declined: no funds']);
  });
});

describe('a run that closed otherwise', () => {
  it('says how, and from whom', () => {
    const request = event(2, 'WORKFLOW_EXECUTION_CANCEL_REQUESTED', { identity: 'ann', cause: 'too late' });
    const canceled = why([started(), request, event(3, 'WORKFLOW_EXECUTION_CANCELED')]);
    assert.deepEqual([canceled.title, ...canceled.lines], ['order order-7 canceled', '  asked for by ann, too late']);
    const continued = why([started(), event(2, 'WORKFLOW_EXECUTION_CONTINUED_AS_NEW', { newExecutionRunId: 'r9' })]);
    assert.deepEqual([continued.title, ...continued.lines], ['order order-7 continued as new', '  goes on in run r9']);
    const completed = why([started(), event(2, 'WORKFLOW_EXECUTION_COMPLETED')]);
    assert.deepEqual([completed.title, ...completed.lines], ['order order-7 completed']);
  });

  it('says what it was waiting for when its time was up, or somebody stopped it', () => {
    const [scheduled] = activity(5, 'charge');
    assert.ok(scheduled);
    const timer = event(6, 'TIMER_STARTED', { timerId: '1', startToFireTimeout: '60s' });
    const timedOut = why([started(), scheduled, timer, event(7, 'WORKFLOW_EXECUTION_TIMED_OUT')]);
    const waited = ['    activity charge', '    timer 1m'];
    assert.deepEqual(
      [timedOut.title, ...timedOut.lines],
      ['order order-7 timed out', '  while waiting for:', ...waited],
    );
    const terminated = why([
      started(),
      scheduled,
      timer,
      event(7, 'WORKFLOW_EXECUTION_TERMINATED', { identity: 'ann' }),
    ]);
    assert.deepEqual(terminated.lines, ['  by ann, while waiting for:', ...waited]);
  });
});

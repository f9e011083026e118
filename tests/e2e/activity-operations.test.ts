// What operators do to a pending activity: pause, unpause, reset, other options. By hand, across a killed server, and
// while a worker of the official SDK runs it.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { temporal } from '@temporalio/proto';
import proto from '@temporalio/proto';
import {
  completeWorkflow,
  EventType,
  Hand,
  IDENTITY,
  millis,
  scheduleActivity,
  seconds,
  sharedRaw,
  texts,
} from './hand.ts';
import { eventually, NAMESPACE, TestServer, unique } from './harness.ts';
import { Code, fails, failure, RawClient } from './raw.ts';
import { noticed } from './sdk/notices.ts';
import { sharedClient, start } from './sdk/worker.ts';
import { runActivity } from './sdk/workflows.ts';

const { PendingActivityState: State } = proto.temporal.api.enums.v1;
const { PENDING_ACTIVITY_STATE_PAUSED: PAUSED, PENDING_ACTIVITY_STATE_PAUSE_REQUESTED: PAUSE_REQUESTED } = State;
const { PENDING_ACTIVITY_STATE_SCHEDULED: SCHEDULED, PENDING_ACTIVITY_STATE_STARTED: STARTED } = State;
const NO_SUCH = "Can't find pending activity with such ID. Invalid activityID or activity already completed";
const QUICK_RETRIES = { initialInterval: seconds(0.05), backoffCoefficient: 1 };
/** A back-off that no test waits for. */
const SLOW_RETRIES = { initialInterval: seconds(3600) };

type Attributes = temporal.api.command.v1.IScheduleActivityTaskCommandAttributes;
type Options = temporal.api.activity.v1.IActivityOptions;

/** A workflow with the activity `a1` of type `work`, and what operators do to it. */
class Operated extends Hand {
  pause(more: Partial<temporal.api.workflowservice.v1.IPauseActivityRequest> = {}) {
    return this.raw.workflow.pauseActivity({ ...this.by, id: 'a1', reason: 'why', ...more });
  }

  unpause(more: Partial<temporal.api.workflowservice.v1.IUnpauseActivityRequest> = {}) {
    return this.raw.workflow.unpauseActivity({ ...this.by, id: 'a1', ...more });
  }

  reset(more: Partial<temporal.api.workflowservice.v1.IResetActivityRequest> = {}) {
    return this.raw.workflow.resetActivity({ ...this.by, id: 'a1', ...more });
  }

  async update(activityOptions: Options, ...paths: string[]): Promise<Options> {
    const request = { ...this.by, id: 'a1', activityOptions, updateMask: { paths } };
    const updated = (await this.raw.workflow.updateActivityOptions(request)).activityOptions;
    assert(updated);
    return updated;
  }

  get by() {
    return { ...this.execution, identity: 'operator' };
  }

  async state() {
    return (await this.pendingActivity()).state;
  }
}

async function operated(attributes: Attributes = {}, raw?: RawClient): Promise<Operated> {
  const w = new Operated(raw ?? (await sharedRaw()));
  await w.start();
  await w.step(scheduleActivity(w.taskQueue, attributes));
  return w;
}

/** True if no activity task comes within two seconds (the shortest poll allowed). */
async function noActivityTask(w: Hand): Promise<boolean> {
  const taskQueue = { name: w.taskQueue };
  const poll = { namespace: w.namespace, taskQueue, identity: IDENTITY };
  return (await w.raw.as({ deadlineMs: 2_500 }).pollActivityTaskQueue(poll)).taskToken.length === 0;
}

describe('a paused activity', { concurrency: true }, () => {
  it('is given to nobody, and says who paused it and why', async () => {
    const w = await operated();
    await w.pause();
    const pending = await w.pendingActivity();
    assert.equal(pending.state, PAUSED);
    assert.equal(pending.paused, true);
    assert.equal(pending.pauseInfo?.manual?.identity, 'operator');
    assert.equal(pending.pauseInfo?.manual?.reason, 'why');
    assert(Number(pending.pauseInfo?.pauseTime?.seconds) > 0);
    assert(await noActivityTask(w));
    await w.unpause();
    assert.equal((await w.pendingActivity()).pauseInfo ?? undefined, undefined);
    await w.completeActivity(await w.activityTask());
    await w.event(EventType.EVENT_TYPE_ACTIVITY_TASK_COMPLETED);
  });

  it('is given to the worker that waits when it is unpaused', async () => {
    const w = await operated();
    await w.pause();
    const poll = w.activityTask();
    await w.unpause();
    assert.equal((await poll).attempt, 1);
  });

  it('does not time out', async () => {
    const w = await operated({ scheduleToCloseTimeout: seconds(1) });
    await w.pause();
    assert(await noActivityTask(w));
    assert.equal(await w.state(), PAUSED);
    await w.unpause();
    const { activityTaskTimedOutEventAttributes: a } = await w.event(EventType.EVENT_TYPE_ACTIVITY_TASK_TIMED_OUT);
    assert(a?.failure?.timeoutFailureInfo);
  });

  it('stays paused when its back-off is over', async () => {
    const w = await operated({ retryPolicy: { initialInterval: seconds(1) } });
    await w.failActivity(await w.activityTask());
    await w.pause();
    assert(await noActivityTask(w));
    const { nextAttemptScheduleTime, attempt } = await w.pendingActivity();
    assert.equal(nextAttemptScheduleTime ?? undefined, undefined);
    assert.equal(attempt, 2);
    await w.unpause({ resetAttempts: true });
    assert.equal((await w.activityTask()).attempt, 1);
  });

  it('is named by type in a search attribute of its workflow', async () => {
    const w = new Operated(await sharedRaw());
    await w.start();
    const command = (activityId: string, name: string) =>
      scheduleActivity(w.taskQueue, { activityId, activityType: { name } });
    await w.step(command('a1', 'work'), command('a2', 'work'), command('b1', 'other'));
    const shown = async () => {
      const { indexedFields } = (await w.describe()).workflowExecutionInfo?.searchAttributes ?? {};
      const data = indexedFields?.['TemporalPauseInfo']?.data;
      return data ? (JSON.parse(Buffer.from(data).toString()) as string[]).toSorted() : [];
    };
    const [work, other] = ['property:activityType=work', 'property:activityType=other'];
    await w.pause();
    assert.deepEqual(await shown(), [work]);
    await w.pause({ id: 'a2' });
    await w.pause({ id: 'b1' });
    assert.deepEqual(await shown(), [other, work]);
    await eventually('it is found', async () => {
      const query = `WorkflowId = '${w.workflowId}'`;
      const { executions } = await w.raw.workflow.listWorkflowExecutions({ namespace: w.namespace, query });
      const { indexedFields } = executions[0]?.searchAttributes ?? {};
      const data = Buffer.from(indexedFields?.['TemporalPauseInfo']?.data ?? []).toString();
      return data.includes(work) && data.includes(other) ? true : undefined;
    });
    await w.unpause();
    assert.deepEqual(await shown(), [other, work]);
    await w.unpause({ id: 'a2' });
    assert.deepEqual(await shown(), [other]);
    await w.reset({ id: 'b1' });
    assert.deepEqual(await shown(), []);
  });

  it('may be paused again by the same request', async () => {
    const w = await operated();
    await w.pause({ requestId: 'once' });
    await w.pause({ requestId: 'once' });
    assert.equal(await w.state(), PAUSED);
  });
});

describe('an activity that is paused while a worker has it', { concurrency: true }, () => {
  it('tells the worker with its heartbeat, and may be completed', async () => {
    const w = await operated();
    const task = await w.activityTask();
    assert.equal((await w.heartbeat(task)).activityPaused, false);
    await w.raw.workflow.pauseActivity({ ...w.by, type: 'work' });
    assert.equal((await w.heartbeat(task)).activityPaused, true);
    assert.equal(await w.state(), PAUSE_REQUESTED);
    await w.completeActivity(task);
    await w.event(EventType.EVENT_TYPE_ACTIVITY_TASK_COMPLETED);
  });

  it('is paused when its attempt fails, and begins the next one when it is unpaused', async () => {
    const w = await operated({ retryPolicy: SLOW_RETRIES });
    const task = await w.activityTask();
    await w.heartbeat(task, 'page 7');
    await w.pause();
    await w.failActivity(task);
    const pending = await w.pendingActivity();
    assert.equal(pending.state, PAUSED);
    assert.equal(pending.attempt, 2);
    assert(Number(pending.lastAttemptCompleteTime?.seconds) > 0);
    assert.equal(pending.lastFailure?.message, 'broken');
    await w.unpause();
    const next = await w.activityTask();
    assert.equal(next.attempt, 2);
    assert.deepEqual(texts(next.heartbeatDetails), ['page 7']);
  });

  it('stays with its worker when it is unpaused', async () => {
    const w = await operated();
    const task = await w.activityTask();
    await w.pause();
    await w.unpause();
    assert.equal(await w.state(), STARTED);
    assert.equal((await w.heartbeat(task)).activityPaused, false);
    await w.completeActivity(task);
  });
});

describe('an activity that is reset', { concurrency: true }, () => {
  it('begins again with the first attempt, without waiting', async () => {
    const w = await operated({ retryPolicy: SLOW_RETRIES });
    const task = await w.activityTask();
    await w.heartbeat(task, 'page 7');
    await w.failActivity(task);
    await w.reset({ resetHeartbeat: true });
    const again = await w.activityTask();
    assert.equal(again.attempt, 1);
    assert.deepEqual(texts(again.heartbeatDetails), []);
    await w.completeActivity(again);
    const { activityTaskStartedEventAttributes: a } = await w.event(EventType.EVENT_TYPE_ACTIVITY_TASK_STARTED);
    assert.equal(a?.attempt, 1);
  });

  it('tells the worker that has it', async () => {
    const w = await operated({ retryPolicy: QUICK_RETRIES });
    const task = await w.activityTask();
    await w.reset();
    assert.equal((await w.heartbeat(task)).activityReset, true);
    await w.failActivity(task);
    const next = await w.activityTask();
    assert.equal(next.attempt, 2);
    assert.equal((await w.heartbeat(next)).activityReset, false);
  });

  it('waits for less than the jitter', async () => {
    const w = await operated({ retryPolicy: SLOW_RETRIES });
    await w.failActivity(await w.activityTask());
    await w.reset({ jitter: seconds(1) });
    assert.equal((await w.activityTask()).attempt, 1);
  });

  it('stays paused if asked to', async () => {
    const w = await operated();
    await w.pause();
    await w.reset({ keepPaused: true });
    assert.equal(await w.state(), PAUSED);
    await w.reset();
    assert.equal(await w.state(), SCHEDULED);
    await w.activityTask();
  });
});

describe('new options of an activity', { concurrency: true }, () => {
  it('change what the mask names', async () => {
    const w = await operated({ heartbeatTimeout: seconds(5), retryPolicy: { maximumAttempts: 7 } });
    const options = {
      startToCloseTimeout: seconds(3),
      retryPolicy: { maximumAttempts: 3 },
      priority: { priorityKey: 4 },
    };
    const updated = await w.update(options, 'start_to_close_timeout', 'retry_policy.maximum_attempts', 'priority');
    assert.equal(millis(updated.startToCloseTimeout), 3000);
    assert.equal(millis(updated.heartbeatTimeout), 3000, 'never longer than the attempt');
    assert.equal(updated.retryPolicy?.maximumAttempts, 3);
    assert.equal(millis(updated.retryPolicy?.initialInterval), 1000);
    const pending = await w.pendingActivity();
    assert.equal(pending.maximumAttempts, 3);
    assert.equal(pending.priority?.priorityKey, 4);
    assert.equal(millis(pending.activityOptions?.startToCloseTimeout), 3000);
    assert.equal((await w.activityTask()).priority?.priorityKey, 4);
  });

  it('move the task to another queue', async () => {
    const w = await operated();
    const name = unique('elsewhere');
    const updated = await w.update({ taskQueue: { name } }, 'task_queue.name');
    assert.equal(updated.taskQueue?.name, name);
    assert(await noActivityTask(w));
    const poll = { namespace: w.namespace, taskQueue: { name }, identity: IDENTITY };
    const task = await w.raw.as({ deadlineMs: 15_000 }).pollActivityTaskQueue(poll);
    assert.equal(task.activityId, 'a1');
  });

  it('cut a back-off short', async () => {
    const w = await operated({ retryPolicy: SLOW_RETRIES });
    await w.failActivity(await w.activityTask());
    const { nextAttemptScheduleTime, currentRetryInterval } = await w.pendingActivity();
    assert(nextAttemptScheduleTime);
    assert(Math.abs(millis(currentRetryInterval) - 3_600_000) < 5, `${millis(currentRetryInterval)}`);
    await w.update({ retryPolicy: { initialInterval: seconds(0.05) } }, 'retry_policy.initial_interval');
    assert.equal((await w.activityTask()).attempt, 2);
  });

  it('give way to the original ones', async () => {
    const w = await operated({ startToCloseTimeout: seconds(9), priority: { fairnessKey: 'k' } });
    await w.update({ startToCloseTimeout: seconds(3), priority: {} }, 'start_to_close_timeout', 'priority');
    const restore = { ...w.by, id: 'a1', restoreOriginal: true };
    const { activityOptions } = await w.raw.workflow.updateActivityOptions(restore);
    assert.equal(millis(activityOptions?.startToCloseTimeout), 9000);
    assert.equal((await w.pendingActivity()).priority?.fairnessKey, 'k');
  });

  it('are refused when they make no sense', async () => {
    const w = await operated();
    const refused = (act: Promise<unknown>, text: string) => fails(act, Code.INVALID_ARGUMENT, text);
    const update = (request: object) => w.raw.workflow.updateActivityOptions({ ...w.by, id: 'a1', ...request });
    const updateMask = { paths: ['start_to_close_timeout'] };
    await refused(update({ activityOptions: {} }), 'UpdateMask is not provided');
    await refused(update({ updateMask }), 'ActivityOptions are not provided');
    await refused(update({ restoreOriginal: true, updateMask }), 'Both UpdateMask and RestoreOriginal are provided');
    await refused(w.update({}, 'priority.priority_key'), 'Priority is not provided');
    await refused(w.update({ priority: { priorityKey: -1 } }, 'priority'), "priority key can't be negative");
    await refused(w.update({ taskQueue: {} }, 'task_queue.name'), 'missing task queue name');
    const invalid = await failure(w.update({ startToCloseTimeout: seconds(0) }, 'start_to_close_timeout'));
    assert.equal(invalid.code, Code.INVALID_ARGUMENT);
  });
});

describe('a request that means no activity', { concurrency: true }, () => {
  it('is refused', async () => {
    const w = await operated();
    await fails(w.pause({ id: 'a2' }), Code.NOT_FOUND, NO_SUCH, 'NotFoundFailure');
    await fails(w.raw.workflow.unpauseActivity({ ...w.by, type: 'play' }), Code.NOT_FOUND, NO_SUCH, 'NotFoundFailure');
    await fails(w.reset({ id: 'work' }), Code.NOT_FOUND, NO_SUCH, 'NotFoundFailure');
    const text = 'Either Activity.Id or Activity.Type should be set on request.';
    await fails(w.raw.workflow.pauseActivity(w.by), Code.INVALID_ARGUMENT, text);
    await w.completeActivity(await w.activityTask());
    await w.step(completeWorkflow());
    await fails(w.pause(), Code.NOT_FOUND, 'workflow execution already completed', 'NotFoundFailure');
  });
});

describe('a reason', { concurrency: true }, () => {
  it('has a thousand bytes at the most', async () => {
    const w = await operated();
    const refused = w.pause({ reason: 'x'.repeat(1001) });
    await fails(refused, Code.INVALID_ARGUMENT, 'Reason length exceeds limit.');
    await w.pause({ reason: 'x'.repeat(1000) });
  });
});

/** Newer than the version that answers as `server_version`. */
describe('a request that means all activities', { concurrency: true }, () => {
  it('changes each of them', async () => {
    const w = new Operated(await sharedRaw());
    await w.start();
    await w.step(...['a1', 'a2'].map((activityId) => scheduleActivity(w.taskQueue, { activityId })));
    const { workflow } = w.raw;
    const states = async () => (await w.describe()).pendingActivities.map(({ state }) => state);
    await workflow.pauseActivity({ ...w.by, type: 'work' });
    assert.deepEqual(await states(), [PAUSED, PAUSED]);
    await workflow.unpauseActivity({ ...w.by, unpauseAll: true });
    assert.deepEqual(await states(), [SCHEDULED, SCHEDULED]);
    await w.pause();
    await workflow.resetActivity({ ...w.by, matchAll: true });
    assert.deepEqual(await states(), [SCHEDULED, SCHEDULED]);
    const options = { heartbeatTimeout: seconds(2) };
    const updateMask = { paths: ['heartbeat_timeout'] };
    await workflow.updateActivityOptions({ ...w.by, matchAll: true, activityOptions: options, updateMask });
    for (const { activityOptions } of (await w.describe()).pendingActivities) {
      assert.equal(millis(activityOptions?.heartbeatTimeout), 2000);
    }
  });

  it('changes none if it cannot change one', async () => {
    const w = new Operated(await sharedRaw());
    await w.start();
    await w.step(...['a1', 'a2'].map((activityId) => scheduleActivity(w.taskQueue, { activityId })));
    await w.pause({ id: 'a2', requestId: 'first' });
    const again = w.raw.workflow.pauseActivity({ ...w.by, type: 'work', requestId: 'second' });
    await fails(again, Code.FAILED_PRECONDITION, 'activity is already paused');
    assert.deepEqual(
      (await w.describe()).pendingActivities.map(({ state }) => state),
      [SCHEDULED, PAUSED],
    );
  });
});

describe('a server that is killed', () => {
  it('knows afterwards what was paused, reset and changed', async () => {
    const server = await TestServer.start({ onFile: true });
    const raw = new RawClient(server.address);
    const w = await operated({ retryPolicy: SLOW_RETRIES, startToCloseTimeout: seconds(600) }, raw);
    const running = await w.activityTask();
    await w.update({ heartbeatTimeout: seconds(300) }, 'heartbeat_timeout');
    await w.pause();
    const before = await w.pendingActivity();
    await server.kill();
    await server.launch();
    assert.deepEqual(await w.pendingActivity(), before);
    assert.equal((await w.heartbeat(running)).activityPaused, true);
    await w.reset({ keepPaused: true });
    await server.kill();
    await server.launch();
    assert.equal((await w.heartbeat(running)).activityReset, true);
    await w.failActivity(running);
    await server.kill();
    await server.launch();
    assert.equal(await w.state(), PAUSED);
    assert(await noActivityTask(w));
    await w.unpause();
    await server.kill();
    await server.launch();
    assert.equal(millis((await w.pendingActivity()).activityOptions?.heartbeatTimeout), 300_000);
    const task = await w.activityTask();
    assert.equal(task.attempt, 2);
    await w.completeActivity(task);
    await w.step(completeWorkflow());
    raw.close();
    await server.dispose();
  });
});

describe('a worker of the official SDK', { concurrency: true }, () => {
  const OPTIONS = { startToCloseTimeout: '1m', heartbeatTimeout: '10s', retry: { initialInterval: 50 } };

  for (const flag of ['paused', 'reset']) {
    it(`ends an attempt that is ${flag}, and runs the next one`, async () => {
      const key = unique('interrupted');
      const [running, interrupted] = [noticed(`running ${key}`), noticed(`interrupted ${key}`)];
      const handle = await start(runActivity, ['untilInterrupted', OPTIONS, key]);
      await running;
      const { workflowService } = (await sharedClient()).connection;
      const execution = { workflowId: handle.workflowId };
      const request = { namespace: NAMESPACE, execution, identity: 'operator', type: 'untilInterrupted' };
      await (flag === 'paused' ? workflowService.pauseActivity(request) : workflowService.resetActivity(request));
      const [details] = await interrupted;
      assert.equal((details as Record<string, boolean>)[flag], true);
      if (flag === 'paused') {
        await eventually('the activity is paused', async () => {
          const [activity] = (await handle.describe()).raw.pendingActivities ?? [];
          return activity?.state === PAUSED ? true : undefined;
        });
        await workflowService.unpauseActivity(request);
      }
      assert.equal(await handle.result(), 2);
    });
  }
});

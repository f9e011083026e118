// The load of the torture tests: a starter and a signaller that write down whatever the server acknowledged, and a
// worker by hand. All of them repeat a call until it is answered, as a careful client does.
//
// Each workflow runs two activities and a timer, and completes when all are through and it has heard its last signal.

import assert from 'node:assert/strict';
import type { ActivityTask, Command, HistoryEvent, WorkflowTask } from '../e2e/hand.ts';
import { completeWorkflow, payloads, scheduleActivity, seconds, startTimer, texts } from '../e2e/hand.ts';
import { NAMESPACE, unique } from '../e2e/harness.ts';
import { Code, RawClient, RpcFailure } from '../e2e/raw.ts';
import type { Random } from './random.ts';
import { aMoment, between } from './random.ts';

export const ACTIVITIES = ['a1', 'a2'] as const;
export const LAST_SIGNAL = 'last';
const SIGNALS_BEFORE_LAST_MAX = 4;
/** A task lost with a dying process is given out again after this time. */
const TASK_TIMEOUT_SECONDS = 2;
const RETRY_AFTER_MS = 30;
const POLL_MS = 5_000;
/** What a client cannot know: whether the call took effect. */
const AMBIGUOUS = new Set([
  Code.UNAVAILABLE,
  Code.DEADLINE_EXCEEDED,
  Code.CANCELLED,
  Code.UNKNOWN,
  Code.ABORTED,
  Code.RESOURCE_EXHAUSTED,
]);

/** What the server acknowledged for one workflow. */
export interface Acknowledged {
  readonly workflowId: string;
  readonly runId: string;
  /** Names, in the order in which they were acknowledged. */
  readonly signals: string[];
}

export interface Load {
  readonly taskQueue: string;
  readonly workflows: Acknowledged[];
  /** `workflowId/activityId` → the result whose acknowledgement arrived. */
  readonly results: Map<string, string>;
  /** Calls that had to be repeated. */
  repeats: number;
}

export function newLoad(): Load {
  return { taskQueue: unique('torture'), workflows: [], results: new Map(), repeats: 0 };
}

/** Repeats the call until the server answers it, with success or with a refusal. */
async function untilAnswered<T>(load: Load, call: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await call();
    } catch (error) {
      if (!(error instanceof RpcFailure) || !AMBIGUOUS.has(error.code)) throw error;
      load.repeats++;
      await aMoment(RETRY_AFTER_MS);
    }
  }
}

/** Starts workflows one after the other until told to stop, each with its signals. */
export async function startAndSignal(load: Load, address: string, random: Random, stop: AbortSignal): Promise<void> {
  const raw = new RawClient(address);
  try {
    while (!stop.aborted) {
      const workflow = await startOne(load, raw);
      load.workflows.push(workflow);
      const others = Array.from(
        { length: between(random, 0, SIGNALS_BEFORE_LAST_MAX) },
        (_, index) => `signal-${index}`,
      );
      for (const name of [...others, LAST_SIGNAL]) await signal(load, raw, workflow, name);
    }
  } finally {
    raw.close();
  }
}

async function startOne(load: Load, raw: RawClient): Promise<Acknowledged> {
  const workflowId = unique('torture');
  const request = {
    ...{ namespace: NAMESPACE, workflowId, workflowType: { name: 'torture' }, taskQueue: { name: load.taskQueue } },
    ...{ requestId: `start-${workflowId}`, workflowTaskTimeout: seconds(TASK_TIMEOUT_SECONDS) },
  };
  const { runId } = await untilAnswered(load, () => raw.as({ deadlineMs: POLL_MS }).startWorkflowExecution(request));
  return { workflowId, runId, signals: [] };
}

async function signal(load: Load, raw: RawClient, workflow: Acknowledged, signalName: string): Promise<void> {
  const request = {
    ...{ namespace: NAMESPACE, workflowExecution: { workflowId: workflow.workflowId }, signalName },
    requestId: `${signalName}-${workflow.workflowId}`,
  };
  try {
    await untilAnswered(load, () => raw.as({ deadlineMs: POLL_MS }).signalWorkflowExecution(request));
  } catch (error) {
    // A repeated last signal may find the workflow complete: then the first one took effect, for it waits for it.
    const repeated = error instanceof RpcFailure && error.code === Code.NOT_FOUND && signalName === LAST_SIGNAL;
    if (!repeated) throw error;
  }
  workflow.signals.push(signalName);
}

/** Polls and answers until told to stop. A poll that fails is repeated; an answer that is refused as stale is dropped. */
export async function work(
  load: Load,
  address: string,
  kind: 'workflow' | 'activity',
  random: Random,
  stop: AbortSignal,
): Promise<void> {
  const raw = new RawClient(address);
  try {
    while (!stop.aborted) {
      const request = { namespace: NAMESPACE, taskQueue: { name: load.taskQueue }, identity: 'torture' };
      const polls = raw.as({ deadlineMs: POLL_MS, signal: stop });
      try {
        if (kind === 'workflow')
          await answerWorkflowTask(load, raw, await polls.pollWorkflowTaskQueue(request), random);
        else await answerActivityTask(load, raw, await polls.pollActivityTaskQueue(request));
      } catch (error) {
        if (!(error instanceof RpcFailure)) throw error;
        const stale = error.code === Code.NOT_FOUND;
        if (!stale && !AMBIGUOUS.has(error.code)) throw error;
        if (!stale && !stop.aborted) await aMoment(RETRY_AFTER_MS);
      }
    }
  } finally {
    raw.close();
  }
}

async function answerWorkflowTask(load: Load, raw: RawClient, task: WorkflowTask, random: Random): Promise<void> {
  if (task.taskToken.length === 0) return;
  const commands = decide(task.history?.events ?? [], load.taskQueue, random);
  const answer = { namespace: NAMESPACE, taskToken: task.taskToken, commands, identity: 'torture' };
  try {
    await untilAnswered(load, () => raw.as({ deadlineMs: POLL_MS }).respondWorkflowTaskCompleted(answer));
  } catch (error) {
    // A signal came in the meantime: the next task will see it.
    const unhandled =
      error instanceof RpcFailure && error.code === Code.INVALID_ARGUMENT && error.text.includes('UnhandledCommand');
    if (!unhandled) throw error;
  }
}

function decide(events: readonly HistoryEvent[], taskQueue: string, random: Random): Command[] {
  if (!events.some((event) => event.activityTaskScheduledEventAttributes)) {
    return [
      ...ACTIVITIES.map((activityId) =>
        scheduleActivity(taskQueue, {
          activityId,
          startToCloseTimeout: seconds(TASK_TIMEOUT_SECONDS),
          retryPolicy: { initialInterval: seconds(0.1), backoffCoefficient: 1 },
        }),
      ),
      startTimer('timer', between(random, 100, 1_500) / 1000),
    ];
  }
  const activitiesDone =
    events.filter((event) => event.activityTaskCompletedEventAttributes).length === ACTIVITIES.length;
  const timerFired = events.some((event) => event.timerFiredEventAttributes);
  const lastHeard = events.some((event) => event.workflowExecutionSignaledEventAttributes?.signalName === LAST_SIGNAL);
  return activitiesDone && timerFired && lastHeard ? [completeWorkflow()] : [];
}

async function answerActivityTask(load: Load, raw: RawClient, task: ActivityTask): Promise<void> {
  if (task.taskToken.length === 0) return;
  const result = unique('result');
  const answer = { namespace: NAMESPACE, taskToken: task.taskToken, result: payloads(result), identity: 'torture' };
  let repeated = false;
  await untilAnswered(load, async () => {
    try {
      await raw.as({ deadlineMs: POLL_MS }).respondActivityTaskCompleted(answer);
    } catch (error) {
      repeated = true;
      throw error;
    }
  });
  const key = `${task.workflowExecution?.workflowId}/${task.activityId}`;
  assert(!load.results.has(key), `${key} was acknowledged twice${repeated ? ', once after a repetition' : ''}`);
  load.results.set(key, result);
}

/** Asserts that the history of a finished workflow holds all that was acknowledged exactly once. */
export function verify(load: Load, workflow: Acknowledged, events: readonly HistoryEvent[]): void {
  const { workflowId } = workflow;
  const count = (present: (event: HistoryEvent) => unknown): number => events.filter((event) => present(event)).length;
  assert.equal(
    count((event) => event.workflowExecutionStartedEventAttributes),
    1,
  );
  assert.equal(events[0]?.workflowExecutionStartedEventAttributes?.originalExecutionRunId, workflow.runId);
  assert.equal(
    count((event) => event.workflowExecutionCompletedEventAttributes),
    1,
    `${workflowId} completed once`,
  );
  assert.equal(
    count((event) => event.timerStartedEventAttributes),
    1,
  );
  assert.equal(
    count((event) => event.timerFiredEventAttributes),
    1,
    `the timer of ${workflowId} fired once`,
  );
  assert.deepEqual(
    events.flatMap((event) => event.workflowExecutionSignaledEventAttributes?.signalName ?? []),
    workflow.signals,
    `the signals of ${workflowId}, in order`,
  );
  for (const activityId of ACTIVITIES) {
    const scheduled = events.filter((event) => event.activityTaskScheduledEventAttributes?.activityId === activityId);
    assert.equal(scheduled.length, 1);
    const completed = events.filter(
      (event) => Number(event.activityTaskCompletedEventAttributes?.scheduledEventId) === Number(scheduled[0]?.eventId),
    );
    assert.equal(completed.length, 1, `${activityId} of ${workflowId} completed once`);
    const acknowledged = load.results.get(`${workflowId}/${activityId}`);
    if (acknowledged !== undefined) {
      assert.deepEqual(texts(completed[0]?.activityTaskCompletedEventAttributes?.result), [acknowledged]);
    }
  }
}

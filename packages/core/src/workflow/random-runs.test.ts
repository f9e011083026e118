// Whatever happens to a run, in whatever order: the journal folds to the live state, the history is well formed, no
// deadline is missed, a failed transition leaves no trace. The checks are in test/checked-run.ts.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { StatusError } from '@perdure/api';
import { WorkflowTaskFailedCause as Cause, EventType } from '@perdure/api/enums';
import type { HistoryEvent } from '@perdure/api/history';
import fc from 'fast-check';
import { CheckedRun } from '../../test/checked-run.ts';
import { answer, CLOSINGS, closeChild, outbox } from '../../test/messages.ts';
import {
  type Completion,
  commandsOf,
  completion,
  durationMs,
  failure,
  messagesOf,
  optionsChange,
  SMALL_LIMITS,
  startOptions,
} from '../../test/random.ts';
import { updateRequest } from '../../test/run.ts';
import {
  type Activity,
  attachToRun,
  type Child,
  cancelActivity,
  changeOptions,
  completeActivity,
  heartbeatActivity,
  isActivityReady,
  isRunning,
  type Message,
  nextDeadline,
  pauseActivity,
  pauseRun,
  recordCallbackAttempt,
  releaseFirstTask,
  requestCancelRun,
  requestDeletion,
  resetActivity,
  restoreActivityOptions,
  scheduledCallbacks,
  selectActivities,
  signalRun,
  type Transition,
  terminateRun,
  unpauseActivity,
  unpauseRun,
  updateActivityOptions,
} from '../index.ts';

type Model = object;
type Step = fc.Command<Model, CheckedRun>;

const RUNS = 400;
/** Shrinking a counterexample may take long: better a larger one than none. */
const TIME_LIMIT_MS = 60_000;
const details = new TextEncoder().encode('details');
const outside = { identity: 'client-1', links: [] };

function step(name: string, check: (run: CheckedRun) => boolean, act: (run: CheckedRun) => void): Step {
  return {
    check: () => true,
    run: (_model, run) => {
      if (check(run)) act(run);
    },
    toString: () => name,
  };
}

/** A status error is an answer; anything else is a bug. */
function answered(act: () => void): void {
  try {
    act();
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
  }
}

const hasCallbacks = (run: CheckedRun) => run.state.scheduledCallbackCount > 0;
const open = (run: CheckedRun) => isRunning(run.state);
const taskIs = (started: boolean) => (run: CheckedRun) =>
  open(run) && run.state.task !== undefined && run.state.task.startedEventId > 0 === started;

/** One of the activities that are (or are not) with a worker. */
function pick(run: CheckedRun, index: number, started: boolean): string | undefined {
  const candidates = [...run.state.activities.values()].filter((a) =>
    started ? a.startedMs > 0 : isActivityReady(a, run.nowMs),
  );
  return candidates[index % Math.max(1, candidates.length)]?.activityId;
}

function onActivity(name: string, index: number, started: boolean, act: (run: CheckedRun, id: string) => void): Step {
  return step(`${name}(${index})`, open, (run) => {
    const id = pick(run, index, started);
    if (id !== undefined) answered(() => act(run, id));
  });
}

function signal(run: CheckedRun, requestId: string, payload: Uint8Array | undefined): void {
  run.transition((tx) => signalRun(tx, { ...outside, signalName: 'go', input: payload, header: undefined, requestId }));
}

function complete(run: CheckedRun, completed: Completion): void {
  const updates = messagesOf(completed, run);
  const commands = [...updates.commands, ...commandsOf(completed, run)];
  answered(() => run.complete(commands, { ...completed, messages: updates.messages }));
}

/** As a reset does. */
function takeOver(tx: Transition, updateId: string): void {
  tx.add(EventType.WORKFLOW_EXECUTION_UPDATE_ADMITTED, {
    workflowExecutionUpdateAdmittedEventAttributes: { request: updateRequest(updateId) },
  });
}

const index = fc.nat({ max: 5 });
const workflowTasks: fc.Arbitrary<Step>[] = [
  fc.boolean().map((sticky) => step(`poll(${sticky})`, taskIs(false), (run) => run.poll(sticky))),
  completion.map((completed) =>
    step(`complete(${fc.stringify(completed)})`, taskIs(true), (run) => complete(run, completed)),
  ),
  completion.map((completed) =>
    step(`pollAndComplete(${fc.stringify(completed)})`, taskIs(false), (run) => {
      run.poll(run.state.sticky !== undefined);
      complete(run, completed);
    }),
  ),
  fc
    .constantFrom(Cause.WORKFLOW_WORKER_UNHANDLED_FAILURE, Cause.RESET_WORKFLOW)
    .map((cause) => step(`failTask(${cause})`, taskIs(true), (run) => run.failTask(cause))),
];
const activities: fc.Arbitrary<Step>[] = [
  index.map((i) => onActivity('start', i, false, (run, id) => run.startActivity(id))),
  index.map((i) =>
    onActivity('complete', i, true, (run, id) => run.answer(id, (tx, a) => completeActivity(tx, a, details, 'w'))),
  ),
  index.map((i) =>
    onActivity('cancel', i, true, (run, id) => run.answer(id, (tx, a) => cancelActivity(tx, a, details, 'w'))),
  ),
  index.map((i) =>
    onActivity('heartbeat', i, true, (run, id) => run.answer(id, (tx, a) => heartbeatActivity(tx, a, details))),
  ),
  fc
    .tuple(index, failure, fc.constantFrom(undefined, details, new Uint8Array(0)))
    .map(([i, f, d]) => onActivity(`fail${fc.stringify([f, d])}`, i, true, (run, id) => run.failActivity(id, f, d))),
];
const flags = fc.tuple(fc.boolean(), fc.boolean(), fc.boolean());
const delayMs = fc.constantFrom(0, 0, 700);
/** On an activity, whatever state it is in. */
function control(name: string, i: number, act: (tx: Transition, activity: Activity) => void): Step {
  return step(`${name}(${i})`, open, (run) => {
    const pending = [...run.state.activities.values()];
    const activity = pending[i % Math.max(1, pending.length)];
    if (activity === undefined) return;
    answered(() =>
      run.transition((tx) => {
        for (const selected of selectActivities(run.state, { id: activity.activityId })) act(tx, selected);
      }),
    );
  });
}
const controls: fc.Arbitrary<Step>[] = [
  fc
    .tuple(index, fc.constantFrom('p1', 'p2'))
    .map(([i, requestId]) =>
      control('pause', i, (tx, a) => pauseActivity(tx, a, { identity: 'o', reason: 'r', requestId })),
    ),
  fc
    .tuple(index, flags, delayMs)
    .map(([i, [resetAttempts, resetHeartbeat], delay]) =>
      control(`unpause${resetAttempts}${resetHeartbeat}${delay}`, i, (tx, a) =>
        unpauseActivity(tx, a, { resetAttempts, resetHeartbeat, delayMs: delay }),
      ),
    ),
  fc
    .tuple(index, flags, delayMs)
    .map(([i, [resetHeartbeat, keepPaused, restoreOptions], delay]) =>
      control(`reset${resetHeartbeat}${keepPaused}${restoreOptions}${delay}`, i, (tx, a) =>
        resetActivity(tx, a, { requestId: '', resetHeartbeat, keepPaused, restoreOptions, delayMs: delay }),
      ),
    ),
  fc
    .tuple(index, optionsChange)
    .map(([i, change]) =>
      control(`options(${fc.stringify(change)})`, i, (tx, a) => updateActivityOptions(tx, a, change)),
    ),
  index.map((i) => control('restore', i, restoreActivityOptions)),
];
const time: fc.Arbitrary<Step>[] = [
  durationMs.map((ms) => step(`pass(${ms})`, open, (run) => run.pass(Math.round(ms)))),
  fc.constantFrom(-1, 0, 1).map((offset) =>
    step(`passToDeadline(${offset})`, open, (run) => {
      const atMs = nextDeadline(run.state);
      if (atMs !== undefined) run.pass(Math.max(0, Math.ceil(atMs) - run.nowMs + offset));
    }),
  ),
  fc.constant(
    step(
      'reload',
      () => true,
      (run) => run.reload(),
    ),
  ),
  durationMs.map((ms) => step(`abandonDue(${ms})`, open, (run) => run.abandonDue(Math.round(ms)))),
];
const fromOutside: fc.Arbitrary<Step>[] = [
  fc
    .constantFrom('', '', 'r1', 'r2', 'r3')
    .map((id) => step(`signal(${id})`, open, (run) => answered(() => signal(run, id, details)))),
  fc.constant(
    step('cancelRun', open, (run) =>
      run.transition((tx) => requestCancelRun(tx, { ...outside, reason: 'why', requestId: 'c' })),
    ),
  ),
  fc
    .constantFrom('', 'q1', 'q2')
    .map((requestId) =>
      step(`attach(${requestId})`, open, (run) =>
        answered(() => run.transition((tx) => attachToRun(tx, { requestId, callbacks: [details], links: [] }))),
      ),
    ),
  fc.constantFrom('u1', 'u2', 'u3', 'u4', 'u5', 'u6').map((id) =>
    step(
      `update(${id})`,
      (run) => open(run) && !run.state.updates.has(id),
      (run) => run.update(id),
    ),
  ),
  fc.constantFrom('a1', 'a2').map((id) =>
    step(
      `takeOverUpdate(${id})`,
      (run) => open(run) && !run.state.updates.has(id) && run.state.task?.startedEventId === 0,
      (run) => run.transition((tx) => takeOver(tx, id)),
    ),
  ),
  fc.constantFrom(undefined, 'down', 'wrong').map((problem) =>
    step(`callback(${problem})`, hasCallbacks, (run) => {
      const [callback] = scheduledCallbacks(run.state);
      const outcome = { problem, isRetryable: problem === 'down' };
      run.transition((tx) => recordCallbackAttempt(tx, callback?.id ?? 0, outcome));
    }),
  ),
  fc.constant(step('release', open, (run) => run.transition(releaseFirstTask))),
  fc.constant(
    step('abandon', open, (run) =>
      run.abandon((tx) => {
        signalRun(tx, { ...outside, signalName: 'x', input: undefined, header: undefined, requestId: 'r9' });
        terminateRun(tx, { ...outside, reason: 'r', details: undefined });
      }),
    ),
  ),
];
const messages: fc.Arbitrary<Step>[] = [
  fc.tuple(index, fc.constantFrom(0, 0, 0, 1, 2)).map(([i, cause]) =>
    step(
      `answer(${i},${cause})`,
      (run) => run.state.outbox.size > 0,
      (run) => {
        const pending = outbox(run);
        answer(run, pending[i % pending.length] as Message, cause);
      },
    ),
  ),
  fc.tuple(index, fc.nat({ max: CLOSINGS.length - 1 })).map(([i, closing]) =>
    step(
      `closeChild(${i},${closing})`,
      (run) => run.state.children.size > 0,
      (run) => {
        const children = [...run.state.children.values()];
        closeChild(run, children[i % children.length] as Child, CLOSINGS[closing] ?? {});
      },
    ),
  ),
];
const operators: fc.Arbitrary<Step>[] = [
  fc
    .constantFrom(['pause', pauseRun] as const, ...Array.from({ length: 9 }, () => ['unpause', unpauseRun] as const))
    .map(([name, decide]) =>
      step(name, open, (run) =>
        answered(() => run.transition((tx) => decide(tx, { identity: 'op', reason: 'r', requestId: 'p' }))),
      ),
    ),
  fc.tuple(fc.constantFrom(0, 1, 3), fc.boolean()).map(([priorityKey, autoUpgrade]) =>
    step(`changeOptions(${priorityKey}, ${autoUpgrade})`, open, (run) => {
      const versioningOverride = autoUpgrade ? { autoUpgrade } : undefined;
      const options = { priority: { priorityKey }, versioningOverride };
      const paths = ['priority.priority_key', 'versioning_override'];
      run.transition((tx) => changeOptions(tx, { options, paths, identity: 'op' }));
    }),
  ),
];
const deletion: fc.Arbitrary<Step> = fc.constant(
  step(
    'delete',
    () => true,
    (run) => run.transition(requestDeletion),
  ),
);
const terminate: fc.Arbitrary<Step> = fc.constant(
  step('terminate', open, (run) => run.transition((tx) => terminateRun(tx, { ...outside, reason: 'enough', details }))),
);

const weighted = (weight: number, arbitraries: fc.Arbitrary<Step>[]) =>
  arbitraries.map((arbitrary) => ({ weight, arbitrary }));
const anything = fc.oneof(
  ...weighted(70, workflowTasks),
  ...weighted(90, activities),
  ...weighted(20, controls),
  ...weighted(40, time),
  ...weighted(35, fromOutside),
  ...weighted(60, messages),
  ...weighted(5, operators),
  { weight: 1, arbitrary: terminate },
  { weight: 1, arbitrary: deletion },
);

/** Not so small that a copied history ends its run at once. */
const FORK_LIMITS = { ...SMALL_LIMITS, historyCountMax: 1000, historySizeMax: 1_000_000 };

test('any run can be reset to every workflow task that it had, and lives on', (t) => {
  let forks = 0;
  const steps = fc.commands([anything], { maxCommands: 100, size: 'max' });
  fc.assert(
    fc.property(startOptions, steps, fc.nat(), steps, (start, before, at, after) => {
      const base = new CheckedRun(SMALL_LIMITS).start(start);
      fc.modelRun(() => ({ model: {}, real: base }), before);
      const { history } = base;
      const points = history.filter((event) => event.workflowTaskScheduledEventAttributes !== undefined);
      const scheduled = points[at % Math.max(1, points.length)];
      if (scheduled === undefined) return;
      const ended = history.findIndex((event) => scheduledIdOfEnded(event) === scheduled.eventId);
      const last = ended === -1 ? history.length : ended + 1;
      if (last === scheduled.eventId) return;
      // Everything after the scheduled event up to the end of the task; events of others may come between.
      const finish = scheduled.eventId + 1 + (at % (last - scheduled.eventId));
      const fork = base.forkTo(new CheckedRun(FORK_LIMITS), finish);
      fork.check();
      fc.modelRun(() => ({ model: {}, real: fork }), after);
      fork.reload();
      forks++;
    }),
    { numRuns: RUNS / 2, unbiased: true, interruptAfterTimeLimit: TIME_LIMIT_MS, markInterruptAsFailure: true },
  );
  t.diagnostic(`${forks} resets`);
  assert.ok(forks > RUNS / 4, 'too few runs were reset');
});

function scheduledIdOfEnded(event: HistoryEvent): number | undefined {
  const ended =
    event.workflowTaskCompletedEventAttributes ??
    event.workflowTaskFailedEventAttributes ??
    event.workflowTaskTimedOutEventAttributes;
  return ended?.scheduledEventId;
}

test('any sequence of events keeps a run consistent', (t) => {
  let events = 0;
  fc.assert(
    fc.property(startOptions, fc.commands([anything], { maxCommands: 300, size: 'max' }), (start, steps) => {
      const run = new CheckedRun(SMALL_LIMITS).start(start);
      fc.modelRun(() => ({ model: {}, real: run }), steps);
      run.reload();
      events += run.state.nextEventId - 1;
    }),
    { numRuns: RUNS, unbiased: true, interruptAfterTimeLimit: TIME_LIMIT_MS, markInterruptAsFailure: true },
  );
  t.diagnostic(`${RUNS} runs, ${events} events`);
  assert.ok(events > RUNS * 20, 'the runs are too short to mean anything');
});

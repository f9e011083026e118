// Arbitrary things that can happen to a run: what a worker may send (also what it may not), calls from outside, time.
import { jsonPayloads } from '@perdure/api';
import { ActivityOptions } from '@perdure/api/activity';
import type { Command } from '@perdure/api/command';
import { Memo, SearchAttributes, WorkerVersionStamp } from '@perdure/api/common';
import { CommandType } from '@perdure/api/enums';
import { Failure } from '@perdure/api/failure';
import type { Message } from '@perdure/api/protocol';
import type { Init } from '@perdure/api/wire';
import fc from 'fast-check';
import type { OptionsChange, StartWorkflow, Sticky } from '../src/index.ts';
import * as m from './messages.ts';
import * as c from './run.ts';

/** Small limits, so that random runs reach them. */
export const SMALL_LIMITS = {
  idLengthMax: 20,
  blobSizeMax: 200,
  memoSizeMax: 300,
  searchAttributeKeysMax: 3,
  searchAttributeSizeMax: 90,
  searchAttributesTotalSizeMax: 300,
  pendingActivitiesMax: 3,
  pendingChildrenMax: 3,
  pendingSignalsMax: 3,
  pendingCancelsMax: 2,
  taskProblemsToReport: 2,
  signalsMax: 40,
  historyCountSuggest: 30,
  historySizeSuggest: 2000,
  historyCountMax: 150,
  historySizeMax: 12_000,
  stateSizeMax: 1500,
  transitionSizeMax: 2500,
  bufferedEventsMax: 4,
  bufferedBytesMax: 600,
  workflowTaskHeartbeatTimeoutMs: 20_000,
  activityFailureSizeMax: 150,
  updatesMax: 12,
  discardedEventsMax: 4,
  callbacksMax: 3,
};

const text = new TextEncoder();

/** Durations as they come off the wire: whole nanoseconds. */
export const durationMs: fc.Arbitrary<number> = fc.oneof(
  fc.constantFrom(0, 1, 500, 1000, 5000, 10_000),
  fc.nat({ max: 999_999_999 }).map((n) => n / 1e6 + 1000),
);

const payloads = fc.option(
  fc.constantFrom(5, 5, 5, 50, 50, 50, 150, 150, 150, 250).map((n) => jsonPayloads('x'.repeat(n))),
  { nil: undefined, freq: 2 },
);
const keys = fc.dictionary(
  fc.constantFrom('a', 'b', 'c'),
  fc.constantFrom('null', '[]', '"v"', `"${'v'.repeat(90)}"`, ''),
);

function fields(values: Readonly<Record<string, string>>): Map<string, Uint8Array> {
  const encoded = Object.entries(values).map(([key, json]) => [key, c.payloadOf(text.encode(json))] as const);
  return new Map(encoded);
}

const memos = keys.map((values) => Memo.encode({ fields: fields(values) }));
const value = (...json: string[]) => fc.constantFrom(...json);
const attributes = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.record(
      {
        City: value('"v"', 'null', `"${'v'.repeat(70)}"`),
        Count: value('1', '2', '[]'),
        Tags: value('["a","b"]', '[]', `["${'t'.repeat(70)}"]`),
        BuildIds: value('["a"]', 'null'),
      },
      { requiredKeys: [] },
    ),
  },
  fc.constantFrom<Record<string, string>>(
    { Count: '"one"' },
    { RunId: '"r"' },
    { Nobody: '1' },
    { City: `"${'v'.repeat(100)}"` },
  ),
);
const attributeMaps = attributes.map((values) => SearchAttributes.encode({ indexedFields: fields(values) }));
const retryPolicy = fc.option(
  fc.record(
    {
      initialInterval: fc.constantFrom(0, 1, 1000, 1500.5),
      backoffCoefficient: fc.constantFrom(0, 1, 1.37, 2),
      maximumInterval: fc.constantFrom(0, 4000, 1500.5),
      maximumAttempts: fc.constantFrom(0, 1, 2, 5),
      nonRetryableErrorTypes: fc.constantFrom([], ['Fatal'], ['TemporalTimeout:StartToClose']),
    },
    { noNullPrototype: true },
  ),
  { nil: undefined, freq: 2 },
);
const priority = fc.option(
  fc.record(
    {
      priorityKey: fc.constantFrom(0, 1, 4, 9),
      fairnessKey: fc.constantFrom('', 'k'),
      fairnessWeight: fc.constantFrom(0, 0.5),
    },
    { noNullPrototype: true },
  ),
  { nil: undefined },
);

const rarely = (ids: readonly string[], bad: readonly string[]) =>
  fc.oneof({ weight: 25, arbitrary: fc.constantFrom(...ids) }, { weight: 1, arbitrary: fc.constantFrom(...bad) });
const activityId = rarely(['a1', 'a2', 'a3', 'a4', 'a5'], ['', 'x'.repeat(21)]);
const timerId = rarely(['t1', 't2', 't3', 't4'], ['', 'y'.repeat(21)]);

const activityCommand = fc
  .record({
    id: activityId,
    scheduleToCloseTimeout: fc.constantFrom(undefined, 0, 7000, 30_000),
    scheduleToStartTimeout: fc.constantFrom(undefined, 0, 2000),
    startToCloseTimeout: fc.oneof(
      { weight: 12, arbitrary: fc.constantFrom(3000, 9000.25) },
      fc.constantFrom(undefined, -1),
    ),
    heartbeatTimeout: fc.constantFrom(undefined, 0, 1500),
    retryPolicy,
    priority,
    input: payloads,
    requestEagerExecution: fc.boolean(),
    type: rarely(['charge'], ['']),
  })
  .map(({ id, type, ...more }) => c.scheduleActivity(id, { ...more, activityType: { name: type } }));

const closing = fc.oneof(
  payloads.map((result) => c.completeRun(result)),
  fc
    .tuple(payloads, memos, attributeMaps)
    .map(([input, memo, searchAttributes]) => c.continueAsNew({ input, memo, searchAttributes })),
  fc.constantFrom(undefined, Failure.encode({ message: 'no' })).map((failure) => c.failRun(failure)),
  fc.constant(c.cancelRun()),
);

const workflowId = rarely(['w1', 'w2', 'w3'], ['', 'z'.repeat(21)]);
const messageCommand = fc.oneof(
  {
    weight: 4,
    arbitrary: fc
      .record({
        id: workflowId,
        namespace: fc.constantFrom('', '', '', 'shop', 'bank'),
        parentClosePolicy: fc.constantFrom(0, 1, 2, 3),
        workflowIdReusePolicy: fc.constantFrom(0, 1, 4),
        workflowRunTimeout: fc.constantFrom(undefined, 0, 5000),
        cronSchedule: fc.constantFrom('', '', '', '@every 3s'),
        memo: fc.option(memos, { nil: undefined }),
        input: payloads,
        retryPolicy,
        priority,
      })
      .map(({ id, ...more }) => m.startChild(id, more)),
  },
  {
    weight: 2,
    arbitrary: fc.tuple(workflowId, payloads, fc.boolean()).map(([id, input, childWorkflowOnly]) => {
      return m.signalExternal(id, { input, childWorkflowOnly });
    }),
  },
  { weight: 1, arbitrary: workflowId.map((id) => m.cancelExternal(id, { reason: 'why' })) },
);

/** A command; the number picks one of the run's events where the command names one. */
const command: fc.Arbitrary<Init<Command> | number> = fc.oneof(
  { weight: 60, arbitrary: activityCommand },
  { weight: 30, arbitrary: fc.nat({ max: 40 }) },
  {
    weight: 50,
    arbitrary: fc
      .tuple(timerId, fc.oneof({ weight: 20, arbitrary: durationMs }, fc.constant(-5)))
      .map(([id, ms]) => c.startTimer(id, ms)),
  },
  { weight: 30, arbitrary: timerId.map((id) => c.cancelTimer(id)) },
  { weight: 30, arbitrary: messageCommand },
  { weight: 10, arbitrary: fc.constantFrom('m', '').map((name) => c.recordMarker(name)) },
  { weight: 10, arbitrary: fc.option(memos, { nil: undefined }).map((upserted) => c.upsertMemo(upserted)) },
  { weight: 10, arbitrary: attributeMaps.map((s) => c.upsertSearchAttributes(s)) },
  { weight: 1, arbitrary: closing },
  { weight: 2, arbitrary: fc.constantFrom(0, CommandType.START_TIMER, 99).map((commandType) => ({ commandType })) },
);

export interface Completion {
  readonly commands: readonly (Init<Command> | number)[];
  readonly careful: boolean;
  readonly close: Init<Command> | undefined;
  readonly sticky: Sticky | undefined;
  readonly forceCreateNewTask: boolean;
  readonly returnNewTask: boolean;
  readonly eager: boolean;
  readonly updates: UpdateAnswers;
  readonly forgetsEvents: boolean;
  readonly workerVersion: Uint8Array | undefined;
}

/** Mostly valid: one bad command spoils a task, so long random lists would nearly always be refused. */
export const completion: fc.Arbitrary<Completion> = fc.record({
  commands: fc.oneof(
    { weight: 2, arbitrary: fc.constant([]) },
    { weight: 9, arbitrary: fc.array(command, { maxLength: 4 }) },
  ),
  careful: fc.constantFrom(true, true, true, true, true, false),
  close: fc.oneof({ weight: 30, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: closing }),
  sticky: fc.constantFrom(
    undefined,
    { taskQueue: 's1', scheduleToStartTimeoutMs: 5000 },
    { taskQueue: 's2', scheduleToStartTimeoutMs: 0 },
  ),
  forceCreateNewTask: fc.boolean(),
  returnNewTask: fc.boolean(),
  eager: fc.boolean(),
  workerVersion: fc.constantFrom(undefined, ...['', 'a', 'b'].map((buildId) => WorkerVersionStamp.encode({ buildId }))),
  updates: fc.array(
    fc.record({
      about: fc.nat({ max: 4 }),
      answers: fc.oneof(
        {
          weight: 20,
          arbitrary: fc.constantFrom(['accept'], ['accept', 'complete'], ['complete'], ['reject'], ['repeat']),
        },
        { weight: 1, arbitrary: fc.constantFrom(['complete', 'accept'], ['accept', 'accept'], ['empty']) },
      ),
      withCommand: fc.boolean(),
    }),
    { maxLength: 3 },
  ),
  forgetsEvents: fc.boolean(),
});

/** What a worker says to updates; the number picks one of those the run knows. */
type UpdateAnswers = readonly {
  readonly about: number;
  readonly answers: readonly string[];
  readonly withCommand: boolean;
}[];

const ANSWERS: Readonly<Record<string, (updateId: string) => Message>> = {
  accept: (id) => c.acceptance(id),
  complete: (id) => c.response(id),
  reject: (id) => c.rejection(id),
  /** As after a crash: the server does not know it any more. */
  repeat: (id) => c.acceptance(`${id}-forgotten`, c.updateRequest(`${id}-forgotten`)),
  empty: (id) => ({ ...c.response(id), body: undefined }),
};

/** A careful worker answers only what it was given and has not answered. */
export function messagesOf(completed: Completion, run: c.Run): { messages: Message[]; commands: Init<Command>[] } {
  const { updates } = run.state;
  const known = [...run.admitted.keys(), ...updates.keys()];
  const messages: Message[] = [];
  const commands: Init<Command>[] = [];
  const answered = new Set<string>();
  for (const { about, answers, withCommand } of completed.updates) {
    const id = known[about % Math.max(1, known.length)] ?? 'unknown';
    const accepted = (updates.get(id)?.acceptedEventId ?? 0) > 0;
    const fits = answers[0] === 'repeat' || ((answers[0] === 'complete') === accepted && known.length > 0);
    const closed = (updates.get(id)?.completedEventId ?? 0) > 0;
    if (completed.careful && (!fits || closed || answered.has(id))) continue;
    answered.add(id);
    for (const answer of answers) {
      const message = ANSWERS[answer]?.(id) as Message;
      if (messages.some((other) => other.id === message.id)) continue;
      messages.push(message);
      if (withCommand) commands.push(c.protocolMessage(message.id));
    }
  }
  return { messages, commands };
}

/** The commands for the run as it is. A careful worker leaves out what would be refused for a plain reason. */
export function commandsOf(completed: Completion, run: c.Run): Init<Command>[] {
  const scheduled = run.history
    .filter((e) => e.activityTaskScheduledEventAttributes !== undefined)
    .map((e) => e.eventId);
  const pending = [...run.state.activities.keys()];
  const known = completed.careful ? pending : scheduled;
  const picked = completed.commands.map((item) => {
    if (typeof item !== 'number') return item;
    return c.cancelActivityCommand(known[item % Math.max(1, known.length)] ?? item);
  });
  const commands = completed.careful ? careful(picked, run) : picked;
  return completed.close === undefined ? commands : [...commands, completed.close];
}

function careful(commands: readonly Init<Command>[], run: c.Run): Init<Command>[] {
  const { state } = run;
  const timers = new Set(state.timers.keys());
  for (const event of state.buffered.items) timers.add(event.timerFiredEventAttributes?.timerId ?? '');
  const activityIds = new Set(state.activityIds.keys());
  const cancelled = new Set<number>();
  const started = new Set<string>();
  let [children, signals, cancels] = [state.children.size, state.pendingSignalCount, state.pendingCancelCount];
  return commands.filter((item) => {
    const schedule = item.scheduleActivityTaskCommandAttributes;
    const timer = item.startTimerCommandAttributes;
    const cancel = item.requestCancelActivityTaskCommandAttributes?.scheduledEventId;
    if (schedule !== undefined) {
      const free = !activityIds.has(schedule.activityId ?? '') && activityIds.size < run.limits.pendingActivitiesMax;
      if (free) activityIds.add(schedule.activityId ?? '');
      return free;
    }
    if (timer !== undefined) return !timers.has(timer.timerId ?? '') && timers.add(timer.timerId ?? '') !== undefined;
    if (item.cancelTimerCommandAttributes !== undefined)
      return timers.delete(item.cancelTimerCommandAttributes.timerId ?? '');
    const child = item.startChildWorkflowExecutionCommandAttributes;
    const cancelOther = item.requestCancelExternalWorkflowExecutionCommandAttributes;
    if (child !== undefined) {
      started.add(child.workflowId ?? '');
      return child.namespace !== 'bank' && ++children <= run.limits.pendingChildrenMax;
    }
    if (item.signalExternalWorkflowExecutionCommandAttributes !== undefined) {
      return ++signals <= run.limits.pendingSignalsMax;
    }
    if (cancelOther !== undefined) {
      return !started.has(cancelOther.workflowId ?? '') && ++cancels <= run.limits.pendingCancelsMax;
    }
    if (cancel === undefined) return true;
    const fresh = state.activities.get(cancel)?.cancelRequestedEventId === 0 && !cancelled.has(cancel);
    cancelled.add(cancel);
    return fresh;
  });
}

export const failure: fc.Arbitrary<Uint8Array | undefined> = fc.constantFrom(
  undefined,
  Failure.encode({ message: 'odd' }),
  Failure.encode({ message: 'z'.repeat(300), applicationFailureInfo: { type: 'Odd' } }),
  Failure.encode({ message: 'fatal', applicationFailureInfo: { type: 'Fatal' } }),
  Failure.encode({ message: 'stop', applicationFailureInfo: { nonRetryable: true } }),
  Failure.encode({ message: 'later', applicationFailureInfo: { nextRetryDelay: 7000 } }),
  Failure.encode({ message: 'now', applicationFailureInfo: { nextRetryDelay: 0 } }),
);

export const startOptions: fc.Arbitrary<Partial<StartWorkflow>> = fc.record({
  executionTimeoutMs: fc.constantFrom(0, 0, 0, 0, 0, 0, 120_000),
  runTimeoutMs: fc.constantFrom(0, 0, 0, 0, 0, 45_000, 90_000.5),
  workflowTaskTimeoutMs: fc.constantFrom(10_000, 3000),
  firstTaskBackoffMs: fc.constantFrom(0, 0, 0, 2500),
  completionCallbacks: fc.constantFrom(undefined, [], [new Uint8Array([1])]),
  cronSchedule: fc.constantFrom('', '', '', '* * * * *', '@every 3s'),
  parent: fc.constantFrom(undefined, undefined, {
    namespaceId: 'namespace-1',
    namespace: 'shop',
    workflowId: 'parent-1',
    runId: 'parent-run',
    initiatedEventId: 5,
  }),
  memo: fc.option(memos, { nil: undefined }),
  searchAttributes: fc.option(attributeMaps, { nil: undefined }),
  userMetadata: fc.constantFrom(undefined, new Uint8Array(0), Uint8Array.of(10, 0)),
  priority,
  input: payloads,
  eager: fc.boolean(),
});

/** Changes of an activity's options: valid ones, and some that are refused. */
export const optionsChange: fc.Arbitrary<OptionsChange> = fc
  .record({
    scheduleToCloseTimeout: fc.constantFrom(undefined, 0, 20_000),
    scheduleToStartTimeout: fc.constantFrom(undefined, 3000),
    startToCloseTimeout: fc.constantFrom(undefined, 0, 4000, -1),
    heartbeatTimeout: fc.constantFrom(undefined, 0, 900.5),
    taskQueue: fc.constantFrom(undefined, { name: 'other' }, { name: '' }),
    retryPolicy,
    priority,
    fields: fc.subarray([
      'taskQueue.name',
      'scheduleToCloseTimeout',
      'scheduleToStartTimeout',
      'startToCloseTimeout',
      'heartbeatTimeout',
      'retryPolicy',
      'retryPolicy.maximumAttempts',
      'priority',
      'priority.fairnessKey',
      'nonsense',
    ]),
  })
  .map(({ fields: names, ...options }) => ({
    given: ActivityOptions.decode(ActivityOptions.encode(options)),
    fields: new Set(names.filter((name) => name !== 'nonsense' || names.length > 5)),
  }));

// What a worker may send and what it may not: every refused command names its cause, fails the whole task, and leaves
// nothing else behind.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { StatusError } from '@perdure/api';
import type { Command } from '@perdure/api/command';
import { Memo, Payload, SearchAttributes } from '@perdure/api/common';
import {
  WorkflowTaskFailedCause as Cause,
  CommandType,
  EventType,
  WorkflowTaskFailedCauseNames,
} from '@perdure/api/enums';
import { Failure } from '@perdure/api/failure';
import type { Init } from '@perdure/api/wire';
import * as c from '../../test/run.ts';
import { Run } from '../../test/run.ts';
import { snapshot } from '../../test/snapshot.ts';
import { completeActivity } from '../index.ts';

const text = new TextEncoder();
const long = 'x'.repeat(1001);
const policy = {
  initialInterval: 1000,
  backoffCoefficient: 2,
  maximumInterval: 0,
  maximumAttempts: 0,
  nonRetryableErrorTypes: [],
};

function memoOf(values: Readonly<Record<string, string>>): Uint8Array {
  return Memo.encode({ fields: new Map(Object.entries(values).map(([k, v]) => [k, c.payloadOf(text.encode(v))])) });
}

function searchAttributesOf(values: Readonly<Record<string, string>>): Uint8Array {
  const indexedFields = new Map(Object.entries(values).map(([k, v]) => [k, c.payloadOf(text.encode(v))] as const));
  return SearchAttributes.encode({ indexedFields });
}

const activity = (more: Parameters<typeof c.scheduleActivity>[1], id = 'a1') => [c.scheduleActivity(id, more)];
const ACTIVITY = Cause.BAD_SCHEDULE_ACTIVITY_ATTRIBUTES;
const TIMER = Cause.BAD_START_TIMER_ATTRIBUTES;
const MARKER = Cause.BAD_RECORD_MARKER_ATTRIBUTES;
const CANCEL = Cause.BAD_REQUEST_CANCEL_ACTIVITY_ATTRIBUTES;
const NO_TIMEOUT = { startToCloseTimeout: 0, activityType: { name: 'charge' } };

const REFUSED: readonly [what: string, commands: readonly Init<Command>[], cause: number, message: RegExp][] = [
  ['an activity without a task queue', activity({ taskQueue: undefined }), ACTIVITY, /taskQueue is not set/],
  ['an activity without the name of a queue', activity({ taskQueue: {} }), ACTIVITY, /missing task queue name/],
  [
    "an activity with its workflow's build id on another queue",
    activity({ useWorkflowBuildId: true, taskQueue: { name: 'other' } }),
    ACTIVITY,
    /cannot run on different task queue/,
  ],
  [
    'an activity with a negative priority',
    activity({ priority: { priorityKey: -1 } }),
    ACTIVITY,
    /invalid priorities: /,
  ],
  ['an activity on a reserved queue', activity({ taskQueue: { name: '/_sys/q' } }), ACTIVITY, /reserved prefix/],
  ['an activity without an id', activity({}, ''), ACTIVITY, /activityId is not set/],
  ['an activity without a type', activity({ activityType: undefined }), ACTIVITY, /activityType is not set/],
  [
    'an activity with a long id',
    activity({}, long),
    ACTIVITY,
    /activityId exceeds length limit\. Length=1001 Limit=1000/,
  ],
  [
    'an activity with a long type',
    activity({ activityType: { name: long } }),
    ACTIVITY,
    /activityType exceeds length limit/,
  ],
  [
    'an activity without a timeout',
    activity(NO_TIMEOUT),
    ACTIVITY,
    /a valid StartToCloseTimeout or ScheduleToCloseTimeout must be set on the activity\. ActivityId=a1 ActivityType=charge$/,
  ],
  ['an activity with a negative timeout', activity({ heartbeatTimeout: -1 }), ACTIVITY, /invalid HeartbeatTimeout/],
  [
    'an activity with a bad retry policy',
    activity({ retryPolicy: { ...policy, backoffCoefficient: 0.5 } }),
    ACTIVITY,
    /BackoffCoefficient cannot be less than 1/,
  ],
  [
    'two activities with one id',
    [...activity({}), ...activity({})],
    Cause.SCHEDULE_ACTIVITY_DUPLICATE_ID,
    /ActivityId/,
  ],
  [
    'a cancel of no activity',
    [c.cancelActivityCommand(0)],
    CANCEL,
    /ScheduledEventId is not set on RequestCancelActivityTaskCommand\./,
  ],
  ['a cancel of an event to come', [c.cancelActivityCommand(99)], CANCEL, /ScheduledEventId/],
  ['a cancel of an event that is no activity', [c.cancelActivityCommand(2)], CANCEL, /ScheduledEventId/],
  ['a timer without an id', [c.startTimer('', 1)], TIMER, /TimerId is not set on StartTimerCommand\./],
  ['a timer with a long id', [c.startTimer(long, 1)], TIMER, /exceeds length limit/],
  [
    'a timer that fires in the past',
    [c.startTimer('t', -1)],
    TIMER,
    /An invalid StartToFireTimeout is set on StartTimerCommand/,
  ],
  ['two timers with one id', [c.startTimer('t', 1), c.startTimer('t', 1)], Cause.START_TIMER_DUPLICATE_ID, /TimerId/],
  [
    'a cancel of no timer',
    [c.cancelTimer('')],
    Cause.BAD_CANCEL_TIMER_ATTRIBUTES,
    /TimerId is not set on CancelTimerCommand\./,
  ],
  ['a cancel of an unknown timer', [c.cancelTimer('t')], Cause.BAD_CANCEL_TIMER_ATTRIBUTES, /TimerId/],
  ['a marker without a name', [c.recordMarker('')], MARKER, /MarkerName is not set on RecordMarkerCommand\./],
  ['a marker with a long name', [c.recordMarker(long)], MARKER, /MarkerName/],
  [
    'a failure without a failure',
    [c.failRun(undefined)],
    Cause.BAD_FAIL_WORKFLOW_EXECUTION_ATTRIBUTES,
    /Failure is not set on FailWorkflowExecutionCommand\./,
  ],
  [
    'no search attributes',
    [c.upsertSearchAttributes(undefined)],
    Cause.BAD_SEARCH_ATTRIBUTES,
    /is not set on UpsertWorkflowSearchAttributesCommand\./,
  ],
  ['no memo', [c.upsertMemo(undefined)], Cause.BAD_MODIFY_WORKFLOW_PROPERTIES_ATTRIBUTES, /UpsertedMemo/],
  ['a command without attributes', [{ commandType: CommandType.START_TIMER }], TIMER, /is not set/],
];

describe('a refused command', () => {
  for (const [what, commands, cause, message] of REFUSED) {
    it(`fails the task: ${what}`, () => {
      const run = new Run().start();
      run.poll();
      const { error } = run.complete(
        [c.recordMarker('before'), ...commands, c.recordMarker('after')].slice(0, closes(commands) ? -1 : undefined),
      );
      assert.equal(error?.code, 3);
      assert.match(error?.message ?? '', message);
      assert.deepEqual(run.namesFrom(4), ['4 WORKFLOW_TASK_FAILED']);
      const failed = run.event(4).workflowTaskFailedEventAttributes;
      assert.equal(WorkflowTaskFailedCauseNames.name(failed?.cause ?? 0), WorkflowTaskFailedCauseNames.name(cause));
      const failure = Failure.decode(failed?.failure ?? new Uint8Array());
      assert.equal(failure.message, error?.message);
      assert.equal(failure.serverFailureInfo?.nonRetryable, false);
      assert.equal(run.state.task?.attempt, 2, 'and another one is scheduled');
    });
  }

  it('leaves the activities and timers of the same task undone', () => {
    const run = new Run().start();
    run.poll();
    const before = snapshot(run.state);
    run.complete([
      c.scheduleActivity('a1'),
      c.startTimer('t1', 5),
      c.upsertMemo(memoOf({ k: '1' })),
      c.cancelTimer('t2'),
    ]);
    assert.deepEqual(run.dispatches, [{ kind: 'workflowTask' }]);
    const { activities, timers, memo } = snapshot(run.state);
    assert.deepEqual({ activities, timers, memo }, { activities: [], timers: [], memo: before['memo'] });
    run.pass(1000);
    assert.equal(run.state.nextEventId, 5);
  });
});

function closes(commands: readonly Init<Command>[]): boolean {
  return commands.some((command) => command.failWorkflowExecutionCommandAttributes !== undefined);
}

describe('a sequence of commands that makes no sense', () => {
  const SENSELESS: readonly [string, readonly Init<Command>[], RegExp][] = [
    [
      'a close that is not the last',
      [c.completeRun(), c.recordMarker('m')],
      /^invalid command sequence: \[CompleteWorkflowExecution, RecordMarker\], command CompleteWorkflowExecution must be the last command\.$/,
    ],
    ['two closes', [c.cancelRun(), c.completeRun()], /command CancelWorkflowExecution must be the last command\.$/],
    ['a command of no type', [{ commandType: 0 }], /^unknown command type: Unspecified$/],
    ['a command of an unknown type', [{ commandType: 999 }], /^unknown command type: 999$/],
  ];
  for (const [what, commands, message] of SENSELESS) {
    it(`is refused without a trace: ${what}`, () => {
      const run = new Run().start();
      run.poll();
      const before = snapshot(run.state);
      assert.throws(
        () => run.complete(commands),
        (error) => error instanceof StatusError && message.test(error.message),
      );
      assert.deepEqual(snapshot(run.state), before);
    });
  }
});

describe('a payload at its limit', () => {
  const details = (size: number) => new Map([['d', new Uint8Array(size)]]);
  const LIMITED: readonly [string, (size: number) => Init<Command>, number][] = [
    [
      'input of an activity',
      (size) => c.scheduleActivity('a1', { input: new Uint8Array(size) }),
      EventType.ACTIVITY_TASK_SCHEDULED,
    ],
    ['result', (size) => c.completeRun(new Uint8Array(size)), EventType.WORKFLOW_EXECUTION_COMPLETED],
    ['failure', (size) => c.failRun(new Uint8Array(size)), EventType.WORKFLOW_EXECUTION_FAILED],
    ['details of a marker', (size) => c.recordMarker('m', details(size)), EventType.MARKER_RECORDED],
  ];
  for (const [what, make, eventType] of LIMITED) {
    it(`is taken, and one byte more ends the run: ${what}`, () => {
      const taken = new Run({ blobSizeMax: 64 }).start();
      taken.step([make(64)]);
      assert.equal(taken.event(5).eventType, eventType);
      const ended = new Run({ blobSizeMax: 64 }).start();
      ended.step([make(65)]);
      assert.deepEqual(ended.namesFrom(4), ['4 WORKFLOW_TASK_FAILED', '5 WORKFLOW_EXECUTION_TERMINATED']);
    });
  }

  it('is taken, and one byte more ends the run: memo, together with what it was', () => {
    const start = memoOf({ a: '"1"' });
    const size = memoOf({ a: '"1"', b: '"22"' }).length;
    for (const [limit, name] of [
      [size, '5 WORKFLOW_PROPERTIES_MODIFIED'],
      [size - 1, '5 WORKFLOW_EXECUTION_TERMINATED'],
    ] as const) {
      const run = new Run({ memoSizeMax: limit }).start({ memo: start });
      run.step([c.upsertMemo(memoOf({ b: '"22"' }))]);
      assert.equal(run.names[4], name);
    }
  });
});

describe('ids at their limit', () => {
  it('count bytes, not characters', () => {
    for (const [id, events] of [
      ['é'.repeat(10), 2],
      [`${'é'.repeat(10)}x`, 1],
    ] as const) {
      const run = new Run({ idLengthMax: 20 }).start();
      run.step([c.startTimer(id, 1)]);
      assert.equal(run.namesFrom(4).length, events);
    }
  });
});

describe('the number of pending activities', () => {
  it('is limited', () => {
    const run = new Run({ pendingActivitiesMax: 2 }).start();
    run.step([c.scheduleActivity('a1'), c.scheduleActivity('a2')], { forceCreateNewTask: true });
    const { error } = run.step([c.scheduleActivity('a3')]);
    assert.match(error?.message ?? '', /^PendingActivitiesLimitExceeded: /);
    assert.equal(run.event().workflowTaskFailedEventAttributes?.cause, Cause.PENDING_ACTIVITIES_LIMIT_EXCEEDED);
    run.startActivity('a1');
    run.answer('a1', (tx, a) => completeActivity(tx, a, undefined, c.WORKER));
    assert.equal(run.step([c.scheduleActivity('a3')]).error, undefined);
  });
});

describe('a memo and search attributes', () => {
  it('are merged by key, and a null removes one', () => {
    const run = new Run().start({ memo: memoOf({ a: '1', b: '2', c: '3', d: '4' }) });
    const upserted = memoOf({ a: 'null', b: '[]', c: '', e: '5' });
    run.step([c.upsertMemo(upserted), c.upsertSearchAttributes(searchAttributesOf({ City: '"v"', Count: '1' }))], {
      forceCreateNewTask: true,
    });
    const memo = Memo.decode(run.state.memo ?? new Uint8Array()).fields;
    const values = [...memo].map(([key, payload]) => [key, new TextDecoder().decode(Payload.decode(payload).data)]);
    assert.deepEqual(values, [
      ['d', '4'],
      ['e', '5'],
    ]);
    assert.deepEqual(run.event(5).workflowPropertiesModifiedEventAttributes?.upsertedMemo, upserted);
    run.step([c.upsertSearchAttributes(searchAttributesOf({ City: 'null' }))]);
    assert.deepEqual(
      [...SearchAttributes.decode(run.state.searchAttributes ?? new Uint8Array()).indexedFields.keys()],
      ['Count'],
    );
  });
});

describe('cancelling an activity', () => {
  it('that closed while the task ran is recorded, and nothing else', () => {
    const run = new Run().start();
    run.step([c.scheduleActivity('a1')], { forceCreateNewTask: true });
    run.poll();
    run.startActivity('a1');
    run.answer('a1', (tx, a) => completeActivity(tx, a, undefined, c.WORKER));
    assert.equal(run.complete([c.cancelActivityCommand(5)]).error, undefined);
    assert.deepEqual(
      run.history.slice(8).map((e) => e.eventType),
      [
        EventType.ACTIVITY_TASK_CANCEL_REQUESTED,
        EventType.ACTIVITY_TASK_STARTED,
        EventType.ACTIVITY_TASK_COMPLETED,
        EventType.WORKFLOW_TASK_SCHEDULED,
      ],
    );
  });

  it('twice is refused', () => {
    const run = new Run().start();
    run.step([c.scheduleActivity('a1')], { forceCreateNewTask: true });
    run.startActivity('a1');
    const { error } = run.step([c.cancelActivityCommand(5), c.cancelActivityCommand(5)]);
    assert.match(error?.message ?? '', /^BadRequestCancelActivityAttributes: /);
  });
});

describe('a timer', () => {
  it('may fire at once', () => {
    const run = new Run().start();
    run.step([c.startTimer('t', 0)]);
    run.pass(0);
    assert.match(run.names.at(-2) ?? '', /TIMER_FIRED/);
  });

  it('of more than a hundred years is cut to that', () => {
    const run = new Run().start();
    const century = 100 * 365 * 24 * 3_600_000;
    run.step([c.startTimer('t', century + 1)]);
    assert.equal(run.event(5).timerStartedEventAttributes?.startToFireTimeout, century);
  });

  it('may be started again once it has fired', () => {
    const run = new Run().start();
    run.step([c.startTimer('t', 5)]);
    run.pass(5);
    assert.equal(run.step([c.startTimer('t', 5)]).error, undefined);
  });
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { event, payloads, started, workflowTask } from '../../test/events.ts';
import type { WorkflowDescription } from '../groups/description.ts';
import { EventGroups } from '../groups/event-groups.ts';
import type { EventAttributes, HistoryEvent } from '../history/event.ts';
import { advise } from './advise.ts';
import type { Advice } from './rule.ts';

interface Run {
  readonly events?: readonly HistoryEvent[];
  readonly description?: WorkflowDescription;
  readonly nowMs?: number;
}

function adviceOn({ events = [], description = {}, nowMs = 10_000 }: Run): readonly Advice[] {
  const history = new EventGroups();
  history.ingest([started(), ...events]);
  history.describe(description);
  return advise({ description, history, nowMs });
}

function scheduled(attributes: EventAttributes): HistoryEvent {
  return event(2, 'ACTIVITY_TASK_SCHEDULED', { activityId: '2', activityType: { name: 'charge' }, ...attributes });
}

function pending(attempt: number, type: string): WorkflowDescription {
  const lastFailure = { message: 'no', applicationFailureInfo: { type } };
  return { pendingActivities: [{ activityId: '2', state: 'PENDING_ACTIVITY_STATE_SCHEDULED', attempt, lastFailure }] };
}

function ofLength(events: number, bytes = 0): WorkflowDescription {
  return { workflowExecutionInfo: { historyLength: String(events), historySizeBytes: String(bytes) } };
}

function failedTask(cause: string): readonly HistoryEvent[] {
  return [
    event(2, 'WORKFLOW_TASK_SCHEDULED'),
    event(3, 'WORKFLOW_TASK_STARTED', { scheduledEventId: '2' }),
    event(4, 'WORKFLOW_TASK_FAILED', { scheduledEventId: '2', cause }),
  ];
}

function waited(ms: number): readonly HistoryEvent[] {
  return [
    event(2, 'ACTIVITY_TASK_SCHEDULED', { activityId: '2', activityType: { name: 'charge' } }, 0),
    event(3, 'ACTIVITY_TASK_STARTED', { scheduledEventId: '2', attempt: 1 }, ms),
  ];
}

function sized(bytes: number): readonly HistoryEvent[] {
  return [scheduled({ input: payloads('x'.repeat(bytes - 2)) })];
}

function continued(id: number, ms: number, initiator = 'CONTINUE_AS_NEW_INITIATOR_WORKFLOW'): readonly HistoryEvent[] {
  return [event(id, 'WORKFLOW_EXECUTION_CONTINUED_AS_NEW', { initiator }, ms)];
}

const signal = (id: number) => event(id, 'WORKFLOW_EXECUTION_SIGNALED', { signalName: 'approve' });
const terminated = (id: number) => event(id, 'WORKFLOW_EXECUTION_TERMINATED');
const timer = (startToFireTimeout: string) => [event(2, 'TIMER_STARTED', { timerId: '1', startToFireTimeout })];
const NON_DETERMINISM = 'WORKFLOW_TASK_FAILED_CAUSE_NON_DETERMINISTIC_ERROR';
const OTHER_CAUSE = 'WORKFLOW_TASK_FAILED_CAUSE_WORKFLOW_WORKER_UNHANDLED_FAILURE';
const LATE = { ...{ scheduleToCloseTimeout: '30s', heartbeatTimeout: '1s' } };
const MEGABYTE = 1024 * 1024;

/** Each fires at its limit and not one short of it. */
const CASES: readonly { readonly id: string; readonly fires: readonly Run[]; readonly silent: readonly Run[] }[] = [
  {
    id: 'endless-retries',
    fires: [
      { events: [scheduled({})], description: pending(10, 'Unreachable') },
      { events: [scheduled({})], description: pending(3, 'TypeError') },
    ],
    silent: [
      { events: [scheduled({})], description: pending(9, 'Unreachable') },
      { events: [scheduled({})], description: pending(2, 'TypeError') },
      { events: [scheduled({ retryPolicy: { maximumAttempts: 99 } })], description: pending(10, 'Unreachable') },
      { events: [scheduled({ ...LATE })], description: pending(10, 'Unreachable') },
    ],
  },
  {
    id: 'no-heartbeat',
    fires: [{ events: [scheduled({ startToCloseTimeout: '300s', heartbeatTimeout: '0s' })] }],
    silent: [
      { events: [scheduled({ startToCloseTimeout: '299s' })] },
      { events: [scheduled({ startToCloseTimeout: '300s', heartbeatTimeout: '10s' })] },
    ],
  },
  {
    id: 'no-second-attempt',
    fires: [
      { events: [scheduled({ scheduleToCloseTimeout: '60s', startToCloseTimeout: '60s' })] },
      { events: [scheduled({ scheduleToCloseTimeout: '60s' })] },
    ],
    silent: [
      { events: [scheduled({ scheduleToCloseTimeout: '60s', startToCloseTimeout: '59s' })] },
      { events: [scheduled({ scheduleToCloseTimeout: '60s', retryPolicy: { maximumAttempts: 1 } })] },
      { events: [scheduled({ scheduleToCloseTimeout: '0s', startToCloseTimeout: '60s' })] },
    ],
  },
  {
    // Waits of 1, 2 and 4 seconds before the fourth attempt; of 1, 2 and 2 with a maximum.
    id: 'retries-cut-short',
    fires: [{ events: [scheduled({ ...LATE, scheduleToCloseTimeout: '7s', retryPolicy: { maximumAttempts: 4 } })] }],
    silent: [
      { events: [scheduled({ ...LATE, scheduleToCloseTimeout: '8s', retryPolicy: { maximumAttempts: 4 } })] },
      {
        events: [
          scheduled({ scheduleToCloseTimeout: '7s', retryPolicy: { maximumAttempts: 4, maximumInterval: '2s' } }),
        ],
      },
    ],
  },
  {
    id: 'long-queue-wait',
    fires: [{ events: waited(30_000) }, { events: waited(0).slice(0, 1), nowMs: 30_000 }],
    silent: [{ events: waited(29_999) }, { events: waited(0).slice(0, 1), nowMs: 29_999 }],
  },
  {
    id: 'non-determinism',
    fires: [{ events: failedTask(NON_DETERMINISM) }],
    silent: [{ events: failedTask(OTHER_CAUSE) }, { events: [...failedTask(NON_DETERMINISM), ...workflowTask(5)] }],
  },
  {
    id: 'workflow-task-failing',
    fires: [{ events: failedTask(OTHER_CAUSE) }],
    silent: [
      { events: failedTask(NON_DETERMINISM) },
      { events: [...failedTask(OTHER_CAUSE), ...workflowTask(5)] },
      { events: [...failedTask(OTHER_CAUSE), terminated(5)] },
    ],
  },
  {
    id: 'long-history',
    fires: [{ description: ofLength(10_240) }, { description: ofLength(5, 10 * MEGABYTE) }],
    silent: [
      { description: ofLength(10_239, 10 * MEGABYTE - 1) },
      { description: ofLength(40_960) },
      { description: ofLength(10_240), events: [terminated(2)] },
    ],
  },
  {
    id: 'history-near-limit',
    fires: [{ description: ofLength(40_960) }, { description: ofLength(5, 40 * MEGABYTE) }],
    silent: [{ description: ofLength(40_959, 40 * MEGABYTE - 1) }],
  },
  {
    id: 'frequent-continue-as-new',
    fires: [{ events: continued(99, 60_999) }],
    silent: [
      { events: continued(100, 2_000) },
      { events: continued(99, 61_000) },
      { events: continued(99, 2_000, 'CONTINUE_AS_NEW_INITIATOR_CRON_SCHEDULE') },
    ],
  },
  {
    id: 'unseen-signals',
    fires: [{ events: [...workflowTask(2), signal(5), terminated(6)] }],
    silent: [{ events: [...workflowTask(2), signal(5)] }, { events: [signal(2), ...workflowTask(3), terminated(6)] }],
  },
  {
    id: 'large-payloads',
    fires: [{ events: sized(512 * 1024 + 1) }],
    silent: [{ events: sized(512 * 1024) }],
  },
  {
    id: 'empty-timer',
    fires: [{ events: timer('0s') }, { events: timer('0.001s') }],
    silent: [{ events: timer('0.002s') }],
  },
];

for (const { id, fires, silent } of CASES) {
  test(`the rule ${id} speaks where it has to, and only there`, () => {
    for (const run of fires)
      assert.ok(
        adviceOn(run).some((each) => each.id === id),
        JSON.stringify(run).slice(0, 300),
      );
    for (const run of silent) {
      assert.ok(!adviceOn(run).some((each) => each.id === id), JSON.stringify(run).slice(0, 300));
    }
  });
}

test('a run that does nothing unusual gets no advice', () => {
  const events = [...workflowTask(2), event(5, 'WORKFLOW_EXECUTION_COMPLETED')];
  assert.deepEqual(adviceOn({ events }), []);
});

test('the gravest advice comes first, each with the steps that it is about', () => {
  const events = [
    ...failedTask(OTHER_CAUSE),
    event(5, 'TIMER_STARTED', { timerId: '1', startToFireTimeout: '0s' }),
    event(6, 'ACTIVITY_TASK_SCHEDULED', { activityId: '6', scheduleToCloseTimeout: '60s' }),
  ];
  assert.deepEqual(
    adviceOn({ events, description: ofLength(10_240) }).map(({ id, severity, groupIds }) => ({
      id,
      severity,
      groupIds,
    })),
    [
      { id: 'workflow-task-failing', severity: 'danger', groupIds: ['workflowTask:2'] },
      { id: 'long-history', severity: 'warning', groupIds: [] },
      { id: 'no-second-attempt', severity: 'warning', groupIds: ['activity:6'] },
      { id: 'empty-timer', severity: 'info', groupIds: ['timer:5'] },
    ],
  );
});

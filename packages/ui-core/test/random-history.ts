// Histories of any shape, for properties: things begin, go on and end in random order, and some never do.
import fc from 'fast-check';
import type { WorkflowDescription } from '../src/groups/description.ts';
import type { EventAttributes, HistoryEvent } from '../src/history/event.ts';
import type { EventType } from '../src/history/event-types.ts';
import { event, started, time } from './events.ts';

type Step = (headId: string) => readonly [EventType, EventAttributes];

const FAILURE = { message: 'no' };

/** What follows the head of a group, if it comes that far. */
const LIVES: readonly (readonly Step[])[] = [
  [
    () => ['ACTIVITY_TASK_SCHEDULED', { activityType: { name: 'charge' }, activityId: '1' }],
    (scheduledEventId) => ['ACTIVITY_TASK_STARTED', { scheduledEventId, attempt: 2 }],
    (scheduledEventId) => ['ACTIVITY_TASK_FAILED', { scheduledEventId, failure: FAILURE }],
  ],
  [
    () => ['TIMER_STARTED', { timerId: '1', startToFireTimeout: '5s' }],
    (startedEventId) => ['TIMER_FIRED', { startedEventId }],
  ],
  [
    () => ['WORKFLOW_TASK_SCHEDULED', {}],
    (scheduledEventId) => ['WORKFLOW_TASK_STARTED', { scheduledEventId }],
    (scheduledEventId) => ['WORKFLOW_TASK_COMPLETED', { scheduledEventId }],
  ],
  [
    () => ['START_CHILD_WORKFLOW_EXECUTION_INITIATED', { workflowId: 'c' }],
    (initiatedEventId) => ['CHILD_WORKFLOW_EXECUTION_STARTED', { initiatedEventId, workflowExecution: { runId: 'r' } }],
    (initiatedEventId) => ['CHILD_WORKFLOW_EXECUTION_TERMINATED', { initiatedEventId }],
  ],
  [
    (id) => ['WORKFLOW_EXECUTION_UPDATE_ACCEPTED', { protocolInstanceId: `u${id}` }],
    (id) => ['WORKFLOW_EXECUTION_UPDATE_COMPLETED', { meta: { updateId: `u${id}` }, outcome: { failure: FAILURE } }],
  ],
  [() => ['WORKFLOW_EXECUTION_SIGNALED', { signalName: 'pay' }]],
  [() => ['MARKER_RECORDED', { markerName: 'core_patch' }]],
  [() => ['WORKFLOW_PROPERTIES_MODIFIED', {}]],
];

/** Of at most 25 events, ids without gaps, closed or not. */
export function randomHistory(): fc.Arbitrary<HistoryEvent[]> {
  const choice = fc.record({ begin: fc.boolean(), which: fc.nat({ max: 100 }) });
  return fc.tuple(fc.array(choice, { maxLength: 23 }), fc.boolean()).map(([choices, closes]) => {
    const events = [started()];
    const open: { headId: string; rest: readonly Step[] }[] = [];
    for (const { begin, which } of choices) {
      const id = events.length + 1;
      const live = begin || open.length === 0 ? newLife(id, which) : open[which % open.length];
      const [step, ...rest] = live?.rest ?? [];
      if (live === undefined || step === undefined) continue;
      events.push(event(id, ...step(live.headId)));
      if (open.includes(live)) open.splice(open.indexOf(live), 1);
      if (rest.length > 0) open.push({ headId: live.headId, rest });
    }
    if (closes) events.push(event(events.length + 1, 'WORKFLOW_EXECUTION_COMPLETED'));
    return events;
  });
}

function newLife(id: number, which: number): { headId: string; rest: readonly Step[] } {
  return { headId: String(id), rest: LIVES[which % LIVES.length] ?? [] };
}

/** What a server may say of such a run: an activity and a child that are pending, or not, a workflow task, a pause. */
export function randomDescription(): fc.Arbitrary<WorkflowDescription> {
  const pendingActivity = fc.record({
    activityId: fc.constant('1'),
    state: fc.constantFrom('PENDING_ACTIVITY_STATE_STARTED', 'PENDING_ACTIVITY_STATE_SCHEDULED'),
    attempt: fc.integer({ min: 1, max: 3 }),
    lastStartedTime: fc.constant(time(30_000)),
  });
  const pendingChild = fc.record({ initiatedId: fc.nat({ max: 25 }).map(String), runId: fc.constant('r2') });
  return fc.record(
    {
      pendingActivities: fc.array(pendingActivity, { maxLength: 1 }),
      pendingChildren: fc.array(pendingChild, { maxLength: 2 }),
      pendingWorkflowTask: fc.record({ attempt: fc.integer({ min: 1, max: 3 }), scheduledTime: fc.constant(time(1)) }),
      workflowExtendedInfo: fc.constant({ pauseInfo: { reason: 'audit' } }),
    },
    { requiredKeys: [] },
  );
}

// A history as a sequence of steps that can be compared with those of another run: without what differs between any two
// runs of the same code (ids of events and runs, times, workers), and without the workflow tasks, whose number depends
// on when things happened.

import { normalizeMessage } from '../failures/normalize-message.ts';
import type { EventGroups } from '../groups/event-groups.ts';
import { attributesOf, type EventAttributes, eventIdOf, type HistoryEvent } from '../history/event.ts';
import { type EventType, eventTypeOf } from '../history/event-types.ts';
import { failureLine, rootFailure } from '../history/failures.ts';
import { markerOf } from '../history/markers.ts';

type Identity = Readonly<Record<string, string>>;

export interface Step {
  readonly event: HistoryEvent;
  /** The name of the event's type, and what else has to be the same. */
  readonly type: string;
  readonly identity: Identity;
  /** The workflow's code decided it; everything else happened to the workflow. */
  readonly isDecision: boolean;
}

const LEFT_OUT: ReadonlySet<EventType> = new Set([
  'WORKFLOW_TASK_SCHEDULED',
  'WORKFLOW_TASK_STARTED',
  'WORKFLOW_TASK_COMPLETED',
  'WORKFLOW_TASK_FAILED',
  'WORKFLOW_TASK_TIMED_OUT',
  // A retried activity writes it only at its end.
  'ACTIVITY_TASK_STARTED',
]);

export function stepsOf(groups: EventGroups): Step[] {
  return groups.events.filter(isStep).map((event) => {
    const attributes = attributesOf(event);
    return {
      event,
      type: (event.eventType ?? '').replace('EVENT_TYPE_', ''),
      identity: { ...headIdentity(groups, event), ...ownIdentity(attributes) },
      isDecision: attributes.workflowTaskCompletedEventId !== undefined,
    };
  });
}

function isStep({ eventType }: HistoryEvent): boolean {
  const type = eventTypeOf(eventType);
  return type === undefined || !LEFT_OUT.has(type);
}

/** An event that only points at another one is about what that is about. */
function headIdentity(groups: EventGroups, event: HistoryEvent): Identity {
  const group = groups.groupOf(eventIdOf(event));
  const head = group?.events[0];
  return head === undefined || group?.kind === 'workflow' ? {} : ownIdentity(attributesOf(head));
}

/** Workflow ids are left out: those of children and receivers are often made from the run's own. */
function ownIdentity(attributes: EventAttributes): Identity {
  const { activityType, activityId, timerId, startToFireTimeout, workflowType, signalName, markerName } = attributes;
  const update = attributes.acceptedRequest ?? attributes.request ?? attributes.rejectedRequest;
  const failure = rootFailure(attributes.failure ?? attributes.outcome?.failure);
  return given({
    'activity type': activityType?.name,
    'activity id': activityId,
    'timer id': timerId,
    'timer length': startToFireTimeout,
    'workflow type': workflowType?.name,
    signal: signalName,
    marker: markerName && markerOf(attributes).name,
    update: update?.input?.name,
    operation: [attributes.service, attributes.operation].filter(Boolean).join('.'),
    failure: failure && normalizeMessage(failureLine(failure)),
  });
}

function given(identity: Readonly<Record<string, string | undefined>>): Identity {
  return Object.fromEntries(
    Object.entries(identity).filter((entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== ''),
  );
}

export interface FieldDifference {
  readonly field: string;
  /** Empty: it has none. */
  readonly a: string;
  readonly b: string;
}

/** In what two steps differ; empty if they are the same step. */
export function stepDifferences(a: Step, b: Step): FieldDifference[] {
  if (a.type !== b.type) return [{ field: 'event', a: a.type, b: b.type }];
  const fields = new Set([...Object.keys(a.identity), ...Object.keys(b.identity)]);
  return [...fields]
    .map((field) => ({ field, a: a.identity[field] ?? '', b: b.identity[field] ?? '' }))
    .filter((difference) => difference.a !== difference.b);
}

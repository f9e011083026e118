// Which events make a group: the one that begins it, the one that says its work has begun, those that end it, and how
// each of them says which group it belongs to.
import { attributesOf, type EventAttributes, type HistoryEvent } from '../history/event.ts';
import { type EventType, eventTypeOf } from '../history/event-types.ts';
import { markerOf } from '../history/markers.ts';
import type { GroupKind, GroupStatus } from './group.ts';

export interface Shape {
  readonly head: EventType;
  readonly started?: EventType;
  readonly closed: Partial<Readonly<Record<EventType, GroupStatus>>>;
  readonly others?: readonly EventType[];
  /** Of an event that is not the head. */
  readonly headId: (attributes: EventAttributes) => string | undefined;
}

const ALONE = { closed: {}, headId: () => undefined };

/** All but markers, which are told apart by what is in them, and updates, which are told apart by their id. */
const SHAPES: Partial<Readonly<Record<GroupKind, Shape>>> = {
  workflowTask: {
    head: 'WORKFLOW_TASK_SCHEDULED',
    started: 'WORKFLOW_TASK_STARTED',
    closed: {
      WORKFLOW_TASK_COMPLETED: 'completed',
      WORKFLOW_TASK_FAILED: 'failed',
      WORKFLOW_TASK_TIMED_OUT: 'timedOut',
    },
    headId: (a) => a.scheduledEventId,
  },
  activity: {
    head: 'ACTIVITY_TASK_SCHEDULED',
    started: 'ACTIVITY_TASK_STARTED',
    closed: {
      ACTIVITY_TASK_COMPLETED: 'completed',
      ACTIVITY_TASK_FAILED: 'failed',
      ACTIVITY_TASK_TIMED_OUT: 'timedOut',
      ACTIVITY_TASK_CANCELED: 'canceled',
    },
    others: ['ACTIVITY_TASK_CANCEL_REQUESTED', 'ACTIVITY_PROPERTIES_MODIFIED_EXTERNALLY'],
    headId: (a) => a.scheduledEventId,
  },
  timer: {
    head: 'TIMER_STARTED',
    closed: { TIMER_FIRED: 'completed', TIMER_CANCELED: 'canceled' },
    headId: (a) => a.startedEventId,
  },
  child: {
    head: 'START_CHILD_WORKFLOW_EXECUTION_INITIATED',
    started: 'CHILD_WORKFLOW_EXECUTION_STARTED',
    closed: {
      START_CHILD_WORKFLOW_EXECUTION_FAILED: 'failed',
      CHILD_WORKFLOW_EXECUTION_COMPLETED: 'completed',
      CHILD_WORKFLOW_EXECUTION_FAILED: 'failed',
      CHILD_WORKFLOW_EXECUTION_CANCELED: 'canceled',
      CHILD_WORKFLOW_EXECUTION_TIMED_OUT: 'timedOut',
      CHILD_WORKFLOW_EXECUTION_TERMINATED: 'terminated',
    },
    headId: (a) => a.initiatedEventId,
  },
  nexusOperation: {
    head: 'NEXUS_OPERATION_SCHEDULED',
    started: 'NEXUS_OPERATION_STARTED',
    closed: {
      NEXUS_OPERATION_COMPLETED: 'completed',
      NEXUS_OPERATION_FAILED: 'failed',
      NEXUS_OPERATION_CANCELED: 'canceled',
      NEXUS_OPERATION_TIMED_OUT: 'timedOut',
    },
    others: [
      'NEXUS_OPERATION_CANCEL_REQUESTED',
      'NEXUS_OPERATION_CANCEL_REQUEST_COMPLETED',
      'NEXUS_OPERATION_CANCEL_REQUEST_FAILED',
    ],
    headId: (a) => a.scheduledEventId,
  },
  externalSignal: {
    head: 'SIGNAL_EXTERNAL_WORKFLOW_EXECUTION_INITIATED',
    closed: {
      EXTERNAL_WORKFLOW_EXECUTION_SIGNALED: 'completed',
      SIGNAL_EXTERNAL_WORKFLOW_EXECUTION_FAILED: 'failed',
    },
    headId: (a) => a.initiatedEventId,
  },
  externalCancel: {
    head: 'REQUEST_CANCEL_EXTERNAL_WORKFLOW_EXECUTION_INITIATED',
    closed: {
      EXTERNAL_WORKFLOW_EXECUTION_CANCEL_REQUESTED: 'completed',
      REQUEST_CANCEL_EXTERNAL_WORKFLOW_EXECUTION_FAILED: 'failed',
    },
    headId: (a) => a.initiatedEventId,
  },
  signal: { ...ALONE, head: 'WORKFLOW_EXECUTION_SIGNALED' },
  update: {
    head: 'WORKFLOW_EXECUTION_UPDATE_ADMITTED',
    started: 'WORKFLOW_EXECUTION_UPDATE_ACCEPTED',
    closed: { WORKFLOW_EXECUTION_UPDATE_COMPLETED: 'completed', WORKFLOW_EXECUTION_UPDATE_REJECTED: 'failed' },
    headId: () => undefined,
  },
  workflow: {
    head: 'WORKFLOW_EXECUTION_STARTED',
    closed: {
      WORKFLOW_EXECUTION_COMPLETED: 'completed',
      WORKFLOW_EXECUTION_FAILED: 'failed',
      WORKFLOW_EXECUTION_TIMED_OUT: 'timedOut',
      WORKFLOW_EXECUTION_CANCELED: 'canceled',
      WORKFLOW_EXECUTION_TERMINATED: 'terminated',
      WORKFLOW_EXECUTION_CONTINUED_AS_NEW: 'continuedAsNew',
    },
    headId: () => undefined,
  },
};

const MARKER: Shape = { ...ALONE, head: 'MARKER_RECORDED' };

export function shapeOf(kind: GroupKind): Shape {
  return SHAPES[kind] ?? MARKER;
}

const KINDS: ReadonlyMap<EventType, GroupKind> = new Map(
  (Object.entries(SHAPES) as [GroupKind, Shape][]).flatMap(([kind, { head, started, closed, others = [] }]) =>
    [head, ...(started ? [started] : []), ...(Object.keys(closed) as EventType[]), ...others].map(
      (type) => [type, kind] as const,
    ),
  ),
);

export interface Membership {
  readonly kind: GroupKind;
  readonly id: string;
}

/** Which group an event belongs to. What tells of nothing else is the run's own. */
export function membershipOf(event: HistoryEvent): Membership {
  const type = eventTypeOf(event.eventType);
  const attributes = attributesOf(event);
  if (type === 'MARKER_RECORDED') return { kind: markerOf(attributes).kind, id: `marker:${event.eventId}` };
  const kind = (type && KINDS.get(type)) ?? 'workflow';
  if (kind === 'workflow') return { kind, id: kind };
  if (kind === 'update') return { kind, id: `update:${updateId(attributes)}` };
  const { head, headId } = shapeOf(kind);
  return { kind, id: `${kind}:${type === head ? event.eventId : headId(attributes)}` };
}

function updateId({ request, protocolInstanceId, meta }: EventAttributes): string {
  return meta?.updateId ?? request?.meta?.updateId ?? protocolInstanceId ?? '';
}

// A group is what several events tell of one thing: an activity, a timer, a child. It is a row in an outline and a bar
// in a waterfall.
import type { Failure, HistoryEvent } from '../history/event.ts';
import type { MarkerKind } from '../history/markers.ts';

export type GroupKind =
  | 'workflow'
  | 'workflowTask'
  | 'activity'
  | 'timer'
  | 'child'
  | 'signal'
  | 'update'
  | 'nexusOperation'
  | 'externalSignal'
  | 'externalCancel'
  | MarkerKind;

export type GroupStatus =
  /** It waits for a worker, or for the other side; nothing says that it has begun. */
  | 'scheduled'
  | 'running'
  /** An attempt failed, and the next one waits for its time. */
  | 'backingOff'
  | 'paused'
  /** Also: fired, received, delivered. */
  | 'completed'
  | 'failed'
  | 'timedOut'
  | 'canceled'
  | 'terminated'
  | 'continuedAsNew'
  /** The run closed before this had ended. */
  | 'abandoned';

export type SegmentKind =
  /** Waits in a task queue, or for the other side. */
  | 'queued'
  /** One attempt. */
  | 'running'
  /** Earlier attempts and the waits between them, which a history does not tell apart. */
  | 'retrying'
  | 'backingOff'
  | 'paused'
  /** Of a timer. */
  | 'waiting';

/** A part of a group's bar. */
export interface Segment {
  readonly kind: SegmentKind;
  readonly fromMs: number;
  /** undefined: it goes on. */
  readonly toMs: number | undefined;
  /** It ended in a failure or a timeout. */
  readonly failed: boolean;
}

export interface EventGroup {
  /** Stays the same whatever is learned later. */
  readonly id: string;
  readonly kind: GroupKind;
  /** 0: no event tells of it yet (a retried workflow task). */
  readonly firstEventId: number;
  /** The type of the activity or child, the name of the signal, update or marker, the id of the timer. */
  readonly name: string;
  /** What tells it from others with that name: activity id, workflow id of the child or receiver, update id. */
  readonly instance: string;
  /** What a person should see: the user's summary, or the name and what distinguishes it. */
  readonly label: string;
  readonly status: GroupStatus;
  readonly scheduledMs: number | undefined;
  /** When its last attempt began. */
  readonly startedMs: number | undefined;
  readonly closedMs: number | undefined;
  /** Of a timer: when it fires. Of something that backs off: its next attempt. */
  readonly dueMs: number | undefined;
  /** How many attempts have begun, or wait to begin. */
  readonly attempt: number;
  /** 0: no limit, or not known. */
  readonly maximumAttempts: number;
  readonly lastFailure: Failure | undefined;
  readonly cancelRequested: boolean;
  readonly taskQueue: string;
  /** The child, or the workflow that is signalled or canceled. */
  readonly execution: GroupExecution | undefined;
  readonly segments: readonly Segment[];
  /** By id. */
  readonly events: readonly HistoryEvent[];
}

export interface GroupExecution {
  readonly namespace: string;
  readonly workflowId: string;
  /** Empty as long as it is not known. */
  readonly runId: string;
}

const OPEN: readonly GroupStatus[] = ['scheduled', 'running', 'backingOff', 'paused'];

export function isOpen({ status }: Pick<EventGroup, 'status'>): boolean {
  return OPEN.includes(status);
}

/** "activity", "child workflow", "Nexus operation" ... */
export function kindWords(kind: GroupKind): string {
  return KIND_WORDS[kind];
}

const KIND_WORDS: Readonly<Record<GroupKind, string>> = {
  workflow: 'workflow',
  workflowTask: 'workflow task',
  activity: 'activity',
  timer: 'timer',
  child: 'child workflow',
  signal: 'signal',
  update: 'update',
  nexusOperation: 'Nexus operation',
  externalSignal: 'external signal',
  externalCancel: 'external cancel',
  localActivity: 'local activity',
  version: 'version',
  sideEffect: 'side effect',
  marker: 'marker',
};

/** "completed", and for a timer "fired", for a signal "received" ... */
export function statusWords({ kind, status }: Pick<EventGroup, 'kind' | 'status'>): string {
  if (status === 'completed') return COMPLETED_WORDS[kind] ?? 'completed';
  if (status === 'scheduled' && kind === 'timer') return 'waiting';
  return STATUS_WORDS[status];
}

const COMPLETED_WORDS: Partial<Readonly<Record<GroupKind, string>>> = {
  timer: 'fired',
  signal: 'received',
  externalSignal: 'delivered',
  externalCancel: 'delivered',
  version: 'recorded',
  sideEffect: 'recorded',
  marker: 'recorded',
};

const STATUS_WORDS: Readonly<Record<GroupStatus, string>> = {
  scheduled: 'scheduled',
  running: 'running',
  backingOff: 'backing off',
  paused: 'paused',
  completed: 'completed',
  failed: 'failed',
  timedOut: 'timed out',
  canceled: 'canceled',
  terminated: 'terminated',
  continuedAsNew: 'continued as new',
  abandoned: 'abandoned',
};

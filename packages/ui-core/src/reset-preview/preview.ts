// What a reset would do, told before it is done: what is kept, what is done again, what is lost, and what of the
// messages since then the new run is told once more.
import type { EventGroups } from '../groups/event-groups.ts';
import { type EventGroup, type GroupKind, isOpen } from '../groups/group.ts';
import { attributesOf, eventIdOf } from '../history/event.ts';
import { eventTitle, eventTypeOf } from '../history/event-types.ts';
import { resetPoints, taskPendingAt } from './points.ts';

/** A reset that somebody thinks of. */
export interface ResetOptions {
  /** The first event that is not kept. */
  readonly finishEventId: number;
  readonly excludeSignals?: boolean;
  readonly excludeUpdates?: boolean;
}

/** What it would do. */
export interface ResetPreview {
  /** Events 1 to this one are kept. */
  readonly keptToEventId: number;
  readonly droppedEvents: number;
  /** The run is open: it is terminated. */
  readonly terminates: boolean;
  /** What the workflow's code had begun after the point. It is likely to begin it again. */
  readonly repeated: readonly EventGroup[];
  /** Of those, what had run already: what it did outside happens once more. */
  readonly repeatedEffects: readonly EventGroup[];
  /** Activities that had been scheduled before the point and had not ended: they begin with their first attempt. */
  readonly restarted: readonly EventGroup[];
  /** Activities whose start is kept and whose end is not: the new run records that they failed. */
  readonly cutOff: readonly EventGroup[];
  /** Children, timers and Nexus operations that were begun after the point and are open: the new run knows nothing of them. */
  readonly lost: readonly EventGroup[];
  /** Signals and updates that came after the point, and are recorded in the new run. */
  readonly reapplied: readonly EventGroup[];
  /** The same, but excluded. */
  readonly excluded: readonly EventGroup[];
}

/** Why a run cannot be reset to an event, as a sentence. undefined: it can be. */
export function resetProblem(finishEventId: number, groups: EventGroups): string | undefined {
  const lastId = eventIdOf(groups.events.at(-1) ?? {});
  if (!Number.isSafeInteger(finishEventId) || finishEventId <= 1) {
    return 'A run can be reset to an event after its first one.';
  }
  if (finishEventId > lastId) return `There is no event ${finishEventId}: the history ends with event ${lastId}.`;
  const event = groups.find(String(finishEventId));
  if (event === undefined) return `Event ${finishEventId} has not been loaded.`;
  if (taskPendingAt(finishEventId, groups) !== undefined) return undefined;
  const ids = resetPoints(groups).map((point) => point.finishEventId);
  const before = ids.findLast((id) => id < finishEventId);
  const after = ids.find((id) => id > finishEventId);
  const near = [before, after].filter((id) => id !== undefined);
  return `No workflow task was pending at event ${finishEventId} (${eventTitle(event.eventType)}): a run can be reset to the end of a workflow task. ${nearWords(near)}`;
}

function nearWords(ids: readonly number[]): string {
  if (ids.length === 0) return 'There is none in this history.';
  return ids.length === 1 ? `The nearest one is ${ids.join()}.` : `The nearest ones are ${ids.join(' and ')}.`;
}

/** undefined: it cannot be reset there (`resetProblem` says why). */
export function previewReset(groups: EventGroups, options: ResetOptions): ResetPreview | undefined {
  const { finishEventId, excludeSignals = false, excludeUpdates = false } = options;
  if (resetProblem(finishEventId, groups) !== undefined) return undefined;
  const all = groups.groups.filter(({ firstEventId }) => firstEventId > 0);
  const dropped = all.filter(({ firstEventId }) => firstEventId >= finishEventId);
  const messages = messagesAfter(all, finishEventId);
  const isExcluded = ({ kind }: EventGroup) => (kind === 'signal' ? excludeSignals : excludeUpdates);
  const repeated = dropped.filter(({ kind }) => DECIDED.includes(kind));
  const run = all.find(({ kind }) => kind === 'workflow');
  return {
    keptToEventId: finishEventId - 1,
    droppedEvents: groups.events.filter((event) => eventIdOf(event) >= finishEventId).length,
    terminates: run === undefined || run.closedMs === undefined,
    repeated,
    repeatedEffects: repeated.filter(hasRun),
    restarted: all.filter((group) => activityAt(group, finishEventId) === 'scheduled'),
    cutOff: all.filter((group) => activityAt(group, finishEventId) === 'started'),
    lost: dropped.filter((group) => OUTLIVING.includes(group.kind) && (isOpen(group) || group.status === 'abandoned')),
    reapplied: messages.filter((group) => !isExcluded(group)),
    excluded: messages.filter(isExcluded),
  };
}

/** Begun by the workflow's code. */
const DECIDED: readonly GroupKind[] = [
  'activity',
  'localActivity',
  'timer',
  'child',
  'nexusOperation',
  'externalSignal',
  'externalCancel',
];

const OUTLIVING: readonly GroupKind[] = ['child', 'timer', 'nexusOperation'];

function hasRun({ kind, startedMs, attempt, status }: EventGroup): boolean {
  if (kind === 'timer') return false;
  return kind === 'activity' ? startedMs !== undefined || attempt > 1 : status !== 'scheduled';
}

/** What the kept events say of an activity that had not ended before the point. */
function activityAt({ kind, events }: EventGroup, finishEventId: number): 'scheduled' | 'started' | undefined {
  const kept = events.filter((event) => eventIdOf(event) < finishEventId).map(({ eventType = '' }) => eventType);
  if (kind !== 'activity' || kept.length === 0 || kept.some((type) => ACTIVITY_END.test(type))) return undefined;
  return kept.includes('EVENT_TYPE_ACTIVITY_TASK_STARTED') ? 'started' : 'scheduled';
}

const ACTIVITY_END = /TASK_(COMPLETED|FAILED|TIMED_OUT|CANCELED)$/;

/** An update that was admitted or accepted before the point is in the kept events. */
function messagesAfter(all: readonly EventGroup[], finishEventId: number): EventGroup[] {
  return all.filter(({ kind, firstEventId, events }) => {
    if (firstEventId < finishEventId) return false;
    if (kind === 'signal') return true;
    return kind === 'update' && events.some(isRequest);
  });
}

/** Only with its request can an update be asked for again. */
function isRequest(event: EventGroup['events'][number]): boolean {
  const { request, acceptedRequest } = attributesOf(event);
  const type = eventTypeOf(event.eventType);
  if (type === 'WORKFLOW_EXECUTION_UPDATE_ADMITTED') return request !== undefined;
  return type === 'WORKFLOW_EXECUTION_UPDATE_ACCEPTED' && acceptedRequest !== undefined;
}

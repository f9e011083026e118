// Where a run can be reset to: the workflow tasks of its history, each told by what it was about to decide.
//
// A reset names the first event that is not kept. It must be one at which a workflow task was pending: usually the one
// with which the task ended.
import { wakeUpOf } from '../critical-path/wake-ups.ts';
import type { EventGroups } from '../groups/event-groups.ts';
import { type EventGroup, kindWords, statusWords } from '../groups/group.ts';
import { enumWords } from '../history/enum-words.ts';
import { attributesOf, eventIdOf, type HistoryEvent } from '../history/event.ts';
import { eventTitle, eventTypeOf } from '../history/event-types.ts';

/** A place in a history that a run can be reset to. */
export interface ResetPoint {
  /** `workflow_task_finish_event_id`: the first event that is not kept. */
  readonly finishEventId: number;
  readonly task: EventGroup;
  /** "before activity ChargeCard was scheduled" */
  readonly words: string;
  /** What woke the workflow for this task: "after signal pay was received". Empty if it is not in the events. */
  readonly after: string;
}

/** All there are in the events at hand, in their order. */
export function resetPoints(groups: EventGroups): ResetPoint[] {
  return groups.groups.flatMap((task) => {
    const finishEventId = task.kind === 'workflowTask' ? finishOf(task) : undefined;
    if (finishEventId === undefined || groups.find(String(finishEventId)) === undefined) return [];
    return [{ finishEventId, task, words: pointWords(task, finishEventId, groups), after: afterWords(task, groups) }];
  });
}

/**
 * The point that a person most likely means: of a run that failed of an activity or a child, the one before that was
 * scheduled, so that it is done again; otherwise the last one.
 */
export function likelyPoint(points: readonly ResetPoint[], groups: EventGroups): ResetPoint | undefined {
  const run = groups.groups.find(({ kind }) => kind === 'workflow');
  const failed = run?.status !== 'failed' ? undefined : groups.groups.findLast(isFailedWork);
  const decidedBy = failed?.events[0] && attributesOf(failed.events[0]).workflowTaskCompletedEventId;
  return points.find(({ finishEventId }) => String(finishEventId) === decidedBy) ?? points.at(-1);
}

function isFailedWork({ kind, status }: EventGroup): boolean {
  return (kind === 'activity' || kind === 'child') && (status === 'failed' || status === 'timedOut');
}

/** The event that ended it, or with which it is in a worker's hands. */
function finishOf({ events }: EventGroup): number | undefined {
  const last = events.length > 1 ? events.at(-1) : undefined;
  return last && eventIdOf(last);
}

/** The task that is pending where the events before this one end. */
export function taskPendingAt(finishEventId: number, groups: EventGroups): EventGroup | undefined {
  return groups.groups.find((group) => {
    if (group.kind !== 'workflowTask' || group.firstEventId === 0 || group.firstEventId >= finishEventId) return false;
    const end = group.closedMs === undefined ? undefined : group.events.at(-1);
    return group.status === 'abandoned' || end === undefined || eventIdOf(end) >= finishEventId;
  });
}

function pointWords(task: EventGroup, finishEventId: number, groups: EventGroups): string {
  const finish = groups.find(String(finishEventId));
  const { cause, timeoutType } = finish === undefined ? {} : attributesOf(finish);
  switch (eventTypeOf(finish?.eventType)) {
    case 'WORKFLOW_TASK_FAILED':
      return `where the workflow task failed: ${enumWords(cause, 'WORKFLOW_TASK_FAILED_CAUSE') || 'no cause given'}`;
    case 'WORKFLOW_TASK_TIMED_OUT':
      return `where the workflow task timed out: ${enumWords(timeoutType, 'TIMEOUT_TYPE') || 'no type given'}`;
    case 'WORKFLOW_TASK_COMPLETED':
      return `before ${decisionWords(finishEventId, groups)}`;
    default:
      return task.status === 'abandoned' ? 'at the last workflow task' : 'at the workflow task that is running';
  }
}

const SHOWN_MAX = 2;

/** What a completed task decided: the events that follow it and name it. */
function decisionWords(completedId: number, groups: EventGroups): string {
  const decisions: string[] = [];
  for (let id = completedId + 1; ; id += 1) {
    const event = groups.find(String(id));
    const group = groups.groupOf(id);
    if (event === undefined || group === undefined || !isDecision(event, completedId)) break;
    decisions.push(`${thing(group)} ${verb(event, group)}`);
  }
  if (decisions.length === 0) return 'a workflow task that decided nothing';
  const shown = decisions.slice(0, SHOWN_MAX).join(', ');
  return decisions.length > SHOWN_MAX ? `${shown}, and ${decisions.length - SHOWN_MAX} more` : shown;
}

function isDecision(event: HistoryEvent, completedId: number): boolean {
  const type = eventTypeOf(event.eventType);
  if (type === 'WORKFLOW_EXECUTION_UPDATE_ACCEPTED' || type === 'WORKFLOW_EXECUTION_UPDATE_COMPLETED') return true;
  return attributesOf(event).workflowTaskCompletedEventId === String(completedId);
}

function thing(group: EventGroup): string {
  if (group.kind === 'workflow') return 'the workflow';
  return `${kindWords(group.kind)} ${group.label}`.trim();
}

function verb(event: HistoryEvent, { kind }: EventGroup): string {
  const words = eventTitle(event.eventType);
  if (kind === 'workflow' && END.test(words)) return words.replace('workflow ', '');
  const [last = ''] = /(cancel requested|\w+)$/.exec(words) ?? [];
  // A history has two events for what is sent to others; people know only that it is done.
  if (last === 'initiated') return kind === 'child' ? 'was started' : 'was sent';
  return `was ${last}`;
}

const END = /^workflow (completed|failed|canceled|continued as new)$/;

function afterWords(task: EventGroup, groups: EventGroups): string {
  const wakeUp = wakeUpOf(task, groups);
  switch (wakeUp?.kind) {
    case undefined:
      return '';
    case 'start':
      return 'after the start';
    case 'workflowTask':
      return `after a workflow task that ${statusWords(wakeUp.group)}`;
    case 'message':
      return wakeUp.group.kind === 'workflow'
        ? `after ${eventTitle(wakeUp.event.eventType)}`
        : `after ${thing(wakeUp.group)} ${wakeUp.group.kind === 'signal' ? 'was received' : 'came'}`;
    case 'work': {
      const hasOnlyBegun = wakeUp.event.eventType?.endsWith('_STARTED') === true;
      return `after ${thing(wakeUp.group)} ${hasOnlyBegun ? 'started' : statusWords(wakeUp.group)}`;
    }
  }
}

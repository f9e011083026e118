// How a run ended. Of a failed one: the chain of its failure, from the workflow down to the activity or the child where
// it began, with what the history knows of these.
import type { EventGroups } from '../groups/event-groups.ts';
import type { EventGroup, GroupExecution } from '../groups/group.ts';
import { attributesOf, eventIdOf, type Failure, type HistoryEvent } from '../history/event.ts';
import { eventTypeOf } from '../history/event-types.ts';
import { failureChain, namesWork } from '../history/failures.ts';
import type { Cause } from './cause.ts';
import { abandonedCauses } from './open.ts';

export interface ClosedRun {
  readonly closing: HistoryEvent;
  readonly groups: EventGroups;
}

export function closedCauses(run: ClosedRun): Cause[] {
  const { closing, groups } = run;
  const { identity = '', reason = '', retryState = '', failure = {}, newExecutionRunId = '' } = attributesOf(closing);
  switch (eventTypeOf(closing.eventType)) {
    case 'WORKFLOW_EXECUTION_FAILED':
      return [{ kind: 'failed', failure, retryState, causes: failureCauses(run, failure) }];
    case 'WORKFLOW_EXECUTION_TIMED_OUT':
      return [{ kind: 'timedOut', retryState, causes: abandonedCauses(groups) }];
    case 'WORKFLOW_EXECUTION_TERMINATED':
      return [{ kind: 'terminated', identity, reason, causes: abandonedCauses(groups) }];
    case 'WORKFLOW_EXECUTION_CANCELED':
      return [{ kind: 'canceled', ...cancelRequest(groups), causes: [] }];
    case 'WORKFLOW_EXECUTION_CONTINUED_AS_NEW':
      return [{ kind: 'continuedAsNew', runId: newExecutionRunId, causes: [] }];
    default:
      return [{ kind: 'completed', causes: [] }];
  }
}

function cancelRequest({ groups }: EventGroups): { readonly identity: string; readonly reason: string } {
  const run = groups.find(({ kind }) => kind === 'workflow');
  const request = run?.events.find(({ eventType }) => eventType?.endsWith('_CANCEL_REQUESTED'));
  const { identity = '', cause = '' } = request === undefined ? {} : attributesOf(request);
  return { identity, reason: cause };
}

function failureCauses(run: ClosedRun, failure: Failure): Cause[] {
  const [first, ...rest] = failureChain(failure);
  // What the workflow's own code says is in the `failed` above already.
  const chain = first !== undefined && namesWork(first) ? [first, ...rest] : rest;
  const causes = chainCauses(run.groups, chain);
  return chain.some(namesWork) ? causes : [...causes, ...suspects(run)];
}

/** Each link is the cause of the one before. */
function chainCauses(groups: EventGroups, chain: readonly Failure[]): Cause[] {
  const [link, ...rest] = chain;
  return link === undefined ? [] : [linkCause(groups, link, chainCauses(groups, rest))];
}

function linkCause(groups: EventGroups, failure: Failure, causes: readonly Cause[]): Cause {
  const { activityFailureInfo: activity, childWorkflowExecutionFailureInfo: child } = failure;
  const operation = failure.nexusOperationExecutionFailureInfo;
  if (activity !== undefined) {
    const group = groups.groupOf(Number(activity.scheduledEventId));
    const { activityId = '', activityType, retryState = '' } = activity;
    const name = activityType?.name ?? group?.name ?? '';
    return { kind: 'activityFailed', group, activityType: name, activityId, retryState, named: true, causes };
  }
  if (child !== undefined) {
    const group = groups.groupOf(Number(child.initiatedEventId));
    const { workflowExecution, workflowType, namespace = '', retryState = '' } = child;
    const { workflowId = '', runId = '' } = workflowExecution ?? {};
    const follow = { namespace, workflowId, runId };
    const name = workflowType?.name ?? group?.name ?? '';
    return { kind: 'childFailed', group, workflowType: name, follow, retryState, named: true, causes };
  }
  if (operation !== undefined) {
    const group = groups.groupOf(Number(operation.scheduledEventId));
    const name = [operation.service, operation.operation].filter(Boolean).join('.');
    return { kind: 'nexusOperationFailed', group, operation: name, named: true, causes };
  }
  return { kind: 'failure', failure, causes };
}

/**
 * The workflow's code threw a failure of its own. If something failed that it learned of only in its last workflow
 * task, it is likely to be the reason.
 */
function suspects({ closing, groups }: ClosedRun): Cause[] {
  const tasks = groups.groups.filter(({ kind, events }) => kind === 'workflowTask' && events.length > 0);
  const completedId = Number(attributesOf(closing).workflowTaskCompletedEventId);
  const last = tasks.findIndex(({ events }) => events.some((event) => eventIdOf(event) === completedId));
  const startedId = idBefore(tasks[last]);
  const learnedBefore = lastId(tasks[last - 1]);
  const failed = groups.groups.findLast((group) => {
    const id = lastId(group);
    return FAILING.includes(group.kind) && hasFailed(group) && id > learnedBefore && id < startedId;
  });
  return failed === undefined ? [] : [suspect(failed, chainCauses(groups, failureChain(failed.lastFailure)))];
}

const FAILING: readonly EventGroup['kind'][] = ['activity', 'child', 'nexusOperation', 'localActivity'];

function hasFailed({ status }: EventGroup): boolean {
  return status === 'failed' || status === 'timedOut';
}

function lastId(group: EventGroup | undefined): number {
  const event = group?.events.at(-1);
  return event === undefined ? 0 : eventIdOf(event);
}

/** Of the event before the last: a workflow task's start. */
function idBefore(task: EventGroup | undefined): number {
  const event = task?.events.at(-2);
  return event === undefined ? 0 : eventIdOf(event);
}

const NOWHERE: GroupExecution = { namespace: '', workflowId: '', runId: '' };

function suspect(group: EventGroup, causes: readonly Cause[]): Cause {
  const end = group.events.at(-1);
  const retryState = (end && attributesOf(end).retryState) ?? '';
  const { kind, name, instance, execution } = group;
  if (kind === 'child') {
    const follow = execution ?? NOWHERE;
    return { kind: 'childFailed', group, workflowType: name, follow, retryState, named: false, causes };
  }
  if (kind === 'nexusOperation') return { kind: 'nexusOperationFailed', group, operation: name, named: false, causes };
  return { kind: 'activityFailed', group, activityType: name, activityId: instance, retryState, named: false, causes };
}

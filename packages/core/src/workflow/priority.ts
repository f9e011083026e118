// Priority and fairness: what may be asked for, and what is inherited.

import type { Priority as WirePriority } from '@perdure/api/common';
import type { Init } from '@perdure/api/wire';
import { byteLength } from './checks.ts';
import type { Activity, Priority, WorkflowState } from './state.ts';

export const FAIRNESS_KEY_LENGTH_MAX = 64;

/** What is wrong with a priority (texts that clients know), or undefined. */
export function checkPriority(priority: Init<WirePriority> | undefined): string | undefined {
  if (priority === undefined) return undefined;
  if ((priority.priorityKey ?? 0) < 0) return "priority key can't be negative";
  if (byteLength(priority.fairnessKey ?? '') > FAIRNESS_KEY_LENGTH_MAX) return 'fairness key length exceeds limit';
  return (priority.fairnessWeight ?? 0) < 0 ? 'must be greater than zero' : undefined;
}

export function fromWirePriority(priority: Init<WirePriority> | undefined): Priority | undefined {
  if (priority === undefined) return undefined;
  const { priorityKey = 0, fairnessKey = '', fairnessWeight = 0 } = priority;
  return { priorityKey, fairnessKey, fairnessWeight };
}

/** What `own` does not say it has from the workflow that it belongs to, field by field. */
export function inheritPriority(workflow: Priority | undefined, own: Priority | undefined): Priority | undefined {
  if (own === undefined || workflow === undefined) return own ?? workflow;
  return {
    priorityKey: own.priorityKey || workflow.priorityKey,
    fairnessKey: own.fairnessKey || workflow.fairnessKey,
    fairnessWeight: own.fairnessWeight || workflow.fairnessWeight,
  };
}

export function activityPriority(state: WorkflowState, activity: Activity): Priority | undefined {
  return inheritPriority(state.priority, activity.priority);
}

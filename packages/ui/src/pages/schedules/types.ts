// Schedules as the API's JSON has them, as far as these pages read them.
import type { ScheduleSpec } from '@perdure/ui-core';
import type { Memo, SearchAttributes, WorkflowExecution } from '../../api/types.ts';
import type { NewWorkflow } from '../start/workflow-form.ts';

export interface SchedulePolicies {
  /** `SCHEDULE_OVERLAP_POLICY_…` */
  readonly overlapPolicy?: string;
  readonly catchupWindow?: string;
  readonly pauseOnFailure?: boolean;
}

export interface ScheduleState {
  readonly notes?: string;
  readonly paused?: boolean;
  readonly limitedActions?: boolean;
  readonly remainingActions?: string;
}

/** The server may know more fields than these: what is sent back has all that came. */
export interface Schedule {
  readonly spec?: ScheduleSpec;
  readonly action?: { readonly startWorkflow?: NewWorkflow };
  readonly policies?: SchedulePolicies;
  readonly state?: ScheduleState;
}

export interface ScheduleAction {
  readonly scheduleTime?: string;
  readonly actualTime?: string;
  readonly startWorkflowResult?: WorkflowExecution;
  /** `WORKFLOW_EXECUTION_STATUS_…` */
  readonly startWorkflowStatus?: string;
}

export interface ScheduleInfo {
  readonly actionCount?: string;
  readonly missedCatchupWindow?: string;
  readonly overlapSkipped?: string;
  readonly bufferDropped?: string;
  readonly bufferSize?: string;
  readonly runningWorkflows?: readonly WorkflowExecution[];
  readonly recentActions?: readonly ScheduleAction[];
  readonly futureActionTimes?: readonly string[];
  readonly createTime?: string;
  readonly updateTime?: string;
}

export interface ScheduleDescription {
  readonly schedule?: Schedule;
  readonly info?: ScheduleInfo;
  readonly memo?: Memo;
  readonly searchAttributes?: SearchAttributes;
  readonly conflictToken?: string;
}

export interface ScheduleListEntry {
  readonly scheduleId?: string;
  readonly info?: {
    readonly spec?: ScheduleSpec;
    readonly workflowType?: { readonly name?: string };
    readonly notes?: string;
    readonly paused?: boolean;
    readonly recentActions?: readonly ScheduleAction[];
    readonly futureActionTimes?: readonly string[];
  };
}

export interface ListSchedulesReply {
  readonly schedules?: readonly ScheduleListEntry[];
  readonly nextPageToken?: string;
}

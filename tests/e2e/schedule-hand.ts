// Schedules by hand: requests as the tests spell them, and the workflow tasks of what they start.

import assert from 'node:assert/strict';
import type { temporal } from '@temporalio/proto';
import proto from '@temporalio/proto';
import { Hand, type HistoryEvent } from './hand.ts';
import { eventually, NAMESPACE, unique } from './harness.ts';

type Patch = temporal.api.schedule.v1.ISchedulePatch;
type Schedule = temporal.api.schedule.v1.ISchedule;
type Spec = temporal.api.schedule.v1.IScheduleSpec;
type Create = temporal.api.workflowservice.v1.ICreateScheduleRequest;
type NewWorkflow = temporal.api.workflow.v1.INewWorkflowExecutionInfo;

export const { ScheduleOverlapPolicy: Overlap, WorkflowExecutionStatus: Status } = proto.temporal.api.enums.v1;

export const EVERY_SECOND: Spec = { interval: [{ interval: { seconds: 1 as unknown as Long } }] };
/** Never by itself, within the life of a test. */
export const RARELY: Spec = { structuredCalendar: [{ year: [{ start: 2099 }] }] };
type Long = NonNullable<NonNullable<NonNullable<Spec['interval']>[number]['interval']>['seconds']>;

export const { SCHEDULE_OVERLAP_POLICY_ALLOW_ALL: ALLOW_ALL } = Overlap;

export class ScheduleHand extends Hand {
  readonly scheduleId = unique('schedule');

  get ref() {
    return { namespace: NAMESPACE, scheduleId: this.scheduleId };
  }

  schedule(spec: Spec, more: Schedule = {}, workflow: NewWorkflow = {}): Schedule {
    const { workflowId, taskQueue } = this;
    const startWorkflow = { workflowId, workflowType: { name: 'Type' }, taskQueue: { name: taskQueue }, ...workflow };
    return { spec, action: { startWorkflow }, ...more };
  }

  create(spec: Spec, more: Schedule = {}, request: Create = {}) {
    const schedule = this.schedule(spec, more);
    return this.raw.workflow.createSchedule({ ...this.ref, requestId: unique('request'), schedule, ...request });
  }

  update(schedule: Schedule, request: temporal.api.workflowservice.v1.IUpdateScheduleRequest = {}) {
    return this.raw.workflow.updateSchedule({ ...this.ref, requestId: unique('request'), schedule, ...request });
  }

  describeSchedule() {
    return this.raw.workflow.describeSchedule(this.ref);
  }

  async info() {
    const { info } = await this.describeSchedule();
    assert(info);
    return info;
  }

  patch(patch: Patch, requestId = unique('request')) {
    return this.raw.workflow.patchSchedule({ ...this.ref, requestId, patch });
  }

  trigger(overlapPolicy: number = Overlap.SCHEDULE_OVERLAP_POLICY_UNSPECIFIED) {
    return this.patch({ triggerImmediately: { overlapPolicy } });
  }

  deleteSchedule() {
    return this.raw.workflow.deleteSchedule(this.ref);
  }

  /** The workflow ids of its latest actions, when there have been so many in all. */
  async actions(count: number): Promise<string[]> {
    return eventually(`${count} actions`, async () => {
      const { actionCount, recentActions } = await this.info();
      if (Number(actionCount) < count) return undefined;
      assert.equal(Number(actionCount), count);
      return (recentActions ?? []).map(({ startWorkflowResult }) => startWorkflowResult?.workflowId ?? '');
    });
  }

  /** Of its latest actions. */
  async statuses(): Promise<number[]> {
    return ((await this.info()).recentActions ?? []).map(({ startWorkflowStatus }) => startWorkflowStatus ?? 0);
  }

  async firstEvent(workflowId: string): Promise<HistoryEvent> {
    const { history } = await this.raw.workflow.getWorkflowExecutionHistory({
      namespace: NAMESPACE,
      execution: { workflowId },
    });
    const [event] = history?.events ?? [];
    assert(event);
    return event;
  }

  terminate(workflowId: string) {
    return this.raw.workflow.terminateWorkflowExecution({ namespace: NAMESPACE, workflowExecution: { workflowId } });
  }
}

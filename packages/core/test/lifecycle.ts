// The grammar of a history: ids without gaps, everything that begins ends at most once and after its beginning, every
// back reference leads to the event it means, nothing follows the end. Feed it events in order; it throws at the first
// that does not fit.
import assert from 'node:assert/strict';
import { EventType, EventTypeNames, TimeoutType } from '@perdure/api/enums';
import type { HistoryEvent } from '@perdure/api/history';

interface Pending {
  startedEventId: number;
  cancelRequestedEventId: number;
  closed: boolean;
}

const CLOSING = new Set<number>([
  EventType.WORKFLOW_EXECUTION_COMPLETED,
  EventType.WORKFLOW_EXECUTION_FAILED,
  EventType.WORKFLOW_EXECUTION_TIMED_OUT,
  EventType.WORKFLOW_EXECUTION_CANCELED,
  EventType.WORKFLOW_EXECUTION_TERMINATED,
  EventType.WORKFLOW_EXECUTION_CONTINUED_AS_NEW,
]);

export class Lifecycle {
  #nextEventId = 1;
  #closed = false;
  #task: { scheduledEventId: number; startedEventId: number } | undefined;
  #completedEventId = 0;
  readonly #activities = new Map<number, Pending>();
  readonly #timers = new Map<number, { readonly timerId: string; ended: boolean }>();
  readonly #children = new Map<number, { startedEventId: number; closed: boolean }>();
  /** Signals and cancel requests to others, by the event that asked; true: answered. */
  readonly #asked = new Map<number, boolean>();
  #cancelRequests = 0;
  /** By update id: the event that accepted it, 0 before that, and whether it is completed. */
  readonly #updates = new Map<string, { acceptedEventId: number; completed: boolean }>();

  get isClosed(): boolean {
    return this.#closed;
  }

  add(event: HistoryEvent): void {
    const name = EventTypeNames.name(event.eventType);
    assert.equal(event.eventId, this.#nextEventId, `id of ${name}`);
    assert.ok(!this.#closed, `${name} after the run has closed`);
    assert.equal(event.eventId === 1, event.eventType === EventType.WORKFLOW_EXECUTION_STARTED, 'the first event');
    this.#nextEventId++;
    this.#workflowTask(event);
    this.#activity(event);
    this.#timer(event);
    this.#child(event);
    this.#external(event);
    this.#causedByTask(event);
    this.#update(event);
    if (event.eventType === EventType.WORKFLOW_EXECUTION_CANCEL_REQUESTED) this.#cancelRequests++;
    assert.ok(this.#cancelRequests <= 1, 'one cancel request per run');
    if (!CLOSING.has(event.eventType)) return;
    this.#closed = true;
    assert.ok((this.#task?.startedEventId ?? 0) === 0, 'the run closed while a workflow task was started');
  }

  #workflowTask(event: HistoryEvent): void {
    const started = event.workflowTaskStartedEventAttributes;
    const completed = event.workflowTaskCompletedEventAttributes;
    const timedOut = event.workflowTaskTimedOutEventAttributes;
    const ended = completed ?? timedOut ?? event.workflowTaskFailedEventAttributes;
    if (event.workflowTaskScheduledEventAttributes !== undefined) {
      assert.equal(this.#task, undefined, 'a second workflow task');
      this.#task = { scheduledEventId: event.eventId, startedEventId: 0 };
    } else if (started !== undefined) {
      assert.ok(this.#task, 'a workflow task started that was not scheduled');
      assert.deepEqual(this.#task, { scheduledEventId: started.scheduledEventId, startedEventId: 0 });
      this.#task.startedEventId = event.eventId;
    } else if (ended !== undefined) {
      const { scheduledEventId, startedEventId } = ended;
      assert.deepEqual(this.#task, { scheduledEventId, startedEventId }, 'the end of another workflow task');
      const unstarted = timedOut?.timeoutType === TimeoutType.SCHEDULE_TO_START;
      assert.equal(startedEventId === 0, unstarted, 'only a schedule-to-start timeout ends a task that did not start');
      this.#task = undefined;
      if (completed !== undefined) this.#completedEventId = event.eventId;
    }
  }

  #activity(event: HistoryEvent): void {
    const started = event.activityTaskStartedEventAttributes;
    const cancelRequested = event.activityTaskCancelRequestedEventAttributes;
    const canceled = event.activityTaskCanceledEventAttributes;
    const closed =
      event.activityTaskCompletedEventAttributes ??
      event.activityTaskFailedEventAttributes ??
      event.activityTaskTimedOutEventAttributes ??
      canceled;
    if (event.activityTaskScheduledEventAttributes !== undefined) {
      this.#activities.set(event.eventId, { startedEventId: 0, cancelRequestedEventId: 0, closed: false });
    }
    if (started !== undefined) {
      const activity = this.#open(started.scheduledEventId);
      assert.equal(activity.startedEventId, 0, 'an activity started twice');
      activity.startedEventId = event.eventId;
    }
    if (cancelRequested !== undefined) {
      const activity = this.#activities.get(cancelRequested.scheduledEventId);
      assert.ok(activity, 'a cancel request for something that is no activity');
      activity.cancelRequestedEventId = event.eventId;
    }
    if (closed !== undefined) {
      const activity = this.#open(closed.scheduledEventId);
      assert.equal(closed.startedEventId, activity.startedEventId, 'started id of a closed activity');
      activity.closed = true;
      if (canceled === undefined) return;
      assert.equal(canceled.latestCancelRequestedEventId, activity.cancelRequestedEventId);
      assert.notEqual(activity.cancelRequestedEventId, 0, 'cancelled without a request');
    }
  }

  #open(scheduledEventId: number): Pending {
    const activity = this.#activities.get(scheduledEventId);
    assert.ok(activity, `no activity was scheduled by event ${scheduledEventId}`);
    assert.ok(!activity.closed, `the activity of event ${scheduledEventId} has closed already`);
    return activity;
  }

  #timer(event: HistoryEvent): void {
    const started = event.timerStartedEventAttributes;
    const ended = event.timerFiredEventAttributes ?? event.timerCanceledEventAttributes;
    if (started !== undefined) this.#timers.set(event.eventId, { timerId: started.timerId, ended: false });
    if (ended === undefined) return;
    const timer = this.#timers.get(ended.startedEventId);
    assert.ok(timer, `no timer was started by event ${ended.startedEventId}`);
    assert.equal(timer.timerId, ended.timerId);
    assert.ok(!timer.ended, `timer ${ended.timerId} ended twice`);
    timer.ended = true;
  }

  #update(event: HistoryEvent): void {
    const admitted = event.workflowExecutionUpdateAdmittedEventAttributes;
    const accepted = event.workflowExecutionUpdateAcceptedEventAttributes;
    const completed = event.workflowExecutionUpdateCompletedEventAttributes;
    if (admitted !== undefined) {
      this.#updates.set(admitted.request?.meta?.updateId ?? '', { acceptedEventId: 0, completed: false });
    }
    if (accepted !== undefined) {
      const { protocolInstanceId: id, acceptedRequest } = accepted;
      const known = this.#updates.get(id);
      assert.equal(known?.acceptedEventId ?? 0, 0, `update ${id} was accepted twice`);
      // One that was admitted by an event may have been rejected, which no event says, and asked for again.
      assert.ok(acceptedRequest !== undefined || known !== undefined, 'the request is in the history');
      assert.equal(this.#task, undefined, 'an update was accepted while a workflow task is pending');
      this.#updates.set(id, { acceptedEventId: event.eventId, completed: false });
    }
    if (completed === undefined) return;
    const update = this.#updates.get(completed.meta?.updateId ?? '');
    assert.equal(update?.completed, false, 'an update was completed that is not open');
    assert.equal(completed.acceptedEventId, update.acceptedEventId);
    assert.equal(this.#task, undefined, 'an update was completed while a workflow task is pending');
    update.completed = true;
  }

  #child(event: HistoryEvent): void {
    const started = event.childWorkflowExecutionStartedEventAttributes;
    const failed = event.startChildWorkflowExecutionFailedEventAttributes;
    const closed =
      event.childWorkflowExecutionCompletedEventAttributes ??
      event.childWorkflowExecutionFailedEventAttributes ??
      event.childWorkflowExecutionCanceledEventAttributes ??
      event.childWorkflowExecutionTimedOutEventAttributes ??
      event.childWorkflowExecutionTerminatedEventAttributes;
    if (event.startChildWorkflowExecutionInitiatedEventAttributes !== undefined) {
      this.#children.set(event.eventId, { startedEventId: 0, closed: false });
    }
    const ended = failed ?? closed;
    const initiatedEventId = (started ?? ended)?.initiatedEventId;
    if (initiatedEventId === undefined) return;
    const child = this.#children.get(initiatedEventId);
    assert.ok(child, `event ${initiatedEventId} asked for no child`);
    assert.ok(!child.closed, `the child of event ${initiatedEventId} has closed already`);
    if (started !== undefined) {
      assert.equal(child.startedEventId, 0, 'a child started twice');
      child.startedEventId = event.eventId;
    }
    if (failed !== undefined) assert.equal(child.startedEventId, 0, 'the start of a child failed after it had started');
    if (closed !== undefined) {
      assert.notEqual(child.startedEventId, 0, 'a child closed before it started');
      assert.equal(closed.startedEventId, child.startedEventId, 'started id of a closed child');
    }
    if (ended !== undefined) child.closed = true;
  }

  #external(event: HistoryEvent): void {
    const asks =
      event.signalExternalWorkflowExecutionInitiatedEventAttributes ??
      event.requestCancelExternalWorkflowExecutionInitiatedEventAttributes;
    if (asks !== undefined) this.#asked.set(event.eventId, false);
    const answer =
      event.externalWorkflowExecutionSignaledEventAttributes ??
      event.signalExternalWorkflowExecutionFailedEventAttributes ??
      event.externalWorkflowExecutionCancelRequestedEventAttributes ??
      event.requestCancelExternalWorkflowExecutionFailedEventAttributes;
    if (answer === undefined) return;
    assert.equal(this.#asked.get(answer.initiatedEventId), false, 'an answer to nothing, or a second one');
    this.#asked.set(answer.initiatedEventId, true);
  }

  /** What a command made names the completed task that it came with. */
  #causedByTask(event: HistoryEvent): void {
    const attributes =
      event.activityTaskScheduledEventAttributes ??
      event.activityTaskCancelRequestedEventAttributes ??
      event.timerStartedEventAttributes ??
      event.timerCanceledEventAttributes ??
      event.startChildWorkflowExecutionInitiatedEventAttributes ??
      event.signalExternalWorkflowExecutionInitiatedEventAttributes ??
      event.requestCancelExternalWorkflowExecutionInitiatedEventAttributes ??
      event.markerRecordedEventAttributes ??
      event.upsertWorkflowSearchAttributesEventAttributes ??
      event.workflowPropertiesModifiedEventAttributes ??
      event.workflowExecutionCompletedEventAttributes ??
      event.workflowExecutionFailedEventAttributes ??
      event.workflowExecutionCanceledEventAttributes;
    if (attributes === undefined) return;
    assert.equal(attributes.workflowTaskCompletedEventId, this.#completedEventId, 'the workflow task of a command');
    assert.equal(this.#task, undefined, 'a command carried out while a workflow task is pending');
  }
}

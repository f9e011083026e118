// Plays a worker by hand over the raw API: polls, answers with commands, and reads the history event by event.

import assert from 'node:assert/strict';
import type { temporal } from '@temporalio/proto';
import proto from '@temporalio/proto';
import { NAMESPACE, sharedServer, unique } from './harness.ts';
import { RawClient } from './raw.ts';

export type HistoryEvent = temporal.api.history.v1.IHistoryEvent;
export type Command = temporal.api.command.v1.ICommand;
export type WorkflowTask = temporal.api.workflowservice.v1.PollWorkflowTaskQueueResponse;
export type ActivityTask = temporal.api.workflowservice.v1.PollActivityTaskQueueResponse;
export type Payloads = temporal.api.common.v1.IPayloads;
type StartRequest = temporal.api.workflowservice.v1.IStartWorkflowExecutionRequest;
type Completion = temporal.api.workflowservice.v1.IRespondWorkflowTaskCompletedRequest;

export const {
  CommandType,
  EventType,
  TaskQueueKind,
  TaskQueueType,
  WorkflowTaskFailedCause,
  TimeoutType,
  RetryState,
} = proto.temporal.api.enums.v1;

export const IDENTITY = 'by-hand';

/** Everything a test by hand needs: a client, and a workflow id and task queue of its own. */
export class Hand {
  readonly raw: RawClient;
  readonly workflowId: string;
  readonly taskQueue: string;
  namespace: string = NAMESPACE;

  constructor(raw: RawClient) {
    this.raw = raw;
    this.workflowId = unique('wf');
    this.taskQueue = unique('tq');
  }

  async start(request: StartRequest = {}): Promise<string> {
    const { runId } = await this.raw.workflow.startWorkflowExecution(this.startRequest(request));
    return runId;
  }

  startRequest(request: StartRequest = {}): StartRequest {
    return {
      namespace: this.namespace,
      workflowId: this.workflowId,
      workflowType: { name: 'by-hand' },
      taskQueue: { name: this.taskQueue },
      identity: IDENTITY,
      requestId: unique('request'),
      ...request,
    };
  }

  get execution() {
    return { namespace: this.namespace, execution: { workflowId: this.workflowId } };
  }

  async signal(signalName = 'ping', input?: string): Promise<void> {
    await this.raw.workflow.signalWorkflowExecution({
      namespace: this.namespace,
      workflowExecution: { workflowId: this.workflowId },
      signalName,
      ...(input === undefined ? {} : { input: payloads(input) }),
      identity: IDENTITY,
      requestId: unique('request'),
    });
  }

  /** The next workflow task; fails if none comes in time. */
  async workflowTask(
    taskQueue: temporal.api.taskqueue.v1.ITaskQueue = { name: this.taskQueue },
  ): Promise<WorkflowTask> {
    const task = await this.raw
      .as({ deadlineMs: 15_000 })
      .pollWorkflowTaskQueue({ namespace: this.namespace, taskQueue, identity: IDENTITY });
    assert(task.taskToken.length > 0, `no workflow task on ${taskQueue.name}`);
    return task;
  }

  /** True if no workflow task comes within two seconds (the shortest poll allowed). */
  async noWorkflowTask(): Promise<boolean> {
    const task = await this.raw.as({ deadlineMs: 2_500 }).pollWorkflowTaskQueue({
      namespace: this.namespace,
      taskQueue: { name: this.taskQueue },
      identity: IDENTITY,
    });
    return task.taskToken.length === 0;
  }

  complete(task: WorkflowTask, commands: Command[] = [], completion: Completion = {}) {
    return this.raw.workflow.respondWorkflowTaskCompleted({
      namespace: this.namespace,
      taskToken: task.taskToken,
      identity: IDENTITY,
      commands,
      ...completion,
    });
  }

  /** Polls a workflow task and answers it. */
  async step(...commands: Command[]): Promise<WorkflowTask> {
    const task = await this.workflowTask();
    await this.complete(task, commands);
    return task;
  }

  failTask(
    task: WorkflowTask,
    cause = WorkflowTaskFailedCause.WORKFLOW_TASK_FAILED_CAUSE_WORKFLOW_WORKER_UNHANDLED_FAILURE,
  ) {
    return this.raw.workflow.respondWorkflowTaskFailed({
      namespace: this.namespace,
      taskToken: task.taskToken,
      identity: IDENTITY,
      cause,
      failure: { message: 'the workflow code is broken', source: 'test' },
    });
  }

  async activityTask(): Promise<ActivityTask> {
    const task = await this.raw.as({ deadlineMs: 15_000 }).pollActivityTaskQueue({
      namespace: this.namespace,
      taskQueue: { name: this.taskQueue },
      identity: IDENTITY,
    });
    assert(task.taskToken.length > 0, `no activity task on ${this.taskQueue}`);
    return task;
  }

  completeActivity(task: ActivityTask, result = 'done') {
    return this.raw.workflow.respondActivityTaskCompleted({
      namespace: this.namespace,
      taskToken: task.taskToken,
      identity: IDENTITY,
      result: payloads(result),
    });
  }

  failActivity(task: ActivityTask, info: temporal.api.failure.v1.IApplicationFailureInfo = {}, message = 'broken') {
    return this.raw.workflow.respondActivityTaskFailed({
      namespace: this.namespace,
      taskToken: task.taskToken,
      identity: IDENTITY,
      failure: { message, source: 'test', applicationFailureInfo: { type: 'Broken', ...info } },
    });
  }

  heartbeat(task: ActivityTask, details = 'alive') {
    return this.raw.workflow.recordActivityTaskHeartbeat({
      namespace: this.namespace,
      taskToken: task.taskToken,
      identity: IDENTITY,
      details: payloads(details),
    });
  }

  /** The whole history, over as many pages as it takes. */
  async history(runId?: string): Promise<HistoryEvent[]> {
    const events: HistoryEvent[] = [];
    let nextPageToken: Uint8Array = new Uint8Array();
    do {
      const page = await this.raw.workflow.getWorkflowExecutionHistory({
        namespace: this.namespace,
        execution: { workflowId: this.workflowId, ...(runId === undefined ? {} : { runId }) },
        nextPageToken,
      });
      events.push(...(page.history?.events ?? []));
      nextPageToken = page.nextPageToken;
    } while (nextPageToken.length > 0);
    assertContiguous(events);
    return events;
  }

  /** Waits (by long poll) until the history has an event of this type. */
  async event(type: temporal.api.enums.v1.EventType): Promise<HistoryEvent> {
    let nextPageToken: Uint8Array = new Uint8Array();
    do {
      const page = await this.raw.workflow.getWorkflowExecutionHistory({
        ...this.execution,
        waitNewEvent: true,
        nextPageToken,
      });
      const found = page.history?.events?.find((event) => event.eventType === type);
      if (found) return found;
      nextPageToken = page.nextPageToken;
    } while (nextPageToken.length > 0);
    throw new Error(`${this.workflowId} closed without ${EventType[type]}`);
  }

  /** Asserts that the history consists of exactly these event types. */
  async expectHistory(...names: EventName[]): Promise<HistoryEvent[]> {
    const events = await this.history();
    assert.deepEqual(eventNames(events), names);
    return events;
  }

  describe() {
    return this.raw.workflow.describeWorkflowExecution(this.execution);
  }

  /** The one pending activity. */
  async pendingActivity(): Promise<temporal.api.workflow.v1.IPendingActivityInfo> {
    const [activity, ...others] = (await this.describe()).pendingActivities ?? [];
    assert(activity && others.length === 0, 'there is not exactly one pending activity');
    return activity;
  }
}

let client: Promise<RawClient> | undefined;

export async function sharedRaw(): Promise<RawClient> {
  return (client ??= sharedServer().then((server) => new RawClient(server.address)));
}

export async function hand(): Promise<Hand> {
  return new Hand(await sharedRaw());
}

/** Event names in short: `WorkflowTaskScheduled` for EVENT_TYPE_WORKFLOW_TASK_SCHEDULED. */
export type EventName = Capitalize<string>;

export function eventNames(events: readonly HistoryEvent[]): EventName[] {
  return events.map((event) => {
    const words = (EventType[event.eventType ?? 0] ?? '').replace('EVENT_TYPE_', '').split('_');
    return words.map((word) => word.charAt(0) + word.slice(1).toLowerCase()).join('') as EventName;
  });
}

export function assertContiguous(events: readonly HistoryEvent[]): void {
  assert.deepEqual(
    events.map((event) => Number(event.eventId)),
    events.map((_, index) => index + 1),
    'event ids are contiguous',
  );
}

export function payloads(...values: string[]): Payloads {
  return {
    payloads: values.map((text) => ({
      metadata: { encoding: Buffer.from('json/plain') },
      data: Buffer.from(JSON.stringify(text)),
    })),
  };
}

export function texts(input: Payloads | null | undefined): string[] {
  return (input?.payloads ?? []).map((payload) => JSON.parse(Buffer.from(payload.data ?? []).toString()) as string);
}

export function seconds(value: number) {
  return { seconds: Math.floor(value), nanos: Math.round((value % 1) * 1e9) } as unknown as Duration;
}

type Duration = NonNullable<StartRequest['workflowRunTimeout']>;

export function millis(duration: { seconds?: unknown; nanos?: number | null } | null | undefined): number {
  return Number(duration?.seconds ?? 0) * 1000 + Math.round((duration?.nanos ?? 0) / 1e6);
}

// Commands, in the words of the API.

export function scheduleActivity(
  taskQueue: string,
  attributes: temporal.api.command.v1.IScheduleActivityTaskCommandAttributes = {},
): Command {
  return {
    commandType: CommandType.COMMAND_TYPE_SCHEDULE_ACTIVITY_TASK,
    scheduleActivityTaskCommandAttributes: {
      activityId: 'a1',
      activityType: { name: 'work' },
      taskQueue: { name: taskQueue },
      startToCloseTimeout: seconds(10),
      ...attributes,
    },
  };
}

export function cancelActivity(scheduledEventId: number): Command {
  return {
    commandType: CommandType.COMMAND_TYPE_REQUEST_CANCEL_ACTIVITY_TASK,
    requestCancelActivityTaskCommandAttributes: { scheduledEventId: long(scheduledEventId) },
  };
}

export function startTimer(timerId: string, afterSeconds: number): Command {
  return {
    commandType: CommandType.COMMAND_TYPE_START_TIMER,
    startTimerCommandAttributes: { timerId, startToFireTimeout: seconds(afterSeconds) },
  };
}

export function cancelTimer(timerId: string): Command {
  return { commandType: CommandType.COMMAND_TYPE_CANCEL_TIMER, cancelTimerCommandAttributes: { timerId } };
}

export function marker(markerName: string): Command {
  return { commandType: CommandType.COMMAND_TYPE_RECORD_MARKER, recordMarkerCommandAttributes: { markerName } };
}

export function completeWorkflow(result = 'done'): Command {
  return {
    commandType: CommandType.COMMAND_TYPE_COMPLETE_WORKFLOW_EXECUTION,
    completeWorkflowExecutionCommandAttributes: { result: payloads(result) },
  };
}

export function failWorkflow(message = 'failed'): Command {
  return {
    commandType: CommandType.COMMAND_TYPE_FAIL_WORKFLOW_EXECUTION,
    failWorkflowExecutionCommandAttributes: {
      failure: { message, source: 'test', applicationFailureInfo: { type: 'Broken' } },
    },
  };
}

export function cancelWorkflow(): Command {
  return {
    commandType: CommandType.COMMAND_TYPE_CANCEL_WORKFLOW_EXECUTION,
    cancelWorkflowExecutionCommandAttributes: {},
  };
}

/** protobufjs types 64-bit fields as Long, but encodes plain numbers as well. */
export function long(value: number) {
  return value as unknown as NonNullable<temporal.api.history.v1.IHistoryEvent['eventId']>;
}

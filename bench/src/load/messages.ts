// The generator's messages. Encoded once per measurement as templates; per call only an id or a token is appended
// (protobuf allows fields in any order), and of a response only the fields that decide the next step are read.

import { randomUUID } from 'node:crypto';
import type { Command } from '@perdure/api/command';
import { Payload, Payloads } from '@perdure/api/common';
import { CommandType, TaskQueueKind } from '@perdure/api/enums';
import type { Message } from '@perdure/api/protocol';
import { type Init, Reader, Writer } from '@perdure/api/wire';
import {
  DescribeBatchOperationRequest,
  DescribeNamespaceRequest,
  PollActivityTaskQueueRequest,
  PollWorkflowTaskQueueRequest,
  RespondActivityTaskCompletedRequest,
  RespondWorkflowTaskCompletedRequest,
  SignalWorkflowExecutionRequest,
  StartBatchOperationRequest,
  StartWorkflowExecutionRequest,
  UpdateWorkflowExecutionRequest,
} from '@perdure/api/workflowservice';

const identity = 'bench@localhost';
/** Input and result of every workflow, activity and signal: a payload of this size, as JSON. */
const payloadBytes = 300;
const oneDayMs = 86_400_000;

// Tags, number * 8 + wire type, of the fields that are appended or read here.
const taskToken = 10;
const startWorkflowId = 18;
const startRequestId = 82;
const taskWorkflowExecution = 18;
const taskPreviousStartedEventId = 32;
const executionWorkflowId = 10;

const text = new TextEncoder();
const payload = Payloads.encode({
  payloads: [
    Payload.encode({
      metadata: new Map([['encoding', text.encode('json/plain')]]),
      data: text.encode(JSON.stringify('x'.repeat(payloadBytes - 2))),
    }),
  ],
});

/** A name that no other measurement and no other run uses. */
export function uniqueName(prefix: string): string {
  return `bench-${prefix}-${randomUUID().slice(0, 13)}`;
}

/** What fills in the workflow id, and a request id, of a start. */
export function startWorkflow(
  namespace: string,
  taskQueue: string,
  options: { readonly startDelayMs?: number } = {},
): (workflowId: string) => Uint8Array {
  const template = StartWorkflowExecutionRequest.encode({
    namespace,
    workflowType: { name: 'BenchWorkflow' },
    taskQueue: { name: taskQueue, kind: TaskQueueKind.NORMAL },
    input: payload,
    workflowTaskTimeout: 60_000,
    workflowStartDelay: options.startDelayMs,
    identity,
  });
  return (workflowId) => {
    const writer = Writer.acquire();
    writer.raw(template);
    writer.string(startWorkflowId, workflowId);
    writer.string(startRequestId, `${workflowId}-start`);
    return writer.finish();
  };
}

export function signalWorkflow(namespace: string, workflowId: string): Uint8Array {
  return SignalWorkflowExecutionRequest.encode({
    namespace,
    workflowExecution: { workflowId },
    signalName: 'bench-signal',
    input: payload,
    identity,
  });
}

export function updateWorkflow(namespace: string, workflowId: string, updateId: string): Uint8Array {
  return UpdateWorkflowExecutionRequest.encode({
    namespace,
    workflowExecution: { workflowId },
    request: { meta: { updateId, identity }, input: { name: 'bench-update', args: payload } },
  });
}

/** Terminates all open workflows of a task queue. */
export function terminateAll(namespace: string, taskQueue: string, jobId: string): Uint8Array {
  return StartBatchOperationRequest.encode({
    ...{ namespace, jobId, reason: 'benchmark', visibilityQuery: `TaskQueue = '${taskQueue}'` },
    terminationOperation: { identity },
  });
}

export function describeBatch(namespace: string, jobId: string): Uint8Array {
  return DescribeBatchOperationRequest.encode({ namespace, jobId });
}

export function describeNamespace(namespace: string): Uint8Array {
  return DescribeNamespaceRequest.encode({ namespace });
}

export function pollWorkflowTasks(namespace: string, taskQueue: string): Uint8Array {
  return PollWorkflowTaskQueueRequest.encode({
    namespace,
    taskQueue: { name: taskQueue, kind: TaskQueueKind.NORMAL },
    identity,
  });
}

/** A worker's own queue, and the queue that it stands in for. */
export interface Sticky {
  readonly queue: string;
  readonly taskQueue: string;
}

export function pollStickyTasks(namespace: string, sticky: Sticky): Uint8Array {
  return PollWorkflowTaskQueueRequest.encode({ namespace, taskQueue: stickyQueue(sticky), identity });
}

function stickyQueue(sticky: Sticky) {
  return { name: sticky.queue, kind: TaskQueueKind.STICKY, normalName: sticky.taskQueue };
}

export function pollActivityTasks(namespace: string, taskQueue: string): Uint8Array {
  return PollActivityTaskQueueRequest.encode({
    namespace,
    taskQueue: { name: taskQueue, kind: TaskQueueKind.NORMAL },
    identity,
  });
}

/** The template of a workflow task's completion. */
export function workflowTaskCompletion(
  namespace: string,
  commands: readonly Init<Command>[],
  options: {
    /** Later tasks of the workflow go to this queue. */
    readonly sticky?: Sticky;
    /** The next workflow task follows at once, although nothing has happened. */
    readonly again?: boolean;
    /** What the workflow says to updates. */
    readonly messages?: readonly Init<Message>[];
    /** The next workflow task may come with the answer. */
    readonly returnNext?: boolean;
  } = {},
): Uint8Array {
  const { sticky } = options;
  return RespondWorkflowTaskCompletedRequest.encode({
    namespace,
    identity,
    commands,
    stickyAttributes: sticky && { workerTaskQueue: stickyQueue(sticky), scheduleToStartTimeout: 60_000 },
    forceCreateNewWorkflowTask: options.again,
    messages: options.messages,
    returnNewWorkflowTask: options.returnNext,
  });
}

export function activityCompletion(namespace: string): Uint8Array {
  return RespondActivityTaskCompletedRequest.encode({ namespace, identity, result: payload });
}

/** A completion for one task: the template and the task's token. */
export function withToken(template: Uint8Array, token: Uint8Array): Uint8Array {
  const writer = Writer.acquire();
  writer.raw(template);
  writer.bytes(taskToken, token);
  return writer.finish();
}

export function scheduleActivity(activityId: string, taskQueue: string): Init<Command> {
  return {
    commandType: CommandType.SCHEDULE_ACTIVITY_TASK,
    scheduleActivityTaskCommandAttributes: {
      activityId,
      activityType: { name: 'benchActivity' },
      taskQueue: { name: taskQueue, kind: TaskQueueKind.NORMAL },
      input: payload,
      scheduleToCloseTimeout: oneDayMs,
      startToCloseTimeout: 600_000,
    },
  };
}

export function startChild(workflowId: string, taskQueue: string): Init<Command> {
  return {
    commandType: CommandType.START_CHILD_WORKFLOW_EXECUTION,
    startChildWorkflowExecutionCommandAttributes: {
      workflowId,
      workflowType: { name: 'BenchChild' },
      taskQueue: { name: taskQueue, kind: TaskQueueKind.NORMAL },
      input: payload,
    },
  };
}

export function startTimer(timerId: string, durationMs: number): Init<Command> {
  const startTimerCommandAttributes = { timerId, startToFireTimeout: durationMs };
  return { commandType: CommandType.START_TIMER, startTimerCommandAttributes };
}

export function recordMarker(): Init<Command> {
  return { commandType: CommandType.RECORD_MARKER, recordMarkerCommandAttributes: { markerName: 'bench-marker' } };
}

export function completeWorkflow(): Init<Command> {
  const completeWorkflowExecutionCommandAttributes = { result: payload };
  return { commandType: CommandType.COMPLETE_WORKFLOW_EXECUTION, completeWorkflowExecutionCommandAttributes };
}

export function continueAsNew(taskQueue: string): Init<Command> {
  return {
    commandType: CommandType.CONTINUE_AS_NEW_WORKFLOW_EXECUTION,
    continueAsNewWorkflowExecutionCommandAttributes: {
      workflowType: { name: 'BenchWorkflow' },
      taskQueue: { name: taskQueue, kind: TaskQueueKind.NORMAL },
      input: payload,
    },
  };
}

export interface WorkflowTask {
  readonly token: Uint8Array;
  readonly workflowId: string;
  /** Whether no workflow task of the run was completed before. */
  readonly first: boolean;
}

/** Undefined: the poll ended without a task. */
export function readWorkflowTask(response: Uint8Array): WorkflowTask | undefined {
  const reader = new Reader(response);
  let token: Uint8Array | undefined;
  let workflowId = '';
  let first = true;
  while (reader.pos < reader.limit) {
    const tag = reader.tag();
    if (tag === taskToken) token = reader.bytes();
    else if (tag === taskWorkflowExecution) workflowId = readWorkflowId(reader.bytes());
    else if (tag === taskPreviousStartedEventId) first = reader.int64() === 0;
    else reader.skip(tag);
  }
  return token === undefined || token.length === 0 ? undefined : { token, workflowId, first };
}

function readWorkflowId(execution: Uint8Array): string {
  const reader = new Reader(execution);
  while (reader.pos < reader.limit) {
    const tag = reader.tag();
    if (tag === executionWorkflowId) return reader.string();
    reader.skip(tag);
  }
  return '';
}

/** The token of an activity task. Undefined: the poll ended without a task. */
export function readActivityToken(response: Uint8Array): Uint8Array | undefined {
  const reader = new Reader(response);
  while (reader.pos < reader.limit) {
    const tag = reader.tag();
    if (tag === taskToken) return reader.bytes();
    reader.skip(tag);
  }
  return undefined;
}

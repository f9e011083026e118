// Updates by hand: requests without waiting loops, and a worker's messages spelled out.

import type { temporal } from '@temporalio/proto';
import proto from '@temporalio/proto';
import { type Command, CommandType, type Hand, IDENTITY, long, payloads, texts, type WorkflowTask } from './hand.ts';
import type { CallOptions } from './raw.ts';

const { Acceptance, Rejection, Request, Response } = proto.temporal.api.update.v1;

export const Stage = proto.temporal.api.enums.v1.UpdateWorkflowExecutionLifecycleStage;
export const ACCEPTED = Stage.UPDATE_WORKFLOW_EXECUTION_LIFECYCLE_STAGE_ACCEPTED;
export const COMPLETED = Stage.UPDATE_WORKFLOW_EXECUTION_LIFECYCLE_STAGE_COMPLETED;
export const ADMITTED = Stage.UPDATE_WORKFLOW_EXECUTION_LIFECYCLE_STAGE_ADMITTED;

export type Message = temporal.api.protocol.v1.IMessage;
type UpdateRequest = temporal.api.workflowservice.v1.IUpdateWorkflowExecutionRequest;

export function updateRequest(w: Hand, updateId: string, stage: number = COMPLETED, input = 'in'): UpdateRequest {
  return {
    namespace: w.namespace,
    workflowExecution: { workflowId: w.workflowId },
    waitPolicy: { lifecycleStage: stage },
    request: { meta: { updateId, identity: IDENTITY }, input: { name: 'change', args: payloads(input) } },
  };
}

/** Asks for an update; the answer comes when a worker has done its part. */
export function update(w: Hand, updateId: string, stage: number = COMPLETED, options: CallOptions = {}) {
  const asked = w.raw.as(options).updateWorkflowExecution(updateRequest(w, updateId, stage));
  asked.catch(() => {
    // A test may look at other things first, or care for the worker's side only.
  });
  return asked;
}

export function pollUpdate(w: Hand, updateId: string, stage = 0, options: CallOptions = {}) {
  return w.raw.as(options).pollWorkflowExecutionUpdate({
    namespace: w.namespace,
    updateRef: { workflowExecution: { workflowId: w.workflowId }, updateId },
    waitPolicy: { lifecycleStage: stage },
  });
}

/** Ids of the updates that come with a task. */
export function updateIds(task: WorkflowTask): string[] {
  return task.messages.map((message) => message.protocolInstanceId ?? '');
}

export function requestIn(message: Message) {
  return Request.decode(message.body?.value ?? new Uint8Array());
}

function messageOf(task: WorkflowTask, updateId: string, name: string, value: Uint8Array): Message {
  const request = task.messages.find(({ protocolInstanceId }) => protocolInstanceId === updateId);
  return {
    id: `${updateId}/${name}`,
    protocolInstanceId: updateId,
    ...(request?.eventId == null ? {} : { eventId: request.eventId }),
    body: { type_url: `type.googleapis.com/temporal.api.update.v1.${name}`, value },
  };
}

/** With what a real worker repeats of the request. */
export function accept(task: WorkflowTask, updateId: string): Message {
  const request = task.messages.find(({ protocolInstanceId }) => protocolInstanceId === updateId);
  const value = Acceptance.encode({
    acceptedRequestMessageId: `${updateId}/request`,
    acceptedRequestSequencingEventId: request?.eventId ?? long(1),
    ...(request === undefined ? {} : { acceptedRequest: requestIn(request) }),
  }).finish();
  return messageOf(task, updateId, 'Acceptance', value);
}

export function reject(task: WorkflowTask, updateId: string, text = 'no'): Message {
  const failure = { message: text, source: 'test', applicationFailureInfo: { type: 'Refused' } };
  return messageOf(task, updateId, 'Rejection', Rejection.encode({ failure }).finish());
}

export function respond(task: WorkflowTask, updateId: string, result = 'out'): Message {
  const value = Response.encode({
    meta: { updateId, identity: IDENTITY },
    outcome: { success: payloads(result) },
  }).finish();
  return messageOf(task, updateId, 'Response', value);
}

export function inOrder(...messages: Message[]): Command[] {
  return messages.map(({ id }) => ({
    commandType: CommandType.COMMAND_TYPE_PROTOCOL_MESSAGE,
    protocolMessageCommandAttributes: { messageId: id ?? '' },
  }));
}

/** As workers do: a command for each acceptance and response. */
export function answer(w: Hand, task: WorkflowTask, messages: Message[], commands: Command[] = []) {
  const ordered = messages.filter(({ id }) => !id?.endsWith('/Rejection'));
  return w.complete(task, [...inOrder(...ordered), ...commands], {
    messages,
    capabilities: { discardSpeculativeWorkflowTaskWithEvents: true },
  });
}

interface Answered {
  readonly outcome?: temporal.api.update.v1.IOutcome | null | undefined;
  readonly stage: number;
}

/** `completed: out`, `failed: no`, or the name of the stage. */
export function told({ outcome, stage }: Answered): string {
  if (outcome?.failure) return `failed: ${outcome.failure.message}`;
  if (outcome?.success) return `completed: ${texts(outcome.success).join()}`;
  return (Stage[stage] ?? '').replace('UPDATE_WORKFLOW_EXECUTION_LIFECYCLE_STAGE_', '').toLowerCase();
}

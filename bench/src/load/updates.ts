// How many updates per second one workflow answers: a few clients update it, each waiting for the outcome, and a worker
// that has it in its memory accepts and completes each at once. As many clients as a run takes updates at a time.

import { packAny } from '@perdure/api';
import { CommandType } from '@perdure/api/enums';
import type { Message } from '@perdure/api/protocol';
import { Acceptance, Request, Response } from '@perdure/api/update';
import type { Init } from '@perdure/api/wire';
import { PollWorkflowTaskQueueResponse, RespondWorkflowTaskCompletedResponse } from '@perdure/api/workflowservice';
import { median } from '../stats.ts';
import {
  pollStickyTasks,
  pollWorkflowTasks,
  type Sticky,
  startWorkflow,
  uniqueName,
  updateWorkflow,
  withToken,
  workflowTaskCompletion,
} from './messages.ts';
import { Session, type Target } from './session.ts';

const clients = 8;
const pollers = 2;

export interface UpdateSizes {
  readonly workflows: number;
  /** Servers limit the updates of one run to 2,000. */
  readonly updates: number;
}

/** The median over the workflows. */
export async function measureUpdates(target: Target, sizes: UpdateSizes): Promise<number> {
  const perSecond: number[] = [];
  for (let index = 0; index < sizes.workflows; index++) {
    const session = await Session.open(target);
    try {
      perSecond.push(await session.during(updateOne(session, sizes.updates)));
    } finally {
      session.close();
    }
  }
  return median(perSecond);
}

async function updateOne(session: Session, updates: number): Promise<number> {
  const taskQueue = uniqueName('updates');
  await session.call('StartWorkflowExecution', startWorkflow(session.namespace, taskQueue)(taskQueue));
  serve(session, taskQueue);
  let sent = 0;
  const client = async () => {
    while (sent < updates) {
      await session.call('UpdateWorkflowExecution', updateWorkflow(session.namespace, taskQueue, `u${sent++}`));
    }
  };
  // The first one waits for the first workflow task.
  await session.call('UpdateWorkflowExecution', updateWorkflow(session.namespace, taskQueue, 'first'));
  const startedAt = performance.now();
  await Promise.all(Array.from({ length: clients }, client));
  return (updates / (performance.now() - startedAt)) * 1000;
}

/** As the workers of the SDKs: the next task may come with the answer to the last one. */
function serve(session: Session, taskQueue: string): void {
  const sticky = { queue: `${taskQueue}-sticky`, taskQueue };
  const answer = async (response: Uint8Array): Promise<void> => {
    let task: PollWorkflowTaskQueueResponse | undefined = PollWorkflowTaskQueueResponse.decode(response);
    while (task !== undefined && task.taskToken.length > 0) {
      const completion = completionOf(session.namespace, sticky, task.messages.flatMap(answers));
      const request = withToken(completion, task.taskToken);
      const answered: Uint8Array = await session.respond('RespondWorkflowTaskCompleted', request);
      task = RespondWorkflowTaskCompletedResponse.decode(answered).workflowTask;
    }
  };
  const onTask = (response: Uint8Array) => session.background(answer(response));
  session.poll('PollWorkflowTaskQueue', pollWorkflowTasks(session.namespace, taskQueue), pollers, onTask);
  session.poll('PollWorkflowTaskQueue', pollStickyTasks(session.namespace, sticky), pollers, onTask);
}

/** A command for each message says where it takes effect. */
function completionOf(namespace: string, sticky: Sticky, messages: readonly Init<Message>[]): Uint8Array {
  const commands = messages.map(({ id }) => ({
    commandType: CommandType.PROTOCOL_MESSAGE,
    protocolMessageCommandAttributes: { messageId: id },
  }));
  return workflowTaskCompletion(namespace, commands, { sticky, messages, returnNext: true });
}

function answers({ id, protocolInstanceId, eventId, body }: Message): Init<Message>[] {
  const acceptedRequest = body && Request.decode(body.value);
  const accepted = {
    acceptedRequestMessageId: id,
    acceptedRequestSequencingEventId: eventId ?? 0,
    acceptedRequest,
  };
  const response = { meta: acceptedRequest?.meta, outcome: { success: acceptedRequest?.input?.args } };
  return [
    { id: `${protocolInstanceId}/accept`, protocolInstanceId, body: packAny(Acceptance, accepted) },
    { id: `${protocolInstanceId}/complete`, protocolInstanceId, body: packAny(Response, response) },
  ];
}

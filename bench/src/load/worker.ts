// The worker's two halves: each keeps polls open and answers every task. A task is answered while the next poll is
// already on its way, as the workers of the SDKs do.

import {
  activityCompletion,
  pollActivityTasks,
  pollStickyTasks,
  pollWorkflowTasks,
  readActivityToken,
  readWorkflowTask,
  type Sticky,
  type WorkflowTask,
  withToken,
} from './messages.ts';
import type { Session } from './session.ts';

/** `onTask` is called as soon as the task has arrived; its errors fail the measurement. */
export function serveWorkflowTasks(
  session: Session,
  taskQueue: string,
  pollers: number,
  onTask: (task: WorkflowTask) => Promise<void>,
): void {
  servePolls(session, pollWorkflowTasks(session.namespace, taskQueue), pollers, onTask);
}

/** As serveWorkflowTasks, for a worker that keeps its workflows in memory: most tasks come to its sticky queue. */
export function serveStickyTasks(
  session: Session,
  sticky: Sticky,
  pollers: number,
  onTask: (task: WorkflowTask) => Promise<void>,
): void {
  serveWorkflowTasks(session, sticky.taskQueue, pollers, onTask);
  servePolls(session, pollStickyTasks(session.namespace, sticky), pollers, onTask);
}

function servePolls(
  session: Session,
  request: Uint8Array,
  pollers: number,
  onTask: (task: WorkflowTask) => Promise<void>,
): void {
  session.poll('PollWorkflowTaskQueue', request, pollers, (response) => {
    const task = readWorkflowTask(response);
    if (task !== undefined) session.background(onTask(task));
  });
}

/** Completes every activity once `onTask` settles, or at once. */
export function serveActivityTasks(
  session: Session,
  taskQueue: string,
  pollers: number,
  onTask?: () => Promise<void> | void,
): void {
  const request = pollActivityTasks(session.namespace, taskQueue);
  const completion = activityCompletion(session.namespace);
  const complete = async (token: Uint8Array) => {
    const held = onTask?.();
    if (held !== undefined) await held;
    await session.respond('RespondActivityTaskCompleted', withToken(completion, token));
  };
  session.poll('PollActivityTaskQueue', request, pollers, (response) => {
    const token = readActivityToken(response);
    if (token !== undefined) session.background(complete(token));
  });
}

/** Answers a workflow task with a template of `workflowTaskCompletion`. */
export async function completeTask(session: Session, template: Uint8Array, task: WorkflowTask): Promise<void> {
  await session.respond('RespondWorkflowTaskCompleted', withToken(template, task.token));
}

// How long an activity task takes to reach a worker whose poll is waiting, on an otherwise idle server: from sending
// the workflow task's completion that schedules it until the poll's answer has arrived.

import { median } from '../stats.ts';
import { completeWorkflow, scheduleActivity, startWorkflow, uniqueName, workflowTaskCompletion } from './messages.ts';
import { Session, type Target } from './session.ts';
import { completeTask, serveActivityTasks, serveWorkflowTasks } from './worker.ts';

export async function measureActivityDispatch(target: Target, sizes: { readonly activities: number }): Promise<number> {
  const session = await Session.open(target);
  try {
    return await session.during(dispatch(session, sizes.activities));
  } finally {
    session.close();
  }
}

async function dispatch(session: Session, activities: number): Promise<number> {
  const taskQueue = uniqueName('dispatch');
  const start = startWorkflow(session.namespace, taskQueue);
  const schedule = workflowTaskCompletion(session.namespace, [scheduleActivity('1', taskQueue)]);
  const complete = workflowTaskCompletion(session.namespace, [completeWorkflow()]);
  const dispatchMs: number[] = [];
  let scheduledAt = 0;
  let onClosed: (() => void) | undefined;
  serveActivityTasks(session, taskQueue, 1, () => {
    dispatchMs.push(performance.now() - scheduledAt);
  });
  serveWorkflowTasks(session, taskQueue, 1, async (task) => {
    if (task.first) scheduledAt = performance.now();
    await completeTask(session, task.first ? schedule : complete, task);
    if (!task.first) onClosed?.();
  });
  for (let index = 0; index < activities; index++) {
    const closed = new Promise<void>((resolve) => {
      onClosed = resolve;
    });
    await session.call('StartWorkflowExecution', start(`${taskQueue}-${index}`));
    await closed;
  }
  return median(dispatchMs);
}

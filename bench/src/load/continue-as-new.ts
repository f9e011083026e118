// How often workflows continue as new: each workflow task answers with nothing else, so a step is a closed run, a new
// one, and its first workflow task. The server must not slow such chains down: run.ts starts one that does not.

import { completeWorkflow, continueAsNew, startWorkflow, uniqueName, workflowTaskCompletion } from './messages.ts';
import { Session, type Target } from './session.ts';
import { completeTask, serveWorkflowTasks } from './worker.ts';

const workflows = 64;
const pollers = 64;

export async function measureContinueAsNew(target: Target, sizes: { readonly runs: number }): Promise<number> {
  const session = await Session.open(target);
  try {
    return await session.during(perSecond(session, sizes.runs));
  } finally {
    session.close();
  }
}

async function perSecond(session: Session, runs: number): Promise<number> {
  const taskQueue = uniqueName('continue');
  const start = startWorkflow(session.namespace, taskQueue);
  const again = workflowTaskCompletion(session.namespace, [continueAsNew(taskQueue)]);
  const complete = workflowTaskCompletion(session.namespace, [completeWorkflow()]);
  const done = Promise.withResolvers<void>();
  let continued = 0;
  let closed = 0;
  serveWorkflowTasks(session, taskQueue, pollers, async (task) => {
    const isLast = continued >= runs;
    if (!isLast) continued++;
    await completeTask(session, isLast ? complete : again, task);
    if (isLast && ++closed === workflows) done.resolve();
  });
  const startedAt = performance.now();
  const ids = Array.from({ length: workflows }, (_, index) => `${taskQueue}-${index}`);
  await Promise.all(ids.map((workflowId) => session.call('StartWorkflowExecution', start(workflowId))));
  await done.promise;
  return (runs / (performance.now() - startedAt)) * 1000;
}

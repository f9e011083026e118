// How late timers are: each workflow starts one timer of one second. Its lateness is the time from sending the
// command to the arrival of the workflow task that the timer causes, less the timer's duration: what a user sees.
// Workflows are started at a steady pace, so that the server is busy but not the limit.

import { percentile } from '../stats.ts';
import { completeWorkflow, startTimer, startWorkflow, uniqueName, workflowTaskCompletion } from './messages.ts';
import { delay, Session, type Target } from './session.ts';
import { completeTask, serveWorkflowTasks } from './worker.ts';

const durationMs = 1000;
const pollers = 16;
const burst = 5;

export interface TimerSizes {
  readonly timers: number;
  readonly startsPerSecond: number;
}

/** The 99th percentile, ms. */
export async function measureTimers(target: Target, sizes: TimerSizes): Promise<number> {
  const session = await Session.open(target);
  try {
    return percentile(await session.during(lateness(session, sizes)), 99);
  } finally {
    await session.close();
  }
}

async function lateness(session: Session, sizes: TimerSizes): Promise<number[]> {
  const taskQueue = uniqueName('timers');
  const start = startWorkflow(session.namespace, taskQueue);
  const setTimer = workflowTaskCompletion(session.namespace, [startTimer('1', durationMs)]);
  const complete = workflowTaskCompletion(session.namespace, [completeWorkflow()]);
  const dueAt = new Map<string, number>();
  const lateMs: number[] = [];
  const done = Promise.withResolvers<void>();
  let closed = 0;
  serveWorkflowTasks(session, taskQueue, pollers, async (task) => {
    const now = performance.now();
    if (task.first) dueAt.set(task.workflowId, now + durationMs);
    else lateMs.push(now - (dueAt.get(task.workflowId) ?? Number.NaN));
    await completeTask(session, task.first ? setTimer : complete, task);
    if (!task.first && ++closed === sizes.timers) done.resolve();
  });
  await startPaced(session, sizes, (index) => start(`${taskQueue}-${index}`));
  await done.promise;
  return lateMs;
}

async function startPaced(session: Session, sizes: TimerSizes, request: (index: number) => Uint8Array): Promise<void> {
  const startedAt = performance.now();
  for (let index = 0; index < sizes.timers; index++) {
    session.background(session.call('StartWorkflowExecution', request(index)));
    if (index % burst !== burst - 1) continue;
    const behindMs = ((index + 1) / sizes.startsPerSecond) * 1000 - (performance.now() - startedAt);
    if (behindMs > 0) await delay(behindMs);
  }
}

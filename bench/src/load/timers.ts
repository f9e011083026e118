// How late timers are: each workflow starts one timer of one second. Its lateness is the time from sending the
// command to the arrival of the workflow task that the timer causes, less the timer's duration: what a user sees.
// Workflows are started at a steady pace, a few at a time: a server that cannot keep the pace slows the starts down
// instead of piling up work that would then be taken for late timers.

import { percentile } from '../stats.ts';
import { completeWorkflow, startTimer, startWorkflow, uniqueName, workflowTaskCompletion } from './messages.ts';
import { delay, Session, type Target } from './session.ts';
import { completeTask, serveWorkflowTasks } from './worker.ts';

const durationMs = 1000;
const pollers = 16;
/** Workflows that are started, but have not set their timer yet. */
const startsInFlight = 4;

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
    session.close();
  }
}

async function lateness(session: Session, sizes: TimerSizes): Promise<number[]> {
  const taskQueue = uniqueName('timers');
  const start = startWorkflow(session.namespace, taskQueue);
  const setTimer = workflowTaskCompletion(session.namespace, [startTimer('1', durationMs)]);
  const complete = workflowTaskCompletion(session.namespace, [completeWorkflow()]);
  const timers = new Map<string, { dueAt: number; readonly set: () => void }>();
  const lateMs: number[] = [];
  const done = Promise.withResolvers<void>();
  let closed = 0;
  serveWorkflowTasks(session, taskQueue, pollers, async (task) => {
    const now = performance.now();
    const timer = timers.get(task.workflowId);
    if (timer === undefined) throw new Error(`a task for ${task.workflowId}, which was not started`);
    if (task.first) timer.dueAt = now + durationMs;
    else lateMs.push(now - timer.dueAt);
    await completeTask(session, task.first ? setTimer : complete, task);
    if (task.first) timer.set();
    else if (++closed === sizes.timers) done.resolve();
  });
  await paced(sizes, async (index) => {
    const workflowId = `${taskQueue}-${index}`;
    const set = new Promise<void>((resolve) => timers.set(workflowId, { dueAt: 0, set: resolve }));
    await session.call('StartWorkflowExecution', start(workflowId));
    await set;
  });
  await done.promise;
  return lateMs;
}

async function paced(sizes: TimerSizes, startOne: (index: number) => Promise<void>): Promise<void> {
  const startedAt = performance.now();
  let started = 0;
  const lane = async () => {
    while (started < sizes.timers) {
      const index = started++;
      const earlyMs = (index / sizes.startsPerSecond) * 1000 - (performance.now() - startedAt);
      if (earlyMs > 0) await delay(earlyMs);
      await startOne(index);
    }
  };
  await Promise.all(Array.from({ length: startsInFlight }, lane));
}

// A run with a long history, made the way that long histories come about: a worker schedules many activities at once, and
// others complete them one by one.

import type { Command } from '@perdure/api/command';
import type { Init } from '@perdure/api/wire';
import { StartWorkflowExecutionResponse } from '@perdure/api/workflowservice';
import {
  completeWorkflow,
  type Sticky,
  scheduleActivity,
  startWorkflow,
  uniqueName,
  type WorkflowTask,
  workflowTaskCompletion,
} from '../load/messages.ts';
import { Session, type Target } from '../load/session.ts';
import { completeTask, serveActivityTasks, serveStickyTasks } from '../load/worker.ts';

/** Activities that a workflow task schedules. */
const perTask = 500;
const eventsPerActivity = 3;
const activityPollers = 64;

export interface MadeRun {
  readonly workflowId: string;
  readonly runId: string;
  /** What it has done: its page has as many rows, and one for the run. */
  readonly activities: number;
}

/** Makes a run of at least so many events; returns when it has completed. */
export async function makeLongRun(target: Target, events: number): Promise<MadeRun> {
  const session = await Session.open(target);
  const activities = Math.ceil(events / eventsPerActivity);
  const run = new LongRun(session, activities);
  try {
    const runId = await session.during(run.make());
    return { workflowId: run.workflowId, runId, activities };
  } finally {
    session.close();
  }
}

class LongRun {
  readonly workflowId = uniqueName('long');
  readonly #session: Session;
  readonly #activities: number;
  readonly #closed = Promise.withResolvers<void>();
  #scheduled = 0;
  #handled = 0;

  constructor(session: Session, activities: number) {
    this.#session = session;
    this.#activities = activities;
  }

  async make(): Promise<string> {
    const { workflowId } = this;
    const sticky = { queue: `${workflowId}-sticky`, taskQueue: workflowId };
    serveStickyTasks(this.#session, sticky, 1, (task) => this.#onTask(task, sticky));
    serveActivityTasks(this.#session, workflowId, activityPollers, () => {
      this.#handled++;
    });
    const start = startWorkflow(this.#session.namespace, workflowId);
    const started = await this.#session.call('StartWorkflowExecution', start(workflowId));
    await this.#closed.promise;
    return StartWorkflowExecutionResponse.decode(started).runId;
  }

  /** While activities are under way there is nothing to decide: the last of them makes another task. */
  async #onTask(task: WorkflowTask, sticky: Sticky): Promise<void> {
    const isEnd = this.#handled === this.#activities;
    const commands = isEnd ? [completeWorkflow()] : this.#batch();
    try {
      await completeTask(this.#session, workflowTaskCompletion(this.#session.namespace, commands, { sticky }), task);
    } catch (error) {
      // Nothing ends before it has heard of everything: another task tells of what came meanwhile.
      if (isEnd && error instanceof Error && error.message.includes('UnhandledCommand')) return;
      throw error;
    }
    if (isEnd) this.#closed.resolve();
  }

  #batch(): Init<Command>[] {
    if (this.#handled < this.#scheduled) return [];
    const from = this.#scheduled;
    this.#scheduled = Math.min(from + perTask, this.#activities);
    return Array.from({ length: this.#scheduled - from }, (_, i) =>
      scheduleActivity(String(from + i + 1), this.workflowId),
    );
  }
}

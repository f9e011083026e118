// Does a step cost more when many activities are pending? One step completes an activity, and the workflow task that
// follows schedules the next one: the number of pending activities stays as it is. The others wait in a task queue
// that nobody polls. The worker is sticky, so that no history is sent.

import type { Command } from '@perdure/api/command';
import type { Init } from '@perdure/api/wire';
import { type CostSizes, costRatio, type Steps } from './cost.ts';
import { scheduleActivity, startWorkflow, uniqueName, type WorkflowTask, workflowTaskCompletion } from './messages.ts';
import { Session, type Target } from './session.ts';
import { completeTask, serveActivityTasks, serveStickyTasks } from './worker.ts';

const pollers = 8;
/** Steps in flight: one per workflow. */
const workflows = 8;
/** Activities per workflow task while they are scheduled. */
const scheduledMax = 500;

export interface PendingSizes extends CostSizes {
  readonly small: number;
  readonly large: number;
}

export async function measureGrowthPending(target: Target, cpuMs: () => number, sizes: PendingSizes): Promise<number> {
  const session = await Session.open(target);
  try {
    const small = new PendingActivities(session, sizes.small);
    const large = new PendingActivities(session, sizes.large);
    await session.during(small.build());
    await session.during(large.build());
    const steps = (side: PendingActivities): Steps => {
      return (count) => session.during(side.steps(count));
    };
    return await costRatio(cpuMs, steps(small), steps(large), sizes);
  } finally {
    session.close();
  }
}

/** Open workflows, each with the same number of pending activities, one of which moves. */
class PendingActivities {
  readonly #session: Session;
  readonly #pending: number;
  readonly #taskQueue = uniqueName('pending');
  readonly #sticky = { queue: `${this.#taskQueue}-sticky`, taskQueue: this.#taskQueue };
  /** Activities that the worker holds because no step is asked for. */
  readonly #held: (() => void)[] = [];
  readonly #activities = new Map<string, number>();
  #onCompleted = () => {};
  #allowed = 0;
  #completed = 0;

  constructor(session: Session, pending: number) {
    this.#session = session;
    this.#pending = pending;
    serveStickyTasks(session, this.#sticky, pollers, (task) => this.#onTask(task));
    serveActivityTasks(session, this.#taskQueue, pollers, () => this.#hold());
  }

  /** The first tasks of each workflow schedule its activities; the last of them is the one that moves. */
  async build(): Promise<void> {
    const start = startWorkflow(this.#session.namespace, this.#taskQueue);
    const built = this.#untilCompleted(workflows * Math.ceil(this.#pending / scheduledMax));
    for (let index = 0; index < workflows; index++) {
      await this.#session.call('StartWorkflowExecution', start(`${this.#taskQueue}-${index}`));
    }
    await built;
  }

  async steps(count: number): Promise<void> {
    const done = this.#untilCompleted(count);
    this.#allowed += count;
    while (this.#allowed > 0) {
      const release = this.#held.pop();
      if (release === undefined) break;
      this.#allowed--;
      release();
    }
    await done;
  }

  /** Resolves when so many more workflow tasks are completed. */
  #untilCompleted(count: number): Promise<void> {
    const last = this.#completed + count;
    return new Promise((resolve) => {
      this.#onCompleted = () => {
        if (this.#completed === last) resolve();
      };
    });
  }

  #hold(): Promise<void> | undefined {
    if (this.#allowed > 0) {
      this.#allowed--;
      return undefined;
    }
    return new Promise((release) => this.#held.push(release));
  }

  async #onTask(task: WorkflowTask): Promise<void> {
    const scheduled = this.#activities.get(task.workflowId) ?? 0;
    const count = scheduled < this.#pending ? Math.min(scheduledMax, this.#pending - scheduled) : 1;
    this.#activities.set(task.workflowId, scheduled + count);
    await completeTask(this.#session, this.#schedule(scheduled + 1, scheduled + count), task);
    this.#completed++;
    this.#onCompleted();
  }

  #schedule(from: number, to: number): Uint8Array {
    const commands: Init<Command>[] = [];
    for (let id = from; id <= to; id++) {
      commands.push(scheduleActivity(String(id), id < this.#pending ? `${this.#taskQueue}-parked` : this.#taskQueue));
    }
    return workflowTaskCompletion(this.#session.namespace, commands, {
      sticky: this.#sticky,
      again: to < this.#pending,
    });
  }
}

// The base load: one workflow is start, workflow task, activity, workflow task, close. 7 RPCs, 11 history events.
// A fixed number of workflows is kept in flight: whenever one has closed, the next one is started.

import { completeWorkflow, scheduleActivity, startWorkflow, uniqueName, workflowTaskCompletion } from './messages.ts';
import { delay, Session, type Target } from './session.ts';
import { completeTask, serveActivityTasks, serveWorkflowTasks } from './worker.ts';

/** More open polls than this do not help one worker. */
const pollersMax = 64;
const tickMs = 10;
/** A server that cannot keep the rate is not buried under it. */
const behindMax = 200;

export class BaseLoad {
  /** From sending the start to the answer to the completion that closes the workflow, ms. In order of closing. */
  readonly startToCloseMs: number[] = [];
  readonly #session: Session;
  readonly #start: (workflowId: string) => Uint8Array;
  readonly #prefix = uniqueName('load');
  readonly #closing = new Map<string, () => void>();
  #started = 0;

  static async open(target: Target, inFlightMax: number): Promise<BaseLoad> {
    return new BaseLoad(await Session.open(target), Math.min(inFlightMax, pollersMax));
  }

  private constructor(session: Session, pollers: number) {
    this.#session = session;
    this.#start = startWorkflow(session.namespace, this.#prefix);
    const schedule = workflowTaskCompletion(session.namespace, [scheduleActivity('1', this.#prefix)]);
    const complete = workflowTaskCompletion(session.namespace, [completeWorkflow()]);
    serveActivityTasks(session, this.#prefix, pollers);
    serveWorkflowTasks(session, this.#prefix, pollers, async (task) => {
      await completeTask(session, task.first ? schedule : complete, task);
      if (!task.first) this.#closing.get(task.workflowId)?.();
    });
  }

  /** Runs until `stop` is aborted, then lets the workflows in flight close. */
  async run(inFlight: number, stop: AbortSignal): Promise<void> {
    const lane = async () => {
      while (!stop.aborted) await this.#one();
    };
    await this.#session.during(Promise.all(Array.from({ length: inFlight }, lane)));
  }

  /** Runs a fixed number of workflows. */
  async runCount(inFlight: number, workflows: number): Promise<void> {
    const last = this.#started + workflows;
    const lane = async () => {
      while (this.#started < last) await this.#one();
    };
    await this.#session.during(Promise.all(Array.from({ length: inFlight }, lane)));
  }

  /** Starts workflows at a steady rate until `stop` is aborted, then lets those in flight close. */
  async runAtRate(perSecond: number, stop: AbortSignal): Promise<void> {
    const inFlight = new Set<Promise<void>>();
    const loop = async () => {
      let due = 0;
      for (let lastMs = performance.now(); !stop.aborted; ) {
        await delay(tickMs);
        const nowMs = performance.now();
        due = Math.min(due + ((nowMs - lastMs) / 1000) * perSecond, behindMax);
        lastMs = nowMs;
        for (; due >= 1 && inFlight.size < behindMax; due--) {
          const one = this.#one().finally(() => inFlight.delete(one));
          this.#session.background(one);
          inFlight.add(one);
        }
      }
      await Promise.all(inFlight);
    };
    await this.#session.during(loop());
  }

  close(): void {
    this.#session.close();
  }

  async #one(): Promise<void> {
    const workflowId = `${this.#prefix}-${this.#started++}`;
    const closed = new Promise<void>((resolve) => this.#closing.set(workflowId, resolve));
    const startedAt = performance.now();
    // The workflow may be closed before the answer to its start is read.
    const started = this.#session.call('StartWorkflowExecution', this.#start(workflowId));
    started.catch(() => {
      // It is thrown below; whoever closes the session before has an error of his own to tell.
    });
    await closed;
    this.startToCloseMs.push(performance.now() - startedAt);
    this.#closing.delete(workflowId);
    await started;
  }
}

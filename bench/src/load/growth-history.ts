// Does a step cost more on a long history? One step is a signal, and the workflow task that records a marker: five
// events. The worker is sticky, so the long history is not sent: only the server's own work is compared.

import { type CostSizes, costRatio, type Steps } from './cost.ts';
import {
  recordMarker,
  type Sticky,
  signalWorkflow,
  startWorkflow,
  uniqueName,
  type WorkflowTask,
  workflowTaskCompletion,
} from './messages.ts';
import { Session, type Target } from './session.ts';
import { completeTask, serveStickyTasks } from './worker.ts';

/** Markers per workflow task while the history is built. */
const markersMax = 1000;
const pollers = 8;
const lanes = 8;

export interface HistorySizes extends CostSizes {
  readonly small: { readonly workflows: number; readonly events: number };
  readonly large: { readonly workflows: number; readonly events: number };
}

export async function measureGrowthHistory(target: Target, cpuMs: () => number, sizes: HistorySizes): Promise<number> {
  const session = await Session.open(target);
  try {
    const small = new Histories(session);
    const large = new Histories(session);
    await session.during(small.build(sizes.small.workflows, sizes.small.events));
    await session.during(large.build(sizes.large.workflows, sizes.large.events));
    const steps = (side: Histories): Steps => {
      return (count) => session.during(side.steps(count));
    };
    return await costRatio(cpuMs, steps(small), steps(large), sizes);
  } finally {
    session.close();
  }
}

function everyLane(work: (lane: number) => Promise<void>): Promise<void[]> {
  return Promise.all(Array.from({ length: lanes }, (_, lane) => work(lane)));
}

/** Open workflows with histories of equal length. */
class Histories {
  readonly #session: Session;
  readonly #sticky: Sticky;
  readonly #signals: { readonly workflowId: string; readonly request: Uint8Array }[] = [];
  readonly #toBuild = new Map<string, { events: number; readonly done: () => void }>();
  readonly #stepDone = new Map<string, () => void>();
  readonly #marker: Uint8Array;
  #stepsTaken = 0;

  constructor(session: Session) {
    this.#session = session;
    const taskQueue = uniqueName('history');
    this.#sticky = { queue: `${taskQueue}-sticky`, taskQueue };
    this.#marker = this.#markers(1, false);
    serveStickyTasks(session, this.#sticky, pollers, (task) => this.#onTask(task));
  }

  /** In multiples of the lanes: so each lane has workflows of its own, and none has two steps at a time. */
  async build(workflows: number, events: number): Promise<void> {
    if (workflows % lanes !== 0) throw new RangeError(`${workflows} workflows cannot be split on ${lanes} lanes`);
    const { namespace } = this.#session;
    const start = startWorkflow(namespace, this.#sticky.taskQueue);
    const ids = Array.from({ length: workflows }, (_, index) => `${this.#sticky.taskQueue}-${index}`);
    this.#signals.push(...ids.map((workflowId) => ({ workflowId, request: signalWorkflow(namespace, workflowId) })));
    const lane = async (index: number) => {
      for (const workflowId of ids.filter((_, turn) => turn % lanes === index)) {
        const built = new Promise<void>((done) => this.#toBuild.set(workflowId, { events, done }));
        await this.#session.call('StartWorkflowExecution', start(workflowId));
        await built;
      }
    };
    await everyLane(lane);
  }

  async steps(count: number): Promise<void> {
    const last = this.#stepsTaken + count;
    const lane = async (index: number) => {
      for (let turn = index; this.#stepsTaken < last; turn += lanes) {
        this.#stepsTaken++;
        await this.#step(turn % this.#signals.length);
      }
    };
    await everyLane(lane);
  }

  async #step(index: number): Promise<void> {
    const signal = this.#signals[index];
    if (signal === undefined) throw new RangeError(`there is no workflow ${index}`);
    const done = new Promise<void>((resolve) => this.#stepDone.set(signal.workflowId, resolve));
    await this.#session.call('SignalWorkflowExecution', signal.request);
    await done;
  }

  async #onTask(task: WorkflowTask): Promise<void> {
    const building = this.#toBuild.get(task.workflowId);
    if (building === undefined) {
      await completeTask(this.#session, this.#marker, task);
      this.#stepDone.get(task.workflowId)?.();
      return;
    }
    const markers = Math.min(building.events, markersMax);
    building.events -= markers;
    const more = building.events > 0;
    if (!more) this.#toBuild.delete(task.workflowId);
    await completeTask(this.#session, this.#markers(markers, more), task);
    if (!more) building.done();
  }

  #markers(count: number, again: boolean): Uint8Array {
    const commands = Array.from({ length: count }, recordMarker);
    return workflowTaskCompletion(this.#session.namespace, commands, { sticky: this.#sticky, again });
  }
}

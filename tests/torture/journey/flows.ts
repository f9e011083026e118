// What clients do in a journey: one flow for each workflow, all of them at once. Every call is repeated under the same
// request id until the server answers it, as a careful client does, so that a killed server changes nothing.

import { once } from 'node:events';
import type { temporal } from '@temporalio/proto';
import proto from '@temporalio/proto';
import { eventNames, Hand, long, payloads, seconds, texts } from '../../e2e/hand.ts';
import { eventually, NAMESPACE } from '../../e2e/harness.ts';
import { Code, type RawClient, RpcFailure } from '../../e2e/raw.ts';
import { notices } from '../../e2e/sdk/notices.ts';
import { aMoment } from '../random.ts';

type StartRequest = temporal.api.workflowservice.v1.IStartWorkflowExecutionRequest;
type Described = temporal.api.workflowservice.v1.IDescribeWorkflowExecutionResponse;
const {
  PendingActivityState,
  WorkflowExecutionStatus,
  WorkflowIdConflictPolicy,
  UpdateWorkflowExecutionLifecycleStage,
} = proto.temporal.api.enums.v1;

const CALL_MS_MAX = 5_000;
const RETRY_AFTER_MS = 30;
/** Generous, for a busy machine and a server that is started again. */
const FLOW_MS_MAX = 60_000;
const TASK_TIMEOUT_SECONDS = 2;

/** Clients of one server. `tag` is in all workflow ids, so that journeys side by side do not hear each other's notices. */
export class Traveller {
  readonly tag: string;
  readonly #raw: RawClient;
  readonly #taskQueue: string;

  constructor(raw: RawClient, tag: string) {
    this.tag = tag;
    this.#raw = raw;
    this.#taskQueue = `journey-${tag}`;
  }

  get taskQueue(): string {
    return this.#taskQueue;
  }

  id(name: string, child?: string): string {
    return `${name}-${this.tag}${child === undefined ? '' : `-${child}`}`;
  }

  async start(name: string, type: string, args: string[] = [], request: StartRequest = {}): Promise<void> {
    await this.untilAnswered((service) => service.startWorkflowExecution(this.startRequest(name, type, args, request)));
  }

  startRequest(name: string, type: string, args: string[] = [], request: StartRequest = {}): StartRequest {
    return {
      namespace: NAMESPACE,
      workflowId: this.id(name),
      workflowType: { name: type },
      taskQueue: { name: this.#taskQueue },
      input: payloads(...args),
      requestId: `start-${name}`,
      workflowTaskTimeout: seconds(TASK_TIMEOUT_SECONDS),
      ...request,
    };
  }

  async signal(name: string, word: string): Promise<void> {
    await this.untilDone((service) =>
      service.signalWorkflowExecution({
        ...this.#execution(name),
        signalName: 'say',
        input: payloads(word),
        requestId: `say-${name}-${word}`,
      }),
    );
  }

  /** Resolves with the outcome, also of an update that was rejected. */
  async update(name: string, word: string): Promise<void> {
    const request = {
      ...this.#execution(name),
      waitPolicy: {
        lifecycleStage: UpdateWorkflowExecutionLifecycleStage.UPDATE_WORKFLOW_EXECUTION_LIFECYCLE_STAGE_COMPLETED,
      },
      request: { meta: { updateId: `add-${word}` }, input: { name: 'add', args: payloads(word) } },
    };
    for (;;) {
      const { outcome } = await this.untilAnswered((service) => service.updateWorkflowExecution(request));
      if (outcome) return;
    }
  }

  async cancel(name: string): Promise<void> {
    await this.untilDone((service) =>
      service.requestCancelWorkflowExecution({ ...this.#execution(name), requestId: `cancel-${name}` }),
    );
  }

  /** Back to the end of its first workflow task. */
  async reset(name: string): Promise<void> {
    const { workflowExecutionInfo } = await this.describe(name);
    const execution = workflowExecutionInfo?.execution ?? {};
    const { history } = await this.untilAnswered((service) =>
      service.getWorkflowExecutionHistory({ namespace: NAMESPACE, execution }),
    );
    const end = history?.events?.find((event) => event.workflowTaskCompletedEventAttributes);
    await this.untilAnswered((service) =>
      service.resetWorkflowExecution({
        ...{ namespace: NAMESPACE, workflowExecution: execution, reason: 'again', requestId: `reset-${name}` },
        workflowTaskFinishEventId: end?.eventId ?? long(0),
      }),
    );
  }

  async terminate(name: string, child?: string): Promise<void> {
    const request = { ...this.#execution(name, child), reason: 'enough' };
    await this.untilDone((service) => service.terminateWorkflowExecution(request));
  }

  #execution(name: string, child?: string) {
    return { namespace: NAMESPACE, workflowExecution: { workflowId: this.id(name, child) } };
  }

  describe(name: string, child?: string): Promise<Described> {
    const request = { namespace: NAMESPACE, execution: { workflowId: this.id(name, child) } };
    return this.untilAnswered((service) => service.describeWorkflowExecution(request));
  }

  /** Until the workflow answers a query with a list that has the word. */
  async echoed(name: string, word: string): Promise<void> {
    const request = {
      namespace: NAMESPACE,
      execution: { workflowId: this.id(name) },
      query: { queryType: 'echoed' },
    };
    await this.until(name, `echoed ${word}`, async () => {
      const { queryResult } = await this.untilAnswered((service) => service.queryWorkflow(request));
      return texts(queryResult).flat().includes(word) ? true : undefined;
    });
  }

  /** Until the newest run of the workflow id is closed. */
  async closed(name: string, child?: string): Promise<void> {
    await this.until(name, 'closed', async () => {
      const { workflowExecutionInfo } = await this.describe(name, child);
      return workflowExecutionInfo?.status === WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_RUNNING
        ? undefined
        : true;
    });
  }

  async until<T>(
    name: string,
    what: string,
    probe: (described: Described) => T | undefined | Promise<T | undefined>,
  ): Promise<T> {
    try {
      return await eventually(`${this.id(name)}: ${what}`, async () => probe(await this.describe(name)), FLOW_MS_MAX);
    } catch (error) {
      const w = Object.assign(new Hand(this.#raw), { workflowId: this.id(name) });
      const reached = eventNames(await w.history()).join(', ');
      throw new Error(`${String(error)}, its history: ${reached}`, { cause: error });
    }
  }

  /** Resolves when an activity of the workflow says that it runs. To be called before it can. */
  running(name: string): Promise<unknown> {
    return once(notices, `running ${this.id(name)}`);
  }

  /** Repeats the call until the server answers it, with success or with a refusal. */
  async untilAnswered<T>(call: (service: RawClient['workflow']) => Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await call(this.#raw.as({ deadlineMs: CALL_MS_MAX }));
      } catch (error) {
        if (!(error instanceof RpcFailure) || !UNANSWERED.has(error.code)) throw error;
        await aMoment(RETRY_AFTER_MS);
      }
    }
  }

  /**
   * As `untilAnswered`, for a call that may end what it is about: a repeated one may find it gone, for the one whose
   * answer was lost had its effect. If it had none, the story lacks it.
   */
  async untilDone(call: (service: RawClient['workflow']) => Promise<unknown>): Promise<void> {
    let calls = 0;
    try {
      await this.untilAnswered((service) => {
        calls++;
        return call(service);
      });
    } catch (error) {
      if (calls === 1 || !(error instanceof RpcFailure) || error.code !== Code.NOT_FOUND) throw error;
    }
  }
}

const UNANSWERED = new Set([Code.UNAVAILABLE, Code.DEADLINE_EXCEEDED, Code.CANCELLED, Code.UNKNOWN, Code.ABORTED]);

type Flow = (t: Traveller) => Promise<void>;

export const FLOWS: readonly Flow[] = [
  async (t) => {
    await t.start('steps', 'steps', [], { memo: { fields: { note: payloads('a memo').payloads?.[0] ?? {} } } });
    await t.closed('steps');
  },
  async (t) => {
    await t.start('conversation', 'conversation');
    for (const word of ['one', 'two']) {
      await t.signal('conversation', word);
      await t.echoed('conversation', word);
    }
    await t.signal('conversation', 'stop');
    await t.closed('conversation');
  },
  async (t) => {
    const request = t.startRequest('greeted', 'conversation');
    await t.untilAnswered((service) =>
      service.signalWithStartWorkflowExecution({ ...request, signalName: 'say', signalInput: payloads('stop') }),
    );
    await t.closed('greeted');
  },
  async (t) => {
    const running = t.running('busy');
    await t.start('busy', 'busy');
    await running;
    for (const word of ['one', 'two']) await t.signal('busy', word);
    await t.closed('busy');
  },
  async (t) => {
    const running = t.running('cancelled');
    await t.start('cancelled', 'cancelled');
    await running;
    await t.cancel('cancelled');
    await t.closed('cancelled');
  },
  async (t) => {
    await t.start('given up', 'givenUp');
    await t.until('given up', 'one activity waits for its next attempt', ({ pendingActivities }) =>
      pendingActivities?.some(({ attempt }) => attempt === 2) ? true : undefined,
    );
    await t.signal('given up', 'enough');
    await t.closed('given up');
  },
  async (t) => {
    await t.start('operated', 'operated');
    await t.until('operated', 'its activity waits for the next attempt', ({ pendingActivities }) =>
      pendingActivities?.some(({ attempt }) => attempt === 2) ? true : undefined,
    );
    const execution = { workflowId: t.id('operated') };
    const request = { namespace: NAMESPACE, execution, identity: 'operator', type: 'failOnce' };
    await t.untilAnswered((service) => service.pauseActivity({ ...request, requestId: 'pause' }));
    const activityOptions = { retryPolicy: { initialInterval: seconds(0.1) } };
    const updateMask = { paths: ['retry_policy.initial_interval'] };
    await t.untilAnswered((service) => service.updateActivityOptions({ ...request, activityOptions, updateMask }));
    await t.untilAnswered((service) => service.resetActivity({ ...request, keepPaused: true }));
    await t.untilDone((service) => service.unpauseActivity(request));
    await t.closed('operated');
  },
  async (t) => {
    await t.start('outside', 'completedFromOutside');
    const activityId = await t.until('outside', 'its activity runs', ({ pendingActivities }) =>
      pendingActivities?.[0]?.state === PendingActivityState.PENDING_ACTIVITY_STATE_STARTED
        ? pendingActivities[0].activityId
        : undefined,
    );
    const answer = { namespace: NAMESPACE, workflowId: t.id('outside'), activityId, result: payloads('from outside') };
    await t.untilDone((service) => service.respondActivityTaskCompletedById(answer));
    await t.closed('outside');
  },
  async (t) => {
    await t.start('again', 'again', ['xx']);
    await t.closed('again');
  },
  async (t) => {
    await t.start('delayed', 'again', [''], { workflowStartDelay: seconds(0.3) });
    await t.closed('delayed');
  },
  async (t) => {
    await t.start('retried', 'retried', [], { retryPolicy: { initialInterval: seconds(0.1), backoffCoefficient: 1 } });
    await t.closed('retried');
  },
  async (t) => {
    await t.start('terminated', 'waiting');
    await t.terminate('terminated');
    await t.closed('terminated');
  },
  async (t) => {
    await t.start('timed out', 'waiting', [], { workflowRunTimeout: seconds(1) });
    await t.closed('timed out');
  },
  async (t) => {
    await t.start('replaced', 'waiting');
    await t.start('replaced', 'waiting', [], {
      requestId: 'start-replacing',
      workflowIdConflictPolicy: WorkflowIdConflictPolicy.WORKFLOW_ID_CONFLICT_POLICY_TERMINATE_EXISTING,
    });
    await t.terminate('replaced');
    await t.closed('replaced');
  },
  async (t) => {
    await t.start('updated', 'updated');
    for (const word of ['one', 'nonsense', 'two', 'stop']) await t.update('updated', word);
    await t.closed('updated');
  },
  async (t) => {
    await t.start('family', 'family');
    await t.closed('family');
    for (const child of ['terminated', 'asked to stop']) await t.closed('family', child);
    await t.terminate('family', 'abandoned');
    await t.closed('family', 'abandoned');
  },
  async (t) => {
    await t.start('reset', 'conversation');
    await t.signal('reset', 'one');
    await t.echoed('reset', 'one');
    await t.reset('reset');
    await t.echoed('reset', 'one');
    await t.signal('reset', 'stop');
    await t.closed('reset');
  },
];

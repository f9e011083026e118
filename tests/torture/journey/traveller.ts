// The clients of a journey. Every call is repeated under the same request id until the server answers it, as a careful
// client does, so that a killed server changes nothing.

import { once } from 'node:events';
import type { temporal } from '@temporalio/proto';
import proto from '@temporalio/proto';
import { eventNames, Hand, long, payloads, seconds, texts } from '../../e2e/hand.ts';
import { eventually, NAMESPACE } from '../../e2e/harness.ts';
import { Code, type RawClient, RpcFailure } from '../../e2e/raw.ts';
import { notices } from '../../e2e/sdk/notices.ts';
import { aMoment } from '../random.ts';

type Service = RawClient['workflow'];
type StartRequest = temporal.api.workflowservice.v1.IStartWorkflowExecutionRequest;
type Described = temporal.api.workflowservice.v1.IDescribeWorkflowExecutionResponse;
const { WorkflowExecutionStatus, UpdateWorkflowExecutionLifecycleStage } = proto.temporal.api.enums.v1;

const CALL_MS_MAX = 5_000;
const RETRY_AFTER_MS = 30;
/** Generous, for a busy machine and a server that is started again. */
export const FLOW_MS_MAX = 60_000;
export const TASK_TIMEOUT_SECONDS = 2;

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
    await this.signalTo(this.id(name), word);
  }

  async signalTo(workflowId: string, word: string): Promise<void> {
    const request = {
      ...{ namespace: NAMESPACE, workflowExecution: { workflowId }, signalName: 'say', input: payloads(word) },
      requestId: `say-${workflowId}-${word}`,
    };
    await this.untilDone((service) => service.signalWorkflowExecution(request));
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

  describe(name: string): Promise<Described> {
    return this.#describe(this.id(name));
  }

  #describe(workflowId: string): Promise<Described> {
    const request = { namespace: NAMESPACE, execution: { workflowId } };
    return this.untilAnswered((service) => service.describeWorkflowExecution(request));
  }

  /** Until the workflow answers a query with a list that has the word. */
  async echoed(name: string, word: string, child?: string): Promise<void> {
    const request = {
      namespace: NAMESPACE,
      execution: { workflowId: this.id(name, child) },
      query: { queryType: 'echoed' },
    };
    await this.#until(this.id(name, child), `echoed ${word}`, async () => {
      const { queryResult } = await this.untilAnswered((service) => service.queryWorkflow(request));
      return texts(queryResult).flat().includes(word) ? true : undefined;
    });
  }

  /** Until the newest run of the workflow id is closed. */
  async closed(name: string, child?: string): Promise<void> {
    await this.#until(this.id(name, child), 'closed', ({ workflowExecutionInfo }) => {
      return workflowExecutionInfo?.status === WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_RUNNING
        ? undefined
        : true;
    });
  }

  until<T>(name: string, what: string, probe: (described: Described) => T | undefined): Promise<T> {
    return this.#until(this.id(name), what, probe);
  }

  async #until<T>(
    workflowId: string,
    what: string,
    probe: (described: Described) => T | undefined | Promise<T | undefined>,
  ): Promise<T> {
    try {
      return await eventually(
        `${workflowId}: ${what}`,
        async () => probe(await this.#describe(workflowId)),
        FLOW_MS_MAX,
      );
    } catch (error) {
      const w = Object.assign(new Hand(this.#raw), { workflowId });
      const reached = eventNames(await w.history()).join(', ');
      throw new Error(`${String(error)}, its history: ${reached}`, { cause: error });
    }
  }

  /** Resolves when an activity of the workflow says that it runs. To be called before it can. */
  running(name: string): Promise<unknown> {
    return once(notices, `running ${this.id(name)}`);
  }

  /** Repeats the call until the server answers it, with success or with a refusal. */
  async untilAnswered<T>(call: (service: Service) => Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await call(this.#raw.as({ deadlineMs: CALL_MS_MAX }));
      } catch (error) {
        if (!(error instanceof RpcFailure) || !isWorthAnotherTry(error)) throw error;
        await aMoment(RETRY_AFTER_MS);
      }
    }
  }

  /**
   * As `untilAnswered`, for a call that may end what it is about: a repeated one may find it gone, for the one whose
   * answer was lost had its effect. If it had none, the story lacks it.
   */
  async untilDone(call: (service: Service) => Promise<unknown>): Promise<void> {
    await this.#untilAccepted(call, Code.NOT_FOUND);
  }

  /** As `untilAnswered`, for a call without a request id that makes something: a repeated one may find it there. */
  async untilMade(call: (service: Service) => Promise<unknown>): Promise<void> {
    await this.#untilAccepted(call, Code.ALREADY_EXISTS);
  }

  async #untilAccepted(call: (service: Service) => Promise<unknown>, whenRepeated: Code): Promise<void> {
    let calls = 0;
    try {
      await this.untilAnswered((service) => {
        calls++;
        return call(service);
      });
    } catch (error) {
      if (calls === 1 || !(error instanceof RpcFailure) || error.code !== whenRepeated) throw error;
    }
  }
}

const UNANSWERED = new Set([Code.UNAVAILABLE, Code.DEADLINE_EXCEEDED, Code.CANCELLED, Code.UNKNOWN, Code.ABORTED]);
/** On a busy machine a worker may be too late for its workflow task, again and again: there is another one to come. */
const WORKER_IS_LATE = /Workflow Task in failed state/;

function isWorthAnotherTry({ code, text }: RpcFailure): boolean {
  return UNANSWERED.has(code) || (code === Code.FAILED_PRECONDITION && WORKER_IS_LATE.test(text));
}

// A long poll for a task: a poller that waits in a task queue until a task comes, its time is over, or its client goes.

import { failedPrecondition, invalidArgument, unimplemented } from '@perdure/api';
import { WorkerVersionCapabilities } from '@perdure/api/common';
import type { WorkerDeploymentOptions } from '@perdure/api/deployment';
import { TaskQueueKind, WorkerVersioningMode } from '@perdure/api/enums';
import type { TaskQueue as TaskQueueMessage } from '@perdure/api/taskqueue';
import { byteLength } from '@perdure/core';
import type { QueueType } from '../matching/matching.ts';
import type { Poller, StartedTask } from '../matching/task.ts';
import type { TaskQueue } from '../matching/task-queue.ts';
import type { RpcCall } from '../transport/rpc.ts';
import type { FrontendContext } from './context.ts';
import type { Namespace } from './namespaces/registry.ts';
import { checkIdentity, taskQueueName } from './validate.ts';

/** A shorter poll is refused. */
const POLL_TIME_MIN_MS = 2000;
/** The empty answer goes out this long before the client gives up. */
const ANSWER_MARGIN_MS = 1000;
/** A poll whose time is over while it is being given a task asks again after this long. */
const RECHECK_MS = 50;

/** @throws INVALID_ARGUMENT, FAILED_PRECONDITION */
export function checkPollDeadline(call: RpcCall, nowMs: number): number {
  if (call.deadlineMs === undefined) throw invalidArgument('Context timeout is not set.');
  if (call.deadlineMs - nowMs < POLL_TIME_MIN_MS) throw failedPrecondition('Context timeout is too short.');
  return call.deadlineMs;
}

interface PollRequest {
  readonly namespace: string;
  readonly taskQueue: TaskQueueMessage | undefined;
  readonly identity: string;
  readonly workerVersionCapabilities: Uint8Array | undefined;
  readonly deploymentOptions: WorkerDeploymentOptions | undefined;
}

export interface Polled {
  readonly namespace: Namespace;
  readonly queue: TaskQueue;
  /** Undefined: none came in time. */
  readonly task: StartedTask | undefined;
}

/**
 * What every poll for a task does, whatever the kind of task. Undefined: the server is closing.
 * @throws INVALID_ARGUMENT, FAILED_PRECONDITION
 */
export async function pollTaskQueue(
  context: FrontendContext,
  request: PollRequest,
  call: RpcCall,
  type: QueueType,
  tasksPerSecond?: number,
): Promise<Polled | undefined> {
  const { clock, ids, matching } = context;
  const nowMs = clock.now();
  const namespace = context.namespaces.require(request.namespace);
  const { limits, taskPollIntervalMs: intervalMs } = namespace.settings;
  const deadlineMs = checkPollDeadline(call, nowMs);
  const { identity } = request;
  checkIdentity(identity, limits);
  checkBuildId(request.workerVersionCapabilities, namespace);
  const name = taskQueueName(request.taskQueue, limits);
  if (isVersioned(request)) {
    // SDKs poll again without telling anyone.
    const taskQueue = request.taskQueue?.normalName || name;
    context.warnings.warn('a worker gets no tasks: worker versioning is not implemented', {
      namespace: namespace.name,
      taskQueue,
    });
    throw unimplemented('worker versioning is not implemented by this server');
  }
  if (matching.closed) return undefined;
  const queue = matching.queue(namespace.id, type, name);
  queue.notePoll(identity, tasksPerSecond);
  const sticky = request.taskQueue?.kind === TaskQueueKind.STICKY;
  const task = await pollQueue({ queue, call, identity, requestId: ids.uuid(), sticky, intervalMs, nowMs, deadlineMs });
  const end = task !== undefined ? 'task' : call.cancelled ? 'left' : 'nothing';
  matching.metrics.polled(namespace.id, type, end);
  return { namespace, queue, task };
}

/** A worker that wants only the tasks of its version must not get those of others. Its build id alone is welcome. */
function isVersioned({ workerVersionCapabilities: encoded, deploymentOptions }: PollRequest): boolean {
  return (
    deploymentOptions?.workerVersioningMode === WorkerVersioningMode.VERSIONED ||
    (encoded !== undefined && WorkerVersionCapabilities.decode(encoded).useVersioning)
  );
}

function checkBuildId(encoded: Uint8Array | undefined, { settings }: Namespace): void {
  const { buildIdSizeMax } = settings;
  if (encoded === undefined || encoded.length <= buildIdSizeMax) return;
  const { buildId } = WorkerVersionCapabilities.decode(encoded);
  if (byteLength(buildId) > buildIdSizeMax) {
    throw invalidArgument('Build ID exceeds configured limit.workerBuildIdSize, use a shorter build ID.');
  }
}

export interface PollOptions {
  readonly queue: TaskQueue;
  readonly call: RpcCall;
  readonly identity: string;
  readonly requestId: string;
  readonly sticky: boolean;
  /** How long to wait at the most, ms. */
  readonly intervalMs: number;
  readonly nowMs: number;
  readonly deadlineMs: number;
}

/** Resolves with the task, or undefined when none came in time. */
export function pollQueue(options: PollOptions): Promise<StartedTask | undefined> {
  return new Promise((resolve, reject) => {
    const waitMs = Math.min(options.intervalMs, options.deadlineMs - options.nowMs - ANSWER_MARGIN_MS);
    const poller = new WaitingPoll(options, resolve, reject);
    options.call.onCancel = () => poller.cancel();
    poller.expireIn(Math.max(0, waitMs));
    options.queue.poll(poller);
  });
}

class WaitingPoll implements Poller {
  readonly identity: string;
  readonly requestId: string;
  readonly sticky: boolean;
  cancelled = false;
  readonly #options: PollOptions;
  readonly #resolve: (task: StartedTask | undefined) => void;
  readonly #reject: (error: unknown) => void;
  #timer: NodeJS.Timeout | undefined;

  constructor(
    options: PollOptions,
    resolve: (task: StartedTask | undefined) => void,
    reject: (error: unknown) => void,
  ) {
    this.#options = options;
    this.identity = options.identity;
    this.requestId = options.requestId;
    this.sticky = options.sticky;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  deliver(task: StartedTask): void {
    this.#end();
    this.#resolve(task);
  }

  fail(error: unknown): void {
    this.#end();
    this.#reject(error);
  }

  expire(): void {
    this.#end();
    this.#resolve(undefined);
  }

  cancel(): void {
    this.cancelled = true;
    this.#options.queue.removePoller(this);
    this.expire();
  }

  expireIn(ms: number): void {
    this.#timer = setTimeout(() => {
      if (this.#options.queue.removePoller(this)) this.expire();
      else this.expireIn(RECHECK_MS);
    }, ms);
  }

  #end(): void {
    clearTimeout(this.#timer);
    this.#options.call.onCancel = undefined;
  }
}

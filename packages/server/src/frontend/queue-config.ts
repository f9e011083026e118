// UpdateTaskQueueConfig: what operators set for one task queue. It is kept with the namespace, and obeyed at once.

import { failedPrecondition, invalidArgument, unimplemented } from '@perdure/api';
import { TaskQueueType } from '@perdure/api/enums';
import type { TaskQueueConfig } from '@perdure/api/taskqueue';
import {
  type UpdateTaskQueueConfigRequest_RateLimitUpdate as RateLimitUpdate,
  UpdateTaskQueueConfigRequest,
  UpdateTaskQueueConfigResponse,
} from '@perdure/api/workflowservice';
import { byteLength, FAIRNESS_KEY_LENGTH_MAX } from '@perdure/core';
import { QueueType } from '../matching/matching.ts';
import type { QueueConfig } from '../matching/task-queue.ts';
import type { FrontendContext } from './context.ts';
import { type ConfiguredQueue, encodeQueues, type NamespaceDefinition, queueKey } from './namespaces/definition.ts';
import { rpc } from './rpc.ts';
import { taskQueueName } from './validate.ts';

export const queueConfigRpcs = [
  rpc('UpdateTaskQueueConfig', UpdateTaskQueueConfigRequest, UpdateTaskQueueConfigResponse, update),
];

const REASON_LENGTH_MAX = 1000;
const WEIGHTS_MAX = 1000;
/** They are stored with the namespace, in one row. */
const CONFIGURED_QUEUES_MAX = 1000;
const CONFIGURED_BYTES_MAX = 1024 * 1024;

async function update(context: FrontendContext, request: UpdateTaskQueueConfigRequest) {
  const namespace = context.namespaces.require(request.namespace);
  const { limits } = namespace.settings;
  const type = request.taskQueueType === TaskQueueType.ACTIVITY ? QueueType.ACTIVITY : QueueType.WORKFLOW;
  checkRequest(request, type);
  checkText('Identity', request.identity, limits.idLengthMax);
  const name = taskQueueName({ name: request.taskQueue, kind: 0, normalName: '' }, limits);
  const key = queueKey(type, name);
  const nowMs = context.clock.now();
  const updated = await context.namespaces.update(namespace.name, (current) => {
    const config = changed(current.queues.get(key)?.config, request, nowMs);
    const queues = new Map([...current.queues, [key, { name, type, config }] as const]);
    checkTotal(current.queues, queues);
    return { ...current, queues };
  });
  const queue = updated.queues.get(key);
  const obeyed = queueConfig(queue);
  if (obeyed !== undefined) context.matching.existing(namespace.id, type, name)?.configure(obeyed);
  return { config: queue?.config };
}

type Queues = NamespaceDefinition['queues'];

/** @throws FAILED_PRECONDITION, INVALID_ARGUMENT */
function checkTotal(before: Queues, after: Queues): void {
  if (after.size > CONFIGURED_QUEUES_MAX) {
    throw failedPrecondition(`a namespace can have at most ${CONFIGURED_QUEUES_MAX} configured task queues`);
  }
  const bytes = encodeQueues(after).length;
  // Whoever makes it smaller may do so, however large it is.
  if (bytes <= CONFIGURED_BYTES_MAX || bytes < encodeQueues(before).length) return;
  throw invalidArgument(
    `the task queue configurations of the namespace would take ${bytes} bytes, maximum ${CONFIGURED_BYTES_MAX}: unset fairness weight overrides first`,
  );
}

/** What a task queue obeys of its configuration. */
export function queueConfig(queue: ConfiguredQueue | undefined): QueueConfig | undefined {
  if (queue === undefined) return undefined;
  const { queueRateLimit, fairnessWeightOverrides } = queue.config;
  return {
    tasksPerSecond: queueRateLimit?.rateLimit?.requestsPerSecond,
    fairnessWeights: fairnessWeightOverrides,
  };
}

function changed(before: TaskQueueConfig | undefined, request: UpdateTaskQueueConfigRequest, nowMs: number) {
  const { updateQueueRateLimit: rate, setFairnessWeightOverrides, unsetFairnessWeightOverrides } = request;
  const weights = new Map([...(before?.fairnessWeightOverrides ?? []), ...setFairnessWeightOverrides]);
  for (const key of unsetFairnessWeightOverrides) weights.delete(key);
  checkWeightCount(weights.size);
  const metadata = { reason: rate?.reason ?? '', updateIdentity: request.identity, updateTime: nowMs };
  return {
    queueRateLimit: rate === undefined ? before?.queueRateLimit : { rateLimit: rate.rateLimit, metadata },
    fairnessKeysRateLimitDefault: undefined,
    fairnessWeightOverrides: weights,
  };
}

function checkRequest(request: UpdateTaskQueueConfigRequest, type: QueueType): void {
  const { updateQueueRateLimit, updateFairnessKeyRateLimitDefault } = request;
  if (request.taskQueueType === TaskQueueType.NEXUS) {
    throw unimplemented('UpdateTaskQueueConfig of a Nexus task queue is not implemented');
  }
  if (updateQueueRateLimit?.rateLimit !== undefined && type === QueueType.WORKFLOW) {
    throw invalidArgument('Setting rate limit on workflow task queues is not allowed.');
  }
  checkRate('UpdateQueueRateLimit', updateQueueRateLimit);
  if (updateFairnessKeyRateLimitDefault !== undefined) {
    throw unimplemented('UpdateTaskQueueConfig with update_fairness_key_rate_limit_default is not implemented');
  }
  checkWeights(request.setFairnessWeightOverrides, request.unsetFairnessWeightOverrides);
}

function checkRate(label: string, given: RateLimitUpdate | undefined): void {
  const rate = given?.rateLimit?.requestsPerSecond;
  if (rate !== undefined && !(rate >= 0)) {
    throw invalidArgument(`RequestsPerSecond for ${label} rate limit must be non-negative.`);
  }
  checkText(`${label}.Reason`, given?.reason ?? '', REASON_LENGTH_MAX);
}

function checkText(field: string, text: string, lengthMax: number): void {
  if (byteLength(text) > lengthMax) throw invalidArgument(`${field} field too long (max ${lengthMax} characters).`);
}

function checkWeights(set: ReadonlyMap<string, number>, unset: readonly string[]): void {
  checkWeightCount(set.size + unset.length);
  for (const key of [...set.keys(), ...unset]) {
    if (key === '') throw invalidArgument('fairness weight override key must not be empty');
    if (byteLength(key) > FAIRNESS_KEY_LENGTH_MAX) throw invalidArgument('fairness key length exceeds limit');
  }
  for (const [key, weight] of set) {
    if (weight > 0) continue;
    throw invalidArgument(`invalid fairness weight weight for key ${JSON.stringify(key)}: must be greater than zero`);
  }
  for (const key of unset) {
    if (!set.has(key)) continue;
    throw invalidArgument(`fairness weight override key ${JSON.stringify(key)} present in both set and unset lists`);
  }
}

function checkWeightCount(count: number): void {
  if (count <= WEIGHTS_MAX) return;
  throw invalidArgument(`too many fairness weight overrides in request: got ${count}, maximum ${WEIGHTS_MAX}`);
}

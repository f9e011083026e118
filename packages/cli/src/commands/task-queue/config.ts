// `task-queue config get` and `task-queue config set`.

import type { JsonObject } from '../../client/client.ts';
import type { Message } from '../../client/message.ts';
import type { Context } from '../../context.ts';
import type { Output } from '../../output/output.ts';
import { enumJson } from '../../output/texts.ts';

/** Instead of a value: as if it had never been set. */
const UNSET = 'default';

interface RateLimit {
  readonly rateLimit?: { readonly requestsPerSecond?: number };
  readonly metadata?: { readonly reason?: string; readonly updateIdentity?: string; readonly updateTime?: string };
}

export interface QueueConfig {
  readonly queueRateLimit?: RateLimit;
  readonly fairnessKeysRateLimitDefault?: RateLimit;
  readonly fairnessWeightOverrides?: Readonly<Record<string, number>>;
}

export async function getConfig(context: Context): Promise<undefined> {
  const { out } = context;
  const config = (await describeConfig(context)).item<QueueConfig>('config');
  await out.object(config ?? {}, () =>
    config === undefined ? out.line('No configuration found for task queue') : printConfig(out, config.value),
  );
}

export async function setConfig(context: Context): Promise<undefined> {
  const { given, out, terminal } = context;
  const change = await changeOf(context);
  for (const name of ['queue-rps-limit', 'fairness-key-rps-limit-default']) {
    if (given.number(name) === 0) terminal.stderr.write(`Warning: --${name} 0 stops the task queue.\n`);
  }
  const client = await context.client();
  const reply = await client.call<{ config?: QueueConfig }>('UpdateTaskQueueConfig', {
    ...change,
    namespace: client.namespace,
    identity: client.identity,
    taskQueue: given.text('task-queue'),
    taskQueueType: typeOf(context),
  });
  await out.object(reply, () => printConfig(out, reply.value.config ?? {}));
}

/** @throws {UsageError} */
async function changeOf(context: Context): Promise<JsonObject> {
  const { given } = context;
  const [limit, keyLimit] = ['queue-rps-limit', 'fairness-key-rps-limit-default'].map((name) =>
    given.has(name) ? { rateLimit: rateOf(context, name), reason: given.last(`${reasonOf(name)}-reason`) } : undefined,
  );
  const weights = given.pairs('fairness-key-weight');
  const isClearAll = given.isOn('fairness-key-weight-clear-all');
  if (isClearAll && weights.size > 0) {
    throw context.wrong('--fairness-key-weight-clear-all does not go with --fairness-key-weight');
  }
  if (limit === undefined && keyLimit === undefined && weights.size === 0 && !isClearAll) {
    throw context.wrong('there is nothing to set: give a limit or a weight');
  }
  return {
    updateQueueRateLimit: limit,
    updateFairnessKeyRateLimitDefault: keyLimit,
    ...(isClearAll ? await clearedWeights(context) : changedWeights(context, weights)),
  };
}

/** The option of the reason leaves out that it is about the default. */
function reasonOf(name: string): string {
  return name.replace(/-default$/, '');
}

/** Undefined: it is taken back. */
function rateOf(context: Context, name: string): JsonObject | undefined {
  const text = context.given.text(name);
  if (text.toLowerCase() === UNSET) return undefined;
  const requestsPerSecond = text.trim() === '' ? Number.NaN : Number(text);
  if (!Number.isFinite(requestsPerSecond) || requestsPerSecond < 0) {
    throw context.wrong(`--${name} must be a number from 0 on, or ${UNSET}: ${text}`);
  }
  return { requestsPerSecond };
}

function changedWeights(context: Context, weights: ReadonlyMap<string, string>): JsonObject {
  if (weights.size < context.given.all('fairness-key-weight').length) {
    throw context.wrong('--fairness-key-weight names a key twice');
  }
  const set: Record<string, number> = {};
  const unset: string[] = [];
  for (const [key, text] of weights) {
    const weight = text.trim() === '' ? Number.NaN : Number(text);
    if (text.toLowerCase() === UNSET) unset.push(key);
    else if (Number.isFinite(weight) && weight > 0) set[key] = weight;
    else
      throw context.wrong(
        `--fairness-key-weight must be KEY=WEIGHT with a weight above 0, or ${UNSET}: ${key}=${text}`,
      );
  }
  return { setFairnessWeightOverrides: set, unsetFairnessWeightOverrides: unset };
}

async function clearedWeights(context: Context): Promise<JsonObject> {
  const { value } = await describeConfig(context);
  return { unsetFairnessWeightOverrides: Object.keys(value.config?.fairnessWeightOverrides ?? {}) };
}

async function describeConfig(context: Context): Promise<Message<{ config?: QueueConfig }>> {
  const client = await context.client();
  return client.call<{ config?: QueueConfig }>('DescribeTaskQueue', {
    namespace: client.namespace,
    taskQueue: { name: context.given.text('task-queue'), kind: 'TASK_QUEUE_KIND_NORMAL' },
    taskQueueType: typeOf(context),
    reportConfig: true,
  });
}

function typeOf({ given }: Context): string {
  return enumJson('TASK_QUEUE_TYPE', given.text('task-queue-type'));
}

export async function printConfig(out: Output, config: QueueConfig, heading = ''): Promise<void> {
  const { queueRateLimit, fairnessKeysRateLimitDefault, fairnessWeightOverrides = {} } = config;
  const rows = [
    ...rateRow(out, 'Queue Rate Limit', queueRateLimit),
    ...rateRow(out, 'Fairness Key Rate Limit Default', fairnessKeysRateLimitDefault),
    ...Object.entries(fairnessWeightOverrides).map(([key, weight]) => [`Weight of ${key}`, String(weight), '', '', '']),
  ];
  if (rows.length === 0) return out.line('No configuration found for task queue');
  await out.table(heading, ['Setting', 'Value', 'Reason', 'UpdatedBy', 'UpdatedTime'], rows);
}

function rateRow(out: Output, setting: string, limit: RateLimit | undefined): string[][] {
  if (limit === undefined) return [];
  const { rateLimit, metadata = {} } = limit;
  const value = rateLimit === undefined ? 'Not Set' : `${rateLimit.requestsPerSecond ?? 0} rps`;
  return [[setting, value, metadata.reason ?? '', metadata.updateIdentity ?? '', out.time(metadata.updateTime)]];
}

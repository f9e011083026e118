// UpdateTaskQueueConfig: a rate limit and fairness weights that operators set for one task queue.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { temporal } from '@temporalio/proto';
import proto from '@temporalio/proto';
import { Hand, IDENTITY, scheduleActivity, TaskQueueType } from './hand.ts';
import { atEnd, TestServer } from './harness.ts';
import { Code, fails, RawClient } from './raw.ts';

type Update = temporal.api.workflowservice.v1.IUpdateTaskQueueConfigRequest;
const { RateLimitSource } = proto.temporal.api.enums.v1;
const { TASK_QUEUE_TYPE_ACTIVITY: ACTIVITY, TASK_QUEUE_TYPE_WORKFLOW: WORKFLOW } = TaskQueueType;

const server = await TestServer.start({ onFile: true });
const raw = new RawClient(server.address);
atEnd(async () => {
  raw.close();
  await server.dispose();
});

const limit = (requestsPerSecond: number, reason = 'too fast') => ({ rateLimit: { requestsPerSecond }, reason });

function configure(w: Hand, update: Update) {
  const queue = { namespace: w.namespace, taskQueue: w.taskQueue, taskQueueType: ACTIVITY };
  return raw.workflow.updateTaskQueueConfig({ ...queue, identity: 'operator', ...update });
}

function describeQueue(w: Hand) {
  const taskQueue = { name: w.taskQueue };
  return raw.workflow.describeTaskQueue({
    namespace: w.namespace,
    taskQueue,
    taskQueueType: ACTIVITY,
    reportConfig: true,
  });
}

/** The shortest poll there is; it may say a rate. */
async function poll(w: Hand, maxTasksPerSecond?: number): Promise<string | undefined> {
  const taskQueueMetadata = maxTasksPerSecond === undefined ? {} : { maxTasksPerSecond: { value: maxTasksPerSecond } };
  const request = { namespace: w.namespace, taskQueue: { name: w.taskQueue }, taskQueueMetadata, identity: IDENTITY };
  const { activityId } = await raw.as({ deadlineMs: 2_500 }).pollActivityTaskQueue(request);
  return activityId === '' ? undefined : activityId;
}

async function withActivities(count: number): Promise<Hand> {
  const w = new Hand(raw);
  await w.start();
  await w.step(...Array.from({ length: count }, (_, n) => scheduleActivity(w.taskQueue, { activityId: `${n}` })));
  return w;
}

describe('the rate limit of a task queue', { concurrency: true }, () => {
  it('says who set it, when and why, and can be taken back', async () => {
    const w = new Hand(raw);
    const { config } = await configure(w, { updateQueueRateLimit: limit(5) });
    assert.equal(config?.queueRateLimit?.rateLimit?.requestsPerSecond, 5);
    assert.equal(config?.queueRateLimit?.metadata?.reason, 'too fast');
    assert.equal(config?.queueRateLimit?.metadata?.updateIdentity, 'operator');
    assert(Number(config?.queueRateLimit?.metadata?.updateTime?.seconds) > 0);
    const told = await describeQueue(w);
    assert.deepEqual(told.config?.queueRateLimit?.rateLimit, config?.queueRateLimit?.rateLimit);
    const cleared = await configure(w, { updateQueueRateLimit: { reason: 'fast enough' } });
    assert.equal(cleared.config?.queueRateLimit?.rateLimit ?? undefined, undefined);
    assert.equal(cleared.config?.queueRateLimit?.metadata?.reason, 'fast enough');
  });

  it('is stronger than what a worker says', async () => {
    const w = await withActivities(1);
    await configure(w, { updateQueueRateLimit: limit(0) });
    assert.equal(await poll(w, 1000), undefined);
    const { effectiveRateLimit: rate } = await describeQueue(w);
    assert.equal(rate?.requestsPerSecond ?? 0, 0);
    assert.equal(rate?.rateLimitSource, RateLimitSource.RATE_LIMIT_SOURCE_API);
    await configure(w, { updateQueueRateLimit: { reason: 'go on' } });
    assert.equal(await poll(w), '0');
  });

  it('is not for workflow tasks', async () => {
    const text = 'Setting rate limit on workflow task queues is not allowed.';
    const refused = configure(new Hand(raw), { taskQueueType: WORKFLOW, updateQueueRateLimit: limit(5) });
    await fails(refused, Code.INVALID_ARGUMENT, text);
  });

  it('is refused when it makes no sense', async () => {
    const w = new Hand(raw);
    const refused = (update: Update, text: string) => fails(configure(w, update), Code.INVALID_ARGUMENT, text);
    const negative = 'RequestsPerSecond for UpdateQueueRateLimit rate limit must be non-negative.';
    await refused({ updateQueueRateLimit: limit(-1) }, negative);
    const long = 'UpdateQueueRateLimit.Reason field too long (max 1000 characters).';
    await refused({ updateQueueRateLimit: limit(5, 'x'.repeat(1001)) }, long);
    await configure(w, { updateQueueRateLimit: limit(5, 'x'.repeat(1000)) });
  });
});

describe('fairness weights of a task queue', { concurrency: true }, () => {
  it('are set and unset', async () => {
    const w = new Hand(raw);
    await configure(w, { setFairnessWeightOverrides: { a: 2.5, b: 0.5 } });
    const { config } = await configure(w, {
      setFairnessWeightOverrides: { c: 4 },
      unsetFairnessWeightOverrides: ['a'],
    });
    assert.deepEqual({ ...config?.fairnessWeightOverrides }, { b: 0.5, c: 4 });
  });

  it('are refused when they make no sense', async () => {
    const w = new Hand(raw);
    const refused = (update: Update, text: string) => fails(configure(w, update), Code.INVALID_ARGUMENT, text);
    const zero = 'invalid fairness weight weight for key "a": must be greater than zero';
    await refused({ setFairnessWeightOverrides: { a: 0 } }, zero);
    const both = 'fairness weight override key "a" present in both set and unset lists';
    await refused({ setFairnessWeightOverrides: { a: 1 }, unsetFairnessWeightOverrides: ['a'] }, both);
    const keys = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, n) => [`k${n}`, 1]));
    await refused({ setFairnessWeightOverrides: { ['x'.repeat(65)]: 1 } }, 'fairness key length exceeds limit');
    const many = 'too many fairness weight overrides in request: got 1001, maximum 1000';
    await refused({ setFairnessWeightOverrides: keys(1001) }, many);
    await configure(w, { setFairnessWeightOverrides: { ...keys(999), ['x'.repeat(64)]: 1 } });
  });
});

describe('a server that is killed', () => {
  it('still obeys what was configured', async () => {
    const w = await withActivities(1);
    await configure(w, { updateQueueRateLimit: limit(0), setFairnessWeightOverrides: { a: 2 } });
    const { config } = await describeQueue(w);
    await server.kill();
    await server.launch();
    assert.equal(await poll(w), undefined);
    assert.deepEqual((await describeQueue(w)).config, config);
    await configure(w, { updateQueueRateLimit: {} });
    assert.equal(await poll(w), '0');
  });
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { code, StatusError } from '@perdure/api';
import type { Init } from '@perdure/api/wire';
import { UpdateTaskQueueConfigRequest, UpdateTaskQueueConfigResponse } from '@perdure/api/workflowservice';
import { QueueType } from '../matching/matching.ts';
import { encodeQueues, newDefinition, queueKey } from './namespaces/definition.ts';
import { queueConfigRpcs } from './queue-config.ts';
import { testFrontend } from './testing.ts';

test('a namespace has a thousand configured task queues at the most; each can be configured again', async () => {
  const frontend = await testFrontend();
  Object.assign(frontend.context, { matching: { existing: () => undefined } });
  await frontend.context.namespaces.register(newDefinition({ id: 'id', name: 'orders', retentionMs: 3_600_000 }));
  const configure = (n: number) =>
    frontend.call(
      queueConfigRpcs,
      'UpdateTaskQueueConfig',
      UpdateTaskQueueConfigRequest,
      UpdateTaskQueueConfigResponse,
      { namespace: 'orders', taskQueue: `queue-${n}`, setFairnessWeightOverrides: new Map([['k', 2]]) },
    );
  for (let n = 1; n <= 1000; n++) await configure(n);
  await configure(1);
  await assert.rejects(
    configure(1001),
    (error) => error instanceof StatusError && error.code === code.FAILED_PRECONDITION,
  );
});

test('the configurations of a namespace take one mebibyte at the most', async () => {
  const frontend = await testFrontend();
  Object.assign(frontend.context, { matching: { existing: () => undefined } });
  await frontend.context.namespaces.register(newDefinition({ id: 'id', name: 'orders', retentionMs: 3_600_000 }));
  const configure = (taskQueue: string, request: Init<UpdateTaskQueueConfigRequest>) =>
    frontend.call(
      queueConfigRpcs,
      'UpdateTaskQueueConfig',
      UpdateTaskQueueConfigRequest,
      UpdateTaskQueueConfigResponse,
      { namespace: 'orders', taskQueue, ...request },
    );
  const room = () => 1024 * 1024 - encodeQueues(frontend.context.namespaces.require('orders').queues).length;
  const reason = (length: number) => ({ updateQueueRateLimit: { reason: 'r'.repeat(length) } });
  const weights = (count: number) => ({
    setFairnessWeightOverrides: new Map(Array.from({ length: count }, (_, n) => [`${n}`.padStart(64, 'k'), 2])),
  });
  for (let n = 0; room() > 80_000; n++) await configure(`large-${n}`, weights(1000));
  for (let n = 0; room() > 8000; n++) await configure(`medium-${n}`, weights(90));
  for (let n = 0; room() > 1000; n++) await configure(`small-${n}`, reason(400));
  await configure('last', reason(500));
  const length = 500 + room();
  await configure('last', reason(length));
  assert.equal(room(), 0);
  await assert.rejects(
    configure('last', reason(length + 1)),
    (error) =>
      error instanceof StatusError && error.code === code.INVALID_ARGUMENT && /1048577 bytes/.test(error.message),
  );
  assert.equal(room(), 0);
  await configure('last', reason(length - 1));
  assert.equal(room(), 1);
});

test('configurations that are too large already can be made smaller', async () => {
  const frontend = await testFrontend();
  Object.assign(frontend.context, { matching: { existing: () => undefined } });
  const fairnessWeightOverrides = new Map(Array.from({ length: 20_000 }, (_, n) => [`${n}`.padStart(64, 'k'), 2]));
  const config = { queueRateLimit: undefined, fairnessKeysRateLimitDefault: undefined, fairnessWeightOverrides };
  const large = { name: 'large', type: QueueType.WORKFLOW, config };
  const queues = new Map([
    [queueKey(large.type, 'large'), large],
    [
      queueKey(large.type, 'small'),
      {
        ...large,
        name: 'small',
        config: {
          ...config,
          fairnessWeightOverrides: new Map([
            ['a', 2],
            ['b', 2],
          ]),
        },
      },
    ],
  ]);
  await frontend.context.namespaces.register(
    newDefinition({ id: 'id', name: 'orders', retentionMs: 3_600_000, queues }),
  );
  const configure = (request: Init<UpdateTaskQueueConfigRequest>) =>
    frontend.call(
      queueConfigRpcs,
      'UpdateTaskQueueConfig',
      UpdateTaskQueueConfigRequest,
      UpdateTaskQueueConfigResponse,
      { namespace: 'orders', taskQueue: 'small', taskQueueType: 1, ...request },
    );
  await assert.rejects(
    configure({ setFairnessWeightOverrides: new Map([['c', 2]]) }),
    (error) => error instanceof StatusError && error.code === code.INVALID_ARGUMENT,
  );
  const changed = await configure({ unsetFairnessWeightOverrides: ['a', 'b'] });
  assert.equal(changed.config?.fairnessWeightOverrides.size, 0);
});

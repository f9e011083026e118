import assert from 'node:assert/strict';
import { test } from 'node:test';
import { code, StatusError } from '@perdure/api';
import { UpdateTaskQueueConfigRequest, UpdateTaskQueueConfigResponse } from '@perdure/api/workflowservice';
import { newDefinition } from './namespaces/definition.ts';
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

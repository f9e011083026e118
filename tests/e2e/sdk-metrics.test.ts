// The metrics of a server that the official SDK works on.

import assert from 'node:assert/strict';
import { it } from 'node:test';
import { atEnd, freePort, NAMESPACE, TestServer, unique } from './harness.ts';
import { Scrape } from './scrape.ts';
import { connect, runWorker } from './sdk/worker.ts';
import { fail, runActivity } from './sdk/workflows.ts';

const COUNT = 10;

it('ten workflows are ten starts, ten activities and ten successes, and leave nothing pending', async () => {
  const port = await freePort();
  const server = await TestServer.start({ args: ['--metrics-port', String(port)] });
  atEnd(() => server.dispose());
  const taskQueue = unique('metrics');
  await runWorker(server.address, taskQueue);
  const client = await connect(server.address);
  atEnd(() => client.connection.close());
  const before = await Scrape.of(port);
  const run = async () => {
    const args = ['echo', { startToCloseTimeout: '10s' }, 'hello'] as Parameters<typeof runActivity>;
    return client.workflow.execute(runActivity, { workflowId: unique('counted'), taskQueue, args });
  };
  assert.deepEqual(await Promise.all(Array.from({ length: COUNT }, run)), new Array(COUNT).fill('hello'));
  const failing = { workflowId: unique('counted'), taskQueue };
  await assert.rejects(client.workflow.execute(fail, { ...failing, args: ['no', 'Odd'] }));
  const after = await Scrape.of(port);
  const rise = (name: string, labels = {}) => after.value(name, labels) - before.value(name, labels);
  const labels = { namespace: NAMESPACE };
  assert.equal(rise('service_requests', { ...labels, operation: 'StartWorkflowExecution' }), COUNT + 1);
  assert.equal(rise('service_latency_count', { ...labels, operation: 'StartWorkflowExecution' }), COUNT + 1);
  assert.equal(rise('workflow_success', labels), COUNT);
  assert.equal(rise('workflow_failed', labels), 1);
  assert.equal(rise('activity_success', labels), COUNT);
  assert.equal(rise('history_count_count', labels), COUNT + 1);
  assert.equal(after.value('service_pending_requests', { operation: 'StartWorkflowExecution' }), 0);
  assert.equal(after.value('service_pending_requests', { operation: 'RespondWorkflowTaskCompleted' }), 0);
  assert.equal(after.value('approximate_backlog_count'), 0);
  assert(rise('persistence_latency_count', { operation: 'Commit' }) > 0);
  assert(after.value('cached_runs') >= 1);
});

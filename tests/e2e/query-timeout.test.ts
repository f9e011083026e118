// Lists and counts that take too long, as clients see it. The server runs inside the test, so that the store's clock can
// be set: it goes on by six seconds whenever a query looks at it, which is at the beginning and at every sixteenth run.

import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { createConfig, silentLogger, startServer } from '@perdure/server';
import { createMemoryStore } from '@perdure/store';
import { Hand } from './hand.ts';
import { NAMESPACE } from './harness.ts';
import { Code, fails, RawClient } from './raw.ts';

const LOOK_MS = 6000;
/** With so many runs a query looks at the clock once, 6 s after it came; with one more again, after 12 s. */
const QUICK_RUNS = 15;

async function serveSlowly(t: TestContext): Promise<RawClient> {
  let nowMs = 0;
  const store = createMemoryStore(() => (nowMs += LOOK_MS));
  const options = { host: '127.0.0.1', port: 0, namespaces: [], log: silentLogger };
  const server = await startServer({ ...options, store, config: createConfig() });
  const raw = new RawClient(`127.0.0.1:${server.address.port}`);
  t.after(async () => {
    raw.close();
    await server.close();
  });
  return raw;
}

test('a list or a count that takes longer than ten seconds fails, and says what to do', async (t) => {
  const raw = await serveSlowly(t);
  for (let i = 0; i < QUICK_RUNS; i++) await new Hand(raw).start();
  const { workflow } = raw;
  const asked = { namespace: NAMESPACE };
  assert.equal((await workflow.listWorkflowExecutions(asked)).executions.length, QUICK_RUNS);
  assert.equal(Number((await workflow.countWorkflowExecutions(asked)).count), QUICK_RUNS);
  const shorter = raw.as({ deadlineMs: 6000 });
  await fails(shorter.listWorkflowExecutions(asked), Code.DEADLINE_EXCEEDED, /took too long.*Narrow it by WorkflowId/);

  const last = new Hand(raw);
  await last.start();
  const tooLong = /took too long.*Narrow it by WorkflowId/;
  await fails(workflow.listWorkflowExecutions(asked), Code.DEADLINE_EXCEEDED, tooLong);
  await fails(workflow.scanWorkflowExecutions(asked), Code.DEADLINE_EXCEEDED, tooLong);
  await fails(workflow.countWorkflowExecutions(asked), Code.DEADLINE_EXCEEDED, tooLong);
  await fails(workflow.listOpenWorkflowExecutions(asked), Code.DEADLINE_EXCEEDED, tooLong);
  const batch = { ...asked, jobId: 'job', reason: 'r', visibilityQuery: "WorkflowType = 'by-hand'" };
  await fails(workflow.startBatchOperation({ ...batch, terminationOperation: {} }), Code.DEADLINE_EXCEEDED, tooLong);
  // Nothing but the list has failed.
  await last.describe();
});

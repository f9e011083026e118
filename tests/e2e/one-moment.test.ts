// Runs of a workflow id never overlap, not even on a clock that moves on between any two looks at it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createConfig, silentLogger, startServer } from '@perdure/server';
import { createMemoryStore } from '@perdure/store';
import proto from '@temporalio/proto';
import { type Command, CommandType, completeWorkflow, Hand, millis } from './hand.ts';
import { RawClient } from './raw.ts';

const TERMINATE_EXISTING =
  proto.temporal.api.enums.v1.WorkflowIdConflictPolicy.WORKFLOW_ID_CONFLICT_POLICY_TERMINATE_EXISTING;

test('a run begins at the moment in which the one that it follows ends', async (t) => {
  const { now } = Date;
  let looks = 0;
  t.mock.method(Date, 'now', () => now.call(Date) + looks++);
  const options = { host: '127.0.0.1', port: 0, namespaces: [], config: createConfig(), log: silentLogger };
  const server = await startServer({ ...options, store: createMemoryStore() });
  const raw = new RawClient(`127.0.0.1:${server.address.port}`);
  t.after(async () => {
    raw.close();
    await server.close();
  });
  const w = new Hand(raw);
  const runIds = [
    await w.start(),
    await w.start({ workflowIdConflictPolicy: TERMINATE_EXISTING }),
    await w.start({ workflowIdConflictPolicy: TERMINATE_EXISTING }),
  ];
  const goOn: Command = {
    commandType: CommandType.COMMAND_TYPE_CONTINUE_AS_NEW_WORKFLOW_EXECUTION,
    continueAsNewWorkflowExecutionCommandAttributes: {
      workflowType: { name: 'by-hand' },
      taskQueue: { name: w.taskQueue },
    },
  };
  const { workflowExecution } = await w.step(goOn);
  assert.equal(workflowExecution?.runId, runIds.at(-1));
  const { workflowExecutionInfo } = await w.describe();
  runIds.push(workflowExecutionInfo?.execution?.runId ?? '');
  await w.step(completeWorkflow());

  const histories = await Promise.all(runIds.map((runId) => w.history(runId)));
  for (const [index, events] of histories.entries()) {
    const next = histories[index + 1];
    if (next) assert.equal(millis(next[0]?.eventTime), millis(events.at(-1)?.eventTime));
  }
});

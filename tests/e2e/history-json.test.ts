// Histories as files: what a server wrote is exported, replayed by the official SDK from the file alone, and read back.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { historyFromJson, historyToJson } from '@perdure/api/json';
import { splitField } from '@perdure/api/wire';
import { GetWorkflowExecutionHistoryRequest } from '@perdure/api/workflowservice';
import { historyFromJSON } from '@temporalio/common/lib/proto-utils.js';
import proto from '@temporalio/proto';
import { sharedRaw } from './hand.ts';
import { NAMESPACE } from './harness.ts';
import { replay } from './sdk/replay.ts';
import { bundle, start } from './sdk/worker.ts';
import { account, fail, listen, manyActivities } from './sdk/workflows.ts';

const GET_HISTORY = '/temporal.api.workflowservice.v1.WorkflowService/GetWorkflowExecutionHistory';
const { History } = proto.temporal.api.history.v1;

/** The encoded History, as it came over the wire. */
async function historyOf(workflowId: string): Promise<Uint8Array> {
  const raw = await sharedRaw();
  const request = GetWorkflowExecutionHistoryRequest.encode({ namespace: NAMESPACE, execution: { workflowId } });
  const response = new Uint8Array(await raw.bytes(GET_HISTORY, request));
  const [history] = splitField(response, 1);
  assert.ok(history);
  return history;
}

async function finished(): Promise<readonly string[]> {
  const activities = await start(manyActivities, [5]);
  const failing = await start(fail, ['broken', 'Broken']);
  const listening = await start(listen, []);
  await listening.signal('go', 'é "quoted" \u{1f600}');
  await listening.signal('go', 'stop');
  const updated = await start(account, []);
  await updated.executeUpdate('add', { args: [5] });
  await updated.terminate('enough');
  await Promise.allSettled([activities, failing, listening, updated].map((handle) => handle.result()));
  return [activities, failing, listening, updated].map(({ workflowId }) => workflowId);
}

describe('an exported history', () => {
  it('is replayed by the official SDK, and is the same again when it is imported', async () => {
    const workflowIds = await finished();
    const histories = [];
    for (const workflowId of workflowIds) {
      const exported = await historyOf(workflowId);
      const text = await historyToJson(exported);
      assert.deepEqual(new Uint8Array(await historyFromJson(text)), new Uint8Array(exported), workflowId);
      // The SDK's own reader finds in the text what was on the wire.
      const theirs = History.encode(historyFromJSON(JSON.parse(text))).finish();
      assert.deepEqual(new Uint8Array(theirs), new Uint8Array(exported), workflowId);
      histories.push({ workflowId, history: JSON.parse(text) as unknown });
    }
    assert.equal(await replay(await bundle('workflows.ts'), histories), workflowIds.length);
  });
});

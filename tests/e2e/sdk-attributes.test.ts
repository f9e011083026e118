// Search attributes and memos through the official SDK: its typed keys, what the workflow sees, what lists show.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Client } from '@temporalio/client';
import { defineSearchAttributeKey, SearchAttributeType, TypedSearchAttributes } from '@temporalio/common';
import { eventually, TestServer, unique } from './harness.ts';
import { describeItself } from './sdk/attribute-workflows.ts';
import { connect, type RunningWorker, replayNow, runWorker } from './sdk/worker.ts';

const city = defineSearchAttributeKey('City', SearchAttributeType.KEYWORD);
const visits = defineSearchAttributeKey('Visits', SearchAttributeType.INT);
const due = defineSearchAttributeKey('Due', SearchAttributeType.DATETIME);
const changes = defineSearchAttributeKey('TemporalChangeVersion', SearchAttributeType.KEYWORD_LIST);

const ARGS = ['City=Keyword', 'Visits=Int', 'Due=Datetime'].flatMap((given) => ['--search-attribute', given]);
const DUE = '2024-05-06T07:08:09.000Z';

let server: TestServer;
let client: Client;
let worker: RunningWorker;
const taskQueue = unique('tq');

before(async () => {
  server = await TestServer.start({ args: ARGS });
  client = await connect(server.address);
  worker = await runWorker(server.address, taskQueue);
});
after(async () => {
  await worker?.stop();
  await client?.connection.close();
  await replayNow(server.address);
  await server?.dispose();
});

function start(pairs: TypedSearchAttributes) {
  return client.workflow.start(describeItself, {
    taskQueue,
    workflowId: unique('wf'),
    memo: { note: 'first', old: 'gone' },
    typedSearchAttributes: pairs,
  });
}

describe('typed search attributes', () => {
  it('are set by the client and the workflow, seen by the workflow, and shown', async () => {
    const handle = await start(new TypedSearchAttributes([{ key: city, value: 'Bern' }]));
    assert.deepEqual(await handle.result(), { note: 'changed', visits: 3, due: DUE });
    const { typedSearchAttributes: shown, memo } = await handle.describe();
    assert.equal(shown.get(city), undefined);
    assert.equal(shown.get(visits), 3);
    assert.equal(shown.get(due)?.toISOString(), DUE);
    // What `patched` leaves behind, for lists to find.
    assert.deepEqual(shown.get(changes), ['newer-way']);
    assert.equal(memo?.['note'], 'changed');
    assert.equal(memo?.['old'] ?? undefined, undefined);
    await eventually('the list shows them', async () => {
      for await (const listed of client.workflow.list({ query: `WorkflowId = '${handle.workflowId}'` })) {
        if (listed.status.name !== 'COMPLETED') return undefined;
        assert.equal(listed.typedSearchAttributes.get(visits), 3);
        return true;
      }
      return undefined;
    });
  });

  it('that are not registered are refused where they are set', async () => {
    const other = defineSearchAttributeKey('Nobody', SearchAttributeType.KEYWORD);
    const started = start(new TypedSearchAttributes([{ key: other, value: 'x' }]));
    await assert.rejects(started, (error: Error & { cause?: Error }) =>
      /no mapping defined for search attribute Nobody/.test(`${error.message} ${error.cause?.message}`),
    );
  });
});

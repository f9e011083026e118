// Lists and counts through the official client: attributes of all types, groups, orders, and what was done just before.
// Nothing here waits for a list to catch up. On a database in memory and on one in a file, which is then read again.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Client } from '@temporalio/client';
import { defineSearchAttributeKey, SearchAttributeType as Type, TypedSearchAttributes } from '@temporalio/common';
import { TestServer, unique } from './harness.ts';
import { connect, type RunningWorker, replayNow, runWorker } from './sdk/worker.ts';
import { describeItself } from './sdk/workflows.ts';

const REGISTERED = [
  'City=Keyword',
  'Note=Text',
  'Visits=Int',
  'Weight=Double',
  'Paid=Bool',
  'Due=Datetime',
  'Tags=KeywordList',
];
const ARGS = REGISTERED.flatMap((given) => ['--search-attribute', given]);

const city = defineSearchAttributeKey('City', Type.KEYWORD);
const note = defineSearchAttributeKey('Note', Type.TEXT);
const visits = defineSearchAttributeKey('Visits', Type.INT);
const weight = defineSearchAttributeKey('Weight', Type.DOUBLE);
const paid = defineSearchAttributeKey('Paid', Type.BOOL);
const due = defineSearchAttributeKey('Due', Type.DATETIME);
const tags = defineSearchAttributeKey('Tags', Type.KEYWORD_LIST);

/** By workflow id. Each has what the others lack. */
const RUNS: Readonly<Record<string, TypedSearchAttributes>> = {
  a: new TypedSearchAttributes([
    { key: city, value: 'Bern' },
    { key: note, value: 'Fragile, handle with care' },
    { key: visits, value: 3 },
    { key: weight, value: 0.5 },
    { key: paid, value: true },
    { key: due, value: new Date('2024-05-06T07:08:09.010Z') },
    { key: tags, value: ['new', 'eu'] },
  ]),
  b: new TypedSearchAttributes([
    { key: city, value: "O'Fallon 100%" },
    { key: note, value: 'careless' },
    { key: visits, value: -7 },
    { key: weight, value: 20 },
    { key: paid, value: false },
    { key: due, value: new Date('2030-01-01T00:00:00.000Z') },
    { key: tags, value: ['us'] },
  ]),
  c: new TypedSearchAttributes([
    { key: city, value: 'bern' },
    { key: visits, value: 3 },
  ]),
  d: new TypedSearchAttributes([]),
};

const QUERIES: Readonly<Record<string, string>> = {
  '': 'a b c d',
  "City = 'Bern'": 'a',
  "City != 'Bern'": 'b c',
  'City = "O\'Fallon 100%"': 'b',
  "City = 'O''Fallon 100%'": 'b',
  "City IN ('Bern', 'bern')": 'a c',
  "City NOT IN ('Bern', 'bern')": 'b',
  "City > 'C'": 'b c',
  "City BETWEEN 'A' AND 'C'": 'a',
  "City STARTS_WITH 'B'": 'a',
  "City NOT STARTS_WITH 'B'": 'b c',
  "City STARTS_WITH '%'": '',
  "City CONTAINS 'ERN'": 'a c',
  "City CONTAINS '100%'": 'b',
  "City CONTAINS 'B_rn'": '',
  'City IS NULL': 'd',
  'City IS NOT NULL': 'a b c',
  "Note = 'CARE'": 'a',
  "Note = 'care less careless'": 'a b',
  "Note != 'care'": 'b c d',
  "Note CONTAINS 'dle WITH'": 'a',
  "Note CONTAINS 'care'": 'a b',
  'Visits = 3': 'a c',
  'Visits < 3': 'b',
  'Visits >= -7 AND NOT Visits > 2.5': 'b',
  'Weight > 0.4999 AND Weight <= 20': 'a b',
  'Weight BETWEEN 20 AND 21': 'b',
  'Paid = true': 'a',
  'Paid != true': 'b',
  "Due = '2024-05-06T09:08:09.01+02:00'": 'a',
  'Due = 1714979289010000000': 'a',
  "Due > '2024-05-06T07:08:09.010000001Z'": 'b',
  "Tags = 'eu'": 'a',
  "Tags != 'eu'": 'b c d',
  "Tags IN ('us', 'new')": 'a b',
  "NOT (City = 'Bern' OR Visits = -7)": 'c',
  "WorkflowId = 'd' OR WorkflowId STARTS_WITH 'b'": 'b d',
  "WorkflowType = 'Order' AND (`Visits` = 3 OR Paid = false)": 'a b c',
  "TaskQueue = 'nobody'": 'a b c d',
  "ExecutionStatus = 'Running'": 'a b c d',
  "CloseTime > '2020-01-01T00:00:00Z'": 'a b c d',
  'CloseTime IS NOT NULL': '',
  "StartTime < '2020-01-01T00:00:00Z'": '',
  'ParentWorkflowId IS NULL': 'a b c d',
  "TemporalNamespaceDivision = 'TemporalScheduler'": '',
};

const ORDERS: Readonly<Record<string, string>> = {
  'ORDER BY WorkflowId': 'a b c d',
  'ORDER BY WorkflowId DESC': 'd c b a',
  'ORDER BY City': 'a b c d',
  'ORDER BY Visits DESC, City DESC': 'd c a b',
  'Visits = 3 ORDER BY Weight DESC': 'c a',
  'ORDER BY Due, WorkflowId DESC': 'a b d c',
  'ORDER BY Paid, WorkflowId': 'b a c d',
};

for (const onFile of [false, true]) {
  describe(`on a database ${onFile ? 'in a file' : 'in memory'}`, () => {
    let server: TestServer;
    let client: Client;
    let worker: RunningWorker;
    const taskQueue = unique('tq');

    before(async () => {
      server = await TestServer.start({ args: ARGS, onFile });
      client = await connect(server.address);
      for (const [workflowId, typedSearchAttributes] of Object.entries(RUNS)) {
        await client.workflow.start('Order', { workflowId, taskQueue: 'nobody', typedSearchAttributes });
      }
    });
    after(async () => {
      await worker?.stop();
      await client?.connection.close();
      await replayNow(server.address);
      await server?.dispose();
    });

    async function list(query: string, pageSize = 1000): Promise<string[]> {
      const found: string[] = [];
      for await (const { workflowId } of client.workflow.list({ query, pageSize })) found.push(workflowId);
      return found;
    }

    async function countsOf(query: string): Promise<Record<string, number>> {
      const { count, groups } = await client.workflow.count(query);
      assert.equal(
        groups.reduce((sum, group) => sum + group.count, 0),
        count,
      );
      return Object.fromEntries(groups.map((group) => [String(group.groupValues), group.count]));
    }

    /** Of the runs that satisfy `among`. */
    async function assertFound(among: string): Promise<void> {
      for (const [condition, expected] of Object.entries(QUERIES)) {
        const query = condition === '' ? among : `${among} AND (${condition})`;
        const found = await list(query);
        assert.equal(found.sort().join(' '), expected, query);
        assert.equal((await client.workflow.count(query)).count, found.length, query);
      }
    }

    it('conditions on attributes of every type find what they say', () => assertFound("WorkflowType = 'Order'"));

    it('lists are in the order that was asked for, whole and in pages', async () => {
      for (const [query, expected] of Object.entries(ORDERS)) {
        assert.equal((await list(query)).join(' '), expected, query);
        assert.equal((await list(query, 1)).join(' '), expected, query);
      }
    });

    it('counts have groups', async () => {
      assert.deepEqual(await countsOf('GROUP BY ExecutionStatus'), { Running: 4 });
      assert.deepEqual(await countsOf('GROUP BY Paid'), { true: 1, false: 1, '': 2 });
      assert.deepEqual(await countsOf('Visits = 3 GROUP BY City'), { Bern: 1, bern: 1 });
      assert.deepEqual(await countsOf('GROUP BY WorkflowType'), { Order: 4 });
      assert.deepEqual(await countsOf("City = 'nowhere' GROUP BY WorkflowType"), {});
    });

    it('a list right after a start, a signal with start, or a termination shows it', async () => {
      for (let i = 0; i < 10; i++) {
        const workflowId = unique('own');
        const running = `WorkflowId = '${workflowId}' AND ExecutionStatus = 'Running'`;
        const options = { workflowId, taskQueue: 'nobody' };
        const handle =
          i % 2 === 0
            ? await client.workflow.start('Own', options)
            : await client.workflow.signalWithStart('Own', { ...options, signal: 'ping' });
        assert.deepEqual(await list(running), [workflowId]);
        await handle.terminate();
        assert.deepEqual(await list(running), []);
        const { count } = await client.workflow.count(`WorkflowId = '${workflowId}' AND CloseTime IS NOT NULL`);
        assert.equal(count, 1);
      }
    });

    it('a list right after a workflow has ended shows what it has made of its attributes', async () => {
      worker = await runWorker(server.address, taskQueue);
      for (let i = 0; i < 3; i++) {
        const workflowId = unique('upsert');
        const typedSearchAttributes = new TypedSearchAttributes([{ key: city, value: workflowId }]);
        assert.deepEqual(await list(`City = '${workflowId}'`), []);
        const handle = await client.workflow.start(describeItself, { workflowId, taskQueue, typedSearchAttributes });
        await handle.result();
        const own = `WorkflowId = '${workflowId}' AND ExecutionStatus = 'Completed'`;
        assert.deepEqual(await list(`${own} AND Visits = 3 AND Due = '2024-05-06T07:08:09Z'`), [workflowId]);
        assert.deepEqual(await list(`${own} AND TemporalChangeVersion IN ('newer-way', 'x')`), [workflowId]);
        assert.deepEqual(await list(`${own} AND City IS NULL`), [workflowId]);
        assert.deepEqual(await list(`City = '${workflowId}'`), []);
        assert.deepEqual(await list(`${own} AND ExecutionDuration < '1h' AND HistoryLength > 5`), [workflowId]);
      }
    });

    if (onFile) {
      it('what was killed finds the same again', async () => {
        await server.kill();
        await server.launch();
        await assertFound("TaskQueue = 'nobody' AND WorkflowType = 'Order'");
      });
    }
  });
}

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { code, jsonPayload, parseJsonPayload, StatusError } from '@perdure/api';
import { Memo, SearchAttributes } from '@perdure/api/common';
import { WorkflowExecutionStatus } from '@perdure/api/enums';
import type { Init, MessageType } from '@perdure/api/wire';
import type { WorkflowExecutionInfo } from '@perdure/api/workflow';
import * as api from '@perdure/api/workflowservice';
import { createMemoryStore, EntityKind, type RunRow, type Write } from '@perdure/store';
import { testFrontend } from '../testing.ts';
import { visibilityRpcs } from './handlers.ts';

const NAMESPACE = 'default';
const T0 = 1_800_000_000_000;

interface Run extends Partial<RunRow> {
  readonly key: number;
}

async function lists(...runs: Run[]) {
  const frontend = await testFrontend({ namespaces: { visibilityPageSizeMax: 5 } });
  const { id } = await frontend.context.namespaces.ensureNamespace(NAMESPACE);
  await frontend.commit(...runs.map((run) => insert(id, run)));
  const call = <Q extends { namespace: string }, R>(
    method: string,
    requestType: MessageType<Q>,
    responseType: MessageType<R>,
    request: object,
  ): Promise<R> => {
    const given = { namespace: NAMESPACE, ...request } as Init<Q>;
    return frontend.call(visibilityRpcs, method, requestType, responseType, given);
  };
  return {
    list: (request: Init<api.ListWorkflowExecutionsRequest> = {}) =>
      call('ListWorkflowExecutions', api.ListWorkflowExecutionsRequest, api.ListWorkflowExecutionsResponse, request),
    scan: (request: Init<api.ScanWorkflowExecutionsRequest> = {}) =>
      call('ScanWorkflowExecutions', api.ScanWorkflowExecutionsRequest, api.ScanWorkflowExecutionsResponse, request),
    count: (query: string) =>
      call('CountWorkflowExecutions', api.CountWorkflowExecutionsRequest, api.CountWorkflowExecutionsResponse, {
        query,
      }),
    open: (request: Init<api.ListOpenWorkflowExecutionsRequest> = {}) =>
      call(
        'ListOpenWorkflowExecutions',
        api.ListOpenWorkflowExecutionsRequest,
        api.ListOpenWorkflowExecutionsResponse,
        request,
      ),
    closed: (request: Init<api.ListClosedWorkflowExecutionsRequest> = {}) =>
      call(
        'ListClosedWorkflowExecutions',
        api.ListClosedWorkflowExecutionsRequest,
        api.ListClosedWorkflowExecutionsResponse,
        request,
      ),
  };
}

/** A run that started `key` seconds after T0; closed ones have a status other than 1 and closed after another minute. */
function insert(namespaceId: string, { key, status = 1, ...more }: Run): Write {
  const startMs = T0 + key * 1000;
  return {
    kind: 'insertRun',
    row: {
      key,
      kind: EntityKind.WORKFLOW_RUN,
      shard: 1,
      namespaceId,
      workflowId: `w${key}`,
      runId: `r${key}`,
      workflowType: key % 2 === 0 ? 'Even' : 'Odd',
      taskQueue: 'q',
      status,
      startMs,
      executionMs: startMs,
      closeMs: status === 1 ? undefined : startMs + 60_000,
      wakeAtMs: undefined,
      historyLength: 3,
      historySizeBytes: 300,
      stateTransitionCount: 3,
      memo: new Uint8Array(),
      searchAttributes: new Uint8Array(),
      firstRunId: `r${key}`,
      parentWorkflowId: '',
      parentRunId: '',
      rootWorkflowId: `w${key}`,
      rootRunId: `r${key}`,
      ...more,
    },
  };
}

function encoded(name: string, json: string): Uint8Array {
  const payload = jsonPayload(JSON.parse(json), { type: 'Keyword' });
  return SearchAttributes.encode({ indexedFields: new Map([[name, payload]]) });
}

interface Listed {
  readonly executions: readonly WorkflowExecutionInfo[];
  readonly nextPageToken: Uint8Array;
}

const ids = ({ executions }: Listed): string => executions.map(({ execution }) => execution?.workflowId).join(' ');

async function everyPage(read: (nextPageToken: Uint8Array) => Promise<Listed>): Promise<string> {
  const found: string[] = [];
  for (let token = new Uint8Array(); ; ) {
    const page = await read(token);
    if (page.executions.length > 0) found.push(ids(page));
    if (page.nextPageToken.length === 0) return found.join(' ');
    token = new Uint8Array(page.nextPageToken);
  }
}

const SEVEN: Run[] = [1, 2, 3, 4, 5, 6, 7].map((key) => ({ key, status: key <= 3 ? 1 : key === 7 ? 3 : 2 }));

test('a list shows open runs first, newest first, whole or in pages', async () => {
  const { list, scan } = await lists(...SEVEN);
  assert.equal(ids(await list()), 'w3 w2 w1 w7 w6');
  for (const pageSize of [-1, 0, 1, 2, 3, 4, 5, 6, 10_000]) {
    const whole = await everyPage((nextPageToken) => list({ pageSize, nextPageToken }));
    assert.equal(whole, 'w3 w2 w1 w7 w6 w5 w4', `${pageSize}`);
  }
  assert.equal(await everyPage((nextPageToken) => scan({ pageSize: 3, nextPageToken })), 'w3 w2 w1 w7 w6 w5 w4');
});

test('a page that is exactly full and the last has no token', async () => {
  const { list } = await lists(...SEVEN.slice(0, 5));
  const page = await list({ pageSize: 5 });
  assert.equal(page.executions.length, 5);
  assert.equal(page.nextPageToken.length, 0);
});

test('queries narrow lists and counts alike', async () => {
  const { list, count } = await lists(...SEVEN);
  const cases: [string, string][] = [
    ["WorkflowId = 'w4'", 'w4'],
    ["RunId = 'r1'", 'w1'],
    ["WorkflowType = 'Even'", 'w2 w6 w4'],
    ["ExecutionStatus = 'Running'", 'w3 w2 w1'],
    ["ExecutionStatus = 'Failed' AND WorkflowType = 'Odd'", 'w7'],
    ["WorkflowType = 'Even' AND WorkflowType = 'Odd'", ''],
    ["WorkflowId = 'nobody'", ''],
    ["WorkflowId IN ('w2', 'w7') OR StartTime <= '2027-01-15T08:00:01Z'", 'w2 w1 w7'],
    ["NOT ExecutionStatus IN ('Running', 'Completed')", 'w7'],
    ["CloseTime IS NOT NULL AND NOT WorkflowId CONTAINS 'W6'", 'w7 w5 w4'],
    ['ORDER BY WorkflowType, WorkflowId DESC', 'w6 w4 w2 w7 w5 w3 w1'],
    ["WorkflowType = 'Even' ORDER BY StartTime", 'w2 w4 w6'],
  ];
  for (const [query, expected] of cases) {
    assert.equal(await everyPage((nextPageToken) => list({ query, pageSize: 2, nextPageToken })), expected, query);
    const counted = query.replace(/ *ORDER BY.*/, '');
    const total = counted === '' ? 7 : expected.split(' ').filter((id) => id !== '').length;
    assert.equal((await count(counted)).count, total, query);
  }
});

test('a count has groups if it is asked for them', async () => {
  const { count } = await lists(...SEVEN);
  const grouped = async (query: string) => {
    const { count: total, groups } = await count(query);
    return { total, groups: groups.map((group) => [group.groupValues.map(parseJsonPayload), group.count].flat(2)) };
  };
  assert.deepEqual(await grouped('GROUP BY ExecutionStatus'), {
    total: 7,
    groups: [
      ['Running', 3],
      ['Completed', 3],
      ['Failed', 1],
    ],
  });
  assert.deepEqual(await grouped("ExecutionStatus = 'Running' GROUP BY WorkflowType"), {
    total: 3,
    groups: [
      ['Even', 1],
      ['Odd', 2],
    ],
  });
  assert.deepEqual(await grouped(''), { total: 7, groups: [] });
});

test('only a query that mentions the division of the namespace sees more than workflows', async () => {
  const division = encoded('TemporalNamespaceDivision', '"TemporalScheduler"');
  const { list, count, open } = await lists(
    { key: 1 },
    { key: 2, kind: EntityKind.SCHEDULE, workflowId: 's', searchAttributes: division },
    { key: 3, kind: EntityKind.BATCH_OPERATION, workflowId: 'b' },
    { key: 4, searchAttributes: encoded('TemporalNamespaceDivision', '"mine"'), status: 2 },
  );
  const cases: [string, string][] = [
    ['', 'w1'],
    ["ExecutionStatus = 'Running'", 'w1'],
    ["TemporalNamespaceDivision = 'TemporalScheduler'", 's'],
    ["TemporalNamespaceDivision = 'mine'", 'w4'],
    ["ScheduleId = 's' AND TemporalNamespaceDivision IS NOT NULL", 's'],
    ['TemporalNamespaceDivision IS NULL', 'b w1'],
    ['TemporalNamespaceDivision IS NULL OR TemporalNamespaceDivision IS NOT NULL', 'b s w1 w4'],
  ];
  for (const [query, expected] of cases) {
    assert.equal(ids(await list({ query })), expected, query);
    assert.equal((await count(query)).count, expected.split(' ').length, query);
  }
  assert.equal(ids(await open()), 'w1');
});

test('a run is shown with all that its row knows', async () => {
  const memo = Memo.encode({ fields: new Map([['note', new Uint8Array([10, 0])]]) });
  const searchAttributes = SearchAttributes.encode({ indexedFields: new Map([['City', new Uint8Array([18, 0])]]) });
  const { list } = await lists(
    { key: 1, memo, searchAttributes, executionMs: T0 + 5000, status: 2 },
    { key: 2, parentWorkflowId: 'p', parentRunId: 'pr', rootWorkflowId: 'root', rootRunId: 'rr' },
  );
  const [child, closed] = (await list()).executions;
  assert.deepEqual(child?.parentExecution, { workflowId: 'p', runId: 'pr' });
  assert.deepEqual(child.rootExecution, { workflowId: 'root', runId: 'rr' });
  assert.equal(child.closeTime, undefined);
  assert.deepEqual(closed?.rootExecution, { workflowId: 'w1', runId: 'r1' });
  assert.equal(closed.type?.name, 'Odd');
  assert.equal(closed.startTime, T0 + 1000);
  assert.equal(closed.executionTime, T0 + 5000);
  assert.equal(closed.closeTime, T0 + 61_000);
  assert.equal(closed.executionDuration, 56_000);
  assert.equal(closed.status, 2);
  assert.equal(closed.historyLength, 3);
  assert.equal(closed.historySizeBytes, 300);
  assert.equal(closed.stateTransitionCount, 3);
  assert.equal(closed.taskQueue, 'q');
  assert.deepEqual(Buffer.from(closed.memo ?? []), Buffer.from(memo));
  assert.deepEqual(Buffer.from(closed.searchAttributes ?? []), Buffer.from(searchAttributes));
});

test('large memos make smaller pages, and nothing is lost', async () => {
  const memo = new Uint8Array(1024 * 1024);
  const { list } = await lists(...[1, 2, 3, 4, 5].map((key) => ({ key, memo })));
  assert.equal((await list()).executions.length, 3);
  assert.equal(await everyPage((nextPageToken) => list({ nextPageToken })), 'w5 w4 w3 w2 w1');
});

test('of a page or of groups no more is read than is shown', async () => {
  const asked: (number | undefined)[] = [];
  const store = createMemoryStore();
  const { listRuns, countRuns } = store;
  store.listRuns = (query) => (asked.push(query.bytesMax), listRuns.call(store, query));
  store.countRuns = (query) => (asked.push(query.groupsMax), countRuns.call(store, query));
  const frontend = await testFrontend({ store });
  await frontend.context.namespaces.ensureNamespace(NAMESPACE);
  const { ListWorkflowExecutionsRequest, ListWorkflowExecutionsResponse } = api;
  const { CountWorkflowExecutionsRequest, CountWorkflowExecutionsResponse } = api;
  const given = { namespace: NAMESPACE };
  await frontend.call(
    visibilityRpcs,
    'ListWorkflowExecutions',
    ListWorkflowExecutionsRequest,
    ListWorkflowExecutionsResponse,
    given,
  );
  await frontend.call(
    visibilityRpcs,
    'CountWorkflowExecutions',
    CountWorkflowExecutionsRequest,
    CountWorkflowExecutionsResponse,
    { ...given, query: 'GROUP BY WorkflowId' },
  );
  assert.deepEqual(asked, [3 * 1024 * 1024, 1000]);
});

test('open and closed runs have lists of their own, with filters', async () => {
  const { open, closed } = await lists(...SEVEN);
  const all = (read: typeof open, request: Init<api.ListOpenWorkflowExecutionsRequest>) =>
    everyPage((nextPageToken) => read({ maximumPageSize: 2, nextPageToken, ...request }));
  assert.equal(await all(open, {}), 'w3 w2 w1');
  assert.equal(await all(open, { executionFilter: { workflowId: 'w2', runId: 'ignored' } }), 'w2');
  assert.equal(await all(open, { typeFilter: { name: 'Odd' } }), 'w3 w1');
  const between = { earliestTime: T0 + 2000, latestTime: T0 + 5000 };
  assert.equal(await all(open, { startTimeFilter: between }), 'w3 w2');
  assert.equal(await all(open, { startTimeFilter: { earliestTime: 0, latestTime: T0 + 1000 } }), 'w1');
  assert.equal(await everyPage((nextPageToken) => closed({ maximumPageSize: 2, nextPageToken })), 'w7 w6 w5 w4');
  assert.equal(ids(await closed({ statusFilter: { status: 3 } })), 'w7');
  assert.equal(ids(await closed({ executionFilter: { workflowId: 'w1' } })), '');
  assert.equal(ids(await closed({ startTimeFilter: between })), 'w5 w4');
});

test('a run that is paused is an open one', async () => {
  const { open, closed } = await lists({ key: 1, status: WorkflowExecutionStatus.PAUSED, closeMs: undefined });
  assert.equal(ids(await open()), 'w1');
  assert.equal(ids(await closed()), '');
});

test('wrong requests are refused', async () => {
  const { list, open, closed, count } = await lists();
  const statusText = 'StatusFilter must be specified and must be not Running.';
  const startTimeFilter = { earliestTime: T0 + 1, latestTime: T0 };
  const cases: [Promise<unknown>, string][] = [
    [list({ namespace: '' }), 'Namespace not set on request.'],
    [list({ nextPageToken: Buffer.from('{}') }), 'Invalid NextPageToken.'],
    [list({ nextPageToken: Buffer.from('[1]') }), 'Invalid NextPageToken.'],
    [list({ query: 'GROUP BY ExecutionStatus' }), "invalid query: operation is not supported: 'GROUP BY' clause"],
    [count('ORDER BY StartTime'), "invalid query: operation is not supported: 'ORDER BY' clause"],
    [closed({ statusFilter: { status: 1 } }), statusText],
    [closed({ statusFilter: { status: 0 } }), statusText],
    [open({ startTimeFilter }), 'EarliestTime in StartTimeFilter should not be larger than LatestTime.'],
  ];
  for (const [call, message] of cases) {
    await assert.rejects(call, (error) => {
      assert.ok(error instanceof StatusError, String(error));
      assert.equal(error.code, code.INVALID_ARGUMENT);
      assert.equal(error.message, message);
      return true;
    });
  }
  await assert.rejects(list({ namespace: 'nope' }), /Namespace nope is not found\./);
});

// Streams of a server in this process: what a page hears, in which order, and what it does not.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DeleteWorkflowExecutionRequest } from '@perdure/api/workflowservice';
import { connectRpc } from '../../transport/client.ts';
import { startSite, type TestSite } from '../testing/site.ts';
import { EventSource, type SentEvent } from '../testing/sse.ts';

const site = await startSite();
const API = '/api/v1/namespaces/default/workflows';
const SERVICE = '/temporal.api.workflowservice.v1.WorkflowService/';
const LIVE = '/ui-api/v1/namespaces/default/live';
let made = 0;

async function post(path: string, body: unknown, at: TestSite = site): Promise<Record<string, unknown>> {
  const { status, body: text } = await at.get(path, {}, 'POST', JSON.stringify(body));
  assert.equal(status, 200, text);
  return JSON.parse(text) as Record<string, unknown>;
}

async function startWorkflow(type = 'order', at: TestSite = site): Promise<{ id: string; runId: string }> {
  const id = `wf-${++made}`;
  const { runId } = await post(`${API}/${id}`, { workflowType: { name: type }, taskQueue: { name: 'q' } }, at);
  return { id, runId: String(runId) };
}

const signal = (id: string, input: unknown = []) => post(`${API}/${id}/signal/s`, { input });
const terminate = (id: string) => post(`${API}/${id}/terminate`, { reason: 'enough' });

async function remove({ id: workflowId, runId }: { readonly id: string; readonly runId: string }): Promise<void> {
  const { host, port } = site.server.address;
  const client = await connectRpc({ host, port });
  const request = { namespace: 'default', workflowExecution: { workflowId, runId } };
  await client.unary(`${SERVICE}DeleteWorkflowExecution`, DeleteWorkflowExecutionRequest.encode(request));
  client.close();
}
const open = (query: string, headers = {}) => EventSource.open(`${site.url}${LIVE}?${query}`, headers);

/** Ids of the events of a batch. */
function idsOf({ data }: SentEvent): number[] {
  return (data as { events: { eventId: string }[] }).events.map(({ eventId }) => Number(eventId));
}

test('a run is shown as it is, as it goes on, and to its end', async () => {
  const { id, runId } = await startWorkflow();
  const source = await open(`run=${id}`);
  const described = (await source.next('describe')).data as { workflowExecutionInfo: { execution: object } };
  assert.deepEqual(described.workflowExecutionInfo.execution, { workflowId: id, runId });
  const first = await source.next('history');
  assert.deepEqual([idsOf(first), first.id], [[1, 2], `2@${runId}`]);
  await signal(id);
  assert.deepEqual(idsOf(await source.next('history')), [3]);
  await terminate(id);
  assert.deepEqual(idsOf(await source.next('history')), [4]);
  const end = (await source.next('describe')).data as { workflowExecutionInfo: { status: string } };
  assert.equal(end.workflowExecutionInfo.status, 'WORKFLOW_EXECUTION_STATUS_TERMINATED');
  const closed = await source.next('closed');
  assert.deepEqual(closed.data, { runId, status: 'WORKFLOW_EXECUTION_STATUS_TERMINATED' });
  source.close();
});

test('events are the same as those of the HTTP API, payloads whole where that is asked for', async () => {
  const { id, runId } = await startWorkflow();
  await signal(id, [12345678901234567n.toString(), { a: 1 }]);
  await terminate(id);
  for (const form of ['', 'noPayloadShorthand']) {
    const source = await open(`run=${id}&${form}`);
    const { data } = await source.next('history');
    const { body } = await site.get(`${API}/${id}/history?${form}`);
    const { history } = JSON.parse(body) as { history: object };
    assert.deepEqual(data, { runId, ...history });
    source.close();
  }
});

test('a stream is taken up where it was broken, also of an older run of the same workflow', async () => {
  const { id, runId } = await startWorkflow();
  for (let sent = 0; sent < 5; sent++) await signal(id);
  for (const [query, headers] of [
    [`run=${id}&after=3`, {}],
    [`run=${id}`, { 'last-event-id': '3' }],
    [`run=${id}&after=1`, { 'last-event-id': `3@${runId}` }],
    [`run=${id}&runId=${runId}`, { 'last-event-id': `3@${runId}` }],
  ] as const) {
    const source = await open(query, headers);
    assert.deepEqual(idsOf(await source.next('history')), [4, 5, 6, 7]);
    source.close();
  }
  await terminate(id);
  const again = { workflowType: { name: 'order' }, taskQueue: { name: 'q' } };
  await post(`${API}/${id}`, again);
  const source = await open(`run=${id}`, { 'last-event-id': `6@${runId}` });
  assert.deepEqual(idsOf(await source.next('history')), [7, 8]);
  assert.deepEqual((await source.next('closed')).data, { runId, status: 'WORKFLOW_EXECUTION_STATUS_TERMINATED' });
  source.close();
  const atTheEnd = await open(`run=${id}`, { 'last-event-id': `8@${runId}` });
  await atTheEnd.next('closed');
  atTheEnd.close();
});

test('no event is lost or comes twice, however often the stream breaks while others write', async () => {
  const { id } = await startWorkflow();
  const writers = Array.from({ length: 4 }, async () => {
    for (let sent = 0; sent < 50; sent++) await signal(id, ['x'.repeat(1000)]);
  });
  const seen: number[] = [];
  let last = '';
  while (seen.length < 202) {
    const source = await open(`run=${id}`, last === '' ? {} : { 'last-event-id': last });
    for (let batch = 0; batch < 3 && seen.length < 202; batch++) {
      const event = await source.next('history');
      seen.push(...idsOf(event));
      last = event.id ?? '';
    }
    source.close();
  }
  await Promise.all(writers);
  assert.deepEqual(
    seen,
    Array.from({ length: 202 }, (_, at) => at + 1),
  );
});

test('a long history comes in batches of bounded size', async () => {
  const { id } = await startWorkflow();
  for (let sent = 0; sent < 12; sent++) await signal(id, ['x'.repeat(400_000)]);
  const source = await open(`run=${id}`);
  const ids: number[] = [];
  let batches = 0;
  while (ids.length < 14) {
    const event = await source.next('history');
    assert.ok(JSON.stringify(event.data).length < 1.5 * 1024 * 1024);
    ids.push(...idsOf(event));
    batches++;
  }
  assert.equal(ids.at(-1), 14);
  assert.ok(batches >= 5, `${batches} batches`);
  source.close();
});

/** `run`, `runId` and `after` of each. */
function several(...runs: readonly { readonly id: string; readonly runId: string; readonly after?: number }[]): string {
  return runs.map(({ id, runId, after = 0 }) => `run=${id}&runId=${runId}&after=${after}`).join('&');
}

test('one stream follows several runs, each to its end', async () => {
  const [first, second] = [await startWorkflow('first'), await startWorkflow('second')];
  const source = await open(several(first, { ...second, after: 2 }));
  const types: string[] = [];
  for (let described = 0; described < 2; described++) {
    const { data } = await source.next('describe');
    types.push((data as { workflowExecutionInfo: { type: { name: string } } }).workflowExecutionInfo.type.name);
  }
  assert.deepEqual(types.toSorted(), ['first', 'second']);
  const shown = await source.next('history');
  assert.deepEqual([(shown.data as { runId: string }).runId, idsOf(shown)], [first.runId, [1, 2]]);
  await signal(second.id);
  const other = await source.next('history');
  assert.deepEqual([(other.data as { runId: string }).runId, idsOf(other)], [second.runId, [3]]);
  assert.equal(other.id, `2@${first.runId},3@${second.runId}`);
  await terminate(first.id);
  assert.deepEqual((await source.next('closed')).data, {
    runId: first.runId,
    status: 'WORKFLOW_EXECUTION_STATUS_TERMINATED',
  });
  await terminate(second.id);
  assert.equal(((await source.next('closed')).data as { runId: string }).runId, second.runId);
  source.close();
});

test('of several runs each is taken up where the stream was broken', async () => {
  const [first, second] = [await startWorkflow(), await startWorkflow()];
  for (let sent = 0; sent < 4; sent++) for (const { id } of [first, second]) await signal(id);
  const query = several(first, second);
  const last = `3@${first.runId},5@${second.runId}`;
  const source = await open(query, { 'last-event-id': last });
  const seen = new Map<string, number[]>();
  while (seen.size < 2) {
    const event = await source.next('history');
    seen.set((event.data as { runId: string }).runId, idsOf(event));
  }
  assert.deepEqual(seen.get(first.runId), [4, 5, 6]);
  assert.deepEqual(seen.get(second.runId), [6]);
  source.close();
  const third = await startWorkflow();
  const refused = await site.get(`${LIVE}?${several(first, third)}`, { 'last-event-id': last });
  assert.equal(refused.status, 400);
});

test('when one of several runs is deleted, closed or not, that is told, and the others go on', async () => {
  const [gone, open1] = [await startWorkflow(), await startWorkflow()];
  await terminate(gone.id);
  const source = await open(several(gone, open1));
  await source.next('closed');
  await remove(gone);
  const { topic, runId, code } = (await source.next('failed')).data as { topic: string; runId: string; code: number };
  assert.deepEqual([topic, runId, code], ['run', gone.runId, 5]);
  await signal(open1.id);
  let ids: number[] = [];
  while (!ids.includes(3)) ids = idsOf(await source.next('history'));
  source.close();
});

interface ListNews {
  readonly full?: true;
  readonly changed: readonly { readonly execution: { readonly runId: string }; readonly status: string }[];
  readonly removed: readonly string[];
  readonly order?: readonly string[];
}

async function nextList(source: EventSource): Promise<ListNews> {
  return (await source.next('list')).data as ListNews;
}

test('a list is shown once, and then what changes in its first page', async () => {
  const first = await startWorkflow('listed');
  const source = await open(`query=${encodeURIComponent("WorkflowType = 'listed'")}&pageSize=2`);
  const whole = await nextList(source);
  assert.deepEqual([whole.full, whole.order, whole.removed], [true, [first.runId], []]);
  const second = await startWorkflow('listed');
  await startWorkflow('other');
  const grown = await nextList(source);
  assert.deepEqual(
    grown.changed.map(({ execution }) => execution.runId),
    [second.runId],
  );
  assert.deepEqual([grown.full, grown.order, grown.removed], [undefined, [second.runId, first.runId], []]);
  const third = await startWorkflow('listed');
  const moved = await nextList(source);
  assert.deepEqual([moved.order, moved.removed], [[third.runId, second.runId], [first.runId]]);
  await terminate(third.id);
  const ended = await nextList(source);
  // Closed ones come after open ones: the first is on the page again.
  assert.deepEqual([ended.order, ended.removed], [[second.runId, first.runId], [third.runId]]);
  source.close();
});

test('counts by status follow what the query finds, in whatever order it lists', async () => {
  const { id } = await startWorkflow('counted');
  await startWorkflow('counted');
  const query = encodeURIComponent("WorkflowType = 'counted' ORDER BY StartTime DESC");
  const source = await open(`query=${query}&counts=1`);
  const counts = async () => {
    const { data } = await source.next('counts');
    const { count, groups } = data as { count: string; groups: { groupValues: { data: string }[]; count: string }[] };
    const statusOf = (value: { data: string } | undefined) => Buffer.from(value?.data ?? '', 'base64').toString();
    return [count, groups.map(({ groupValues, count: size }) => `${statusOf(groupValues[0])} ${size}`)];
  };
  assert.deepEqual(await counts(), ['2', ['"Running" 2']]);
  await terminate(id);
  assert.deepEqual(await counts(), ['2', ['"Running" 1', '"Terminated" 1']]);
  source.close();
});

test('one stream has a run and a list; when the run is deleted, the list goes on', async () => {
  const { id, runId } = await startWorkflow('both');
  const source = await open(`run=${id}&query=${encodeURIComponent("WorkflowType = 'both'")}`);
  await nextList(source);
  await remove({ id, runId });
  const { topic, code } = (await source.next('failed')).data as { topic: string; code: number };
  assert.deepEqual([topic, code], ['run', 5]);
  assert.deepEqual((await nextList(source)).removed, [runId]);
  const other = await startWorkflow('both');
  assert.deepEqual((await nextList(source)).order, [other.runId]);
  source.close();
});

test('what cannot be watched is refused by status, as JSON', async () => {
  const { id, runId } = await startWorkflow();
  const cases: [string, number, RegExp][] = [
    ['', 400, /say what to watch/],
    ['run=', 400, /run must be a workflow id/],
    [`run=${id}&run=x`, 400, /each needs run, runId and after/],
    [`run=${id}&run=x&after=0&after=0&runId=${runId}`, 400, /each needs run, runId and after/],
    [`run=${id}&run=x&after=0&after=0&runId=${runId}&runId=`, 400, /each needs run, runId and after/],
    [`run=${id}&run=x&after=0&after=0&runId=${runId}&runId=${runId}`, 400, /a run may be given once only/],
    [`run=${id}&runId=${runId}&runId=x`, 400, /runId may be given once only/],
    [Array<string>(33).fill(`run=${id}`).join('&'), 400, /at most 32 runs/],
    [Array<string>(32).fill(`run=${id}`).join('&'), 400, /each needs/],
    [`run=${id}&after=-1`, 400, /after must be/],
    [`run=${id}&after=1e3`, 400, /after must be/],
    [`run=${id}&after=3`, 400, /has 2 events, none after 3/],
    [`run=${id}&runId=nonsense`, 400, /RunId/],
    ['run=nobody', 404, /workflow not found/],
    [`run=${id}&counts=1`, 400, /give query too/],
    ['query=Nonsense', 400, /./],
    ['query=Nope%20%3D%201', 400, /Nope/],
    ['query=&pageSize=0', 400, /pageSize must be a number from 1 to 1000/],
    ['query=&pageSize=1001', 400, /pageSize/],
    ['query=&counts=maybe', 400, /counts must be 1 or 0/],
    [`query=${'x'.repeat(32 * 1024 + 1)}`, 400, /longer than/],
  ];
  for (const [query, expected, message] of cases) {
    const { status, headers, body } = await site.get(`${LIVE}?${query}`);
    assert.equal(status, expected, query);
    assert.equal(headers['content-type'], 'application/json');
    assert.match((JSON.parse(body) as { message: string }).message, message, query);
  }
  for (const last of ['x', '3@x', `3@${'0'.repeat(8)}-0000-0000-0000-000000000000`]) {
    const { status } = await site.get(`${LIVE}?run=${id}&runId=${runId}`, { 'last-event-id': last });
    assert.equal(status, 400, last);
  }
  const nowhere = await site.get('/ui-api/v1/namespaces/nowhere/live?query=');
  assert.deepEqual([nowhere.status, (JSON.parse(nowhere.body) as { code: number }).code], [404, 5]);
  const head = await site.get(`${LIVE}?query=`, {}, 'HEAD');
  assert.deepEqual([head.status, head.headers['content-type']], [200, 'text/event-stream; charset=utf-8']);
});

test('there are only so many streams at a time, and room again when one ends', async () => {
  const small = await startSite({ config: { global: { liveStreamsMax: 2 } } });
  const url = `${small.url}${LIVE}?query=`;
  const sources = [await EventSource.open(url), await EventSource.open(url)];
  const refused = await small.get(`${LIVE}?query=`);
  assert.deepEqual([refused.status, refused.headers['retry-after']], [503, '5']);
  sources[0]?.close();
  let status = 503;
  while (status === 503) ({ status } = await small.get(`${LIVE}?query=`, {}, 'HEAD'));
  assert.equal(status, 200);
  sources[1]?.close();
});

test('streams end when the server stops', async () => {
  const other = await startSite();
  const { id } = await startWorkflow('order', other);
  const source = await EventSource.open(`${other.url}${LIVE}?run=${id}&query=`);
  await source.next('history');
  const startedMs = performance.now();
  await other.server.close();
  await source.rest();
  assert.ok(performance.now() - startedMs < 400, 'it does not wait for the grace period');
});

// Saved views of a server in this process, over HTTP.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DeleteNamespaceRequest } from '@perdure/api/operatorservice';
import { createMemoryStore, RecordKind, type Store } from '@perdure/store';
import { connectRpc } from '../../transport/client.ts';
import { startSite } from '../testing/site.ts';
import { VIEWS_MAX } from './saved-views.ts';
import { VIEW_BYTES_MAX } from './view.ts';

const store = createMemoryStore();
const site = await startSite({ server: { store, namespaces: ['orders', 'full'] } });
const viewsOf = (namespace: string) => `/ui-api/v1/namespaces/${namespace}/views`;

async function ask(verb: string, path: string, body: unknown = '', headers: Record<string, string> = {}) {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const { body: answer, ...rest } = await site.get(path, headers, verb, text);
  return { ...rest, body: JSON.parse(answer) as Record<string, unknown> & { views?: unknown[]; message?: string } };
}

test('a view is kept under its name as it was given, in its namespace alone', async () => {
  const view = { query: "Status = 'x'", columns: ['type', 'id'], sort: { by: 'StartTime' } };
  const name = 'Läuft / seit gestern?';
  const path = `${viewsOf('default')}/${encodeURIComponent(name)}`;
  const made = await ask('PUT', path, view);
  assert.equal(made.status, 201);
  const etag = made.headers.etag ?? '';
  assert.deepEqual(made.body, { name, ...view, etag });
  const read = await ask('GET', path);
  assert.deepEqual([read.status, read.body, read.headers.etag], [200, made.body, etag]);
  assert.deepEqual((await ask('GET', viewsOf('default'))).body, { views: [made.body] });
  assert.deepEqual((await ask('GET', viewsOf('orders'))).body, { views: [] });
  assert.equal((await ask('GET', path.replace('default', 'orders'))).status, 404);
  const same = await ask('PUT', path, made.body);
  assert.deepEqual([same.status, same.headers.etag], [200, etag]);
  assert.equal((await ask('DELETE', path)).status, 200);
  assert.equal((await ask('DELETE', path)).status, 404);
  assert.deepEqual((await ask('GET', viewsOf('default'))).body, { views: [] });
});

test('who says what he has seen overwrites nothing else', async () => {
  const path = `${viewsOf('default')}/shared`;
  const first = await ask('PUT', path, { query: 'a' }, { 'if-none-match': '*' });
  assert.equal(first.status, 201);
  assert.equal((await ask('PUT', path, { query: 'b' }, { 'if-none-match': '*' })).status, 412);
  const seen = first.headers.etag ?? '';
  const edits = await Promise.all(
    Array.from({ length: 10 }, (_, n) => ask('PUT', path, { query: `edit ${n}` }, { 'if-match': `"other", ${seen}` })),
  );
  assert.deepEqual(
    edits.map(({ status }) => status).toSorted((a, b) => a - b),
    [200, ...Array<number>(9).fill(412)],
  );
  const winner = edits.find(({ status }) => status === 200);
  assert.deepEqual((await ask('GET', path)).body, winner?.body);
  assert.equal((await ask('DELETE', path, '', { 'if-match': seen })).status, 412);
  assert.equal((await ask('DELETE', path, '', { 'if-match': '*' })).status, 200);
  assert.equal((await ask('PUT', path, {}, { 'if-match': '*' })).status, 412);
  assert.equal((await ask('PUT', path, {}, { 'if-none-match': '"x"' })).status, 400);
});

test('what is no view is refused', async () => {
  const path = `${viewsOf('default')}/v`;
  for (const body of ['', 'null', '[]', '"x"', '{', '{"query":1}', '{"name":"w"}']) {
    const { status, body: answer } = await ask('PUT', path, body);
    assert.deepEqual([status, answer['code']], [400, 3], body);
  }
  const filled = (length: number) => `{"x":"${'y'.repeat(length - 8)}"}`;
  assert.equal((await ask('PUT', path, filled(VIEW_BYTES_MAX))).status, 201);
  assert.equal((await ask('PUT', path, filled(VIEW_BYTES_MAX + 1))).status, 413);
  assert.equal((await ask('PUT', `${viewsOf('default')}/${'n'.repeat(200)}`, {})).status, 201);
  assert.equal((await ask('PUT', `${viewsOf('default')}/${'n'.repeat(201)}`, {})).status, 400);
  assert.equal((await ask('PUT', `${viewsOf('default')}/a%0Ab`, {})).status, 400);
  assert.equal((await ask('POST', path, {})).status, 405);
  assert.equal((await ask('PUT', viewsOf('default'), {})).status, 405);
  assert.equal((await ask('GET', viewsOf('nowhere'))).status, 404);
  assert.equal((await ask('PUT', `${viewsOf('nowhere')}/v`, {})).status, 404);
  assert.equal((await ask('PUT', path, {}, { origin: 'http://evil.example.com' })).status, 403);
});

test('a namespace keeps so many views, and one that is there can be changed all the same', async () => {
  const put = (name: string) => ask('PUT', `${viewsOf('full')}/${name}`, {});
  for (let made = 0; made < VIEWS_MAX; made++) assert.equal((await put(`v${made}`)).status, 201);
  const { status, body } = await put('more');
  assert.equal(status, 400);
  assert.match(body.message ?? '', /at most 200 views/);
  assert.equal((await put('v7')).status, 200);
  await ask('DELETE', `${viewsOf('full')}/v7`);
  assert.equal((await put('more')).status, 201);
});

async function idsWithViews(from: Store): Promise<string[]> {
  const ids = (await from.namespaces()).map(({ id }) => id);
  const records = await Promise.all(ids.map((id) => from.records(id, RecordKind.SAVED_VIEW)));
  return records.flat().map(({ namespaceId }) => namespaceId);
}

test('views go with their namespace', async () => {
  const before = await idsWithViews(store);
  assert.equal((await ask('PUT', `${viewsOf('orders')}/v`, {})).status, 201);
  const id = (await idsWithViews(store)).find((one) => !before.includes(one)) ?? assert.fail('it is not kept');
  const { host, port } = site.server.address;
  const client = await connectRpc({ host, port });
  const path = '/temporal.api.operatorservice.v1.OperatorService/DeleteNamespace';
  await client.unary(path, DeleteNamespaceRequest.encode({ namespace: 'orders' }));
  client.close();
  assert.equal((await ask('PUT', `${viewsOf('orders')}/v`, {})).status, 404);
  while ((await store.records(id, RecordKind.SAVED_VIEW)).length > 0) await new Promise(setImmediate);
  assert.deepEqual(await idsWithViews(store), before);
});

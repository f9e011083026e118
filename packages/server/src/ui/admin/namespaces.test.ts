// Namespaces and their search attributes of a server in this process, over HTTP.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startSite } from '../testing/site.ts';
import { DEFINITION_BYTES_MAX } from './namespaces.ts';

const site = await startSite({
  server: { namespaces: ['orders', 'kept', 'old'] },
  config: { global: { protectedNamespaces: ['kept'] } },
});
const EXTRAS = '/ui-api/v1/namespaces';
const ATTRIBUTES = `${EXTRAS}/orders/search-attributes`;

async function ask(verb: string, path: string, body: unknown = '', headers: Record<string, string> = {}) {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const { status, body: answer } = await site.get(path, headers, verb, text);
  const { code = 0, message = '', ...rest } = JSON.parse(answer) as { code?: number; message?: string };
  return { status, code, message, rest };
}

async function customAttributes(namespace = 'orders'): Promise<unknown> {
  const { body } = await site.get(`/api/v1/namespaces/${namespace}/search-attributes`);
  return (JSON.parse(body) as { customAttributes?: object }).customAttributes ?? {};
}

test('a search attribute is registered, can be filtered by at once, and is removed', async () => {
  assert.deepEqual((await ask('POST', ATTRIBUTES, { name: 'City', type: 'Keyword' })).rest, {});
  assert.deepEqual(await customAttributes(), { City: 'INDEXED_VALUE_TYPE_KEYWORD' });
  assert.deepEqual(await customAttributes('old'), {});
  const filtered = `/api/v1/namespaces/orders/workflows?query=${encodeURIComponent('City = "Rome"')}`;
  assert.equal((await site.get(filtered)).status, 200);
  assert.equal((await ask('DELETE', `${ATTRIBUTES}/City`)).status, 200);
  assert.deepEqual(await customAttributes(), {});
  assert.equal((await site.get(filtered)).status, 400);
});

test('each type that a search attribute can have is taken by its name', async () => {
  const types = ['Text', 'Keyword', 'Int', 'Double', 'Bool', 'Datetime', 'KeywordList'];
  for (const type of types)
    assert.equal((await ask('POST', ATTRIBUTES, { name: `Any${type}`, type })).status, 200, type);
  const registered = Object.keys((await customAttributes()) as object);
  assert.deepEqual(registered.toSorted(), types.map((type) => `Any${type}`).toSorted());
  for (const type of types) await ask('DELETE', `${ATTRIBUTES}/Any${type}`);
});

test('one that is there already may be added again, but not as another type', async () => {
  assert.equal((await ask('POST', ATTRIBUTES, { name: 'Amount', type: 'Int' })).status, 200);
  assert.equal((await ask('POST', ATTRIBUTES, { name: 'Amount', type: 'Int' })).status, 200);
  const other = await ask('POST', ATTRIBUTES, { name: 'Amount', type: 'Double' });
  assert.deepEqual([other.status, other.code], [409, 6]);
  assert.equal(other.message, 'the search attribute Amount is registered as Int');
});

test('what is no search attribute is refused with the words of the operator service', async () => {
  const cases: [unknown, RegExp][] = [
    ['', /must be a JSON object/],
    ['[', /must be a JSON object/],
    ['null', /must be a JSON object/],
    [{ type: 'Keyword' }, /name must be/],
    [{ name: '', type: 'Keyword' }, /name must be/],
    [{ name: 7, type: 'Keyword' }, /name must be/],
    [{ name: 'Town' }, /type must be one of Text, Keyword, Int/],
    [{ name: 'Town', type: 'keyword' }, /type must be one of/],
    [{ name: 'Town', type: 'constructor' }, /type must be one of/],
    [{ name: 'WorkflowId', type: 'Keyword' }, /WorkflowId is reserved by system/],
  ];
  for (const [body, expected] of cases) {
    const { status, code, message } = await ask('POST', ATTRIBUTES, body);
    assert.deepEqual([status, code], [400, 3], JSON.stringify(body));
    assert.match(message, expected);
  }
  const system = await ask('DELETE', `${ATTRIBUTES}/WorkflowId`);
  assert.deepEqual(
    [system.status, system.message],
    [400, 'Unable to remove non-custom search attributes: WorkflowId.'],
  );
  assert.equal((await ask('POST', `${EXTRAS}/nowhere/search-attributes`, { name: 'A', type: 'Int' })).status, 404);
  assert.equal((await ask('DELETE', `${EXTRAS}/nowhere/search-attributes/A`)).status, 404);
  assert.equal((await ask('PUT', ATTRIBUTES, {})).status, 405);
});

test('a definition has room for its longest, and no more', async () => {
  const filled = (bytes: number) => JSON.stringify({ name: 'Town', type: 'x' }).padEnd(bytes);
  assert.equal((await ask('POST', ATTRIBUTES, filled(DEFINITION_BYTES_MAX))).status, 400);
  assert.equal((await ask('POST', ATTRIBUTES, filled(DEFINITION_BYTES_MAX + 1))).status, 413);
});

test('a namespace is deleted, and its name is free at once', async () => {
  const { status, rest } = await ask('DELETE', `${EXTRAS}/old`);
  assert.equal(status, 200);
  assert.match((rest as { deletedNamespace: string }).deletedNamespace, /^old-deleted-[\da-f]{5}$/);
  assert.equal((await site.get('/api/v1/namespaces/old')).status, 404);
  const again = await ask('POST', '/api/v1/namespaces', {
    namespace: 'old',
    workflowExecutionRetentionPeriod: '86400s',
  });
  assert.equal(again.status, 200);
});

test('namespaces that are protected, of the system, or not there stay as they are', async () => {
  const kept = await ask('DELETE', `${EXTRAS}/kept`);
  assert.deepEqual([kept.status, kept.message], [400, 'namespace kept is protected from deletion']);
  const system = await ask('DELETE', `${EXTRAS}/temporal-system`);
  assert.deepEqual([system.status, system.message], [400, 'unable to delete system namespace']);
  assert.equal((await ask('DELETE', `${EXTRAS}/nowhere`)).status, 404);
  assert.equal((await ask('GET', `${EXTRAS}/kept`)).status, 405);
});

test('pages of other origins, and names that lead here by a trick, change nothing', async () => {
  const body = { name: 'Evil', type: 'Keyword' };
  for (const headers of [{ origin: 'http://evil.example.com' }, { origin: 'null' }, { host: 'evil.example.com' }]) {
    assert.equal((await ask('POST', ATTRIBUTES, body, headers)).status, 403);
    assert.equal((await ask('DELETE', `${ATTRIBUTES}/Amount`, '', headers)).status, 403);
    assert.equal((await ask('DELETE', `${EXTRAS}/orders`, '', headers)).status, 403);
  }
  assert.deepEqual(await customAttributes(), { Amount: 'INDEXED_VALUE_TYPE_INT' });
});

test('the page finds out that it may do this, where extras are on', async () => {
  const { features } = JSON.parse((await site.get('/ui-api/v1/info')).body) as { features: string[] };
  assert.ok(features.includes('namespaces'));
  const bare = await startSite({ config: { global: { uiExtras: false } }, server: { namespaces: ['orders'] } });
  assert.equal((await bare.get(`${EXTRAS}/orders`, {}, 'DELETE')).status, 404);
  assert.equal((await bare.get('/api/v1/namespaces/orders')).status, 200);
});

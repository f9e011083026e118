import assert from 'node:assert/strict';
import { test } from 'node:test';
import { methods, type RpcMethod } from '@perdure/api/services';
import { createRoutes } from './routes.ts';

const routes = createRoutes(methods);

function found(verb: string, path: string) {
  const match = routes.find(verb, path.split('/').slice(1));
  return match === undefined ? undefined : [match.route.method.method, ...match.values];
}

test('every binding of the API leads to its RPC', () => {
  let count = 0;
  for (const { method, http } of methods) {
    for (const { verb, path } of http) {
      const values: string[] = [];
      const filled = path.replaceAll(/\{.+?\}/g, () => `value${values.push('')}`);
      assert.deepEqual(found(verb, filled), [method, ...values.map((_, index) => `value${index + 1}`)], path);
      count++;
    }
  }
  assert.ok(count > 200, `${count} bindings`);
});

test('a literal is stronger than a field, but does not hide what is below the field', () => {
  const rpc = (method: string, path: string) =>
    ({ method, path: method, http: [{ verb: 'GET', path, body: '' }] }) as unknown as RpcMethod;
  const own = createRoutes([rpc('A', '/a/{x}'), rpc('B', '/a/b'), rpc('C', '/a/{x}/c'), rpc('D', '/a/b/d')]);
  const lead = (path: string) => own.find('GET', path.split('/').slice(1))?.route.method.method;
  assert.deepEqual(['/a/x', '/a/b', '/a/b/c', '/a/b/d'].map(lead), ['A', 'B', 'C', 'D']);
});

test('verbs are told apart, and a path knows those that it has', () => {
  const path = '/api/v1/namespaces/n/schedules/s';
  assert.equal(found('GET', path)?.[0], 'DescribeSchedule');
  assert.equal(found('DELETE', path)?.[0], 'DeleteSchedule');
  assert.equal(found('PUT', path), undefined);
  assert.deepEqual([...routes.verbsOf(path.split('/').slice(1))].toSorted(), ['DELETE', 'GET', 'POST']);
});

test('a path that nobody has leads nowhere', () => {
  for (const path of ['/', '/api/v1', '/api/v2/namespaces', '/cluster/', '/namespaces//workflows', '/cluster/x/y/z']) {
    assert.deepEqual(routes.verbsOf(path.split('/').slice(1)), [], path);
  }
});

test('bindings that are ambiguous, or in a form that is not understood, are errors at once', () => {
  const rpc = (path: string) => ({ path, http: [{ verb: 'GET', path, body: '' }] }) as unknown as RpcMethod;
  assert.throws(() => createRoutes([rpc('/a/{x}'), rpc('/a/{y}')]), /GET \/a\/\{y\} is /);
  for (const path of ['/a/{x=b/*}', '/a/*', '/a/{x}:verb'])
    assert.throws(() => createRoutes([rpc(path)]), /is not understood/);
});

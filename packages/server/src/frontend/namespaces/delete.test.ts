import assert from 'node:assert/strict';
import { test } from 'node:test';
import { code, StatusError } from '@perdure/api';
import { NamespaceState } from '@perdure/api/enums';
import { DeleteNamespaceRequest, DeleteNamespaceResponse } from '@perdure/api/operatorservice';
import type { Init } from '@perdure/api/wire';
import { UpdateNamespaceRequest, UpdateNamespaceResponse } from '@perdure/api/workflowservice';
import { createMemoryStore } from '@perdure/store';
import { TEST_NOW_MS, type TestFrontendOptions, testFrontend } from '../testing.ts';
import { newDefinition } from './definition.ts';
import { namespaceRpcs } from './handlers.ts';

const { REGISTERED, DELETED } = NamespaceState;
const ORDERS = '12345678-0000-4000-8000-000000000000';

async function withNamespaces(options?: TestFrontendOptions) {
  const frontend = await testFrontend(options);
  const registry = frontend.context.namespaces;
  const add = (name: string, id: string) => registry.register(newDefinition({ id, name, retentionMs: 3_600_000 }));
  const remove = async (request: Init<DeleteNamespaceRequest>) => {
    const { call } = frontend;
    const answer = await call(
      namespaceRpcs,
      'DeleteNamespace',
      DeleteNamespaceRequest,
      DeleteNamespaceResponse,
      request,
    );
    return answer.deletedNamespace;
  };
  return { call: frontend.call, registry, add, remove };
}

function refused(statusCode: number, message: string) {
  return (error: unknown) => {
    assert.ok(error instanceof StatusError, String(error));
    assert.deepEqual([error.code, error.message], [statusCode, message]);
    return true;
  };
}

test('a deleted namespace has another name, and its own can be registered at once', async () => {
  const { registry, add, remove } = await withNamespaces();
  await add('orders', ORDERS);
  assert.equal(await remove({ namespace: 'orders' }), 'orders-deleted-12345');
  assert.equal(registry.byName('orders'), undefined);
  assert.equal(registry.byName('orders-deleted-12345')?.state, DELETED);
  assert.equal(registry.byId(ORDERS)?.name, 'orders-deleted-12345');
  assert.equal(registry.isBeingRemoved(ORDERS), true);
  await add('orders', 'other');
  assert.equal(registry.require('orders').state, REGISTERED);
  assert.equal(registry.isBeingRemoved('other'), false);
});

test('a namespace can be deleted by its id, also when it is deprecated', async () => {
  const { registry, add, remove } = await withNamespaces();
  await add('orders', ORDERS);
  await registry.update('orders', (current) => ({ ...current, state: NamespaceState.DEPRECATED }));
  assert.equal(await remove({ namespaceId: ORDERS }), 'orders-deleted-12345');
});

test('a deletion that is asked for again changes no name', async () => {
  const { registry, add, remove } = await withNamespaces();
  await add('orders', ORDERS);
  const deleted = await remove({ namespace: 'orders' });
  assert.equal(await remove({ namespaceId: ORDERS }), deleted);
  assert.equal(await remove({ namespace: deleted, namespaceDeleteDelay: 7000 }), deleted);
  assert.deepEqual(registry.removed(), [{ id: ORDERS, name: deleted, rowUntilMs: TEST_NOW_MS + 7000 }]);
});

test('a namespace that an update has marked as deleted is there until it is deleted', async () => {
  const { registry, add, remove } = await withNamespaces();
  await add('orders', ORDERS);
  await registry.update('orders', (current) => ({ ...current, state: DELETED }));
  assert.deepEqual(registry.removed(), []);
  assert.equal(await remove({ namespace: 'orders' }), 'orders-deleted-12345');
  assert.equal(registry.removed().length, 1);
});

test('the new name has more of the id when a shorter one is taken', async () => {
  const { add, remove } = await withNamespaces();
  await add('orders', ORDERS);
  await add('orders-deleted-12345', 'other');
  assert.equal(await remove({ namespace: 'orders' }), 'orders-deleted-123456');
});

test('exactly one of name and id must be given, of a namespace that exists', async () => {
  const { add, remove } = await withNamespaces();
  await add('orders', ORDERS);
  const both = refused(code.INVALID_ARGUMENT, 'Only one of namespace name or Id should be set on request.');
  await assert.rejects(remove({ namespace: 'orders', namespaceId: ORDERS }), both);
  await assert.rejects(remove({}), refused(code.INVALID_ARGUMENT, 'Namespace not set on request.'));
  await assert.rejects(remove({ namespace: 'nope' }), refused(code.NOT_FOUND, 'Namespace nope is not found.'));
  await assert.rejects(remove({ namespaceId: 'no-id' }), refused(code.NOT_FOUND, 'Namespace no-id is not found.'));
});

test('the namespace of the system and protected ones stay', async () => {
  const { call, registry, add, remove } = await withNamespaces({ global: { protectedNamespaces: ['orders'] } });
  await add('orders', ORDERS);
  const system = refused(code.FAILED_PRECONDITION, 'unable to delete system namespace');
  await assert.rejects(remove({ namespace: 'temporal-system' }), system);
  await assert.rejects(remove({ namespaceId: registry.byName('temporal-system')?.id ?? '' }), system);
  const isProtected = refused(code.FAILED_PRECONDITION, 'namespace orders is protected from deletion');
  await assert.rejects(remove({ namespace: 'orders' }), isProtected);
  await assert.rejects(remove({ namespaceId: ORDERS }), isProtected);
  const update = (namespace: string) =>
    call(namespaceRpcs, 'UpdateNamespace', UpdateNamespaceRequest, UpdateNamespaceResponse, {
      namespace,
      updateInfo: { state: NamespaceState.DELETED },
    });
  await assert.rejects(update('temporal-system'), system);
  await assert.rejects(update('orders'), isProtected);
  assert.equal(registry.require('orders').state, REGISTERED);
});

test('of two deletions at the same time one wins', async () => {
  const { registry, add, remove } = await withNamespaces();
  await add('orders', ORDERS);
  const results = await Promise.allSettled([remove({ namespace: 'orders' }), remove({ namespace: 'orders' })]);
  assert.deepEqual(
    results.map(({ status }) => status),
    ['fulfilled', 'rejected'],
  );
  assert.equal(registry.removed()[0]?.name, 'orders-deleted-12345');
});

test('the row stays as long as the request says, or else the configuration', async () => {
  const { registry, add, remove } = await withNamespaces({ global: { namespaceDeleteDelayMs: 60_000 } });
  const rowUntil = async (request: Init<DeleteNamespaceRequest>) => {
    await add('orders', request.namespaceId ?? '');
    await remove(request);
    return registry.removed().find(({ id }) => id === request.namespaceId)?.rowUntilMs;
  };
  assert.equal(await rowUntil({ namespaceId: 'a' }), TEST_NOW_MS + 60_000);
  assert.equal(await rowUntil({ namespaceId: 'b', namespaceDeleteDelay: 0 }), TEST_NOW_MS);
  assert.equal(await rowUntil({ namespaceId: 'c', namespaceDeleteDelay: 1.5 }), TEST_NOW_MS + 2);
  assert.equal(await rowUntil({ namespaceId: 'd', namespaceDeleteDelay: -1 }), TEST_NOW_MS);
});

test('a removal that has begun is found again by the next server, and one that is over is not', async () => {
  const store = createMemoryStore();
  const first = await withNamespaces({ store });
  await first.add('orders', ORDERS);
  const deleted = await first.remove({ namespace: 'orders' });
  const second = await withNamespaces({ store });
  assert.deepEqual(second.registry.removed(), [{ id: ORDERS, name: deleted, rowUntilMs: TEST_NOW_MS }]);
  await second.registry.forget(ORDERS);
  assert.equal(second.registry.byName(deleted), undefined);
  assert.equal(second.registry.byId(ORDERS), undefined);
  const third = await withNamespaces({ store });
  assert.equal(third.registry.byId(ORDERS), undefined);
});

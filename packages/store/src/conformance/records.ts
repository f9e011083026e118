// Records of namespaces: put, replaced, removed, listed, and gone with their namespace.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { NamespaceRecord, Store, Write } from '../contract.ts';
import { RecordKind } from '../contract.ts';
import { acquire, view } from './fixtures.ts';
import type { OpenForTest } from './index.ts';

const put = (record: NamespaceRecord): Write => ({ kind: 'putRecord', record });
const remove = ({ namespaceId, kind, key }: NamespaceRecord): Write => {
  return { kind: 'deleteRecord', record: { namespaceId, kind, key } };
};
const all = (store: Store, namespaceId: string) => store.records(namespaceId, RecordKind.SAVED_VIEW);

export function registerRecords(open: OpenForTest): void {
  test('records are put, replaced, removed, and listed by key, each namespace its own', async (t) => {
    const store = await open(t);
    const owner = await acquire(store);
    assert.deepEqual(await all(store, 'ns-1'), []);
    const keys = ['b', 'a', 'B', 'ä', '\u{1f600}', '\uffee', 'a b/c'];
    await owner.commit(...keys.map((key) => put(view('ns-1', key))), put(view('ns-2', 'a', '')));
    const inOrder = ['B', 'a', 'a b/c', 'b', 'ä', '\uffee', '\u{1f600}'];
    assert.deepEqual(
      await all(store, 'ns-1'),
      inOrder.map((key) => view('ns-1', key)),
    );
    assert.deepEqual(await all(store, 'ns-2'), [view('ns-2', 'a', '')]);
    const others = inOrder.slice(1).map((key) => remove(view('ns-1', key)));
    await owner.commit(put(view('ns-1', 'B', 'changed')), ...others, remove(view('ns-1', 'never put')));
    assert.deepEqual(await all(store, 'ns-1'), [view('ns-1', 'B', 'changed')]);
    assert.equal((await all(store, 'ns-2')).length, 1);
    assert.deepEqual(await store.namespaces(), [], 'a record makes no namespace');
  });

  test('records go with their namespace, and do not come back with it', async (t) => {
    const store = await open(t);
    const owner = await acquire(store);
    const row = { id: 'ns-1', name: 'first', data: new Uint8Array(0) };
    await owner.commit({ kind: 'putNamespace', row }, put(view('ns-1', 'a')), put(view('ns-2', 'a')));
    await owner.commit({ kind: 'deleteNamespace', id: 'ns-1' });
    assert.deepEqual(await all(store, 'ns-1'), []);
    await owner.commit({ kind: 'putNamespace', row });
    assert.deepEqual(await all(store, 'ns-1'), []);
    assert.equal((await all(store, 'ns-2')).length, 1);
  });

  test('a record without a key, or of no kind, is refused', async (t) => {
    const store = await open(t);
    const owner = await acquire(store);
    for (const key of ['', 'a\0b', '\ud800']) {
      await assert.rejects(owner.commit(put(view('ns-1', key))), /putRecord.key must be text/);
      await assert.rejects(owner.commit(remove(view('ns-1', key))), /deleteRecord.key must be text/);
    }
    const kind = 99 as RecordKind;
    await assert.rejects(owner.commit(put({ ...view('ns-1', 'a'), kind })), /which is no kind of record/);
    assert.deepEqual(await all(store, 'ns-1'), []);
  });
}

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createMemoryStore } from '@perdure/store';
import { type Condition, SavedViews, type SavedViewsOptions } from './saved-views.ts';
import { encodeView } from './view.ts';

const ANYTHING: Condition = { ifMatch: undefined, ifAbsent: false };

async function savedViews() {
  const store = createMemoryStore();
  const epoch = await store.acquireShard(1, 'test');
  const living = new Set(['ns']);
  const options = {
    store,
    engine: { write: (...writes) => store.commit({ shard: 1, epoch, writes }) },
    namespaces: { livingById: (id: string) => (living.has(id) ? { id } : undefined) },
  } as Partial<SavedViewsOptions> as SavedViewsOptions;
  return { views: new SavedViews(options), living };
}

test('of changes that are asked for at once, and say what they have seen, one is made', async () => {
  const { views } = await savedViews();
  const put = (text: string, condition = ANYTHING) => views.put('ns', 'v', encodeView('v', text), condition);
  const { view } = await put('{"n":0}');
  const seen = { ifMatch: [view.etag], ifAbsent: false };
  const edits = await Promise.allSettled([1, 2, 3].map((n) => put(`{"n":${n}}`, seen)));
  assert.deepEqual(
    edits.map(({ status }) => status),
    ['fulfilled', 'rejected', 'rejected'],
  );
  assert.deepEqual((await views.one('ns', 'v')).members, { n: 1 });
});

test('nothing is written for a namespace whose removal begins while a change waits for its turn', async () => {
  const { views, living } = await savedViews();
  const value = encodeView('v', '{}');
  const first = views.put('ns', 'v', value, ANYTHING);
  const second = views.put('ns', 'w', value, ANYTHING);
  await first;
  living.clear();
  await assert.rejects(second, { code: 5 });
  await assert.rejects(views.delete('ns', 'v', ANYTHING), { code: 5 });
});

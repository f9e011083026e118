// Types and task queues may have as many names as there are runs: each is a group of its own.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import type { Filter } from '@perdure/core/visibility';
import { acquire, and, closedRow, insertRun, isStatus, keysOf } from '../conformance/fixtures.ts';
import { openFor, temporaryDirectory } from './testing/temporary.ts';
import { Lists } from './worker/lists.ts';
import { Statements } from './worker/prepared.ts';

/** More than a statement can have parameters. */
const groupCount = 33_000;
const namespaceId = 'ns-1';

test('runs are found in however many task queues they are', async (t) => {
  const store = await openFor(t, { filename: join(await temporaryDirectory(t), 'perdure.db'), synchronous: 'normal' });
  const owner = await acquire(store);
  const rows = Array.from({ length: groupCount }, (_, i) => closedRow(i + 1, i, { taskQueue: `queue-${i}` }));
  for (let from = 0; from < groupCount; from += 1000) {
    await owner.commit(...rows.slice(from, from + 1000).map(insertRun));
  }
  await owner.commit(insertRun(closedRow(groupCount + 1, 5, { status: 3 })));
  const long: Filter = {
    op: 'compare',
    field: { kind: 'column', column: 'historyLength', type: 'int' },
    comparison: '>',
    value: 0,
  };
  const filter = and(isStatus(2), long);
  assert.equal((await store.countRuns({ namespaceId, filter })).count, groupCount);
  const field = { kind: 'column', column: 'startTime', type: 'datetime' } as const;
  const query = { namespaceId, filter, limit: 2 };
  assert.deepEqual(keysOf(await store.listRuns({ ...query, orderBy: [{ field, descending: false }] })), [1, 2]);
  assert.deepEqual(keysOf(await store.listRuns(query)), [groupCount, groupCount - 1]);
});

test('a list that does not ask for groups does not read them', async (t) => {
  const filename = join(await temporaryDirectory(t), 'perdure.db');
  const store = await openFor(t, { filename });
  await (await acquire(store)).commit(insertRun(closedRow(1, 5)));
  const db = new DatabaseSync(filename, { readOnly: true });
  const texts: string[] = [];
  const statements = new (class extends Statements {
    override prepare(text: string) {
      texts.push(text);
      return super.prepare(text);
    }
  })(db);
  assert.equal(new Lists(statements).list({ namespaceId, limit: 2 }).length, 1);
  assert.ok(texts.length > 0 && !texts.some((text) => text.includes('run_group')), texts.join('\n'));
  db.close();
});

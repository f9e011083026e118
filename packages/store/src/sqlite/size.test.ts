import assert from 'node:assert/strict';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { attribute, encodeAttributes } from '../conformance/filters.ts';
import { acquire, append, closeRun, insertRun, runRow } from '../conformance/fixtures.ts';
import type { Write } from '../contract.ts';
import { openFor, temporaryDirectory } from './testing/temporary.ts';

const runsPerCycle = 300;
const publicBytes = new Uint8Array(3000).fill(1);

test('the file stops growing when as many runs are removed as are added, and nothing of them is left', async (t) => {
  const filename = join(await temporaryDirectory(t), 'a.db');
  const store = await openFor(t, { filename, synchronous: 'normal' });
  const owner = await acquire(store);
  const db = new DatabaseSync(filename, { readOnly: true });
  t.after(() => db.close());
  const pages = (): number => Number(db.prepare('PRAGMA page_count').get()?.['page_count']);
  const sizes: number[] = [];
  let key = 0;
  for (let cycle = 0; cycle < 12; cycle++) {
    const added: Write[] = [];
    const removed: Write[] = [];
    for (let i = 0; i < runsPerCycle; i++) {
      key++;
      const searchAttributes = encodeAttributes(attribute('Keyword01', 'Keyword', `value ${key}`));
      added.push(
        insertRun(runRow(key, { searchAttributes })),
        append(key, { seq: 1, publicBytes }),
        closeRun(key, key),
      );
      removed.push({ kind: 'deleteRun', run: key });
    }
    await owner.commit(...added);
    await owner.commit(...removed);
    sizes.push(pages());
  }
  const [, second = 0] = sizes;
  assert.ok(Math.max(...sizes) <= second * 1.05, `pages after each cycle: ${sizes.join(' ')}`);
  for (const table of ['run', 'journal', 'attribute']) {
    assert.deepEqual({ ...db.prepare(`SELECT count(*) AS rows FROM ${table}`).get() }, { rows: 0 });
  }
  assert.deepEqual({ ...db.prepare('SELECT sum(count) AS runs FROM run_group').get() }, { runs: 0 });
});

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { registerConformance } from '../conformance/index.ts';
import { openSqliteStore } from './open.ts';

registerConformance('sqlite', async (t) => {
  const directory = await mkdtemp(join(tmpdir(), 'perdure-store-'));
  const store = await openSqliteStore({ filename: join(directory, 'perdure.db') });
  t.after(async () => {
    await store.close();
    await rm(directory, { recursive: true });
  });
  return store;
});

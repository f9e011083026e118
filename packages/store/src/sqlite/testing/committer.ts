// Child process: commits without end, and prints the number of each commit once it is acknowledged.
// Argument: the database file. Commit n inserts run n with three transitions and appends one to run 1.
import { writeSync } from 'node:fs';
import { acquire, append, insertRun, runRow } from '../../conformance/fixtures.ts';
import { openSqliteStore } from '../open.ts';

const commitsInFlight = 8;
export const sharedRun = 1;
export const transitionsPerRun = 3;

const store = await openSqliteStore({ filename: process.argv[2] ?? '' });
const owner = await acquire(store);
let last = await store.maxRunKey();
if (last === 0) {
  last = sharedRun;
  await owner.commit(insertRun(runRow(sharedRun)));
}

async function commitForEver(): Promise<never> {
  for (;;) {
    const key = ++last;
    const publicBytes = Buffer.alloc(5000, key);
    await owner.commit(
      insertRun(runRow(key)),
      ...Array.from({ length: transitionsPerRun }, (_, i) => append(key, { seq: i + 1, publicBytes })),
      append(sharedRun, { seq: key - 1, publicBytes: Buffer.from(String(key)) }),
    );
    writeSync(1, `${key}\n`);
  }
}

await Promise.all(Array.from({ length: commitsInFlight }, commitForEver));

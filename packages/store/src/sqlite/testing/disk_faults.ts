// Child process: provokes a fault of the disk while commits run, and checks what the store promises about it.
// Arguments: the kind of fault, and an empty directory.
//   full        the directory is on a small file system, which a file of no use fills up
//   checkpoint  the same, but there is room for more log than database: the checkpoint fails before the commits do
//   io          a limit on file sizes makes writes fail with EFBIG
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { appendFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Owner } from '../../conformance/fixtures.ts';
import { acquire, append, insertRun, rejectionOf, runRow } from '../../conformance/fixtures.ts';
import type { Store } from '../../contract.ts';
import { openSqliteStore } from '../open.ts';

interface Fault {
  begin(): void;
  end(): void;
  readonly message: RegExp;
}

const [kind, directory = ''] = process.argv.slice(2);
const filler = join(directory, 'filler');

const faults: Record<string, Fault> = {
  full: {
    begin: () => {
      for (const size of [65_536, 4096, 1]) {
        assert.throws(() => {
          for (;;) appendFileSync(filler, Buffer.alloc(size));
        }, /ENOSPC/);
      }
    },
    end: () => rmSync(filler),
    message: /is full.*Nothing was written.*writing works again/,
  },
  checkpoint: {
    begin: () => writeFileSync(filler, Buffer.alloc(2_000_000)),
    end: () => rmSync(filler),
    message: /is full/,
  },
  io: {
    begin: () => limitFileSize('200000'),
    end: () => limitFileSize('unlimited'),
    message: /reported an error.*Nothing was written.*Check the disk/,
  },
};

/** Only the soft limit, which its owner may raise again. */
function limitFileSize(bytes: string): void {
  execFileSync('prlimit', ['--pid', String(process.pid), `--fsize=${bytes}:`]);
}

/** Commits rows of 40 kB to run 1 from `seq` on, until one fails. Returns the seq that failed. */
async function commitUntilFailure(owner: Owner, seq: number, message: RegExp): Promise<number> {
  for (; seq < 1000; seq++) {
    try {
      await owner.commit(append(1, { seq, publicBytes: Buffer.alloc(40_000, seq) }));
    } catch (error) {
      assert.equal((error as Error).name, 'StoreUnavailableError');
      assert.match((error as Error).message, message);
      return seq;
    }
  }
  throw new Error('no commit failed');
}

async function assertRows(store: Store, count: number): Promise<void> {
  const rows = await store.readJournal(1);
  assert.equal(rows.length, count);
  for (const row of rows) assert.ok(row.publicBytes.every((byte) => byte === row.seq % 256));
}

const fault = faults[kind ?? ''];
assert.ok(fault, `unknown fault ${kind}`);
const filename = join(directory, 'perdure.db');
const store = await openSqliteStore({ filename });
const owner = await acquire(store);
await owner.commit(insertRun(runRow(1)), append(1, { seq: 1, publicBytes: Buffer.alloc(40_000, 1) }));

fault.begin();
const failed = await commitUntilFailure(owner, 2, fault.message);
await assertRows(store, failed - 1);
// While the fault lasts, commits that share a transaction each fail on their own, and reads go on.
const together = [2, 3, 4].map((key) => owner.commit(insertRun(runRow(key, { memo: Buffer.alloc(400_000, 1) }))));
for (const outcome of await Promise.allSettled(together)) {
  assert.match(rejectionOf(outcome).message, fault.message);
}
assert.equal(await store.maxRunKey(), 1);
await assertRows(store, failed - 1);
fault.end();

await owner.commit(append(1, { seq: failed, publicBytes: Buffer.alloc(40_000, failed) }));
await assertRows(store, failed);
await store.close();

const reopened = await openSqliteStore({ filename });
await assertRows(reopened, failed);
assert.equal(await reopened.maxRunKey(), 1);
await reopened.close();
console.log(`passed: the commit of row ${failed} failed`);

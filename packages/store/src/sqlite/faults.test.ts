import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { acquire, append, insertRun, rejectionOf, runRow } from '../conformance/fixtures.ts';
import { Lane } from './lane.ts';
import { threadData } from './open.ts';
import { SqliteStore } from './store.ts';
import { childCommand, openFor, run, temporaryDirectory } from './testing/temporary.ts';
import { describeFault } from './worker/faults.ts';

const unavailable = { name: 'StoreUnavailableError' };

function isAvailable(command: string, ...args: string[]): boolean {
  try {
    execFileSync(command, args, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

for (const [kind, size] of [
  ['full', '2m'],
  ['checkpoint', '16m'],
] as const) {
  test(`a full disk (${kind}) rejects commits, loses nothing, and is forgotten once there is room`, async (t) => {
    const directory = await temporaryDirectory(t);
    const mount = `mount -t tmpfs -o size=${size} perdure-test ${directory}`;
    if (!isAvailable('unshare', '-rm', 'sh', '-c', mount)) {
      t.diagnostic('no small file system can be mounted here: only the size limit of the database is tested');
      return;
    }
    const child = childCommand('disk_faults.ts', kind, directory).map((word) => `'${word}'`);
    const { code, output } = await run(['unshare', '-rm', 'sh', '-c', `${mount} && exec ${child.join(' ')}`]);
    assert.equal(code, 0, output);
    assert.match(output, /passed/);
  });
}

test('an I/O error rejects commits, loses nothing, and is forgotten once it is gone', async (t) => {
  const directory = await temporaryDirectory(t);
  if (!isAvailable('prlimit', '--version')) {
    t.diagnostic('no I/O error can be provoked here');
    return;
  }
  const { code, output } = await run(childCommand('disk_faults.ts', 'io', directory));
  assert.equal(code, 0, output);
  assert.match(output, /passed/);
});

test('a database at its size limit rejects commits that need more, and works on after its limit was raised', async (t) => {
  const filename = join(await temporaryDirectory(t), 'perdure.db');
  const store = await openFor(t, { filename, sizeBytesMax: 400_000 });
  const owner = await acquire(store);
  const publicBytes = Buffer.alloc(100_000, 1);
  await owner.commit(insertRun(runRow(1)), append(1, { seq: 1, publicBytes }));
  const [fits, tooMuch, fitsToo] = await Promise.allSettled([
    owner.commit(append(1, { seq: 2, publicBytes })),
    owner.commit(insertRun(runRow(2)), append(2, { seq: 1, publicBytes: Buffer.alloc(1_000_000, 1) })),
    owner.commit(append(1, { seq: 3, publicBytes: new Uint8Array(10) })),
  ]);
  assert.equal(fits?.status, 'fulfilled');
  assert.equal(fitsToo?.status, 'fulfilled');
  assert.equal(rejectionOf(tooMuch).name, 'StoreUnavailableError');
  assert.match(rejectionOf(tooMuch).message, /size limit/);
  assert.equal(await store.maxRunKey(), 1);
  assert.equal((await store.readJournal(1)).length, 3);
  await store.close();

  const reopened = await openFor(t, { filename });
  await (await acquire(reopened)).commit(
    insertRun(runRow(2)),
    append(1, { seq: 4, publicBytes: Buffer.alloc(1_000_000, 1) }),
  );
  assert.equal((await reopened.readJournal(1)).length, 4);
  await reopened.close();
});

test('when the storage thread dies, everything pending and everything later rejects, and nothing acknowledged is lost', async (t) => {
  const filename = join(await temporaryDirectory(t), 'perdure.db');
  const data = await threadData({ filename });
  const writer = new Lane(data);
  await writer.ready;
  const store = new SqliteStore(data, writer);
  const owner = await acquire(store);
  await owner.commit(insertRun(runRow(1)), append(1, { seq: 1 }));
  const pending = [owner.commit(append(1, { seq: 2 })), store.findRuns([runRow(1)]), store.namespaces()];
  const dying = writer.terminate();
  // The thread may still have answered what came first; whatever it did not answer must not wait for ever.
  const outcomes = await Promise.allSettled(pending);
  await dying;
  const ended = { ...unavailable, message: /thread .* has ended.*acknowledged is on disk.*Restart/ };
  for (const outcome of outcomes) {
    if (outcome.status === 'fulfilled') continue;
    assert.throws(() => {
      throw outcome.reason;
    }, ended);
  }
  const acknowledged = outcomes[0]?.status === 'fulfilled' ? 2 : 1;
  await assert.rejects(owner.commit(append(1, { seq: 3 })), ended);
  await assert.rejects(store.acquireShard(1, 'other'), ended);
  await assert.rejects(store.namespaces(), ended);
  await store.close();

  const reopened = await openFor(t, { filename });
  assert.ok((await reopened.readJournal(1)).length >= acknowledged);
  await reopened.close();
});

test('every fault of the disk says what is wrong and what to do; a mistake of the caller is no fault', () => {
  const fault = (errcode: number): string | undefined =>
    describeFault(Object.assign(new Error('x'), { errcode }), '/data/a.db');
  assert.match(fault(13) ?? '', /^The disk that holds \/data\/a.db is full/);
  assert.match(fault(8) ?? '', /read-only.*Make it writable/);
  assert.match(fault(10 | (3 << 8)) ?? '', /code 778.*Check the disk/);
  assert.match(fault(5) ?? '', /locked by another program/);
  assert.match(fault(11) ?? '', /corrupted.*backup/);
  assert.match(fault(14) ?? '', /cannot be opened/);
  assert.match(fault(7) ?? '', /memory/);
  assert.equal(fault(19), undefined);
  assert.equal(describeFault(new Error('x'), 'f'), undefined);
});

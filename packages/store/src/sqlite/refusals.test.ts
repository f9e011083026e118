import assert from 'node:assert/strict';
import { once } from 'node:events';
import { chmod, chown, mkdir, open, readdir, stat, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { acquire, append, insertRun, runRow } from '../conformance/fixtures.ts';
import { openSqliteStore } from './open.ts';
import { childCommand, openFor, run, start, temporaryDirectory } from './testing/temporary.ts';

const nobody = 65534;

async function assertRefused(filename: string, message: RegExp): Promise<void> {
  const opening = openSqliteStore({ filename }).then(
    // Closed, so that a test that fails does not also keep the process alive.
    (store) => store.close(),
  );
  await assert.rejects(opening, { name: 'StoreRefusedError', message });
}

async function makeDatabase(filename: string): Promise<void> {
  const store = await openSqliteStore({ filename });
  const owner = await acquire(store);
  await owner.commit(insertRun(runRow(1)));
  for (let seq = 1; seq <= 50; seq++) await owner.commit(append(1, { seq, publicBytes: Buffer.alloc(2000, seq) }));
  await store.close();
}

test('a path that cannot hold a database is refused', async (t) => {
  const directory = await temporaryDirectory(t);
  await writeFile(join(directory, 'file'), '');
  await assertRefused(join(directory, 'missing', 'a.db'), /directory .*missing does not exist. Create it/);
  await assertRefused(join(directory, 'file', 'a.db'), /file is not a directory/);
  await assertRefused(directory, /is not a file/);
  await assertRefused(':memory:', /use the memory store/);
});

test('a directory or a file that this user cannot write is refused', async (t) => {
  const directory = await temporaryDirectory(t);
  const filename = join(directory, 'a.db');
  await makeDatabase(filename);
  const isRoot = process.getuid?.() === 0;
  const openAsOther = (): ReturnType<typeof run> =>
    run(childCommand('opener.ts', filename), isRoot ? { uid: nobody, gid: nobody } : {});

  await chmod(directory, 0o555);
  const readOnlyDirectory = await openAsOther();
  await chmod(directory, 0o777);
  assert.match(
    readOnlyDirectory.output,
    /StoreRefusedError: .* cannot be written \(EACCES\).*make the directory writable/,
  );

  await chmod(filename, 0o444);
  const readOnlyFile = await openAsOther();
  assert.match(readOnlyFile.output, /StoreRefusedError: .*a.db cannot be written \(EACCES\). Make the file writable/);

  await chmod(filename, 0o666);
  for (const suffix of ['', '-lock']) if (isRoot) await chown(filename + suffix, nobody, nobody);
  assert.match((await openAsOther()).output, /opened/);
});

test('a file that is not a database, or not one of ours, is refused and left alone', async (t) => {
  const directory = await temporaryDirectory(t);
  const text = join(directory, 'text');
  await writeFile(text, 'This is a letter, and a rather long one. '.repeat(100));
  await assertRefused(text, /is not a SQLite database.*Give another file name/);
  assert.equal((await stat(text)).size, 4100);

  const foreign = join(directory, 'foreign.db');
  const db = new DatabaseSync(foreign);
  db.exec('CREATE TABLE run (a)');
  db.close();
  await assertRefused(foreign, /not one of Perdure. Give another file name/);
  assert.deepEqual((await readdir(directory)).toSorted(), ['foreign.db', 'text']);

  await writeFile(`${text}-lock`, '');
  await assertRefused(text, /is not a SQLite database/);
  assert.deepEqual((await readdir(directory)).toSorted(), ['foreign.db', 'text', 'text-lock']);
});

test('an empty file is taken as a new database', async (t) => {
  const filename = join(await temporaryDirectory(t), 'a.db');
  await writeFile(filename, '');
  await makeDatabase(filename);
});

test('a corrupted database is refused, wherever the damage is', async (t) => {
  const directory = await temporaryDirectory(t);
  const damages: [string, (filename: string) => Promise<void>][] = [
    ['truncated', (filename) => truncate(filename, 20_000)],
    ['header', (filename) => overwrite(filename, 0)],
    ['first page', (filename) => overwrite(filename, 100)],
    ['middle', async (filename) => overwrite(filename, Math.floor((await stat(filename)).size / 2 / 4096) * 4096)],
  ];
  for (const [name, damage] of damages) {
    const filename = join(directory, `${name}.db`);
    await makeDatabase(filename);
    await damage(filename);
    await assertRefused(filename, /(is corrupted|its header is damaged).*backup/s);
  }
});

async function overwrite(filename: string, offset: number): Promise<void> {
  const file = await open(filename, 'r+');
  await file.write(Buffer.alloc(4096, 0xa5), 0, 4096, offset);
  await file.close();
}

test('a database of a newer version is refused', async (t) => {
  const filename = join(await temporaryDirectory(t), 'a.db');
  await makeDatabase(filename);
  const db = new DatabaseSync(filename);
  db.exec('INSERT INTO schema_version VALUES (999, 0)');
  db.close();
  await assertRefused(filename, /newer version of Perdure \(schema 999;.*Upgrade this server/);
});

test('a database that is open is refused, in the same process and by another name', async (t) => {
  const directory = await temporaryDirectory(t);
  const filename = join(directory, 'a.db');
  const store = await openFor(t, { filename });
  await mkdir(join(directory, 'other'));
  await symlink(filename, join(directory, 'other', 'b.db'));
  await assertRefused(filename, /in use by another running server/);
  await assertRefused(join(directory, 'other', 'b.db'), /in use by another running server/);
  await (await acquire(store)).commit(insertRun(runRow(1)));
  await store.close();
  await (await openSqliteStore({ filename })).close();
});

test('a database that another process has open is refused until that process is gone', async (t) => {
  const filename = join(await temporaryDirectory(t), 'a.db');
  const child = start(childCommand('committer.ts', filename));
  t.after(() => child.kill('SIGKILL'));
  await once(child.stdout!, 'data');
  await assertRefused(filename, /in use by another running server. Stop that server/);
  child.kill('SIGKILL');
  await once(child, 'close');
  await (await openSqliteStore({ filename })).close();
});

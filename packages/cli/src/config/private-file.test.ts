import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { readFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { withFileLock } from './file-lock.ts';
import { changeFile, writePrivately } from './private-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'private-file-'));
after(() => rmSync(folder, { recursive: true }));

function fresh(name: string, text?: string): string {
  const path = join(folder, name);
  if (text !== undefined) writeFileSync(path, text);
  return path;
}

/** The number of a process that has ended. */
function deadPid(): number {
  return spawnSync(process.execPath, ['--version']).pid;
}

test('changes at the same time all survive', async () => {
  const path = fresh('counted', '');
  const names = Array.from({ length: 8 }, (_, at) => String(at));
  const add = (name: string) =>
    changeFile(path, async () => writePrivately(path, `${await readFile(path, 'utf8')}${name}`));
  await Promise.all(names.map(add));
  assert.deepEqual(readFileSync(path, 'utf8').split('').sort(), names);
  assert.equal(existsSync(`${path}.lock`), false);
});

test('what a link names is written, and the link stays', async () => {
  mkdirSync(join(folder, 'elsewhere'));
  const [there, missing] = [join(folder, 'elsewhere', 'real'), join(folder, 'elsewhere', 'new')];
  writeFileSync(there, 'before');
  for (const [name, real] of [
    ['link', there],
    ['dangling', missing],
  ] as const) {
    const link = fresh(name);
    symlinkSync(real, link);
    await writePrivately(link, 'after');
    assert.equal(readFileSync(real, 'utf8'), 'after');
    assert.ok(lstatSync(link).isSymbolicLink());
    assert.equal(statSync(real).mode & 0o777, 0o600);
  }
  assert.deepEqual(readdirSync(join(folder, 'elsewhere')).sort(), ['new', 'real']);
});

test('a file that cannot be replaced leaves nothing beside it', async () => {
  const path = fresh('a-folder');
  mkdirSync(path);
  await assert.rejects(writePrivately(path, 'text'));
  assert.equal(existsSync(`${path}.${process.pid}.new`), false);
});

test('a lock is given back when the change fails', async () => {
  const path = fresh('failing', '');
  const failing = changeFile(path, () => Promise.reject(new Error('wrong')));
  await assert.rejects(failing, /wrong/);
  assert.equal(await changeFile(path, async () => 'changed'), 'changed');
});

test('the lock of a process that has died is taken away', async () => {
  const path = fresh('abandoned', '');
  writeFileSync(`${path}.lock`, `${deadPid()} ${hostname()}\n`);
  let inside = 0;
  const alone = async () => {
    assert.equal(++inside, 1, 'one at a time');
    await readFile(path);
    inside--;
  };
  await Promise.all(Array.from({ length: 8 }, () => changeFile(path, alone)));
  assert.deepEqual([existsSync(`${path}.lock`), existsSync(`${path}.lock.removing`)], [false, false]);
});

test('the lock of a process that lives, or of another machine, is waited for, and named in the end', async () => {
  const path = fresh('held', '');
  for (const holder of [`${process.pid} ${hostname()}\n`, `${deadPid()} another.machine\n`, '']) {
    writeFileSync(`${path}.lock`, holder);
    await assert.rejects(
      withFileLock(path, async () => undefined, 1),
      { message: `something else has been changing ${path} for 0.001 s; if nothing does, remove ${path}.lock` },
    );
    assert.equal(readFileSync(`${path}.lock`, 'utf8'), holder);
  }
});

import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { perdure } from './command.ts';
import { folderOnPath } from './on-path.ts';

let run: (...args: string[]) => ReturnType<typeof perdure>;
before(() => {
  const { folder, path, addProgram } = folderOnPath();
  const shows = (name: string) => `printf '%s' '${name}'; for arg; do printf ' <%s>' "$arg"; done`;
  addProgram('temporal-foo', shows('foo'));
  addProgram('perdure-foo-bar', `${shows('foo-bar')}; cat; exit 7`);
  addProgram('temporal-foo-bar', shows('not reached'));
  addProgram('temporal-two_words', shows('two_words'));
  addProgram('temporal-workflow-audit', shows('audit'));
  addProgram('temporal-workflow-list', shows('not reached'));
  addProgram('temporal-killed', 'kill -TERM $$');
  mkdirSync(join(folder, 'perdure-dir'));
  addProgram('perdure-dir/foo', shows('not reached'));
  run = (...args) => perdure(args, { env: { PATH: path }, stdin: ' read' });
});

test('a program on the PATH is a command, with the words and options behind its own', async () => {
  const { stdout, exitCode } = await run('foo', 'baz', '--help', 'a b');
  assert.deepEqual([stdout, exitCode], ['foo <baz> <--help> <a b>', 0]);
  assert.equal((await run('help', 'foo')).stdout, 'foo <--help>');
  assert.equal((await run('two-words')).stdout, 'two_words');
  assert.equal((await run('-o', 'json', 'foo')).stdout, 'foo <-o> <json>', 'options of all commands go with it');
});

test('the longest name wins, and its exit code is the exit code', async () => {
  const { stdout, exitCode } = await run('foo', 'bar', 'x');
  assert.deepEqual([stdout, exitCode], ['foo-bar <x> read', 7]);
  assert.equal((await run('killed')).exitCode, 128 + 15);
});

test('built-in commands win, and groups can be added to', async () => {
  assert.equal((await run('workflow', 'audit', 'x')).stdout, 'audit <x>');
  const list = await run('workflow', 'list', '--help');
  assert.match(list.stdout, /^List workflow executions/);
  const none = await run('workflow', 'fooo');
  assert.equal(none.exitCode, 2);
  assert.match(none.stderr, /there is no command "perdure workflow fooo"/);
});

test('words never leave the PATH', async () => {
  for (const word of ['dir/foo', '../foo', '']) {
    assert.equal((await run(word)).exitCode, 2, word);
  }
});

test('they are listed and completed', async () => {
  assert.match((await run('help', '--all')).stdout, /perdure foo bar +\S+\/perdure-foo-bar\n/);
  const completed = await run('__complete', '--', 'two');
  assert.equal(completed.stdout, 'two-words\n');
});

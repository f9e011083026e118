import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { TREE } from '../commands/tree.ts';
import { findCommand } from './command.ts';
import { positionalWords } from './help.ts';
import type { tableJson } from './help-json.ts';
import { helpText } from './help-text.ts';

type Table = ReturnType<typeof tableJson>;

const help = (words: string, asked: { isAll?: boolean; json?: 'json' | 'jsonl' } = {}, env: NodeJS.ProcessEnv = {}) =>
  helpText(findCommand(words.split(' ').filter(Boolean), TREE), TREE, {
    isAll: asked.isAll ?? false,
    json: asked.json,
    env,
  });

test('no two words of a usage line are called the same', () => {
  for (const command of TREE.commands) {
    const words = positionalWords(command);
    assert.equal(new Set(words).size, words.length, command.path.join(' '));
  }
  assert.match(help('workflow describe'), /^ {2}perdure workflow describe \[ID\] \[RUN-ID\] \[options\]$/m);
  assert.match(help('workflow diff'), /^ {2}perdure workflow diff \[ID\] \[OTHER-ID\] \[options\]$/m);
});

test('programs are told the whole table', () => {
  const table = JSON.parse(help('', { json: 'json' })) as Table;
  const shown = TREE.commands.filter(({ isHidden }) => isHidden !== true);
  assert.deepEqual(
    table.commands.map(({ path }) => path),
    shown.map(({ path }) => path),
  );
  assert.equal(table.groups.length, TREE.groups.length);
  const output = table.globalOptions.find(({ name }) => name === 'output');
  assert.deepEqual([output?.kind, output?.short, output?.oneOf?.includes('json')], ['text', 'o', true]);
  assert.deepEqual(table.clientOptions.find(({ name }) => name === 'address')?.env, ['TEMPORAL_ADDRESS']);
  const create = table.commands.find(({ path }) => path.join(' ') === 'operator namespace create');
  assert.deepEqual([create?.positionals, create?.isClient], [['namespace'], true]);
  assert.equal(create?.options.find(({ name }) => name === 'retention')?.kind, 'duration');
  assert.equal(create?.options.find(({ name }) => name === 'global')?.kind, 'flag');
});

test('or a part of it, in one line if they read lines', () => {
  const line = help('operator cluster', { json: 'jsonl' });
  assert.equal(line.includes('\n'), false);
  const { commands } = JSON.parse(line) as Table;
  assert.ok(commands.length >= 6 && commands.every(({ path }) => path[1] === 'cluster'));
  const one = JSON.parse(help('workflow list', { json: 'json' })) as Table;
  assert.deepEqual(
    one.commands.map(({ path }) => path),
    [['workflow', 'list']],
  );
});

test('people are shown all commands, those of others too', () => {
  const folder = mkdtempSync(join(tmpdir(), 'perdure-help-'));
  writeFileSync(join(folder, 'temporal-foo_bar-baz'), '#!/bin/sh\n');
  chmodSync(join(folder, 'temporal-foo_bar-baz'), 0o755);
  const all = help('', { isAll: true }, { PATH: folder });
  rmSync(folder, { recursive: true });
  for (const { path, isHidden } of TREE.commands) {
    assert.equal(all.includes(`\n  perdure ${path.join(' ')}`), isHidden !== true, path.join(' '));
  }
  assert.match(all, /Commands added by programs on the PATH:\n {2}perdure foo-bar baz +\S+temporal-foo_bar-baz\n/);
  assert.doesNotMatch(help('operator', { isAll: true }), /perdure workflow/);
});

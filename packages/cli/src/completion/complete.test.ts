import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TREE } from '../commands/tree.ts';
import { candidates, completionLines } from './complete.ts';

const values = (...words: string[]) => candidates(words, TREE, {}).map(({ value }) => value);

test('words of commands are offered, with what they do', () => {
  assert.deepEqual(values('operator', 'cl'), ['cluster']);
  assert.deepEqual(values('help', 'operator', 'cl'), ['cluster']);
  assert.deepEqual(values('--output', 'json', 'operator', 'cl'), ['cluster']);
  assert.ok(values('').includes('workflow'));
  assert.deepEqual(values('completion', 'p'), ['pwsh'], 'what is hidden is not offered');
  assert.deepEqual(values('nonsense', ''), []);
  assert.match(completionLines(['operator', 'cl'], TREE, {}).join(''), /^cluster\tLook at the server as a whole\n$/);
});

test('options are offered once, unless they can be repeated', () => {
  assert.deepEqual(values('workflow', 'list', '--que'), ['--query']);
  assert.deepEqual(values('workflow', 'list', '--query', 'x', '--que'), []);
  assert.deepEqual(values('workflow', 'list', '-q', 'x', '--que'), []);
  assert.deepEqual(values('server', 'start-dev', '--namespace', 'a', '--namesp'), ['--namespace']);
  assert.ok(values('workflow', 'list', '-').includes('--address'));
  assert.ok(!values('completion', 'bash', '-').includes('--address'));
  assert.ok(values('operator', '-').includes('--output'));
});

test('values are offered where an option waits for one', () => {
  assert.deepEqual(values('workflow', 'list', '--output', 'js'), ['json', 'jsonl']);
  assert.deepEqual(values('workflow', 'list', '-o', 'JSONL'), ['jsonl']);
  assert.deepEqual(values('workflow', 'list', '--output=js'), ['--output=json', '--output=jsonl']);
  assert.deepEqual(values('--color', ''), ['auto', 'always', 'never']);
  assert.deepEqual(values('workflow', 'list', '--tls='), ['--tls=true', '--tls=false']);
  assert.deepEqual(values('server', 'start-dev', '--db-filename', ''), [':file']);
  assert.deepEqual(values('workflow', 'list', '--query', ''), [], 'nothing is known of it');
});

test('behind a command its options are offered, first those that it needs', () => {
  const create = ['operator', 'search-attribute', 'create'] as const;
  assert.deepEqual(values(...create, ''), ['--name', '--type']);
  assert.deepEqual(values(...create, '--name', 'City', ''), ['--type']);
  assert.deepEqual(values('operator', 'search-attribute', 'remove', '--name', 'City', ''), ['--name', '--yes']);
});

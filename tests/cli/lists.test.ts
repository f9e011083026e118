import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { sharedServer } from '../e2e/harness.ts';
import { commandOf } from './command.ts';

let cli: ReturnType<typeof commandOf>;
before(async () => {
  cli = commandOf(await sharedServer());
});

test('an empty list is an empty array for programs, and nothing for people', async () => {
  assert.equal(await cli.text('workflow', 'list', '-o', 'json'), '[]\n');
  assert.equal(await cli.text('workflow', 'list', '-o', 'jsonl'), '');
  assert.equal(await cli.text('workflow', 'list'), '');
  assert.equal(await cli.text('workflow', 'list', '-o', 'none'), '');
  assert.equal(await cli.text('workflow', 'list', '-o', 'csv'), 'Status,WorkflowId,Type,StartTime\n');
  assert.equal(await cli.text('workflow', 'count'), 'Total: 0\n');
});

test('options of all commands may stand before and between the words', async () => {
  for (const args of [
    ['-o', 'json', 'workflow', 'list'],
    ['workflow', '--namespace', 'default', 'list', '-o=json'],
    ['workflow', 'list', '--output=json'],
  ]) {
    assert.equal(await cli.text(...args), '[]\n', args.join(' '));
  }
});

test('exit codes and errors say what went wrong', async () => {
  const wrongQuery = await cli.run(['workflow', 'list', '--query', 'foo = 1']);
  assert.equal(wrongQuery.exitCode, 1);
  assert.match(wrongQuery.stderr, /^Error: invalid query: .*'foo' is not a valid search attribute\n$/);
  const noNamespace = await cli.run(['workflow', 'list', '-n', 'nowhere', '-o', 'json']);
  assert.equal(noNamespace.exitCode, 3);
  assert.deepEqual(JSON.parse(noNamespace.stderr), {
    error: { code: 'NOT_FOUND', message: 'Namespace nowhere is not found.' },
  });
  const wrongWord = await cli.run(['workflow', 'lst']);
  assert.equal(wrongWord.exitCode, 2);
  assert.match(wrongWord.stderr, /no command "perdure workflow lst" \(did you mean "workflow list"\?\)/);
});

test('a field that nothing has is named beside the list, which names the columns there are', async () => {
  const { stdout, stderr, exitCode } = await cli.run(['operator', 'namespace', 'list', '--fields', 'Name,Nmae']);
  assert.match(stdout, /^Name +Nmae\n(?:.*\n)*default\n/);
  assert.match(stderr, /^Nothing here has the field Nmae \(columns are Name, State, .*\)\.\n$/);
  assert.equal(exitCode, 0);
  const json = await cli.run(['operator', 'namespace', 'list', '--fields', 'namespaceInfo.name', '-o', 'json']);
  assert.equal(json.stderr, '');
});

// Values that a shell, or a slip of the finger, can make of an option.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { before, test } from 'node:test';
import { sharedServer } from '../e2e/harness.ts';
import { commandOf, MAIN } from './command.ts';
import { waiting } from './stories.ts';

let cli: ReturnType<typeof commandOf>;
before(async () => {
  cli = commandOf(await sharedServer());
});

test('what the API has no room for is refused as a wrong command line', async () => {
  const start = ['workflow', 'start', '--type', 'Order', '--task-queue', 'orders'];
  for (const [line, told] of [
    [['workflow', 'list', '--page-size', '99999999999'], /99999999999 is not a whole number from/],
    [[...start, '--priority-key', '2147483648'], /2147483648 is not a whole number from/],
    [[...start, '--execution-timeout', '9999999d'], /a duration may have at most 315576000000 seconds/],
    [[...start, '--run-timeout', '99999999999999999999h'], /is not a duration/],
    [['workflow', 'cancel', '--query', ' ', '--yes'], /--query is empty/],
    [['workflow', 'terminate', '--query', '', '--yes'], /--query is empty/],
    [['activity', 'delete', '--query', ' ', '--yes'], /--query is empty/],
    [['workflow', 'watch', 'OrderId', '--interval', '99ms'], /--interval must be 100ms at least/],
  ] as const) {
    const { exitCode, stderr } = await cli.run(line);
    assert.match(stderr, told);
    assert.match(stderr, /^Error: .*\n(Run 'perdure .*\n)?$/, 'no stack, no position in a text that nobody sees');
    assert.doesNotMatch(stderr, /\(line/);
    assert.equal(exitCode, 2, stderr);
  }
});

test('a query of blanks ends nothing', async () => {
  const { workflowId } = await waiting();
  await cli.run(['workflow', 'delete', '--query', ' ', '--yes']);
  const { workflowExecutionInfo: info } = await cli.json<{ workflowExecutionInfo: { status: string } }>(
    ...['workflow', 'describe', workflowId],
  );
  assert.equal(info.status, 'WORKFLOW_EXECUTION_STATUS_RUNNING');
});

test('who stops reading errors gets the exit code all the same', async () => {
  const { address } = await sharedServer();
  const child = spawn(process.execPath, [MAIN, 'workflow', 'describe', 'none'], { env: { PERDURE_ADDRESS: address } });
  child.stderr.destroy();
  const [exitCode] = (await once(child, 'close')) as [number | null];
  assert.equal(exitCode, 3);
});

// Commands that do not get to their end: --command-timeout, at whatever moment it is over.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import net, { type AddressInfo } from 'node:net';
import { before, test } from 'node:test';
import { sharedServer } from '../e2e/harness.ts';
import { commandOf, perdure } from './command.ts';
import { waiting } from './stories.ts';

let cli: ReturnType<typeof commandOf>;
before(async () => {
  cli = commandOf(await sharedServer());
});

test('connecting to somebody who says nothing is given up', async () => {
  const silent = net.createServer((socket) => void socket.on('error', () => socket.destroy()).resume());
  silent.listen(0, '127.0.0.1');
  await once(silent, 'listening');
  const { port } = silent.address() as AddressInfo;
  const address = ['--address', `127.0.0.1:${port}`, '--client-connect-timeout', '0'];
  const { exitCode, stderr } = await perdure(['workflow', 'count', ...address, '--command-timeout', '50ms']);
  assert.equal(exitCode, 5);
  assert.equal(stderr, 'Error: not done within 0.05 s (--command-timeout)\n');
  silent.close();
});

test('a timeout that is over before anything was sent is told as any other', async () => {
  const { exitCode, stderr } = await cli.run(['workflow', 'count', '--command-timeout', '1ms']);
  assert.equal(exitCode, 5);
  assert.equal(stderr, 'Error: not done within 0.001 s (--command-timeout)\n');
});

test('a timeout may be longer than timers run', async () => {
  const { exitCode, stderr } = await cli.run(['workflow', 'count', '--command-timeout', '60d']);
  assert.equal(stderr, '');
  assert.equal(exitCode, 0);
});

test('who waits for the answer to a query is told, unless it is a program', async () => {
  const { workflowId } = await waiting();
  const ask = ['workflow', 'query', workflowId, '--name', 'heard', '--command-timeout', '7s'];
  const [person, program] = await Promise.all([cli.run(ask), cli.run([...ask, '-o', 'json'])]);
  const given = 'Error: not done within 7 s (--command-timeout)\n';
  assert.deepEqual([person.exitCode, person.stderr], [5, `No worker has answered yet; waiting.\n${given}`]);
  assert.equal(program.exitCode, 5);
  assert.equal((JSON.parse(program.stderr) as { error: { code: string } }).error.code, 'TIMEOUT');
});

test('a list that is broken off is JSON as far as it came', async () => {
  const { workflowId } = await waiting();
  const watched = await cli.run(['workflow', 'watch', workflowId, '-o', 'json', '--command-timeout', '2s']);
  assert.equal(watched.exitCode, 5);
  const [first] = JSON.parse(watched.stdout) as { workflowId: string }[];
  assert.equal(first?.workflowId, workflowId);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GROUPS, parseOptions, UsageError } from './options.ts';

test('without arguments everything is measured on a server of this repository', () => {
  const options = parseOptions([]);
  assert.equal(options.quick, false);
  assert.deepEqual([...options.groups], [...GROUPS]);
  assert.deepEqual(options.inFlight, [1, 64, 512]);
  assert.equal(options.namespace, 'default');
  assert.deepEqual(options.server, { kind: 'started', command: undefined, extraArguments: [], dataDir: undefined });
});

test('a running server, by address and process', () => {
  const { server } = parseOptions(['--address', '127.0.0.1:7233', '--server-pid', '42', '--quick']);
  assert.deepEqual(server, { kind: 'running', host: '127.0.0.1', port: 7233, pid: 42 });
  const v6 = parseOptions(['--address', '[::1]:7233']).server;
  assert.deepEqual(v6, { kind: 'running', host: '::1', port: 7233, pid: undefined });
});

test('what stands behind -- goes to the server that is started, even if it looks like an option of ours', () => {
  const { server, quick } = parseOptions(['--command', 'peer', '--', '--quick', '--set', 'a=1']);
  assert.equal(quick, false);
  assert.deepEqual(server, {
    kind: 'started',
    command: 'peer',
    extraArguments: ['--quick', '--set', 'a=1'],
    dataDir: undefined,
  });
});

test('groups and numbers in flight can be chosen', () => {
  const options = parseOptions(['--only', 'signals,timers', '--in-flight', '1,8']);
  assert.deepEqual([...options.groups], ['signals', 'timers']);
  assert.deepEqual(options.inFlight, [1, 8]);
});

test('a mistake is named', () => {
  const mistakes: [string[], RegExp][] = [
    [['--fast'], /--fast/],
    [['stray'], /stray/],
    [['--only', 'signal'], /no group "signal"/],
    [['--in-flight', '1,0'], /--in-flight: "0"/],
    [['--address', 'localhost'], /HOST:PORT/],
    [['--address', 'localhost:7233', '--server-pid', 'me'], /--server-pid: "me"/],
    [['--server-pid', '42'], /belongs to --address/],
    [['--address', 'localhost:7233', '--command', 'peer'], /do not apply/],
    [['--address', 'localhost:7233', '--', '--flag'], /do not apply/],
  ];
  for (const [argv, message] of mistakes) {
    assert.throws(
      () => parseOptions(argv),
      (error) => error instanceof UsageError && message.test(error.message),
      argv.join(' '),
    );
  }
});

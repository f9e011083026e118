// Examples of the help that need nothing but a server, typed into a shell as they stand there.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { before, test } from 'node:test';
import { promisify } from 'node:util';
import { atEnd, TestServer } from '../e2e/harness.ts';
import { perdure } from './command.ts';
import { folderOnPath } from './on-path.ts';

interface CommandJson {
  readonly path: readonly string[];
  readonly description?: string;
  readonly examples: readonly { readonly line: string }[];
}

const { folder, path } = folderOnPath();
let commands: readonly CommandJson[];
let address: string;
before(async () => {
  // Its own: the examples make and delete namespaces.
  const server = await TestServer.start();
  atEnd(() => server.dispose());
  address = server.address;
  ({ commands } = JSON.parse((await perdure(['help', '-o', 'json'])).stdout) as { commands: CommandJson[] });
});

/** Its error output, empty if it went well. */
async function typed(line: string): Promise<string> {
  const env = { PATH: path, HOME: folder, PERDURE_ADDRESS: address };
  try {
    await promisify(execFile)('/bin/sh', ['-c', line], { env, cwd: folder, timeout: 30_000 });
    return '';
  } catch (error) {
    const { stderr } = error as { readonly stderr: string };
    return stderr;
  }
}

test('what operators do runs as it is shown, in the order in which it is shown', async () => {
  for (const { path: words, description = '', examples } of commands.filter((one) => one.path[0] === 'operator')) {
    for (const { line } of examples) {
      const error = await typed(line);
      const isAbsent = /this server (does not|is the only)/i.test(description);
      assert.match(error, isAbsent ? /not implemented|unimplemented/i : /^$/, `${words.join(' ')}: ${line}`);
    }
  }
});

test('lists and counts run as they are shown', async () => {
  const lists = commands.filter(({ path: [top = '', ...rest] }) => {
    return ['workflow', 'schedule', 'batch'].includes(top) && ['list', 'count'].includes(rest.join(' '));
  });
  assert.ok(lists.length >= 2);
  const lines = lists.flatMap(({ examples }) => examples.map(({ line }) => line));
  for (const line of lines) assert.equal(await typed(line), '', line);
});

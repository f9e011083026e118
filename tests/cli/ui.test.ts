// `perdure ui` as a process, in front of a real server.

import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { atEnd, freePort, TestServer } from '../e2e/harness.ts';
import { MAIN, perdure } from './command.ts';

const folder = mkdtempSync(join(tmpdir(), 'perdure-ui-'));
writeFileSync(join(folder, 'index.html'), '<html><head></head><body>Hello</body></html>');
const children = new Set<ChildProcess>();
after(() => {
  for (const child of children) child.kill('SIGKILL');
  rmSync(folder, { recursive: true });
});

/** Resolves when it has said where it is. */
async function serve(...args: string[]) {
  const child = spawn(process.execPath, [MAIN, 'ui', ...args, '--ui-asset-path', folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.add(child);
  const [printed] = (await once(child.stdout, 'data')) as [Buffer];
  const [, url = ''] = /^Web UI: (http:\S+)\nfor http:/.exec(printed.toString()) ?? [];
  return { child, url, exited: once(child, 'exit') as Promise<[number | null]> };
}

test('the Web UI is served for a server elsewhere, until it is told to stop', async () => {
  const port = await freePort();
  const server = await TestServer.start({ args: ['--http-port', String(port)] });
  atEnd(() => server.dispose());
  for (const [api, end] of [
    [`http://127.0.0.1:${port}`, 'SIGTERM'],
    [`http://127.0.0.1:${port}/api/v1`, 'SIGINT'],
  ] as const) {
    const { child, url, exited } = await serve('--api', api, '--ui-port', '0', '--ui-public-path', 'there');
    assert.match(await (await fetch(url)).text(), /<base href="\/there\/">.*Hello/);
    assert.equal((await fetch(`${url}api/v1/system-info`)).status, 200);
    assert.equal((await fetch(`${url}ui-api/v1/info`)).status, 404);
    child.kill(end);
    assert.deepEqual((await exited)[0], 0);
  }
});

test('what cannot be served says why', async () => {
  const blocker = createServer().listen(0, '127.0.0.1');
  await once(blocker, 'listening');
  const address = blocker.address();
  assert.ok(address !== null && typeof address === 'object');
  const api = ['--api', 'http://127.0.0.1:1'];
  const taken = await perdure(['ui', ...api, '--ui-port', String(address.port)]);
  blocker.close();
  assert.deepEqual([taken.exitCode, /^Error: port \d+ is taken/.test(taken.stderr)], [1, true], taken.stderr);
  const wrong: [string[], RegExp][] = [
    [[], /--api/],
    [['--api', '127.0.0.1:7243'], /--api must be a URL such as/],
    [['--api', 'ftp://x'], /--api must be a URL such as/],
    [['--api', 'http://user:secret@x'], /must not hold a user or a password/],
    [[...api, '--ui-port', '65536'], /--ui-port must be a number from 0 to 65535/],
    [[...api, '--ui-ip', 'here'], /--ui-ip must be an IP address/],
    [[...api, '--ui-public-path', '/?'], /--ui-public-path must be a path/],
  ];
  for (const [args, message] of wrong) {
    const { exitCode, stderr } = await perdure(['ui', ...args]);
    assert.equal(exitCode, 2, args.join(' '));
    assert.match(stderr, message);
  }
});

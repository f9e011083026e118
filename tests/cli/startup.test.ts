// How little is loaded before a command does something. Times depend on the machine and are only told; what is loaded does not.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { sharedServer } from '../e2e/harness.ts';
import { MAIN } from './command.ts';
import { folderOnPath } from './on-path.ts';

const ROOT = new URL('../../', import.meta.url).href;
const { folder } = folderOnPath();
const list = join(folder, 'loaded');
const hook = `import { registerHooks } from 'node:module';
import { appendFileSync } from 'node:fs';
registerHooks({ load(url, context, next) { appendFileSync(${JSON.stringify(list)}, url + '\\n'); return next(url, context); } });`;

let address: string;
before(async () => {
  ({ address } = await sharedServer());
});

/** The modules of ours and of others that a command line loads, by their paths. */
function loadedBy(...args: string[]): string[] {
  writeFileSync(list, '');
  const preload = `data:text/javascript,${encodeURIComponent(hook)}`;
  const { status, stderr } = spawnSync(process.execPath, ['--import', preload, MAIN, ...args], {
    env: { PERDURE_ADDRESS: address },
    encoding: 'utf8',
  });
  assert.equal(status, 0, stderr);
  const urls = readFileSync(list, 'utf8').trim().split('\n');
  return urls.filter((url) => url.startsWith(ROOT)).map((url) => url.slice(ROOT.length));
}

function timeOf(args: readonly string[]): string {
  const times = Array.from({ length: 3 }, () => {
    const startedMs = performance.now();
    spawnSync(process.execPath, [MAIN, ...args], { env: { PERDURE_ADDRESS: address } });
    return performance.now() - startedMs;
  });
  return `${Math.min(...times).toFixed(0)} ms at best of ${times.length}`;
}

const isTable = (path: string) => /^packages\/cli\/src\/(table|commands)\//.test(path);

test('help and completion load the table of commands, and neither the API nor the server', (t) => {
  for (const args of [
    ['--help'],
    ['workflow', 'list', '--help'],
    ['help', '-o', 'json'],
    ['__complete', '--', 'work'],
  ]) {
    const loaded = loadedBy(...args);
    const others = loaded.filter((path) => !path.startsWith('packages/cli/'));
    assert.deepEqual(
      others.toSorted(),
      ['packages/server/src/one-slip.ts', 'packages/server/src/version.ts'].slice(0, others.length),
    );
    // What commands do is in the folders of the groups.
    assert.deepEqual(
      loaded.filter((path) => /src\/commands\/(?!start-dev\/options)[^/]+\//.test(path)),
      [],
    );
    assert.ok(loaded.filter((path) => !isTable(path)).length <= 15, loaded.join('\n'));
    t.diagnostic(`perdure ${args.join(' ')}: ${loaded.length} modules, ${timeOf(args)}`);
  }
});

test('a command loads what it does and a client, and nothing that the server runs on', (t) => {
  const loaded = loadedBy('workflow', 'list');
  const ofServer = loaded.filter((path) => /^packages\/(server|store|core)\//.test(path));
  const client = /^packages\/server\/src\/(transport\/|one-slip|version)|^packages\/server\/src\/.*\/(limits|errors)/;
  assert.deepEqual(
    ofServer.filter((path) => !client.test(path)),
    [],
  );
  assert.deepEqual(
    loaded.filter((path) => path.includes('node_modules/')),
    [],
  );
  const does = loaded.filter((path) => /^packages\/cli\/src\/commands\/[^/]+\//.test(path));
  assert.deepEqual(does.toSorted(), [
    'packages/cli/src/commands/start-dev/options.ts',
    'packages/cli/src/commands/workflow/list.ts',
  ]);
  t.diagnostic(`perdure workflow list: ${loaded.length} modules, ${timeOf(['workflow', 'list'])}`);
});

// The examples of README.md, run as a reader would run them.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { TestServer } from './e2e/harness.ts';

const ROOT = new URL('..', import.meta.url).pathname;
const run = promisify(execFile);

/** The code blocks that are marked as files. */
function examples(): Map<string, string> {
  const text = readFileSync(join(ROOT, 'README.md'), 'utf8');
  const found = text.matchAll(/<!-- example: (\S+) -->\n```ts\n([\s\S]*?)```/g);
  return new Map([...found].map(([, name = '', code = '']) => [name, code]));
}

describe('README.md', () => {
  it('shows a worker and a client that run', async () => {
    const server = await TestServer.start();
    mkdirSync(join(ROOT, 'dist'), { recursive: true });
    // Inside the checkout, so that the packages of the examples resolve.
    const folder = mkdtempSync(join(ROOT, 'dist/readme-'));
    after(async () => {
      rmSync(folder, { recursive: true, force: true });
      await server.kill();
    });
    const files = examples();
    assert.deepEqual([...files.keys()], ['workflows.ts', 'main.ts']);
    for (const [name, code] of files)
      writeFileSync(join(folder, name), code.replace('new Client()', `new Client({ connection })`));
    const main = readFileSync(join(folder, 'main.ts'), 'utf8');
    // The example uses the default address; the test has a server of its own.
    const connect = `import { Connection } from '@temporalio/client';\nimport { NativeConnection } from '@temporalio/worker';
const connection = await Connection.connect({ address: '${server.address}' });
const native = await NativeConnection.connect({ address: '${server.address}' });\n`;
    writeFileSync(
      join(folder, 'main.ts'),
      connect + main.replace('Worker.create({', 'Worker.create({ connection: native,'),
    );
    const { stdout } = await run(process.execPath, [join(folder, 'main.ts')], { timeout: 60_000 });
    assert.match(stdout, /^charged 1$/m);
  });
});

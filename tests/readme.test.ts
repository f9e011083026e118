// The examples of README.md, run as a reader would run them.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { start } from './cli/command.ts';
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
    await tryCommandLine(server, join(folder, 'workflows.ts'));
  });
});

/** The commands of the README, one after the other, with a worker for the workflows of its example. */
async function tryCommandLine(server: TestServer, workflowsPath: string): Promise<void> {
  const text = readFileSync(join(ROOT, 'README.md'), 'utf8');
  const [, block = ''] = /<!-- example: command line -->\n```sh\n([\s\S]*?)```/.exec(text) ?? [];
  const lines = block.trim().split('\n');
  assert.ok(lines.length >= 10, 'the block of commands is there');
  Runtime.install({ logger: new DefaultLogger('ERROR', () => undefined), shutdownSignals: [] });
  const connection = await NativeConnection.connect({ address: server.address });
  const activities = { charge: (id: string) => Promise.resolve(`charged ${id}`) };
  const worker = await Worker.create({ connection, workflowsPath, activities, taskQueue: 'orders' });
  const printed = await worker.runUntil(() => printedBy(lines, server));
  await connection.close();
  assert.match(printed[0] ?? '', /Result +"?charged 2/);
  assert.match(printed[3] ?? '', /no workflow worker polls the task queue nobody/);
  assert.match(printed[4] ?? '', /,order-3,order,/);
}

async function printedBy(lines: readonly string[], server: TestServer): Promise<string[]> {
  const printed: string[] = [];
  for (const line of lines) {
    const [program, ...args] = wordsOf(line.replace(/ +# .*$/, '').replace(/^npx /, ''));
    assert.equal(program, 'perdure', line);
    const { exitCode, stdout, stderr } = await start(args, { env: { PERDURE_ADDRESS: server.address } }).ended;
    assert.equal(exitCode, 0, `${line}\n${stderr}`);
    printed.push(stdout);
  }
  return printed;
}

/** As the shell splits a line, as far as the examples go. */
function wordsOf(line: string): string[] {
  return Array.from(line.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g), ([, single, double, plain]) => {
    return single ?? double ?? plain ?? '';
  });
}

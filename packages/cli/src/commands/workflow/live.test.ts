// Commands that draw again and again, on a terminal that a test can read, against a server in this process.

import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import { after, before, test } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import { loadSchema } from '@perdure/api/json';
import { createConfig, type RunningServer, silentLogger, startServer } from '@perdure/server';
import { connectRpc } from '@perdure/server/rpc-client';
import { createMemoryStore } from '@perdure/store';
import { Client, type JsonObject } from '../../client/client.ts';
import type { Terminal } from '../../context.ts';
import { run } from '../../run.ts';

const NAMESPACE = 'default';

let server: RunningServer;
let client: Client;
before(async () => {
  server = await startServer({
    ...{ host: '127.0.0.1', port: 0, namespaces: [], config: createConfig({}), log: silentLogger },
    store: createMemoryStore(),
  });
  client = new Client({
    ...{ namespace: NAMESPACE, identity: 'test', metadata: {}, signal: new AbortController().signal },
    rpc: await connectRpc(server.address),
    schema: await loadSchema(),
  });
});

after(async () => {
  client.close();
  await server.close();
});

/** What a person sees on a terminal of 100 columns and 30 rows. */
class TestScreen extends EventEmitter {
  readonly isTTY = true;
  readonly columns = 100;
  readonly rows = 30;
  /** Of each time that something was written. */
  readonly written: string[] = [];

  write(part: string): boolean {
    this.written.push(part);
    this.emit('written');
    return true;
  }

  async shows(pattern: RegExp): Promise<void> {
    while (!this.written.some((part) => pattern.test(stripVTControlCharacters(part)))) await once(this, 'written');
  }

  /** The lines that are there now: those that were drawn over are not. */
  get lines(): string[] {
    const lines: string[] = [];
    for (const part of this.written) {
      // What moves the cursor up so many lines comes alone.
      const up = part.startsWith('\u001b[') ? Number.parseInt(part.slice(2), 10) : undefined;
      if (up !== undefined) lines.splice(lines.length - up);
      else lines.push(...stripVTControlCharacters(part).trimEnd().split('\n'));
    }
    return lines;
  }
}

function perdure(...args: string[]) {
  const screen = new TestScreen();
  const { host, port } = server.address;
  const env = { PERDURE_ADDRESS: `${host}:${port}`, NO_COLOR: '1' };
  const terminal = { stdin: process.stdin, stdout: screen, stderr: process.stderr, env } as unknown as Terminal;
  return { screen, ended: run(args, terminal) };
}

async function started(workflowId: string): Promise<void> {
  const request: JsonObject = {
    ...{ namespace: NAMESPACE, workflowId, requestId: workflowId },
    ...{ workflowType: { name: 'Order' }, taskQueue: { name: 'orders' } },
  };
  await client.call('StartWorkflowExecution', request);
}

async function terminated(workflowId: string): Promise<void> {
  const request = { namespace: NAMESPACE, workflowExecution: { workflowId }, reason: 'enough' };
  await client.call('TerminateWorkflowExecution', request);
}

test('trace draws over what it drew, until the run closes', async () => {
  await started('traced');
  const { screen, ended } = perdure('workflow', 'trace', 'traced');
  await screen.shows(/Running/);
  await terminated('traced');
  assert.equal(await ended, 0);
  assert.match(screen.lines[0] ?? '', /^Order traced .* Terminated$/);
  assert.equal(screen.lines.filter((line) => line.startsWith('Order traced')).length, 1, 'it is drawn once');
  assert.ok(screen.lines.every((line) => line.length <= screen.columns));
});

test('watch draws over what it drew, and ends with the result', async () => {
  await started('watched');
  const { screen, ended } = perdure('workflow', 'watch', 'watched', '--interval', '100ms');
  await screen.shows(/Order watched: Running.*\n.*no workflow worker polls|a workflow worker of orders/);
  await terminated('watched');
  assert.equal(await ended, 4);
  assert.equal(screen.lines.filter((line) => line.startsWith('Order watched')).length, 1, 'it is drawn once');
  assert.match(screen.lines.join('\n'), /Results:\n.*\n {2}Status +Terminated\n {2}Reason +enough/);
});

test('watch --query draws the counts of all', async () => {
  await started('counted');
  const { screen, ended } = perdure('workflow', 'watch', '--query', `WorkflowId = 'counted'`, '--interval', '100ms');
  await screen.shows(/Running 1/);
  await terminated('counted');
  assert.equal(await ended, 0);
  assert.deepEqual(screen.lines, [
    'Running 0  Completed 0  Failed 0  TimedOut 0  Canceled 0  Terminated 1  ContinuedAsNew 0',
  ]);
});

test('what is interrupted ends at once', async () => {
  await started('interrupted');
  const { screen, ended } = perdure('workflow', 'trace', 'interrupted', '--command-timeout', '300ms');
  await screen.shows(/Running/);
  assert.equal(await ended, 5);
});

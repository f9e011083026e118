// The examples of docs/, run as a reader would run them.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { promisify } from 'node:util';
import { Client, Connection } from '@temporalio/client';
import { atEnd, eventually, freePort, TestServer } from './e2e/harness.ts';

const ROOT = new URL('..', import.meta.url).pathname;
const run = promisify(execFile);

/** The code blocks of a page in a language. */
function blocks(page: string, language: string): string[] {
  const text = readFileSync(join(ROOT, 'docs', page), 'utf8');
  const found = text.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm);
  return [...found].filter(([, given]) => given === language).map(([, , code = '']) => code);
}

describe('docs/lists.md', () => {
  it('shows queries, and code, that the server takes', async () => {
    const attributes = ['City=Keyword', 'Amount=Double', 'my attribute=Keyword'];
    const server = await TestServer.start({ args: attributes.flatMap((given) => ['--search-attribute', given]) });
    atEnd(() => server.dispose());
    const connection = await Connection.connect({ address: server.address });
    atEnd(() => connection.close());
    const client = new Client({ connection });
    await client.workflow.start('order', {
      ...{ workflowId: 'order-1', taskQueue: 'orders' },
      searchAttributes: { City: ['Paris'], Amount: [5] },
    });
    const [queries = ''] = blocks('lists.md', '');
    const lines = queries.trim().split('\n');
    assert.equal(lines.length, 4);
    for (const query of lines) {
      if (query.includes('GROUP BY')) await client.workflow.count(query);
      else for await (const _ of client.workflow.list({ query }));
    }
    const [lists = '', batch = ''] = blocks('lists.md', 'ts');
    mkdirSync(join(ROOT, 'dist'), { recursive: true });
    const folder = mkdtempSync(join(ROOT, 'dist/docs-'));
    atEnd(async () => rmSync(folder, { recursive: true }));
    const shown = lists.replace('console.log(workflow)', 'shown.push(workflow.workflowId)');
    const module = `export default async (client) => { const shown = []; ${shown}${batch} return { shown, count, groups }; };`;
    writeFileSync(join(folder, 'example.mjs'), module);
    const { default: example } = (await import(join(folder, 'example.mjs'))) as {
      default: (client: Client) => Promise<{ shown: string[]; count: number; groups: unknown[] }>;
    };
    const { shown: listed, count, groups } = await example(client);
    assert.deepEqual([listed, count, groups.length], [['order-1'], 1, 1]);
    const { events = [] } = await eventually('the signal of the batch', async () => {
      const history = await client.workflow.getHandle('order-1').fetchHistory();
      return history.events?.some((event) => event.workflowExecutionSignaledEventAttributes) ? history : undefined;
    });
    const signals = events?.flatMap((event) => event.workflowExecutionSignaledEventAttributes?.signalName ?? []);
    assert.deepEqual(signals, ['move']);
  });
});

describe('docs/http-api.md', () => {
  it('shows commands that work', async () => {
    const port = await freePort();
    const server = await TestServer.start({ args: ['--http-port', String(port)] });
    atEnd(() => server.dispose());
    const [shown = ''] = blocks('http-api.md', 'sh');
    // Without a worker nobody answers the query.
    const lines = shown.split('\n').filter((line) => !line.includes('/query/'));
    const script = lines
      .join('\n')
      .replaceAll(':7243', `:${port}`)
      .replaceAll('curl ', 'curl --silent --fail-with-body ');
    const { stdout } = await run('sh', ['-e', '-c', script], { timeout: 60_000 });
    assert.match(stdout, /"runId"/);
    assert.match(stdout, /"count": ?"1"/);
    assert.match(stdout, /EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED/);
  });
});

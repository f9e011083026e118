// `perdure mcp` with the official client, over standard input and output and over HTTP, against a real server.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { after, before, test } from 'node:test';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { atEnd, sharedServer, unique } from '../e2e/harness.ts';
import { runWorker } from '../e2e/sdk/worker.ts';
import { MAIN, perdure } from './command.ts';

const taskQueue = unique('mcp');
let address: string;
let agent: Client;
before(async () => {
  const server = await sharedServer();
  address = server.address;
  await runWorker(address, taskQueue);
  agent = await connected();
});

async function connected(...args: string[]): Promise<Client> {
  const client = new Client({ name: 'test', version: '1' });
  const env = { PATH: process.env['PATH'] ?? '', HOME: '/nonexistent', PERDURE_ADDRESS: address };
  const command = [MAIN, 'mcp', ...args];
  await client.connect(new StdioClientTransport({ command: process.execPath, args: command, env }));
  atEnd(() => client.close());
  return client;
}

async function call(name: string, input: Record<string, unknown>, client = agent): Promise<string> {
  const { text: said, isError } = await answer(name, input, client);
  assert.equal(isError, false, `${name}: ${said}`);
  return said;
}

async function answer(name: string, input: Record<string, unknown>, client = agent) {
  const { content, isError = false } = await client.callTool({ name, arguments: input });
  const [first] = content;
  assert.equal(first?.type, 'text');
  return { text: first.text, isError };
}

async function toolNames(client: Client): Promise<string[]> {
  const { tools } = await client.listTools();
  return tools.map(({ name }) => name);
}

test('an agent starts a workflow, talks to it, and looks at what happened', async () => {
  const workflow_id = unique('agent');
  await call('workflow_start', { type: 'listen', task_queue: taskQueue, workflow_id });
  await call('workflow_signal', { workflow_id, name: 'go', arguments: ['hello'] });
  assert.match(await call('workflow_query', { workflow_id, name: 'heard' }), /\["hello"\]/);
  assert.match(await call('workflow_list', { query: `WorkflowId = '${workflow_id}'` }), /Running +agent-/);
  assert.match(await call('workflow_describe', { workflow_id }), /Status +Running/);
  assert.match(await call('workflow_why', { workflow_id }), /waits for/);
  const waiting = await answer('workflow_result', { workflow_id, wait_seconds: 1 });
  assert.deepEqual([waiting.isError, /not done within 1 s/.test(waiting.text)], [true, true]);
  await call('workflow_signal', { workflow_id, name: 'go', arguments: ['stop'] });
  assert.match(await call('workflow_result', { workflow_id }), /Completed[^]*\["hello","stop"\]/);
  const history = await call('workflow_history', { workflow_id, limit: 2 });
  assert.match(history, /^ID .*\n1 +.* WorkflowExecutionStarted .*\n2 .*\n\d+ more events from from_event 3 on$/);
  const signals = await call('workflow_history', { workflow_id, type: 'Signaled' });
  const [, eventId] = /^(\d+) .*WorkflowExecutionSignaled/m.exec(signals) ?? [];
  const event = JSON.parse(await call('workflow_event', { workflow_id, event_id: Number(eventId) })) as {
    workflowExecutionSignaledEventAttributes: { input: { payloads: unknown[] } };
  };
  assert.deepEqual(event.workflowExecutionSignaledEventAttributes.input.payloads, ['hello']);
  assert.match(await call('workflow_count', { query: `WorkflowId = '${workflow_id}'` }), /^Total: 1$/);
});

test('updates, and what ends workflows', async () => {
  const [one, two] = [unique('agent'), unique('agent')];
  for (const workflow_id of [one, two]) {
    await call('workflow_start', { type: 'account', task_queue: taskQueue, workflow_id });
  }
  assert.match(await call('workflow_update', { workflow_id: one, name: 'add', arguments: [5] }), /Result +5/);
  await call('workflow_cancel', { workflow_id: one, reason: 'test' });
  await call('workflow_terminate', { workflow_id: two, reason: 'test' });
  assert.match(await call('workflow_diff', { workflow_id: one, other_workflow_id: two }), /\S/);
  await call('workflow_reset', { workflow_id: two, reason: 'again', to: 'FirstWorkflowTask' });
  await call('workflow_terminate', { workflow_id: two, reason: 'test' });
  const failing = {
    type: 'fail',
    task_queue: taskQueue,
    workflow_id: unique('agent'),
    arguments: ['no funds', 'Card'],
  };
  await call('workflow_start', failing);
  const failed = await answer('workflow_result', { workflow_id: failing.workflow_id });
  assert.deepEqual([failed.isError, /Card: no funds/.test(failed.text)], [true, true]);
  assert.match(await call('failures', { since: '1h' }), /the reason/);
});

test('schedules and task queues', async () => {
  const schedule_id = unique('agent');
  const action = { type: 'listen', task_queue: taskQueue };
  await call('schedule_create', { schedule_id, interval: '24h', ...action });
  await call('schedule_pause', { schedule_id, reason: 'holiday' });
  assert.match(await call('schedule_describe', { schedule_id }), /[Pp]aused/);
  await call('schedule_unpause', { schedule_id, reason: 'back' });
  await call('schedule_trigger', { schedule_id });
  assert.match(await call('schedule_list', {}), new RegExp(schedule_id));
  await call('schedule_delete', { schedule_id });
  assert.match(await call('task_queue_describe', { task_queue: taskQueue }), /\S/);
});

test('errors are told to the agent, not thrown at it', async () => {
  const missing = await answer('workflow_describe', { workflow_id: 'nothing' });
  assert.equal(missing.isError, true);
  assert.match(missing.text, /^Error: .*not found/i);
  assert.equal((await answer('workflow_list', { query: 'nonsense = 1' })).isError, true);
  // A value that looks like an option is a value.
  assert.equal((await answer('workflow_describe', { workflow_id: '--help' })).isError, true);
});

test('answers are cut at the limit', async () => {
  const small = await connected('--max-bytes', '100');
  const workflow_id = unique('agent');
  await call('workflow_start', { type: 'account', task_queue: taskQueue, workflow_id, arguments: [] }, small).catch(
    (error: unknown) => assert.fail(String(error)),
  );
  const said = await call('workflow_describe', { workflow_id }, small);
  const [shown = '', note = ''] = said.split('\n… ');
  assert.equal(Buffer.byteLength(shown), 100);
  assert.match(note, /^\d+ more bytes are cut off/);
  await call('workflow_terminate', { workflow_id, reason: 'test' });
});

test('tools can be switched off', async () => {
  const all = await toolNames(agent);
  assert.equal(all.length, 24);
  const reading = await toolNames(await connected('--read-only'));
  assert.ok(reading.includes('workflow_why') && !reading.includes('workflow_start'));
  const harmless = await toolNames(await connected('--no-destructive'));
  assert.deepEqual(
    all.filter((name) => !harmless.includes(name)),
    ['workflow_cancel', 'workflow_terminate', 'workflow_reset', 'schedule_delete'],
  );
  assert.deepEqual(await toolNames(await connected('--tools', 'workflow_list')), ['workflow_list']);
  const unknown = await perdure(['mcp', '--tools', 'nothing']);
  assert.equal(unknown.exitCode, 2);
});

test('garbage on the input does not end it, and nothing but the protocol is printed', async () => {
  const child = spawn(process.execPath, [MAIN, 'mcp'], { stdio: ['pipe', 'pipe', 'pipe'] });
  const printed = text(child.stdout);
  child.stdin.write('garbage\n{"jsonrpc":"2.0"}\n');
  const clientInfo = { name: 't', version: '1' };
  const params = { protocolVersion: '2025-06-18', capabilities: {}, clientInfo };
  child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'initialize', params })}\n`);
  await once(child.stdout, 'data');
  child.stdin.end();
  const [exitCode] = (await once(child, 'exit')) as [number];
  assert.equal(exitCode, 0);
  const messages = (await printed).trim().split('\n');
  assert.ok(messages.map((line) => JSON.parse(line) as { id?: number }).some(({ id }) => id === 1));
});

test('it ends at once, and well, where there is no input', async () => {
  const child = spawn(process.execPath, [MAIN, 'mcp'], { stdio: ['ignore', 'ignore', 'pipe'] });
  const told = text(child.stderr);
  const [exitCode] = (await once(child, 'exit')) as [number];
  assert.deepEqual([exitCode, await told], [0, '']);
});

test('the same over HTTP, for those who may', async () => {
  const child = spawn(process.execPath, [MAIN, 'mcp', '--http', '--port', '0', '--token', 's3cret'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, PERDURE_ADDRESS: address },
  });
  after(() => child.kill('SIGKILL'));
  const [line] = (await once(child.stdout.setEncoding('utf8'), 'data')) as [string];
  const url = /http:\S+/.exec(line)?.[0] ?? '';
  const headers = { authorization: 'Bearer s3cret' };
  const client = new Client({ name: 'test', version: '1' });
  await client.connect(new StreamableHTTPClientTransport(new URL(url), { requestInit: { headers } }));
  assert.match(await call('workflow_count', {}, client), /^Total: \d+/);
  await client.close();
  const asked = async (more: Record<string, string>) => (await fetch(url, { method: 'POST', headers: more })).status;
  assert.equal(await asked({}), 401);
  assert.equal(await asked({ ...headers, origin: 'https://example.com' }), 403);
  child.kill('SIGINT');
  const [exitCode] = (await once(child, 'exit')) as [number];
  assert.equal(exitCode, 0);
});

test('over HTTP for everyone it wants a token', async () => {
  const { exitCode, stderr } = await perdure(['mcp', '--http', '--ip', '0.0.0.0']);
  assert.equal(exitCode, 2);
  assert.match(stderr, /--token must be given/);
});

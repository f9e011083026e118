// `perdure mcp` with the official client, over standard input and output, against a real server.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { before, test } from 'node:test';
import type { Client } from '@modelcontextprotocol/client';
import { sharedServer, unique } from '../e2e/harness.ts';
import { runWorker } from '../e2e/sdk/worker.ts';
import { type Answer, agentOf, answerOf, callOf, pageTokenIn } from './agent.ts';
import { MAIN, perdure } from './command.ts';
import { silentServer } from './stub.ts';

const taskQueue = unique('mcp');
let address: string;
let agent: Client;
before(async () => {
  const server = await sharedServer();
  address = server.address;
  await runWorker(address, taskQueue);
  agent = await connected();
});

const connected = (...args: string[]): Promise<Client> => agentOf(address, ...args);
const call = (name: string, input: Record<string, unknown>, client = agent): Promise<string> =>
  callOf(client, name, input);
const answer = (name: string, input: Record<string, unknown>, client = agent): Promise<Answer> =>
  answerOf(client, name, input);

async function toolNames(client: Client): Promise<string[]> {
  const { tools } = await client.listTools();
  return tools.map(({ name }) => name);
}

test('an agent starts a workflow, talks to it, and looks at what happened', async () => {
  const workflow_id = unique('agent');
  await call('workflow_start', { type: 'listen', task_queue: taskQueue, workflow_id });
  await call('workflow_signal', { workflow_id, name: 'go', arguments: ['hello'] });
  assert.match(await call('workflow_query', { workflow_id, name: 'heard' }), /^\["hello"\]$/);
  assert.match(await call('workflow_list', { query: `WorkflowId = '${workflow_id}'` }), /Running +agent-/);
  assert.match(await call('workflow_describe', { workflow_id }), /Status +Running/);
  assert.match(await call('workflow_why', { workflow_id }), /waits for/);
  assert.match(
    await call('workflow_result', { workflow_id, wait_seconds: 1 }),
    /^Still open after 1 s\. workflow_why /,
  );
  await call('workflow_signal', { workflow_id, name: 'go', arguments: ['stop'] });
  const result = '{"status":"Completed","result":["hello","stop"]}';
  assert.equal(await call('workflow_result', { workflow_id }), result);
  assert.equal(await call('workflow_result', { workflow_id, path: '/result/1', from: 2 }), '"op"');
  assert.match(await call('workflow_count', { query: `WorkflowId = '${workflow_id}'` }), /^Total: 1$/);
});

test('updates, and what ends workflows', async () => {
  const [one, two] = [unique('agent'), unique('agent')];
  for (const workflow_id of [one, two]) {
    await call('workflow_start', { type: 'account', task_queue: taskQueue, workflow_id });
  }
  assert.match(
    await call('workflow_update', { workflow_id: one, name: 'add', arguments: [5] }),
    /"stage":"Completed","result":5\}$/,
  );
  await call('workflow_cancel', { workflow_id: one, reason: 'test' });
  await call('workflow_terminate', { workflow_id: two, reason: 'test' });
  assert.match(await call('workflow_diff', { workflow_id: one, other_workflow_id: two }), /\S/);
  await call('workflow_reset', { workflow_id: two, reason: 'again', to: 'FirstWorkflowTask' });
  await call('workflow_terminate', { workflow_id: two, reason: 'test' });
  const activities = { type: 'manyActivities', task_queue: taskQueue, workflow_id: unique('agent'), arguments: [5] };
  await call('workflow_execute', activities);
  const end = await call('workflow_history', { workflow_id: activities.workflow_id, newest_first: true, limit: 8 });
  assert.match(end, /ActivityTaskCompleted +of event \d+, result 3 B/);
  const failing = {
    type: 'fail',
    task_queue: taskQueue,
    workflow_id: unique('agent'),
    arguments: ['no funds', 'Card'],
  };
  await call('workflow_start', failing);
  const failed = await call('workflow_result', { workflow_id: failing.workflow_id });
  assert.match(failed, /^\{"status":"Failed","failure":\{"message":"no funds",/);
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

test('waiting for an update or an execution ends in time, and what was begun can be asked for again', async () => {
  const workflow_id = unique('agent');
  const start = { type: 'neverAnswers', task_queue: taskQueue, workflow_id };
  assert.match(
    await call('workflow_execute', { ...start, wait_seconds: 1 }),
    /^Started agent-.*\nStill open after 1 s/,
  );
  const update = { workflow_id, name: 'add', arguments: [1], wait_seconds: 1 };
  const unanswered = await call('workflow_update', update);
  const [, update_id] =
    /^No answer after 1 s;.* workflow_update_result with update_id "([^"]+)"/.exec(unanswered) ?? [];
  assert.match(
    await call('workflow_update_result', { workflow_id, update_id, wait_seconds: 1 }),
    /^No answer after 1 s;/,
  );
  await call('workflow_terminate', { workflow_id, reason: 'test' });
  const quick = { type: 'fail', task_queue: taskQueue, arguments: ['no funds', 'Card'] };
  assert.match(
    await call('workflow_execute', quick),
    /^Started .*\n\{"status":"Failed","failure":\{"message":"no funds"/,
  );
});

test('a request that is taken back ends its call', async () => {
  for (const [method, name, input] of [
    [
      'GetWorkflowExecutionHistory',
      'workflow_result',
      { workflow_id: 'OrderId', run_id: randomUUID(), wait_seconds: 50 },
    ],
    ['UpdateWorkflowExecution', 'workflow_update', { workflow_id: 'OrderId', name: 'pay', wait_seconds: 50 }],
    ['ListWorkflowExecutions', 'workflow_list', {}],
  ] as const) {
    const silent = await silentServer(method);
    const client = await agentOf(silent.address);
    const taken = new AbortController();
    const waiting = client.callTool({ name, arguments: input }, { signal: taken.signal });
    await silent.called;
    taken.abort();
    await assert.rejects(waiting);
    await silent.givenUp;
  }
});

test('lists go on by page tokens, also where a page does not fit', async () => {
  const task_queue = unique('nobody');
  for (let index = 0; index < 15; index++) {
    await call('workflow_start', { type: 'listen', task_queue, workflow_id: unique('page') });
  }
  const query = `TaskQueue = '${task_queue}'`;
  for (const [client, limit, pageMax] of [
    [agent, 6, 6],
    [await connected('--max-bytes', '1000'), 100, 9],
  ] as const) {
    const seen = new Set<string>();
    let page_token: string | undefined;
    do {
      const page = await call('workflow_list', { query, limit, page_token }, client);
      assert.ok(Buffer.byteLength(page) <= 1000);
      const ids = [...page.matchAll(/^Running +(page-\S+) +[\da-f-]{36} +listen +20\S+Z$/gm)].map(([, id = '']) => id);
      assert.ok(ids.length <= pageMax);
      for (const id of ids) seen.add(id);
      page_token = pageTokenIn(page);
    } while (page_token !== undefined);
    assert.equal(seen.size, 15);
  }
  assert.match(await call('workflow_list', { query: `WorkflowId = 'nothing'` }), /^No workflow matches/);
  const wrong = await answer('workflow_list', { query, page_token: 'bm9uc2Vuc2U=' });
  assert.deepEqual([wrong.isError, /Leave page_token out/.test(wrong.text)], [true, true]);
  assert.equal((await answer('workflow_list', { limit: 101 })).isError, true);
});

test('errors are told to the agent, with what to do next', async () => {
  const missing = await answer('workflow_describe', { workflow_id: 'nothing' });
  assert.equal(missing.isError, true);
  assert.match(missing.text, /^Error \(NOT_FOUND\): .*not found.*\nworkflow_list finds ids/i);
  const wrong = await answer('workflow_list', { query: 'nonsense = 1' });
  assert.match(wrong.text, /^Error \(INVALID_ARGUMENT\): .*\nExample of a query: /);
  // A value that looks like an option is a value.
  assert.equal((await answer('workflow_describe', { workflow_id: '--help' })).isError, true);
  const start = { type: 'listen', task_queue: taskQueue, workflow_id: unique('agent') };
  await call('workflow_start', start);
  assert.match((await answer('workflow_start', start)).text, /^Error \(ALREADY_EXISTS\): .*\n.* workflow_describe/);
  await call('workflow_terminate', { workflow_id: start.workflow_id, reason: 'test' });
  const nowhere = await answer('workflow_reset', { workflow_id: start.workflow_id, reason: 'test' });
  assert.match(nowhere.text, /^Error \(USAGE\): either to or event_id must be given$/);
  const closed = await answer('workflow_signal', { workflow_id: start.workflow_id, name: 'go' });
  assert.match(closed.text, /^Error \(NOT_FOUND\): .*\nThe workflow is closed.* workflow_result /);
  assert.match((await answer('schedule_describe', { schedule_id: 'nothing' })).text, /\nschedule_list shows/);
  // A parameter that there is not would be forgotten silently.
  assert.equal((await answer('workflow_history', { workflow_id: 'nothing', from_event: 3 })).isError, true);
});

test('that the server is away is told, with what to do', async () => {
  const away = await agentOf('127.0.0.1:1');
  assert.match(
    (await answer('workflow_count', {}, away)).text,
    /^Error \(UNAVAILABLE\): .*\nThe server cannot be reached/,
  );
});

test('tools can be switched off', async () => {
  const all = await toolNames(agent);
  assert.equal(all.length, 26);
  const reading = await toolNames(await connected('--read-only'));
  assert.ok(reading.includes('workflow_why') && !reading.includes('workflow_start'));
  const harmless = await toolNames(await connected('--no-destructive'));
  assert.deepEqual(
    all.filter((name) => !harmless.includes(name)),
    ['workflow_cancel', 'workflow_terminate', 'workflow_reset', 'schedule_delete'],
  );
  assert.deepEqual(await toolNames(await connected('--tools', 'workflow_list')), ['workflow_list']);
  for (const wrong of [
    ['--tools', 'nothing'],
    ['--max-bytes', '999'],
  ]) {
    const { exitCode } = await perdure(['mcp', ...wrong]);
    assert.equal(exitCode, 2, wrong.join(' '));
  }
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

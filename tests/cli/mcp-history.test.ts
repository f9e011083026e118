// How the agents' tools read histories: in pages of the server, from either end, and no more than is asked for.

import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import type { Client } from '@modelcontextprotocol/client';
import { sharedServer, unique } from '../e2e/harness.ts';
import { agentOf, answerOf, callOf, pageTokenIn } from './agent.ts';
import { base64, stubServer } from './stub.ts';

const workflow_id = unique('history');
const SIGNALS = 30;
/** Started, the first workflow task, and the signals: no worker runs. */
const EVENTS = 2 + SIGNALS;
let address: string;
let agent: Client;
before(async () => {
  const server = await sharedServer();
  address = server.address;
  agent = await agentOf(address);
  await callOf(agent, 'workflow_start', { type: 'listen', task_queue: unique('nobody'), workflow_id });
  for (let index = 1; index <= SIGNALS; index++) {
    await callOf(agent, 'workflow_signal', {
      workflow_id,
      name: index % 10 === 0 ? 'tenth' : 'go',
      arguments: [index],
    });
  }
});

interface Read {
  readonly pages: readonly string[];
  readonly ids: readonly number[];
}

async function readAll(client: Client, input: Record<string, unknown>): Promise<Read> {
  const pages: string[] = [];
  let page_token: string | undefined;
  do {
    const page = await callOf(client, 'workflow_history', { workflow_id, ...input, page_token });
    pages.push(page);
    page_token = pageTokenIn(page);
  } while (page_token !== undefined);
  const ids = pages.flatMap((page) => [...page.matchAll(/^(\d+) /gm)].map(([, id]) => Number(id)));
  return { pages, ids };
}

const all = Array.from({ length: EVENTS }, (_, index) => index + 1);

test('pages show every event once, from either end', async () => {
  const forward = await readAll(agent, { limit: 10 });
  assert.deepEqual(forward.ids, all);
  assert.equal(forward.pages.length, 4);
  assert.match(forward.pages[0] ?? '', /^Run [\da-f-]{36}, Running, 32 events\nID +Time +Type +Detail\n1 +20\S+Z +\w+/);
  const backward = await readAll(agent, { limit: 10, newest_first: true });
  assert.deepEqual(backward.ids, all.toReversed());
  // As many as there are fit into one page.
  assert.equal((await readAll(agent, { limit: EVENTS })).pages.length, 1);
  assert.equal((await readAll(agent, { limit: EVENTS - 1 })).pages.length, 2);
});

test('only events of some types, by a part of their names', async () => {
  const { ids, pages } = await readAll(agent, { types: ['signaled'], limit: 7, newest_first: true });
  assert.deepEqual(ids, all.slice(2).toReversed());
  assert.equal(pages.length, 5);
  assert.deepEqual((await readAll(agent, { types: ['TaskScheduled', 'ExecutionStarted'] })).ids, [1, 2]);
  assert.match(await callOf(agent, 'workflow_history', { workflow_id, types: ['Timer'] }), /\nNo such events\.$/);
  const unknown = await answerOf(agent, 'workflow_history', { workflow_id, types: ['Nonsense'] });
  assert.deepEqual([unknown.isError, /they are: WorkflowExecutionStarted, /.test(unknown.text)], [true, true]);
});

test('what does not fit is on the next page', async () => {
  const small = await agentOf(address, '--max-bytes', '1000');
  for (const newest_first of [false, true]) {
    const { ids, pages } = await readAll(small, { limit: 100, newest_first });
    assert.deepEqual(ids, newest_first ? all.toReversed() : all);
    assert.ok(pages.length > 2);
    assert.ok(pages.every((page) => Buffer.byteLength(page) <= 1000));
  }
});

test('pages stay with their run, also when there is a newer one', async () => {
  const again = { workflow_id: unique('history') };
  const start = { ...again, type: 'listen', task_queue: unique('nobody') };
  await callOf(agent, 'workflow_start', start);
  const page_token = pageTokenIn(await callOf(agent, 'workflow_history', { ...again, limit: 1 }));
  await callOf(agent, 'workflow_terminate', { ...again, reason: 'of the old run' });
  await callOf(agent, 'workflow_start', start);
  const rest = await callOf(agent, 'workflow_history', { ...again, page_token });
  assert.match(rest, /\n2 .*\n3 .* WorkflowExecutionTerminated +of the old run/);
  const elsewhere = await answerOf(agent, 'workflow_history', { workflow_id, page_token });
  assert.equal(elsewhere.isError, true);
  const garbage = await answerOf(agent, 'workflow_history', { workflow_id, page_token: 'garbage' });
  assert.match(garbage.text, /^Error \(USAGE\): page_token is not one that workflow_history gave/);
});

test('one event, with its payloads as values, in parts if it is large', async () => {
  for (const event_id of [3, EVENTS]) {
    const event = JSON.parse(await callOf(agent, 'workflow_event', { workflow_id, event_id })) as {
      eventId: string;
      workflowExecutionSignaledEventAttributes: { input: unknown };
    };
    assert.equal(event.eventId, String(event_id));
    assert.deepEqual(event.workflowExecutionSignaledEventAttributes.input, [event_id - 2]);
  }
  const beyond = await answerOf(agent, 'workflow_event', { workflow_id, event_id: EVENTS + 1 });
  assert.match(beyond.text, /there is no event 33: the last one is 32/);
  const id = unique('history');
  const lines = Array.from({ length: 3000 }, (_, index) => ({ index, text: 'é"' }));
  await callOf(agent, 'workflow_start', { type: 'listen', task_queue: 'nobody', workflow_id: id, arguments: [lines] });
  const seen: unknown[] = [];
  let part = { path: '/workflowExecutionStartedEventAttributes/input/0', from: 0 };
  for (;;) {
    const answer = await callOf(agent, 'workflow_event', { workflow_id: id, event_id: 1, ...part });
    assert.ok(Buffer.byteLength(answer) <= 20_000);
    const shown = JSON.parse(answer) as unknown[] | { next: string; value: unknown[] };
    seen.push(...(Array.isArray(shown) ? shown : shown.value));
    if (Array.isArray(shown)) break;
    const [, path = '', from] = /^Call workflow_event again with path "(.*)" and from (\d+)\.$/.exec(shown.next) ?? [];
    part = { path, from: Number(from) };
  }
  assert.deepEqual(seen, lines);
});

/** A history of 1,000 events, of which a page holds 256. */
async function longHistory() {
  const [last, pageMax] = [1000, 256];
  const page = (step: 1 | -1) => (request: Readonly<Record<string, unknown>>) => {
    const { maximumPageSize, nextPageToken } = request as { maximumPageSize: number; nextPageToken?: string };
    const from = Number(Buffer.from(nextPageToken ?? '', 'base64').toString() || (step === 1 ? 1 : last));
    const count = Math.min(maximumPageSize, pageMax, step === 1 ? last + 1 - from : from);
    const events = Array.from({ length: count }, (_, index) => {
      return { eventId: String(from + index * step), eventType: 'EVENT_TYPE_WORKFLOW_TASK_SCHEDULED' };
    });
    const next = from + count * step;
    return { history: { events }, ...(next >= 1 && next <= last ? { nextPageToken: base64(String(next)) } : {}) };
  };
  const execution = { workflowId: 'OrderId', runId: 'RunId' };
  const stub = await stubServer({
    DescribeWorkflowExecution: { workflowExecutionInfo: { execution, historyLength: String(last) } },
    GetWorkflowExecutionHistory: page(1),
    GetWorkflowExecutionHistoryReverse: page(-1),
  });
  return { stub, client: await agentOf(stub.address) };
}

test('no more pages are read than needed', async () => {
  const { stub, client } = await longHistory();
  const reads = () =>
    stub.asked().map(({ method, request }) => `${method} ${(request['maximumPageSize'] as number | undefined) ?? ''}`);
  const first = await callOf(client, 'workflow_history', { workflow_id: 'OrderId', limit: 50 });
  assert.deepEqual(reads(), ['DescribeWorkflowExecution ', 'GetWorkflowExecutionHistory 50']);
  const page_token = pageTokenIn(first);
  const second = await callOf(client, 'workflow_history', { workflow_id: 'OrderId', limit: 50, page_token });
  assert.match(second, /^ID .*\n51 /);
  assert.deepEqual(reads(), ['GetWorkflowExecutionHistory 50']);
  for (const [event_id, expected] of [
    [1, ['GetWorkflowExecutionHistory 1']],
    [256, ['GetWorkflowExecutionHistory 256']],
    [257, ['GetWorkflowExecutionHistory 257', 'GetWorkflowExecutionHistory 257']],
    [500, ['GetWorkflowExecutionHistory 500', 'GetWorkflowExecutionHistory 500']],
    [501, ['GetWorkflowExecutionHistoryReverse 500', 'GetWorkflowExecutionHistoryReverse 500']],
    [745, ['GetWorkflowExecutionHistoryReverse 256']],
    [1000, ['GetWorkflowExecutionHistoryReverse 1']],
    [1001, []],
  ] as const) {
    const { text } = await answerOf(client, 'workflow_event', { workflow_id: 'OrderId', event_id });
    assert.match(text, event_id > 1000 ? /^Error \(NOT_FOUND\)/ : new RegExp(`"eventId":"${event_id}"`));
    assert.deepEqual(reads(), ['DescribeWorkflowExecution ', ...expected]);
  }
});

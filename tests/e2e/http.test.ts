// The HTTP API of a real server, with nothing but fetch: the life of a workflow whose worker is the official SDK's.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { before, describe, it } from 'node:test';
import { atEnd, eventually, freePort, TestServer, unique } from './harness.ts';
import { runWorker } from './sdk/worker.ts';

let server: TestServer;
let base: string;
let taskQueue: string;

before(async () => {
  const port = await freePort();
  const args = [
    '--http-port',
    String(port),
    '--dynamic-config-value',
    'frontend.httpAllowedOrigins=["https://ui.example.com"]',
  ];
  server = await TestServer.start({ args });
  atEnd(() => server.dispose());
  base = `http://127.0.0.1:${port}`;
  taskQueue = unique('http');
  await runWorker(server.address, taskQueue);
});

// The fields of responses that these tests look at.
interface Event {
  readonly eventType: string;
  readonly workflowExecutionSignaledEventAttributes?: { readonly input: unknown };
  readonly workflowExecutionCompletedEventAttributes?: { readonly result: unknown };
}
interface Body {
  readonly code?: number;
  readonly message?: string;
  readonly runId?: string;
  readonly history?: { readonly events?: readonly Event[] };
  readonly nextPageToken?: string;
  readonly queryResult?: unknown;
  readonly workflowExecutionInfo?: { readonly status: string };
  readonly executions?: readonly { readonly execution: { readonly workflowId: string } }[];
  readonly count?: string;
  readonly details?: readonly { readonly '@type': string; readonly runId?: string }[];
  readonly outcome?: { readonly success: unknown };
}

async function call(verb: 'GET' | 'POST', path: string, body?: unknown): Promise<{ status: number; body: Body }> {
  const sent = body === undefined ? {} : { body: JSON.stringify(body) };
  const response = await fetch(`${base}${path}`, { method: verb, ...sent });
  return { status: response.status, body: (await response.json()) as Body };
}

async function ok(verb: 'GET' | 'POST', path: string, body?: unknown): Promise<Body> {
  const answer = await call(verb, path, body);
  assert.equal(answer.status, 200, JSON.stringify(answer.body));
  return answer.body;
}

function pathOf(workflowId: string): string {
  return `/api/v1/namespaces/default/workflows/${encodeURIComponent(workflowId)}`;
}

async function start(
  type: string,
  input: readonly unknown[] = [],
): Promise<{ workflowId: string; path: string; runId: string }> {
  const workflowId = unique('http/workflow');
  const { runId = '' } = await ok('POST', pathOf(workflowId), {
    workflowType: { name: type },
    taskQueue: { name: taskQueue },
    input,
  });
  assert.match(runId, /^[0-9a-f-]{36}$/);
  return { workflowId, path: pathOf(workflowId), runId };
}

/** Follows the history to its end by long polls. */
async function follow(path: string): Promise<Event[]> {
  const events: Event[] = [];
  let nextPageToken: string | undefined = '';
  while (nextPageToken !== undefined) {
    const query: string = new URLSearchParams({ waitNewEvent: 'true', nextPageToken }).toString();
    const page: Body = await ok('GET', `${path}/history?${query}`);
    events.push(...(page.history?.events ?? []));
    nextPageToken = page.nextPageToken;
  }
  return events;
}

describe('the HTTP API', () => {
  it('starts, signals, queries, and follows a workflow to its end', async () => {
    const { path } = await start('listen');
    const following = follow(path);
    await ok('POST', `${path}/signal/go`, { input: ['Ada'] });
    const query = await eventually('the signal is handled', async () => {
      const { queryResult } = await ok('POST', `${path}/query/heard`, { query: {} });
      return JSON.stringify(queryResult).includes('Ada') ? queryResult : undefined;
    });
    assert.deepEqual(query, [['Ada']]);
    await ok('POST', `${path}/signal/go`, { input: ['stop'] });
    const events = await following;
    assert.equal(events[0]?.eventType, 'EVENT_TYPE_WORKFLOW_EXECUTION_STARTED');
    const signal = events.find((event) => event.workflowExecutionSignaledEventAttributes);
    assert.deepEqual(signal?.workflowExecutionSignaledEventAttributes?.input, ['Ada']);
    assert.deepEqual(events.at(-1)?.workflowExecutionCompletedEventAttributes?.result, [['Ada', 'stop']]);
  });

  it('describes, lists, counts, and terminates', async () => {
    const { workflowId, path, runId } = await start('listen');
    const status = async () => (await ok('GET', `${path}?execution.runId=${runId}`)).workflowExecutionInfo?.status;
    assert.equal(await status(), 'WORKFLOW_EXECUTION_STATUS_RUNNING');
    const query = new URLSearchParams({ query: `WorkflowId = '${workflowId}'` }).toString();
    const { executions } = await ok('GET', `/namespaces/default/workflows?${query}`);
    assert.deepEqual(
      executions?.map(({ execution }) => execution.workflowId),
      [workflowId],
    );
    assert.equal((await ok('GET', `/namespaces/default/workflow-count?${query}`)).count, '1');
    assert.deepEqual(await ok('POST', `${path}/terminate`, { reason: 'enough', details: [{ code: 7 }] }), {});
    assert.equal(await status(), 'WORKFLOW_EXECUTION_STATUS_TERMINATED');
    const reverse = await ok('GET', `${path}/history-reverse?maximumPageSize=1`);
    assert.equal(reverse.history?.events?.[0]?.eventType, 'EVENT_TYPE_WORKFLOW_EXECUTION_TERMINATED');
  });

  it('shows errors as gRPC does, with the details that clients branch on', async () => {
    const { workflowId, runId } = await start('listen');
    const again = { workflowType: { name: 'listen' }, taskQueue: { name: taskQueue }, requestId: 'another' };
    const running = await call('POST', pathOf(workflowId), again);
    assert.deepEqual([running.status, running.body.code], [409, 6]);
    assert.equal(running.body.details?.[0]?.runId, runId);
    const missing = await call('GET', '/namespaces/nowhere/workflows');
    assert.deepEqual([missing.status, missing.body.message], [404, 'Namespace nowhere is not found.']);
    const unnamed = await call('POST', pathOf('x'), { taskQueue: { name: taskQueue } });
    assert.deepEqual([unnamed.status, unnamed.body.code], [400, 3]);
    const unbuilt = await call('GET', '/namespaces/default/workers');
    assert.deepEqual([unbuilt.status, unbuilt.body.code], [501, 12]);
    await ok('POST', `${pathOf(workflowId)}/terminate`, {});
  });

  it('ends a wait for history when its client goes, and serves the next one', async () => {
    const { path } = await start('listen');
    const { nextPageToken = '' } = await ok('GET', `${path}/history?waitNewEvent=true`);
    const abort = new AbortController();
    const query = new URLSearchParams({ waitNewEvent: 'true', nextPageToken }).toString();
    const waiting = fetch(`${base}${path}/history?${query}`, { signal: abort.signal });
    await ok('GET', path);
    abort.abort();
    await assert.rejects(waiting, { name: 'AbortError' });
    await ok('POST', `${path}/terminate`, {});
    assert.equal((await follow(path)).at(-1)?.eventType, 'EVENT_TYPE_WORKFLOW_EXECUTION_TERMINATED');
  });

  it('lets in the pages that the operator has named', async () => {
    const ask = (origin: string) => fetch(`${base}/cluster`, { headers: { origin } });
    const allowed = await ask('https://ui.example.com');
    assert.deepEqual(
      [allowed.status, allowed.headers.get('access-control-allow-origin')],
      [200, 'https://ui.example.com'],
    );
    assert.equal((await ask('https://elsewhere.example.com')).status, 403);
  });

  it('does not keep a server from stopping while clients are connected', async () => {
    const port = await freePort();
    const other = await TestServer.start({ args: ['--http-port', String(port)] });
    const idle = connect(port, '127.0.0.1');
    await once(idle, 'connect');
    idle.write('GET /system-info HTTP/1.1\r\nHost: x\r\n\r\n');
    await once(idle, 'data');
    const signalledAt = performance.now();
    await other.kill('SIGTERM');
    // Far below the time for which an idle connection may stay open.
    assert.ok(performance.now() - signalledAt < 20_000);
    idle.destroy();
    await other.dispose();
  });
});

// What the Web UI has beyond the HTTP API, on a real server that is stopped and killed meanwhile: live pages, read with
// fetch as a browser reads server-sent events, and saved views.

import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { atEnd, eventually, freePort, TestServer, unique } from './harness.ts';

let server: TestServer;
let base: string;

before(async () => {
  const port = await freePort();
  server = await TestServer.start({ onFile: true, args: ['--headless=false', '--ui-port', String(port)] });
  atEnd(() => server.dispose());
  base = `http://127.0.0.1:${port}`;
});

interface Live {
  /** Ids of the events that have come, in order. */
  readonly eventIds: number[];
  lastId: string;
  /** Resolves when the stream has ended, however. */
  readonly ended: Promise<void>;
}

async function watch(workflowId: string, lastId = ''): Promise<Live> {
  const headers: Record<string, string> = lastId === '' ? {} : { 'last-event-id': lastId };
  const response = await fetch(`${base}/ui-api/v1/namespaces/default/live?run=${workflowId}&query=`, { headers });
  assert.equal(response.status, 200, await (response.ok ? '' : response.text()));
  const { body } = response;
  assert.ok(body);
  const live = { eventIds: [] as number[], lastId };
  const ended = (async () => {
    let text = '';
    const decoder = new TextDecoder();
    for await (const chunk of body as AsyncIterable<Uint8Array>) {
      text += decoder.decode(chunk, { stream: true });
      const blocks = text.split('\n\n');
      text = blocks.pop() ?? '';
      for (const block of blocks) note(live, block);
    }
  })().catch((error: unknown) => {
    // A killed server says no goodbye.
    assert.equal(error instanceof TypeError, true, String(error));
  });
  return Object.assign(live, { ended });
}

function note(live: Pick<Live, 'eventIds' | 'lastId'>, block: string): void {
  const [, id, data] = /^id: (.*)\nevent: history\ndata: (.*)$/.exec(block) ?? [];
  if (id === undefined || data === undefined) return;
  live.lastId = id;
  const { events } = JSON.parse(data) as { events: { eventId: string }[] };
  live.eventIds.push(...events.map(({ eventId }) => Number(eventId)));
}

async function post(path: string, body: unknown): Promise<boolean> {
  const url = `${base}/api/v1/namespaces/default/workflows/${path}`;
  const response = await fetch(url, { method: 'POST', body: JSON.stringify(body) }).catch(() => {
    // The server was killed: what it may have done, the stream tells.
    return undefined;
  });
  return response?.ok === true;
}

async function startWorkflow(): Promise<string> {
  const id = unique('live');
  assert.ok(await post(id, { workflowType: { name: 'order' }, taskQueue: { name: 'nobody' } }));
  return id;
}

const until = (live: Live, count: number) =>
  eventually(`${count} events`, async () => (live.eventIds.length >= count ? live : undefined));

describe('a live page', () => {
  it('shows every event once, though the server is killed and started again', async () => {
    const id = await startWorkflow();
    let live = await watch(id);
    const seen: number[] = [];
    for (let round = 0; round < 3; round++) {
      await Promise.all(Array.from({ length: 20 }, () => post(`${id}/signal/s`, {})));
      await until(live, 5);
      await server.kill();
      await live.ended;
      seen.push(...live.eventIds);
      await server.launch();
      live = await watch(id, live.lastId);
    }
    assert.ok(await post(`${id}/terminate`, {}));
    const response = await fetch(`${base}/api/v1/namespaces/default/workflows/${id}`);
    const { workflowExecutionInfo } = (await response.json()) as { workflowExecutionInfo: { historyLength: string } };
    const length = Number(workflowExecutionInfo.historyLength);
    await until(live, length - seen.length);
    seen.push(...live.eventIds);
    const all = Array.from({ length }, (_, at) => at + 1);
    assert.deepEqual(seen, all);
  });

  it('does not keep a server from stopping', async () => {
    const lives = await Promise.all(Array.from({ length: 5 }, async () => watch(await startWorkflow())));
    await Promise.all(lives.map((live) => until(live, 2)));
    const startedMs = performance.now();
    await server.kill('SIGTERM');
    await Promise.all(lives.map(({ ended }) => ended));
    assert.ok(performance.now() - startedMs < 2000);
    await server.launch();
  });
});

describe('a saved view', () => {
  it('outlives the server that has answered', async () => {
    const url = `${base}/ui-api/v1/namespaces/default/views/mine`;
    const made = await fetch(url, { method: 'PUT', body: JSON.stringify({ query: "WorkflowType = 'order'" }) });
    assert.equal(made.status, 201);
    await server.kill();
    await server.launch();
    assert.deepEqual(await (await fetch(url)).json(), await made.json());
  });
});

// Whole histories in one answer, of a server in this process.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startSite } from '../testing/site.ts';

/** So small that a history takes many pages. */
const PAGE = 4;
const site = await startSite({ config: { namespaces: { historyPageSizeMax: PAGE } } });
const API = '/api/v1/namespaces/default/workflows';
let made = 0;

interface Line {
  readonly events?: readonly { readonly eventId: string }[];
  readonly isEnd?: boolean;
}

async function post(path: string, body: unknown): Promise<Record<string, unknown>> {
  const { status, body: text } = await site.get(path, {}, 'POST', JSON.stringify(body));
  assert.equal(status, 200, text);
  return JSON.parse(text) as Record<string, unknown>;
}

/** A run of two events and as many signals. */
async function runWith(signals: number): Promise<{ readonly id: string; readonly path: string }> {
  const id = `long/${++made}`;
  const started = await post(`${API}/${encodeURIComponent(id)}`, {
    ...{ workflowType: { name: 'order' }, taskQueue: { name: 'q' } },
  });
  for (let sent = 0; sent < signals; sent++) {
    await post(`${API}/${encodeURIComponent(id)}/signal/s`, { input: [{ sent }] });
  }
  const path = `/ui-api/v1/namespaces/default/workflows/${encodeURIComponent(id)}/runs/${String(started['runId'])}/history`;
  return { id, path };
}

async function linesOf(path: string): Promise<readonly Line[]> {
  const { status, headers, body } = await site.get(path);
  assert.equal(status, 200, body);
  assert.equal(headers['content-type'], 'application/x-ndjson; charset=utf-8');
  assert.ok(body.endsWith('\n'));
  return body
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);
}

const idsOf = (lines: readonly Line[]) =>
  lines.flatMap(({ events = [] }) => events.map(({ eventId }) => Number(eventId)));

test('all events come in one answer, in order, each once, and are those of the HTTP API', async () => {
  const { id, path } = await runWith(11);
  const lines = await linesOf(`${path}?noPayloadShorthand`);
  assert.equal(lines.length, Math.ceil(13 / PAGE) + 1);
  assert.deepEqual(lines.at(-1), { isEnd: false });
  const events = lines.flatMap(({ events: some = [] }) => some);
  assert.deepEqual(
    idsOf(lines),
    Array.from({ length: 13 }, (_, i) => i + 1),
  );
  const asked = `${API}/${encodeURIComponent(id)}/history?noPayloadShorthand&nextPageToken=`;
  const shown: unknown[] = [];
  for (let token = ''; ; ) {
    const page = JSON.parse((await site.get(asked + encodeURIComponent(token))).body) as {
      readonly history: { readonly events: readonly unknown[] };
      readonly nextPageToken?: string;
    };
    shown.push(...page.history.events);
    token = page.nextPageToken ?? '';
    if (token === '') break;
  }
  assert.deepEqual(events, shown);
});

test('a page that has some events asks for those behind them; the end of a closed run is said', async () => {
  const { id, path } = await runWith(3);
  assert.deepEqual(idsOf(await linesOf(`${path}?after=2`)), [3, 4, 5]);
  assert.deepEqual(await linesOf(`${path}?after=5`), [{ isEnd: false }]);
  await post(`${API}/${encodeURIComponent(id)}/terminate`, {});
  const lines = await linesOf(`${path}?after=5`);
  assert.deepEqual([idsOf(lines), lines.at(-1)], [[6], { isEnd: true }]);
  assert.deepEqual(await linesOf(`${path}?after=6`), [{ isEnd: true }]);
});

test('what cannot be answered is said by the status', async () => {
  const { path } = await runWith(0);
  for (const [asked, status] of [
    [`${path}?after=3`, 400],
    [`${path}?after=x`, 400],
    [`${path}?after=-1`, 400],
    [path.replace('/namespaces/default/', '/namespaces/nowhere/'), 404],
    [path.replace(/long%2F\d+/, 'nobody'), 404],
  ] as const) {
    assert.equal((await site.get(asked)).status, status, asked);
  }
  const { status, body } = await site.get(path, {}, 'HEAD');
  assert.deepEqual([status, body], [200, '']);
});

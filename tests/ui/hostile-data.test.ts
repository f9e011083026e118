// Data that was made to break the page, or that somebody else should not get: payloads, files, codec servers.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Page } from 'playwright-core';
import { unique } from '../e2e/harness.ts';
import { browserTest } from './browser.ts';
import { open, world } from './world.ts';

const LIST = '/namespaces/default/workflows';
const base64 = (text: string) => Buffer.from(text).toString('base64');
const sealed = { metadata: { encoding: base64('binary/sealed') }, data: base64('x') };

browserTest('data that is deeper than any stack is shown as text', async ({ page }) => {
  const data = base64('['.repeat(20_000) + ']'.repeat(20_000));
  const workflowId = await started({ metadata: { encoding: base64('json/plain') }, data });
  await open(page, `${LIST}/${workflowId}`);
  await page.getByText('Input and result').click();
  await page.getByText('[[[[[').first().waitFor();
  await page.getByRole('heading', { name: workflowId }).waitFor();
});

browserTest('Markdown of a payload brings no script, no picture and no form of its own', async ({ page }) => {
  const text =
    '# Title\n[a](javascript:alert(1)) <img src=x onerror=alert(1)> ![b](https://tracker.example/x.png) [c](https://a.example/"onclick=alert(1))';
  const workflowId = await started({ metadata: { encoding: base64('text/markdown') }, data: base64(text) });
  await open(page, `${LIST}/${workflowId}`);
  await page.getByText('Input and result').click();
  await page.getByRole('heading', { name: 'Title' }).waitFor();
  assert.equal(await page.locator('main img, main a[href^="javascript"], main [onclick]').count(), 0);
});

for (const [what, content, reason] of [
  [
    'without the fields that it needs',
    [{ eventId: 1, eventType: 'TimerFired', timerFiredEventAttributes: null }],
    /is no object/,
  ],
  ['with texts where payloads should be', [start({ input: { payloads: 'x' } })], /is no list of payloads/],
  ['nested without an end', nested(50_000), /has more than 1000 objects|a history is/],
] as const) {
  browserTest(`a file ${what} is refused with the reason`, async ({ page }) => {
    await open(page, '/import');
    const file = { name: 'h.json', mimeType: 'application/json', buffer: Buffer.from(textOf(content)) };
    await page.locator('input[type="file"]').setInputFiles(file);
    await page.getByText('This file is no history').waitFor();
    await page.getByText(reason).waitFor();
  });
}

browserTest('another codec server is asked anew, and only once its address is whole', async ({ page, tolerate }) => {
  tolerate(/^request: http:\/\/127\.0\.0\.1:\d+\//);
  const asked: string[] = [];
  const codec = await codecServer((request, response) => {
    asked.push(`${request.url} ${request.headers.authorization ?? ''}`.trim());
    answer(response, `by ${request.url}`);
  });
  const workflowId = await started(sealed);
  try {
    await open(page, `${LIST}/${workflowId}`);
    await page.getByText('Input and result').click();
    await setCodec(page, `${codec.url}/one`);
    await page.getByText('by /one/decode').waitFor();
    await setCodec(page, `${codec.url}/two`, 'secret');
    await page.getByText('by /two/decode').waitFor();
    assert.deepEqual([...new Set(asked)], ['/one/decode', '/two/decode', '/two/decode Bearer secret']);
  } finally {
    codec.close();
  }
});

browserTest('a token goes to the host that it was given for, and nowhere else', async ({ page, tolerate }) => {
  tolerate(/^request: http:\/\/127\.0\.0\.1:\d+\//);
  tolerate(/Failed to load resource|redirect/i);
  const asked: string[] = [];
  const other = await codecServer((request, response) => {
    asked.push(`${request.url} ${request.headers.authorization ?? ''}`.trim());
    answer(response, `by ${request.url}`);
  });
  const codec = await codecServer((_request, response) => {
    response.writeHead(307, { location: `${other.url}/redirected` }).end();
  });
  const workflowId = await started(sealed);
  try {
    await open(page, `${LIST}/${workflowId}`);
    await page.getByText('Input and result').click();
    await setCodec(page, codec.url, 'secret');
    await page.getByText(/^Shown as stored: /).waitFor();
    assert.deepEqual(asked, []);
    await setCodec(page, other.url);
    await page.getByText('by /decode').waitFor();
    assert.deepEqual([...new Set(asked)], ['/decode']);
  } finally {
    codec.close();
    other.close();
  }
});

/** Starts a workflow with this input, that nobody works on. */
async function started(payload: object): Promise<string> {
  const workflowId = unique('hostile');
  const response = await fetch(`${(await world()).url}/api/v1${LIST}/${workflowId}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json+no-payload-shorthand' },
    body: JSON.stringify({
      ...{ workflowType: { name: 'Unknown' }, taskQueue: { name: 'deserted' }, input: { payloads: [payload] } },
    }),
  });
  assert.ok(response.ok, await response.text());
  return workflowId;
}

function start(attributes: object): object {
  return {
    ...{ eventId: '1', eventType: 'EVENT_TYPE_WORKFLOW_EXECUTION_STARTED', eventTime: '2026-01-01T00:00:00Z' },
    workflowExecutionStartedEventAttributes: attributes,
  };
}

function nested(levels: number): string {
  const failure = `${'{"cause":'.repeat(levels)}{}${'}'.repeat(levels)}`;
  const type = '"eventType":"EVENT_TYPE_WORKFLOW_EXECUTION_FAILED"';
  return `[{"eventId":"1",${type},"workflowExecutionFailedEventAttributes":{"failure":${failure}}}]`;
}

function textOf(content: string | readonly object[]): string {
  return typeof content === 'string' ? content : JSON.stringify(content);
}

/** As a person does: the address is typed, a letter at a time. */
async function setCodec(page: Page, endpoint: string, token?: string): Promise<void> {
  await page
    .getByRole('banner')
    .getByRole('button', { name: /^Payloads are/ })
    .click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Endpoint').fill('');
  await dialog.getByLabel('Endpoint').pressSequentially(endpoint);
  if (token !== undefined) await dialog.getByLabel('Token').fill(token);
  await dialog.getByRole('button', { name: 'Close' }).click();
}

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** Any page may use it. */
async function codecServer(serve: Answer): Promise<{ readonly url: string; readonly close: () => void }> {
  const server: Server = createServer((request, response) => {
    response.setHeader('access-control-allow-origin', '*');
    response.setHeader('access-control-allow-headers', 'authorization, content-type, x-namespace');
    if (request.method === 'OPTIONS') response.end();
    else serve(request.resume(), response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the codec server has no port');
  const close = () => {
    server.close();
    server.closeAllConnections();
  };
  return { url: `http://127.0.0.1:${address.port}`, close };
}

function answer(response: ServerResponse, text: string): void {
  const payload = { metadata: { encoding: base64('json/plain') }, data: base64(JSON.stringify(text)) };
  response.end(JSON.stringify({ payloads: [payload] }));
}

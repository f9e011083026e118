// What goes wrong around the page: answers that are lost, streams that are refused, storage that is closed or damaged,
// pages without TLS, and people who go elsewhere in the middle of something.
import assert from 'node:assert/strict';
import type { Route } from 'playwright-core';
import { unique } from '../e2e/harness.ts';
import { browserTest, OTHER_HOST } from './browser.ts';
import { open, world } from './world.ts';

const LIST = '/namespaces/default/workflows';

browserTest('what was chosen in one namespace is not acted on in another one', async ({ page }) => {
  const { url } = await world();
  const namespace = unique('elsewhere');
  await post(`${url}/api/v1/namespaces`, { namespace, workflowExecutionRetentionPeriod: '86400s' });
  await idle(namespace, unique('there'));
  await open(page, LIST);
  await page.getByRole('row').nth(1).getByRole('checkbox').click();
  await page.getByRole('button', { name: /^Select all/ }).click();
  await page.getByText(/that match are selected/).waitFor();
  await page.getByRole('button', { name: 'Namespace: default' }).click();
  await page.getByRole('dialog').getByRole('button', { name: namespace }).click();
  await page.waitForURL(`**/namespaces/${namespace}/workflows`);
  await page.getByText('1 workflow', { exact: true }).waitFor();
  assert.equal(await page.getByText(/selected/).count(), 0);
});

browserTest('what was chosen is forgotten with the query that found it', async ({ page }) => {
  await open(page, `${LIST}?query=${encodeURIComponent('WorkflowType = "Order"')}`);
  await page.getByRole('row').nth(1).getByRole('checkbox').click();
  await page.getByText('1 selected').waitFor();
  await page.getByRole('button', { name: /^Remove filter/ }).click();
  await page.getByRole('link', { name: 'stuck-1' }).waitFor();
  assert.equal(await page.getByText(/selected/).count(), 0);
});

browserTest('a signal whose answer was lost and that is sent again is there once', async ({ page, tolerate }) => {
  tolerate(/ERR_FAILED/);
  const workflowId = await idle('default', unique('signalled'));
  await page.route('**/signal/**', loseFirst());
  await open(page, `${LIST}/${workflowId}`);
  await page.getByRole('button', { name: 'Signal', exact: true }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Signal', { exact: true }).fill('approve');
  await dialog.getByRole('button', { name: 'Send' }).click();
  await dialog.getByRole('alert').waitFor();
  await dialog.getByRole('button', { name: 'Send' }).click();
  await page.getByText('Signal approve was sent').waitFor();
  assert.equal(await eventsOf(workflowId, 'EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED'), 1);
});

browserTest('a start whose answer was lost and that is sent again is the same run', async ({ page, tolerate }) => {
  tolerate(/ERR_FAILED/);
  const workflowId = unique('once');
  await page.route(`**${LIST}/${workflowId}`, loseFirst());
  await open(page, `${LIST}/start-workflow?workflowId=${workflowId}&workflowType=Unknown&taskQueue=deserted`);
  const start = page.getByRole('button', { name: 'Start', exact: true });
  await start.click();
  await page.getByRole('alert').waitFor();
  await start.click();
  await page.waitForURL(`**/workflows/${workflowId}/*`);
});

browserTest('an action that fails after its dialog was closed is told', async ({ page, tolerate }) => {
  tolerate(/status of 403/);
  const workflowId = await idle('default', unique('refused'));
  const { promise: isClosed, resolve: closed } = Promise.withResolvers<void>();
  const { promise: isAsked, resolve: asked } = Promise.withResolvers<void>();
  await page.route('**/terminate', async (route) => {
    asked();
    await isClosed;
    await route.fulfill({ status: 403, body: '{"code":7,"message":"only Ada may do that"}' });
  });
  await open(page, `${LIST}/${workflowId}`);
  await page.getByRole('button', { name: 'More actions' }).click();
  await page.getByRole('menuitem', { name: 'Terminate' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Terminate' }).click();
  await isAsked;
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  closed();
  await page.getByText('only Ada may do that').waitFor();
});

browserTest('a run is followed where streams are refused, to its end', async ({ page, tolerate }) => {
  tolerate(/status of 503/);
  await page.route('**/ui-api/v1/namespaces/*/live?*', (route) => route.fulfill({ status: 503, body: '{}' }));
  const workflowId = await idle('default', unique('unstreamed'));
  await open(page, `${LIST}/${workflowId}`);
  await page.getByRole('main').getByText('Running', { exact: true }).first().waitFor();
  await page.getByText('1 row', { exact: true }).waitFor();
  await terminate(workflowId);
  await page.getByRole('main').getByText('Terminated', { exact: true }).first().waitFor();
});

browserTest('a server that is away is told, and what was opened meanwhile comes when it is back', async (tab) => {
  const { page, context, tolerate } = tab;
  tolerate(/ERR_INTERNET_DISCONNECTED|ERR_FAILED|Failed to fetch/);
  const workflowId = await idle('default', unique('away'));
  await open(page, `${LIST}/${workflowId}`);
  const shows = (words: string) => page.getByRole('banner').getByRole('button', { name: words, exact: true }).waitFor();
  await page.getByRole('treeitem').first().waitFor();
  await shows('Live');
  await context.setOffline(true);
  // What is asked finds nobody; a stream that stands would notice later.
  await page.getByRole('tab', { name: 'Relationships' }).click();
  await shows('No answer');
  await page.getByRole('heading', { name: workflowId }).waitFor();
  await page.getByRole('link', { name: 'Namespaces' }).click();
  await context.setOffline(false);
  await page.getByRole('heading', { name: 'Namespaces' }).waitFor();
  await shows('Live');
  await page.goBack();
  await page.getByRole('link', { name: workflowId }).or(page.getByText(workflowId)).first().waitFor();
});

browserTest('more tabs than a browser has connections are all kept up to date', async ({ page, context }) => {
  const tabs = [page];
  while (tabs.length < 8) tabs.push(await context.newPage());
  const query = 'WorkflowType = "Unknown" AND WorkflowId STARTS_WITH "beside-"';
  const first = await idle('default', unique('beside'));
  for (const tab of tabs) {
    await open(tab, `${LIST}?query=${encodeURIComponent(query)}`);
    await tab.getByRole('link', { name: first }).waitFor();
  }
  await idle('default', unique('beside'));
  for (const tab of tabs) await tab.getByRole('button', { name: '1 new' }).waitFor();
});

browserTest('too many requests are waited out', async ({ page, tolerate }) => {
  tolerate(/status of 429/);
  const workflowId = await idle('default', unique('throttled'));
  let asked = 0;
  await page.route('**/history?*', (route) => {
    asked += 1;
    return asked > 3 ? route.continue() : route.fulfill({ status: 429, body: '{"code":8,"message":"slowly"}' });
  });
  await open(page, `${LIST}/${workflowId}`);
  await page.getByText('1 row', { exact: true }).waitFor();
});

browserTest('a run that ended where only running ones are listed is shown as it is', async ({ page }) => {
  const workflowId = await idle('default', unique('ending'));
  const query = `ExecutionStatus = "Running" AND WorkflowId = "${workflowId}"`;
  await open(page, `${LIST}?query=${encodeURIComponent(query)}`);
  await page.getByRole('row').nth(1).getByText('Running').waitFor();
  await terminate(workflowId);
  await page.getByRole('row').nth(1).getByText('Terminated').waitFor();
});

browserTest('children that cannot be read are not shown as none', async ({ page, tolerate }) => {
  tolerate(/status of 403/);
  await page.route('**/workflows?*Parent*', (route) =>
    route.fulfill({ status: 403, body: '{"code":7,"message":"not yours"}' }),
  );
  await open(page, LIST);
  const expand = page.getByRole('button', { name: 'Children of order-1', exact: true });
  await expand.click();
  await page.getByText('Its children cannot be read now.').waitFor();
  assert.equal(await expand.getAttribute('aria-expanded'), 'false');
});

browserTest('what is called ".." is not taken for a step in the path', async ({ page }) => {
  const asked: string[] = [];
  page.on('request', (request) => asked.push(new URL(request.url()).pathname));
  await open(page, `${LIST}/start-workflow?likeWorkflowId=..`);
  await page.getByText('No browser can ask for what is called').first().waitFor();
  assert.deepEqual(
    asked.filter((path) => path.endsWith('/history')),
    [],
  );
});

for (const [what, init] of [
  [
    'closed',
    `Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('no', 'SecurityError'); } })`,
  ],
  ['full', `Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError'); }`],
  [
    'damaged',
    `for (const [key, text] of Object.entries({
       preferences: '{"timeZone":"Nowhere/Bad","codec":{"endpoint":5}}', 'columns.default': '{}', 'widths.workflows': 'null',
     })) localStorage.setItem('perdure.' + key, text)`,
  ],
] as const) {
  browserTest(`storage that is ${what} takes no page away`, async ({ page }) => {
    await page.addInitScript(init);
    await open(page, '/');
    await page.getByRole('link', { name: 'order-1', exact: true }).waitFor();
    const live = page.getByRole('banner').getByRole('button', { name: 'Live' });
    await live.click();
    await page.getByRole('banner').getByRole('button', { name: 'Paused' }).waitFor();
  });
}

browserTest('a page from another machine without TLS acts and copies all the same', async ({ page, tolerate }) => {
  tolerate(/Cross-Origin-Opener-Policy/);
  const workflowId = await idle('default', unique('plain'));
  const url = new URL((await world()).url);
  url.hostname = OTHER_HOST;
  await page.goto(`${url.origin}${LIST}/${workflowId}`);
  assert.equal(await page.evaluate('isSecureContext'), false);
  await page.getByRole('button', { name: 'Copy workflow id' }).click();
  await page.getByRole('button', { name: 'Copied' }).waitFor();
  await page.getByRole('button', { name: 'Request cancellation' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Request cancellation' }).click();
  await page.getByText('Cancellation was requested').first().waitFor();
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox', { name: 'Search or run a command' }).press('Control+v');
  assert.equal(await page.getByRole('combobox', { name: 'Search or run a command' }).inputValue(), workflowId);
});

/** The server does what it is asked, and the first answer never arrives. */
function loseFirst(): (route: Route) => Promise<void> {
  let isFirst = true;
  return async (route) => {
    if (route.request().method() !== 'POST') return route.continue();
    const response = await route.fetch();
    const isLost = isFirst;
    isFirst = false;
    return isLost ? route.abort() : route.fulfill({ response });
  };
}

/** Starts a workflow that nobody works on. */
async function idle(namespace: string, workflowId: string): Promise<string> {
  const { url } = await world();
  const body = { workflowType: { name: 'Unknown' }, taskQueue: { name: 'deserted' }, requestId: workflowId };
  await post(`${url}/api/v1/namespaces/${namespace}/workflows/${workflowId}`, body);
  return workflowId;
}

async function terminate(workflowId: string): Promise<void> {
  await post(`${(await world()).url}/api/v1${LIST}/${workflowId}/terminate`, {});
}

async function post(url: string, body: object): Promise<void> {
  const response = await fetch(url, { method: 'POST', body: JSON.stringify(body) });
  assert.ok(response.ok, await response.text());
}

async function eventsOf(workflowId: string, eventType: string): Promise<number> {
  const response = await fetch(`${(await world()).url}/api/v1${LIST}/${workflowId}/history`);
  const { history } = (await response.json()) as { readonly history: { readonly events: { eventType: string }[] } };
  return history.events.filter((event) => event.eventType === eventType).length;
}

// Every page in light and dark, wide and narrow: the document never scrolls sideways, and axe finds nothing that keeps
// people out.
import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { axeProblems, browserTest, overflowPx, type Theme } from './browser.ts';
import { open, world } from './world.ts';

const NAMESPACE = '/namespaces/default';
const THEMES: readonly Theme[] = ['light', 'dark'];
const WIDTHS = [1440, 390];

interface Place {
  readonly name: string;
  readonly path: string;
  /** What is there when the page has its data. */
  readonly ready: (page: Page) => Promise<unknown>;
}

const text = (words: string | RegExp) => (page: Page) => page.getByText(words).first().waitFor();
const role =
  (...wanted: Parameters<Page['getByRole']>) =>
  (page: Page) =>
    page
      .getByRole(...wanted)
      .first()
      .waitFor();
const run = (workflowId: string, search = '') => `${NAMESPACE}/workflows/${workflowId}${search}`;

const PLACES: readonly Place[] = [
  { name: 'list', path: `${NAMESPACE}/workflows`, ready: role('link', { name: 'order-1', exact: true }) },
  {
    name: 'empty list',
    path: `${NAMESPACE}/workflows?query=${encodeURIComponent('WorkflowId = "none"')}`,
    ready: text('No workflow matches'),
  },
  {
    name: 'run that is running',
    path: run('approval-1'),
    ready: role('treeitem', { name: /reserveStock completed/ }),
  },
  { name: 'run that is stuck', path: run('stuck-1'), ready: text(/no route to the warehouse/) },
  { name: 'run that failed', path: run('order-3'), ready: role('treeitem', { name: /refund failed/ }) },
  { name: 'run that completed', path: run('order-1'), ready: role('treeitem', { name: /sendReceipt/ }) },
  { name: 'run of an agent', path: run('agent-1'), ready: role('treeitem', { name: /callTool/ }) },
  {
    name: 'start',
    path: `${NAMESPACE}/workflows/start-workflow?taskQueue=orders`,
    ready: text('1 worker polls this queue.'),
  },
  {
    name: 'comparison',
    path: `${NAMESPACE}/compare?workflowId=order-1&otherWorkflowId=order-3`,
    ready: text('They part here'),
  },
  { name: 'schedules', path: `${NAMESPACE}/schedules`, ready: role('link', { name: 'nightly' }) },
  { name: 'schedule', path: `${NAMESPACE}/schedules/nightly`, ready: text('It has not started anything yet.') },
  { name: 'schedule form', path: `${NAMESPACE}/schedules/create`, ready: text('What this means') },
  { name: 'batch operations', path: `${NAMESPACE}/batch-operations`, ready: role('link', { name: 'spring-clean' }) },
  { name: 'batch operation', path: `${NAMESPACE}/batch-operations/spring-clean`, ready: text('Completed') },
  { name: 'task queues', path: `${NAMESPACE}/task-queues`, ready: text('1 poller') },
  { name: 'task queue', path: `${NAMESPACE}/task-queues/orders`, ready: role('cell', { name: /^\d+@/ }) },
  { name: 'deployments', path: `${NAMESPACE}/worker-deployments`, ready: text('This server does not have this') },
  { name: 'namespaces', path: '/namespaces', ready: role('link', { name: 'default' }) },
  { name: 'namespace', path: NAMESPACE, ready: role('cell', { name: 'WorkflowType' }) },
  { name: 'Nexus endpoints', path: '/nexus', ready: text('This server does not have this') },
  { name: 'import', path: '/import', ready: text('Choose a file') },
  { name: 'address that there is not', path: '/nowhere', ready: text('There is no such page') },
];

for (const { name, path, ready } of PLACES) {
  browserTest(`the page "${name}" fits and is accessible in every look`, async ({ page, tolerate }) => {
    // What the server does not have is told on the page.
    tolerate(/status of 501/);
    await furnished();
    await open(page, path);
    await ready(page);
    await looksWell(page);
  });
}

const TABS = ['Queries and stack', 'Relationships', 'Workers', 'Metadata'];

browserTest('the other views of a run fit and are accessible', async ({ page }) => {
  await furnished();
  await open(page, run('order-1'));
  await page.getByRole('treeitem', { name: /chargeCard/ }).click();
  await page.getByRole('complementary', { name: 'Details' }).getByRole('heading', { name: 'chargeCard' }).waitFor();
  await looksWell(page);
  await page.getByText('All events', { exact: true }).click();
  await page.getByRole('table', { name: 'All events' }).waitFor();
  await looksWell(page);
  for (const name of TABS) {
    await page.getByRole('tab', { name }).click();
    await page.getByRole('tab', { name, selected: true }).waitFor();
    await page.getByRole('status', { name: 'Loading' }).waitFor({ state: 'detached' });
    await looksWell(page);
  }
});

browserTest('dialogs, menus and the palette are accessible', async ({ page }) => {
  await furnished();
  await open(page, run('approval-1'));
  await page.getByRole('button', { name: 'Signal', exact: true }).click();
  await page.getByRole('dialog').getByLabel('Input (JSON)').click();
  await page.locator('.cm-content').waitFor();
  await looksWell(page);
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'More actions' }).click();
  await page.getByRole('menu').waitFor();
  await looksWell(page);
  await page.keyboard.press('Escape');
  await page.getByRole('menu').waitFor({ state: 'detached' });
  await page.keyboard.press('Control+k');
  await page.getByRole('option', { name: 'Start a workflow' }).waitFor();
  await looksWell(page);
  await page.keyboard.press('Escape');
  await page.keyboard.press('?');
  await page.getByRole('dialog').waitFor();
  await looksWell(page);
});

browserTest('a server that is down is told', async ({ page, tolerate }) => {
  tolerate(/ERR_CONNECTION_REFUSED|ERR_EMPTY_RESPONSE|ERR_INCOMPLETE_CHUNKED|ERR_CONNECTION_RESET/);
  const { stopServer } = await world();
  await open(page, `${NAMESPACE}/workflows`);
  await page.getByRole('link', { name: 'order-1', exact: true }).waitFor();
  await stopServer();
  await page.getByRole('button', { name: 'Refresh' }).click();
  await page.getByText('The server does not answer').first().waitFor();
  await looksWell(page);
});

async function looksWell(page: Page): Promise<void> {
  const problems: string[] = [];
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 900 });
    for (const colorScheme of THEMES) {
      await page.emulateMedia({ colorScheme });
      const look = `${width} px, ${colorScheme}`;
      const px = await overflowPx(page);
      if (px > 0) problems.push(`${look}: the document is ${px} px too wide`);
      problems.push(...(await axeProblems(page)).map((problem) => `${look}: ${problem}`));
    }
  }
  assert.deepEqual(problems, []);
}

let furniture: Promise<void> | undefined;

/** The world with a schedule and a batch operation. */
function furnished(): Promise<void> {
  return (furniture ??= furnish());
}

async function furnish(): Promise<void> {
  const { client } = await world();
  await client.schedule.create({
    ...{ scheduleId: 'nightly', spec: { cronExpressions: ['30 3 * * MON-FRI'], timezone: 'Europe/Berlin' } },
    action: { type: 'startWorkflow', workflowType: 'Order', taskQueue: 'orders', args: [{ orderId: 'n' }] },
    state: { note: 'Of the night shift' },
  });
  await client.workflowService.startBatchOperation({
    ...{ namespace: 'default', jobId: 'spring-clean', reason: 'tested', visibilityQuery: 'WorkflowId = "order-2"' },
    signalOperation: { signal: 'approve', identity: 'tests' },
  });
}

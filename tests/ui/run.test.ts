// The page of one run: its steps, what one of them holds, and what comes while the page is open.
import assert from 'node:assert/strict';
import type { Locator, Page } from 'playwright-core';
import { eventually, unique } from '../e2e/harness.ts';
import { browserTest, turnAway, underWay } from './browser.ts';
import { INPUT } from './world/seed.ts';
import { open, world } from './world.ts';

browserTest('the waterfall has a row for each step, with what became of it in words', async ({ page }) => {
  await openRun(page, 'order-1');
  const outline = steps(page);
  await outline.getByRole('treeitem', { name: /^activity chargeCard completed, attempt 3, / }).waitFor();
  await outline.getByRole('treeitem', { name: /^timer .* fired, / }).waitFor();
  await outline.getByRole('treeitem', { name: /^child workflow Shipment.* completed, / }).waitFor();
  assert.equal(await outline.getByRole('treeitem', { name: /^activity reserveStock/ }).count(), 2);
});

browserTest('a step shows its input, its result and its attempts, and the URL holds it', async ({ page }) => {
  await openRun(page, 'order-1');
  await steps(page)
    .getByRole('treeitem', { name: /chargeCard/ })
    .click();
  const inspector = page.getByRole('complementary', { name: 'Details' });
  await inspector.getByRole('heading', { name: 'chargeCard' }).waitFor();
  const text = await inspector.innerText();
  assert.match(text, /Attempts\s+3/);
  assert.match(text, /"order-1"[\s\S]*129\.5[\s\S]*ch_order-1/);
  await page.reload();
  await page.getByRole('complementary', { name: 'Details' }).getByRole('heading', { name: 'chargeCard' }).waitFor();
});

browserTest('a run that failed says why at its head, down to the cause', async ({ page }) => {
  await openRun(page, 'order-3');
  await page
    .getByText(/refund of 129\.5 refused/)
    .first()
    .waitFor();
  await steps(page)
    .getByRole('treeitem', { name: /refund failed/ })
    .click();
  const inspector = page.getByRole('complementary', { name: 'Details' });
  await inspector.getByText('RefundRefused').first().waitFor();
  await inspector
    .getByText(/card of order-3 was closed/)
    .first()
    .waitFor();
});

browserTest('a run that is stuck says what it waits for', async ({ page }) => {
  await openRun(page, 'stuck-1');
  const now = page.getByText('Now', { exact: true }).locator('..');
  await now
    .getByText(/unreachable/)
    .first()
    .waitFor();
  await now
    .getByText(/no route to the warehouse of stuck-1/)
    .first()
    .waitFor();
});

browserTest('the search narrows the steps by its language, and says what it does not understand', async ({ page }) => {
  await openRun(page, 'order-1');
  await steps(page)
    .getByRole('treeitem', { name: /chargeCard/ })
    .waitFor();
  const search = page.getByRole('combobox', { name: 'Search the history' });
  await page.keyboard.press('/');
  await page.keyboard.type('attempt>2');
  await steps(page)
    .getByRole('treeitem', { name: /reserveStock/ })
    .first()
    .waitFor({ state: 'detached' });
  await steps(page)
    .getByRole('treeitem', { name: /chargeCard/ })
    .waitFor();
  assert.equal(new URL(page.url()).searchParams.get('search'), 'attempt>2');
  await search.fill('type:activity -name:~charge*');
  await steps(page)
    .getByRole('treeitem', { name: /sendReceipt/ })
    .waitFor();
  assert.equal(
    await steps(page)
      .getByRole('treeitem', { name: /chargeCard/ })
      .count(),
    0,
  );
  await search.fill('attempt>(');
  await page.getByRole('alert').first().waitFor();
});

browserTest('the same history is shown as steps, as events and as JSON', async ({ page }) => {
  const runId = await openRun(page, 'order-1');
  await page.getByText('Compact', { exact: true }).click();
  await page.getByRole('table', { name: 'Compact' }).getByRole('row').filter({ hasText: 'chargeCard' }).waitFor();
  await page.getByText('All events', { exact: true }).click();
  const table = page.getByRole('table', { name: 'All events' });
  await table.getByRole('row').filter({ hasText: 'workflow started' }).first().waitFor();
  const { client } = await world();
  const { events } = await client.workflow.getHandle('order-1', runId).fetchHistory();
  assert.equal(await table.getAttribute('aria-rowcount'), String((events?.length ?? 0) + 1));
  assert.equal(new URL(page.url()).searchParams.get('view'), 'all');
  await table.getByRole('button', { name: 'timer started' }).press('Enter');
  await page
    .getByRole('complementary', { name: 'Details' })
    .getByText('Fires')
    .or(page.getByText('timer', { exact: true }))
    .first()
    .waitFor();
  await page.getByText('JSON', { exact: true }).click();
  await page.getByText('EVENT_TYPE_WORKFLOW_EXECUTION_STARTED').first().waitFor();
});

browserTest('the steps of a child open in place', async ({ page }) => {
  await openRun(page, 'order-1');
  const before = steps(page).getByRole('treeitem', { name: /reserveStock/ });
  await before.first().waitFor();
  assert.equal(await before.count(), 2);
  await page.getByTitle('Steps of Shipment').click();
  await eventually('the step of the child', async () => ((await before.count()) === 3 ? true : undefined));
  await steps(page)
    .getByRole('treeitem', { name: /^child workflow Shipment/, expanded: true })
    .click();
  await steps(page).focus();
  await page.keyboard.press('ArrowLeft');
  await eventually('it is closed', async () => ((await before.count()) === 2 ? true : undefined));
  await page.keyboard.press('ArrowRight');
  await eventually('it is open again', async () => ((await before.count()) === 3 ? true : undefined));
});

browserTest('steps are walked by keyboard, and the time axis is zoomed', async ({ page }) => {
  await openRun(page, 'order-1');
  await steps(page)
    .getByRole('treeitem', { name: /chargeCard/ })
    .waitFor();
  await steps(page).focus();
  await page.keyboard.press('ArrowDown');
  await page.waitForURL(/selected=/);
  const first = await selected(page);
  await page.keyboard.press('ArrowDown');
  await eventually('another step', async () => ((await selected(page)) === first ? undefined : true));
  const whole = await chart(page);
  await page.keyboard.press('+');
  await eventually('a part of the axis', async () => ((await chart(page)) === whole ? undefined : true));
  await page.keyboard.press('0');
  await eventually('the whole axis', async () => ((await chart(page)) === whole ? true : undefined));
});

browserTest('a signal appears while the page is open, and the end of the run too', async ({ page }) => {
  const { client } = await world();
  const workflowId = unique('live');
  const handle = await client.workflow.start('Approval', { workflowId, taskQueue: 'orders', args: [INPUT] });
  await openRun(page, workflowId);
  await page
    .getByText(/Running/)
    .first()
    .waitFor();
  await steps(page)
    .getByRole('treeitem', { name: /reserveStock completed/ })
    .waitFor();
  await handle.signal('approve', 'Grace');
  await steps(page)
    .getByRole('treeitem', { name: /signal approve/ })
    .waitFor();
  await page.getByText('Completed', { exact: true }).first().waitFor();
  await page.getByText('Input and result').click();
  await page
    .getByText(/approved by Grace/)
    .first()
    .waitFor();
});

browserTest('children that are opened are followed by the one stream of the page', async ({ page }) => {
  const { client } = await world();
  const orderId = unique('delivery');
  const args = [{ ...INPUT, orderId }];
  await client.workflow.start('Delivery', { workflowId: orderId, taskQueue: 'orders', args });
  const streams = underWay(page, /\/live$/);
  const histories = underWay(page, /\/history$/);
  await openRun(page, orderId);
  for (const at of [0, 1]) await page.getByTitle('Steps of Approval').nth(at).click();
  const followed = () => [...streams].map((request) => new URL(request.url()).searchParams.getAll('run').length);
  await eventually('one stream of three runs', async () => (followed().join() === '3' ? true : undefined));
  assert.equal(histories.size, 0, 'nobody asks for histories any more');
  for (const parcel of ['first', 'second']) {
    await client.workflow.getHandle(`${orderId}-${parcel}`).signal('approve', parcel);
  }
  const signals = steps(page).getByRole('treeitem', { name: /signal approve/ });
  await eventually('what happens in both', async () => ((await signals.count()) === 2 ? true : undefined));
  await page.getByText('Completed', { exact: true }).first().waitFor();
  await eventually('no stream when all has ended', async () => (streams.size === 0 ? true : undefined));
});

browserTest('a page that nobody sees is told nothing, and catches up when it is seen again', async ({ page }) => {
  const { client } = await world();
  const workflowId = unique('unseen');
  const handle = await client.workflow.start('Approval', { workflowId, taskQueue: 'orders', args: [INPUT] });
  const streams = underWay(page, /\/live$/);
  await openRun(page, workflowId);
  await steps(page)
    .getByRole('treeitem', { name: /reserveStock completed/ })
    .waitFor();
  await eventually('a stream', async () => (streams.size === 1 ? true : undefined));
  await turnAway(page);
  await eventually('no stream', async () => (streams.size === 0 ? true : undefined));
  await handle.signal('approve', 'Grace');
  await handle.result();
  await turnAway(page, false);
  await steps(page)
    .getByRole('treeitem', { name: /signal approve/ })
    .waitFor();
  await page.getByText('Completed', { exact: true }).first().waitFor();
});

browserTest('queries are answered by the worker, and the call stack is shown', async ({ page }) => {
  await openRun(page, 'approval-1');
  await page.getByRole('tab', { name: 'Queries and stack' }).click();
  await page
    .getByText(/at Approval/)
    .first()
    .waitFor();
  await page.getByLabel('Query', { exact: true }).fill('status');
  await page.getByRole('button', { name: 'Run query' }).click();
  await page.getByText(/waiting for approval/).waitFor();
});

browserTest('parent and child lead to each other', async ({ page }) => {
  await openRun(page, 'order-1');
  await page.getByRole('tab', { name: 'Relationships' }).click();
  await page.getByRole('link', { name: /order-1-shipment/ }).click();
  await page.waitForURL('**/workflows/order-1-shipment/*');
  await page.getByRole('link', { name: 'order-1', exact: true }).click();
  await page.waitForURL('**/workflows/order-1/*');
});

browserTest('a worker that polls the queue is listed, and metadata are shown', async ({ page }) => {
  await openRun(page, 'order-1');
  await page.getByRole('tab', { name: 'Workers' }).click();
  await page.getByRole('cell', { name: /^\d+@/ }).first().waitFor();
  await page.getByRole('tab', { name: 'Metadata' }).click();
  await page.getByText('Order of order-1').first().waitFor();
});

browserTest('addresses of Temporal’s pages lead to the same views', async ({ page }) => {
  const { client } = await world();
  const { runId } = await client.workflow.getHandle('order-1').describe();
  await open(page, `/namespaces/default/workflows/order-1/${runId}/history`);
  await page.getByRole('table', { name: 'All events' }).waitFor();
  await open(page, `/namespaces/default/workflows/order-1/${runId}/timeline`);
  await steps(page)
    .getByRole('treeitem', { name: /chargeCard/ })
    .waitFor();
});

/** Opens the latest run by its workflow id alone, and says which it is. */
async function openRun(page: Page, workflowId: string): Promise<string> {
  await open(page, `/namespaces/default/workflows/${workflowId}`);
  await page.waitForURL(`**/workflows/${workflowId}/*`);
  return new URL(page.url()).pathname.split('/').at(-1) ?? '';
}

function steps(page: Page): Locator {
  return page.getByRole('tree', { name: 'Steps of the run' });
}

async function selected(page: Page): Promise<string | null> {
  return new URL(page.url()).searchParams.get('selected');
}

/** The pixels of the axis: they change with what part of the time it shows. */
async function chart(page: Page): Promise<string> {
  return (await page.locator('canvas').first().screenshot()).toString('base64');
}

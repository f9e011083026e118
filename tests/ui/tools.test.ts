// What stands beside lists and runs: the form that starts workflows, the import, the palette, settings.
import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { eventually, unique } from '../e2e/harness.ts';
import { browserTest } from './browser.ts';
import { INPUT } from './world/seed.ts';
import { open, world } from './world.ts';

const START = '/namespaces/default/workflows/start-workflow';

browserTest('a workflow is started by a form that a link has filled in', async ({ page }) => {
  const { client } = await world();
  const workflowId = unique('started');
  const link = new URLSearchParams({ workflowId, workflowType: 'Shipment', taskQueue: 'orders', input: '"parcel-7"' });
  await open(page, `${START}?${link.toString()}`);
  await page.getByText('1 worker polls this queue.').waitFor();
  assert.equal(await page.getByLabel('Workflow type').inputValue(), 'Shipment');
  await page.getByText('More options').click();
  await page.getByLabel('Summary').fill('A parcel');
  await page.getByLabel('Memo (JSON object)').click();
  await page.locator('.cm-content').waitFor();
  await page.keyboard.insertText('{"owner": "Ada"}');
  await page.getByRole('button', { name: 'Start', exact: true }).click();
  await page.waitForURL(`**/workflows/${workflowId}/*`);
  assert.equal(await client.workflow.getHandle(workflowId).result(), 'reserved parcel for parcel-7');
  assert.deepEqual((await client.workflow.getHandle(workflowId).describe()).memo, { owner: 'Ada' });
});

browserTest('a start that cannot be is not sent, and one that is refused is explained', async ({ page, tolerate }) => {
  tolerate(/status of 409/);
  await open(page, `${START}?workflowId=approval-1&workflowType=Approval&taskQueue=orders`);
  await page.getByText('More options').click();
  await page.getByLabel('Run timeout').fill('soon');
  await page.getByText(/"soon" is no duration/).waitFor();
  const start = page.getByRole('button', { name: 'Start', exact: true });
  assert.ok(await start.isDisabled());
  await page.getByLabel('Run timeout').fill('5m');
  await start.click();
  await page.getByText('A workflow with this id is running.').waitFor();
  await page.getByRole('link', { name: 'Open it' }).click();
  await page.waitForURL('**/workflows/approval-1/*');
});

browserTest('a run is started like another one', async ({ page }) => {
  const { client } = await world();
  await open(page, '/namespaces/default/workflows/order-1');
  await page.getByRole('button', { name: 'More actions' }).click();
  await page.getByRole('menuitem', { name: 'Start like this one' }).click();
  await page.getByRole('heading', { name: 'Like order-1' }).waitFor();
  assert.deepEqual(JSON.parse(await page.getByLabel('Input (JSON)').inputValue()), INPUT);
  const workflowId = unique('like');
  await page.getByLabel('Workflow id').fill(workflowId);
  await page.getByRole('button', { name: 'Start', exact: true }).click();
  await page.waitForURL(`**/workflows/${workflowId}/*`);
  assert.equal((await client.workflow.getHandle(workflowId).describe()).type, 'Order');
});

browserTest('a history file opens without a server being asked for it', async ({ page, context, tolerate }) => {
  // Fonts and the icon of the page that are wanted for the first time.
  tolerate(/ERR_INTERNET_DISCONNECTED.*(woff2|favicon)/);
  const { url } = await world();
  const { runId } = await (await world()).client.workflow.getHandle('order-3').describe();
  const history = await fetch(`${url}/api/v1/namespaces/default/workflows/order-3/history?execution.runId=${runId}`);
  const { history: content } = (await history.json()) as { readonly history: object };
  await open(page, '/import');
  await page.getByText('Choose a file').waitFor();
  await context.setOffline(true);
  await drop(page, 'order-3.json', JSON.stringify(content));
  await page.getByRole('heading', { name: 'order-3.json' }).waitFor();
  await page.getByRole('treeitem', { name: /activity refund failed/ }).click();
  await page
    .getByRole('complementary', { name: 'Details' })
    .getByText(/card of order-3 was closed/)
    .first()
    .waitFor();
  await context.setOffline(false);
  await page.getByRole('button', { name: 'Open another file' }).click();
  await drop(page, 'other.json', '{"colour": "red"}');
  await page.getByText('This file is no history').waitFor();
});

browserTest('the palette finds workflows and places by keyboard alone', async ({ page }) => {
  await open(page, '/namespaces/default/workflows');
  await page.getByRole('row').nth(1).waitFor();
  await page.keyboard.press('Control+k');
  const field = page.getByRole('combobox', { name: 'Search or run a command' });
  await field.waitFor();
  await page.keyboard.type('uck-');
  await page.getByRole('option', { name: /stuck-1/ }).waitFor();
  await page.keyboard.press('Enter');
  await page.waitForURL('**/workflows/stuck-1/*');
  await page.keyboard.press('Control+k');
  await field.waitFor();
  await page.keyboard.type('Go to');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await page.waitForURL('**/schedules');
  await field.waitFor({ state: 'detached' });
  await page.keyboard.press('g');
  await page.keyboard.press('q');
  await page.waitForURL('**/task-queues');
});

browserTest('theme and time zone are chosen, and stay chosen', async ({ page }) => {
  await open(page, '/namespaces/default/workflows/order-1');
  await page.getByRole('button', { name: 'Settings', exact: true }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('Dark', { exact: true }).click();
  await dialog.getByText('Exact', { exact: true }).click();
  await dialog.getByLabel('Time zone').selectOption('Asia/Tokyo');
  await page.keyboard.press('Escape');
  await page.reload();
  await page.getByRole('heading', { name: 'order-1' }).waitFor();
  assert.equal(await page.locator('html').getAttribute('data-theme'), 'dark');
  const { client } = await world();
  const { startTime } = await client.workflow.getHandle('order-1').describe();
  const clock = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium', timeZone: 'Asia/Tokyo' }).format(startTime);
  await eventually('the time in Tokyo', async () =>
    (await page.getByRole('main').innerText()).includes(clock) ? true : undefined,
  );
});

/** As a person drops a file onto the page. */
async function drop(page: Page, name: string, text: string): Promise<void> {
  const dataTransfer = await page.evaluateHandle(`(() => {
    const transfer = new DataTransfer();
    transfer.items.add(new File([${JSON.stringify(text)}], ${JSON.stringify(name)}, { type: 'application/json' }));
    return transfer;
  })()`);
  await page.locator('main > *').first().dispatchEvent('drop', { dataTransfer });
}

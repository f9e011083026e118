// With another server there is only the HTTP API: no stream of changes, no views on the server. The same pages work.
import assert from 'node:assert/strict';
import { eventually, unique } from '../e2e/harness.ts';
import { browserTest, type Tab, withTab } from './browser.ts';
import { INPUT } from './world/seed.ts';
import { open, world } from './world.ts';

const LIST = '/namespaces/default/workflows';
const ACTIVITY_COMPLETED = 12;
const only = () => world('--dynamic-config-value', 'frontend.uiExtras=false');

browserTest('the list works without extras: rows, counts, new rows', async (tab) => {
  const { client } = await only();
  const { page } = withoutExtras(tab);
  await open(page, `${LIST}?query=${encodeURIComponent('WorkflowType = "Bulk" OR WorkflowId = "order-3"')}`);
  await page.getByRole('link', { name: 'order-3', exact: true }).waitFor();
  await page.getByRole('group', { name: 'Executions by status' }).getByRole('button', { name: '1 Failed' }).waitFor();
  const workflowId = unique('bulk');
  await client.workflow.execute('Bulk', { workflowId, taskQueue: 'orders', args: [1] });
  await page.getByRole('button', { name: '1 new' }).click();
  await page.getByRole('link', { name: workflowId, exact: true }).waitFor();
});

browserTest('a run is followed and acted on without extras', async (tab) => {
  const { client } = await only();
  const { page } = withoutExtras(tab);
  const workflowId = unique('approval');
  const handle = await client.workflow.start('Approval', { workflowId, taskQueue: 'orders', args: [INPUT] });
  await open(page, `${LIST}/${workflowId}`);
  await page.getByRole('treeitem', { name: /reserveStock completed/ }).waitFor();
  await page.getByRole('button', { name: 'Signal', exact: true }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Signal', { exact: true }).fill('approve');
  await dialog.getByRole('button', { name: 'Send' }).click();
  await page.getByRole('treeitem', { name: /signal approve/ }).waitFor();
  await page.getByText('Completed', { exact: true }).first().waitFor();
  assert.match(String(await handle.result()), /^approved by /);
});

browserTest('views are kept in the browser where the server keeps none', async (tab) => {
  await only();
  const { page } = withoutExtras(tab);
  const name = unique('view');
  await open(page, `${LIST}?query=${encodeURIComponent('ExecutionStatus = "Failed"')}`);
  await page.getByRole('button', { name: 'Views' }).click();
  await page.getByRole('menuitem', { name: 'Save this view' }).click();
  await page.getByRole('dialog').getByLabel('Name').fill(name);
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await page.reload();
  await page.getByRole('button', { name: 'Views' }).click();
  await page.getByRole('menuitem', { name }).waitFor();
  await withTab({}, async (other) => {
    await open(withoutExtras(other).page, LIST);
    await other.page.getByRole('button', { name: 'Views' }).click();
    await other.page.getByRole('menuitem', { name: 'Running' }).waitFor();
    assert.equal(await other.page.getByRole('menuitem', { name }).count(), 0);
  });
});

browserTest('the start page of a namespace is found without extras', async (tab) => {
  await only();
  const { page } = withoutExtras(tab);
  await open(page, '/');
  await page.waitForURL(`**${LIST}`);
  await page.getByRole('link', { name: 'order-1', exact: true }).waitFor();
});

browserTest('a history is read to its end in the pages that a server likes, also when nobody follows', async (tab) => {
  const { client } = await only();
  const { page } = withoutExtras(tab);
  const workflowId = unique('approval');
  const handle = await client.workflow.start('Approval', { workflowId, taskQueue: 'orders', args: [INPUT] });
  await page.route('**/history?*', (route) => {
    const url = new URL(route.request().url());
    url.searchParams.set('maximumPageSize', '2');
    return route.continue({ url: url.toString() });
  });
  await open(page, LIST);
  await page.getByRole('button', { name: 'Live' }).click();
  await page.getByRole('button', { name: 'Paused' }).waitFor();
  await eventually('the activity to complete', async () =>
    (await handle.fetchHistory()).events?.some(({ eventType }) => eventType === ACTIVITY_COMPLETED),
  );
  await open(page, `${LIST}/${workflowId}`);
  await page.getByRole('treeitem', { name: /reserveStock completed/ }).waitFor();
});

/** The browser reports the answer to the question whether there are extras. */
function withoutExtras(tab: Tab): Tab {
  tab.tolerate(/status of 404.*\/ui-api\/v1\/info/);
  return tab;
}

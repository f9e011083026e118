// With another server there is only the HTTP API: no stream of changes, no views on the server. The same pages work.
import assert from 'node:assert/strict';
import { eventually, unique } from '../e2e/harness.ts';
import { browserTest, type Tab, withTab } from './browser.ts';
import { INPUT } from './world/seed.ts';
import { open, world } from './world.ts';

const LIST = '/namespaces/default/workflows';
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

browserTest('commands do what the HTTP API cannot do to a namespace', async (tab) => {
  await only();
  const { page } = withoutExtras(tab);
  await open(page, '/namespaces/default');
  const commands = page.getByRole('group', { name: 'The same on the command line' });
  await commands.getByText(/^perdure operator search-attribute create --name CustomerId --type Keyword/).waitFor();
  await commands.getByText(/^perdure operator search-attribute remove/).waitFor();
  assert.equal(await page.getByRole('button', { name: /search attribute/ }).count(), 0);
  await page.getByRole('button', { name: 'Delete' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText(/^perdure operator namespace delete --namespace default/).waitFor();
  assert.equal(await dialog.getByRole('textbox').count(), 0);
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
    (await handle.fetchHistory()).events?.find(({ activityTaskCompletedEventAttributes: done }) => done),
  );
  await open(page, `${LIST}/${workflowId}`);
  await page.getByRole('treeitem', { name: /reserveStock completed/ }).waitFor();
});

browserTest('task queues are found where the server does not count by them, and counted one by one', async (tab) => {
  const { client } = await only();
  const { page, tolerate } = withoutExtras(tab);
  tolerate(/status of 400/);
  const taskQueue = unique('lonely');
  await client.workflow.start('Approval', { workflowId: taskQueue, taskQueue, args: [INPUT] });
  let refusals = 0;
  await page.route('**/workflow-count?*GROUP+BY+TaskQueue*', (route) => {
    refusals += 1;
    return route.fulfill({ status: 400, json: { code: 3, message: "operation is not supported: 'GROUP BY' clause" } });
  });
  // Nothing but the newest workflow is in the first answer.
  await page.route('**/workflows?*', (route) => {
    const url = new URL(route.request().url());
    url.searchParams.set('pageSize', '1');
    return route.continue({ url: url.toString() });
  });
  await open(page, '/namespaces/default/task-queues');
  await page.getByRole('row', { name: /^orders 1 poller 1 poller \d+$/ }).waitFor();
  await page.getByRole('row', { name: new RegExp(`^${taskQueue} .* 1$`) }).waitFor();
  await page.getByRole('link', { name: 'Workflows' }).click();
  await page.getByRole('link', { name: 'Task queues' }).click();
  await page.getByRole('row', { name: new RegExp(taskQueue) }).waitFor();
  assert.equal(refusals, 1);
});

browserTest('a run that a schedule has started is shown as it is, not as the schedule last saw it', async (tab) => {
  const { client } = await only();
  const { page } = withoutExtras(tab);
  const scheduleId = unique('hourly');
  await client.schedule.create({
    ...{ scheduleId, spec: { intervals: [{ every: '1h' }] } },
    action: { type: 'startWorkflow', workflowType: 'Shipment', taskQueue: 'orders', args: ['parcel'] },
  });
  const handle = client.schedule.getHandle(scheduleId);
  await handle.trigger();
  await eventually('the run to complete', async () => {
    const { count } = await client.workflow.count(
      `TemporalScheduledById = "${scheduleId}" AND ExecutionStatus = "Completed"`,
    );
    return count === 1 ? true : undefined;
  });
  await page.route('**/schedules?*', async (route) => {
    const answer = await (await route.fetch()).text();
    await route.fulfill({
      contentType: 'application/json',
      body: answer.replaceAll('STATUS_COMPLETED', 'STATUS_RUNNING'),
    });
  });
  await open(page, '/namespaces/default/schedules');
  const row = page.getByRole('row').filter({ has: page.getByRole('link', { name: scheduleId }) });
  await row.getByText('Completed').waitFor();
});

/** The browser reports the answer to the question whether there are extras. */
function withoutExtras(tab: Tab): Tab {
  tab.tolerate(/status of 404.*\/ui-api\/v1\/info/);
  return tab;
}

// Schedules, batch operations, task queues and namespaces: made, changed and ended from their pages.
import assert from 'node:assert/strict';
import type { ScheduleHandle } from '@temporalio/client';
import { eventually, unique } from '../e2e/harness.ts';
import { browserTest } from './browser.ts';
import { INPUT } from './world/seed.ts';
import { open, world } from './world.ts';

const SCHEDULES = '/namespaces/default/schedules';

browserTest('a schedule is created, with its next times told while it is typed', async ({ page }) => {
  const { client } = await world();
  const id = unique('nightly');
  await open(page, SCHEDULES);
  await page.getByRole('link', { name: 'Create schedule' }).click();
  await page.getByLabel('Schedule id').fill(id);
  await page.getByRole('button', { name: 'Remove', exact: true }).click();
  await page.getByRole('button', { name: 'Cron', exact: true }).click();
  await page.getByLabel('Cron', { exact: true }).fill('30 3 * * *');
  await page.getByText(/The next 10 times, in UTC/).waitFor();
  await page.getByText(/03:30/).first().waitFor();
  await page.getByLabel('Workflow type').fill('Shipment');
  await page.getByLabel('Task queue').fill('orders');
  await page.getByRole('button', { name: 'Add an argument' }).click();
  await page.getByLabel('Input (JSON)').click();
  await page.locator('.cm-content').waitFor();
  await page.keyboard.insertText('"parcel-1"');
  await page.getByRole('button', { name: 'Create schedule' }).click();
  await page.waitForURL(`**/schedules/${id}`);
  const { action, spec } = await client.schedule.getHandle(id).describe();
  assert.equal(action.workflowType, 'Shipment');
  assert.deepEqual(action.args, ['parcel-1']);
  const [{ hour, minute } = assert.fail('no calendar')] = spec.calendars ?? [];
  assert.equal(hour?.[0]?.start, 3);
  assert.equal(minute?.[0]?.start, 30);
});

browserTest('a schedule is paused with a reason, and goes on', async ({ page }) => {
  const handle = await schedule();
  await open(page, `${SCHEDULES}/${handle.scheduleId}`);
  await page.getByRole('button', { name: 'Pause' }).click();
  await page.getByRole('dialog').getByLabel('Reason').fill('stocktaking');
  await page.getByRole('dialog').getByRole('button', { name: 'Pause' }).click();
  await page.getByText('stocktaking').first().waitFor();
  const { state } = await handle.describe();
  assert.ok(state.paused);
  assert.equal(state.note, 'stocktaking');
  await page.getByRole('button', { name: 'Unpause' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Unpause' }).click();
  await eventually('the end of the pause', async () => ((await handle.describe()).state.paused ? undefined : true));
});

browserTest('a schedule is triggered, and its run is listed', async ({ page }) => {
  const handle = await schedule();
  await open(page, `${SCHEDULES}/${handle.scheduleId}`);
  await page.getByRole('button', { name: 'Trigger' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Trigger' }).click();
  await page
    .getByRole('region', { name: 'Recent runs' })
    .getByRole('link', { name: new RegExp(`^${handle.scheduleId}-run`) })
    .first()
    .waitFor();
  assert.equal((await handle.describe()).info.numActionsTaken, 1);
});

browserTest('times of the past are made up for by a backfill', async ({ page }) => {
  const handle = await schedule();
  await open(page, `${SCHEDULES}/${handle.scheduleId}`);
  await page.getByRole('button', { name: 'Backfill' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('From').fill('2026-01-01T00:30:00');
  await dialog.getByLabel('To').fill('2026-01-01T03:30:00');
  await dialog.getByLabel('If the run before is still going').selectOption({ label: 'Allow all: start beside it' });
  await dialog.getByText('The span has 3 times of this schedule.').waitFor();
  await dialog.getByRole('button', { name: 'Backfill' }).click();
  await eventually('three runs', async () => ((await handle.describe()).info.numActionsTaken === 3 ? true : undefined));
});

browserTest('a schedule is changed without losing what the form does not show', async ({ page }) => {
  const handle = await schedule();
  await open(page, `${SCHEDULES}/${handle.scheduleId}`);
  await page.getByRole('link', { name: 'Edit' }).click();
  await page.getByLabel('Every', { exact: true }).fill('2h');
  await page.getByRole('button', { name: 'Save changes' }).click();
  await page.waitForURL(`**/schedules/${handle.scheduleId}`);
  const { spec, action } = await handle.describe();
  assert.equal(spec.intervals?.[0]?.every, 7_200_000);
  assert.deepEqual(action.args, ['parcel']);
  assert.equal(action.memo?.['owner'], 'Ada');
});

browserTest('a schedule is deleted by who types its id', async ({ page }) => {
  const handle = await schedule();
  await open(page, `${SCHEDULES}/${handle.scheduleId}`);
  await page.getByRole('button', { name: 'Delete' }).click();
  const remove = page.getByRole('dialog').getByRole('button', { name: 'Delete' });
  assert.ok(await remove.isDisabled());
  await page.getByRole('dialog').getByLabel(`Type ${handle.scheduleId} to confirm`).fill(handle.scheduleId);
  await remove.click();
  await page.waitForURL(`**${SCHEDULES}`);
  await assert.rejects(handle.describe(), /not found/i);
});

browserTest('a batch operation begins with a query, shows how far it is, and is listed', async ({ page }) => {
  const { client } = await world();
  const workflowId = unique('batched');
  const handle = await client.workflow.start('Approval', { workflowId, taskQueue: 'orders', args: [INPUT] });
  await open(page, '/namespaces/default/batch-operations');
  await page.getByRole('button', { name: 'New from a query' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('What to do').selectOption('cancel');
  await dialog.getByLabel('Query').fill(`WorkflowId = "${workflowId}"`);
  await dialog.getByRole('button', { name: 'Next' }).click();
  await dialog.getByText('1 workflow will be affected.').waitFor();
  await dialog.getByLabel('Reason').fill('tested');
  await dialog.getByRole('button', { name: 'Cancel 1' }).click();
  await page.waitForURL('**/batch-operations/*');
  await page.getByText('Completed', { exact: true }).waitFor();
  await assert.rejects(handle.result(), /cancel/i);
  const jobId = new URL(page.url()).pathname.split('/').at(-1) ?? '';
  await page.getByRole('link', { name: /← Batch operations/ }).click();
  await page.getByRole('link', { name: jobId }).waitFor();
});

browserTest('a batch operation whose query is wrong says so', async ({ page, tolerate }) => {
  tolerate(/status of 400/);
  await open(page, '/namespaces/default/batch-operations');
  await page.getByRole('button', { name: 'New from a query' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Query').fill('WorkflowId = = 1');
  await dialog.getByRole('button', { name: 'Next' }).click();
  await dialog.getByText('What matches cannot be counted').waitFor();
  await dialog.getByRole('alert').waitFor();
});

browserTest('a batch operation that runs is stopped', async ({ page }) => {
  const { client } = await world();
  const workflowId = unique('slow');
  const start = (at: number) =>
    client.workflow.start('Approval', { workflowId: `${workflowId}-${at}`, taskQueue: 'orders', args: [INPUT] });
  await Promise.all(Array.from({ length: 8 }, (_, at) => start(at)));
  await open(page, '/namespaces/default/batch-operations');
  await page.getByRole('button', { name: 'New from a query' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('What to do').selectOption('terminate');
  await dialog.getByLabel('Query').fill(`WorkflowId STARTS_WITH "${workflowId}"`);
  await dialog.getByRole('button', { name: 'Next' }).click();
  await dialog.getByLabel('Reason').fill('tested');
  await dialog.getByLabel('At most per second').fill('1');
  await dialog.getByLabel('Type 8 to confirm').fill('8');
  await dialog.getByRole('button', { name: 'Terminate 8' }).click();
  await page.waitForURL('**/batch-operations/*');
  await page.getByRole('button', { name: 'Stop', exact: true }).click();
  await page.getByText('Running', { exact: true }).waitFor({ state: 'detached' });
  const { count } = await client.workflow.count(
    `WorkflowId STARTS_WITH "${workflowId}" AND ExecutionStatus = "Running"`,
  );
  assert.ok(count > 0, 'it was stopped before its end');
});

browserTest('a task queue shows who polls it, and how it stands', async ({ page }) => {
  await open(page, '/namespaces/default/task-queues');
  const row = page.getByRole('row').filter({ has: page.getByRole('link', { name: 'orders', exact: true }) });
  await row.getByText('1 poller').first().waitFor();
  await row.getByRole('link', { name: 'orders', exact: true }).click();
  await page.getByRole('cell', { name: /^\d+@/ }).waitFor();
  await page.getByRole('tab', { name: 'Activity tasks' }).click();
  await page.waitForURL(/type=activity/);
  await page.getByRole('cell', { name: /^\d+@/ }).waitFor();
  await open(page, '/namespaces/default/task-queues/deserted');
  await page.getByText('No worker polls this queue').waitFor();
});

browserTest('a namespace is created, changed, and gone to', async ({ page }) => {
  const { client } = await world();
  const name = unique('shop');
  await open(page, '/namespaces');
  await page.getByRole('button', { name: 'Create namespace' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name').fill(name);
  await dialog.getByLabel('Retention (days)').fill('7');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('link', { name }).click();
  await page.getByRole('button', { name: 'Edit' }).click();
  await dialog.getByLabel('Description').fill('The shop');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await page.getByText('The shop').waitFor();
  const { config, namespaceInfo } = await client.workflowService.describeNamespace({ namespace: name });
  assert.equal(namespaceInfo?.description, 'The shop');
  assert.equal(Number(config?.workflowExecutionRetentionTtl?.seconds), 7 * 86_400);

  await open(page, SCHEDULES);
  await page.getByRole('button', { name: 'Namespace: default' }).click();
  await page.getByRole('textbox', { name: 'Namespace' }).fill(name);
  await page.keyboard.press('Enter');
  await page.waitForURL(`**/namespaces/${name}/schedules`);
});

async function schedule(): Promise<ScheduleHandle> {
  const { client } = await world();
  const scheduleId = unique('hourly');
  return client.schedule.create({
    scheduleId,
    spec: { intervals: [{ every: '1h' }] },
    action: {
      ...{ type: 'startWorkflow', workflowType: 'Shipment', taskQueue: 'orders', args: ['parcel'] },
      ...{ workflowId: `${scheduleId}-run`, memo: { owner: 'Ada' } },
    },
  });
}

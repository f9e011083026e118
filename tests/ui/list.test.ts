// The list of workflows: what it shows, how it is narrowed, and what is done to many at once.
import assert from 'node:assert/strict';
import { browserTest } from './browser.ts';
import { world } from './world.ts';

const LIST = '/namespaces/default/workflows';

browserTest('the list shows every execution, newest first, with counts by status', async ({ page }) => {
  const { url } = await world();
  await page.goto(url + LIST);
  const table = page.getByRole('table', { name: 'Workflow executions' });
  const row = table.getByRole('row').filter({ hasText: 'order-3' });
  await row.waitFor();
  assert.match(await row.innerText(), /Failed[\s\S]*FailingOrder/);
  await page.getByText('8 workflows', { exact: true }).waitFor();
  const statuses = page.getByRole('group', { name: 'Executions by status' });
  await statuses.getByRole('button', { name: '2 Running' }).waitFor();
  await statuses.getByRole('button', { name: '1 Failed' }).waitFor();
});

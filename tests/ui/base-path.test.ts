// The pages behind a proxy that gives them a path of their own.
import assert from 'node:assert/strict';
import { browserTest } from './browser.ts';
import { open, world } from './world.ts';

const behind = () => world('--ui-public-path', '/tools/perdure');

browserTest('every address of the pages lies below the base path', async ({ page }) => {
  const { url } = await behind();
  assert.match(url, /\/tools\/perdure$/);
  const outside: string[] = [];
  page.on('request', (request) => {
    if (!new URL(request.url()).pathname.startsWith('/tools/perdure/')) outside.push(request.url());
  });
  await open(page, '/');
  await page.waitForURL('**/tools/perdure/namespaces/default/workflows');
  await page.getByRole('link', { name: 'order-1', exact: true }).click();
  await page.waitForURL('**/tools/perdure/namespaces/default/workflows/order-1/*');
  await page.getByRole('treeitem', { name: /chargeCard/ }).click();
  await page.reload();
  await page.getByRole('complementary', { name: 'Details' }).getByRole('heading', { name: 'chargeCard' }).waitFor();
  await page.getByRole('link', { name: 'Task queues' }).click();
  await page.getByRole('link', { name: 'orders', exact: true }).waitFor();
  await page.goBack();
  await page.getByRole('treeitem', { name: /chargeCard/ }).waitFor();
  assert.deepEqual(outside, []);
});

browserTest('the namespace is changed below the base path', async ({ page }) => {
  await behind();
  await open(page, '/namespaces/default/schedules');
  await page.getByRole('button', { name: 'Namespace: default' }).click();
  await page.getByRole('textbox', { name: 'Namespace' }).fill('temporal');
  await page.keyboard.press('Enter');
  await page.waitForURL('**/tools/perdure/namespaces/temporal-system/schedules');
});

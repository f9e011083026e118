// Two runs beside each other: what differs inside their data, where they part, and where the time went.
import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { unique } from '../e2e/harness.ts';
import { axeProblems, browserTest, overflowPx } from './browser.ts';
import { open, world } from './world.ts';

browserTest('two runs are compared: data that differs, and where the time went', async ({ page }) => {
  await open(page, '/namespaces/default/workflows/order-2');
  await page.getByRole('button', { name: 'More actions' }).click();
  await page.getByRole('menuitem', { name: 'Compare with another run' }).click();
  await page.getByText('The last completed run of this type is offered').waitFor();
  await page.getByLabel('Workflow id').last().fill('order-1');
  await page.getByLabel('Run id (empty: the latest)').last().fill('');
  await page.getByRole('button', { name: 'Compare' }).click();
  await page.waitForURL(/otherWorkflowId=order-1/);
  await page
    .getByRole('heading', { name: 'They part here' })
    .or(page.getByRole('heading', { name: 'Data that differs' }))
    .first()
    .waitFor();
  const text = await page.getByRole('main').innerText();
  assert.match(text, /chair/);
});

browserTest('the difference of two inputs is a tree of what differs, with all digits', async ({ page }) => {
  const items = Array.from({ length: 30 }, (_, sku) => ({ sku, count: 1 }));
  const note = 'Please deliver this parcel to the back door of the house.';
  await compare(
    page,
    `{"id": 9007199254740993, "items": ${JSON.stringify(items)}, "note": ${JSON.stringify(note)}, "old": true}`,
    `{"id": 9007199254740992, "items": ${JSON.stringify(items.toSpliced(3, 1))}, "note": ${JSON.stringify(note.replace('back', 'front'))}, "fresh": {"by": "Ada"}}`,
  );
  await page.getByText('2 changed, 1 added, 2 removed').waitFor();
  const card = page.getByRole('main');
  const texts = async (kind: 'ins' | 'del') => (await card.locator(kind).allInnerTexts()).map((text) => text.trim());
  assert.deepEqual((await texts('del')).slice(0, 1), ['9007199254740993']);
  assert.ok((await texts('del')).includes('back'));
  assert.ok((await texts('ins')).includes('front'));
  assert.ok((await texts('ins')).some((text) => /fresh/.test(text)));
  assert.equal(await page.getByText('sku').count(), 1, 'only of the element that is gone');
  await page.getByRole('button', { name: '26 entries are the same' }).click();
  await page.getByText('sku').nth(20).waitFor();
  await page.getByRole('button', { name: 'Side by side' }).click();
  await page.getByRole('heading', { name: 'Second run' }).waitFor();
  assert.deepEqual(await axeProblems(page), []);
});

browserTest('values without end are said to be too large, and stand side by side', async ({ page }) => {
  const list = (last: number) => `[${'1,'.repeat(100_000)}${last}]`;
  await compare(page, list(1), list(2));
  await page.getByText(/Too many values to compare/).waitFor();
  await page.getByRole('button', { name: 'Side by side' }).click();
  await page
    .getByRole('button', { name: /^Show 200/ })
    .first()
    .click();
  await page.getByText('100,001 entries').click();
  await page.getByRole('button', { name: '99,901 more' }).waitFor();
});

browserTest(
  'a failure beside a result, and one beside another, at 390 px',
  async ({ page }) => {
    await open(page, '/namespaces/default/compare?workflowId=order-1&otherWorkflowId=order-3');
    await page.getByRole('heading', { name: /^Failure/ }).waitFor();
    await page.getByText('It did not fail.').waitFor();
    await page.getByText('refund of 129.5 refused').first().waitFor();
    await page.getByRole('heading', { name: 'Differences in time' }).waitFor();
    assert.equal(await overflowPx(page), 0);
    assert.deepEqual(await axeProblems(page), []);
  },
  { width: 390, theme: 'dark' },
);

/** Two runs with these inputs that no worker has taken. */
async function compare(page: Page, ...inputs: readonly [string, string]): Promise<void> {
  const { client } = await world();
  const ids = inputs.map(() => unique('compared'));
  for (const [at, workflowId] of ids.entries()) {
    const input = { metadata: { encoding: Buffer.from('json/plain') }, data: Buffer.from(inputs[at] ?? '') };
    await client.workflowService.startWorkflowExecution({
      ...{ namespace: 'default', workflowId, workflowType: { name: 'Compared' }, taskQueue: { name: 'deserted' } },
      ...{ input: { payloads: [input] }, requestId: workflowId },
    });
  }
  await open(page, `/namespaces/default/compare?workflowId=${ids[0]}&otherWorkflowId=${ids[1]}`);
}

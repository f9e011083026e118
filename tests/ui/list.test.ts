// The list of workflows: what it shows, how it is narrowed and kept, and what is done to many at once.
import assert from 'node:assert/strict';
import type { Locator, Page } from 'playwright-core';
import { eventually, unique } from '../e2e/harness.ts';
import { browserTest, turnAway, underWay, withTab } from './browser.ts';
import { INPUT } from './world/seed.ts';
import { open, world } from './world.ts';

const LIST = '/namespaces/default/workflows';

browserTest('the list shows every execution, newest first, with counts by status', async ({ page }) => {
  await open(page, LIST);
  await rowOf(page, 'order-3').waitFor();
  assert.match(await rowOf(page, 'order-3').innerText(), /Failed[\s\S]*FailingOrder/);
  await page.getByText(/^\d+ workflows$/).waitFor();
  const { client } = await world();
  const { count } = await client.workflow.count('ExecutionStatus = "Failed"');
  await statuses(page)
    .getByRole('button', { name: `${count} Failed` })
    .waitFor();
  await statuses(page)
    .getByRole('button', { name: /\d+ Running/ })
    .waitFor();
});

browserTest('status, query and chips are one filter, and it stands in the URL', async ({ page }) => {
  await open(page, LIST);
  await statuses(page)
    .getByRole('button', { name: /Failed/ })
    .click();
  await eventually('only failed ones', async () => ((await ids(page)).join() === 'order-3' ? true : undefined));
  const query = page.getByRole('textbox', { name: 'Query' });
  assert.match(await query.inputValue(), /^ExecutionStatus = ["']Failed["']$/);
  assert.match(new URL(page.url()).searchParams.get('query') ?? '', /Failed/);
  await page.getByRole('button', { name: 'ExecutionStatus: Failed', exact: true }).waitFor();

  await query.fill('WorkflowId = "order-1" AND ExecutionStatus = "Completed"');
  await query.press('Enter');
  await eventually('one completed', async () => ((await ids(page)).join() === 'order-1' ? true : undefined));
  assert.equal(
    await statuses(page)
      .getByRole('button', { name: /Completed/ })
      .getAttribute('aria-pressed'),
    'true',
  );
  await page.getByRole('button', { name: 'Remove filter WorkflowId: order-1' }).click();
  await rowOf(page, 'order-2').waitFor();
  assert.doesNotMatch(await query.inputValue(), /WorkflowId/);

  await page.goBack();
  await eventually('the filter before', async () => ((await ids(page)).join() === 'order-1' ? true : undefined));
});

browserTest('a condition is made in the editor without knowing the query language', async ({ page }) => {
  await open(page, LIST);
  await page.getByRole('button', { name: 'Add filter' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Field').selectOption('WorkflowId');
  await dialog.getByLabel('Condition').selectOption('STARTS_WITH');
  await dialog.getByLabel('Value', { exact: true }).fill('stuck');
  await dialog.getByRole('button', { name: 'Apply' }).click();
  await eventually('only stuck ones', async () => ((await ids(page)).join() === 'stuck-1' ? true : undefined));
});

browserTest('a query that is wrong is explained, with the words of the server', async ({ page, tolerate }) => {
  tolerate(/status of 400/);
  await open(page, `${LIST}?query=${encodeURIComponent('Colour = "red"')}`);
  const alert = page.getByRole('alert');
  await alert.getByText('The query is not understood').waitFor();
  assert.match(await alert.innerText(), /Colour/);
});

browserTest('a column orders the list, and says so', async ({ page }) => {
  await open(
    page,
    `${LIST}?query=${encodeURIComponent('WorkflowId STARTS_WITH "order-" AND ParentWorkflowId IS NULL')}`,
  );
  const head = page.getByRole('columnheader', { name: /^Workflow id/ });
  await head.getByRole('button', { name: 'Workflow id', exact: true }).click();
  await eventually('last first', async () =>
    (await ids(page)).join() === 'order-3,order-2,order-1' ? true : undefined,
  );
  assert.equal(await head.getAttribute('aria-sort'), 'descending');
  await head.getByRole('button', { name: 'Workflow id', exact: true }).click();
  await eventually('first first', async () =>
    (await ids(page)).join() === 'order-1,order-2,order-3' ? true : undefined,
  );
  assert.equal(await head.getAttribute('aria-sort'), 'ascending');
});

browserTest('a saved view is there after a reload, and for everybody else', async ({ page }) => {
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
  await withTab({}, async ({ page: other }) => {
    await open(other, LIST);
    await other.getByRole('button', { name: 'Views' }).click();
    await other.getByRole('menuitem', { name }).click();
    await eventually('the view', async () => ((await ids(other)).join() === 'order-3' ? true : undefined));
  });
});

browserTest('columns are chosen and moved, and stay as they were chosen', async ({ page }) => {
  await open(page, LIST);
  await page.getByRole('button', { name: 'Columns' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('checkbox', { name: 'Run id' }).check();
  await dialog.getByRole('checkbox', { name: 'Task queue' }).uncheck();
  await dialog.getByRole('button', { name: 'Move Type up' }).click();
  await page.keyboard.press('Escape');
  await page.reload();
  await page.getByRole('columnheader', { name: 'Run id' }).waitFor();
  const heads = await page.getByRole('columnheader').allInnerTexts();
  assert.ok(!heads.includes('Task queue'), heads.join());
  assert.ok(heads.indexOf('Type') < heads.indexOf('Workflow id'), heads.join());
});

browserTest('a column is dragged to another place, and stays there', async ({ page }) => {
  await open(page, LIST);
  await rowOf(page, 'order-3').waitFor();
  await loadEditing(page);
  const [status, type] = [headOf(page, 'Status'), headOf(page, 'Type')];
  await drag(page, type, await leftOf(status));
  await eventually('type first', async () => ((await headTitles(page)).at(0) === 'Type' ? true : undefined));
  assert.equal(await type.getAttribute('aria-sort'), 'none', 'a drag is no click');
  await page.reload();
  await rowOf(page, 'order-3').waitFor();
  assert.deepEqual((await headTitles(page)).slice(0, 3), ['Type', 'Status', 'Workflow id']);
  await loadEditing(page);
  await drag(page, type, await rightOf(headOf(page, 'Workflow id')), { release: false });
  await page.keyboard.press('Escape');
  await page.mouse.up();
  assert.equal((await headTitles(page))[0], 'Type', 'Escape leaves all as it is');
});

browserTest('a column is made wider by pointer and by keyboard, and stays so', async ({ page }) => {
  await open(page, LIST);
  await rowOf(page, 'order-3').waitFor();
  await loadEditing(page);
  const type = headOf(page, 'Type');
  const edge = page.getByRole('button', { name: 'Width of Type' });
  const before = await widthOf(type);
  await drag(page, edge, (await rightOf(edge)) + 60);
  const wide = await eventually('it is wider', async () => atLeast(await widthOf(type), before + 50));
  await page.getByRole('button', { name: 'Columns' }).press('Enter');
  await page.getByRole('dialog').getByRole('button', { name: 'Make Type wider' }).press('Enter');
  const wider = await eventually('it is wider still', async () => atLeast(await widthOf(type), wide + 16));
  await page.reload();
  await rowOf(page, 'order-3').waitFor();
  assert.equal(await widthOf(type), wider);
  await page.getByRole('button', { name: 'Columns' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Standard columns' }).click();
  await eventually('as it was', async () => ((await widthOf(type)) === before ? true : undefined));
});

browserTest('a range of rows is selected with shift, by pointer and by keyboard', async ({ page }) => {
  await open(page, `${LIST}?query=${encodeURIComponent('WorkflowId IN ("order-1", "order-2", "order-3", "agent-1")')}`);
  await rowOf(page, 'order-1').waitFor();
  const box = (at: number) => page.getByRole('checkbox', { name: `Select row ${at}` });
  await box(4).click();
  await box(2).click({ modifiers: ['Shift'] });
  await page.getByText('3 selected').waitFor();
  assert.deepEqual(await Promise.all([1, 2, 3, 4].map((at) => box(at).isChecked())), [false, true, true, true]);
  await box(4).click({ modifiers: ['Shift'] });
  await page.getByText('3 selected').waitFor({ state: 'detached' });
  await page.locator('body').click({ position: { x: 5, y: 5 } });
  for (const key of ['j', 'x', 'j', 'j', 'Shift+X']) await page.keyboard.press(key);
  await page.getByText('3 selected').waitFor();
});

browserTest('what starts meanwhile is announced, and shown when asked for', async ({ page }) => {
  await open(page, `${LIST}?query=${encodeURIComponent('WorkflowType = "Bulk"')}`);
  await page.getByText('No workflow matches').waitFor();
  const { client } = await world();
  const [first, second] = [unique('bulk'), unique('bulk')];
  await client.workflow.execute('Bulk', { workflowId: first, taskQueue: 'orders', args: [1] });
  await page.getByRole('button', { name: 'Refresh' }).click();
  await rowOf(page, first).waitFor();
  await client.workflow.execute('Bulk', { workflowId: second, taskQueue: 'orders', args: [1] });
  await page.getByRole('button', { name: '1 new' }).click();
  await rowOf(page, second).waitFor();
  assert.deepEqual(await ids(page), [second, first]);
});

browserTest('a list that nobody sees is told nothing, and catches up when it is seen again', async ({ page }) => {
  const streams = underWay(page, /\/live$/);
  await open(page, `${LIST}?query=${encodeURIComponent('WorkflowType IN ("Bulk", "FailingOrder")')}`);
  await rowOf(page, 'order-3').waitFor();
  await eventually('a stream', async () => (streams.size === 1 ? true : undefined));
  await turnAway(page);
  await eventually('no stream', async () => (streams.size === 0 ? true : undefined));
  const { client } = await world();
  const workflowId = unique('bulk');
  await client.workflow.execute('Bulk', { workflowId, taskQueue: 'orders', args: [1] });
  await turnAway(page, false);
  await page.getByRole('button', { name: '1 new' }).click();
  await rowOf(page, workflowId).waitFor();
});

browserTest('a row opens to the children of the workflow', async ({ page }) => {
  await open(page, `${LIST}?query=${encodeURIComponent('WorkflowId = "order-1"')}`);
  await page.getByRole('button', { name: 'Children of order-1' }).click();
  await rowOf(page, 'order-1-shipment').waitFor();
  await page.getByRole('button', { name: 'Children of order-1', expanded: true }).click();
  await rowOf(page, 'order-1-shipment').waitFor({ state: 'detached' });
});

browserTest('children of children open too, are kept up to date, and their absence is told', async ({ page }) => {
  const { client } = await world();
  const orderId = unique('delivery');
  await client.workflow.start('Delivery', { workflowId: orderId, taskQueue: 'orders', args: [{ ...INPUT, orderId }] });
  await open(page, `${LIST}?query=${encodeURIComponent(`WorkflowId = "${orderId}"`)}`);
  await page.getByRole('button', { name: `Children of ${orderId}` }).click();
  const child = rowOf(page, `${orderId}-first`);
  await child.getByText('Running').waitFor();
  await page.getByRole('button', { name: `Children of ${orderId}-first` }).click();
  await page.getByText('It has no children.').waitFor();
  await client.workflow.getHandle(`${orderId}-first`).signal('approve', 'Ada');
  await child.getByText('Completed').waitFor();
  await rowOf(page, `${orderId}-second`).getByText('Running').waitFor();
});

browserTest('the list is walked, selected from and opened by keyboard', async ({ page }) => {
  await open(page, `${LIST}?query=${encodeURIComponent('WorkflowId IN ("order-1", "order-2", "order-3")')}`);
  await rowOf(page, 'order-1').waitFor();
  const [, second = ''] = await ids(page);
  for (const key of ['j', 'j', 'j', 'k', 'x']) await page.keyboard.press(key);
  await page.getByText('1 selected').waitFor();
  assert.ok(await rowOf(page, second).getByRole('checkbox').isChecked());
  await page.keyboard.press('Escape');
  await page.getByText('1 selected').waitFor({ state: 'detached' });
  await page.keyboard.press('Enter');
  await page.waitForURL(`**/workflows/${second}/*`);
});

browserTest('all that match are signalled by one batch operation', async ({ page }) => {
  const { client } = await world();
  const handles = await approvals(3);
  const query = `WorkflowId IN (${handles.map(({ workflowId }) => `"${workflowId}"`).join(', ')})`;
  await open(page, `${LIST}?query=${encodeURIComponent(query)}`);
  await rowOf(page, handles[0]?.workflowId ?? '')
    .getByRole('checkbox')
    .check();
  await page.getByRole('button', { name: 'Select all 3 that match' }).click();
  await page.getByText('All 3 that match are selected').waitFor();
  await page.getByRole('button', { name: 'Signal', exact: true }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('3 workflows will be affected.').waitFor();
  await dialog.getByLabel('Signal name').fill('approve');
  await dialog.getByLabel('Input (JSON)').fill('"Ada"');
  await dialog.getByLabel('Reason').fill('tested');
  await dialog.getByRole('button', { name: 'Signal 3' }).click();
  await page.waitForURL('**/batch-operations/*');
  const results = await Promise.all(handles.map((handle) => client.workflow.getHandle(handle.workflowId).result()));
  assert.deepEqual(
    results,
    Array.from({ length: 3 }, () => 'approved by Ada: book, lamp'),
  );
});

browserTest('many are terminated only by who has typed how many', async ({ page }) => {
  const handles = await approvals(2);
  const query = `WorkflowId IN (${handles.map(({ workflowId }) => `"${workflowId}"`).join(', ')})`;
  await open(page, `${LIST}?query=${encodeURIComponent(query)}`);
  await rowOf(page, handles[0]?.workflowId ?? '').waitFor();
  await page.getByRole('checkbox', { name: 'Select all rows' }).check();
  await page.getByRole('button', { name: 'Terminate', exact: true }).click();
  const dialog = page.getByRole('dialog');
  const submit = dialog.getByRole('button', { name: 'Terminate 2' });
  await submit.waitFor();
  assert.ok(await submit.isDisabled());
  await dialog.getByLabel('Type 2 to confirm').fill('3');
  assert.ok(await submit.isDisabled());
  await dialog.getByLabel('Type 2 to confirm').fill('2');
  assert.ok(await submit.isDisabled(), 'a batch operation needs a reason');
  await dialog.getByLabel('Reason').fill('tested');
  await submit.click();
  await page.waitForURL('**/batch-operations/*');
  for (const handle of handles) {
    await eventually('its end', async () =>
      (await handle.describe()).status.name === 'TERMINATED' ? true : undefined,
    );
  }
});

async function approvals(count: number) {
  const { client } = await world();
  return Promise.all(
    Array.from({ length: count }, () =>
      client.workflow.start('Approval', { workflowId: unique('approval'), taskQueue: 'orders', args: [INPUT] }),
    ),
  );
}

function rowOf(page: Page, workflowId: string): Locator {
  const link = page.getByRole('link', { name: workflowId, exact: true });
  return page.getByRole('row').filter({ has: link });
}

/** The ids in the table, from top to bottom. */
async function ids(page: Page): Promise<readonly string[]> {
  const rows = await page.getByRole('row').all();
  const texts = await Promise.all(rows.slice(1).map((row) => row.getByRole('link').first().innerText()));
  return texts;
}

function statuses(page: Page): Locator {
  return page.getByRole('group', { name: 'Executions by status' });
}

function headOf(page: Page, title: string): Locator {
  return page.getByRole('columnheader').filter({ hasText: new RegExp(`^${title}`) });
}

async function headTitles(page: Page): Promise<readonly string[]> {
  const texts = await page.getByRole('columnheader').allInnerTexts();
  return texts.filter((text) => text !== '');
}

/** What moves columns is loaded when somebody begins to; a pointer of a test is faster than any hand. */
async function loadEditing(page: Page): Promise<void> {
  const edge = page.getByRole('button', { name: 'Width of Type' });
  await Promise.all([page.waitForResponse(/edit-columns/), edge.click()]);
}

/** From the middle of an element to a place at the same height. */
async function drag(page: Page, what: Locator, toX: number, { release = true } = {}): Promise<void> {
  const box = await boxOf(what);
  const y = box.y + box.height / 2;
  await page.mouse.move(box.x + box.width / 2, y);
  await page.mouse.down();
  await page.mouse.move(toX, y, { steps: 8 });
  if (release) await page.mouse.up();
}

async function leftOf(what: Locator): Promise<number> {
  return (await boxOf(what)).x;
}

async function rightOf(what: Locator): Promise<number> {
  const { x, width } = await boxOf(what);
  return x + width;
}

async function widthOf(what: Locator): Promise<number> {
  return (await boxOf(what)).width;
}

async function boxOf(what: Locator) {
  return (await what.boundingBox()) ?? assert.fail('it is not shown');
}

function atLeast(value: number, least: number): number | undefined {
  return value >= least ? value : undefined;
}

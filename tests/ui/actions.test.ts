// What can be done with a run and its activities: each test asks the server whether it was done.
import assert from 'node:assert/strict';
import type { WorkflowHandle } from '@temporalio/client';
import type { Locator, Page } from 'playwright-core';
import { eventually, unique } from '../e2e/harness.ts';
import { axeProblems, browserTest } from './browser.ts';
import { INPUT } from './world/seed.ts';
import { open, world } from './world.ts';

browserTest('a signal is sent with its input', async ({ page }) => {
  const handle = await begin('Approval');
  await openRun(page, handle);
  await page.getByRole('button', { name: 'Signal', exact: true }).click();
  await dialog(page).getByLabel('Signal', { exact: true }).fill('approve');
  await typeJson(page, '"Ada"');
  await dialog(page)
    .getByText(/perdure workflow signal .*--name approve/)
    .waitFor();
  await dialog(page).getByRole('button', { name: 'Send' }).click();
  await page.getByText('Signal approve was sent').waitFor();
  assert.equal(await handle.result(), 'approved by Ada: book, lamp');
});

browserTest('input that is no JSON is not sent', async ({ page }) => {
  const handle = await begin('Approval');
  await openRun(page, handle);
  await page.getByRole('button', { name: 'Signal', exact: true }).click();
  await dialog(page).getByLabel('Signal', { exact: true }).fill('approve');
  await typeJson(page, '{"name": ');
  await dialog(page).getByRole('alert').waitFor();
  assert.ok(await dialog(page).getByRole('button', { name: 'Send' }).isDisabled());
});

browserTest('an update shows its answer, or why it was refused', async ({ page }) => {
  const handle = await begin('Approval');
  await openRun(page, handle);
  await page.getByRole('button', { name: 'Update', exact: true }).click();
  await dialog(page).getByLabel('Update', { exact: true }).fill('addItem');
  await typeJson(page, '"vase"');
  await dialog(page).getByRole('button', { name: 'Send and wait' }).click();
  const completed = dialog(page).getByRole('heading', { name: 'Completed' });
  await completed.waitFor();
  // The answer to something else is no answer to this.
  await dialog(page).locator('.cm-content').click();
  await page.keyboard.press('Control+a');
  await page.keyboard.insertText('"frame"');
  await completed.waitFor({ state: 'detached' });
  await dialog(page).getByRole('button', { name: 'Send and wait' }).click();
  await completed.waitFor();
  await dialog(page).getByText('4', { exact: true }).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Update', exact: true }).click();
  await dialog(page).getByLabel('Update', { exact: true }).fill('addItem');
  await typeJson(page, '""');
  await dialog(page).getByRole('button', { name: 'Send and wait' }).click();
  await dialog(page).getByText('an item needs a name').first().waitFor();
  await handle.signal('approve', 'Ada');
  assert.equal(await handle.result(), 'approved by Ada: book, lamp, vase, frame');
});

browserTest('cancellation is requested', async ({ page }) => {
  const handle = await begin('Approval');
  await openRun(page, handle);
  await page.getByRole('button', { name: 'Request cancellation' }).click();
  await dialog(page).getByLabel('Reason').fill('not wanted');
  await dialog(page).getByRole('button', { name: 'Request cancellation' }).click();
  await page.getByText('Cancellation was requested').first().waitFor();
  await ends(handle, 'CANCELLED');
});

browserTest('a workflow is terminated, and the page shows it', async ({ page }) => {
  const handle = await begin('Approval');
  await openRun(page, handle);
  await fromMenu(page, 'Terminate');
  await dialog(page).getByLabel('Reason').fill('tested');
  await dialog(page).getByRole('button', { name: 'Terminate' }).click();
  await ends(handle, 'TERMINATED');
  await page.getByText('Terminated', { exact: true }).first().waitFor();
});

browserTest('a reset says what runs again, and leads to the new run', async ({ page }) => {
  const { client } = await world();
  const handle = await begin('FailingOrder');
  await ends(handle, 'FAILED');
  await openRun(page, handle);
  const before = page.url();
  await fromMenu(page, 'Reset');
  const points = dialog(page).getByLabel('Back to');
  // Whatever failed is done again.
  await dialog(page).getByRole('listitem').filter({ hasText: 'refund' }).waitFor();
  const first = await points.locator('option').last().getAttribute('value');
  await points.selectOption(first);
  await dialog(page).getByText('Will run again').waitFor();
  await dialog(page).getByRole('listitem').filter({ hasText: 'reserveStock' }).waitFor();
  await dialog(page).getByRole('listitem').filter({ hasText: 'refund' }).waitFor();
  await dialog(page).getByLabel('Reason').fill('tested');
  await dialog(page).getByRole('button', { name: 'Reset' }).click();
  await page.waitForURL((url) => url.pathname !== new URL(before).pathname);
  const { runId } = await client.workflow.getHandle(handle.workflowId).describe();
  assert.ok(page.url().includes(runId), `${page.url()} is not of ${runId}`);
});

browserTest('a workflow is paused and goes on', async ({ page }) => {
  const handle = await begin('Approval');
  await openRun(page, handle);
  await fromMenu(page, 'Pause');
  await page.getByText(/Paused by perdure-web-ui/).waitFor();
  await ends(handle, 'PAUSED');
  await fromMenu(page, 'Unpause');
  await ends(handle, 'RUNNING');
});

browserTest('a pending activity is paused, and goes on', async ({ page }) => {
  const handle = await begin('StuckOrder');
  await openActivity(page, handle);
  await inspector(page).getByRole('button', { name: 'Pause', exact: true }).click();
  await eventually('the pause', async () => ((await pending(handle))?.paused === true ? true : undefined));
  await inspector(page).getByRole('button', { name: 'Unpause' }).click();
  await eventually('the end of the pause', async () => ((await pending(handle))?.paused ? undefined : true));
});

browserTest('an activity that waits for its next attempt runs now', async ({ page }) => {
  const handle = await begin('StuckOrder');
  await openActivity(page, handle);
  await eventually('its first failure', async () => ((await pending(handle))?.attempt === 2 ? true : undefined));
  await inspector(page).getByRole('button', { name: 'Run now' }).click();
  await eventually('its second failure', async () => ((await pending(handle))?.attempt === 3 ? true : undefined));
});

browserTest('timeouts and retries of a pending activity are changed, and restored', async ({ page }) => {
  const handle = await begin('StuckOrder');
  await eventually('its first failure', async () => ((await pending(handle))?.attempt === 2 ? true : undefined));
  await openActivity(page, handle);
  await inspector(page).getByRole('button', { name: 'Options' }).click();
  const submit = dialog(page).getByRole('button', { name: 'Change options' });
  assert.equal(await dialog(page).getByLabel('Initial retry interval').inputValue(), '10m');
  assert.ok(await submit.isDisabled(), 'nothing is different');
  await dialog(page).getByLabel('Start-to-close timeout').fill('soon');
  await dialog(page).getByText('Write it like 90s').waitFor();
  assert.ok(await submit.isDisabled());
  await dialog(page).getByLabel('Start-to-close timeout').fill('1m 30s');
  await dialog(page).getByLabel('Maximum attempts').fill('');
  assert.match(
    await dialog(page).getByRole('group', { name: 'The same on the command line' }).innerText(),
    /^perdure activity update-options .*--start-to-close-timeout 1m30s --retry-maximum-attempts 0/,
  );
  assert.deepEqual(await axeProblems(page), []);
  await submit.click();
  const options = async () => {
    const { startToCloseTimeout, retryPolicy } = (await pending(handle))?.activityOptions ?? {};
    return `${Number(startToCloseTimeout?.seconds)} ${retryPolicy?.maximumAttempts ?? 0}`;
  };
  await eventually('the new options', async () => ((await options()) === '90 0' ? true : undefined));
  await dialog(page).waitFor({ state: 'detached' });
  await inspector(page).getByRole('button', { name: 'Options' }).click();
  await eventually('the form has the new ones', async () =>
    (await dialog(page).getByLabel('Start-to-close timeout').inputValue()) === '1m 30s' ? true : undefined,
  );
  await dialog(page).getByLabel('Restore the options').check();
  await submit.click();
  await eventually('the options before', async () => ((await options()) === '10 10' ? true : undefined));
});

browserTest('an activity is completed by hand', async ({ page }) => {
  const handle = await begin('StuckOrder');
  await openActivity(page, handle);
  await inspector(page).getByRole('button', { name: 'Complete', exact: true }).click();
  await dialog(page).getByLabel('Result (JSON)').fill('"found it"');
  await dialog(page).getByRole('button', { name: 'Complete' }).click();
  await ends(handle, 'COMPLETED');
});

browserTest('an activity is failed by hand, with words that the workflow sees', async ({ page }) => {
  const handle = await begin('PackedOrder');
  await openActivity(page, handle, 'pack');
  await inspector(page).getByRole('button', { name: 'Fail', exact: true }).click();
  await dialog(page).getByLabel('Message').fill('the warehouse burnt down');
  await dialog(page).getByLabel('Failure type').fill('NoWarehouse');
  await dialog(page).getByRole('button', { name: 'Fail' }).click();
  await ends(handle, 'FAILED');
  await page
    .getByText(/the warehouse burnt down/)
    .first()
    .waitFor();
});

browserTest(
  'an activity that waits for its next attempt cannot be failed, and the button says so',
  async ({ page }) => {
    const handle = await begin('StuckOrder');
    await eventually('its first failure', async () => ((await pending(handle))?.attempt === 2 ? true : undefined));
    await openActivity(page, handle);
    const fail = inspector(page).getByRole('button', { name: 'Fail', exact: true });
    assert.ok(await fail.isDisabled());
    assert.match((await fail.getAttribute('title')) ?? '', /Only an attempt that runs/);
  },
);

async function begin(type: string): Promise<WorkflowHandle> {
  const { client } = await world();
  return client.workflow.start(type, { workflowId: unique('run'), taskQueue: 'orders', args: [INPUT] });
}

async function openRun(page: Page, { workflowId }: WorkflowHandle): Promise<void> {
  await open(page, `/namespaces/default/workflows/${workflowId}`);
  await page.waitForURL(`**/workflows/${workflowId}/*`);
}

async function openActivity(page: Page, handle: WorkflowHandle, name = 'unreachable'): Promise<void> {
  await openRun(page, handle);
  await page.getByRole('treeitem', { name: `activity ${name}` }).click();
  await inspector(page).getByRole('heading', { name }).waitFor();
}

async function pending(handle: WorkflowHandle) {
  const { raw } = await handle.describe();
  return raw.pendingActivities?.[0];
}

async function ends(handle: WorkflowHandle, status: string): Promise<void> {
  await eventually(`status ${status}`, async () =>
    (await handle.describe()).status.name === status ? true : undefined,
  );
}

async function fromMenu(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name: 'More actions' }).click();
  await page.getByRole('menuitem', { name, exact: true }).click();
}

/** The field becomes an editor when it is used. */
async function typeJson(page: Page, text: string): Promise<void> {
  await dialog(page).getByLabel('Input (JSON)').click();
  const editor = dialog(page).locator('.cm-content');
  await editor.waitFor();
  await page.keyboard.insertText(text);
}

function dialog(page: Page): Locator {
  return page.getByRole('dialog');
}

function inspector(page: Page): Locator {
  return page.getByRole('complementary', { name: 'Details' });
}

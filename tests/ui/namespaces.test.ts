// Namespaces and their search attributes: made, changed and removed from the page, where the server lets pages do it.
import assert from 'node:assert/strict';
import type { Locator } from 'playwright-core';
import { eventually, unique } from '../e2e/harness.ts';
import { axeProblems, browserTest, overflowPx } from './browser.ts';
import { open, world } from './world.ts';

interface Described {
  readonly namespaceInfo: {
    readonly description?: string;
    readonly ownerEmail?: string;
    readonly data?: Readonly<Record<string, string>>;
  };
  readonly config: { readonly workflowExecutionRetentionTtl: string };
}

browserTest('a namespace is made with all it can have, and changed afterwards', async ({ page }) => {
  const name = unique('orders');
  await open(page, '/namespaces');
  await page.getByRole('button', { name: 'Create namespace' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name', { exact: true }).fill(name);
  await dialog.getByLabel('Description').fill('Orders of all shops');
  await dialog.getByLabel('Owner e-mail').fill('ada@example.com');
  await dialog.getByLabel('Retention (days)').fill('30');
  await addData(dialog, 1, 'team', 'blue');
  await addData(dialog, 2, 'team', 'green');
  await dialog.getByText('This key is there already.').waitFor();
  assert.ok(await dialog.getByRole('button', { name: 'Save' }).isDisabled());
  await dialog.getByLabel('Key 2', { exact: true }).fill('cost-centre');
  assert.match(
    await dialog.getByRole('group', { name: 'The same on the command line' }).innerText(),
    new RegExp(
      `^perdure operator namespace create --namespace ${name} --description 'Orders of all shops' ` +
        '--email ada@example.com --retention 30d --data team=blue --data cost-centre=green',
    ),
  );
  await dialog.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('link', { name, exact: true }).click();
  await page.getByRole('heading', { name, exact: true }).waitFor();
  await page.getByText('ada@example.com').waitFor();

  await page.getByRole('button', { name: 'Edit' }).click();
  assert.ok(await dialog.getByRole('button', { name: 'Save' }).isDisabled(), 'nothing is different');
  await dialog.getByLabel('Description').fill('');
  await dialog.getByText('servers do not let it be emptied').waitFor();
  await dialog.getByLabel('Description').fill('Orders');
  await dialog.getByLabel('Retention (days)').fill('7');
  await dialog.getByText('What ended longer ago is removed').waitFor();
  assert.ok(await dialog.getByLabel('Key 1', { exact: true }).isDisabled(), 'servers keep keys for good');
  await dialog.getByLabel('Value 1').fill('red');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Orders', { exact: true }).waitFor();
  const { namespaceInfo, config } = await described(name);
  assert.equal(namespaceInfo.description, 'Orders');
  assert.equal(namespaceInfo.ownerEmail, 'ada@example.com');
  assert.deepEqual(namespaceInfo.data, { team: 'red', 'cost-centre': 'green' });
  assert.equal(config.workflowExecutionRetentionTtl, '604800s');
});

browserTest(
  'a search attribute is added, filtered by, and removed after saying what becomes of it',
  async ({ page }) => {
    const name = `City${unique('x').replaceAll(/\W/g, '')}`;
    await open(page, '/namespaces/default');
    await page.getByRole('button', { name: 'Add search attribute' }).click();
    const dialog = page.getByRole('dialog');
    const submit = dialog.getByRole('button', { name: 'Add search attribute' });
    await dialog.getByLabel('Name', { exact: true }).fill('WorkflowId');
    await dialog.getByText('There is one of this name already.').waitFor();
    assert.ok(await submit.isDisabled());
    await dialog.getByLabel('Name', { exact: true }).fill(name);
    await dialog.getByLabel('Type', { exact: true }).selectOption('KeywordList');
    assert.match(
      await dialog.getByRole('group', { name: 'The same on the command line' }).innerText(),
      new RegExp(`^perdure operator search-attribute create --name ${name} --type KeywordList`),
    );
    assert.deepEqual(await axeProblems(page), []);
    await submit.click();
    await page
      .getByRole('row', { name: new RegExp(`^${name} KeywordList`) })
      .first()
      .waitFor();
    const { client, url } = await world();
    const filter = `${name} IS NOT NULL`;
    const workflowId = unique('attributed');
    const attributes = { [name]: ['Rome', 'Oslo'] };
    await client.workflow.start('Bulk', {
      ...{ workflowId, taskQueue: 'orders', args: [1] },
      searchAttributes: attributes,
    });
    await eventually('it is found', async () => ((await client.workflow.count(filter)).count === 1 ? true : undefined));

    await page.getByRole('button', { name: `Remove ${name}` }).click();
    await dialog.getByText('1 execution has a value of it.').waitFor();
    await dialog.getByText(/Executions keep their values/).waitFor();
    assert.deepEqual(await axeProblems(page), []);
    assert.equal(await overflowPx(page), 0);
    await dialog.getByRole('button', { name: 'Remove', exact: true }).click();
    await page.getByRole('button', { name: `Remove ${name}` }).waitFor({ state: 'detached' });
    const answer = await fetch(`${url}/api/v1/namespaces/default/workflows?query=${encodeURIComponent(filter)}`);
    assert.equal(answer.status, 400);
  },
  { width: 390, height: 844, theme: 'dark' },
);

browserTest('a namespace is deleted only by who has typed its name', async ({ page }) => {
  const { url } = await world();
  const name = unique('doomed');
  const body = JSON.stringify({ namespace: name, workflowExecutionRetentionPeriod: '86400s' });
  assert.equal((await fetch(`${url}/api/v1/namespaces`, { method: 'POST', body })).status, 200);
  await eventually('it can be opened', async () => {
    await open(page, `/namespaces/${name}`);
    return (await page.getByRole('button', { name: 'Delete' }).isVisible()) || undefined;
  });
  await page.getByRole('button', { name: 'Delete' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('No workflow runs in it.').waitFor();
  const submit = dialog.getByRole('button', { name: 'Delete' });
  await dialog.getByLabel(`Type ${name} to confirm`).fill('doomed');
  assert.ok(await submit.isDisabled());
  await dialog.getByLabel(`Type ${name} to confirm`).fill(name);
  assert.deepEqual(await axeProblems(page), []);
  await submit.click();
  await page.waitForURL('**/namespaces');
  await page.getByRole('link', { name: 'default', exact: true }).waitFor();
  await page.getByRole('link', { name, exact: true }).waitFor({ state: 'detached' });
  assert.equal((await fetch(`${url}/api/v1/namespaces/${name}`)).status, 404);
});

browserTest('what the server refuses is told in its words', async ({ page, tolerate }) => {
  tolerate(/status of 4/);
  await open(page, '/namespaces/temporal-system');
  await page.getByRole('button', { name: 'Delete' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Type temporal-system to confirm').fill('temporal-system');
  await dialog.getByRole('button', { name: 'Delete' }).click();
  await dialog.getByRole('alert').getByText('unable to delete system namespace').first().waitFor();
});

async function addData(dialog: Locator, number: number, key: string, value: string): Promise<void> {
  await dialog.getByRole('button', { name: 'Add a key' }).click();
  await dialog.getByLabel(`Key ${number}`, { exact: true }).fill(key);
  await dialog.getByLabel(`Value ${number}`).fill(value);
}

async function described(namespace: string): Promise<Described> {
  const { url } = await world();
  return (await (await fetch(`${url}/api/v1/namespaces/${namespace}`)).json()) as Described;
}

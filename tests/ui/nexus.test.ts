// Nexus endpoints, which our server does not have: the pages get the answers that a Temporal server gave (1.31.2).
import assert from 'node:assert/strict';
import { type Answer, answerWith } from './answers.ts';
import { axeProblems, browserTest, overflowPx } from './browser.ts';
import { open } from './world.ts';

const ID = '613e0a99-d7ac-494e-ad9d-fa65be954e99';
const OTHER = '165edc7c-5ca8-45bf-8564-dfbfee760dd9';
const MARKDOWN = '# Guide\n\nCharges **cards**. See [the guide](https://example.com/guide).';

const description = (text: string) => ({
  metadata: { encoding: base64('json/plain') },
  data: base64(JSON.stringify(text)),
});
const WORKERS = { worker: { namespace: 'default', taskQueue: 'orders' } };
const URL_TARGET = { external: { url: 'https://partner.example.com/nexus' } };
const PAYMENTS = {
  ...{ version: '3', id: ID, createdTime: '2026-11-29T20:31:25.730520412Z' },
  spec: { name: 'payments', description: description(MARKDOWN), target: WORKERS },
  urlPrefix: `/nexus/endpoints/${ID}/services`,
};
const PARTNER = {
  ...{ version: '2', id: OTHER, lastModifiedTime: '2026-11-29T20:31:27.263Z' },
  spec: { name: 'partner', target: URL_TARGET },
};

const answer = (name: string, body: object, requested = false): Answer => ({
  ...{ type: `operatorservice.v1.${name}Response`, body },
  ...(requested ? { requestType: `operatorservice.v1.${name}Request` } : {}),
});
const ANSWERS: Readonly<Record<string, Answer>> = {
  'GET nexus/endpoints': answer('ListNexusEndpoints', { endpoints: [PAYMENTS, PARTNER] }),
  [`GET nexus/endpoints/${ID}`]: answer('GetNexusEndpoint', { endpoint: PAYMENTS }),
  [`GET nexus/endpoints/${OTHER}`]: answer('GetNexusEndpoint', { endpoint: PARTNER }),
  'POST nexus/endpoints': answer('CreateNexusEndpoint', { endpoint: PAYMENTS }, true),
  [`POST nexus/endpoints/${ID}/update`]: answer('UpdateNexusEndpoint', { endpoint: PAYMENTS }, true),
  [`DELETE nexus/endpoints/${OTHER}`]: answer('DeleteNexusEndpoint', {}),
};

browserTest('endpoints are listed, and each has a page with its Markdown and its target', async ({ page }) => {
  await answerWith(page, ANSWERS);
  await open(page, '/nexus');
  await page.getByRole('row', { name: /payments.*default \/ orders/ }).waitFor();
  await page.getByRole('row', { name: /partner.*https:\/\/partner\.example\.com\/nexus/ }).click();
  await page.waitForURL(`**/nexus/${OTHER}`);
  await page.getByText('Nobody has described it.').waitFor();
  await page.getByRole('navigation').getByRole('link', { name: 'Nexus endpoints' }).click();
  await page.getByRole('link', { name: 'payments' }).click();
  await page.getByRole('heading', { name: 'Guide' }).waitFor();
  assert.equal(await page.getByRole('link', { name: 'the guide' }).getAttribute('href'), 'https://example.com/guide');
  for (const width of [1440, 390]) {
    await page.setViewportSize({ width, height: 900 });
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      assert.equal(await overflowPx(page), 0);
      assert.deepEqual(await axeProblems(page), []);
    }
  }
  await page.getByRole('link', { name: 'orders', exact: true }).click();
  await page.waitForURL('**/namespaces/default/task-queues/orders?type=nexus');
});

browserTest('an endpoint is created, and described while one sees how it will look', async ({ page }) => {
  const sent = await answerWith(page, ANSWERS);
  await open(page, '/nexus');
  await page.getByRole('button', { name: 'Create endpoint' }).click();
  const dialog = page.getByRole('dialog');
  const create = dialog.getByRole('button', { name: 'Create endpoint' });
  await dialog.getByLabel('Name', { exact: true }).fill('payments');
  await dialog.getByLabel('Namespace').fill('default');
  assert.ok(await create.isDisabled());
  await dialog.getByLabel('Task queue').fill('orders');
  await dialog.getByLabel('Description').fill(MARKDOWN);
  await dialog.getByRole('region', { name: 'How it will look' }).getByRole('heading', { name: 'Guide' }).waitFor();
  assert.deepEqual(await axeProblems(page), []);
  const line = await dialog.getByRole('group', { name: 'The same on the command line' }).innerText();
  assert.match(line, /^perdure operator nexus endpoint create --name payments --description '# Guide/);
  assert.match(line, /--target-namespace default --target-task-queue orders/);
  await create.click();
  await page.waitForURL(`**/nexus/${ID}`);
  const spec = { name: 'payments', description: description(MARKDOWN), target: WORKERS };
  assert.deepEqual(sent, [{ call: 'POST nexus/endpoints', query: {}, body: { spec } }]);
});

browserTest(
  'an endpoint is led to a URL, and loses its description, if nobody changed it meanwhile',
  async ({ page }) => {
    const sent = await answerWith(page, ANSWERS);
    await open(page, `/nexus/${ID}`);
    await page.getByRole('button', { name: 'Edit' }).click();
    const dialog = page.getByRole('dialog');
    assert.equal(await dialog.getByLabel('Task queue').inputValue(), 'orders');
    await dialog.getByText('A URL', { exact: true }).click();
    await dialog.getByLabel('URL', { exact: true }).fill(URL_TARGET.external.url);
    await dialog.getByLabel('Description').fill('');
    const line = await dialog.getByRole('group', { name: 'The same on the command line' }).innerText();
    assert.match(line, /endpoint update --name payments --target-url https:\S+ --unset-description( |$)/);
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.waitFor({ state: 'detached' });
    const body = { version: '3', spec: { name: 'payments', target: URL_TARGET } };
    assert.deepEqual(sent, [{ call: `POST nexus/endpoints/${ID}/update`, query: {}, body }]);
  },
);

browserTest('an endpoint is deleted by who types its name', async ({ page }) => {
  const sent = await answerWith(page, ANSWERS);
  await open(page, `/nexus/${OTHER}`);
  await page.getByRole('button', { name: 'Delete' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Type partner to confirm').fill('partner');
  await dialog.getByRole('button', { name: 'Delete' }).click();
  await page.waitForURL('**/nexus');
  assert.deepEqual(sent, [{ call: `DELETE nexus/endpoints/${OTHER}`, query: { version: '2' }, body: {} }]);
});

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}

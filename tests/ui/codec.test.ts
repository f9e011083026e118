// Data behind a codec: it is read through the codec server of whoever looks, and all that pages send is encoded by it. The
// codec seals each payload with a key that only the worker and the codec server have, as users' codecs do.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { type Payload, payloadEncoding, payloadsIn } from '@perdure/ui-core';
import { Client, Connection } from '@temporalio/client';
import type { Page } from 'playwright-core';
import { atEnd, eventually, freePort, unique } from '../e2e/harness.ts';
import { browserTest, type Tab } from './browser.ts';
import { type CodecServer, codecServer, SEALED, sealing } from './world/codec.ts';
import { INPUT } from './world/seed.ts';
import { addWorker, open, world } from './world.ts';

const START = '/namespaces/default/workflows/start-workflow';
const QUEUE = 'sealed';
const KEY = randomBytes(32);

interface Sealed {
  readonly codec: CodecServer;
  /** Seals what it sends, and opens what it gets. */
  readonly client: Client;
}

let shared: Promise<Sealed> | undefined;

/** The codec server, a worker with the same codec, and a client with it. */
function sealed(): Promise<Sealed> {
  return (shared ??= begin());
}

async function begin(): Promise<Sealed> {
  const { address } = await world();
  const codec = await codecServer(sealing(KEY));
  const connection = await Connection.connect({ address });
  const client = new Client({ connection, dataConverter: { payloadCodecs: [sealing(KEY)] } });
  atEnd(async () => {
    codec.close();
    await connection.close();
  });
  await addWorker(QUEUE, KEY.toString('base64'));
  return { codec, client };
}

browserTest('a workflow is started, signalled, updated and queried with nothing but sealed data', async (tab) => {
  const { page } = tab;
  const { client, codec } = await sealed();
  const workflowId = unique('sealed');
  const link = new URLSearchParams({
    workflowId,
    workflowType: 'Approval',
    taskQueue: QUEUE,
    input: JSON.stringify(INPUT),
  });
  await open(page, `${START}?${link.toString()}`);
  await useCodec(tab, codec.url);
  await page.getByText('The codec server encodes this data before it is sent.').waitFor();
  await page.getByText('More options').click();
  await page.getByLabel('Summary', { exact: true }).fill('A secret order');
  await page.getByLabel('Details (Markdown)').fill('# Of Ada');
  await typeJson(page, 'Memo (JSON object)', '{"owner": "Ada"}');
  await page.getByText(new RegExp(`perdure workflow start .*--codec-endpoint ${codec.url}`)).waitFor();
  await page.getByRole('button', { name: 'Start', exact: true }).click();
  await page.waitForURL(`**/workflows/${workflowId}/*`);
  await page.getByText('A secret order').first().waitFor();

  await page.getByRole('button', { name: 'Update', exact: true }).click();
  await dialog(page).getByLabel('Update', { exact: true }).fill('addItem');
  await typeJson(page, 'Input (JSON)', '"vase"');
  await dialog(page).getByRole('button', { name: 'Send and wait' }).click();
  await dialog(page).getByRole('heading', { name: 'Completed' }).waitFor();
  await dialog(page).getByText('3', { exact: true }).waitFor();
  await page.keyboard.press('Escape');

  await page.getByRole('tab', { name: /Queries/ }).click();
  await page
    .getByText(/at .*workflows/)
    .first()
    .waitFor();
  await page.getByLabel('Query', { exact: true }).fill('status');
  await page.getByRole('button', { name: 'Run query' }).click();
  await page.getByText('"waiting for approval"').waitFor();

  await page.getByRole('button', { name: 'Signal', exact: true }).click();
  await dialog(page).getByLabel('Signal', { exact: true }).fill('approve');
  await typeJson(page, 'Input (JSON)', '"Bob"');
  await dialog(page).getByRole('button', { name: 'Send' }).click();
  const handle = client.workflow.getHandle(workflowId);
  assert.equal(await handle.result(), 'approved by Bob: book, lamp, vase');
  assert.deepEqual((await handle.describe()).memo, { owner: 'Ada' });
  const payloads = payloadsIn(await historyOf(workflowId)).filter(isOfPage);
  assert.ok(payloads.length >= 6, 'input, summary, details, memo, update, signal');
  for (const payload of payloads) assert.equal(payloadEncoding(payload), SEALED);
});

browserTest('a run that is started like another one sends back what nobody changed, byte for byte', async (tab) => {
  const { page } = tab;
  const { client, codec } = await sealed();
  const first = await client.workflow.start('Approval', {
    ...{ workflowId: unique('first'), taskQueue: QUEUE, args: [INPUT], memo: { owner: 'Ada', age: 7 } },
    searchAttributes: {},
  });
  await open(page, '/namespaces/default/workflows');
  await useCodec(tab, codec.url);
  await open(page, `${START}?likeWorkflowId=${first.workflowId}`);
  assert.deepEqual(JSON.parse(await page.getByLabel('Input (JSON)').inputValue()), INPUT);
  const workflowId = unique('second');
  await page.getByLabel('Workflow id').fill(workflowId);
  await page.getByText('More options').click();
  assert.deepEqual(JSON.parse(await page.getByLabel('Memo (JSON object)').inputValue()), { owner: 'Ada', age: 7 });
  await typeJson(page, 'Memo (JSON object)', '{"owner": "Bob", "age": 7}');
  await page.getByRole('button', { name: 'Start', exact: true }).click();
  await page.waitForURL(`**/workflows/${workflowId}/*`);
  const [before, after] = [await startedOf(first.workflowId), await startedOf(workflowId)];
  assert.deepEqual(after.input, before.input);
  assert.deepEqual(after.memo?.fields?.['age'], before.memo?.fields?.['age']);
  assert.notDeepEqual(after.memo?.fields?.['owner'], before.memo?.fields?.['owner']);
  assert.deepEqual((await client.workflow.getHandle(workflowId).describe()).memo, { owner: 'Bob', age: 7 });
});

browserTest('a schedule is created and changed with sealed data, its own and that of its workflow', async (tab) => {
  const { page } = tab;
  const { client, codec } = await sealed();
  const scheduleId = unique('sealed');
  await open(page, '/namespaces/default/schedules/create');
  await useCodec(tab, codec.url);
  await page.getByLabel('Schedule id').fill(scheduleId);
  await page.getByLabel('Workflow type').fill('Shipment');
  await page.getByLabel('Task queue').fill(QUEUE);
  await page.getByRole('button', { name: 'Add an argument' }).click();
  await typeJson(page, 'Input (JSON)', '"parcel"');
  await page.getByText('Summary, timeouts, retries').click();
  await page.getByLabel('Summary', { exact: true }).fill('Sends a parcel');
  await typeJson(page, 'Memo (JSON object)', '{"of": "the workflow"}');
  await typeJson(page, 'Memo of the schedule (JSON object)', '{"of": "the schedule"}');
  await page.getByRole('button', { name: 'Create schedule' }).click();
  await page.waitForURL(`**/schedules/${scheduleId}`);
  await page.getByRole('region', { name: 'About the schedule itself' }).getByText('"the schedule"').waitFor();
  await page.getByText('"Sends a parcel"', { exact: true }).waitFor();
  const handle = client.schedule.getHandle(scheduleId);
  const { action, memo } = await handle.describe();
  assert.deepEqual([action.args, action.memo, memo], [['parcel'], { of: 'the workflow' }, { of: 'the schedule' }]);
  const before = await scheduleOf(scheduleId);
  const payloads = payloadsIn(before);
  assert.equal(payloads.length, 4);
  for (const payload of payloads) assert.equal(payloadEncoding(payload), SEALED);

  await page.getByRole('link', { name: 'Edit' }).click();
  await page.getByLabel('Summary', { exact: true }).waitFor();
  assert.equal(await page.getByLabel('Summary', { exact: true }).inputValue(), 'Sends a parcel');
  await page.getByLabel('Note').fill('changed');
  await page.getByRole('button', { name: 'Save changes' }).click();
  await page.waitForURL(`**/schedules/${scheduleId}`);
  await page.getByText('changed', { exact: true }).waitFor();
  assert.deepEqual(payloadsIn(await scheduleOf(scheduleId)), payloads);
  await handle.trigger();
  await eventually('its result', async () => {
    const run = (await handle.describe()).info.recentActions[0]?.action.workflow;
    if (run === undefined) return undefined;
    return (await client.workflow.getHandle(run.workflowId).result()) === 'reserved parcel for parcel'
      ? true
      : undefined;
  });
});

browserTest('the signals of a batch operation, and the result of an activity by hand, are sealed', async (tab) => {
  const { page } = tab;
  const { client, codec } = await sealed();
  const stuck = await client.workflow.start('StuckOrder', {
    ...{ workflowId: unique('stuck'), taskQueue: QUEUE, args: [INPUT] },
  });
  const waiting = await client.workflow.start('Approval', {
    ...{ workflowId: unique('waiting'), taskQueue: QUEUE, args: [INPUT] },
  });
  await open(page, `/namespaces/default/workflows/${stuck.workflowId}`);
  await useCodec(tab, codec.url);
  await page.getByRole('treeitem', { name: 'activity unreachable' }).click();
  await page
    .getByRole('complementary', { name: 'Details' })
    .getByRole('button', { name: 'Complete', exact: true })
    .click();
  await dialog(page).getByLabel('Result (JSON)').fill('"found it"');
  await dialog(page).getByRole('button', { name: 'Complete' }).click();
  await stuck.result();

  await open(page, '/namespaces/default/batch-operations');
  await page.getByRole('button', { name: 'New from a query' }).click();
  await dialog(page).getByLabel('What to do').selectOption('signal');
  await dialog(page).getByLabel('Query').fill(`WorkflowId = "${waiting.workflowId}"`);
  await dialog(page).getByRole('button', { name: 'Next' }).click();
  await dialog(page).getByText('1 workflow will be affected.').waitFor();
  await dialog(page).getByLabel('Signal name').fill('approve');
  await dialog(page).getByLabel(/Input/).fill('"many"');
  await dialog(page).getByLabel('Reason').fill('tested');
  await dialog(page).getByRole('button', { name: 'Signal 1' }).click();
  assert.equal(await waiting.result(), 'approved by many: book, lamp');
  for (const { workflowId } of [stuck, waiting]) {
    const payloads = payloadsIn(await historyOf(workflowId)).filter(isOfPage);
    for (const payload of payloads) assert.equal(payloadEncoding(payload), SEALED);
  }
});

browserTest('what cannot be encoded is not sent, unless encoding is switched off, which is said', async (tab) => {
  const { page, tolerate } = tab;
  tolerate(/status of 500/);
  const { client } = await world();
  const codec = await codecServer(sealing(KEY));
  try {
    const workflowId = unique('plain');
    const handle = await client.workflow.start('Approval', { workflowId, taskQueue: 'orders', args: [INPUT] });
    await open(page, `/namespaces/default/workflows/${workflowId}`);
    await useCodec(tab, codec.url);
    codec.refuses = 500;
    await page.getByRole('button', { name: 'Signal', exact: true }).click();
    await dialog(page).getByLabel('Signal', { exact: true }).fill('approve');
    await typeJson(page, 'Input (JSON)', '"Eve"');
    await dialog(page).getByRole('button', { name: 'Send' }).click();
    await dialog(page)
      .getByText(/^Nothing was sent: the codec server answered encode with 500/)
      .first()
      .waitFor();
    assert.ok(!JSON.stringify(await historyOf(workflowId)).includes('WORKFLOW_EXECUTION_SIGNALED'));
    await page.keyboard.press('Escape');

    await page.getByRole('button', { name: 'Settings', exact: true }).click();
    await dialog(page).getByLabel('Encode what is sent').uncheck();
    await dialog(page)
      .getByText(/are sent as they are, readable/)
      .waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Signal', exact: true }).click();
    await dialog(page)
      .getByText(/is sent as it is typed/)
      .waitFor();
    await dialog(page).getByLabel('Signal', { exact: true }).fill('approve');
    await typeJson(page, 'Input (JSON)', '"Eve"');
    await dialog(page).getByRole('button', { name: 'Send' }).click();
    assert.equal(await handle.result(), 'approved by Eve: book, lamp');
    assert.ok(!codec.calls.includes('encode default'.repeat(2)));
    assert.equal(
      codec.calls.filter((call) => call === 'encode default').length,
      2,
      'the test of the settings, and one',
    );
  } finally {
    codec.close();
  }
});

browserTest('runs are compared by what their data says, not by how it is sealed', async (tab) => {
  const { page } = tab;
  const { client, codec } = await sealed();
  const [one, other] = [unique('one'), unique('other')];
  for (const [workflowId, items] of [
    [one, ['book', 'lamp']],
    [other, ['chair', 'lamp']],
  ] as const) {
    await client.workflow.execute('Order', { workflowId, taskQueue: QUEUE, args: [{ ...INPUT, items }] });
  }
  await open(page, '/namespaces/default/workflows');
  await useCodec(tab, codec.url);
  await open(page, `/namespaces/default/compare?workflowId=${one}&otherWorkflowId=${other}`);
  await page.getByText(/differs? only in how (it is|they are) encoded/).waitFor();
  await page.getByRole('heading', { name: /^Input event 1/ }).waitFor();
  const main = page.getByRole('main');
  await main.getByText('"chair"').first().waitFor();
  assert.equal(await main.getByText(/Cannot be compared/).count(), 0);
});

browserTest('a codec server that is down is explained, and payloads are shown as stored', async (tab) => {
  const { page, tolerate } = tab;
  tolerate(/^request: http:\/\/127\.0\.0\.1:\d+\/(en|de)code$/);
  tolerate(/ERR_CONNECTION_REFUSED/);
  await open(page, '/namespaces/default/workflows/order-1');
  await setCodec(page, `http://127.0.0.1:${await freePort()}`);
  await dialog(page)
    .getByText(/cannot be reached: it does not run, or it does not allow this page/)
    .waitFor();
  await page.keyboard.press('Escape');
  await page.getByText('Input and result').click();
  await page
    .getByText(/^Shown as stored: /)
    .first()
    .waitFor();
  await page.getByText('order-1', { exact: true }).first().waitFor();
});

browserTest('without a codec server, sealed data says what is missing', async ({ page }) => {
  const { client } = await sealed();
  const { workflowId } = await client.workflow.start('Approval', {
    ...{ workflowId: unique('unread'), taskQueue: QUEUE, args: [INPUT] },
  });
  await open(page, `/namespaces/default/workflows/${workflowId}`);
  await page.getByText('Input and result').click();
  await page.getByText(/Bytes of encoding binary\/sealed: .*name it in the settings/).waitFor();
});

function dialog(page: Page) {
  return page.getByRole('dialog');
}

/** Set, tried, and closed again. */
browserTest('the codec server that the server names is asked, until somebody says otherwise', async (tab) => {
  const { page, tolerate } = tab;
  tolerate(/^request: http:\/\/127\.0\.0\.1:\d+\/(en|de)code$/);
  const { client, codec } = await sealed();
  const workflowId = unique('named');
  await client.workflow.start('Approval', { workflowId, taskQueue: QUEUE, args: [INPUT] });
  const info = (await (await fetch(`${(await world()).url}/ui-api/v1/info`)).json()) as object;
  await page.route('**/ui-api/v1/info', (route) => route.fulfill({ json: { ...info, codecEndpoint: codec.url } }));
  await open(page, `/namespaces/default/workflows/${workflowId}`);
  await page.getByRole('button', { name: 'Payloads are decoded by a codec server' }).click();
  assert.equal(await dialog(page).getByLabel('Endpoint').inputValue(), codec.url);
  await dialog(page).getByLabel('Endpoint').fill('');
  await page.keyboard.press('Escape');
  await page.reload();
  await page.getByRole('button', { name: 'Payloads are shown as stored: no codec server' }).waitFor();
});

async function useCodec({ page, tolerate }: Tab, url: string): Promise<void> {
  tolerate(/^request: http:\/\/127\.0\.0\.1:\d+\/(en|de)code$/);
  await setCodec(page, url);
  await page.getByText('The codec server answers.').waitFor();
  await page.keyboard.press('Escape');
  await dialog(page).waitFor({ state: 'detached' });
}

async function setCodec(page: Page, endpoint: string): Promise<void> {
  await page.getByRole('button', { name: 'Payloads are shown as stored: no codec server' }).click();
  await dialog(page).getByLabel('Endpoint').fill(endpoint);
  await dialog(page).getByRole('button', { name: 'Test' }).click();
}

/** The field becomes an editor when it is used. */
async function typeJson(page: Page, label: string, text: string): Promise<void> {
  await page.getByLabel(label, { exact: true }).click();
  await page
    .locator('.cm-content')
    .and(page.getByLabel(label, { exact: true }))
    .waitFor();
  await page.keyboard.press('Control+a');
  await page.keyboard.insertText(text);
}

interface Started {
  readonly input?: object;
  readonly memo?: { readonly fields?: Readonly<Record<string, Payload>> };
}

async function startedOf(workflowId: string): Promise<Started> {
  const { history } = (await historyOf(workflowId)) as {
    readonly history: { readonly events: readonly { readonly workflowExecutionStartedEventAttributes: Started }[] };
  };
  return history.events[0]?.workflowExecutionStartedEventAttributes ?? assert.fail('it has not started');
}

/** As the server keeps it. */
async function historyOf(workflowId: string): Promise<object> {
  return rest(`workflows/${workflowId}/history`);
}

async function scheduleOf(scheduleId: string): Promise<object> {
  const { schedule, memo } = (await rest(`schedules/${scheduleId}`)) as {
    readonly schedule: object;
    readonly memo: object;
  };
  return { schedule, memo };
}

async function rest(path: string): Promise<object> {
  const { url } = await world();
  const headers = { accept: 'application/json+no-payload-shorthand' };
  const response = await fetch(`${url}/api/v1/namespaces/default/${path}`, { headers });
  assert.ok(response.ok, `${response.status}`);
  return (await response.json()) as object;
}

/** All but what an SDK writes for itself beside the codec: the patches of a workflow, the times of a local activity. */
function isOfPage(payload: Payload): boolean {
  return payloadEncoding(payload) !== 'json/protobuf';
}

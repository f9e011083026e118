// The tools of the page of one run: the search of data and its suggestions, the minimap, ranges of time, resizable parts.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import type { Payload } from '@temporalio/common';
import type { Locator, Page } from 'playwright-core';
import { eventually, unique } from '../e2e/harness.ts';
import { axeProblems, browserTest, overflowPx } from './browser.ts';
import { longHistory } from './long-history.ts';
import { type CodecServer, codecServer, type PayloadJson, sealedJson, sealing } from './world/codec.ts';
import { open, world } from './world.ts';

const KEY = randomBytes(32);

const LONG = 2_000;
/** Events that are read at once. */
const BATCH = 250;

browserTest('the search looks into inputs and results, and shows where it found something', async ({ page }) => {
  await openRun(page, 'order-1');
  await field(page).fill('text:lamp type:activity');
  await steps(page)
    .getByRole('treeitem', { name: /^activity reserveStock .*In its data: "lamp"/ })
    .waitFor();
  await eventually('other rows are gone', async () => ((await rows(page)) === 1 ? true : undefined));
  await steps(page).getByRole('treeitem').click();
  await eventually('marks in the details', async () =>
    (await page.evaluate<number>(`CSS.highlights.get('found')?.size ?? 0`)) === 2 ? true : undefined,
  );
  await page.getByText('All events', { exact: true }).click();
  const table = page.getByRole('table', { name: 'All events' });
  await table.getByRole('row').filter({ hasText: 'activity task scheduled' }).waitFor();
  await table.getByRole('row').filter({ hasText: 'activity task completed' }).waitFor();
  assert.equal(await table.getAttribute('aria-rowcount'), '3');
});

browserTest('what a codec server opens is searched, what it does not open is not', async ({ page, tolerate }) => {
  tolerate(/^request: http:\/\/127\.0\.0\.1:\d+\/decode$/);
  const { client } = await world();
  const codec = await codecServer(sealing(KEY));
  const workflowId = unique('sealed');
  await client.workflowService.startWorkflowExecution({
    ...{ namespace: 'default', workflowId, workflowType: { name: 'Unknown' }, taskQueue: { name: 'deserted' } },
    ...{ input: { payloads: [await sealedPayload({ password: 'open sesame' })] }, requestId: workflowId },
  });
  try {
    await openRun(page, workflowId);
    await field(page).fill('text:sesame');
    await page.getByText('No step matches the search').waitFor();
    await useCodec(page, codec);
    await steps(page)
      .getByRole('treeitem', { name: /In its data: .*open sesame/ })
      .waitFor();
  } finally {
    codec.close();
  }
});

browserTest('a codec server that fails is named, and asked again on demand', async ({ page, tolerate }) => {
  tolerate(/^request: http:\/\/127\.0\.0\.1:\d+\/decode$/);
  tolerate(/status of 503/);
  const codec = await codecServer(sealing(KEY));
  try {
    await openLong(page, 60);
    codec.refusesDecoding = 503;
    await useCodec(page, codec);
    await field(page).fill('text:"item 7"');
    await page.getByText('the codec server answered decode with 503').waitFor();
    codec.refusesDecoding = undefined;
    await page.getByRole('button', { name: 'Try again' }).click();
    await steps(page)
      .getByRole('treeitem', { name: /In its data: "item 7"/ })
      .waitFor();
    await page.getByText('the codec server answered decode with 503').waitFor({ state: 'detached' });
  } finally {
    codec.close();
  }
});

browserTest('a long search tells how far it is, while rows and field stay usable', async ({ page, tolerate }) => {
  tolerate(/^request: http:\/\/127\.0\.0\.1:\d+\/decode$/);
  const codec = await codecServer(sealing(KEY));
  try {
    await openLong(page, LONG);
    await useCodec(page, codec);
    codec.hold(2);
    await field(page).fill('text:"item 49"');
    const progress = page.getByRole('progressbar', { name: 'Events whose data have been searched' });
    await progress.filter({ hasText: `searched ${BATCH} of ${LONG.toLocaleString('en')}` }).waitFor();
    const found = steps(page).getByRole('treeitem', { name: /In its data: "item 49"/ });
    await found.first().waitFor();
    await found.first().click();
    await page.getByRole('complementary', { name: 'Details' }).getByText('"item 49"').waitFor();
    codec.release();
    await progress.waitFor({ state: 'detached' });
    await eventually('all that have it', async () =>
      (await rows(page)) === Math.floor(LONG / 153) ? true : undefined,
    );
  } finally {
    codec.close();
  }
});

browserTest('the search suggests fields, and the values that this run has', async ({ page }) => {
  await openRun(page, 'order-1');
  await step(page, /chargeCard/).waitFor();
  await page.keyboard.press('/');
  const list = page.getByRole('listbox', { name: 'What can be typed here' });
  await list.getByRole('option', { name: /^status:/ }).waitFor();
  assert.deepEqual(await axeProblems(page), []);
  await page.keyboard.type('sta');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  assert.equal(await field(page).inputValue(), 'status:');
  await list.getByRole('option', { name: /^completed 8$/ }).waitFor();
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Enter');
  assert.equal(await field(page).inputValue(), 'status:completed ');
  await list.waitFor({ state: 'detached' });
  await page.keyboard.type('name:cha');
  await list.getByRole('option', { name: /^chargeCard/ }).click();
  assert.equal(await field(page).inputValue(), 'status:completed name:chargeCard ');
  await eventually('one row', async () => ((await rows(page)) === 1 ? true : undefined));
});

browserTest('what is wrong with a search is said where nothing can be suggested to mend it', async ({ page }) => {
  await openRun(page, 'order-1');
  await field(page).fill('status:fa');
  await page.getByRole('alert').filter({ hasText: '"fa" is no status' }).waitFor();
  await field(page).fill('status:com');
  await page.getByRole('option', { name: /^completed/ }).waitFor();
  assert.equal(await page.getByRole('alert').count(), 0);
  await field(page).fill('status:fa type:');
  await page.getByRole('option', { name: /^timer/ }).waitFor();
  await page.getByRole('alert').filter({ hasText: '"fa" is no status' }).waitFor();
});

browserTest('Escape closes the suggestions and leaves the text, Ctrl and space open them', async ({ page }) => {
  await openRun(page, 'order-1');
  await field(page).fill('type:');
  const list = page.getByRole('listbox');
  await list.waitFor();
  await page.keyboard.press('Escape');
  await list.waitFor({ state: 'detached' });
  assert.equal(await field(page).inputValue(), 'type:');
  await page.keyboard.press('Control+Space');
  await list.getByRole('option', { name: /^timer/ }).waitFor();
});

browserTest('the language of the search is explained, and an example is taken from it', async ({ page }) => {
  await openRun(page, 'order-1');
  await page.getByRole('button', { name: 'How to search' }).click();
  const help = page.getByRole('dialog', { name: 'Search the history' });
  await help.getByText('how long it waited between attempts').waitFor();
  assert.deepEqual(await axeProblems(page), []);
  await help.getByRole('button', { name: '-type:timer' }).click();
  await help.waitFor({ state: 'detached' });
  assert.equal(await field(page).inputValue(), '-type:timer');
  await step(page, /^timer/).waitFor({ state: 'detached' });
});

browserTest('a minimap comes with zooming; its window is moved and resized by keyboard', async ({ page }) => {
  await openRun(page, 'order-1');
  await step(page, /chargeCard/).waitFor();
  assert.equal(await minimap(page).count(), 0);
  await page.keyboard.press('+');
  const [from, position, to] = [thumb(page, 'Begins'), thumb(page, 'Position'), thumb(page, 'Ends')];
  await from.waitFor();
  assert.deepEqual(await axeProblems(page), []);
  const [fromMs, toMs] = [await valueOf(from), await valueOf(to)];
  await from.press('ArrowRight');
  await eventually('a later begin', async () => ((await valueOf(from)) > fromMs ? true : undefined));
  assert.ok(Math.abs((await valueOf(to)) - toMs) <= 1);
  const length = (await valueOf(to)) - (await valueOf(from));
  await position.press('Shift+ArrowRight');
  await eventually('a later end', async () => ((await valueOf(to)) > toMs + 1 ? true : undefined));
  assert.ok(Math.abs((await valueOf(to)) - (await valueOf(from)) - length) <= 2);
  await position.press('Home');
  await eventually('the begin', async () => ((await valueOf(from)) === 0 ? true : undefined));
  await to.press('End');
  await eventually('everything, and no minimap', async () => ((await minimap(page).count()) === 0 ? true : undefined));
});

browserTest('a part is drawn in the minimap of a long run, and the rows go along', async ({ page }) => {
  await openLong(page, LONG);
  const first = await steps(page).getByRole('treeitem').first().innerText();
  const strip = await box(minimap(page));
  await drag(page, strip.x + strip.width * 0.6, strip.x + strip.width * 0.7, strip.y + 20);
  await page.waitForURL(/range=/);
  const length = (await valueOf(thumb(page, 'Ends'))) - (await valueOf(thumb(page, 'Begins')));
  const whole = Number(await thumb(page, 'Ends').getAttribute('aria-valuemax'));
  assert.ok(Math.abs(length / whole - 0.104) < 0.01, `${length} of ${whole}`);
  assert.match(first, /Bulk/);
  assert.equal(await step(page, /Bulk/).count(), 0);
  const before = await valueOf(thumb(page, 'Begins'));
  const window = await box(thumb(page, 'Position'));
  await drag(page, window.x + window.width / 2, window.x + window.width / 2 - 100, window.y + 20);
  await eventually('an earlier part', async () =>
    (await valueOf(thumb(page, 'Begins'))) < before - 100 ? true : undefined,
  );
  await page.mouse.dblclick(strip.x + 10, strip.y + 20);
  await eventually('everything', async () => (new URL(page.url()).searchParams.has('range') ? undefined : true));
  assert.equal(await minimap(page).count(), 1);
});

browserTest('a range that was measured is zoomed to, or taken away', async ({ page }) => {
  await openRun(page, 'order-1');
  await step(page, /chargeCard/).waitFor();
  await measure(page);
  await page.getByRole('button', { name: 'Clear range' }).click();
  await page.getByRole('group', { name: 'Measured range' }).waitFor({ state: 'detached' });
  assert.equal(new URL(page.url()).searchParams.get('range'), null);
  await measure(page);
  await page.getByRole('button', { name: 'Zoom to selection' }).click();
  await page.waitForURL(/range=/);
  await page.getByRole('group', { name: 'Measured range' }).waitFor({ state: 'detached' });
  assert.ok((await valueOf(thumb(page, 'Begins'))) > 0);
});

browserTest('z zooms to the step that is selected', async ({ page }) => {
  await openRun(page, 'order-1');
  await step(page, /chargeCard/).click();
  await page.waitForURL(/selected=/);
  await page.keyboard.press('z');
  await page.waitForURL(/range=/);
  const [from = '', to = ''] = (new URL(page.url()).searchParams.get('range') ?? '').split('-');
  const words = (await step(page, /chargeCard/).innerText()).match(/(\d+)ms/)?.[1];
  assert.ok(Math.abs(Number(to) - Number(from) - Number(words)) < 2, `${from} ${to} ${words}`);
});

browserTest('the URL brings back what was in sight: by reload, by Back, and in a tab of its own', async (tab) => {
  const { page, context } = tab;
  await openRun(page, 'order-1');
  await step(page, /chargeCard/).click();
  await page.keyboard.press('+');
  await page.keyboard.press('+');
  await page.waitForURL(/range=/);
  await field(page).fill('type:activity');
  await page.waitForURL(/search=type/);
  const address = page.url();
  for (const part of ['selected', 'range', 'search']) assert.ok(new URL(address).searchParams.has(part), part);
  const seen = await sight(page);
  await page.reload();
  await thumb(page, 'Begins').waitFor();
  assertSame(await sight(page), seen);
  await page.getByRole('link', { name: 'Schedules' }).click();
  await page.waitForURL('**/schedules');
  await page.goBack();
  await thumb(page, 'Begins').waitFor();
  assert.equal(page.url(), address);
  assertSame(await sight(page), seen);
  const other = await context.newPage();
  await other.goto(address);
  await thumb(other, 'Begins').waitFor();
  await other.keyboard.press('0');
  await other.waitForURL((url) => !url.searchParams.has('range'));
  await field(other).fill('type:timer');
  await other.waitForURL(/search=type%3Atimer/);
  assert.equal(page.url(), address);
  assertSame(await sight(page), seen);
});

browserTest('letters that are typed quickly all arrive, and Back does not lead through them', async ({ page }) => {
  const runId = await openRun(page, 'order-1');
  await step(page, /chargeCard/).waitFor();
  const entries = await page.evaluate<number>('history.length');
  await field(page).pressSequentially('name:chargeCard attempt>1', { delay: 30 });
  await page.waitForURL(/attempt%3E1/);
  assert.equal(await field(page).inputValue(), 'name:chargeCard attempt>1');
  assert.equal(await page.evaluate<number>('history.length'), entries);
  await open(page, `/namespaces/default/workflows/order-1/${runId}?search=type:timer`);
  await page.goBack();
  await page.waitForURL(/attempt%3E1/);
  assert.equal(await field(page).inputValue(), 'name:chargeCard attempt>1');
});

browserTest('details and steps are resized by pointer and keyboard, and stay so', async ({ page }) => {
  await openRun(page, 'order-1');
  await step(page, /chargeCard/).click();
  const details = page.getByRole('complementary', { name: 'Details' });
  const edge = page.getByRole('separator', { name: 'Width of the details' });
  const width = async () => Math.round((await box(details)).width);
  assert.equal(await width(), 420);
  const { x, y } = await box(edge);
  await drag(page, x + 4, x - 96, y + 200);
  await eventually('wider', async () => ((await width()) === 520 ? true : undefined));
  await edge.press('ArrowRight');
  await eventually('a step narrower', async () => ((await width()) === 504 ? true : undefined));
  assert.equal(await edge.getAttribute('aria-valuenow'), '504');
  await page.reload();
  await eventually('as it was', async () => ((await width()) === 504 ? true : undefined));
  await edge.press('Home');
  await eventually('the least', async () => ((await width()) === 280 ? true : undefined));
  await edge.press('ArrowRight');
  assert.equal(await width(), 280);
  await edge.dblclick({ position: { x: 4, y: 100 } });
  await eventually('the usual width', async () => ((await width()) === 420 ? true : undefined));
  const outline = page.getByRole('separator', { name: 'Width of the steps' });
  await outline.press('ArrowRight');
  await eventually('wider steps', async () => (Math.round((await box(steps(page))).width) === 296 ? true : undefined));
  assert.deepEqual(await axeProblems(page), []);
});

browserTest(
  'on a small screen all of it fits',
  async ({ page }) => {
    await openRun(page, 'order-1');
    await step(page, /chargeCard/).waitFor();
    assert.equal(await page.getByRole('separator', { name: 'Width of the details' }).isVisible(), false);
    await page.keyboard.press('+');
    await thumb(page, 'Begins').waitFor();
    await field(page).focus();
    await page.getByRole('listbox').waitFor();
    assert.equal(await overflowPx(page), 0);
    await page.getByRole('button', { name: 'How to search' }).click();
    await page.getByRole('dialog', { name: 'Search the history' }).waitFor();
    assert.equal(await overflowPx(page), 0);
    assert.deepEqual(await axeProblems(page), []);
  },
  { width: 390, height: 844, theme: 'dark' },
);

/** Opens the latest run by its workflow id alone, and says which it is. */
async function openRun(page: Page, workflowId: string): Promise<string> {
  await open(page, `/namespaces/default/workflows/${workflowId}`);
  await page.waitForURL(`**/workflows/${workflowId}/*`);
  await steps(page).waitFor();
  return new URL(page.url()).pathname.split('/').at(-1) ?? '';
}

/** A history file whose data only the codec server opens. */
async function openLong(page: Page, count: number): Promise<void> {
  await open(page, '/import');
  const content = JSON.stringify({ events: sealedHistory(longHistory(count)) });
  const files = { name: 'long.json', mimeType: 'application/json', buffer: Buffer.from(content) };
  await page.locator('input[type="file"]').setInputFiles(files);
  await steps(page).waitFor();
}

async function useCodec(page: Page, { url }: CodecServer): Promise<void> {
  await page.getByRole('button', { name: 'Payloads are shown as stored: no codec server' }).click();
  await page.getByRole('dialog').getByLabel('Endpoint').fill(url);
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
}

/** What a client's codec would send instead of the value. */
async function sealedPayload(value: unknown): Promise<Payload> {
  const data = Buffer.from(JSON.stringify(value));
  const [payload] = await sealing(KEY).encode([{ metadata: { encoding: Buffer.from('json/plain') }, data }]);
  return payload ?? assert.fail('the codec lost it');
}

/** The same history, with all its data sealed. */
function sealedHistory(events: readonly object[]): unknown {
  const isPayload = (value: unknown): value is PayloadJson =>
    typeof value === 'object' && value !== null && 'metadata' in value && 'data' in value;
  return JSON.parse(JSON.stringify(events), (_key, value: unknown) =>
    isPayload(value) ? sealedJson(value, KEY) : value,
  );
}

function steps(page: Page): Locator {
  return page.getByRole('tree', { name: 'Steps of the run' });
}

function step(page: Page, name: RegExp): Locator {
  return steps(page).getByRole('treeitem', { name });
}

/** As the corner of the waterfall counts them. */
async function rows(page: Page): Promise<number> {
  const words = await page.getByText(/^[\d,]+ rows?$/).innerText();
  return Number(words.replaceAll(/\D/g, ''));
}

function field(page: Page): Locator {
  return page.getByRole('combobox', { name: 'Search the history' });
}

function minimap(page: Page): Locator {
  return page.getByRole('group', { name: 'Part of the run that is in sight' });
}

function thumb(page: Page, name: string): Locator {
  return minimap(page).getByRole('slider', { name });
}

async function valueOf(slider: Locator): Promise<number> {
  return Number(await slider.getAttribute('aria-valuenow'));
}

interface Sight {
  readonly fromMs: number;
  readonly toMs: number;
  readonly search: string;
}

/** What the page shows of the run. */
async function sight(page: Page): Promise<Sight> {
  const details = page.getByRole('complementary', { name: 'Details' });
  await details.getByRole('heading', { name: 'chargeCard' }).waitFor();
  const [fromMs, toMs] = [await valueOf(thumb(page, 'Begins')), await valueOf(thumb(page, 'Ends'))];
  return { fromMs, toMs, search: await field(page).inputValue() };
}

/** To the millisecond, which is what the URL holds. */
function assertSame(now: Sight, before: Sight): void {
  const isSame = Math.abs(now.fromMs - before.fromMs) <= 1 && Math.abs(now.toMs - before.toMs) <= 1;
  assert.ok(isSame && now.search === before.search, `${JSON.stringify(now)}, before: ${JSON.stringify(before)}`);
}

async function box(of: Locator): Promise<{ x: number; y: number; width: number; height: number }> {
  return (await of.boundingBox()) ?? assert.fail('it is not in sight');
}

async function drag(page: Page, fromX: number, toX: number, y: number): Promise<void> {
  await page.mouse.move(fromX, y);
  await page.mouse.down();
  await page.mouse.move((fromX + toX) / 2, y);
  await page.mouse.move(toX, y);
  await page.mouse.up();
}

/** Drags over the bars with Shift, right of the steps. */
async function measure(page: Page): Promise<void> {
  const { x, y, width, height } = await box(steps(page));
  await page.keyboard.down('Shift');
  await drag(page, x + width + 200, x + width + 300, y + height / 2);
  await page.keyboard.up('Shift');
  await page.getByRole('group', { name: 'Measured range' }).waitFor();
}
